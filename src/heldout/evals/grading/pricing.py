"""Prices the gap between reported and supported: repeats the submission's own evaluation with its defects mended."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from heldout.core.card import Price
from heldout.core.errors import CandidateFailure
from heldout.core.estimate import Estimate, undefined
from heldout.core.evidence import TimeOrder
from heldout.evals.grading.environment import Built
from heldout.evals.grading.journal import sha256_of
from heldout.evals.grading.runs import Dataset, Predicted, Runner
from heldout.evals.parquet import column_names
from heldout.evals.submission import ReportedSection
from heldout.sandbox import Limits, call

__all__ = ["PRICING_ROWS", "Pricing", "price"]

PRICING_ROWS = 200_000
"""Training rows that the folds are cut from, drawn by the grader's seed; the intervals say what that costs."""
LIMITS = Limits(wall_seconds=300, cpu_seconds=120, memory_mb=4096)
ESTIMATE = TypeAdapter(Estimate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """The prices; the score that the submission's own protocol gives when repeated; how that protocol's times lie."""

    prices: tuple[Price, ...]
    own_protocol: Estimate
    time_order: TimeOrder | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Which splits (own first, mended last) and column variants (used first, withheld last) are run."""

    splits: tuple[str, ...]
    variants: tuple[str, ...]
    withheld: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The runs, each "split variant", the submission's own protocol first."""
        return tuple(f"{split} {variant}" for split in self.splits for variant in self.variants)

    @property
    def pairs(self) -> Mapping[str, tuple[str, str]]:
        """The differences asked for: the cell with the defect, and the one without it."""
        first, last = self.splits[0], self.splits[-1]
        used, withheld = self.variants[0], self.variants[-1]
        pairs = {}
        if withheld != used:
            pairs["columns first"] = (f"{first} {used}", f"{first} {withheld}")
            pairs["columns last"] = (f"{last} {used}", f"{last} {withheld}")
        if last != first:
            pairs["split first"] = (f"{first} {used}", f"{last} {used}")
            pairs["split last"] = (f"{first} {withheld}", f"{last} {withheld}")
        return pairs


def price(runner: Runner, built: Built, *, seed: int) -> Pricing | None:
    """Rerun a program on folds of the training table: its own split and columns against mended ones.

    None when it reports neither a random split where the brief knows a time, nor a column that is not available.
    Raises RunFailure when the machine failed; a cell in which the submission fails leaves its prices undefined.
    """
    plan = _plan(runner, built.program.contract.reported)
    if plan is None:
        return None
    folds, said = _folds(runner, plan, seed)
    plan = replace(plan, splits=tuple(split for split in plan.splits if split in said))
    if not plan.splits:
        return None
    ran: dict[str, Predicted] = {}
    failed: dict[str, str] = {}
    for cell in plan.cells:
        try:
            ran[cell] = _run(runner, built, folds, cell, seed)
        except CandidateFailure as failure:
            failed[cell] = str(failure)
    estimates = _score(runner, plan, folds, ran, failed)
    times = said.get("random")
    return Pricing(
        prices=_prices(plan, estimates),
        own_protocol=estimates[plan.cells[0]],
        time_order=TimeOrder(**times) if times else None,
        note=f"folds of {said['sampled']:,} of {said['rows']:,} training rows, one seed",
    )


def _plan(runner: Runner, reported: ReportedSection) -> _Plan | None:
    brief = runner.brief
    there = column_names(runner.train_table.path)
    late = set(reported.features) - brief.available - {brief.data.target}
    withheld = tuple(sorted(late & set(there)))
    is_random = reported.split == "random" and brief.data.time is not None
    if not withheld and not is_random:
        return None
    splits = ("random", "forward") if is_random else ("random" if brief.data.time is None else "forward",)
    return _Plan(splits=splits, variants=("used", "withheld") if withheld else ("used",), withheld=withheld)


def _folds(runner: Runner, plan: _Plan, seed: int) -> tuple[Path, Mapping[str, Any]]:
    data, train = runner.brief.data, runner.train_table
    request = {
        "train": str(train.path),
        "key": data.key,
        "target": data.target,
        "time": data.time,
        "known": sorted(runner.brief.available),
        "extra": list(plan.withheld),
        "splits": list(plan.splits),
        "variants": list(plan.variants),
        "rows": PRICING_ROWS,
        "seed": seed,
    }

    def work(folder: Path) -> Mapping[str, Any]:
        return call("heldout.evals.grading.folds", {**request, "folder": str(folder)}, limits=LIMITS)

    inputs = {**request, "train": train.sha256}
    step = runner.journal.step("folds", inputs, work)
    return step.folder, step.result


def _run(runner: Runner, built: Built, folds: Path, cell: str, seed: int) -> Predicted:
    split, variant = cell.split()
    train, test = (
        Dataset(path=path, sha256=sha256_of(path))
        for path in (folds / split / variant / "train.parquet", folds / split / variant / "test.parquet")
    )
    label = f" (price: {cell})"
    trained = runner.train(built, train, seed=seed, label=label)
    return runner.predict(built, trained, test, label=label)


def _score(
    runner: Runner, plan: _Plan, folds: Path, ran: Mapping[str, Predicted], failed: Mapping[str, str]
) -> Mapping[str, Estimate]:
    """Return the score of every cell by its name, and the difference of every pair by its own."""
    data = runner.brief.data
    table = {"key": data.key, "target": data.target, "positive": data.positive, "cluster": data.cluster}
    tables = {
        split: {
            **table,
            "features": str(folds / split / "used" / "test.parquet"),
            "answers": str(folds / split / "answers.parquet"),
        }
        for split in dict.fromkeys(cell.split()[0] for cell in ran)
    }
    pairs = {name: list(pair) for name, pair in plan.pairs.items() if not failed.keys() & set(pair)}
    question = {"question": "prices", "metric": runner.brief.metric.name, "tables": tables, "differences": pairs}

    def work(_folder: Path) -> Mapping[str, Any]:
        cells = {cell: {"table": cell.split()[0], "predictions": str(run.array)} for cell, run in ran.items()}
        return call("heldout.evals.grading.scorer", {**question, "cells": cells}, limits=LIMITS)

    inputs = {**question, "version": version("heldout"), "cells": {cell: run.digest for cell, run in ran.items()}}
    said = runner.journal.step("prices", inputs, work).result
    estimates = {name: ESTIMATE.validate_python(plain) for part in said.values() for name, plain in part.items()}
    for name, cells in {**{cell: (cell,) for cell in plan.cells}, **plan.pairs}.items():
        if broken := [failed[cell] for cell in cells if cell in failed]:
            estimates[name] = undefined(broken[0], n=0, method="rerun")
    return estimates


def _prices(plan: _Plan, estimates: Mapping[str, Estimate]) -> tuple[Price, ...]:
    prices = []
    if "columns first" in estimates:
        what = f"column {plan.withheld[0]}" if len(plan.withheld) == 1 else f"columns {', '.join(plan.withheld)}"
        prices.append(
            Price(
                what=what,
                certainty="proven",
                first_in=estimates["columns first"],
                last_in=estimates["columns last"],
            )
        )
    if "split first" in estimates:
        prices.append(
            Price(
                what="random split",
                certainty="proven",
                first_in=estimates["split first"],
                last_in=estimates["split last"],
            )
        )
    return tuple(sorted(prices, key=lambda price: -_size(price)))


def _size(price: Price) -> float:
    return price.first_in.value if price.first_in.value is not None else -math.inf
