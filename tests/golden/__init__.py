"""Runs a file of worked cases against Heldout's public functions: `python -m tests.golden FILE`.

A case names its method, input, expected values and tolerance; data files lie beside FILE. The modules of `adapters`
only hand a case's input to a function and pick the answer's fields: the arithmetic is Heldout's. Expected values that
no function gives are out of scope and listed; a case without any other is out of scope as a whole.
"""

import csv
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tests.golden import adapters
from tests.golden.adapters import Adapter, Answers, Columns

__all__ = ["Outcome", "check", "check_file", "main"]

ADAPTERS: tuple[Adapter, ...] = tuple(
    adapter
    for module in sorted(name for _, name, _ in pkgutil.iter_modules(adapters.__path__))
    for adapter in importlib.import_module(f"{adapters.__name__}.{module}").ADAPTERS
)


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


def check(case: Mapping[str, Any], folder: Path) -> Outcome:
    """Put one case to Heldout; its data files lie in `folder`."""
    given, expected = case["input"], case["expected"]
    answers: Answers = {}
    first = given[0] if isinstance(given, list) else given
    for method, needs, answer in ADAPTERS:
        if re.search(method, case["method"], re.IGNORECASE) and set(needs) <= set(first):
            try:
                answers = answer(given, _columns(folder, first.get("file")))
            except Exception as error:  # a case that Heldout refuses is a case that it fails
                return Outcome(id=case["id"], compared=tuple(expected), wrong=(f"raised {error!r}",))
            break
    compared = [key for key in expected if key in answers]
    wrong = [
        f"{key}: expected {wanted}, got {got} (tolerance {tolerance:g})"
        for key in compared
        for wanted, got in _pairs(expected[key], answers[key])
        for tolerance in (_tolerance(case["tolerance"], key),)
        if got is None or not abs(got - wanted) <= max(tolerance, tolerance * abs(wanted))
    ]
    beyond = [key for key in expected if key not in answers]
    return Outcome(id=case["id"], compared=tuple(compared), wrong=tuple(wrong), beyond=tuple(beyond))


def _pairs(wanted: Any, got: Any) -> Iterator[tuple[float, float | None]]:
    if isinstance(wanted, Mapping):
        yield from (pair for key in wanted for pair in _pairs(wanted[key], got[key]))
    elif isinstance(wanted, list):
        yield from (pair for w, g in zip(wanted, got, strict=True) for pair in _pairs(w, g))
    else:
        yield wanted, got


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
