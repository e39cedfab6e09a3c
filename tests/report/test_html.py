import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from tests.report.comparisons import gated, hostile_comparison, several, tied, undecided
from tests.report.debriefs import amended_card, beside
from tests.report.hostile import HOSTILE, LONG, hostile_card, hostile_verdict
from tests.report.random_reports import cards, verdicts
from tests.report.worlds import careful, clean_verdict, leaky, leaky_verdict, notebook, priced_verdict, recorded, three

from heldout.core.card import Card
from heldout.core.estimate import undefined
from heldout.core.finding import Ending
from heldout.core.verdict import Verdict
from heldout.report.debrief import debrief_of
from heldout.report.debrief_outlets import debrief_page
from heldout.report.html import LARGEST, card_page, cards_page, comparison_page, verdict_page
from heldout.report.side_by_side_page import side_by_side_page

PAGES: dict[str, Callable[[], str]] = {
    "careful": lambda: card_page(careful()),
    "leaky": lambda: card_page(leaky()),
    "notebook": lambda: card_page(notebook()),
    "recorded card": lambda: card_page(recorded()),
    "hostile recorded card": lambda: card_page(recorded(f" {HOSTILE} {LONG}")),
    "amended card": lambda: card_page(amended_card()),
    "hostile amended card": lambda: card_page(amended_card(f" {HOSTILE} {LONG}")),
    "side by side": lambda: side_by_side_page(beside(*three())),
    "hostile side by side": lambda: side_by_side_page(beside(hostile_card(), *three())),
    "notes for the talk": lambda: debrief_page(debrief_of(amended_card(), {"architecture": "senior"})),
    "hostile notes for the talk": lambda: debrief_page(debrief_of(hostile_card(), {HOSTILE: LONG})),
    "cards": lambda: cards_page(three(), {card.submission: f"{card.submission}.html" for card in three()}),
    "no cards": lambda: cards_page(()),
    "verdict": lambda: verdict_page(leaky_verdict()),
    "priced verdict": lambda: verdict_page(priced_verdict()),
    "clean verdict": lambda: verdict_page(clean_verdict()),
    "hostile card": lambda: card_page(hostile_card()),
    "hostile cards": lambda: cards_page((hostile_card(), *three()), {hostile_card().submission: "javascript:alert(1)"}),
    "hostile verdict": lambda: verdict_page(hostile_verdict()),
    "comparison": lambda: comparison_page(gated()),
    "comparison of three": lambda: comparison_page(several()),
    "tied comparison": lambda: comparison_page(tied()),
    "undecided comparison": lambda: comparison_page(undecided()),
    "hostile comparison": lambda: comparison_page(hostile_comparison()),
}
VOID = {"meta", "link", "br", "rect", "path", "line"}
TAGS = VOID | {"html", "head", "title", "style", "body", "main", "footer", "header", "nav", "section", "article"}
TAGS |= {"h1", "h2", "h3", "h4", "p", "span", "strong", "em", "a", "ul", "li", "dl", "dt", "dd", "div", "code"}
TAGS |= {"table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption"}
TAGS |= {"svg", "g", "text"}
LOCAL = re.compile(r"#[a-z]+|data:,|[a-z]+\.html|javascript%3Aalert%281%29")


class Reader(HTMLParser):
    """Reads a page as a browser does and keeps what could act: tags, attributes, links; and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.text += " " if tag in {"dd", "td"} else ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_well_formed_and_holds_nothing_that_runs_or_loads(name: str) -> None:
    page = PAGES[name]()
    read = Reader(page)
    assert read.open == []
    assert set(read.tags) <= TAGS
    names = {name for name, _ in read.attributes}
    assert not any(name.startswith("on") or name in {"src", "srcset", "action", "xlink:href"} for name in names)
    assert all(LOCAL.fullmatch(value) for name, value in read.attributes if name == "href")
    assert "url(" not in page
    assert "@import" not in page
    assert """content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">""" in page
    assert len(page.encode()) <= 2**20


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_no_control_character_and_no_endless_name(name: str) -> None:
    page = PAGES[name]()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    assert LONG[:1000] not in page


