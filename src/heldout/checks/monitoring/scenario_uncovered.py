"""Finds what goes wrong without any alert firing."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.monitoring_evidence import SCENARIOS, AlertTrial
from heldout.core.repository import shown

FEW = 2
"""Up to so many scenarios without an alert are a caution; more are a problem."""

MINIMUM_EFFECT = 3
"""Scenarios in which no alert fires."""


@check("MON008")
def scenario_uncovered(alert_trial: AlertTrial) -> Answer:
    """Ask whether some alert fires when data drift, answers get slow, the CPU burns, a target is gone, data are late.

    ## Why it matters
    These are how a model in production usually goes wrong, and none of them raises an error message.

    ## Example
    A repository alerts on latency and CPU. The job that writes the features stops, the old ones are served for a week.

    ## What to do
    Add an alert for each scenario that has none, with a test that shows it firing.

    ## Limits
    In a scenario the metrics that speak of it by their names change (`psi`, `duration`, `cpu`, `up`, `age`); metrics
    with other names follow what their alert is for, told by its name, expression and texts. Alerts that fire in the
    clean control cover nothing, and alerts that could not be exercised are not counted. What watches elsewhere
    (Grafana, a cloud) is not seen. Up to {FEW} scenarios without an alert are a caution; from {MINIMUM_EFFECT} on it
    is a suspicion.
    """
    if not alert_trial.alerts:
        return not_applicable("The repository has no alert that could be exercised.")
    useful = [one for one in alert_trial.alerts if not one.in_clean]
    fired = {name: [one for one in useful if name in dict(one.fired)] for name in SCENARIOS}
    missing = [name for name in SCENARIOS if not fired[name]]
    measures = (
        Measure(
            name="scenarios in which an alert fires",
            estimate=counted(len(SCENARIOS) - len(missing), n=len(SCENARIOS)),
            unit="scenarios",
        ),
    )
    witnesses = [
        Witness(
            kind="file",
            where=alerts[0].path,
            note=f"{name}: {shown(alerts[0].alert, 80)} after {dict(alerts[0].fired)[name]:g} s "
            f"(meant for {alerts[0].purpose}, told by {shown(alerts[0].told_by, 60)})",
        )
        for name, alerts in fired.items()
        if alerts
    ]
    if not missing:
        return clear(f"An alert fires in each of {', '.join(SCENARIOS)}.", measures=measures, witnesses=witnesses)
    claim = f"No alert fires in {', '.join(missing)}."
    to_do = f"Add an alert for {', '.join(missing)}, with a promtool test that shows it firing."
    if len(missing) <= FEW:
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses)
