"""Prices the gap between reported and supported: repeats the submission's own evaluation with its defects mended."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from heldout.core.card import Price
from heldout.core.errors import CandidateFailure
from heldout.core.estimate import Estimate, undefined
from heldout.core.evidence import TimeOrder
from heldout.evals.grading.environment import Built
from heldout.evals.grading.journal import sha256_of
from heldout.evals.grading.runs import Dataset, Runner
from heldout.evals.parquet import column_names
from heldout.evals.submission import ReportedSection
from heldout.sandbox import Limits, call

__all__ = ["PRICING_ROWS", "Pricing", "price"]

PRICING_ROWS = 40_000
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


def price(runner: Runner, built: Built, *, seed: int) -> Pricing | None:
    """Rerun a program on folds of the training table: its own split and columns against mended ones.

    None when it reports neither a random split where the brief knows a time, nor a column that is not available.
    Raises RunFailure when the machine failed; a cell in which the submission fails leaves its prices undefined.
    """
    plan = _plan(runner, built.program.contract.reported)
    if plan is None:
        return None
    folds, said = _folds(runner, plan, seed)
    plan = _Plan(
        splits=tuple(split for split in plan.splits if split in said), variants=plan.variants, withheld=plan.withheld
    )
    failed: dict[str, str] = {}
    cells: dict[str, dict[str, str]] = {}
    for split in plan.splits:
        for variant in plan.variants:
            name = f"{split} {variant}"
            try:
                cells[name] = {
                    "table": split,
                    "predictions": str(_run(runner, built, folds / split / variant, name, seed)),
                }
            except CandidateFailure as failure:
                failed[name] = str(failure)
    differences = _differences(plan)
    scored = _score(runner, folds, cells, {k: v for k, v in differences.items() if not failed.keys() & set(v)})
    estimates: Mapping[str, Estimate] = {
        name: undefined(f"{next(failed[cell] for cell in pair if cell in failed)}", n=0, method="rerun")
        if failed.keys() & set(pair)
        else ESTIMATE.validate_python(scored["differences"][name])
        for name, pair in differences.items()
    }
    own_cell = f"{plan.splits[0]} {plan.variants[0]}"
    own_protocol = (
        undefined(failed[own_cell], n=0, method="rerun")
        if own_cell in failed
        else ESTIMATE.validate_python(scored["scores"][own_cell])
    )
    times = said.get("random")
    return Pricing(
        prices=_prices(plan, estimates),
        own_protocol=own_protocol,
        time_order=TimeOrder(**times) if times else None,
        note=f"folds of {said['sampled']:,} of {said['rows']:,} training rows, one seed",
    )


def _plan(runner: Runner, reported: ReportedSection) -> _Plan | None:
    brief = runner.brief
    known = {*brief.data.known_at_prediction, brief.data.key}
    there = column_names(runner.train_table.path)
    withheld = tuple(sorted({n for n in reported.features if n not in known and n in there and n != brief.data.target}))
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
        "known": [*data.known_at_prediction, *([data.cluster] if data.cluster else [])],
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


def _run(runner: Runner, built: Built, fold: Path, name: str, seed: int) -> Path:
    train = Dataset(path=fold / "train.parquet", sha256=sha256_of(fold / "train.parquet"))
    test = Dataset(path=fold / "test.parquet", sha256=sha256_of(fold / "test.parquet"))
    label = f" (price: {name})"
    trained = runner.train(built, train, seed=seed, label=label)
    return runner.predict(built, trained, test, label=label).array


def _differences(plan: _Plan) -> dict[str, tuple[str, str]]:
    """Return the pairs of cells, defect first and mended second, whose difference is asked for."""
    own_split, mended_split = plan.splits[0], plan.splits[-1]
    used, withheld = plan.variants[0], plan.variants[-1]
    pairs = {}
    if withheld != used:
        pairs["columns first"] = (f"{own_split} {used}", f"{own_split} {withheld}")
        pairs["columns last"] = (f"{mended_split} {used}", f"{mended_split} {withheld}")
    if mended_split != own_split:
        pairs["split first"] = (f"{own_split} {used}", f"{mended_split} {used}")
        pairs["split last"] = (f"{own_split} {withheld}", f"{mended_split} {withheld}")
    return pairs


def _score(
    runner: Runner, folds: Path, cells: Mapping[str, Mapping[str, str]], differences: Mapping[str, tuple[str, str]]
) -> Mapping[str, Any]:
    data = runner.brief.data
    tables = {
        split: {
            "features": str(folds / split / "used" / "test.parquet"),
            "answers": str(folds / split / "answers.parquet"),
            "key": data.key,
            "target": data.target,
            "positive": data.positive,
            "cluster": data.cluster,
        }
        for split in dict.fromkeys(cell["table"] for cell in cells.values())
    }
    return call(
        "heldout.evals.grading.scorer",
        {
            "question": "prices",
            "metric": runner.brief.metric.name,
            "tables": tables,
            "cells": {name: dict(cell) for name, cell in cells.items()},
            "differences": {name: list(pair) for name, pair in differences.items()},
        },
        limits=LIMITS,
    )


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
                certainty="strong",
                first_in=estimates["split first"],
                last_in=estimates["split last"],
            )
        )
    return tuple(sorted(prices, key=lambda price: -_size(price)))


def _size(price: Price) -> float:
    return price.first_in.value if price.first_in.value is not None else -math.inf
