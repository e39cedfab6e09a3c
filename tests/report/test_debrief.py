"""What the notes for the talk quote."""

from dataclasses import replace

import pytest
from scipy import special
from tests.report.debriefs import amended_card
from tests.report.worlds import careful, leaky, notebook

from heldout.core.card import Card
from heldout.core.debrief import Note
from heldout.core.lift import Band, Decision
from heldout.report.debrief import debrief_of
from heldout.report.debrief_outlets import debrief_text


def notes(card: Card, heading: str) -> tuple[Note, ...]:
    (section,) = [one for one in debrief_of(card).sections if one.heading.startswith(heading)]
    return section.notes


def test_what_did_not_hold_is_quoted_with_its_price_its_place_and_its_interval() -> None:
    found = notes(leaky(), "What did not")
    text = " ".join((*found[1].evidence, found[1].says))
    assert "dep_delay" in text
    assert "[0.262, 0.280]" in text
    assert any("src/model/features.py:27" in evidence for note in found for evidence in note.evidence)


def test_the_lift_that_would_have_been_enough_is_the_minimum_and_its_margin() -> None:
    card = leaky()
    (first, *_) = notes(card, "What would have moved the band")
    margin = special.stdtrit(card.lift.degrees_of_freedom, 0.95) * card.lift.standard_error
    assert f"{100 * (card.target.minimum + margin):.2f} %" in first.says


def test_runs_that_differ_come_before_any_lift() -> None:
    (first, *_) = notes(notebook(), "What would have moved the band")
    assert "agree with each other" in first.says
    assert "REP001" in first.evidence


def test_a_pass_is_told_what_misses_to_the_target_and_a_target_nothing() -> None:
    base = careful()
    near = replace(
        base,
        decision=Decision(band=Band.PASS, reasons=("",), at_minimum=0.99),
        target=replace(base.target, target=0.1),
    )
    (one,) = notes(near, "What would have moved the band")
    assert "+10 %" in one.says
    assert notes(base, "What would have moved the band") == ()


def test_mending_is_worth_the_weight_over_the_answered_checks() -> None:
    (one,) = notes(careful(), "What would have moved the axes")
    assert "raises the weighted axes by 15 percentage points." in one.says
    assert one.evidence[0] == "MON001"


def test_what_was_decided_on_a_reply_is_told_without_who_decided() -> None:
    card = amended_card(" XYZ")
    text = debrief_text(debrief_of(card))
    assert "was accepted: The ticket shows it" in text
    assert "the organiser" not in text


@pytest.mark.parametrize("card", [careful(), leaky(), notebook()], ids=lambda card: card.submission)
def test_no_note_is_without_evidence(card: Card) -> None:
    assert all(note.evidence and all(note.evidence) for one in debrief_of(card).sections for note in one.notes)
