"""What is read off a verdict or card before it is shown: order, sums, the sentences between the numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from heldout.core.accept import Standing
from heldout.core.card import Axis, Card, Price, RunRecord
from heldout.core.estimate import Estimate, counted, undefined
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.lift import Band, LiftScale
from heldout.core.verdict import ExitCode, Verdict
from heldout.report.figures import amount, decimals, lift_unit, number, part_of, short
from heldout.report.text import NAME, clip

__all__ = [
    "BAND_MEANING",
    "BAND_SIGN",
    "SCALE_MEANING",
    "Step",
    "alike",
    "axes_answer",
    "axes_of",
    "axes_shown",
    "axis_answer",
    "axis_scores",
    "axis_weight",
    "conclusion",
    "ending_count",
    "evidence",
    "findings_in_order",
    "lift_answer",
    "reversal",
    "runs_line",
    "score_answer",
    "standing_lines",
    "steps",
    "tally",
    "team_lines",
    "weighted_axes",
]

STEPS_SHOWN = 8

BAND_SIGN = {Band.FAIL: "×", Band.UNDECIDED: "◆", Band.PASS: "▲", Band.TARGET: "●"}
"""One shape per band, the same in text and charts, so that no reader needs the colours."""

BAND_MEANING = {
    Band.FAIL: "below what the brief asks for",
    Band.UNDECIDED: "the evidence does not settle it; a person decides",
    Band.PASS: "above the minimum that the brief asks for",
    Band.TARGET: "above the minimum, and the estimate reaches the target",
}
SCALE_MEANING = {
    LiftScale.ABSOLUTE: "difference to the baseline's metric",
    LiftScale.RELATIVE: "change relative to the baseline's metric",
    LiftScale.ERROR_REDUCTION: "share of the baseline's error that is removed",
}

TOUCH_THE_SCORE = frozenset({"leakage", "split", "metric"})


def findings_in_order(findings: Iterable[Finding]) -> dict[Ending, tuple[Finding, ...]]:
    """Return the findings by ending, problems first; empty endings are left out.

    Of the problems the open ones come first, and the surest of them; then those that are known or accepted.
    """
    findings = tuple(findings)
    by_ending = {ending: [finding for finding in findings if finding.ending is ending] for ending in Ending}
    by_ending[Ending.PROBLEM].sort(key=_weight)
    return {ending: tuple(found) for ending, found in by_ending.items() if found}


def _weight(finding: Finding) -> tuple[bool, int, int]:
    """Order problems by certainty, and among equals those that touch the score before the others."""
    certainty = finding.certainty.rank if finding.certainty else 0
    return finding.standing is not Standing.OPEN, -certainty, 0 if finding.family in TOUCH_THE_SCORE else 1


def axes_of(cards: Iterable[Card]) -> tuple[str, ...]:
    """Return the names of all axes of `cards`, each once, in the order met."""
    return tuple(dict.fromkeys(axis.name for card in cards for axis in card.axes))


def weighted_axes(card: Card) -> Estimate:
    """Return the mean of the axes' scores under the brief's weights; undefined when one of them is."""
    method = "mean of the axes' scores under the brief's weights"
    answered = sum(axis.score.n for axis in card.axes)
    weight = sum(axis.weight for axis in card.axes)
    scores = [(axis.weight, axis.score.value) for axis in card.axes if axis.score.value is not None]
    if not card.axes or weight <= 0:
        return undefined("the brief weights no axis", n=answered, method=method)
    if len(scores) < len(card.axes):
        names = ", ".join(axis.name for axis in card.axes if axis.score.value is None)
        return undefined(f"no check answered for {names}", n=answered, method=method)
    return counted(sum(part * score for part, score in scores) / weight, n=answered, method=method)


def lift_answer(card: Card) -> str:
    """Say in one sentence where the lift's interval lies against the brief's minimum and target."""
    if card.lift is None or not card.lift.estimate.is_defined:
        return "The lift is not defined, so it says nothing about the minimum."
    estimate, unit = card.lift.estimate, lift_unit(card.target.scale)
    value, low, high = estimate.value or 0.0, estimate.low or 0.0, estimate.high or 0.0
    minimum, target = card.target.minimum, card.target.target
    floor = amount(minimum, unit, signed=True)
    if low >= minimum:
        first = f"Yes: the whole interval lies at or above the minimum of {floor}"
    elif high < minimum:
        first = f"No: the whole interval lies below the minimum of {floor}"
    else:
        first = f"It cannot be told: the interval reaches below and above the minimum of {floor}"
    reaches = "reaches" if value >= target else "does not reach"
    return f"{first}; the estimate {reaches} the target of {amount(target, unit, signed=True)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step from the reported to the supported score, in the metric's units: it goes from `start` to `end`."""

    name: str
    start: float
    end: float
    is_priced: bool


