"""From graded references to what is wrong with a brief: rules on cards, each with the number that it rests on."""

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np

from heldout.core.brief_trial import AGENT, Flaw, FlawKind, Rung
from heldout.core.card import Card
from heldout.core.estimate import Estimate
from heldout.core.finding import Ending, Finding
from heldout.core.lift import Band, Lift, LiftTarget
from heldout.evals.authoring.pilot import NOTHING
from heldout.evals.authoring.power import Chances
from heldout.evals.ladder.references import BASELINE, GOOD
from heldout.stats import METRICS, band_probabilities
from heldout.stats.decision import FEWEST_CLUSTERS
from heldout.stats.power import lift_power
from heldout.stats.reproducibility import class_rank

__all__ = ["chances_of", "flaws_of", "resolves", "separated", "told"]

ORDER = tuple(Band)
PASSING = ORDER.index(Band.PASS)
POWER = 0.8
NEAR = 0.8
"""Of a limit of the budget: from this share on a reference is told as near to it."""
LIMITS = ("wall time", "cpu time", "memory", "disk", "processes")
CALLED = ("accuracy", "balanced_accuracy", "f1", "jaccard", "mcc", "precision", "recall", "specificity")
"""Metrics that see which side of a threshold a chance lies on, and nothing else of it."""
EXPLAINS = (FlawKind.BASELINE, FlawKind.BUDGET, FlawKind.DISGUISE, FlawKind.METRIC)
"""Where one of these is to mend, lifts and bands follow from it: they are judged when it is mended."""
TOLD = (Ending.PROBLEM, Ending.CAUTION, Ending.CRASHED)


def chances_of(
    lift: Lift | None, target: LiftTarget, reproducibility: str, lowest: str, band: Band
) -> dict[Band, float]:
    """Return the chance of each band if the final rows were drawn again.

    The lift that was measured is taken for the true one. The model of `band_probabilities`: a normal estimate, its
    variance chi-square, with the standard error and degrees of freedom of the grading (clusters and seeds). Where
    nothing varies, or another rule decides, the band is sure.
    """
    if lift is None or lift.estimate.value is None:
        return {one: float(one is band) for one in Band}
    if class_rank(reproducibility) < class_rank(lowest):
        return {one: float(one is Band.FAIL) for one in Band}
    if lift.clusters < FEWEST_CLUSTERS or not lift.standard_error or lift.degrees_of_freedom is None:
        return {one: float(one is band) for one in Band}
    told = band_probabilities(lift.standard_error, lift.degrees_of_freedom, target, lift.estimate.value)
    return {one: min(max(told[one], 0.0), 1.0) for one in Band}  # a quadrature may end a hair outside


def separated(rungs: Sequence[Rung]) -> float | None:
    """Return the chance that sound and strong pass and land above all others, strong not below sound.

    Counted from `pass` up: sound work that is left undecided is not told from the rest. References are taken as
    independent; they share the holdout, so that the truth is a little kinder. None where one of them has no chances.
    """
    by_name = {rung.name: rung for rung in rungs if rung.name != AGENT}
    if not by_name or any(not rung.chances for rung in by_name.values()) or any(one not in by_name for one in GOOD):
        return None
    lower = [rung.chances for name, rung in by_name.items() if name not in GOOD]
    sound, strong = (by_name[name].chances for name in GOOD)
    total = 0.0
    for low, high in itertools.combinations_with_replacement(range(PASSING, len(ORDER)), 2):
        below = 1.0
        for chances in lower:
            below *= sum(chances[band] for band in ORDER[:low])
        total += sound[ORDER[low]] * strong[ORDER[high]] * below
    return total


def resolves(measured: Sequence[Chances], lift: Lift, target: LiftTarget) -> tuple[float | None, float]:
    """Return the smallest true lift that passes with a power of 0.8, None where none does, and the power at the target.

    `measured` are simulated candidates between the baseline and the reference that was graded with `lift`: the standard
    error grows with the lift, and is read off between theirs. What the seeds of both sides added is added.
    """
    seeds = (lift.seed_variance or 0.0) + (lift.baseline_seed_variance or 0.0)
    points = {one.true_lift: math.hypot(one.standard_error, math.sqrt(seeds)) for one in measured if one.standard_error}
    if lift.standard_error and lift.estimate.value is not None:
        points[lift.estimate.value] = lift.standard_error
    if not points or lift.clusters < FEWEST_CLUSTERS:
        return None, 0.0
    at = sorted(points)
    freedom = lift.degrees_of_freedom or lift.clusters - 1.0

    def power(true: float) -> float:
        error = float(np.interp(true, at, [points[one] for one in at]))
        return lift_power(error, true, target, freedom)

    tried = np.linspace(target.minimum, max(*at, target.target) * 2 + target.minimum, 400)
    enough = next((float(one) for one in tried if power(float(one)) >= POWER), None)
    return enough, power(target.target)


