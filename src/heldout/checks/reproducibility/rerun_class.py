"""Compares how closely the reruns agreed with the lowest class that the brief accepts."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted, undefined
from heldout.core.evidence import Rerun
from heldout.core.finding import Answer, Certainty, clear, not_applicable, problem
from heldout.stats.reproducibility import REPRODUCIBILITY_CLASSES, class_rank

CLASSES = REPRODUCIBILITY_CLASSES
"""The weakest first."""

MINIMUM_EFFECT = 1
"""Classes below the lowest that the brief accepts."""


@check("REP001")
def rerun_class(rerun: Rerun) -> Answer:
    """Ask whether running the submission again gives the same predictions, as closely as the brief asks.

    ## Why it matters
    A result that cannot be had twice cannot be checked, compared with the next one, or mended when it goes wrong.

    ## Example
    A program draws from a generator that it never seeds: two runs with one seed differ by 0.04 in their predictions,
    and the brief accepts a difference of 0.000001.

    ## What to do
    Seed every generator from HELDOUT_SEED. Fix the order of threads, files and sets that the result depends on.

    ## Limits
    The classes, the weakest first: {CLASSES}. They are told on one machine with one interpreter and one environment;
    another processor may round differently. It promises to find a class that is {MINIMUM_EFFECT} below the lowest
    that the brief accepts.
    """
    if rerun.reruns < 1:
        return not_applicable("The submission was not run again.")
    method = "maximum over runs"
    largest = (
        undefined("running it again failed", n=rerun.reruns, method=method)
        if rerun.largest_difference is None
        else counted(rerun.largest_difference, n=rerun.reruns, method=method)
    )
    measures = (
        Measure(name="largest difference between two runs", estimate=largest, unit="prediction"),
        Measure(
            name="difference within tolerance",
            estimate=counted(rerun.tolerance, n=rerun.reruns, method="the brief"),
            unit="prediction",
        ),
    )
    told = f"{rerun.reruns} runs with the same seed" if rerun.reruns > 1 else "A rerun with the same seed"
    told = f"{told} reached the class {rerun.reproducibility}; the brief asks for {rerun.lowest}"
    why = f": {rerun.explanation.strip().rstrip('.')}" if rerun.explanation.strip() else ""
    claim = f"{told}{why}."
    if class_rank(rerun.reproducibility) >= class_rank(rerun.lowest):
        return clear(claim, measures=measures)
    return problem(
        claim,
        Certainty.PROVEN,
        to_do="Seed every generator from HELDOUT_SEED, and take parallelism and iteration order out of the result.",
        measures=measures,
    )