def steps(reported: float | None, supported: Estimate | None, prices: Sequence[Price] = ()) -> tuple[Step, ...]:
    """Return the steps from reported to supported, or none when one of both is missing.

    A priced step is as long as the middle of first-in and last-in (for two problems their Shapley value); the first
    `STEPS_SHOWN` stand alone, further ones are one step. What is left is a last step that nothing priced.
    """
    if reported is None or supported is None or supported.value is None:
        return ()
    middles = [
        (price.what, (price.first_in.value + price.last_in.value) / 2)
        for price in prices
        if price.first_in.value is not None and price.last_in.value is not None
    ]
    further = middles[STEPS_SHOWN:]
    if further:
        middles[STEPS_SHOWN:] = [(f"{len(further)} more", sum(size for _, size in further))]
    made, at = [], reported
    for name, size in middles:
        made.append(Step(name=name, start=at, end=at - size, is_priced=True))
        at -= size
    return (*made, Step(name="not priced", start=at, end=supported.value, is_priced=False))


def score_answer(reported: float | None, supported: Estimate | None, prices: Sequence[Price] = ()) -> str:
    """Say in a sentence how far the supported score is from the reported one, and how much of that is priced."""
    made = steps(reported, supported, prices)
    if supported is None or not made:
        return "It takes a reported and a supported score."
    gap, priced = made[-1].end - made[0].start, sum(step.end - step.start for step in made if step.is_priced)
    digits = decimals(supported)
    text = f"From reported to supported: {number(gap, decimals=digits, signed=True)}"
    if len(made) == 1:
        return f"{text}; no problem was priced."
    return f"{text}, of which the priced problems make {number(priced, decimals=digits, signed=True)}."


def axes_answer(card: Card) -> str:
    """Say in a sentence what the axes come to under the brief's weights."""
    weighted = weighted_axes(card)
    if weighted.value is None:
        return f"Weighted: undefined, {weighted.undefined_because}."
    return f"Weighted as the brief says: {short(weighted, 'share')}, from {weighted.n} answered checks."


def axes_shown(card: Card) -> tuple[Axis, ...]:
    """Return the weighted axes, and collaboration beside them where there is a record."""
    return card.axes if card.collaboration is None else (*card.axes, card.collaboration)


def axis_answer(axis: Axis) -> str:
    """Say how many of an axis's answered checks are clear: `3 of 4 clear`."""
    because = axis.score.undefined_because
    return f"undefined: {because}" if axis.score.value is None else f"{part_of(axis.score)} clear"


def axis_weight(axis: Axis) -> str:
    """Say what an axis weighs: `weight 40 %`, or that it stands beside the others."""
    return f"weight {amount(axis.weight, 'share')}" if axis.weight else "beside the axes, without weight"


def evidence(card: Card, axis: Axis) -> tuple[Finding, ...]:
    """Return the findings behind an axis, problems first."""
    found = findings_in_order(finding for finding in card.findings if finding.code in axis.codes)
    return tuple(finding for endings in found.values() for finding in endings)