def flaws_of(
    rungs: Sequence[Rung],
    target: LiftTarget,
    *,
    lowest: str,
    proper: Mapping[str, tuple[Estimate, Estimate]],
    feedback: Mapping[str, tuple[Estimate, Estimate]],
) -> list[Flaw]:
    """Return what the gradings show to be wrong, what blocks first.

    `proper` has for a reference its gain over the baseline under the brief's metric and under a proper score, each in
    its own units; `feedback` its lift on the feedback rows and on the final rows. Each brief is stopped for its own
    reason: what only follows from another flaw is left out.
    """
    by_name = {rung.name: rung for rung in rungs}
    found = [
        *_baseline(by_name, lowest),
        *_budget(by_name),
        *_ceiling(by_name),
        *_metric(by_name, proper),
        *_feedback(feedback),
    ]
    if not any(flaw.blocks and flaw.kind in EXPLAINS for flaw in found):
        found += [*_target(by_name, target), *_separation(by_name)]
    return sorted(found, key=lambda flaw: not flaw.blocks)


def _baseline(by_name: Mapping[str, Rung], lowest: str) -> list[Flaw]:
    rung = by_name.get(BASELINE)
    if rung is None or rung.lift is None or class_rank(rung.reproducibility) >= class_rank(lowest):
        return []
    return [
        Flaw(
            kind=FlawKind.BASELINE,
            claim=f'Run again with one seed, the baseline is "{rung.reproducibility}", and the brief asks submissions '
            f'for "{lowest}": every lift is measured against a moving thing.',
            mend="seed what the baseline draws (HELDOUT_SEED), or lower reproducibility.lowest",
        )
    ]


def _budget(by_name: Mapping[str, Rung]) -> list[Flaw]:
    found = []
    for name in GOOD:
        rung = by_name.get(name)
        if rung is None:
            continue
        limit = next((limit for limit in LIMITS if limit in rung.ended), None)
        if limit is not None:
            found.append(
                Flaw(
                    kind=FlawKind.BUDGET,
                    claim=f"The {name} reference did not fit into the budget: {rung.ended}. The baseline did.",
                    mend=f"raise the limit of {limit} in [budget], or say that no more than the baseline is wanted",
                    blocks=name == "sound" or "sound" not in by_name or bool(by_name["sound"].ended),
                )
            )
        found += [
            Flaw(
                kind=FlawKind.BUDGET,
                claim=f"The {name} reference used {use.share:.0%} of the limit of {use.what} ({use.phase}).",
                mend="leave room, so that a busy machine ends nobody's run",
                blocks=False,
            )
            for use in rung.uses
            if use.share is not None and use.share >= NEAR and not rung.ended
        ]
    return found


def _ceiling(by_name: Mapping[str, Rung]) -> list[Flaw]:
    perfect = [rung.name for rung in by_name.values() if rung.name in GOOD and rung.lift and _is_perfect(rung.lift)]
    if len(perfect) < len(GOOD):
        return []
    return [
        Flaw(
            kind=FlawKind.DISGUISE,
            claim=f"Sound and strong both come within {NOTHING:.0%} of a perfect score: some column tells the answer, "
            "or the question is too easy to tell anybody apart.",
            mend="look for the column that tells it, and take it out of data.known_at_prediction",
        )
    ]


def _is_perfect(lift: Lift) -> bool:
    perfect, base, value = METRICS[lift.metric].perfect, lift.baseline.value, lift.candidate.value
    return base is not None and value is not None and abs(perfect - value) <= NOTHING * abs(perfect - base)


def _metric(by_name: Mapping[str, Rung], proper: Mapping[str, tuple[Estimate, Estimate]]) -> list[Flaw]:
    metric = next((rung.lift.metric for rung in by_name.values() if rung.lift), "")
    found = []
    for name, (seen, true) in proper.items():
        if seen.value is None or true.low is None or true.low <= 0:
            continue
        against = seen.high is not None and seen.high < 0
        is_still = seen.low is None and seen.value == 0.0  # no row moves it, so that it has no interval
        if against or (metric in CALLED and (is_still or (seen.low is not None and seen.low <= 0))):
            found.append((name, seen, true, against))
    if not found:
        return []
    name, seen, true, against = found[-1]
    says = "says that it is worse" if against else "cannot tell them apart"
    return [
        Flaw(
            kind=FlawKind.METRIC,
            claim=f"The {name} reference forecasts better than the baseline by a proper score (gain {_shown(true)}), "
            f"and {metric} {says} ({_shown(seen)}): what they differ in does not move it.",
            mend="choose a metric that ranks or reads chances (roc_auc, pr_auc, brier_loss, log_loss), or a "
            "threshold that the decision really has",
        )
    ]


