"""`heldout practice` from a script: JSON, exit codes, and one clear message for bad input."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from heldout.practice.drill import Difficulty
from heldout.practice.session.dealt import deal
from heldout.practice.session.script import typed_answers

KIND = "metric/accuracy-on-a-rare-class"
DRILL = ("practice", "drill", KIND, "--seed", 7, "--planted")


@pytest.fixture(autouse=True)
def me(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("HELDOUT_PRACTICE", str(tmp_path / "me"))
    monkeypatch.setenv("HELDOUT_PRACTICE_NOW", "2026-03-02T17:30:00+00:00")
    monkeypatch.setenv("TZ", "UTC")
    return tmp_path / "me"


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def solution() -> list[str]:
    return list(typed_answers(deal(KIND, 7, Difficulty.MIDDLE, planted=True)).values())


def test_today_as_json_plans_and_starts_nothing(heldout_in_a_folder: Run, me: Path) -> None:
    code, out, err = heldout_in_a_folder("practice", "today", "--json")
    assert (code, err) == (0, "")
    today = json.loads(out)
    assert today["has_plan"] is False
    assert today["day"]["number"] == 1
    assert sum(block["minutes"] for block in today["day"]["blocks"]) <= 90
    assert not me.exists()


def test_what_is_planned_does_not_give_the_fault_away(heldout_in_a_folder: Run) -> None:
    _, out, _ = heldout_in_a_folder("practice", "today", "--json")
    assert "accuracy-on" not in out


def test_the_first_start_by_defaults_keeps_a_plan_and_plays(
    heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch, me: Path
) -> None:
    typing(monkeypatch, "", "s", "s")
    code, out, _ = heldout_in_a_folder("practice", "today", "--defaults")
    assert code == 0
    assert "Worked audit" in out
    assert json.loads((me / "plan.json").read_text())["level"] == "senior"


def test_an_answer_to_the_first_questions_that_cannot_be_is_asked_again(
    heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch, me: Path
) -> None:
    typing(monkeypatch, "tomorrow", "2020-01-01", "2026-03-09", "x", "st", "100", "2")
    code, out, _ = heldout_in_a_folder("practice", "today")
    assert code == 0
    assert "Please type a date" in out
    assert "7 of the plan's 14 days are left" in out
    terms = json.loads((me / "plan.json").read_text())
    assert (terms["level"], terms["hours"], terms["start"]) == ("staff", 2.0, "2026-03-02")


def test_a_drill_as_json_prints_its_attempt_alone_on_stdout(
    heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "80", *solution())
    code, out, err = heldout_in_a_folder(*DRILL, "--json")
    assert code == 0
    attempt = json.loads(out)
    assert (attempt["kind"], attempt["score"], attempt["confidence"]) == (KIND, 100, 0.8)
    assert "100 of 100 points" in err


def test_a_drill_that_is_left_goes_on_or_is_dropped(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "80", solution()[0])
    assert heldout_in_a_folder(*DRILL)[0] == 0
    typing(monkeypatch, "", *solution()[1:])
    code, out, _ = heldout_in_a_folder("practice", "drill", "splits", "--seed", 1)
    assert code == 0
    assert "100 of 100 points" in out
    typing(monkeypatch, "80")
    heldout_in_a_folder(*DRILL)
    typing(monkeypatch, "x", "10")
    code, out, _ = heldout_in_a_folder("practice", "drill", "splits", "--seed", 1)
    assert "A high accuracy" not in out


def test_the_seed_hides_whether_the_fault_is_there(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = set()
    for planted in ("--planted", "--clean"):
        typing(monkeypatch)
        _, out, _ = heldout_in_a_folder("practice", "drill", KIND, "--seed", 3, planted)
        said.add(" ".join(word for word in out.split() if word in ("planted", "clean", "twin")))
    assert said == {""}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("drill", "astrology"), "no family or kind 'astrology'"),
        (("drill", "metric/../../x"), "no family or kind"),
        (("drill", "--difficulty", 4), "difficulty"),
        (("plan", "--start", "soon"), "--start is 'soon'"),
        (("plan", "--hours", 99), "99 hours a day"),
        (("plan", "--level", "wizard"), "expected: junior, mid, senior, staff"),
        (("plan", "--begins", "18:00+01:00"), "--begins is '18:00+01:00'"),
        (("plan", "--zone", "Mars/Base"), "no time zone"),
        (("erase",), "nothing was erased"),
        (("export", "."), "there already"),
    ],
)
def test_bad_input_is_one_message(heldout_in_a_folder: Run, arguments: tuple[object, ...], says: str) -> None:
    code, out, err = heldout_in_a_folder("practice", *arguments)
    assert code == 2
    assert says in err
    assert len(err.splitlines()) < 8
    assert "Traceback" not in err + out


def test_a_clock_that_is_no_instant_is_refused(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELDOUT_PRACTICE_NOW", "yesterday")
    code, _, err = heldout_in_a_folder("practice", "today", "--json")
    assert code == 2
    assert "HELDOUT_PRACTICE_NOW" in err


def test_a_plan_is_kept_and_written_as_a_page_and_a_calendar(heldout_in_a_folder: Run, tmp_path: Path) -> None:
    code, out, err = heldout_in_a_folder(
        "practice",
        "plan",
        "--start",
        "2026-03-01",
        "--hours",
        1,
        "--markdown",
        "plan.md",
        "--ics",
        "plan.ics",
        "--json",
    )
    assert code == 0
    assert [day["number"] for day in json.loads(out)["days"]] == list(range(1, 15))
    assert (tmp_path / "plan.md").read_text().startswith("# Fortnight from Sunday, 01 March 2026")
    assert (tmp_path / "plan.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert "written: plan.md" in err
    again = json.loads(heldout_in_a_folder("practice", "plan", "--level", "mid", "--json")[1])
    assert (again["terms"]["hours"], again["terms"]["level"]) == (1.0, "mid"), "what is not given stays"


def test_placement_counts_a_question_of_each_family(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, *[""] * 30)
    code, out, _ = heldout_in_a_folder("practice", "plan", "--placement", "--json")
    assert code == 0
    terms = json.loads(out)["terms"]
    assert set(map(tuple, terms["placement"].values())) == {(0, 1)}


def test_a_placement_that_is_left_goes_on_and_no_drill_runs_over_it(
    heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch, me: Path
) -> None:
    typing(monkeypatch, "", "")
    assert heldout_in_a_folder("practice", "plan", "--start", "2026-03-02", "--placement")[0] == 0
    assert "placement" in json.loads((me / "draft.json").read_text())["activity"]
    heldout_in_a_folder("practice", "plan", "--start", "2026-03-02")
    code, _, err = heldout_in_a_folder(*DRILL)
    assert code == 2
    assert "heldout practice today goes on with it" in err
    typing(monkeypatch, *[""] * 30)
    heldout_in_a_folder("practice", "today")
    assert len(json.loads((me / "plan.json").read_text())["placement"]) >= 7


def test_progress_is_empty_before_and_counts_after(heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = json.loads(heldout_in_a_folder("practice", "progress", "--json")[1])
    assert empty["solved"]["value"] is None
    typing(monkeypatch, "80", *solution())
    heldout_in_a_folder(*DRILL)
    code, out, _ = heldout_in_a_folder("practice", "progress", "--json", "--html", "progress.html")
    assert code == 0
    assert json.loads(out)["solved"]["n"] == 1
    assert Path("progress.html").read_text().startswith("<!doctype html>")


def test_export_takes_everything_along_and_erase_removes_it(
    heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch, me: Path
) -> None:
    typing(monkeypatch, "80", *solution())
    heldout_in_a_folder(*DRILL)
    code, out, _ = heldout_in_a_folder("practice", "export", "mine.zip", "--json")
    assert code == 0
    with zipfile.ZipFile("mine.zip") as packed:
        assert "attempts.jsonl" in packed.namelist()
        assert json.loads(out)["files"] == packed.namelist()
    assert json.loads(heldout_in_a_folder("practice", "erase", "--yes", "--json")[1])["erased"] is True
    assert not me.exists()
    assert "nothing to erase" in heldout_in_a_folder("practice", "erase", "--yes")[1]


def test_another_folder_is_never_written_to_or_erased(heldout_in_a_folder: Run, me: Path) -> None:
    me.mkdir()
    (me / "thesis.txt").write_text("mine")
    for arguments in (("erase", "--yes"), ("today", "--defaults"), ("progress",)):
        code, _, err = heldout_in_a_folder("practice", *arguments)
        assert code == 2
        assert "not a folder of practice" in err
    assert [one.name for one in me.iterdir()] == ["thesis.txt"]


def test_the_list_names_every_kind(heldout_in_a_folder: Run) -> None:
    named = json.loads(heldout_in_a_folder("practice", "drill", "--list", "--json")[1])
    assert KIND in named["metric"]
    assert "A high accuracy" in heldout_in_a_folder("practice", "drill", "--list")[1]


def test_the_demo_is_the_same_every_time(heldout_in_a_folder: Run, me: Path) -> None:
    first, second = (heldout_in_a_folder("practice", "demo") for _ in range(2))
    assert first == second
    assert first[0] == 0
    came = json.loads(heldout_in_a_folder("practice", "demo", "--json")[1])
    assert came["milestone"]["decides"] is True
    assert [one["round"] for one in came["attempts"]] == ["speed", "explanation"]
    assert not me.exists()


def test_a_page_that_cannot_be_written_leaves_the_one_that_was_there(
    heldout_in_a_folder: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heldout_in_a_folder("practice", "plan", "--start", "2026-03-02")
    (tmp_path / "folder").mkdir()
    for command in (("progress", "--html"), ("plan", "--markdown"), ("plan", "--ics")):
        code, _, err = heldout_in_a_folder("practice", *command, tmp_path / "folder")
        assert (code, "folder cannot be written" in err, "name another file" in err) == (2, True, True)
        page = tmp_path / "page"
        page.write_text("the old one")
        assert heldout_in_a_folder("practice", *command, page)[0] == 0
        assert page.read_text() != "the old one"
    assert not list(tmp_path.glob(".part-*"))


@pytest.mark.parametrize(
    "command",
    [
        ("plan", "--json"),
        ("progress",),
        ("drill", KIND, "--seed", "7", "--round", "explanation"),
        ("drill", "--list", "--json"),
        ("dayof", "--json"),
    ],
)
def test_a_terminal_that_has_no_letters_but_ascii_ends_no_command(command: tuple[str, ...]) -> None:
    heldout = Path(sys.executable).parent / "heldout"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [heldout, "practice", *command], env=environment, input="70\n\n\n", capture_output=True, text=True, check=False
    )
    assert (done.returncode, "heldout:" in done.stderr) == (0, False)
    if "--json" in command:
        json.loads(done.stdout)


@pytest.mark.parametrize("start", ["0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59-14:00"])
def test_a_day_out_of_the_calendar_is_refused(heldout_in_a_folder: Run, start: str) -> None:
    code, _, err = heldout_in_a_folder("practice", "dayof", "--start", start)
    assert (code, "a start in the year" in err) == (2, True)


@pytest.mark.parametrize(
    "activity",
    [
        {"placement": "1999-01-01"},
        {"milestone": 3},
        {"milestone": 3, "seed": -1},
        {"milestone": 3, "seed": "x"},
        {"milestone": 4, "seed": 1},
        {"milestone": "x", "seed": 1},
        {},
    ],
)
def test_a_sitting_that_cannot_go_on_is_put_aside_and_a_drill_begins(
    heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch, me: Path, activity: dict[str, object]
) -> None:
    heldout_in_a_folder("practice", "plan", "--start", "2026-03-02")
    (me / "draft.json").write_text(json.dumps({"activity": activity, "after": 0, "kept": {}}))
    typing(monkeypatch)
    code, out, _ = heldout_in_a_folder("practice", "today")
    assert (code, "it was put aside" in out) == (0, True)
    typing(monkeypatch)
    code, out, _ = heldout_in_a_folder(*DRILL)
    assert (code, "Speed round" in out) == (0, True)


def test_a_placement_that_is_left_keeps_the_new_terms(
    heldout_in_a_folder: Run, monkeypatch: pytest.MonkeyPatch, me: Path
) -> None:
    heldout_in_a_folder("practice", "plan", "--start", "2026-03-02")
    typing(monkeypatch, "")
    heldout_in_a_folder("practice", "plan", "--start", "2026-03-01", "--placement")
    assert json.loads((me / "plan.json").read_text())["start"] == "2026-03-01"
    typing(monkeypatch, *[""] * 30)
    heldout_in_a_folder("practice", "today")
    assert len(json.loads((me / "plan.json").read_text())["placement"]) >= 7
