"""A learner's folder: nothing is lost but a torn last line, no two sessions mix, all of it is exported and erased."""

import dataclasses
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from heldout.core.errors import BadInput
from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.learner.carry import erase, export
from heldout.practice.learner.home import practice_folder
from heldout.practice.learner.store import MARKER, open_store, read_store

ATTEMPT = Attempt(
    kind="metric/accuracy-on-a-rare-class",
    seed=7,
    difficulty=2,
    planted=True,
    round=Round.SPEED,
    at="2026-03-29T02:59:59.5+01:00",
    seconds=181.5,
    score=62.5,
    confidence=0.7,
    hints=1,
    places={"constant": Place(first_key=3.5, answered=20.0, points=35.0, worth=35)},
    answers={"constant": 0.95, "verdict": 1, "rows": (3, 4)},
    typed="Die Genauigkeit täuscht: \u2028 \udcff 95 %\n",
)

SITTING = {
    "at": "2026-03-04T18:00:00+01:00",
    "day": 3,
    "decides": True,
    "signs": True,
    "covers": False,
    "width": 0.02,
    "interval_score": 0.05,
    "best": 0.02,
    "points": 76.0,
}
MOCK = {
    "at": "2026-03-04T18:00:00+01:00",
    "level": "senior",
    "rubric": 1,
    "subject": "0f",
    "overall": 60.5,
    "points": 20,
}