def _feedback(feedback: Mapping[str, tuple[Estimate, Estimate]]) -> list[Flaw]:
    found = []
    for name, (early, final) in feedback.items():
        if early.low is None or early.high is None or final.low is None or final.high is None:
            continue
        is_against = (early.high < 0 < final.low) or (final.high < 0 < early.low)
        if is_against or early.high < final.low or final.high < early.low:
            says = "the other way round on" if is_against else "another on"
            found.append(
                Flaw(
                    kind=FlawKind.FEEDBACK,
                    claim=f"The {name} reference has a lift of {_shown(early)} on the feedback rows and {says} the "
                    f"final rows, {_shown(final)}: interim scores lead astray.",
                    mend="take feedback rows and final rows from like times and places, or leave feedback out",
                    blocks=is_against,
                )
            )
    return found


def _target(by_name: Mapping[str, Rung], target: LiftTarget) -> list[Flaw]:
    reached = [rung for rung in by_name.values() if rung.lift and (rung.lift.estimate.value or 0.0) >= target.target]
    reached = [rung for rung in reached if rung.name in (*GOOD, AGENT)]
    lifts = [by_name[name].lift for name in GOOD if name in by_name]
    known = [lift.estimate for lift in lifts if lift and lift.estimate.value is not None]
    if reached or not known:
        return []
    best = max(known, key=lambda one: one.value or 0.0)
    is_out = best.high is not None and best.high < target.target
    asked = f"the target of {target.target:.3g}"
    claim = f"The better of sound and strong has a lift of {_shown(best)}, and {asked} lies "
    claim += (
        "above its whole interval." if is_out else "inside of its interval: whether it can be reached is not shown."
    )
    return [
        Flaw(
            kind=FlawKind.TARGET,
            claim=claim,
            mend=f"ask for a target of at most {max(best.value or 0.0, target.minimum):.2g}, give more columns or "
            "budget, or show with --agent that it can be reached",
            blocks=is_out,
        )
    ]


def _separation(by_name: Mapping[str, Rung]) -> list[Flaw]:
    if any(name not in by_name for name in GOOD) or BASELINE not in by_name:
        return []
    good = [by_name[name] for name in GOOD if not (name == "strong" and _is_over_budget(by_name[name]))]
    lower = [rung for rung in by_name.values() if rung.name not in (*GOOD, AGENT)]
    worst, best = min(good, key=_rank), max(lower, key=_rank)
    found = []
    passing = [rung for rung in lower if _rank(rung) >= PASSING]
    if _rank(worst) <= _rank(best) or _rank(worst) < PASSING:
        landed = ", ".join(f"{rung.name} {rung.band.value}" for rung in (*lower, *good))
        if passing:
            lift = max((rung.lift.estimate.value or 0.0) for rung in passing if rung.lift)
            mend = f"raise lift.minimum above {lift:.3g}, which the {passing[-1].name} reference reaches"
        else:
            mend = "keep more rows or clusters for the final rows, lower lift.minimum, or give more to learn from"
        claim = f"Sound and strong do not both pass in a higher band than the others: {landed}."
        found.append(Flaw(kind=FlawKind.SEPARATION, claim=claim, mend=mend))
    else:
        found += [_passing(rung) for rung in passing]
    if len(good) > 1 and _rank(by_name["strong"]) < _rank(by_name["sound"]):
        claim = "The strong reference lands below the sound one."
        mend = "look at its card: what it does more does not pay under this brief"
        found.append(Flaw(kind=FlawKind.SEPARATION, claim=claim, mend=mend))
    return found


def _passing(rung: Rung) -> Flaw:
    """A lower reference that passes below sound and strong: a leak or no change never may, mediocre work by choice."""
    lift = rung.lift.estimate.value if rung.lift else None
    reached = "" if lift is None else f" of {lift:.3g}"
    return Flaw(
        kind=FlawKind.SEPARATION,
        claim=f"The {rung.name} reference lands on {rung.band.value} with a lift{reached}, though sound and strong "
        "land higher.",
        mend=f"raise lift.minimum above the lift{reached}, unless such work is to pass",
        blocks=rung.name != "mediocre",
    )


def _is_over_budget(rung: Rung) -> bool:
    return any(limit in rung.ended for limit in LIMITS)


def _rank(rung: Rung) -> int:
    return ORDER.index(rung.band)


def _shown(estimate: Estimate) -> str:
    value = f"{estimate.value:+.3g}" if estimate.value is not None else "undefined"
    return (
        value
        if estimate.low is None or estimate.high is None
        else f"{value} [{estimate.low:+.3g}, {estimate.high:+.3g}]"
    )


def told(card: Card) -> tuple[Finding, ...]:
    """Return the findings of a card that somebody has to look at."""
    return tuple(finding for finding in card.findings if finding.ending in TOLD)
