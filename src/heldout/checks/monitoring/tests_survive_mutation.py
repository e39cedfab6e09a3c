"""Finds alert tests that notice nothing when the rules are changed."""

from heldout.core.check import check
from heldout.core.estimate import Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.monitoring_evidence import AlertTrial
from heldout.core.repository import shown
from heldout.stats.proportions import wilson

GOOD = 0.8
"""A share of mutants found from which on nothing is to be mended."""

HALF = 0.5
"""Tests that find less than this share are worth little, when the interval lies below it."""

SHOWN = 12
"""At most so many survivors are shown."""

MINIMUM_EFFECT = 1
"""Alerts that can be deleted without any test noticing."""


@check("MON007")
def tests_survive_mutation(alert_trial: AlertTrial) -> Answer:
    """Ask whether the repository's own tests fail when its rules are changed.

    ## Why it matters
    A test that passes with the rule deleted proves nothing of the rule.

    ## Example
    A test expects no alert on quiet series, and never one on loud series: it passes with any threshold.

    ## What to do
    For each alert, expect it just above the threshold and after its `for`, and expect silence just below and before.

    ## Limits
    Each rule is deleted, its threshold multiplied by 0.1 and by 10, its comparison turned round, its `for` made a day
    longer, one at a time; a test file that fails has found the mutant. Where the tests load a copy of the rules, none
    is found. An alert that can be deleted unnoticed is a proven problem ({MINIMUM_EFFECT} suffices); a share found
    whose 95 % interval lies below {HALF} is a strong one; below {GOOD} it is a caution. The interval takes mutants as
    independent, which those of one rule are not quite. At most {SHOWN} survivors are shown.
    """
    mutants = alert_trial.mutants
    if not mutants:
        why = alert_trial.unmutated[0][1] if alert_trial.unmutated else "no test of the repository passes on its rules"
        return not_applicable(f"The rules were not changed: {why}.")
    killed = sum(one.killed for one in mutants)
    share = wilson(killed, len(mutants))
    survivors = [one for one in mutants if not one.killed]
    deleted = [one for one in survivors if one.is_deletion]
    alerts = sum(one.is_deletion for one in mutants)
    measures = (
        Measure(name="mutants found by the tests", estimate=share, unit="share"),
        Measure(name="alerts that can be deleted unnoticed", estimate=wilson(len(deleted), alerts), unit="share"),
    )
    witnesses = [
        Witness(
            kind="file", where=one.path, note=f"{shown(one.alert, 60)}: {shown(one.change, 80)}, and all tests pass"
        )
        for one in (*deleted, *(one for one in survivors if not one.is_deletion))[:SHOWN]
    ]
    score = f"mutants found by the tests: {killed} of {len(mutants)}"
    to_do = "Test each alert just above and just below its threshold, and just after and just before its for."
    if deleted:
        claim = f"Alerts that can be deleted without a test noticing: {len(deleted)} of {alerts}; {score}."
        return problem(claim, Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=witnesses)
    if share.high is not None and share.high < HALF:
        claim = f"The tests notice few changes of the rules; {score}."
        return problem(claim, Certainty.STRONG, to_do=to_do, measures=measures, witnesses=witnesses)
    if killed < GOOD * len(mutants):
        return caution(
            f"The tests miss changes of the rules; {score}.", to_do=to_do, measures=measures, witnesses=witnesses
        )
    return clear(f"The tests notice changes of the rules; {score}.", measures=measures, witnesses=witnesses)