WRITES_FOR_EVER = """
import dataclasses, pathlib, sys
from heldout.practice.learner.as_plain import attempt_of
from heldout.practice.learner.store import open_store
import json
attempt = attempt_of(json.loads(sys.argv[2]))
with open_store(pathlib.Path(sys.argv[1])) as store:
    number = 0
    while True:
        store.record(dataclasses.replace(attempt, seed=number, typed="x" * 200_000))
        print(number, flush=True)
        number += 1
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "practice"


def saved(folder, count=3):
    with open_store(folder) as store:
        for seed in range(count):
            store.record(dataclasses.replace(ATTEMPT, seed=seed))
    return folder / "attempts.jsonl"


def test_an_attempt_comes_back_as_it_was(folder):
    with open_store(folder) as store:
        store.record(ATTEMPT)
        store.record(dataclasses.replace(ATTEMPT, confidence=None, revealed=True, places={}, answers={}))
    first, second = read_store(folder).attempts()
    assert first == ATTEMPT
    assert second.confidence is None
    assert second.revealed


def test_a_folder_that_is_not_there_yet_is_empty(folder):
    store = read_store(folder)
    assert (store.attempts(), store.draft(), store.plan(), store.profile(), store.sat("mocks")) == (
        (),
        None,
        None,
        {},
        (),
    )
    assert not folder.exists()


@pytest.mark.parametrize("lost", [1, 2, 200])
def test_a_torn_last_line_is_left_out_and_said_and_cut_off_by_the_next(folder, lost):
    file = saved(folder)
    os.truncate(file, file.stat().st_size - lost)
    store = read_store(folder)
    assert [one.seed for one in store.attempts()] == [0, 1]
    assert "was not finished" in store.torn
    assert "the 2 before it are whole" in store.torn
    with open_store(folder) as store:
        store.record(ATTEMPT)
    assert [one.seed for one in store.attempts()] == [0, 1, 7]
    assert not store.torn


def test_a_torn_line_longer_than_a_page_is_cut_off_too(folder):
    file = saved(folder, 1)
    with file.open("ab") as torn:
        torn.write(b'{"kind": "' + b"x" * 10_000)
    with open_store(folder) as store:
        store.record(ATTEMPT)
    assert [one.seed for one in store.attempts()] == [0, 7]


@pytest.mark.parametrize("after", [0.0, 0.01, 0.03])
def test_a_session_that_is_killed_loses_at_most_the_line_that_it_was_writing(folder, after):
    saved(folder, 1)
    plain = (folder / "attempts.jsonl").read_text().splitlines()[0]
    command = [sys.executable, "-c", WRITES_FOR_EVER, str(folder), plain]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        said = [int(child.stdout.readline()) for _ in range(3)]
        time.sleep(after)
    finally:
        child.send_signal(signal.SIGKILL)
    rest = child.communicate()[0].split()
    said += [int(number) for number in rest]
    with open_store(folder) as store:  # the lock died with it
        kept = [one.seed for one in store.attempts()]
    assert kept[1 : len(said) + 1] == said
    assert len(kept) <= len(said) + 2


def test_two_sessions_do_not_mix(folder):
    with (
        open_store(folder) as first,
        pytest.raises(BadInput, match="another practice session is open"),
        open_store(folder),
    ):
        pass
    with open_store(folder):
        assert first.folder == folder


def test_a_draft_is_there_for_the_next_session_until_its_attempt_is_recorded(folder):
    with open_store(folder) as store:
        store.save_draft({"kind": ATTEMPT.kind, "typed": "half a sent"})
    with open_store(folder) as store:
        assert store.draft() == {"kind": ATTEMPT.kind, "typed": "half a sent"}
        store.record(ATTEMPT)
        assert store.draft() is None


def test_plan_profile_and_sittings_are_kept(folder):
    with open_store(folder) as store:
        store.save_plan({"start": "2026-03-20"})
        store.save_profile({"name": "Zoë"})
        store.note("milestones", SITTING | {"day": 3})
        store.note("milestones", SITTING | {"day": 5})
    store = read_store(folder)
    assert (store.plan(), store.profile()) == ({"start": "2026-03-20"}, {"name": "Zoë"})
    assert store.sat("milestones") == (SITTING | {"day": 3}, SITTING | {"day": 5})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"seed": "seven"}, '"seed" is of the wrong type'),
        ({"seed": True}, '"seed" is of the wrong type'),
        ({"score": 120}, '"score" is 120'),
        ({"round": "fourth"}, '"round" is'),
        ({"at": "2026-03-29T02:00:00"}, '"at" has no offset'),
        ({"at": "yesterday"}, "yesterday"),
        ({"answers": {"a": "b"}}, "no answer"),
        ({"places": {"a": 1}}, "no place"),
        ({"confidence": 1.5}, '"confidence" is 1.5'),
    ],
)
def test_a_damaged_line_is_named_with_its_number_and_how_to_mend_it(folder, change, why):
    file = saved(folder)
    lines = file.read_text().splitlines()
    lines[1] = json.dumps({**json.loads(lines[1]), **change})
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(BadInput) as raised:
        read_store(folder).attempts()
    assert why in raised.value.what
    assert raised.value.where.endswith("attempts.jsonl, line 2")
    assert raised.value.mend


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00", "[" * 100_000])
def test_a_plan_that_cannot_be_read_is_refused_with_what_to_do(folder, content):
    saved(folder, 1)
    (folder / "plan.json").write_text(content)
    with pytest.raises(BadInput, match=r"plan\.json cannot be read") as raised:
        read_store(folder).plan()
    assert raised.value.mend


def test_another_folder_is_neither_written_to_nor_erased(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    for act in (lambda: open_store(tmp_path).__enter__(), lambda: erase(tmp_path)):
        with pytest.raises(BadInput, match="not a folder of practice"):
            act()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_newer_schema_is_refused(folder):
    saved(folder, 1)
    (folder / MARKER).write_text('{"schema": 2}')
    with pytest.raises(BadInput, match="schema 2"):
        read_store(folder)


def test_everything_is_exported_but_the_lock_and_links(folder, tmp_path):
    saved(folder)
    (folder / "mocks").mkdir()
    (folder / "mocks" / "1.jsonl").write_text("{}\n")
    (folder / "link").symlink_to("/etc/passwd")
    names = export(folder, tmp_path / "mine.zip")
    assert names == ("attempts.jsonl", MARKER, "mocks/1.jsonl")
    with zipfile.ZipFile(tmp_path / "mine.zip") as packed:
        assert tuple(packed.namelist()) == names
        assert packed.read("attempts.jsonl") == (folder / "attempts.jsonl").read_bytes()
    with pytest.raises(BadInput, match="there already"):
        export(folder, tmp_path / "mine.zip")


def test_one_call_erases_everything_and_nothing_else(folder, tmp_path):
    saved(folder)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    (folder / "link").symlink_to(outside)
    (folder / "mocks").mkdir()
    (folder / "mocks" / "1.jsonl").touch()
    assert erase(folder)
    assert not folder.exists()
    assert (outside / "kept").exists()
    assert not erase(folder)


def test_nothing_is_erased_while_a_session_is_open(folder):
    saved(folder)
    with open_store(folder) as store:
        with pytest.raises(BadInput, match="another practice session"):
            erase(folder)
        assert len(store.attempts()) == 3


def test_the_folder_is_the_given_one_or_the_variables_or_the_platforms(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    place = tmp_path / "given"
    assert practice_folder(place, {"HELDOUT_PRACTICE": "/other"}) == place
    assert practice_folder(environment={"HELDOUT_PRACTICE": "~/mine"}) == tmp_path / "mine"
    assert practice_folder(environment={}, platform="linux") == tmp_path / ".local/share/heldout/practice"
    relative = practice_folder(environment={"XDG_DATA_HOME": "not/absolute"}, platform="linux")
    assert relative == tmp_path / ".local/share/heldout/practice"
    assert practice_folder(environment={}, platform="darwin").parts[-4:] == (
        "Library", "Application Support", "heldout", "practice",
    )  # fmt: skip


HUGE = "1" + "0" * 400


@pytest.mark.parametrize(
    ("was", "written"),
    [
        ('"seconds": 181.5', f'"seconds": {HUGE}'),
        ('"first_key": 3.5', '"first_key": NaN'),
        ('"first_key": 3.5', f'"first_key": {HUGE}'),
        ('"worth": 35', '"worth": Infinity'),
        ('"worth": 35', f'"worth": {HUGE}'),
        ('"constant": 0.95', '"constant": NaN'),
        ('"hints": 1', '"hints": -4'),
        ("2026-03-29T02:59:59.5+01:00", "0001-01-01T00:00:00+14:00"),
        ("2026-03-29T02:59:59.5+01:00", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_number_or_an_instant_that_cannot_be_is_a_damaged_line(folder, was, written):
    path = saved(folder)
    first, second, third = path.read_text().splitlines(keepends=True)
    assert was in second
    path.write_text(first + second.replace(was, written) + third)
    with pytest.raises(BadInput, match=r"attempts\.jsonl is damaged") as caught:
        read_store(folder).attempts()
    assert caught.value.where == f"{path}, line 2"


@pytest.mark.parametrize(
    ("what", "line", "wrong"),
    [
        *(("milestones", SITTING, {name: None}) for name in SITTING),
        *(("mocks", MOCK, {name: None}) for name in MOCK),
        ("milestones", SITTING, {"day": "x"}),
        ("milestones", SITTING, {"day": True}),
        ("milestones", SITTING, {"points": float("nan")}),
        ("milestones", SITTING, {"at": "x"}),
        ("mocks", MOCK, {"at": "2026-03-04T18:00:00"}),
        ("mocks", MOCK, {"at": "0001-01-01T00:00:00+14:00"}),
        ("mocks", MOCK, {"points": 10**400}),
    ],
)
def test_a_damaged_line_of_a_milestone_or_a_mock_is_said_with_its_number(folder, what, line, wrong):
    saved(folder, 0)
    path = folder.joinpath(f"{what}.jsonl")
    folder.mkdir(exist_ok=True)
    path.write_text(json.dumps(line) + "\n" + json.dumps(line | wrong) + "\n")
    with pytest.raises(BadInput, match=rf"{what}\.jsonl is damaged") as caught:
        read_store(folder).sat(what)
    assert caught.value.where == f"{path}, line 2"


def test_a_call_with_an_interval_as_wide_as_can_be_is_no_damaged_line(folder):
    with open_store(folder) as store:
        store.note("milestones", SITTING | {"width": 2e306, "interval_score": 2e306})
        assert len(store.sat("milestones")) == 1


def everything_in(folder):
    store = read_store(folder)
    return store.attempts(), store.draft(), store.plan(), store.profile()


@pytest.mark.parametrize("name", [MARKER, "attempts.jsonl", "draft.json", "plan.json", "profile.json"])
def test_a_pipe_or_a_folder_in_the_place_of_a_file_is_said_and_not_waited_for(folder, name):
    for make in (os.mkfifo, os.mkdir):
        saved(folder)
        (folder / name).unlink(missing_ok=True)
        make(folder / name)
        with pytest.raises(BadInput, match=f"{name} is no file"):
            everything_in(folder)
        shutil.rmtree(folder)


def test_a_full_disk_leaves_the_old_file_and_no_part_of_the_new_one(folder):
    saved(folder)
    with open_store(folder) as store:
        store.save_plan({"start": "2026-03-02"})
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))  # the kernel cuts a write off, as a full disk does
    try:
        with open_store(folder) as store, pytest.raises(BadInput, match=r"plan\.json cannot be written"):
            store.save_plan({"start": "x" * 1000})
        with pytest.raises(BadInput, match="the export cannot be written"):
            export(folder, folder.parent / "all.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(folder.parent.iterdir()) == [folder]


def test_an_export_holds_files_of_any_age_and_name(folder, tmp_path):
    path = saved(folder)
    os.utime(path, (0, 0))
    (folder / "files").mkdir()
    with open(os.fsencode(folder / "files") + b"/\xff.py", "w") as file:  # noqa: PTH123 - no Path holds these bytes
        file.write("pass\n")
    export(folder, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert packed.read("attempts.jsonl") == path.read_bytes()
        assert packed.read("files/\\udcff.py") == b"pass\n"


def test_a_user_without_a_home_folder_is_told_how_to_name_one():
    with pytest.raises(BadInput, match="home folder is not known"):
        practice_folder(environment={"HELDOUT_PRACTICE": "~nobody-of-this-name/x"})


def test_the_next_session_removes_what_a_killed_one_left_of_a_file(folder):
    saved(folder)
    (folder / ".part-abc").write_text("{")
    assert len(read_store(folder).attempts()) == 3
    assert (folder / ".part-abc").exists()  # who only reads leaves it: a session may be writing it
    with open_store(folder):
        assert not list(folder.glob(".part-*"))


@pytest.mark.parametrize("damage", ["gone", "empty", "no JSON"])
def test_who_lost_the_mark_of_the_folder_is_told_how_to_write_it_again(folder, damage):
    saved(folder)
    (folder / MARKER).unlink()
    if damage != "gone":
        (folder / MARKER).write_text("" if damage == "empty" else "{")
    with pytest.raises(BadInput) as caught:
        read_store(folder)
    assert '{"schema": 1}' in caught.value.mend
    (folder / MARKER).write_text('{"schema": 1}')
    assert len(read_store(folder).attempts()) == 3
