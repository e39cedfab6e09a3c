"""Writes the notes for the talk after an eval: what held up, what did not, what would have moved the band."""

from collections.abc import Mapping

from scipy import special

from heldout.core.card import Axis, Card, Price
from heldout.core.debrief import Debrief, Note, Section
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.lift import Band
from heldout.report import reading
from heldout.report.corrections import decided_line, version_line
from heldout.report.figures import amount, lift_unit, number, part_of, said, short
from heldout.report.monitoring import drift_answer, monitoring_answer
from heldout.report.printing import witness_text
from heldout.report.text import NAME, clip, cut

__all__ = ["debrief_of"]

MOST = 8
"""Notes of a section; the card has all."""
MOST_WITNESSES = 3


def debrief_of(card: Card, levels: Mapping[str, str] | None = None) -> Debrief:
    """Return the notes on a submission. `levels` are the decided levels by axis, where a committee gave any.

    Facts about the work alone: nothing is said of the candidate, of raters, or of who decided what.
    """
    return Debrief(
        title=card.eval_title,
        submission=card.submission,
        band=card.decision.band.value,
        sections=(
            Section(heading="What held up", notes=_held(card)[: MOST + 4], without="No figure and no check held up."),
            Section(
                heading="What did not, and what it cost",
                notes=tuple(_broke(card)),
                without="No check found a problem.",
            ),
            Section(
                heading="What would have moved the band most",
                notes=tuple(_moves(card)),
                without="It has the best band already.",
            ),
            Section(
                heading="What would have moved the axes most",
                notes=tuple(_axis_moves(card)),
                without="Every answered check of the weighted axes is clear.",
            ),
            Section(
                heading="What the decided levels say",
                notes=tuple(_level_notes(card, levels or {})),
                without="No levels were decided, so there is nothing to quote.",
            ),
            Section(
                heading="What was replied to the card",
                notes=tuple(_replies(card)),
                without="Nothing was replied.",
            ),
        ),
    )


def _held(card: Card) -> tuple[Note, ...]:
    notes = []
    unit = lift_unit(card.target.scale)
    if card.lift is not None and card.lift.estimate.is_defined:
        low = card.lift.estimate.low
        if low is not None and low >= card.target.minimum:
            text = reading.lift_answer(card).removeprefix("Yes: ")
            notes.append(_note(f"{text[:1].upper()}{text[1:]}", f"lift {said(card.lift.estimate, unit, signed=True)}"))
    if card.reported is not None and card.supported is not None and _is_within(card):
        text = f"The reported {card.metric} of {number(card.reported)} lies within the interval of the rerun."
        notes.append(_note(text, f"supported {said(card.supported)}"))
    if card.reproducibility != "fails":
        text = f"Run again with the same seed it reached the class {cut(card.reproducibility, NAME)}."
        notes.append(_note(text, f"class {cut(card.reproducibility, NAME)}"))
    if card.alert_trial is not None and card.alert_trial.alerts:
        notes.append(_note(monitoring_answer(card.alert_trial), f"exercised under {card.alert_trial.judge}"))
    clear = [finding for finding in card.findings if finding.ending is Ending.CLEAR]
    clear.sort(key=lambda finding: not finding.answer.witnesses)  # what can be pointed at first
    return (*notes, *(_of(finding) for finding in clear))


def _is_within(card: Card) -> bool:
    supported = card.supported
    if supported is None or supported.low is None or supported.high is None or card.reported is None:
        return False
    return supported.low <= card.reported <= supported.high


def _broke(card: Card) -> list[Note]:
    notes = []
    if card.reported is not None and card.supported is not None and not _is_within(card):
        gap = reading.score_answer(card.reported, card.supported, card.prices)
        evidence = (f"reported {number(card.reported)}", f"supported {said(card.supported)}")
        notes.append(Note(says=gap, evidence=evidence))
    notes += [_price(price) for price in card.prices[:MOST]]
    found = reading.findings_in_order(card.findings)
    problems = [*found.get(Ending.PROBLEM, ()), *found.get(Ending.CAUTION, ())]
    notes += [_of(finding) for finding in problems[:MOST]]
    if len(problems) > MOST:
        notes.append(_note(f"{len(problems) - MOST} more stand on the card.", "card"))
    drift = card.drift_trial
    if drift is not None and drift.is_asked:
        notes.append(_note(drift_answer(drift), "drift trial"))
    return notes


def _price(price: Price) -> Note:
    text = f"{cut(price.what, NAME)} is worth {short(price.first_in)} of the score when it alone is mended."
    first, last = said(price.first_in), said(price.last_in)
    return Note(says=text, evidence=(f"mended first {first}", f"mended last {last}", f"certainty {price.certainty}"))


def _moves(card: Card) -> list[Note]:
    """Say what stands between this band and a better one: the class, then how far the lift is away."""
    if card.decision.band is Band.TARGET:
        return []
    if card.decision.reasons and (card.lift is None or not card.lift.estimate.is_defined):
        return [_note(clip(card.decision.reasons[0]), "no lift with an interval")]
    notes = []
    if card.reproducibility == "fails":
        codes = [finding.code for finding in card.findings if finding.code.startswith("REP") and _is_open(finding)]
        text = "Runs that agree with each other: the band asks for it whatever the lift."
        notes.append(Note(says=text, evidence=(f"class {card.reproducibility}", *codes)))
    notes += _lift_moves(card)
    leaks = [price for price in card.prices if (price.first_in.low or 0.0) > 0]
    if leaks:
        text = "Building on what is known when it predicts: what was not known then carried part of the score."
        notes.append(
            Note(says=text, evidence=tuple(f"{cut(one.what, NAME)}: {said(one.first_in)}" for one in leaks[:3]))
        )
    return notes


