"""The area under the ROC curve from labels and scores, equal scores counted half."""

from random import Random

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
def auc(labels, scores):
    positives = sum(labels)
    negatives = len(labels) - positives
    if positives == 0 or negatives == 0:
        return None
    order = sorted(range(len(scores)), key=lambda row: scores[row])
    total, start = 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        rank = (start + 1 + end) / 2
        total += rank * sum(labels[row] for row in order[start:end])
        start = end
    return (total - positives * (positives + 1) / 2) / (positives * negatives)
"""


def oracle(labels: list[int], scores: list[float]) -> float | None:
    """Compare every positive with every negative."""
    positive = [score for label, score in zip(labels, scores, strict=True) if label]
    negative = [score for label, score in zip(labels, scores, strict=True) if not label]
    pairs = [(a > b) + 0.5 * (a == b) for a in positive for b in negative]
    return sum(pairs) / len(pairs) if pairs else None


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    labels = [int(rng.random() < 0.3) for _ in range(60)] + [0, 1]
    scores = [round(rng.gauss(label, 1.5), 9) for label in labels]
    coarse = [float(round(score)) for score in scores]
    many = [0, 1] * 20_000
    calls = [
        ("no rows", [], []),
        ("one class", [1, 1, 1], [0.2, 0.4, 0.9]),
        ("one class", [0, 0], [0.2, 0.4]),
        ("scores without ties", labels, scores),
        ("ties count a half", labels, coarse),
        ("ties count a half", [0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]),
        ("unsorted rows", [1, 0, 1, 0], [0.9, 0.1, 0.3, 0.4]),
        ("extreme scores", [0, 1, 0, 1], [-1e300, 1e300, 0.0, 1e-300]),
    ]
    cases = [Case(test=test, arguments=(a, b), wanted=oracle(a, b)) for test, a, b in calls]
    wide = [label + 10 * (row % 7) for row, label in enumerate(many)]
    return (*cases, Case(test="many rows", arguments=(many, wide), wanted=_by_counts(many, wide)))


def _by_counts(labels: list[int], scores: list[int]) -> float:
    """Return the same from the counts of each score, for many rows of few scores."""
    counts = {score: [0, 0] for score in sorted(set(scores))}
    for label, score in zip(labels, scores, strict=True):
        counts[score][label] += 1
    below = won = 0.0
    for negatives, positives in counts.values():
        won += positives * (below + negatives / 2)
        below += negatives
    return won / (below * sum(labels))


TASK = Task(
    family=Family.METRIC,
    name="auc-with-ties",
    title="AUC with ties",
    statement="Write the area under the ROC curve: the chance that a positive row scores above a negative one.",
    function="auc",
    signature="def auc(labels: list[int], scores: list[float]) -> float | None:",
    inputs=("labels: 0 or 1 per row", "scores: one number per row, higher for the positive class, in any order"),
    outputs=("a number from 0 to 1", "None where it is undefined"),
    edges=(
        "a pair of equal scores counts a half",
        "no rows, or one class only: None",
        "40,000 rows take a second or so: comparing all pairs does not end in time",
    ),
    baseline="Two loops over all pairs of a positive and a negative row: right, and quadratic.",
    trace=Trace(
        arguments=([1, 0, 1, 0], [0.8, 0.8, 0.6, 0.1]),
        result=0.625,
        way="Pairs: 0.8 and 0.8 count 0.5, 0.8 and 0.1 count 1, 0.6 and 0.8 count 0, 0.6 and 0.1 count 1: 2.5 of 4.",
    ),
    tests={
        "no rows": "empty lists",
        "one class": "labels that are all the same",
        "scores without ties": "62 rows with different scores",
        "ties count a half": "rows of both classes with equal scores",
        "unsorted rows": "four rows in no order",
        "extreme scores": "scores of very different sizes",
        "many rows": "40,000 rows with few different scores",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="ties are ranked in the order in which they come",
            changes=(("scores[order[end]] == scores[order[start]]", "end == start"),),
            fails=("ties count a half",),
        ),
        Slip(
            mistake="one class is not looked for",
            changes=(("if positives == 0 or negatives == 0:\n        return None\n    ", ""),),
            fails=("one class", "no rows"),
        ),
        Slip(
            mistake="ranks begin at 0",
            changes=(("(start + 1 + end) / 2", "(start + end) / 2"),),
            fails=("unsorted rows",),
        ),
    ),
    point=Point(
        name="AUC and the threshold",
        says="AUC says nothing about one threshold, so precision at the threshold in use has to be watched.",
        anchors=(("auc", "ranking", "order*"), ("threshold*", "precision", "calibrat*", "base rate")),
        probe=Probe(
            ask="What does a good AUC leave open?",
            options=("Whether the ranking is good", "How good the threshold in use is", "Whether there are ties"),
            right=1,
        ),
    ),
)