def test_the_page_of_a_comparison_is_read_from_the_conclusion_to_what_it_rests_on() -> None:
    text = " ".join(Reader(comparison_page(gated())).text.split())
    order = [
        "tuned against base",
        "ahead tuned is ahead of base on correct: the difference is +0.",
        "required: better by 0.02 holds",
        "Is the difference more than chance?",
        "59 clusters of doc",
        "Where do they differ?",
        "Better with tuned",
        "adjusted for all of them",
        "5 items that another has, such as 0, 1, 2; left out",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_every_pair_of_several_systems_has_its_own_facts_and_flips() -> None:
    text = " ".join(Reader(comparison_page(several())).text.split())
    for words in ("tuned against base: ahead", "small against base: tied", "small against tuned: behind"):
        assert words in text
    assert text.count("by Holm over 3 pairs") == 3


def test_the_card_is_read_in_the_order_of_a_committee() -> None:
    text = Reader(card_page(leaky())).text
    order = [
        "× fail",
        "Confidence that the lift is below the minimum",
        "Is it better than the baseline?",
        "How much of the reported score is supported?",
        "Is it built to last?",
        "The Dockerfile's base image floats.",
        "Problems (4)",
        "Cautions (2)",
        "Clear (6)",
        "Not applicable (2)",
        "Crashed (1)",
        "python -m model.train",
        "Isolation in force",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_card_says_whether_the_monitoring_works_and_how_the_work_went() -> None:
    text = " ".join(Reader(card_page(recorded())).text.split())
    order = [
        "Is it built to last?",
        "Does the monitoring work?",
        "An alert fires in 3 of 5 scenarios, and none in target down, late data",
        "driftHigh drift silent 600 s silent",
        "Mutation score: 1 of 2 mutants found by the tests",
        "CPUHigh: threshold 0.9 made 9",
        "Odd was not exercised: its metric has no name",
        "old.yml was not exercised: promtool refuses it",
        "Drifts found, by size in standard deviations: 3 of 16 at 0.25, 11 of 16 at 0.5, 16 of 16 at 1",
        "How did the work go?",
        "The candidate replies: COL001: the gap was a train ride",
        "updates 3, due every 10 waking hours",
        "collaboration beside the axes, without weight",
        "Updates were 14 waking hours apart.",
        "Problems (1)",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "weight 0 %" not in text
    assert "The surest: Updates" not in text, "what has no weight is no headline"


def test_without_a_record_and_without_promtool_the_card_says_no_more_than_is_known() -> None:
    text = " ".join(Reader(card_page(careful())).text.split())
    assert "How did the work go?" not in text
    assert "No alert was exercised: the grader's machine has no promtool." in text


def test_checks_that_say_the_same_are_told_once_with_their_codes() -> None:
    first = next(one for one in careful().findings if one.ending is Ending.NOT_APPLICABLE)
    card = replace(careful(), findings=(*careful().findings, replace(first, code="SPL099")))
    read = Reader(card_page(card)).text
    assert read.count(first.answer.claim) == 1
    assert f"{first.code}, SPL099" in read


def test_the_card_shows_every_number_with_its_interval_and_n() -> None:
    text = " ".join(Reader(card_page(leaky())).text.split())
    for words in (
        "−7.4 % [−11.0, −3.9] n = 53,718",
        "0.574 [0.556, 0.592] n = 53,718",
        "0.271 [0.262, 0.280] n = 74,120",
        "0.021 n = 71,050; no interval: first-in and last-in rows differ",
        "93.8 % [92.8, 94.7] n = 2,000",
        "Clusters, G 61",
        "13.8 the variance is this many times that of independent rows",
        "31 % of the variance",
        "3 of the submission, 3 of the baseline",
        "src/model/features.py:27",
    ):
        assert words in text


def test_what_was_not_measured_or_is_undefined_is_said() -> None:
    text = " ".join(Reader(card_page(notebook())).text.split())
    assert "Seed variance not measured" in text
    first, *rest = careful().axes
    silent = replace(first, score=undefined("no check answered", n=0, method="counted"))
    bare = replace(careful(), axes=(silent, *rest), lift=None, supported=None, reported=None, prices=(), runs=())
    text = " ".join(Reader(card_page(bare)).text.split())
    assert "Score undefined: no check answered" in text
    assert "withheld" in text
    assert "Nothing was run." in text


def test_clear_findings_are_folded_and_problems_are_not() -> None:
    page = card_page(leaky())
    folded = re.findall(r"<details>.*?</details>", page, flags=re.DOTALL)
    assert any("Every test row is after the last train row." in part for part in folded)
    assert not any("The model uses dep_delay" in part for part in folded)


def test_hostile_text_is_shown_as_text() -> None:
    read = Reader(card_page(hostile_card()))
    assert "<script>document.title='owned'</script>" in read.text
    assert "{{ 7 * 7 }}" in read.text
    assert "49" not in re.findall(r"\b49\b", read.text)


def test_charts_have_a_text_alternative_and_a_caption_with_question_and_answer() -> None:
    for page, charts in ((card_page(leaky()), 3), (card_page(recorded()), 4), (cards_page(three()), 1)):
        assert page.count('<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label=') == charts
        captions = re.findall(r"<figcaption><strong>[^<]+\?</strong> [^<]+</figcaption>", page)
        assert len(captions) == charts
        assert page.count("<text ") > charts


def test_the_cards_page_links_each_card_and_marks_bands_by_shape() -> None:
    page = cards_page(three(), {"careful": "cards/careful.html"})
    assert '<a href="cards/careful.html">careful</a>' in page
    assert "● target" in page
    assert "× fail" in page
    assert "var(--target)" in page


def test_a_verdict_page_says_the_headline_and_what_was_looked_at() -> None:
    text = " ".join(Reader(verdict_page(leaky_verdict())).text.split())
    for words in ("0.97", "0.812 [0.794, 0.830] n = 23,878", "Tables alone:", "119,390", "is_canceled"):
        assert words in text


def test_the_page_of_a_refit_draws_the_steps_and_names_the_proxy_in_every_place() -> None:
    page = verdict_page(priced_verdict())
    text = " ".join(Reader(page).text.split())
    order = [
        "Reported roc_auc 0.97",
        "As given, by proxy 0.9850",
        "Supported roc_auc, by proxy 0.812",
        "How much of the reported score is supported?",
        "if the suspects were mended too",
        "What is each problem worth?",
        "Several of them tell the same",
        "without reservation_status LEK001, proven",
        "all together 0.173 [0.156, 0.190], n = 30,000",
        "Found, not declared, and no problem",
        "predictions on rows that are no copies",
        "split as given 5 random folds, as no split was given; mended: train before test by arrival_date",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label=') == 1


@given(cards)
@settings(max_examples=25, deadline=None)
def test_any_card_makes_a_well_formed_page(card: Card) -> None:
    for page in (card_page(card), cards_page([card])):
        read = Reader(page)
        assert read.open == []
        assert set(read.tags) <= TAGS


@given(verdicts)
@settings(max_examples=25, deadline=None)
def test_any_verdict_makes_a_well_formed_page(verdict: Verdict) -> None:
    read = Reader(verdict_page(verdict))
    assert read.open == []
    assert set(read.tags) <= TAGS


@pytest.mark.parametrize("findings", [10, 400])
def test_the_page_of_a_verdict_stays_below_a_megabyte_and_says_what_it_leaves_out(findings: int) -> None:
    verdict = hostile_verdict()
    many = tuple(replace(one, code=f"LEK{place:03}") for place in range(findings) for one in verdict.findings)
    page = verdict_page(replace(verdict, findings=many, notes=(LONG,) * findings))
    assert len(page.encode()) <= LARGEST
    assert Reader(page).open == []
    if findings == 400:
        assert "more, in the JSON" in page


def test_what_is_not_asked_is_told_by_the_option_that_it_takes() -> None:
    text = " ".join(Reader(verdict_page(leaky_verdict())).text.split())
    assert "take time not-after-train (SPL001)" in text
