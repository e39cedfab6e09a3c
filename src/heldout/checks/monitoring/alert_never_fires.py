"""Finds alerts that nothing makes fire."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.monitoring_evidence import AlertTrial
from heldout.core.repository import shown

SHOWN = 10
"""At most so many alerts are shown."""

MINIMUM_EFFECT = 1
"""Alerts that never fire."""


@check("MON003")
def alert_never_fires(alert_trial: AlertTrial) -> Answer:
    """Ask whether each alert fires when all that its expression asks for comes true.

    ## Why it matters
    A rule that cannot fire looks like a system in good health.

    ## Example
    `histogram_quantile(0.99, sum by (job) (rate(request_seconds_bucket[5m]))) > 0.5` has lost the label `le`: it is
    empty whatever the latency. `feature_psi > 25` was meant in percent.

    ## What to do
    Write a promtool test in which the alert has to fire, and mend the expression until it does.

    ## Limits
    Series are made for the metrics that the expression names: whether these exist is another question. Metrics that
    no program of the repository names and no usual exporter makes are told as a caution; a name that a program puts
    together is one of them. Values stay where such a metric can lie: `up` is 0 or 1, a share at most 1, a stability
    index at most 20, CPU at most 64 cores. Over one metric silence is strong; over several their labels were guessed
    and it is a suspicion. What could not be played is said and not counted. One alert suffices ({MINIMUM_EFFECT}); at
    most {SHOWN} are shown.
    """
    if not alert_trial.alerts:
        return not_applicable("The repository has no alert that could be exercised.")
    played = [one for one in alert_trial.alerts if not one.unclear]
    never = [one for one in played if not one.fired and not one.in_clean]
    unclear = [one for one in alert_trial.alerts if one.unclear]
    unknown = [one for one in played if one.sourceless]
    measures = (
        Measure(name="alerts that never fired", estimate=counted(len(never), n=len(played)), unit="alerts"),
        Measure(name="alerts not exercised", estimate=counted(len(unclear), n=len(alert_trial.alerts)), unit="alerts"),
    )
    said = f"; not exercised: {len(unclear)} of {len(alert_trial.alerts)}" if unclear else ""
    left = [_witness(one.path, one.alert, f"not exercised: {one.unclear}") for one in unclear[:SHOWN]]
    if never:
        certain = [one for one in never if one.metrics <= 1]
        witnesses = [
            _witness(one.path, one.alert, f"meant for {one.purpose}; silent {one.allowed:g} s into each scenario")
            for one in (*certain, *(one for one in never if one not in certain))
        ]
        return problem(
            f"Alerts that fired in no scenario: {len(never)} of {len(played)}{said}.",
            Certainty.STRONG if certain else Certainty.SUSPECT,
            to_do="Write a promtool test in which each of these alerts has to fire, and mend the rule until it does.",
            measures=measures,
            witnesses=(*witnesses[:SHOWN], *left),
        )
    if unknown:
        names = sorted({name for one in unknown for name in one.sourceless})
        witnesses = [_witness(one.path, one.alert, f"speaks of {shown(', '.join(one.sourceless))}") for one in unknown]
        return caution(
            f"Every alert fired, but no program here names {shown(names[0], 80)}; such metrics: {len(names)}{said}.",
            to_do="Make sure that these metrics are exported under these names.",
            measures=measures,
            witnesses=(*witnesses[:SHOWN], *left),
        )
    if not played:
        return caution(f"No alert could be exercised{said}.", measures=measures, witnesses=left)
    return clear(
        f"Alerts that fired when they had to: {len(played)} of {len(played)}{said}.", measures=measures, witnesses=left
    )


def _witness(path: str, alert: str, note: str) -> Witness:
    return Witness(kind="file", where=path, note=f"{shown(alert, 80)}: {note}")
