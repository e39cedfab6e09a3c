"""Finds drift detectors that miss drift, or ring on days without any."""

import math
from statistics import NormalDist

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.monitoring_evidence import DriftTrial
from heldout.core.repository import shown
from heldout.stats.proportions import clopper_pearson, wilson

POWER = 0.8
"""A detector finds drift of the smallest size asked for in this share of the episodes, or more."""

MINIMUM_EFFECT = 1
"""1 is a detector that never rings, or rings every day."""


@check("MON009")
def drift_detector_power(drift_trial: DriftTrial) -> Answer:
    """Ask whether the drift detector finds drift of the size that matters, and is silent on days without any.

    ## Why it matters
    A detector is judged by two numbers: how often it rings for nothing, and how small a change it still hears.

    ## Example
    A detector compares each of 20 columns at p < .05 and rings on two days of three, drift or no drift.

    ## What to do
    Set the threshold from days without drift, for the rate of false alarms that the brief allows; then look at which
    size it finds, and how late.

    ## Limits
    Days are made of rows of the training table: without drift as they are, with drift by moving one column. A shift
    is in standard deviations; a change of categories or of missing values moves as much probability. Drift of several
    columns, slow drift and a changed relation to the target are not tried. It is judged at the smallest shift that the
    brief asks for and a day's rows can show to a test of means. A problem is strong: the share of episodes found at
    that shift is below {POWER} with its whole 95 % Wilson interval, or the exact lower 95 % bound of the false alarms
    lies above what the brief allows. Between that and the opposite it is a caution. It promises to find a detector
    that never rings or always does ({MINIMUM_EFFECT}).
    """
    trial = drift_trial
    if not trial.is_asked:
        return not_applicable("The brief asks for no drift detector, and the submission has none.")
    if trial.failed:
        return problem(
            f"The drift detector gave no answer: {shown(trial.failed, 200)}.",
            Certainty.PROVEN,
            to_do="Add a [drift] section to submission.toml with a command that answers every day.",
            measures=[Measure(name="days answered", estimate=counted(0, n=max(trial.clean_days, 1)), unit="days")],
        )
    findable = _findable(trial)
    sizes = [one for one in trial.detected if one.size >= max(trial.smallest_shift, findable) * (1 - 1e-9)]
    asked = sizes[0] if sizes else trial.detected[-1]
    found = wilson(asked.found, asked.episodes)
    alarms = clopper_pearson(trial.false_alarms, trial.clean_days)
    least = clopper_pearson(trial.false_alarms, trial.clean_days, side="lower").low or 0.0
    most = clopper_pearson(trial.false_alarms, trial.clean_days, side="upper").high or 1.0
    measures = (
        Measure(name=f"episodes found at {asked.size:g} SD", estimate=found, unit="share"),
        Measure(name="days without drift that ring", estimate=alarms, unit="share"),
    )
    witnesses = [
        Witness(
            kind="rows",
            where=f"days moved by {one.size:g} SD",
            note=f"{one.found} of {one.episodes} episodes found{_late(one.delays)}",
        )
        for one in trial.detected
    ]
    per_month, allowed = 30 * trial.false_alarms / trial.clean_days, 30 * trial.allowed_per_day
    less = f" (days of {trial.rows_per_day} rows show no less than {findable:.2g})"
    less = less if asked.size > trial.smallest_shift else ""
    rang = f"{trial.false_alarms} of {trial.clean_days}, {per_month:.2g} a month where {allowed:.2g} are allowed"
    said = (
        f"Drift of {asked.size:g} SD{less} is found in {asked.found} of {asked.episodes} episodes; days without drift "
        f"that ring: {rang}."
    )
    to_do = "Set the detector's threshold from days without drift, and look at what size it finds then."
    low, high = found.low or 0.0, 1.0 if found.high is None else found.high
    if (high < POWER and sizes) or least > trial.allowed_per_day:
        return problem(said, Certainty.STRONG, to_do=to_do, measures=measures, witnesses=witnesses)
    if low >= POWER and (most <= trial.allowed_per_day or trial.false_alarms == 0):
        return clear(said, measures=measures, witnesses=witnesses)
    return caution(f"{said[:-1]}; more days would tell.", to_do=to_do, measures=measures, witnesses=witnesses)


def _findable(trial: DriftTrial) -> float:
    """Return the shift, in SD, that a test of each column's mean finds on most days at the allowed alarms."""
    level = min(max(trial.allowed_per_day, 1e-6) / (2 * max(trial.columns, 1)), 0.4)
    quantile = NormalDist().inv_cdf
    return (quantile(1 - level) + quantile(POWER)) / math.sqrt(max(trial.rows_per_day, 1))


def _late(delays: tuple[int, ...]) -> str:
    return f", in the median on day {sorted(delays)[len(delays) // 2]}" if delays else ""
