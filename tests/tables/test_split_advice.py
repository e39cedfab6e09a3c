"""Which split a table asks for: entities, time and repeated rows are found, and noise is not."""

import numpy as np
import pandas as pd
import pytest

from heldout.tables import SplitAdvice, parse_target, read_label, read_table, split_advice

ROWS = 900


def advice(frame: pd.DataFrame, **declared: str) -> SplitAdvice:
    table = read_table(frame)
    return split_advice(table, read_label(table, parse_target("y", table)), **declared)


@pytest.fixture
def noise() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "x": rng.normal(size=ROWS),
            "weight": rng.integers(10_000, 10_400, ROWS),
            "region": rng.choice([f"r{i}" for i in range(40)], ROWS),
            "y": rng.integers(0, 2, ROWS),
        }
    )


def by_subject(frame: pd.DataFrame) -> pd.DataFrame:
    subject = np.arange(ROWS) // 6
    return frame.assign(y=subject * 7 % 3 % 2, name=[f"rec_S{s:03d}_{i % 6}" for i, s in enumerate(subject)])


def test_a_table_without_ties_is_split_at_random(noise: pd.DataFrame) -> None:
    found = advice(noise)
    assert found.split == "at random, stratified by the target"
    assert not found.structure.entities
    assert not found.structure.times
    assert not found.structure.row_order


def test_the_beginning_of_a_string_key_is_found_to_be_an_entity(noise: pd.DataFrame) -> None:
    shuffled = by_subject(noise).sample(frac=1, random_state=0)
    hint = advice(shuffled).structure.entities[0]
    assert (hint.column, hint.is_beginning, hint.groups, hint.rows) == ("name", True, 150, ROWS)
    assert advice(shuffled).split.startswith("by group: each name without its last part")


def test_a_string_key_whose_beginning_says_nothing_of_the_label_is_no_entity(noise: pd.DataFrame) -> None:
    names = by_subject(noise)["name"]
    assert not advice(noise.assign(name=names)).structure.entities


def test_a_key_is_found_by_its_name_or_by_the_agreement_of_its_rows(noise: pd.DataFrame) -> None:
    rng = np.random.default_rng(1)
    key = rng.integers(0, 200, ROWS)
    for column, hidden in (("customer_id", "by its name"), ("plate", "share their label")):
        y = key % 2 if column == "plate" else noise["y"]
        found = advice(noise.assign(**{column: [f"k{k}" for k in key], "y": y}))
        assert found.structure.entities[0].column == column
        assert hidden in found.structure.entities[0].why
        assert column in found.split


def test_times_ask_for_a_forward_split(noise: pd.DataFrame) -> None:
    day = pd.date_range("2020-01-01", periods=ROWS)
    found = advice(noise.assign(closed_at=day + pd.Timedelta("9D"), booked=day, birth_date=day[::-1]))
    assert found.structure.times == ("booked", "closed_at")
    assert found.split.startswith("forward in time by booked")


def test_rows_in_an_order_that_carries_the_label_are_told(noise: pd.DataFrame) -> None:
    rng = np.random.default_rng(2)
    runs = np.repeat(rng.integers(0, 2, ROWS // 9), 9)
    found = advice(noise.assign(y=runs))
    assert "neighbouring rows share the target" in found.structure.row_order
    assert found.split == "forward in the order of the rows"
    walk = advice(noise.assign(y=np.cumsum(rng.normal(size=ROWS))))
    assert "correlate by" in walk.structure.row_order


def test_rows_sorted_by_the_target_are_no_time(noise: pd.DataFrame) -> None:
    found = advice(noise.assign(y=np.sort(noise["y"])))
    assert found.structure.row_order == "the rows are sorted by the target"
    assert found.split.startswith("at random")


def test_repeated_rows_are_counted_and_kept_together(noise: pd.DataFrame) -> None:
    found = advice(pd.concat([noise, noise[:50]], ignore_index=True))
    assert found.structure.repeated == 100
    assert found.split == "at random, equal rows on one side"


def test_what_is_declared_goes_first(noise: pd.DataFrame) -> None:
    assert advice(noise, entity="region").split == "by group: each region on one side"
    assert advice(noise, time="weight").split == "forward in time by weight"
    both = advice(noise, time="weight", entity="region").split
    assert both.startswith("forward in time by weight; each region on one side")


def test_columns_that_hold_the_answer_give_no_hints(noise: pd.DataFrame) -> None:
    day = pd.date_range("2020-01-01", periods=ROWS)
    table = read_table(noise.assign(status_date=day))
    label = read_label(table, parse_target("y", table))
    assert not split_advice(table, label, ignored={"status_date"}).structure.times


def test_a_key_that_most_rows_lack_is_told_and_no_advice(noise: pd.DataFrame) -> None:
    company = np.where(np.arange(len(noise)) % 10 == 0, np.arange(len(noise)) // 40, np.nan)
    found = advice(noise.assign(company=pd.array(company, dtype="Int64")))
    assert [hint.column for hint in found.structure.entities] == ["company"]
    assert "company" not in found.split
    assert "each company on one side" in advice(noise.assign(company=np.arange(len(noise)) // 40)).split


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (("arrival_year", "arrival_month"), "arrival_year, arrival_month"),
        (("due_day", "due_year"), "due_year, due_day"),
        (("year", "colour"), ""),
        (("month", "day"), ""),
        (("birth_year", "birth_month"), ""),
        (("yearly", "monthly"), ""),
    ],
)
def test_a_year_with_its_months_or_days_asks_for_a_forward_split(
    noise: pd.DataFrame, names: tuple[str, str], parts: str
) -> None:
    places = np.random.default_rng(1).integers(1, 12, (2, len(noise)))
    found = advice(noise.assign(company=np.arange(len(noise)) // 40, **dict(zip(names, places, strict=True))))
    forward = f"forward in time by {parts}, put into one column; each company on one side"
    assert found.split.startswith(forward if parts else "by group: each company")
