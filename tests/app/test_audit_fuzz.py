"""Audits of random small tables under random declarations: a verdict that keeps to its schema, or BadInput."""

import json
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from jsonschema import Draft202012Validator

import heldout
from heldout.core.errors import BadInput
from heldout.core.finding import Ending
from heldout.report.json import schema, to_json

SEEDS, CASES = range(10), 12
SIZES = (1, 2, 5, 30, 60, 150, 400)
EXTREMES = (np.inf, -np.inf, 0.0, 1.0, 1e308, -1e308, 5e-324, -0.0)
NAMES = (
    "x",
    " ",
    "<b>",
    "\x1b[31m",
    "new\nline",
    "😀",
    "l" * 300,
    "id",
    "time",
    "user_id",
    "fold",
    "date",
    "row",
    "q\"'",
)
WORDS = ("foo", "bar", "é", "😀", "<script>", "\x1b[31m", "\n", "x" * 300)


def column(rng: np.random.Generator, n: int) -> pa.Array:
    """Make a column of a random type, some of its values missing."""
    kinds = (
        lambda: pa.array(rng.normal(size=n)),
        lambda: pa.array(rng.integers(0, 3, n)),
        lambda: pa.array(rng.integers(-(2**62), 2**62, n)),
        lambda: pa.array(np.arange(n)),
        lambda: pa.array(rng.choice(EXTREMES, n)),
        lambda: pa.array(np.full(n, 7.5)),
        lambda: pa.array(rng.choice(["a", "b", "c"], n)),
        lambda: pa.array([f"user_{i % max(n // 3, 1)}_{i}" for i in range(n)]),
        lambda: pa.array([" ".join(rng.choice(WORDS, 12)) for _ in range(n)]),
        lambda: pa.array(rng.integers(0, 2, n).astype(bool)),
        lambda: pa.array(rng.integers(-62_135_596_800, 253_402_300_799, n)).cast(pa.timestamp("s")),
        lambda: pa.array(rng.integers(0, 2**62, n)).cast(pa.timestamp("ns")),
        lambda: pa.array([[1, 2]] * n),
        lambda: pa.DictionaryArray.from_arrays(pa.array(rng.integers(0, 3, n), pa.int32()), ["u", None, "v"]),
        lambda: pa.array(rng.integers(0, 2**63, n).astype(np.uint64) * np.uint64(2)),
        lambda: pa.array(rng.choice(["2024-01-01", "01/02/2024", "Jan 3 2024", ""], n)),
    )
    array = kinds[rng.integers(len(kinds))]()
    share = rng.choice([0, 0.1, 0.6, 1.0], p=[0.5, 0.25, 0.2, 0.05])
    if not share or pa.types.is_nested(array.type) or pa.types.is_dictionary(array.type):
        return array
    return pc.if_else(pa.array(rng.random(n) < share), pa.scalar(None, array.type), array)


def target(rng: np.random.Generator, n: int) -> pa.Array:
    """Make a target that can mostly be one."""
    kinds = (
        lambda: pa.array((rng.random(n) < rng.choice([0.5, 0.1, 0.01])).astype(int)),
        lambda: pa.array(rng.normal(size=n)),
        lambda: pa.array(rng.choice(["a", "b", "c"], n)),
        lambda: pa.array(np.sort(rng.integers(0, 2, n))),
        lambda: pa.array(rng.choice([0.5, 1.5, 2.5], n)),
        lambda: column(rng, n),
    )
    return kinds[rng.choice(len(kinds), p=[0.4, 0.15, 0.15, 0.1, 0.1, 0.1])]()


def parted(rng: np.random.Generator, table: pa.Table) -> tuple[pa.Table, pa.Table | None]:
    """Return train and test: a split, the same rows twice, other rows with types of their own, or no test."""
    way, n = rng.random(), len(table)
    if way < 0.4 or n < 2:
        return table, None
    if way < 0.6:
        order = rng.permutation(n)
        return table.take(pa.array(order[: n // 2 + 1])), table.take(pa.array(order[n // 2 + 1 :]))
    if way < 0.75:
        return table, table.slice(0, max(n // 3, 1))
    test = table.take(pa.array(rng.integers(0, n, n))).select(list(rng.permutation(table.column_names)))
    for place, field in enumerate(test.schema):
        if pa.types.is_integer(field.type) and rng.random() < 0.5:
            test = test.set_column(place, field.name, test[field.name].cast(pa.float64(), safe=False))
    return table, test


def declarations(rng: np.random.Generator, table: pa.Table, test: pa.Table | None) -> Mapping[str, Any]:
    """Declare some columns, a reported score or predictions."""
    names = [name for name in table.column_names if name != "y"]
    given: dict[str, Any] = {"test": test, "price": rng.random() < 0.15, "seed": int(rng.integers(5))}
    for option in ("time", "entity", "fold"):
        if rng.random() < 0.25:
            given[option] = str(rng.choice(names))
    if "time" in given and rng.random() < 0.5:
        given["horizon"] = str(rng.choice(["7d", "99999d", "3", "1e9"]))
    if rng.random() < 0.2:
        given |= {"reported": float(rng.choice([0.0, 0.5, 1.0])), "evaluations": int(rng.choice([1, 50, 10**9]))}
    if rng.random() < 0.2:
        given["known_at_prediction"] = [str(rng.choice(names))]
    if test is not None and rng.random() < 0.2:
        given["predictions"] = pa.table({"score": rng.random(len(test))})
    return given


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_table_gives_a_sound_verdict_or_bad_input(seed: int) -> None:
    validator, verdicts = Draft202012Validator(schema("verdict")), 0
    for case in range(CASES):
        rng = np.random.default_rng([seed, case])
        n = int(rng.choice(SIZES))
        chosen = rng.permutation(NAMES)[: rng.integers(1, 8)]
        table = pa.table({str(name): column(rng, n) for name in chosen} | {"y": target(rng, n)})
        train, test = parted(rng, table)
        given = declarations(rng, train, test)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                verdict = heldout.audit(train, target="y", **given)
        except BadInput:
            continue
        verdicts += 1
        assert not [f.answer.claim for f in verdict.findings if f.ending is Ending.CRASHED], (seed, case)
        assert verdict.score is None or "stand-in" not in verdict.score.headline, verdict.score.headline
        validator.validate(json.loads(to_json(verdict), parse_constant=pytest.fail))
    assert verdicts, "every case was refused, so nothing was tried"