def alike(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Return each different claim once, with the codes of the checks that say it."""
    said: dict[str, list[str]] = {}
    for finding in findings:
        said.setdefault(finding.answer.claim, []).append(clip(finding.code, NAME))
    return [(claim, ", ".join(dict.fromkeys(codes))) for claim, codes in said.items()]


def runs_line(runs: Sequence[RunRecord]) -> str:
    """Count the runs by how they ended: `16 runs: 16 finished`."""
    endings = [clip(run.ending, NAME) for run in runs]
    counts = ", ".join(f"{endings.count(ending)} {ending}" for ending in dict.fromkeys(endings))
    return f"{len(endings)} {'run' if len(endings) == 1 else 'runs'}: {counts}"


def axis_scores(card: Card, names: Sequence[str]) -> tuple[Estimate | None, ...]:
    """Return the card's score on each of the named axes; None where the card has no such axis."""
    scores = {axis.name: axis.score for axis in card.axes}
    return tuple(scores.get(name) for name in names)


def cpu_seconds(card: Card) -> float | None:
    """Return the CPU seconds of one training and prediction of the submission, its mean over the seeds."""
    costs = [
        [run.cpu_seconds for run in card.runs if run.phase == f"{card.submission}: {phase}"]
        for phase in ("train", "predict")
    ]
    return sum(sum(cost) / len(cost) for cost in costs) if all(costs) else None


def reversal(cards: Sequence[Card]) -> str:
    """Say in a sentence or two which submission reaches the best band and which has the highest lift."""
    lifted = [card for card in cards if card.lift is not None and card.lift.estimate.value is not None]
    if not lifted:
        return "No submission has a defined lift."
    highest = max(lifted, key=_lift)
    ranks = list(Band)
    top = max(cards, key=lambda card: ranks.index(card.decision.band)).decision.band
    best = [card for card in cards if card.decision.band is top]
    names = ", ".join(_quoted(card) for card in best)
    text = f"{names} {'has' if len(best) == 1 else 'have'} the best band, {top.value}."
    if highest in best:
        return f"{text} The highest lift, {_lift_text(highest)}, is that of {_quoted(highest)}."
    why = (*highest.decision.reasons, BAND_MEANING[highest.decision.band])[0]
    band = f"but its band is {highest.decision.band.value}: {clip(why)}"
    costs = {card.submission: cost for card in cards if (cost := cpu_seconds(card)) is not None}
    fastest = (
        " and takes the least CPU time," if costs and min(costs, key=costs.__getitem__) == highest.submission else ""
    )
    return f"{text} {_quoted(highest)} has the highest lift, {_lift_text(highest)},{fastest} {band}"


def tally(findings: Iterable[Finding]) -> str:
    """Count the findings by certainty and ending: `2 proven, 1 strong, 1 accepted, 2 cautions, 9 clear`."""
    found = findings_in_order(findings)
    problems = found.get(Ending.PROBLEM, ())
    levels = [finding.certainty for finding in problems if finding.standing is Standing.OPEN]
    counts = {level.value: levels.count(level) for level in reversed(Certainty)}
    for standing in (Standing.KNOWN, Standing.ACCEPTED):
        counts[standing.value] = sum(finding.standing is standing for finding in problems)
    texts = [f"{count} {name}" for name, count in counts.items() if count]
    texts += [ending_count(ending, len(found[ending])) for ending in found if ending is not Ending.PROBLEM]
    return ", ".join(texts)


def ending_count(ending: Ending, count: int) -> str:
    """Count findings of an ending in words: `2 cautions`, `9 not asked`."""
    name = {Ending.NO_EVIDENCE: "not asked", Ending.CAUTION: "caution" if count == 1 else "cautions"}
    return f"{count} {name.get(ending, ending.value.replace('_', ' '))}"


def conclusion(verdict: Verdict) -> tuple[str, str]:
    """Return the verdict in a word (problem, undecided, caution, clear) and in a sentence.

    The word is the exit code's at `--fail-on strong`; `caution` is a clear one with something suspect, accepted, known.
    """
    counts = tally(verdict.findings)
    counts = f"Findings: {counts}." if counts else "No check was asked."
    code, sure = verdict.exit_code(), len(verdict.failing(Certainty.STRONG))
    lived_with = len(verdict.problems(Certainty.STRONG)) - sure
    beside = "" if verdict.baseline is None and not lived_with else " that is neither known nor accepted"
    if code == ExitCode.PROBLEM:
        beside = f" that {'is' if sure == 1 else 'are'} neither known nor accepted" if beside else ""
        return "problem", f"{sure} {'problem' if sure == 1 else 'problems'} proven or strong{beside}. {counts}"
    if code == ExitCode.UNDECIDED:
        return "undecided", f"Undecided, which is no pass. {counts}"
    return ("caution" if verdict.problems() else "clear"), f"No problem proven or strong{beside}. {counts}"


def standing_lines(finding: Finding) -> tuple[str, ...]:
    """Say why a problem does not count, or why what was said of it does not hold."""
    lines = []
    if finding.standing is Standing.KNOWN:
        lines.append("Known: the baseline has it too.")
    for accept in finding.accepts:
        which = f" for {accept.column}" if accept.column and len(finding.columns) > 1 else ""
        lines.append(f"Accepted{which} until {accept.expires}: {accept.reason}")
    if finding.accepts and finding.standing is Standing.OPEN:
        accepted = {accept.column for accept in finding.accepts}
        others = ", ".join(clip(name, NAME) for name in finding.columns if name not in accepted)
        lines.append(f"It fails all the same: nothing accepts it for {others}.")
    lines += [f"The acceptance expired on {accept.expires}: {accept.reason}" for accept in finding.expired]
    return tuple(lines)


def team_lines(verdict: Verdict) -> tuple[str, ...]:
    """Say what came of the baseline and of acceptances, beside what stands at each problem."""
    lines = []
    if verdict.baseline is not None:
        known = sum(finding.standing is Standing.KNOWN for finding in verdict.findings)
        source = clip(verdict.baseline.source, NAME)
        lines.append(f"Held against {source}: {known} known, {len(verdict.baseline.mended)} mended since.")
        for gone in verdict.baseline.mended:
            about = f" {', '.join(clip(name, NAME) for name in gone.columns)}" if gone.columns else ""
            lines.append(f"Mended since {source}: {gone.code} {gone.name}{about}. It was: {gone.claim}")
    return (*lines, *verdict.notes)


def _quoted(card: Card) -> str:
    return f"“{clip(card.submission, NAME)}”"


def _lift(card: Card) -> float:
    return (card.lift.estimate.value or 0.0) if card.lift else 0.0


def _lift_text(card: Card) -> str:
    if card.lift is None:
        return number(None)
    return short(card.lift.estimate, lift_unit(card.lift.scale), signed=True)
