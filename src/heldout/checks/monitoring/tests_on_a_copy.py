"""Finds alert tests that load a copy of the rules instead of the rules."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.monitoring_evidence import AlertTrial, RulesCopy
from heldout.core.repository import shown

SHOWN = 10
"""At most so many files are shown."""

MINIMUM_EFFECT = 1
"""Rule files of which a copy is tested instead."""


@check("MON006")
def tests_on_a_copy(alert_trial: AlertTrial) -> Answer:
    """Ask whether the tests load the rules that are shipped.

    ## Why it matters
    A copy passes its tests for ever, whatever becomes of the rules that Prometheus loads.

    ## Example
    `tests/rules.yml` has the alerts of `deploy/alerts.yml` as they were in spring. In June the latter lost a `> `.

    ## What to do
    Let `rule_files` of the tests point at the shipped file.

    ## Limits
    A copy is a rule file that tests load, with the name of an alert in another rule file that no test loads. Where it
    lies among tests and the other does not, that is proven; otherwise it may be the rules of another environment, and
    is a suspicion. Scripts that run promtool on rules written inside of them are a suspicion too: the text is not run.
    One file suffices ({MINIMUM_EFFECT}); at most {SHOWN} are shown.
    """
    if not alert_trial.own_tests and not alert_trial.copies:
        return not_applicable("The repository has no promtool test.")
    shipped = sorted({one.shipped for one in alert_trial.copies})
    loaded = {path for test in alert_trial.own_tests for path in test.loads}
    n = len(loaded | set(shipped))
    measures = (
        Measure(name="rule files of which a copy is tested", estimate=counted(len(shipped), n=n), unit="files"),
    )
    if not shipped:
        claim = f"The tests load the shipped rules; rule files loaded: {len(loaded)}."
        return clear(claim, measures=measures)
    certain = [one for one in alert_trial.copies if one.in_test_place and not one.inline]
    others = [one for one in alert_trial.copies if one not in certain]
    differ = sorted({name for one in alert_trial.copies for name in one.differ})
    said = f"; alerts that say something else there by now: {len(differ)}" if differ else ""
    first = (*certain, *others)[0]
    return problem(
        f"The tests load {shown(first.tested, 80)}, not {shown(first.shipped, 80)}, which has the same alerts{said}.",
        Certainty.PROVEN if certain else Certainty.SUSPECT,
        to_do="Let rule_files of the tests point at the rules that Prometheus loads, and remove the copy.",
        measures=measures,
        witnesses=[_witness(one) for one in (*certain, *others)[:SHOWN]],
    )


def _witness(one: RulesCopy) -> Witness:
    how = "writes these alerts itself" if one.inline else "is tested instead"
    differ = f"; different by now: {shown(', '.join(one.differ), 80)}" if one.differ else ""
    return Witness(kind="file", where=one.shipped, note=f"{shown(one.tested, 80)} {how}{differ}")
