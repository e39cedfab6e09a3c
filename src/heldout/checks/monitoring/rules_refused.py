"""Finds rule files that Prometheus would not load."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import RulesVerdict
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem

SHOWN = 10
"""At most this many files are shown."""

MINIMUM_EFFECT = 1
"""Rule files refused."""


@check("MON002")
def rules_refused(rules_verdict: RulesVerdict) -> Answer:
    """Ask whether promtool accepts the rule files.

    ## Why it matters
    Prometheus loads all of its rule files or none: one typing error, and no alert of the repository exists.

    ## Example
    `for: 5min` is no duration; promtool says "not a valid duration string".

    ## What to do
    Run `promtool check rules FILES` before each commit.

    ## Limits
    Where promtool is not installed, Heldout's own parser looks at the structure, not at expressions, and the answer
    says so; what it refuses is strong, what promtool refuses is proven. Which version judged matters: newer ones know
    more functions. A rule that loads may still never fire. One file suffices ({MINIMUM_EFFECT}); at most {SHOWN} are
    shown.
    """
    verdict = rules_verdict
    if not verdict.files:
        return not_applicable("The repository has no rule file.")
    share = counted(len(verdict.refused) / len(verdict.files), n=len(verdict.files))
    measures = (Measure(name="rule files refused", estimate=share, unit="share"),)
    if not verdict.refused:
        return clear(f"No rule file was refused by {verdict.judge}; files: {len(verdict.files)}.", measures=measures)
    witnesses = [Witness(kind="file", where=path, note=why) for path, why in verdict.refused[:SHOWN]]
    return problem(
        f"Rule files refused by {verdict.judge}: {len(verdict.refused)} of {len(verdict.files)}.",
        Certainty.PROVEN if verdict.judge.startswith("promtool ") else Certainty.STRONG,
        to_do="Run promtool check rules on these files, and mend what it names.",
        measures=measures,
        witnesses=witnesses,
    )
