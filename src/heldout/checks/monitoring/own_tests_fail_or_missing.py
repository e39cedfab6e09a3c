"""Finds alert rules without promtool tests, and tests that fail."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.monitoring_evidence import AlertTrial
from heldout.core.repository import shown

SHOWN = 10
"""At most so many files are shown."""

MINIMUM_EFFECT = 1
"""Test files that fail or are missing."""


@check("MON005")
def own_tests_fail_or_missing(alert_trial: AlertTrial) -> Answer:
    """Ask whether the repository's own promtool tests are there and pass.

    ## Why it matters
    An expression that nobody has seen firing is a guess. `promtool test rules` shows it in a tenth of a second.

    ## Example
    The rule's `for` was changed from 10m to 30m, and the test that expects it after 15m was not run since.

    ## What to do
    Write a test per alert, in which it has to fire and has to stay silent, and run `promtool test rules` in CI.

    ## Limits
    A test is a YAML file with `rule_files` and `tests`. It is run beside the rules as both lie in the repository, with
    nothing else than YAML beside them; tests that load files which a build makes cannot run, and are told as a
    caution. Tests of another kind (a script, Grafana's) are not seen. One file suffices ({MINIMUM_EFFECT}); at most
    {SHOWN} are shown.
    """
    tests = alert_trial.own_tests
    if not alert_trial.alerts and not tests:
        return not_applicable("The repository has no alert to be tested.")
    if not tests:
        return problem(
            f"The repository has no promtool test for its alerts; alerts: {len(alert_trial.alerts)}.",
            Certainty.PROVEN,
            to_do="Write a promtool test for each alert, in which it has to fire and has to stay silent.",
            measures=[Measure(name="test files", estimate=counted(0, n=len(alert_trial.alerts)), unit="files")],
        )
    unmade = [one for one in tests if one.missing and not one.loads]
    failing = [one for one in tests if not one.passed and one not in unmade]
    measures = (Measure(name="test files that fail", estimate=counted(len(failing), n=len(tests)), unit="files"),)
    witnesses = [
        *(Witness(kind="file", where=one.path, note=one.why) for one in failing[:SHOWN]),
        *(
            Witness(kind="file", where=one.path, note=f"loads what is not there: {shown(', '.join(one.missing))}")
            for one in tests
            if one.missing
        ),
    ][: 2 * SHOWN]
    if failing:
        return problem(
            f"Test files that fail under {alert_trial.judge}: {len(failing)} of {len(tests)}.",
            Certainty.PROVEN,
            to_do="Run promtool test rules on these files, and mend the rules or the tests.",
            measures=measures,
            witnesses=witnesses,
        )
    if any(one.missing for one in tests):
        claim = (
            f"Test files that load rules which are not in the repository: {sum(bool(one.missing) for one in tests)}."
        )
        to_do = "Commit the rule files that the tests load, or let them load the shipped ones."
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    return clear(f"Test files that pass under {alert_trial.judge}: {len(tests)} of {len(tests)}.", measures=measures)
