"""What a question may look at: types, and how they are read out of a bundle. Nothing of a submission is run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from heldout.core.card import Card
from heldout.core.errors import BadInput, CandidateFailure, RunFailure
from heldout.core.estimate import Estimate
from heldout.evals.brief import Brief, open_brief
from heldout.evals.bundle.layout import TRAIN, Bundle
from heldout.evals.grading.scoring import LIMITS, QUESTION
from heldout.evals.submission import Submission
from heldout.sandbox import Limits, call

__all__ = [
    "Drift",
    "Fallback",
    "Files",
    "Line",
    "Movers",
    "Period",
    "Rule",
    "Spans",
    "WorstDay",
    "WorstSlice",
    "gather",
]

FINAL, ANSWERS = "eval/data/final.parquet", "eval/answers/final.parquet"
LABELS, TABLES, FILES = (
    "heldout.evals.grading.moments",
    "heldout.evals.walkthrough.tables",
    "heldout.evals.walkthrough.files",
)
READING = Limits(wall_seconds=300, cpu_seconds=120, memory_mb=4096)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a file of the submission, as it is quoted."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An alert: where it stands, what it asks, how long that has to be true; None where the text does not tell."""

    path: str
    line: int | None
    alert: str
    expression: str
    wait: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the submission's files say: alerts, lines that speak of a fallback, and lines that name a late column."""

    alerts: tuple[Rule, ...]
    fallback: tuple[Line, ...]
    named: Mapping[str, tuple[Line, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """When training and final rows lie, in days; final rows later than all training rows, and in months it never has.

    `unseen` are (column, values, final rows) of values that no training row has, of columns that the model uses.
    """

    column: str
    train_first: str
    train_last: str
    final_first: str
    final_last: str
    train_rows: int
    final_rows: int
    later: int
    absent_months: tuple[str, ...]
    absent_rows: int
    unseen: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """PSI against the training table by column, a value for each of `days` of the final rows, None where undefined."""

    days: tuple[str, ...]
    psi: Mapping[str, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstDay:
    """The day of the final rows that was furthest from what the predictions expected, of `days`.

    `observed` is its mean label and `usual` that of the other days; `metric` and `others` the metric on both.
    """

    day: str
    days: int
    observed: Estimate
    expected: float
    usual: Estimate
    metric: Estimate
    others: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The period of the final rows whose base rate is furthest from that of all.

    `whole` is the metric on all final rows, `at_rate` the same with classes weighted to the period's base rate,
    `inside` on the period's own rows; precision the same at `threshold`, which calls a share `called` of all
    rows; None where there is no such call.
    """

    name: str
    rows: int
    rate: Estimate
    whole_rate: Estimate
    whole: Estimate
    at_rate: Estimate
    inside: Estimate
    threshold: float | None
    called: float | None = None
    precision: Estimate | None = None
    precision_at_rate: Estimate | None = None
    precision_inside: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstSlice:
    """The value of a column whose rows have surely the largest error, of `slices` that were looked at."""

    column: str
    value: str
    rows: int
    slices: int
    inside: Estimate
    outside: Estimate
    ratio: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Movers:
    """The clusters that move the lift most, whether each moves it up, their share of the variance, the lift without."""

    names: tuple[str, ...]
    up: tuple[bool, ...]
    share: float
    rows: int
    without: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """What the baseline does worse than the submission, in the metric's units: the price of falling back to it."""

    loss: Estimate


FROM_LABELS = {"worst_day": WorstDay, "period": Period, "worst_slice": WorstSlice, "movers": Movers}
NAMES = {"day": "worst_day", "slice": "worst_slice"}
NO_SUCH = {
    "worst_day": "there is no day that can be told from others: no time, too few rows a day, or no probabilities",
    "period": "there are no two periods with both classes, or the target is a number",
    "worst_slice": "the model uses no column with a few values, known in time, with enough rows of each",
    "movers": "rows are not clustered, in too few clusters, or no cluster moves the lift",
    "spans": "the brief names no time",
    "drift": "the brief names no time",
}
NO_LABELS = "this bundle is open: it has no labels"
NO_SCORE = "the submission has no score"
SEALED_ALONE = frozenset({"spans", "drift", *FROM_LABELS, "fallback"})
"""Evidence that an open bundle has not, as it takes the tables or the labels of the eval."""


def gather(bundle: Bundle) -> tuple[Mapping[str, object], Mapping[str, str]]:
    """Return the evidence by name, and why what is missing is missing. Raises BadInput for a file that is no such."""
    card = bundle.card()
    brief = open_brief(bundle.path("brief.toml")).brief
    said = _called(FILES, {"tree": str(bundle.path("tree")), "commit": bundle.commit, "available": [*brief.available]})
    contract = Submission.model_validate(said["contract"])
    evidence: dict[str, object] = {
        "card": card,
        "brief": brief,
        "contract": contract,
        "files": _read(Files, {name: said[name] for name in ("alerts", "fallback", "named")}),
    }
    missing: dict[str, str] = {}
    columns = _columns(brief, contract)
    for part in (_tables(bundle, brief, columns), _labels(bundle, brief, card, columns)):
        evidence |= part[0]
        missing |= part[1]
    return evidence, missing


Part = tuple[dict[str, object], dict[str, str]]


def _tables(bundle: Bundle, brief: Brief, columns: list[str]) -> Part:
    names = ("spans", "drift")
    if not all(bundle.path(name).is_file() for name in (TRAIN, FINAL)):
        return {}, dict.fromkeys(names, "the bundle has no tables of the eval")
    paths = {"train": str(bundle.path(TRAIN)), "final": str(bundle.path(FINAL))}
    said = _called(TABLES, {**paths, "time": brief.data.time, "columns": columns})
    kinds = {"spans": Spans, "drift": Drift}
    found = {name: _read(kinds[name], said[name]) for name in names if said[name] is not None}
    return found, {name: NO_SUCH[name] for name in names if name not in found}


def _labels(bundle: Bundle, brief: Brief, card: Card, columns: list[str]) -> Part:
    names = (*FROM_LABELS, "fallback")
    if card.lift is None:
        return {}, dict.fromkeys(names, NO_SCORE)
    if not all(bundle.path(name).is_file() for name in (FINAL, ANSWERS, f"score/{QUESTION}")):
        return {}, dict.fromkeys(names, NO_LABELS)
    question = bundle.plain(f"score/{QUESTION}")
    try:
        request = {
            "table": {
                **{name: question["table"][name] for name in ("key", "target", "positive", "cluster")},
                "features": str(bundle.path(FINAL)),
                "answers": str(bundle.path(ANSWERS)),
            },
            **{
                side: [str(bundle.path(f"score/{name}")) for name in question[side]]
                for side in ("candidate", "baseline")
            },
            "metric": brief.metric.name,
            "scale": brief.lift.scale.value,
            "time": brief.data.time,
            "columns": columns,
        }
    except (KeyError, TypeError) as error:
        raise BadInput(f"score/{QUESTION} is not what a grading wrote: {error}", where=str(bundle.folder)) from None
    said = _called(LABELS, request)
    found: dict[str, object] = {"fallback": Fallback(loss=_read(Estimate, said["fallback"]))}
    for key in ("day", "period", "slice", "movers"):
        name = NAMES.get(key, key)
        if said[key] is not None:
            found[name] = _read(FROM_LABELS[name], said[key])
    return found, {name: NO_SUCH[name] for name in FROM_LABELS if name not in found}


def _columns(brief: Brief, contract: Submission) -> list[str]:
    """Return the columns of the model that are known in time, but key, time and cluster."""
    aside = {brief.data.key, brief.data.time, brief.data.cluster}
    return [name for name in dict.fromkeys(contract.reported.features) if name in brief.available - aside]


def _called(module: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Call one of the reading processes; what it cannot read is bad input, whoever made the bundle."""
    limits = LIMITS if module == LABELS else READING
    try:
        return call(module, request, limits=limits, blame=CandidateFailure)
    except RunFailure as failure:
        raise BadInput(
            f"the bundle cannot be read: {str(failure).splitlines()[0][:200]}",
            expected="a bundle as `heldout eval bundle` writes it",
            mend="heldout eval verify BUNDLE says what is wrong with it",
        ) from failure


def _read(kind: Any, plain: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(plain)
    except ValidationError as error:  # our own processes wrote it: a defect, told as what it is
        raise TypeError(f"{kind.__name__}: {error}") from error
