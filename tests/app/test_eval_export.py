"""The export: no names, no words of candidates, rates with a group file, and nothing written where it is wrong."""

import csv
import json
import re
import stat
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from heldout.app.eval_correct import Wish, decide_reply
from heldout.app.eval_export import export
from heldout.app.eval_finish import forget, reply
from heldout.core.errors import BadInput
from heldout.core.finding import Ending
from heldout.evals.record.workspace import Workspace

NAMES = ("ada", "bea", "cyd", "dov")
GROUPS = "candidate,gender\nada,w\nbea,m\ncyd,w\ndov,m\n"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    path = tmp_path / "groups.csv"
    path.write_text(GROUPS)
    return path


def test_decisions_bands_axes_and_lifts_are_there_and_no_name(graded: Workspace, tmp_path: Path) -> None:
    done = export(graded.folder, tmp_path / "out")

    rows = rows_of(tmp_path / "out" / "candidates.csv")
    key = json.loads(done.key.read_text())["names"]
    assert sorted(key.values()) == ["ada", "bea", "cyd"]
    bands = {key[row["candidate"]]: (row["band"], row["selected"]) for row in rows}
    assert bands == {"ada": ("target", "yes"), "bea": ("target", "yes"), "cyd": ("undecided", "no")}
    assert all(float(row["lift_low"]) < float(row["lift"]) < float(row["lift_high"]) for row in rows)
    said = b"".join(path.read_bytes() for path in done.files)
    for name in (*NAMES, str(graded.folder)):
        assert not re.search(rb"\b" + re.escape(name.encode()) + rb"\b", said)
    assert done.key.is_relative_to(graded.folder)
    assert stat.S_IMODE(done.key.stat().st_mode) == 0o600


def test_each_column_is_in_the_dictionary_and_the_json_says_the_same(graded: Workspace, tmp_path: Path) -> None:
    export(graded.folder, tmp_path / "out")

    rows = rows_of(tmp_path / "out" / "candidates.csv")
    meanings = {row["column"]: row["meaning"] for row in rows_of(tmp_path / "out" / "dictionary.csv")}
    assert list(meanings) == list(rows[0])
    assert [name for name, says in meanings.items() if says == name] == []
    plain = json.loads((tmp_path / "out" / "export.json").read_text())
    assert [row["candidate"] for row in plain["rows"]] == [row["candidate"] for row in rows]
    assert "no legal advice" in (tmp_path / "out" / "README.md").read_text()
    assert "neither a finding of discrimination" in (tmp_path / "out" / "README.md").read_text()


def test_names_are_drawn_anew_for_each_export_and_forgetting_takes_them_out(graded: Workspace, tmp_path: Path) -> None:
    one, two = (export(graded.folder, tmp_path / name) for name in ("one", "two"))
    first, second = (json.loads(done.key.read_text())["names"] for done in (one, two))
    assert not set(first) & set(second)

    forget(graded, graded.candidate("ada"), why="asked for it")

    for done in (one, two):
        assert sorted(json.loads(done.key.read_text())["names"].values()) == ["bea", "cyd"]
    assert export(graded.folder, tmp_path / "three").candidates == 2


@pytest.mark.parametrize("damage", ["{", "[]", '{"export": "x"}', '{"names": {"a": 1}}', "\udcff"])
def test_a_damaged_key_stops_forgetting_before_anything_is_deleted(
    graded: Workspace, tmp_path: Path, damage: str
) -> None:
    done = export(graded.folder, tmp_path / "one")
    done.key.write_bytes(damage.encode("utf-8", "surrogateescape"))
    ada = graded.candidate("ada")
    before = ada.ledger.events()

    with pytest.raises(BadInput, match=f"not a key of an export(.|\n)*{done.key.name}"):
        forget(graded, ada, why="asked for it")

    assert ada.ledger.events() == before
    assert (ada.folder / "graded").is_dir()


