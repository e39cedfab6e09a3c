"""What a page shows of a work: the facts of its card in words, and findings in the order in which they matter."""

from collections.abc import Iterable

from heldout.core.card import Card
from heldout.core.finding import Ending, Finding
from heldout.report.figures import lift_unit, number, said
from heldout.report.reading import BAND_MEANING, BAND_SIGN, findings_in_order, lift_answer, runs_line

__all__ = ["clear_of_answered", "facts_of_card", "findings_shown"]

ANSWERED = (Ending.PROBLEM, Ending.CAUTION, Ending.CLEAR)


def facts_of_card(card: Card) -> list[tuple[str, str]]:
    """Return names and sentences: the lift and what it rests on, the rerun, what the record holds, replies."""
    band = card.decision.band
    supported = "withheld" if card.supported is None else said(card.supported)
    facts = [
        ("asked for", card.objective),
        ("band of the lift", f"{BAND_SIGN[band]} {band.value}: {BAND_MEANING[band]}"),
        ("because", " ".join(card.decision.reasons)),
        ("lift over the baseline", lift_answer(card) if card.lift is None else _lift(card)),
        (f"{card.metric}, supported", supported),
        (f"{card.metric}, reported", _reported(card)),
        ("rerun", f"{card.reproducibility} (from best to worst: bitwise, tolerance, statistical, fails)"),
        ("runs", runs_line(card.runs) if card.runs else ""),
        *card.record.items(),
        *((f"reply {count}", reply) for count, reply in enumerate(card.replies, start=1)),
    ]
    return [(name, text) for name, text in facts if text]


def clear_of_answered(findings: Iterable[Finding]) -> str:
    """Count the answered checks that are clear: `3 of 4 answered checks are clear`."""
    endings = [finding.ending for finding in findings if finding.ending in ANSWERED]
    return (
        f"{endings.count(Ending.CLEAR)} of {len(endings)} answered checks are clear" if endings else "No check answered"
    )


def findings_shown(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with problems first, the surest of them ahead."""
    return [finding for found in findings_in_order(findings).values() for finding in found]


def _lift(card: Card) -> str:
    assert card.lift is not None
    return f"{said(card.lift.estimate, lift_unit(card.target.scale), signed=True)}. {lift_answer(card)}"


def _reported(card: Card) -> str:
    if card.reported is None:
        return "no number"
    how = f", {card.reported_evaluation}" if card.reported_evaluation else ""
    return f"{number(card.reported)}{how}"
