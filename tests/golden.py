"""Runs a file of worked cases against Heldout's public functions: `python -m tests.golden FILE`.

A case names its method, input, expected values and tolerance; data files lie beside FILE. What is here only hands a
case's input to a function and picks the answer's fields: the arithmetic is Heldout's. Expected values that no function
gives are out of scope and listed; a case without any other is out of scope as a whole.
"""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from heldout import stats

Case = Mapping[str, Any]
Answers = dict[str, Any]
Columns = Callable[[str], np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one case came to: `wrong` holds a sentence per value that is off; `beyond` the values out of scope."""

    id: str
    compared: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    beyond: tuple[str, ...] = field(default=())

    @property
    def status(self) -> str:
        if not self.compared:
            return "out of scope"
        return "failed" if self.wrong else "passed"


def _auc(given: Case, column: Columns) -> Answers:
    label, score = column(given["label"]) == given["positive"], column(given["score"])
    auc = stats.auc_delong(label, score, given.get("conf", 0.95))
    return {"auc": auc.value, "lo": auc.low, "hi": auc.high, "var": stats.delong_covariance(label, [score])[0, 0]}


def _paired_auc(given: Case, column: Columns) -> Answers:
    label = column(given["label"]) == given["positive"]
    test = stats.delong_test(label, column(given["score_a"]), column(given["score_b"]))
    return {"z": test.z, "p": test.p_value, "cov": test.covariance}


def _auc_of_ratings(given: Case, column: Columns) -> Answers:
    counts = (given["rating_counts_negative"], given["rating_counts_positive"])
    rating = np.concatenate([np.repeat(np.arange(len(count)), count) for count in counts])
    label = np.repeat([0, 1], [sum(count) for count in counts])
    auc = stats.METRICS["roc_auc"].value(label, rating)
    return {"auc": auc, "auc_published": auc}


def _auc_of_rows(given: Case, column: Columns) -> Answers:
    return {"auc": stats.METRICS["roc_auc"].value(given["y"], given["s"])}


def _proportion(given: Case, column: Columns) -> Answers:
    level = given.get("conf", 0.95)
    wilson = stats.wilson(given["x"], given["n"], level)
    exact = stats.clopper_pearson(given["x"], given["n"], level)
    return {"wilson": [wilson.low, wilson.high], "clopper_pearson": [exact.low, exact.high]}


def _judged(given: Case, column: Columns) -> Answers:
    share = stats.wilson(given["pos"], given["n"], given.get("conf", 0.95))
    return {"apparent": [share.value, share.low, share.high]}


def _risk(given: Case, column: Columns) -> Answers:
    return {"upper": stats.clopper_pearson(given["errors"], given["n"], 1 - given["delta"], side="upper").high}


def _difference(given: Case, column: Columns) -> Answers:
    gap = stats.newcombe(given["x1"], given["n1"], given["x2"], given["n2"], given.get("conf", 0.95))
    return {"diff": gap.value, "lo": gap.low, "hi": gap.high}


def _clustered_mean(given: Case, column: Columns) -> Answers:
    right = column(given["y"])
    accuracy, called = stats.METRICS["accuracy"], np.ones_like(right)
    error = stats.clustered_standard_error(accuracy.influence(right, called), column(given["cluster"]))
    return {"mean": accuracy.value(right, called), "se_cluster_G_over_Gm1": error}


def _brier(given: Case, column: Columns) -> Answers:
    return {"bs": stats.METRICS["brier_loss"].value(given["y"], given["p"])}


def _log_loss(given: Case, column: Columns) -> Answers:
    return {"logloss": stats.METRICS["log_loss"].value(given["y"], given["p1"])}


def _rejections(given: Case, column: Columns) -> Answers:
    return {"holm": np.count_nonzero(stats.holm(given["p"]) <= given["alpha"])}


ADAPTERS: tuple[tuple[str, tuple[str, ...], Callable[[Case, Columns], Answers]], ...] = (
    (r"DeLong", ("file", "label", "positive", "score"), _auc),
    (r"DeLong", ("file", "label", "positive", "score_a", "score_b"), _paired_auc),
    (r"AUC", ("rating_counts_negative", "rating_counts_positive"), _auc_of_ratings),
    (r"AUC", ("y", "s"), _auc_of_rows),
    (r"Wilson|Clopper", ("x", "n"), _proportion),
    (r"Wilson", ("pos", "n"), _judged),
    (r"selective risk", ("errors", "n", "delta"), _risk),
    (r"Newcombe \(method 10\)", ("x1", "n1", "x2", "n2"), _difference),
    (r"cluster-robust SE", ("file", "cluster", "y"), _clustered_mean),
    (r"Brier", ("y", "p"), _brier),
    (r"log ?loss", ("y", "p1"), _log_loss),
    (r"Holm", ("p", "alpha"), _rejections),
)
"""What a case's method says, the input it needs, and who answers it."""


def check(case: Case, folder: Path) -> Outcome:
    """Put one case to Heldout; its data files lie in `folder`."""
    given, expected = case["input"], case["expected"]
    answers: Answers = {}
    for method, needs, answer in ADAPTERS:
        if isinstance(given, Mapping) and re.search(method, case["method"], re.IGNORECASE) and set(needs) <= set(given):
            try:
                answers = answer(given, _columns(folder, given.get("file")))
            except Exception as error:  # a case that Heldout refuses is a case that it fails
                return Outcome(id=case["id"], compared=tuple(expected), wrong=(f"raised {error!r}",))
            break
    compared = [key for key in expected if key in answers]
    wrong = [
        f"{key}: expected {wanted}, got {got} (tolerance {tolerance:g})"
        for key in compared
        for wanted, got, tolerance in _pairs(expected[key], answers[key], _tolerance(case["tolerance"], key))
        if got is None or not abs(got - wanted) <= max(tolerance, tolerance * abs(wanted))
    ]
    beyond = [key for key in expected if key not in answers]
    return Outcome(id=case["id"], compared=tuple(compared), wrong=tuple(wrong), beyond=tuple(beyond))


def _pairs(wanted: Any, got: Any, tolerance: float) -> Iterator[tuple[float, float | None, float]]:
    many = (wanted, got) if isinstance(wanted, list) else ([wanted], [got])
    yield from ((w, g, tolerance) for w, g in zip(*many, strict=True))


def _tolerance(tolerance: Any, key: str) -> float:
    return tolerance.get(key, tolerance.get("default", 0.0)) if isinstance(tolerance, dict) else tolerance


def _columns(folder: Path, file: str | None) -> Columns:
    def column(name: str) -> np.ndarray:
        assert file is not None
        with (folder / file).open(newline="") as lines:
            return np.array([float(row[name]) for row in csv.DictReader(lines)])

    return column


def check_file(path: Path) -> tuple[Outcome, ...]:
    """Put every case of a JSON file to Heldout."""
    return tuple(check(case, path.parent) for case in json.loads(path.read_text(encoding="utf-8")))


def main(arguments: Sequence[str]) -> int:
    """Print one line per case and the counts; 0 unless a case failed."""
    if len(arguments) != 1:
        print("usage: python -m tests.golden FILE", file=sys.stderr)
        return 2
    outcomes = check_file(Path(arguments[0]))
    for outcome in outcomes:
        print(f"{outcome.status:12} {outcome.id}")
        for sentence in outcome.wrong:
            print(f"{'':13}{sentence}")
        if outcome.compared and outcome.beyond:
            print(f"{'':13}compared {', '.join(outcome.compared)}; out of scope {', '.join(outcome.beyond)}")
    in_part = sum(bool(outcome.compared and outcome.beyond) for outcome in outcomes)
    print(f"{in_part} of the cases in scope are compared in part, as told above")
    count = {status: sum(o.status == status for o in outcomes) for status in ("passed", "failed", "out of scope")}
    print(", ".join(f"{number} {status}" for status, number in count.items()))
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