def _lift_moves(card: Card) -> list[Note]:
    lift, asked = card.lift, card.target
    if lift is None or lift.estimate.value is None:
        return []
    unit = lift_unit(asked.scale)
    evidence = f"lift {said(lift.estimate, unit, signed=True)}"
    needed = _needed(card)
    notes = []
    if needed is not None and lift.estimate.value < needed:
        text = (
            f"A lift of {amount(needed, unit, signed=True)} on the same rows, with the same spread, would have reached "
            f"the confidence of {asked.confidence:g} in the minimum of {amount(asked.minimum, unit, signed=True)}; it "
            f"is {amount(lift.estimate.value, unit, signed=True)}."
        )
        notes.append(_note(text, evidence))
    elif lift.estimate.value < asked.target:
        text = (
            f"The estimate reaches the target at {amount(asked.target, unit, signed=True)}; "
            f"{amount(asked.target - lift.estimate.value, unit)} are missing."
        )
        notes.append(_note(text, evidence))
    return notes


def _needed(card: Card) -> float | None:
    """Return the estimate at which the confidence in the minimum is the one asked for, at the same standard error."""
    lift = card.lift
    if lift is None or lift.standard_error is None or lift.degrees_of_freedom is None:
        return None
    quantile = float(special.stdtrit(lift.degrees_of_freedom, card.target.confidence))
    return card.target.minimum + quantile * lift.standard_error


def _axis_moves(card: Card) -> list[Note]:
    """Name the findings whose mending would have raised the weighted axes most: weight over answered checks each."""
    worth = []
    for axis in card.axes:
        if axis.score.n:
            gain = axis.weight / axis.score.n
            worth += [(gain, axis, finding) for finding in _to_mend(card, axis)]
    worth.sort(key=lambda one: (-one[0], -_rank(one[2])))
    return [
        Note(
            says=f"{clip(finding.answer.claim)} Mended, it raises the weighted axes by {_points(gain)}.",
            evidence=(*_evidence(finding), f"{axis.name} {part_of(axis.score)} clear"),
        )
        for gain, axis, finding in worth[:MOST]
        if gain > 0
    ]


def _points(gain: float) -> str:
    """Return a difference of shares: a part of a percentage would read like a part of the axes."""
    points = number(100 * gain)
    return f"{points} percentage point{'s' * (points != '1')}"


def _to_mend(card: Card, axis: Axis) -> list[Finding]:
    """Return one finding of each check of an axis that keeps it from being clear."""
    found: dict[str, Finding] = {}
    for finding in reading.evidence(card, axis):
        if _is_open(finding):
            found.setdefault(finding.code, finding)
    return list(found.values())


def _level_notes(card: Card, levels: Mapping[str, str]) -> list[Note]:
    axes = {axis.name: axis for axis in reading.axes_shown(card)}
    notes = []
    for name, level in levels.items():
        axis = axes.get(name)
        evidence = [] if axis is None else [f"{part_of(axis.score)} clear" if axis.score.n else "no check answered"]
        if axis is not None:
            evidence += [finding.code for finding in _to_mend(card, axis)][:MOST]
        text = f"The work on {cut(name, NAME)} was decided to be at the level {cut(level, NAME)}."
        notes.append(Note(says=text, evidence=tuple(evidence or ["decision"])))
    return notes


def _replies(card: Card) -> list[Note]:
    notes = [_note(f"Reply {at}, on {clip(text)}", f"reply {at}") for at, text in enumerate(card.replies, start=1)]
    for one in card.corrections:
        line = decided_line(one).replace(f" by {one.by}:", ":")  # what was decided, and not by whom
        versions = (
            [] if one.before is None or one.after is None else [version_line(one.before), version_line(one.after)]
        )
        notes.append(Note(says=line, evidence=tuple(versions or [f"reply {one.reply}"])))
    return notes


def _of(finding: Finding) -> Note:
    says = clip(finding.answer.claim)
    if finding.ending is Ending.PROBLEM and finding.certainty is Certainty.SUSPECT:
        says = f"A question rather than a fault: {says}"
    if finding.answer.to_do and _is_open(finding):
        says = f"{says} To do: {clip(finding.answer.to_do)}"
    return Note(says=says, evidence=_evidence(finding))


def _evidence(finding: Finding) -> tuple[str, ...]:
    sure = f", {finding.certainty.value}" if finding.certainty else ""
    measures = (f"{cut(one.name, NAME)}: {said(one.estimate, one.unit)}" for one in finding.answer.measures[:2])
    witnesses = (witness_text(one) for one in finding.answer.witnesses[:MOST_WITNESSES])
    return (f"{finding.code}{sure}", *witnesses, *measures)


def _is_open(finding: Finding) -> bool:
    return finding.ending in (Ending.PROBLEM, Ending.CAUTION)


def _rank(finding: Finding) -> int:
    return finding.certainty.rank if finding.certainty else 0


def _note(says: str, evidence: str) -> Note:
    return Note(says=says, evidence=(evidence,))
