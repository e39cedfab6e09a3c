import csv
import hashlib
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from heldout.core.errors import BadInput
from heldout.demo import flights as world
from heldout.demo import write_eval
from heldout.evals.brief import open_brief
from heldout.stats import METRICS

PARTS = ("train", "feedback", "final")
FILES = [*(f"data/{part}.parquet" for part in PARTS), "answers/feedback.parquet", "answers/final.parquet"]


def test_every_flight_that_arrived_is_in_one_part(flights: Path) -> None:
    tables = [pq.read_table(flights / f"data/{part}.parquet", columns=["flight_id"]) for part in PARTS]
    assert [table.num_rows for table in tables] == [244_737, 28_618, 53_991]
    ids = np.concatenate([table.column("flight_id").to_numpy() for table in tables])
    assert len(np.unique(ids)) == len(ids) == world.FLIGHTS - 9_430


def test_the_parts_follow_one_another_in_time(flights: Path) -> None:
    first_and_last = [
        pc.min_max(pq.read_table(flights / f"data/{part}.parquet", columns=["date"]).column("date")).as_py()
        for part in PARTS
    ]
    assert [str(ends["min"]) for ends in first_and_last] == ["2013-01-01", "2013-10-01", "2013-11-01"]
    assert [str(ends["max"]) for ends in first_and_last] == ["2013-09-30", "2013-10-31", "2013-12-31"]


@pytest.mark.parametrize("part", ["feedback", "final"])
def test_holdout_features_are_the_key_and_what_is_known_at_departure(flights: Path, part: str) -> None:
    columns = pq.read_schema(flights / f"data/{part}.parquet").names
    assert columns == ["flight_id", *world.KNOWN]
    assert not {*columns} & {*world.NOT_KNOWN, "late"}


def test_training_rows_have_all_columns_and_a_label_that_is_their_arrival_delay(flights: Path) -> None:
    train = pq.read_table(flights / "data/train.parquet")
    assert {*train.column_names} == {"flight_id", *world.KNOWN, *world.NOT_KNOWN, "late"}
    late = train.column("late").to_numpy()
    assert (late == (train.column("arr_delay").to_numpy() >= 15)).all()


@pytest.mark.parametrize("part", ["feedback", "final"])
def test_answers_are_for_the_rows_of_the_features(flights: Path, part: str) -> None:
    features, answers = (pq.read_table(flights / folder / f"{part}.parquet") for folder in ("data", "answers"))
    assert answers.column_names == ["flight_id", "late", "date"]
    assert answers.column("flight_id") == features.column("flight_id")
    assert answers.column("date") == features.column("date")


def test_ids_and_the_order_of_rows_say_nothing_of_the_label(flights: Path) -> None:
    answers = pq.read_table(flights / "answers/final.parquet")
    ids = answers.column("flight_id").to_numpy()
    assert (np.diff(ids) > 0).all()
    label = answers.column("late").to_numpy().astype(float)
    standard_error = np.sqrt((len(label) + 1) / (12 * label.sum() * (1 - label).sum()))  # of a score without meaning
    assert abs(METRICS["roc_auc"].kernel(label, ids.astype(float)).value - 0.5) < 4 * standard_error


def test_weather_is_the_origins_of_the_hour_before(flights: Path) -> None:
    source = next(path for path in world._package_data().iterdir() if path.name == "weather.csv")
    with source.open(newline="") as lines:
        observed = {
            (row["origin"], int(row["month"]), int(row["day"]), int(row["hour"])): row["temp"]
            for row in csv.DictReader(lines)
        }
    final = pq.read_table(flights / "data/final.parquet", columns=["origin", "month", "day", "hour", "temp"])
    rows = [row for row in final.slice(0, 5_000).to_pylist() if (row["month"], row["day"]) != (11, 3)]  # clocks change
    for row in rows:
        before = observed.get((row["origin"], row["month"], row["day"], row["hour"] - 1), "NA")
        assert row["temp"] == (None if before == "NA" else float(before))
    assert len({row["temp"] for row in rows}) > 50


def test_the_same_package_gives_the_same_bytes(flights: Path, tmp_path: Path) -> None:
    write_eval(tmp_path)
    for name in ("brief.toml", *FILES):
        assert (tmp_path / name).read_bytes() == (flights / name).read_bytes()


def test_the_brief_holds_and_names_its_files_by_their_hashes(flights: Path) -> None:
    opened = open_brief(flights / "brief.toml")
    data, answers = opened.brief.data, opened.brief.answers
    assert data.feedback is not None
    assert answers.feedback is not None
    said = [data.train.sha256, data.feedback.sha256, data.final.sha256, answers.feedback.sha256, answers.final.sha256]
    assert said == [hashlib.sha256((flights / name).read_bytes()).hexdigest() for name in FILES]
    assert data.known_at_prediction == world.KNOWN
    assert opened.file(opened.brief.baseline.path).joinpath("submission.toml").is_file()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r"pip install 'heldout\[demo\]'"):
        write_eval(tmp_path)
    assert not list(tmp_path.iterdir())
