"""`heldout.audit` where numbers are extreme, classes rare, or rows few: no crash, nothing clear without evidence."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import heldout
from heldout.core.finding import Certainty, Ending

EXTREMES = [np.inf, -np.inf, 0.0, 1.0, 1e308, -1e308, 5e-324, -0.0]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def endings(table: object, **given: Any) -> dict[str, Ending]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = heldout.audit(table, target="y", **given)
    assert not [finding.answer.claim for finding in verdict.findings if finding.ending is Ending.CRASHED]
    assert verdict.score is None or "stand-in" not in verdict.score.headline, verdict.score.headline
    return {finding.code: finding.ending for finding in verdict.findings}


def test_numbers_near_the_largest_are_audited_and_fitted_without_a_warning(rng: np.random.Generator) -> None:
    table = pd.DataFrame({f"x{i}": rng.choice(EXTREMES, 300) for i in range(3)})
    table = table.assign(wide=np.exp(rng.normal(size=300) * 100), y=rng.integers(0, 2, 300))
    table["leak"] = table.y + 1
    assert endings(table)["LEK001"] is Ending.PROBLEM
    endings(table[:200], test=table[200:])


def test_a_class_that_stands_once_in_train_is_fitted(rng: np.random.Generator) -> None:
    table = pd.DataFrame({"x": rng.normal(size=2_500), "z": rng.normal(size=2_500), "y": 0})
    table.loc[[3, 10, 2_400], "y"] = 1
    test = pd.concat([table[4:300], table[2_000:]])  # with its copies away, train has one positive
    assert endings(table[:2_000], test=test)["SPL003"] is Ending.PROBLEM


def test_a_column_whose_values_leave_train_with_the_copies_is_fitted(rng: np.random.Generator) -> None:
    table = pd.DataFrame({"x": rng.normal(size=2_500), "z": np.nan, "y": rng.integers(0, 2, 2_500)})
    table.loc[[0, 1], "z"] = 1.0
    assert endings(table[:2_000], test=pd.concat([table[:300], table[2_000:]]))["SPL003"] is Ending.PROBLEM


@pytest.mark.parametrize("rows", [2, 5, 30])
def test_few_rows_clear_nothing_that_asks_for_more(rows: int, rng: np.random.Generator) -> None:
    table = pd.DataFrame(
        {"x": rng.normal(size=rows), "z": rng.normal(size=rows), "y": [0, 1] * (rows // 2) + [0] * (rows % 2)}
    )
    found = endings(table)
    assert {found[code] for code in ("LEK001", "LEK002", "LEK005", "LEK006", "LEK009")} == {Ending.NOT_APPLICABLE}


def test_an_order_of_rows_with_one_positive_is_not_cleared(rng: np.random.Generator) -> None:
    table = pd.DataFrame({"x": rng.normal(size=300), "y": [1] + [0] * 299})
    assert endings(table)["LEK006"] is Ending.CAUTION


def test_labels_of_few_rows_of_an_entity_are_compared(rng: np.random.Generator) -> None:
    table = pd.DataFrame({"x": rng.normal(size=30), "user": [0, 1] * 15, "y": rng.normal(size=30)})
    endings(table[:20], test=table[20:], entity="user")
    endings(table[:3], test=table[3:5], entity="user")


def test_times_that_microseconds_cannot_count_keep_their_order(rng: np.random.Generator) -> None:
    seconds = np.sort(rng.integers(-(2**62), 2**62, 300))
    table = pa.table({"x": rng.normal(size=300), "t": pa.array(seconds).cast(pa.timestamp("s")), "y": [0, 1] * 150})
    verdict = heldout.audit(table.slice(0, 200), test=table.slice(200), target="y", time="t", price=False)
    order = next(finding for finding in verdict.findings if finding.code == "SPL001")
    assert order.ending is not Ending.PROBLEM


def test_the_chance_that_is_told_beside_perfect_agreement_is_that_of_the_shares() -> None:
    label = np.repeat(np.resize([0, 1], 20), 15)
    table = pd.DataFrame({"x": np.arange(300) % 7, "t": pd.date_range("2024", periods=300, freq="D"), "y": label})
    odd = np.arange(300) % 2 == 1
    table.loc[odd, "y"] = table.y.shift(1)[odd]  # each test row is like the train row before it
    verdict = heldout.audit(table[~odd], test=table[odd], target="y", price=False)
    found = next(finding for finding in verdict.findings if finding.code == "SPL012")
    assert found.certainty is Certainty.STRONG
    assert "100.0% share it, 50." in found.answer.claim
