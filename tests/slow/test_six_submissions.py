"""Six submissions to the flights brief end in the order that its rubric implies. Real flights, the real sandbox."""

from pathlib import Path

import pytest
from benchmarks.six_submissions import Played, grade_played, play_narrowed, play_silent
from tests.browser import chromium

from heldout.app.demo import demonstrate
from heldout.core.card import Card
from heldout.core.card_order import order_of
from heldout.core.finding import Ending, Finding
from heldout.core.lift import Band
from heldout.report.html import LARGEST
from heldout.sandbox import probe

pytestmark = pytest.mark.slow

Recorded = tuple[Card, Path]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if probe().level == 0:
        pytest.skip(probe().explanation)
    return tmp_path_factory.mktemp("six")


@pytest.fixture(scope="module")
def cards(demo: Path) -> dict[str, Card]:
    graded = demonstrate(demo, with_variants=True).graded
    return {one.card.submission: one.card for one in graded}


@pytest.fixture(scope="module")
def recorded(demo: Path, cards: dict[str, Card]) -> dict[str, Recorded]:
    """The two that have a record, graded with it: the runs of `cards` are used again."""
    assert cards
    played: dict[str, Played] = {
        "narrowed": play_narrowed(demo / "eval", demo / "submissions" / "narrowed"),
        "silent": play_silent(demo / "eval", demo / "submissions" / "silent"),
    }
    bundled = {name: grade_played(one, demo / "cards") for name, one in played.items()}
    return {name: (one.graded.card, one.graded.files["html"]) for name, one in bundled.items()}


def problems(card: Card, family: str = "") -> set[str]:
    found = (one for one in card.findings if one.ending is Ending.PROBLEM)
    return {one.code for one in found if family in ("", one.family)}


def of(card: Card, code: str) -> Finding:
    return next(one for one in card.findings if one.code == code)


def axes(card: Card) -> dict[str, float | None]:
    return {axis.name: axis.score.value for axis in card.axes}


def test_the_order_is_the_one_that_the_rubric_implies(cards: dict[str, Card]) -> None:
    """The band first: four reach the target. Among them the better built: nothing to mend, then a smaller scope whose
    rest is whole, then those that left a part of what was asked away. The highest lift does not help."""
    names = order_of(list(cards.values())).names

    assert names[:2] == ("careful", "narrowed")
    assert set(names[2:4]) == {"goldplated", "silent"}
    assert set(names[4:]) == {"leaky", "notebook"}
    lifts = {name: card.lift.estimate.value or 0.0 for name, card in cards.items() if card.lift}
    assert lifts["goldplated"] > lifts["careful"] > lifts["narrowed"]
    assert {name for name, card in cards.items() if card.decision.band is Band.FAIL} == {"leaky", "notebook"}


def test_each_stands_where_it_does_for_a_reason_that_its_card_names(cards: dict[str, Card]) -> None:
    assert problems(cards["careful"]) == set()
    assert problems(cards["narrowed"]) == {"MON001"}, (
        "an alert that was agreed to be left out is asked for all the same"
    )
    assert axes(cards["goldplated"])["monitoring"] == 0.0
    assert "MON001" in problems(cards["goldplated"], "monitoring")
    assert {"ARC003", "MON005"} <= problems(cards["silent"]), "neither tests of the program nor of the alerts"
    assert {"LEK003", "SPL001"} <= problems(cards["leaky"])
    assert "REP001" in problems(cards["notebook"])


def test_no_weights_bring_who_failed_before_who_passed_and_most_keep_each_pair(cards: dict[str, Card]) -> None:
    ordered = order_of(list(cards.values()))

    shares = {(pair.first, pair.second): pair.share for pair in ordered.neighbours}
    assert shares["careful", "narrowed"] > 0.9
    assert all(share > 0.5 for share in shares.values()), shares
    assert [pair.is_by_band for pair in ordered.neighbours] == [False, False, False, True, False]


def test_the_careful_card_has_every_mutant_found_and_every_scenario_covered(cards: dict[str, Card]) -> None:
    trial = cards["careful"].alert_trial

    assert trial is not None
    assert all(one.killed for one in trial.mutants)
    assert len(trial.mutants) == 17
    assert of(cards["careful"], "MON008").ending is Ending.CLEAR


def test_a_record_changes_no_score_and_tells_how_the_work_went(
    cards: dict[str, Card], recorded: dict[str, Recorded]
) -> None:
    for name, (card, _) in recorded.items():
        assert card.lift == cards[name].lift
        assert axes(card) == axes(cards[name])
        assert cards[name].collaboration is None
        assert card.collaboration is not None

    narrowed, silent = recorded["narrowed"][0], recorded["silent"][0]
    assert problems(narrowed, "collaboration") == set()
    assert of(narrowed, "COL006").ending is Ending.CLEAR, "the log agrees with the rerun"
    assert {"COL001", "COL002"} <= problems(silent, "collaboration")
    assert of(silent, "COL003").ending is Ending.CAUTION


def test_the_agreed_scope_and_the_updates_stand_on_the_card(recorded: dict[str, Recorded]) -> None:
    narrowed, silent = recorded["narrowed"][0], recorded["silent"][0]

    assert narrowed.record["brief in force"] == "version 2"
    assert "none on latency and CPU" in narrowed.record["scope, version 2"]
    assert "never longer apart" in narrowed.record["updates"]
    assert silent.record["brief in force"] == "version 1"
    assert silent.record["pushes"] == "1 received, 1 refused"
    assert silent.record["feedback"] == "1 given, 0 answered"


@pytest.fixture(scope="module")
def pages(demo: Path, cards: dict[str, Card], recorded: dict[str, Recorded]) -> dict[str, Path]:
    shown = {name: demo / "cards" / name / "card.html" for name in cards}
    return shown | {f"{name}, recorded": path for name, (_, path) in recorded.items()}


def test_each_card_fits_a_phone_and_a_desk_and_tells_what_matters(pages: dict[str, Path]) -> None:
    with chromium() as browser:
        for name, path in pages.items():
            assert path.stat().st_size < LARGEST
            for width in (390, 1280):
                page = browser.new_page(viewport={"width": width, "height": 900})
                page.goto(path.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                assert page.get_by_role("heading", name="Does the monitoring work?").is_visible()
                has_record = page.get_by_role("heading", name="How did the work go?").count() == 1
                assert has_record == name.endswith("recorded")
                page.close()
