import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from rich.console import Console
from tests.report.comparisons import gated, hostile_comparison, several, tied, undecided
from tests.report.hostile import LONG, hostile_card, hostile_verdict
from tests.report.random_reports import cards, verdicts
from tests.report.worlds import careful, clean_verdict, leaky, leaky_verdict, priced_verdict, three

from heldout.core.card import Card
from heldout.core.verdict import Verdict
from heldout.report.terminal import print_card, print_cards, print_comparison
from heldout.report.terminal_verdict import print_verdict

PRINTS: dict[str, Callable[[Console], None]] = {
    "card": lambda console: print_card(leaky(), console),
    "cards": lambda console: print_cards(three(), console),
    "no cards": lambda console: print_cards((), console),
    "verdict": lambda console: print_verdict(leaky_verdict(), console),
    "priced verdict": lambda console: print_verdict(priced_verdict(), console),
    "clean verdict": lambda console: print_verdict(clean_verdict(), console),
    "hostile card": lambda console: print_card(hostile_card(), console),
    "hostile cards": lambda console: print_cards((hostile_card(), careful()), console),
    "hostile verdict": lambda console: print_verdict(hostile_verdict(), console),
    "comparison": lambda console: print_comparison(gated(), console),
    "comparison of three": lambda console: print_comparison(several(), console),
    "tied comparison": lambda console: print_comparison(tied(), console),
    "undecided comparison": lambda console: print_comparison(undecided(), console),
    "hostile comparison": lambda console: print_comparison(hostile_comparison(), console),
}


def printed(show: Callable[[Console], None], *, width: int = 80) -> str:
    out = io.StringIO()
    show(Console(file=out, width=width))
    return out.getvalue()


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", PRINTS)
def test_nothing_is_wider_than_the_console_and_a_pipe_gets_no_colour(name: str, width: int) -> None:
    text = printed(PRINTS[name], width=width)
    assert max(map(len, text.splitlines())) <= width
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@pytest.mark.parametrize(("width", "headings"), [
    (80, r"submission +supported +lift +class +arch +repr +moni +band"),
    (120, r"submission +reported +supported +lift +class +arch +repr +moni +band"),
    (140, r"submission +reported +supported +lift +class +architecture +reproducibility +monitoring +band"),
])  # fmt: skip
def test_the_table_says_as_much_as_the_console_is_wide(width: int, headings: str) -> None:
    text = printed(lambda console: print_cards(three(), console), width=width)
    assert re.search(headings, text)
    for row in (r"careful .*3/3 +3/3 +1/2 +● target", r"leaky .*2/3 +2/3 +0/1 +× fail", r"notebook .*fails .*× fail"):
        assert re.search(row, text)
    assert "+13.4 %" in text
    assert "[+10.6, +16.2]" in text


def test_each_row_of_the_narrow_table_is_two_lines() -> None:
    lines = printed(lambda console: print_cards(three(), console)).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("careful"))
    assert "0.664 → 0.660" in lines[at]
    assert "[0.643, 0.676]" in lines[at + 1]
    assert lines[at + 2].startswith("leaky")


def test_the_table_ends_in_what_it_amounts_to() -> None:
    text = squeezed(printed(lambda console: print_cards(three(), console)))
    assert "“careful” has the best band, target. “notebook” has the highest lift, +13.4 % [+10.6, +16.2], but" in text


def test_a_card_says_band_lift_score_prices_class_axes_and_isolation() -> None:
    text = squeezed(printed(lambda console: print_card(leaky(), console)))
    for words in (
        "× fail: below what the brief asks for",
        "−7.4 % [−11.0, −3.9], n = 53,718",
        "minimum +2 %, target +5 %",
        "61 clusters, design effect 13.8",
        "column dep_delay 0.271 [0.262, 0.280] mended first",
        "architecture 2 of 3 clear, weight 30 %",
        "problem · proven LEK004 leakage/not-available",
        "src/model/features.py:27",
        "to do: Train without dep_delay",
        "clear (6)",
        "SPL001 ",
    ):
        assert words in text


def test_a_verdict_says_its_conclusion_and_the_scores() -> None:
    text = squeezed(printed(lambda console: print_verdict(leaky_verdict(), console)))
    for words in ("problem: 1 problem proven or strong", "reported roc_auc 0.97", "0.812 [0.794, 0.830], n = 23,878"):
        assert words in text


