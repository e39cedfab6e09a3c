"""Tables and queries of databases: read and never written, typed as people mean them, refused plainly."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from heldout.core.errors import BadInput
from heldout.tables import Table, read_table

ROWS = [("ab", 1, 0.5, "2013-01-01", 1), ("cd", 2, None, "2013-01-02", 0), (None, 3, 2.5, None, 1)]
CREATE = "create table flights (name text, n integer, x real, day text, ok integer)"


def rows_of(table: Table) -> dict[str, list[object]]:
    return {name: array.to_pylist() for name, array in table.columns.items()}


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "my flights.db"
    connection = sqlite3.connect(path)
    connection.execute(CREATE)
    connection.executemany("insert into flights values (?, ?, ?, ?, ?)", ROWS)
    connection.commit()
    yield path
    connection.close()


@pytest.fixture
def duckdb_file(tmp_path: Path) -> Path:
    path = tmp_path / "flights.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(CREATE.replace("day text", "day date"))
        connection.executemany("insert into flights values (?, ?, ?, ?, ?)", ROWS)
    return path


@pytest.mark.parametrize("ending", ["?table=flights", "?query=select * from flights", "?query=select * from flights;"])
@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_a_table_and_a_query_give_typed_columns(scheme: str, ending: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(f"{scheme}_file")
    table = read_table(f"{scheme}:///{path}{ending}")
    assert {name: table.kind(name).value for name in table.columns} == {
        "name": "text",
        "n": "numeric",
        "x": "numeric",
        "day": "time",
        "ok": "numeric",
    }
    rows = rows_of(table)
    assert rows["name"] == ["ab", "cd", None]
    assert rows["x"] == [0.5, None, 2.5]
    assert str(rows["day"][0]).startswith("2013-01-01")


def test_a_query_may_hold_any_sign(sqlite_file: Path) -> None:
    query = "select n, name as \"a&b\" from flights where name <> 'x?y=1&z' and n % 2 = 1"
    assert rows_of(read_table(f"sqlite:///{sqlite_file}?query={query}")) == {"n": [1], "a&b": ["ab"]}


def test_a_relative_path_has_three_slashes(sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sqlite_file.parent)
    assert read_table("sqlite:///my flights.db?table=flights").rows == 3


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("", "names no table and no query"),
        ("?table=flights&query=select 1", "names a table and a query"),
        ("?table=flight", "no such table|does not exist"),
        ("?query=selec 1", "syntax error"),
        ("?query=delete from flights", "read.?only|returns no rows|attempt to write"),
        ("?query=select * from flights where n > 9", "no rows"),
    ],
)
@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_what_cannot_be_read_is_refused_with_what_the_database_said(
    scheme: str, ending: str, said: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(f"{scheme}_file")
    with pytest.raises(BadInput, match=said):
        read_table(f"{scheme}:///{path}{ending}")
    assert read_table(f"{scheme}:///{path}?table=flights").rows == 3


def test_two_columns_of_one_name_are_refused(sqlite_file: Path) -> None:
    with pytest.raises(BadInput, match="two columns of one name"):
        read_table(f"sqlite:///{sqlite_file}?query=select 1 as a, 2 as a")


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for scheme in ("sqlite", "duckdb"):
        with pytest.raises(BadInput, match="no such database file"):
            read_table(f"{scheme}:///{tmp_path}/none.db?table=a")
    assert not list(tmp_path.iterdir())


def test_a_duckdb_query_reads_no_other_file(duckdb_file: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a\n1\n")
    with pytest.raises(BadInput, match="cannot be run"):
        read_table(f"duckdb:///{duckdb_file}?query=select * from read_csv('{tmp_path}/other.csv')")


def test_mixed_types_of_sqlite_become_text_and_are_said(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "m.db") as connection:
        connection.execute("create table t (a, b, c)")
        connection.executemany(
            "insert into t values (?, ?, ?)", [(1, 2**40, b"x"), ("x", 0.5, b"y"), (2.5, None, b"z")]
        )
    connection.close()
    table = read_table(f"sqlite:///{tmp_path}/m.db?table=t")
    assert rows_of(table) == {"a": ["1", "x", "2.5"], "b": [2.0**40, 0.5, None]}
    assert "c holds bytes and is not examined" in table.notes
    assert any(note.startswith("a holds numbers and texts") for note in table.notes)


def test_a_sqlite_file_that_is_damaged_in_the_middle_breaks_off_and_gives_no_table(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (a integer, b text)")
        connection.executemany("insert into t values (?, ?)", ((i, "x" * 50) for i in range(60_000)))
    connection.close()
    content = bytearray(path.read_bytes())
    middle = len(content) * 3 // 4
    content[middle : middle + 100_000] = b"\xff" * 100_000
    path.write_bytes(bytes(content))
    with pytest.raises(BadInput, match=r"broke off after [\d,]+ rows"):
        read_table(f"sqlite:///{path}?table=t")


def test_a_locked_sqlite_file_is_refused(sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heldout.tables.sql.LOCK_SECONDS", 0.1)
    writer = sqlite3.connect(sqlite_file, isolation_level=None)
    writer.execute("begin exclusive")
    with pytest.raises(BadInput, match="locked"):
        read_table(f"sqlite:///{sqlite_file}?table=flights")
    writer.close()