def test_bands_that_people_decided_and_corrected_lines_are_exported(graded: Workspace, tmp_path: Path) -> None:
    levels = {"architecture": "senior"}
    decided = {"candidates": {"cyd": {"band": "pass", "lift_band": "undecided", "levels": levels, "locked": ""}}}
    (graded.folder / "committee").mkdir(exist_ok=True)
    (graded.folder / "committee" / "decisions.json").write_text(json.dumps(decided))
    reply(graded.candidate("ada"), "There are tests.")
    wish = Wish(code="ARC003", ending=Ending.CLEAR)
    decide_reply(graded, graded.candidate("ada"), 1, accept=True, why="There are.", by="us", wish=wish)

    done = export(graded.folder, tmp_path / "out")

    key = json.loads(done.key.read_text())["names"]
    rows = {key[row["candidate"]]: row for row in rows_of(tmp_path / "out" / "candidates.csv")}
    cyd = rows["cyd"]
    assert (cyd["band"], cyd["band_of_the_rule"], cyd["band_is_by_people"]) == ("pass", "undecided", "yes")
    assert (cyd["selected"], cyd["architecture_level"], rows["ada"]["architecture_level"]) == ("yes", "senior", "")
    assert (rows["ada"]["lines_corrected"], rows["bea"]["lines_corrected"]) == ("1", "0")
    assert rows["ada"]["architecture_score"] == rows["bea"]["architecture_score"]
    assert "the brief's rule makes the band" in (tmp_path / "out" / "README.md").read_text()


def test_with_a_group_file_there_are_rates_and_small_groups_are_not_told(
    run: Run, graded: Workspace, tmp_path: Path, groups: Path
) -> None:
    code, out, err = run("eval", "export", graded.folder, "--out", tmp_path / "out", "--groups", groups)

    assert code == 0, err
    assert out.count("too few to say") == 2
    rows = rows_of(tmp_path / "out" / "rates.csv")
    assert [(row["group"], row["n"], row["rate"]) for row in rows] == [("m", "", ""), ("w", "", "")]
    text = (tmp_path / "out" / "README.md").read_text()
    assert "29 CFR 1607.4 D" in text
    assert not [path for path in graded.folder.rglob("*") if path.is_file() and b"gender" in path.read_bytes()]


def test_selected_can_be_bands_or_names(graded: Workspace, tmp_path: Path) -> None:
    for place, (named, count) in enumerate([((), 2), (("undecided",), 1), (("ada", "cyd"), 2), (("pass",), 0)]):
        export(graded.folder, tmp_path / str(place), selected=named)
        rows = rows_of(tmp_path / str(place) / "candidates.csv")
        assert sum(row["selected"] == "yes" for row in rows) == count


def test_what_is_wrong_writes_nothing(graded: Workspace, tmp_path: Path, groups: Path) -> None:
    before = sorted(graded.folder.rglob("*"))
    inside = graded.folder / "groups.csv"
    for text, asked, said in [
        (GROUPS + "eve,w\n", {}, "eve is no candidate"),
        ("candidate,gender\nada,w\n", {}, "bea, cyd are missing"),
        (GROUPS, {"selected": ("eve",)}, "neither a band nor a candidate"),
        (GROUPS, {"out": graded.folder / "out"}, "outside of the eval"),
        (GROUPS, {"out": tmp_path}, "is not empty"),
        (GROUPS, {"groups": inside}, "lies in the eval's folder"),
    ]:
        groups.write_text(text)
        with pytest.raises(BadInput, match=said):
            export(graded.folder, **{"out": tmp_path / "out", "groups": groups, **asked})
        assert not (tmp_path / "out").exists()
        assert sorted(graded.folder.rglob("*")) == before


def test_a_group_that_looks_like_a_formula_is_text(graded: Workspace, tmp_path: Path, groups: Path) -> None:
    groups.write_text("candidate,gender\nada,=1+1\nbea,＝x\ncyd,-2\n")
    export(graded.folder, tmp_path / "out", groups=groups)
    assert [row["group"] for row in rows_of(tmp_path / "out" / "rates.csv")] == ["'-2", "'=1+1", "'＝x"]