def test_markup_of_a_submission_is_text() -> None:
    text = squeezed(printed(lambda console: print_card(hostile_card(), console)))
    assert "[bold red]markup[/]" in text
    assert LONG[:1000] not in text.replace(" ", "")


def test_a_terminal_gets_colour() -> None:
    out = io.StringIO()
    print_cards(three(), Console(file=out, width=80, force_terminal=True, color_system="standard"))
    assert "\x1b[" in out.getvalue()


def test_a_console_of_another_encoding_gets_plain_signs() -> None:
    for encoding in ("ascii", "latin-1"):
        out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        print_cards(three(), Console(file=out, width=80))
        print_verdict(hostile_verdict(), Console(file=out, width=80))
        out.flush()
        text = out.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]  # a BytesIO, given above
        assert "0.664 -> 0.660" in text
        assert "* target" in text


@given(cards)
@settings(max_examples=40, deadline=None)
def test_any_card_can_be_printed(card: Card) -> None:
    assert printed(lambda console: print_card(card, console))
    assert printed(lambda console: print_cards([card, careful()], console))


@given(verdicts)
@settings(max_examples=40, deadline=None)
def test_any_verdict_can_be_printed(verdict: Verdict) -> None:
    assert printed(lambda console: print_verdict(verdict, console))


def test_a_tie_says_what_so_many_items_would_have_shown() -> None:
    text = squeezed(printed(lambda console: print_comparison(tied(), console)))
    assert "tied: again and base are tied on correct: the difference is" in text
    assert "So many items show a true difference of 0.0" in text


def test_a_comparison_without_an_interval_says_why_and_its_gate_is_undecided() -> None:
    text = squeezed(printed(lambda console: print_comparison(undecided(), console)))
    assert "cannot be told apart here: an interval takes two clusters, and there is 1" in text
    assert "required: better is undecided" in text


def test_more_than_three_pairs_are_a_table_and_no_more() -> None:
    found = several()
    many = replace(found, pairs=found.pairs * 2)
    text = printed(lambda console: print_comparison(many, console), width=120)
    assert text.count("tuned against base") == 2
    assert "resolves" not in text
    assert "resolves" in printed(lambda console: print_comparison(found, console), width=120)


def test_a_refit_is_told_from_as_given_to_supported_with_each_price() -> None:
    text = squeezed(printed(lambda console: print_verdict(priced_verdict(), console), width=140))
    for words in (
        "reported roc_auc 0.97",
        "supported roc_auc, by proxy 0.812 [0.794, 0.830], n = 30,000",
        "rows that are no copies 0.951 [0.945, 0.957], n = 30,000, 73 % of the test rows",
        "positives go from 37 % to 28 %",
        "as given, by proxy 0.9850 [0.9830, 0.9870]",
        "price of all together 0.173 [0.156, 0.190]",
        "suspects mended too 0.801 [0.782, 0.820]",
        "without reservation_status LEK001",
        "train before test by arrival_date declared",
        "0.064 [0.058, 0.070] 0.074",
        "mending one alone changes little",
        "on 30,000 of 119,390 rows, seed 0, 9 times",
        "Found, not declared, and no problem",
        "each name without its last part on one side (SPL005): a price of 0.031 [0.019, 0.043], n = 30,000 when all",
        "not priced each agent on one side (SPL013): there are fewer than two groups",
    ):
        assert words in text


def test_a_verdict_is_short_until_details_are_asked_for() -> None:
    short = squeezed(printed(lambda console: print_verdict(leaky_verdict(), console)))
    whole = squeezed(printed(lambda console: print_verdict(leaky_verdict(), console, details=True)))
    for words in ("1 clear, nothing found: copies (SPL004)", "1 not asked, as they take time", "--details tells"):
        assert words in short
        assert words not in whole
    assert "copies above chance" not in short
    assert "Test rows copy train rows no more often" in whole
    for words in ("reservation_status gives the label away", "The score is reported without an interval", "split one"):
        assert words in short
        assert words in whole


def test_a_hundred_problems_and_cautions_take_a_few_screens() -> None:
    sure, *_, caution = leaky_verdict().findings
    witness = sure.answer.witnesses[0]
    many = [
        replace(sure, answer=replace(sure.answer, witnesses=(replace(witness, where=f"column {place}"),)))
        for place in range(100)
    ]
    text = printed(lambda console: print_verdict(Verdict(title="t", findings=(*many, *[caution] * 100)), console))
    assert len(text.splitlines()) < 250
    assert text.count("more, in the JSON") == 2
