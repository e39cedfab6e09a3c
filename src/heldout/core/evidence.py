"""The small named pieces of evidence that checks look at beside profiles, repositories and lifts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "AlertRules",
    "Availability",
    "BaselineScores",
    "ClassPredictions",
    "CopyOverlap",
    "DecisionContext",
    "EntityOverlap",
    "Predictions",
    "Reported",
    "ReportedThreshold",
    "Rerun",
    "RulesVerdict",
    "Slices",
    "TimeOrder",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityOverlap:
    """How the entities of the test rows meet those of the train rows.

    `column` is the declared key; `test_rows` all test rows with a key, `shared_rows` those whose key is in train;
    `test_entities` and `shared_entities` the same in distinct keys; `examples` a few shared keys.
    """

    column: str
    test_rows: int
    shared_rows: int
    test_entities: int
    shared_entities: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOverlap:
    """How many test rows equal a train row in every column that both tables have.

    `with_label` tells whether the target is among these columns. The chance level is the rate at which a train row
    equals another row of an equally large draw from train: `reference_shared` of `reference_rows` rows.
    `by_class` are the copied test rows per class of the label. `examples` are test row numbers, first is 0.
    """

    with_label: bool
    test_rows: int
    shared_rows: int
    reference_rows: int
    reference_shared: int
    by_class: Mapping[str, int]
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOrder:
    """When the train and test rows happened, as ISO texts, and how many test rows are not after the last train row."""

    column: str
    train_first: str
    train_last: str
    test_first: str
    test_last: str
    test_rows: int
    not_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """What is known at prediction time, and which columns a model uses.

    `known` and `used` are column names; `said_by` names who said what is known ("the brief", "cols.txt").
    """

    known: frozenset[str]
    used: tuple[str, ...]
    said_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A score that somebody reports: metric, value, how it was evaluated, and the interval if one was given."""

    metric: str
    value: float
    low: float | None = None
    high: float | None = None
    evaluated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """Scores for test rows: `score` and `label` of shape (n,), cluster codes of shape (n,) or None.

    For a classifier `label` is 0 or 1 and `score` the positive class's score; for regression both are in label units.
    """

    metric: str
    label: NDArray[np.float64]
    score: NDArray[np.float64]
    cluster: NDArray[np.int64] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineScores:
    """What rules without a model score on the rows of the predictions: by name, each of shape (n,), in their order."""

    scores: Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPredictions:
    """Predicted classes for test rows: codes into `classes`, `label` and `predicted` each of shape (n,).

    `metric` is "recall", "precision", "f1" or "accuracy", and `average` "macro", "micro" or "weighted": what one
    number was reported over all classes.
    """

    classes: tuple[str, ...]
    label: NDArray[np.int64]
    predicted: NDArray[np.int64]
    metric: str
    average: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """Groups that the rows of the predictions fall into: by column, codes of shape (n,), -1 where missing.

    `names` holds, by column, the name of each code.
    """

    codes: Mapping[str, NDArray[np.int64]]
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """What scores are judged by, and what they are for, as far as somebody said so.

    `metric` is what they are judged by. The costs are those of a wrong call beyond the right one, `capacity` the number
    of scored rows that can be acted on, `needs_probability` that the score is read as one; `horizon` how far the
    decision looks ahead and `scored_horizon` how far the labels do, as texts, empty where unknown.
    """

    metric: str
    false_positive_cost: float | None = None
    false_negative_cost: float | None = None
    capacity: int | None = None
    needs_probability: bool = False
    horizon: str = ""
    scored_horizon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedThreshold:
    """The threshold at which a score was reported, the metric it was chosen for, and on which rows; empty: not said."""

    value: float
    metric: str = ""
    chosen_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """What running the same submission again with the same seed gave.

    `reproducibility` is "bitwise", "tolerance", "statistical" or "fails"; `lowest` the class that the brief asks for
    at least; `reruns` the number of runs compared, the first one included; `largest_difference` the largest
    |Δprediction| between them, None where there is but one because running it again failed.
    """

    reproducibility: str
    lowest: str
    reruns: int
    largest_difference: float | None
    tolerance: float
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRules:
    """The alert rules of a repository: (path, alert name, expression) of each; paths that could not be parsed."""

    rules: tuple[tuple[str, str, str], ...]
    unreadable: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesVerdict:
    """What judged the rule files: `promtool` with its version, or our parser; and (path, message) per refusal."""

    judge: str
    files: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
