import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from tests.report.comparisons import gated, hostile_comparison, several, tied, undecided
from tests.report.hostile import HOSTILE, LONG, hostile_card, hostile_verdict
from tests.report.random_reports import verdicts
from tests.report.worlds import careful, leaky, leaky_verdict, notebook, priced_verdict

from heldout.core.accept import Accept, Standing
from heldout.core.verdict import Verdict
from heldout.report.markdown import LONGEST, card_text, code, comparison_text, escape, verdict_text

TEXTS: dict[str, Callable[[], str]] = {
    "careful": lambda: card_text(careful()),
    "leaky": lambda: card_text(leaky()),
    "notebook": lambda: card_text(notebook()),
    "verdict": lambda: verdict_text(leaky_verdict()),
    "priced verdict": lambda: verdict_text(priced_verdict()),
    "hostile card": lambda: card_text(hostile_card()),
    "hostile verdict": lambda: verdict_text(hostile_verdict()),
    "comparison": lambda: comparison_text(gated()),
    "comparison of three": lambda: comparison_text(several()),
    "tied comparison": lambda: comparison_text(tied()),
    "undecided comparison": lambda: comparison_text(undecided()),
    "hostile comparison": lambda: comparison_text(hostile_comparison()),
}
TAGS = {
    "h3",
    "h4",
    "p",
    "ul",
    "li",
    "strong",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
}


def tags(text: str) -> set[str]:
    shown = MarkdownIt("commonmark").enable("table").render(text)
    return set(re.findall(r"<([a-z0-9]+)", shown))


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_makes_no_link_image_or_html_of_its_own(name: str) -> None:
    assert tags(TEXTS[name]()) <= TAGS


@pytest.mark.parametrize("name", TEXTS)
def test_nobody_is_notified_and_nothing_is_linked_by_the_host_of_a_pull_request(name: str) -> None:
    text = TEXTS[name]()
    prose = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert not re.search(r"@\w|#\d|https?://|www\.", prose)


@pytest.mark.parametrize("name", ["hostile card", "hostile comparison"])
def test_the_table_keeps_its_two_columns_whatever_the_names(name: str) -> None:
    for line in TEXTS[name]().splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 3


def test_a_card_says_band_lift_prices_axes_and_findings() -> None:
    text = card_text(leaky())
    assert text.startswith("### leaky: × fail\n")
    for words in (
        "| lift over the baseline | −7.4 % \\[−11.0, −3.9\\], n = 53,718 |",
        "0.271 [0.262, 0.280] mended first, 0.255 [0.246, 0.264] mended last",
        "| reproducibility | 2 of 3 clear, weight 40 % |",
        "- **LEK004** (proven, not-available): The model uses dep\\_delay",
        "file `src/model/features.py`, line 27",
        "To do: Train without dep\\_delay",
        "<details><summary>clear (6)</summary>",
    ):
        assert words in text


def test_a_verdict_says_its_conclusion_first() -> None:
    lines = verdict_text(leaky_verdict()).splitlines()
    assert lines[0] == "### hotel\\_bookings.csv: problem"
    assert lines[2].startswith("1 problem proven or strong.")


def test_escaped_text_is_rendered_as_it_stands() -> None:
    shown = MarkdownIt("commonmark").renderInline(escape("a_b*c* [d](e) `f` <g> & \\ |h|"))
    assert shown == "a_b*c* [d](e) `f` &lt;g&gt; &amp; \\ |h|"


@pytest.mark.parametrize("text", ["plain", "`", "``a`b", " ", "", HOSTILE, "a``"])
def test_a_code_span_holds_any_backticks(text: str) -> None:
    shown = MarkdownIt("commonmark").renderInline(code(text))
    assert re.fullmatch(r"<code>[^<]*</code>", shown)


def test_a_long_name_is_cut() -> None:
    assert LONG[:1000] not in card_text(hostile_card())


@given(verdicts)
@settings(max_examples=50, deadline=None)
def test_any_verdict_makes_only_the_expected_elements(verdict: Verdict) -> None:
    assert tags(verdict_text(verdict)) <= TAGS


def many(findings: int) -> Verdict:
    verdict = hostile_verdict()
    sure = [replace(verdict.findings[0], code=f"LEK{place:03}") for place in range(findings)]
    old = [replace(finding, standing=Standing.KNOWN) for finding in sure]
    return replace(verdict, findings=(*sure, *old), notes=(HOSTILE,) * 30)


@pytest.mark.parametrize("findings", [1, 10, 200, 2000])
def test_a_verdict_fits_into_a_comment_and_says_what_it_leaves_out(findings: int) -> None:
    text = verdict_text(many(findings))
    assert len(text.encode()) <= LONGEST
    assert tags(text) <= TAGS
    rows = [line for line in text.splitlines() if line.startswith("| **LEK")]
    shown = re.findall(r"and (\d+) more, in the JSON \|", text)
    assert len(rows) + sum(map(int, shown)) == 2 * findings
    assert rows
    for line in rows:
        assert len(re.findall(r"(?<!\\)\|", line)) == 4


def test_what_is_open_stands_first_and_what_is_lived_with_below_the_details() -> None:
    sure, question, *others = leaky_verdict().findings
    accept = Accept(code="LEK001", reason="gone in *sprint* 14", expires=date(2026, 12, 31))
    accepted = replace(sure, standing=Standing.ACCEPTED, accepts=(accept,))
    text = verdict_text(replace(leaky_verdict(), findings=(accepted, question, *others)))
    assert text.index("| **LEK002**") < text.index("details of the problems (1)") < text.index("| **LEK001**")
    assert "Accepted until 2026-12-31: gone in \\*sprint\\* 14" in text
    assert "neither known nor accepted" in text.splitlines()[2]


def test_a_refit_is_a_table_of_prices_and_a_sentence() -> None:
    text = verdict_text(priced_verdict())
    assert "supported roc\\_auc, by proxy" in text
    assert "| problem, as it is mended | found by | alone | after all others | mean |" in text
    assert "together they are worth 0.173" in text
    assert "- each name without its last part on one side (SPL005): a price of 0.031" in text
