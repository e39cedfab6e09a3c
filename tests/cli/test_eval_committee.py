"""The committee's commands: a blind pass from invitation to decision at the terminal, and what is refused."""

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.evals.committee.graded import new_eval, opened

from heldout.evals.committee.place import Place
from heldout.evals.committee.works import works_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import Workspace

LEAF = ("--leaf", "monitoring")
SHEET = """[architecture]
level = "mid"
reason = "the parts can be tested"
[reproducibility]
level = "junior"
reason = "versions are locked only"
[monitoring]
level = "cannot tell"
reason = "no rules are there"
[collaboration]
level = "mid"
reason = "updates came in time"
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = new_eval(tmp_path_factory.mktemp("graded") / "eval", "ada")
    opened(workspace, "cy")
    return workspace.folder


@pytest.fixture
def run(heldout_in_a_folder: Run, graded: Path, tmp_path: Path) -> Run:
    shutil.copytree(graded, tmp_path / "eval")
    (tmp_path / "sheet.toml").write_text(SHEET)
    return lambda *said: heldout_in_a_folder("eval", *said)


def test_a_blind_pass_from_invitation_to_decision(run: Run, tmp_path: Path) -> None:
    for name in ("Kim", "Lou Reed"):
        code, out, _ = run("invite", "eval", name)
        assert code == 0
        assert f"token of rater {name}, shown once: " in out
    invited = json.loads(run("invite", "eval", "Ann", "--adjudicator", "--json")[1])
    assert (invited["role"], len(invited["token"]) > 30) == ("adjudicator", True)
    code, out, _ = run("committee", "eval")
    assert "cy has no work: nothing was handed in yet; the clock is running" in out
    assert "the lock waits: 1 more work is to come." in out
    code, out, _ = run("rate", "eval", "Kim")
    (line,) = out.splitlines()
    work = line.split(":")[0]
    assert line == f"{work}: open, 0 of 4 levels"
    code, out, _ = run("rate", "eval", "Kim", work)
    assert "junior: It runs from a clean checkout" in out
    assert "REP001 problem: [name] pinned nothing." in out
    assert "ada" not in out.lower().split()
    assert run("rate", "eval", "Kim", work, "--sheet", "sheet.toml", "--final")[0] == 0
    assert run("rate", "eval", "Kim", work, "--take-back")[0] == 0
    said = ("--leaf", "architecture", "--level", "senior", "--reason", "it is well made")
    code, out, _ = run("rate", "eval", "Kim", "ada", *said, "--final", "--json")
    assert json.loads(out)["marks"]["architecture"] == {"level": "senior", "reason": "it is well made"}
    assert run("rate", "eval", "Lou Reed", work, "--sheet", "sheet.toml", "--final")[0] == 0
    code, out, _ = run("agreement", "eval")
    assert (code, out) == (2, "")
    assert run("lock", "eval", "--by", "Org", "--json")[0] == 0

    code, out, _ = run("agreement", "eval")
    assert code == 0
    assert "1 level apart: " in out
    assert out.startswith("1 work, 2 raters, 3 units with two levels\nall questions: 66.7 % of the pairs")
    assert "Kim beside the others, in levels: +0.333, n = 3; no interval: " in out
    assert out.count("shares have no interval: ") == 1
    assert json.loads(run("agreement", "eval", "--json")[1])["pooled"]["units"] == 3
    code, _, err = run("decide", "eval")
    assert code == 2
    assert "levels are open" in err
    assert len(run("adjudicate", "eval")[1].splitlines()) == 2
    for leaf in ("architecture", "monitoring"):
        given = ("--leaf", leaf, "--level", "mid", "--reason", "the README says so", "--by", "Ann")
        assert run("adjudicate", "eval", "ada", *given)[0] == 0
    assert run("adjudicate", "eval")[1] == "No level is open.\n"
    levels = {one["leaf"]: one["level"] for one in json.loads(run("adjudicate", "eval", "ada", "--json")[1])}
    assert levels == {"architecture": "mid", "reproducibility": "junior", "monitoring": "mid", "collaboration": "mid"}

    (tmp_path / "packages.toml").write_text('[pass]\njunior = "Step 1"\n[target]\nmid = "Step 3"\n')
    code, out, _ = run("decide", "eval", "--packages", "packages.toml")
    assert code == 0
    assert f"ada ({work}): pass; score 0.233" in out
    assert "package: Step 1" in out
    assert "Step 1" not in (tmp_path / "eval" / "committee" / "decisions.json").read_text()
    changed = ("--multiplier", 0.5, "--deduct", 0.1, "--by", "Org", "--reason", "as it was agreed")
    (decided,) = json.loads(run("decide", "eval", "ada", *changed, "--json")[1])
    assert decided["score"] == pytest.approx(0.7 / 3 / 2 - 0.1)
    code, out, _ = run("decide", "eval", "ada", "--band", "undecided", "--by", "Org", "--reason", "we ask her first")
    assert code == 3
    assert "The rule gives pass; Org gave undecided: we ask her first" in out
    code, out, _ = run("log", "eval", "ada", "--as", "candidate")
    assert out.count("decided") >= 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("invite", "eval", "KIM"), "reads like 'Kim'"),
        (("rate", "eval", "Kim", "cy"), "cy has no work to be rated"),
        (("rate", "eval", "Eve", "ada"), "was not invited"),
        (("rate", "eval", "Kim", "ada", "--level", "mid"), "given to a leaf"),
        (("rate", "eval", "Kim", "ada", "--reason", "x"), "given to a leaf"),
        (("rate", "eval", "Kim", "ada", "--final", "--take-back"), "exclude each other"),
        (("rate", "eval", "Kim", "ada", "--sheet", "none.toml"), "cannot read the sheet"),
        (("rate", "eval", "Kim", "ada", "--final"), "no level for"),
        (("conflict", "eval", "Kim", "nobody", "--why", "a friend"), "there is no work"),
        (("lock", "eval", "--by", "Org"), "fewer than 2 final sheets"),
        (("adjudicate", "eval", "ada", "--leaf", "monitoring"), "set on a leaf"),
        (("decide", "eval", "--multiplier", 2), "not said for which work"),
        (("decide", "eval", "ada", "--band", "best", "--by", "Org"), "there is no band"),
        (("decide", "eval", "--packages", "none.toml"), "cannot read the packages"),
        (("committee", "nowhere"), "is no eval"),
    ],
)
def test_bad_input_is_refused_on_one_screen_and_changes_nothing(
    run: Run, tmp_path: Path, arguments: tuple[object, ...], says: str
) -> None:
    run("invite", "eval", "Kim")
    ledgers = {path: path.read_bytes() for path in (tmp_path / "eval").rglob("ledger.jsonl")}
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) <= 4
    assert {path: path.read_bytes() for path in (tmp_path / "eval").rglob("ledger.jsonl")} == ledgers


def test_a_rater_who_was_invited_gets_another_token_by_name(run: Run) -> None:
    run("invite", "eval", "Lou Reed")
    assert "token of rater Lou Reed, shown once" in run("token", "eval", "rater", "Lou Reed", "--new-token")[1]
    assert run("token", "eval", "adjudicator", "Lou Reed")[0] == 2


def test_a_conflict_and_a_restart_are_recorded(run: Run, tmp_path: Path) -> None:
    run("invite", "eval", "Kim")
    assert "is closed" in run("conflict", "eval", "Kim", "ada", "--why", "they are siblings")[1]
    assert "declared by the organiser: they are siblings" in run("committee", "eval")[1]
    assert "is open again" in run("conflict", "eval", "Kim", "ada", "--why", "another ada", "--withdraw")[1]
    assert "rated anew: work-" in run("restart", "eval", "--by", "Org", "--why", "a new card")[1]
    plain = json.loads(run("committee", "eval", "--json")[1])
    assert [one["candidate"] for one in plain["works"]] == ["ada"]
    assert Workspace(folder=tmp_path / "eval").folder.is_dir()


def test_of_two_things_that_are_set_at_once_a_bad_one_keeps_the_other_away(run: Run, tmp_path: Path) -> None:
    assert run("invite", "eval", "Kim")[0] == run("invite", "eval", "Lou")[0] == 0
    for rater in ("Kim", "Lou"):
        assert run("rate", "eval", rater, "ada", "--sheet", "sheet.toml", "--final")[0] == 0
    assert run("lock", "eval", "--by", "Org")[0] == 0
    assert run("adjudicate", "eval", "ada", *LEAF, "--level", "mid", "--reason", "it is so here", "--by", "Org")[0] == 0
    said = ("--multiplier", "0.5", "--by", "Org", "--reason", "it was agreed before")
    code, _, err = run("decide", "eval", "ada", *said, "--deduct", "9")
    assert (code, "'9' is no deduction" in err) == (2, True)
    _, out, _ = run("decide", "eval", "ada", "--json")
    assert json.loads(out)[0]["multiplier"] == 1


def test_counts_of_one_are_said_in_the_singular(run: Run) -> None:
    assert run("invite", "eval", "Kim")[0] == run("invite", "eval", "Lou")[0] == 0
    for rater in ("Kim", "Lou"):
        run("rate", "eval", rater, "ada", "--sheet", "sheet.toml", "--final")
    assert "UTC: 1 work\n" in run("lock", "eval", "--by", "Org")[1]
    out = run("agreement", "eval")[1]
    assert out.startswith("1 work, 2 raters, 3 units with two levels\n")
    assert "architecture: 100 % of the pairs of levels are equal, n = 1\n" in out
    assert "cannot tell 1 time\n" in out
    assert "-0.00" not in out


def test_another_level_alone_leaves_the_reason_that_stands(run: Run) -> None:
    run("invite", "eval", "Kim")
    run("rate", "eval", "Kim", "ada", *LEAF, "--level", "mid", "--reason", "it has two rules")
    out = run("rate", "eval", "Kim", "ada", *LEAF, "--level", "senior")[1]
    assert "monitoring: senior: it has two rules" in out


def test_final_sheets_that_a_kill_left_unlocked_are_told_with_what_locks_them(run: Run, tmp_path: Path) -> None:
    workspace = Workspace(folder=(tmp_path / "eval").resolve())
    workspace.candidate("cy").ledger.append(Kind.CANCELLED, {"why": "no time"}, actor=Role.ORGANISER)
    for rater in ("Kim", "Lou"):
        run("invite", "eval", rater)
        run("rate", "eval", rater, "ada", "--sheet", "sheet.toml")
        work = works_of(workspace)[0][0]
        with Place(workspace=workspace).saving(work.record) as ledger:  # the last that a killed process wrote
            ledger.append(Kind.SHEET_FINAL, {"rater": rater, "round": 1, "final": True}, actor=Role.RATER)
    assert "not locked yet: heldout eval lock" in run("committee", "eval")[1]
    assert run("lock", "eval", "--by", "Org")[0] == 0
    assert "not locked yet" not in run("committee", "eval")[1]
