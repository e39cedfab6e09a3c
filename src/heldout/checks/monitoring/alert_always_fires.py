"""Finds alerts that fire while nothing is wrong."""

import re

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.monitoring_evidence import AlertTrial
from heldout.core.repository import shown

MEANT = ("watchdog", "deadman", "heartbeat", "alwaysfiring")
"""Words in the name of an alert that fires all the time on purpose, so that its silence is noticed."""

SHOWN = 10
"""At most so many alerts are shown."""

MINIMUM_EFFECT = 1
"""Alerts that fire in the clean control."""


@check("MON004")
def alert_always_fires(alert_trial: AlertTrial) -> Answer:
    """Ask whether every alert stays silent while all series are steady and well inside the thresholds.

    ## Why it matters
    Who is woken for nothing switches the alert off, and the true one with it.

    ## Example
    `feature_psi >= 0` is true of every feature at any time. `up == 1` was meant the other way round.

    ## What to do
    Replay a quiet day by `promtool test rules` with `exp_alerts: []`, and mend what fires.

    ## Limits
    The clean control lies well inside the thresholds, with noise of 5 %, counters growing and every target up; where
    a threshold leaves no such place (below 0 for a duration, above 1 for a share), the metric takes what it can.
    Whether a threshold is wise is not asked: 0.01 may be one for a stability index, and real noise above it. An alert
    with one of these words in its name is meant to fire all the time and is told as a caution: {MEANT}. Over one
    metric or none firing is strong, over several a suspicion. One alert suffices ({MINIMUM_EFFECT}); at most {SHOWN}
    are shown.
    """
    played = [one for one in alert_trial.alerts if not one.unclear]
    if not played:
        return not_applicable("The repository has no alert that could be exercised.")
    firing = [one for one in played if one.in_clean]
    meant = [one for one in firing if any(word in re.sub(r"\W|_", "", one.alert).lower() for word in MEANT)]
    wrong = [one for one in firing if one not in meant]
    measures = (
        Measure(name="alerts that fired on clean series", estimate=counted(len(firing), n=len(played)), unit="alerts"),
    )
    witnesses = [
        Witness(kind="file", where=one.path, note=f"{shown(one.alert, 80)}: fires in the clean control")
        for one in (*wrong, *meant)
    ][:SHOWN]
    if wrong:
        return problem(
            f"Alerts that fire while nothing is wrong: {len(wrong)} of {len(played)}.",
            Certainty.STRONG if any(one.metrics <= 1 for one in wrong) else Certainty.SUSPECT,
            to_do="Write a promtool test of a quiet day with exp_alerts: [], and mend the rules that fire in it.",
            measures=measures,
            witnesses=witnesses,
        )
    if meant:
        claim = f"Alerts that fire all the time, as their names say: {len(meant)} of {len(played)}."
        return caution(claim, measures=measures, witnesses=witnesses)
    return clear(f"Alerts that stayed silent in the clean control: {len(played)} of {len(played)}.", measures=measures)
