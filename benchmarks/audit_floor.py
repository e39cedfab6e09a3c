"""The floor of an audit: DuckDB's statistics of every column, exact copies across the split, users and times shared.

`python -m benchmarks.audit_floor FOLDER` reads FOLDER/train.parquet and FOLDER/test.parquet once for each question.
"""

import sys

import duckdb

STATISTICS = ("min", "max", "count", "approx_count_distinct")
MOMENTS = ("avg", "stddev")
NUMERIC = ("DOUBLE", "FLOAT", "TINYINT", "BIGINT")


def main(folder: str) -> None:
    connection = duckdb.connect()
    train, test = (f"'{folder}/{name}.parquet'" for name in ("train", "test"))
    columns = [row[:2] for row in connection.execute(f"describe select * from {train}").fetchall()]
    asked = [f"{what}({name})" for name, _ in columns for what in STATISTICS]
    asked += [f"{what}({name})" for name, kind in columns if kind in NUMERIC for what in MOMENTS]
    for table in (train, test):
        connection.execute(f"select count(*), {', '.join(asked)} from {table}").fetchone()
    names = [name for name, _ in columns]
    row, again = f"hash({', '.join(names)})", f"hash({', '.join(reversed(names))}, 'salt')"
    copies = connection.execute(
        f"with a as (select {row} h, {again} g from {test}), b as (select distinct {row} h, {again} g from {train}) "
        "select count(*) from a where (h, g) in (select (h, g) from b)"
    ).fetchone()
    users = connection.execute(
        f"select count(*), count(distinct user_id) from {test} where user_id in (select user_id from {train})"
    ).fetchone()
    early = connection.execute(f"select count(*) from {test} where ts <= (select max(ts) from {train})").fetchone()
    print(copies, users, early)


if __name__ == "__main__":
    main(sys.argv[1])
