"""Finds a class that one number over all classes hides."""

import math

import numpy as np

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure
from heldout.core.evidence import ClassPredictions
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.stats import clopper_pearson

GATE = 0.2  # points by which a class may lie below the average
SHOWN = 5
MINIMUM_EFFECT = 0.75
"""Share of the rows of one of five classes, 100 of 2,000, that are called something else."""


@check("MET009")
def averaging_hides_a_class(class_predictions: ClassPredictions) -> Answer:
    """Find a class that lies far below the average that is reported over all classes.

    ## Why it matters
    A weighted or micro average is that of the commonest classes; a macro average is lifted by easy ones. The class that
    the model was built for may be the one that it does not know.

    ## Example
    Weighted F1 .93 over five defects; the rare crack, one row in a hundred, has F1 .21.

    ## What to do
    Report the metric per class with its rows and interval; choose the average by what a mistake costs in each class.

    ## Limits
    Per class the interval is exact (Clopper-Pearson; for F1 that of hits among the rows that are, or are called, of the
    class). A class is far below when it lies more than {GATE} under the average, by bounds corrected over classes
    (Bonferroni): `suspect`, as rare and hard classes are innocent reasons. The average is that of these rows. It
    promises to find a share of {MINIMUM_EFFECT} of a class of 100 rows called something else.
    """
    evidence = class_predictions
    if len(evidence.classes) < 2 or not len(evidence.label):
        return not_applicable("There are fewer than two classes, or no rows.")
    metric = "recall" if evidence.metric == "accuracy" else evidence.metric
    counts = _counts(evidence, metric)
    present = [code for code, (_, n) in enumerate(counts) if n]
    alpha = alpha_of("metric") / max(len(present), 1)
    bounds = {code: _estimate(*counts[code], metric, 1 - 2 * alpha) for code in present}
    average, low, high = _average(evidence, bounds)
    below = {code: _below(average, low, high, bounds[code]) for code in present}
    worst = sorted(present, key=lambda code: (bounds[code].value or 0.0, code))
    far = [code for code in worst if below[code][0] > GATE]
    shown = (far or worst)[:SHOWN]
    measures = [
        Measure(name=f"{metric} of {evidence.classes[code]}", estimate=_estimate(*counts[code], metric, 0.95))
        for code in shown
    ]
    name, value = evidence.classes[shown[0]], bounds[shown[0]].value or 0.0
    told = f"{metric} of {name} is {value:.3g}, and the {evidence.average} average over all classes {average:.3g}"
    if far:
        return problem(
            f"{told}.",
            Certainty.SUSPECT,
            to_do=f"Report {metric} per class, and choose the average by what a mistake costs.",
            measures=measures,
            witnesses=tuple(Witness(kind="rows", where=evidence.classes[code], note="a class") for code in far[:SHOWN]),
        )
    if all(most <= GATE for _, most in below.values()):
        return clear(f"{told}: no class is far below.", measures=measures)
    return caution(f"{told}: whether a class is far below cannot be told at this n.", measures=measures)


def _counts(evidence: ClassPredictions, metric: str) -> list[tuple[int, int]]:
    """Count, per class, hits and the rows that the metric takes them from."""
    k = len(evidence.classes)
    hits = np.bincount(evidence.label[evidence.label == evidence.predicted], minlength=k)
    are, called = np.bincount(evidence.label, minlength=k), np.bincount(evidence.predicted, minlength=k)
    of = {"recall": are, "precision": called, "f1": are + called - hits}[metric]
    return [(int(hit), int(n)) for hit, n in zip(hits, of, strict=True)]


def _estimate(hits: int, n: int, metric: str, level: float) -> Estimate:
    share = clopper_pearson(hits, n, level)
    if metric != "f1" or share.value is None or share.low is None or share.high is None:
        return share
    value, low, high = (2 * part / (1 + part) for part in (share.value, share.low, share.high))  # Dice from Jaccard
    return Estimate(value=value, low=low, high=high, n=n, method="Clopper-Pearson of the overlap", level=level)


def _average(evidence: ClassPredictions, bounds: dict[int, Estimate]) -> tuple[float, float, float]:
    """Return the average, and how far down and up its own error reaches (Zou & Donner's squares)."""
    rows = np.bincount(evidence.label, minlength=len(evidence.classes)).astype(np.float64)
    weight = {code: 1.0 if evidence.average == "macro" else float(rows[code]) for code in bounds}
    total = sum(weight.values()) or 1.0
    if evidence.average == "micro":
        hits = int(np.count_nonzero(evidence.label == evidence.predicted))
        whole = clopper_pearson(hits, len(evidence.label), next(iter(bounds.values())).level)
        value = whole.value or 0.0
        return value, value - (whole.low or 0.0), (whole.high or 1.0) - value
    value = sum(weight[c] * (b.value or 0.0) for c, b in bounds.items()) / total
    down = math.hypot(*(weight[c] / total * ((b.value or 0.0) - (b.low or 0.0)) for c, b in bounds.items()))
    up = math.hypot(*(weight[c] / total * ((b.high or 0.0) - (b.value or 0.0)) for c, b in bounds.items()))
    return value, down, up


def _below(average: float, down: float, up: float, one: Estimate) -> tuple[float, float]:
    """Return the bounds of how far one class lies below the average."""
    value, low, high = one.value or 0.0, one.low or 0.0, one.high or 0.0
    return average - value - math.hypot(down, high - value), average - value + math.hypot(up, value - low)
