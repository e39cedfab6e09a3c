"""Columns that hold neighbouring labels are found by what they hold, whatever order the rows stand in."""

import numpy as np
import pandas as pd
import pytest

from heldout.checks.leakage.neighbour_carries_label import neighbour_carries_label
from heldout.core.errors import BadInput
from heldout.core.finding import Ending
from heldout.tables import parse_target, read_label, read_table
from heldout.tables.contiguous import contiguous_rows
from heldout.tables.neighbours import neighbours_of

ROWS = 1200


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    label = (np.cumsum(rng.random(ROWS) > 0.8) % 2).astype(int)
    ts = pd.Timestamp("2021-01-01") + pd.to_timedelta(np.arange(ROWS), unit="h")
    return pd.DataFrame({"ts": ts, "user": np.arange(ROWS) // 30, "y": label, "x": rng.normal(size=ROWS)})


def asked(frame, target="y", *, time="ts", entity=None, horizon=None, shuffle=True):
    rows = read_table(frame.sample(frac=1, random_state=1) if shuffle else frame)
    label = read_label(rows, parse_target(target, rows))
    names = [name for name in frame.columns if name != target]
    found = neighbours_of(rows, label, names, time=time, entity=entity, horizon=horizon)
    return found, {match.column: match for match in found.matches}


@pytest.mark.parametrize(
    ("made", "reach", "holds"),
    [
        (lambda f: f.y.shift(-1), "ahead", "the label of the next row"),
        (lambda f: f.y.shift(-1).map({0: "no", 1: "yes"}), "ahead", "the label of the next row"),
        (lambda f: f.y.shift(2), "behind", "the label 2 rows back"),
        (lambda f: f.y.rolling(3, center=True).mean().round(3), "own", "the mean of the label over 3 rows centred on"),
        (lambda f: f.y.rolling(5).sum(), "own", "the sum of the label over 5 rows that ends with"),
    ],
    ids=["shifted back", "in words", "lagged", "centred", "without a shift"],
)
def test_a_column_is_known_by_what_it_holds(frame, made, reach, holds):
    _, matches = asked(frame.assign(made=made(frame)))
    assert set(matches) == {"made"}
    assert matches["made"].reach == reach
    assert matches["made"].holds.startswith(holds)
    assert matches["made"].equal == matches["made"].telling > 100


@pytest.mark.parametrize("share", [0.9, 1.0])
def test_the_rows_own_label_and_its_opposite_are_no_neighbours(frame, share):
    told = np.random.default_rng(3).random(ROWS) < share
    own = np.where(told, frame.y, 1 - frame.y)
    _, matches = asked(frame.assign(own=own, opposite=1 - own))
    assert not matches


def test_a_mean_over_earlier_rows_is_no_window_with_its_own(frame):
    _, matches = asked(frame.assign(past=frame.y.shift(1).rolling(3).mean()))
    assert {match.reach for match in matches.values()} <= {"behind"}


def test_neighbours_are_rows_of_the_same_entity(frame):
    shifted = frame.groupby("user").y.shift(-1)
    mixed = frame.assign(made=shifted, ts=frame.ts[0] + pd.to_timedelta(np.arange(ROWS) % 30, unit="h"))
    found, matches = asked(mixed, entity="user")
    assert matches["made"].reach == "ahead"
    assert found.order == "ts within each user"


def test_a_number_is_compared_by_value_at_the_decimals_that_it_was_rounded_to(frame):
    amount = np.random.default_rng(2).normal(100, 20, ROWS).cumsum()
    made = pd.Series(amount).rolling(3, center=True).mean().round(1)
    _, matches = asked(frame.assign(amount=amount, made=made), "amount")
    assert matches["made"].reach == "own"
    assert matches["made"].equal == matches["made"].telling


def test_a_rounded_slow_number_of_the_past_is_not_taken_for_the_present(frame):
    amount = 50 + np.random.default_rng(2).normal(0, 0.01, ROWS).cumsum()
    _, matches = asked(frame.assign(amount=amount, past=pd.Series(amount).shift(1).round(1)), "amount")
    assert "past" not in matches


def test_a_label_that_the_calendar_knows_has_a_chance_level_of_one(frame):
    weekly = (np.arange(ROWS) % 7 == 6).astype(int)
    _, matches = asked(frame.assign(y=weekly, saturday=(np.arange(ROWS) % 7 == 5).astype(int)))
    assert matches["saturday"].chance == 1


def test_times_that_mostly_tie_give_no_order(frame):
    found, matches = asked(frame.assign(ts=frame.ts.dt.floor("D"), made=frame.y.shift(-1)), shuffle=False)
    assert not found.is_declared
    assert found.order == "ts, and the order of the rows where it repeats"
    assert matches["made"].reach == "ahead"


def test_the_horizon_tells_which_earlier_labels_are_not_known_yet(frame):
    lagged = frame.assign(lag=frame.y.shift(1))
    _, late = asked(lagged, horizon="2h")
    _, early = asked(lagged, horizon="60min")
    assert late["lag"].late == late["lag"].dated == late["lag"].telling
    assert early["lag"].late == 0
    with pytest.raises(BadInput, match="horizon"):
        asked(lagged, horizon="soon")


@pytest.mark.parametrize(("time", "entity"), [(None, None), ("ts", None), ("ts", "user"), (None, "user")])
def test_a_large_table_is_seen_through_contiguous_rows(frame, time, entity):
    rows = read_table(frame)
    chosen = contiguous_rows(rows, time=time, entity=entity, most=300, seed=4)
    assert 250 <= len(chosen.rows) <= 300
    together = np.diff(chosen.run) == 0
    assert (np.diff(chosen.rows)[together] == 1).all()
    assert together.mean() > 0.9
    again = contiguous_rows(rows, time=time, entity=entity, most=300, seed=4)
    assert (again.rows == chosen.rows).all()


def test_a_constant_is_no_window_over_a_rare_class():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"y": (rng.random(60_000) < 0.01).astype(int), "one": 1.0})
    found, matches = asked(frame, time=None, shuffle=False)
    assert matches["one"].equal > 0.95 * matches["one"].telling
    (answer,) = neighbour_carries_label.function(neighbours=found)
    assert answer.ending is Ending.CLEAR
