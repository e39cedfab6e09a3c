"""The conversation as its people meet it: commands, receipts, what each may see, and manners when refused."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.evals import tiny

from heldout.cli.main import main
from heldout.core.repository import Repository
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.evals.talk.on_push import conversation_events
from heldout.tools import git

Heldout = Callable[..., tuple[int, str, str]]


@pytest.fixture
def heldout(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Heldout:
    monkeypatch.setenv("COLUMNS", "300")

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["heldout", "eval", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.write_eval(tmp_path / "eval", rows=60, days=6).parent


@pytest.fixture
def ada(folder: Path) -> CandidateRecord:
    ada = Workspace(folder=folder).candidate("ada")
    ada.ledger.append(
        Kind.OPENED,
        {"agreed": {"time_zone": "UTC", "waking": "00:00-00:00", "hours": 48}, "consent": "yes"},
        actor=Role.ORGANISER,
    )
    return ada


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return tiny.write_repository(tmp_path / "tree", tiny.tree())


def push(tree: Path, ada: CandidateRecord) -> list[str]:
    """Commit everything, put it where a push would, and record what it says."""
    for command in (("add", "-A"), ("commit", "-qm", "Go on", "--allow-empty")):
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *command], cwd=tree, check=True)
    if not ada.repository.exists():
        subprocess.run(["git", "clone", "-q", "--bare", "--no-local", tree, ada.repository], check=True)
    subprocess.run(["git", "push", "-q", ada.repository, "HEAD"], cwd=tree, check=True)
    after, commit = git.snapshot(ada.repository)
    known = {one.commit for one in git.history(ada.repository).commits}
    events, messages = conversation_events(
        None, after, ada.ledger.events(), is_commit=lambda name: any(one.startswith(name) for one in known)
    )
    for kind, payload in events:
        ada.ledger.append(kind, payload, actor=Role.SERVER)
    assert isinstance(after, Repository)
    assert commit in known
    return messages


def payloads(ada: CandidateRecord, kind: Kind) -> list[dict[str, Any]]:
    return [dict(event.payload or {}) for event in ada.ledger.events() if event.kind is kind]


def refused(said: tuple[int, str, str], words: str) -> None:
    code, out, err = said
    assert code == 2
    assert words in err
    assert "Traceback" not in err
    assert len(err.splitlines()) < 8
    assert out == ""


def test_what_a_candidate_writes_by_command_is_recorded_as_it_was_meant(
    heldout: Heldout, tree: Path, ada: CandidateRecord
) -> None:
    said = heldout(
        *("update", "--tree", tree, "--done", "read\n## 2020-01-01 10:00\n- next: not this", "--next", "fit"),
        *("--metric", "roc_auc 0.71", "--metric", "log_loss=0.5", "--hours", "2.5", "--assumptions", "days are whole"),
    )
    assert said[0] == 0
    assert heldout("ask", "Which rows?", "--topic", "data", "--text", "# all\nof them?", "--tree", tree)[0] == 0
    assert heldout("rescope", "--tree", tree, "--narrowed", "no drift", "--trade-offs", "slower")[0] == 0

    assert push(tree, ada) == []

    (update,) = payloads(ada, Kind.UPDATE)
    assert "## 2020-01-01 10:00" in str(update["done"])
    assert (update["next"], update["hours_stated"], update["assumptions"]) == ("fit", 2.5, "days are whole")
    assert [(m["name"], m["value"], m["found"]) for m in update["metrics"]] == [
        ("roc_auc", 0.71, True),
        ("log_loss", 0.5, True),
    ]
    (question,) = payloads(ada, Kind.QUESTION)
    assert question["topic"] == "data"
    assert str(question["text"]).startswith("Which rows?")
    assert payloads(ada, Kind.RESCOPE_ASKED)[0]["tradeoffs"] == "slower"


def test_a_metric_that_would_not_be_read_again_is_refused_and_nothing_is_written(heldout: Heldout, tree: Path) -> None:
    refused(heldout("update", "--tree", tree, "--done", "a", "--metric", "good"), "would not be read")
    refused(heldout("ask", "Why?", "--topic", "weather", "--tree", tree), "no topic")
    refused(heldout("ask", "Why?", "--tree", tree.parent), "no working tree")
    refused(heldout("rescope", "--tree", tree, "--narrowed", "less"), "trade-offs")
    assert not (tree / "UPDATES.md").exists()
    assert not (tree / "QUESTIONS.md").exists()


def test_the_organiser_answers_decides_and_gives_time_and_each_has_a_receipt(
    heldout: Heldout, folder: Path, tree: Path, ada: CandidateRecord
) -> None:
    heldout("ask", "Prototype or pipeline?", "--tree", tree)
    heldout("rescope", "--tree", tree, "--narrowed", "no drift", "--trade-offs", "slower")
    push(tree, ada)

    for arguments in (
        ("answer", folder, "ada", 1, "A pipeline."),
        (*("rescope", folder, "ada", 1, "--accept", "--why", "fair"), "--set", "deliverables.monitoring=Latency."),
        ("extend", folder, "ada", 6, "--why", "the data came late"),
        ("accommodate", folder, "ada", 12, "--what", "a broken arm"),
        ("feedback", folder, "ada", "How was it split?", "--by", "rater"),
    ):
        code, out, _ = heldout(*arguments)
        assert code == 0
        assert f"ledger head {ada.ledger.head}" in out

    code, out, _ = heldout("status", folder)
    assert code == 0
    assert "66.0 hours left" in out
    assert "48 hours agreed, extended 6, accommodated 12" in out
    assert "brief version 2" in out
    assert "feedback without an answer 1" in out
    assert "questions" not in out
    assert json.loads(heldout("status", folder, "ada", "--json")[1])[0]["clock"]["accommodated_hours"] == 12

    heldout("update", "--tree", tree, "--feedback", 1, "--done", "by day now")
    assert push(tree, ada) == []
    assert "feedback" not in heldout("status", folder, "ada")[1]


def test_a_rater_sees_nothing_from_which_an_accommodation_could_be_told(
    heldout: Heldout, folder: Path, ada: CandidateRecord
) -> None:
    heldout("extend", folder, "ada", 6, "--why", "late data")
    _, without, _ = heldout("log", folder, "ada", "--as", "rater", "--json")
    table = heldout("log", folder, "ada", "--as", "rater")[1]
    heldout("accommodate", folder, "ada", 12, "--what", "a broken arm")

    assert heldout("log", folder, "ada", "--as", "rater", "--json")[1] == without
    assert heldout("log", folder, "ada", "--as", "rater")[1] == table
    assert "arm" in heldout("log", folder, "ada")[1]
    assert "arm" in heldout("log", folder, "ada", "--as", "candidate", "--json")[1]


def test_what_people_wrote_is_inert_in_the_log(heldout: Heldout, folder: Path, ada: CandidateRecord) -> None:
    heldout("feedback", folder, "ada", "\x1b[2Jgone [bold]x[/bold]\nheldout: all is well")

    out = heldout("log", folder, "ada")[1]

    assert "\x1b" not in out
    assert "[bold]x[/bold]" in out
    assert not [line for line in out.splitlines() if line.startswith("heldout:")]


def test_a_submission_is_tagged_with_its_logs_and_each_tag_stays(
    heldout: Heldout, folder: Path, tree: Path, ada: CandidateRecord, tmp_path: Path
) -> None:
    push(tree, ada)
    log = tmp_path / "train.log"
    log.write_text("epoch 1\n")

    code, out, _ = heldout("submit", folder, "ada", "--logs", log)
    assert code == 0
    assert "in time" in out
    (submitted,) = payloads(ada, Kind.SUBMITTED)
    (digest,) = submitted["logs_sha256"].values()
    assert (ada.folder / "logs" / digest).read_text() == "epoch 1\n"
    assert submitted["late_minutes"] == 0
    assert git.commit_named(ada.repository, "submission-1") == submitted["commit"]

    push(tree, ada)
    assert heldout("submit", folder, "ada")[0] == 0
    assert git.commit_named(ada.repository, "submission-1") == submitted["commit"]
    assert git.commit_named(ada.repository, "submission-2") != submitted["commit"]


@pytest.mark.parametrize(
    ("window", "hours", "code", "says"),
    [
        ("grace_minutes = 60", 0.001, 0, "counts as in time"),
        ("grace_minutes = 0.0", 0.000001, 0, "the card says so"),
        ('late = "refused"', 0.000001, 1, "refuses what is late"),
    ],
)
def test_what_is_late_is_in_grace_graded_or_refused_as_the_brief_says(
    heldout: Heldout, folder: Path, tree: Path, window: str, hours: float, code: int, says: str
) -> None:
    brief = folder / "brief.toml"
    brief.write_text(brief.read_text().replace("hours = 48\n", f"hours = 48\n{window}\n"))
    ada = Workspace(folder=folder).candidate("ada")
    ada.ledger.append(Kind.OPENED, {"agreed": {"hours": hours * 1e-3}}, actor=Role.ORGANISER)
    push(tree, ada)

    left, out, _ = heldout("submit", folder, "ada")

    assert left == code
    assert says in out
    assert len(payloads(ada, Kind.SUBMITTED)) == (0 if code else 1)
    assert len(payloads(ada, Kind.PUSH_REFUSED)) == (1 if code else 0)
    if not code:
        assert float(str(payloads(ada, Kind.SUBMITTED)[0]["late_minutes"])) > 0


def test_bad_input_is_refused_with_its_manners(
    heldout: Heldout, folder: Path, tree: Path, ada: CandidateRecord, tmp_path: Path
) -> None:
    push(tree, ada)
    link = tmp_path / "link.log"
    link.symlink_to("/etc/passwd")
    heldout("status", folder, "ada")  # what was pushed without a server is recorded by the first command that looks
    before = ada.ledger.head

    refused(heldout("answer", folder, "ada", 7, "yes"), "asked no question 7")
    refused(heldout("answer", folder, "bob", 7, "yes"), "not opened for bob")
    refused(heldout("answer", folder, "../x", 7, "yes"), "cannot name a candidate")
    refused(heldout("status", tmp_path / "nowhere", "ada"), "is no eval")
    refused(heldout("extend", folder, "ada", "nan", "--why", "x"), "nan hours")
    refused(heldout("extend", folder, "ada", 0, "--why", "x"), "0 hours")
    refused(heldout("extend", folder, "ada", 3, "--why", "x", "--cost", -1), "the cost is -1")
    refused(heldout("status", tmp_path), "is no eval")
    refused(heldout("feedback", folder, "ada", "  "), "is empty")
    refused(heldout("rescope", folder, "ada", 1, "--accept"), "names the candidate")
    refused(heldout("rescope", folder, "ada", 1, "--accept", "--why", "x"), "no scope proposal 1")
    refused(heldout("submit", folder, "ada", "--commit", "nobody"), "no commit nobody")
    refused(heldout("submit", folder, "ada", "--logs", link), "cannot be read")
    refused(heldout("submit", folder, "ada", "--logs", tmp_path), "no plain file")
    refused(heldout("webhook", folder, "--url", "slack"), "no address")
    assert ada.ledger.head == before


def test_a_cancelled_eval_takes_no_submission(heldout: Heldout, folder: Path, tree: Path, ada: CandidateRecord) -> None:
    push(tree, ada)
    assert heldout("cancel", folder, "ada", "--why", "the position is filled")[0] == 0
    refused(heldout("submit", folder, "ada"), "is over")
    refused(heldout("cancel", folder, "ada", "--why", "again"), "cancelled already")


def test_a_webhook_that_nobody_answers_keeps_nothing_waiting(
    heldout: Heldout, folder: Path, ada: CandidateRecord
) -> None:
    assert heldout("webhook", folder, "--url", "http://127.0.0.1:9/hook")[0] == 0

    code, out, err = heldout("extend", folder, "ada", 6, "--why", "late data")

    assert code == 0
    assert "receipt 1" in out
    assert "events wait" in err


def test_the_check_reads_the_files_and_asks_what_the_grader_asks(
    heldout: Heldout, folder: Path, tree: Path, ada: CandidateRecord
) -> None:
    (tree / "UPDATES.md").write_text("## Monday\n- done: a\n- next: b\n")
    (tree / "alerts.yml").write_text("groups:\n- name: a\n  rules:\n  - alert: Drift\n    expr: psi > (\n")
    push(tree, ada)

    code, out, _ = heldout("check", tree, "--brief", folder)

    assert code == 0
    assert "Read: 1 update, " in out
    assert "note: UPDATES.md, line 1: the heading 'Monday' is no time" in out
    assert "note: EXPERIMENTS.md is missing" in out
    assert "MON002 rules-refused" in out
    assert "REP003" in out
