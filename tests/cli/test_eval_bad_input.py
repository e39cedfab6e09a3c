"""Every command of an eval on what is no eval, nobody, a ledger that was cut, a bundle: a message, no change."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.web.served import write_eval

from heldout.app.eval_open import open_candidate, terms_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import Workspace

Arguments = Callable[[Path, str], tuple[object, ...]]
OF_A_CANDIDATE: dict[str, Arguments] = {
    "answer": lambda folder, name: ("answer", folder, name, 1, "Yes."),
    "rescope": lambda folder, name: ("rescope", folder, name, 1, "--accept", "--why", "Fair."),
    "extend": lambda folder, name: ("extend", folder, name, 2, "--why", "The server was down."),
    "accommodate": lambda folder, name: ("accommodate", folder, name, 2, "--what", "A quiet room."),
    "feedback": lambda folder, name: ("feedback", folder, name, "Good."),
    "log": lambda folder, name: ("log", folder, name),
    "status": lambda folder, name: ("status", folder, name),
    "submit": lambda folder, name: ("submit", folder, name),
    "interim": lambda folder, name: ("interim", folder, name),
    "cancel": lambda folder, name: ("cancel", folder, name, "--why", "Asked for."),
    "grade": lambda folder, name: ("grade", folder, name),
    "card": lambda folder, name: ("card", folder, name),
    "reply": lambda folder, name: ("reply", folder, name, "Thanks."),
    "correct": lambda folder, name: ("correct", folder, name, "--reply", 1, "--refuse", "--why", "No.", "--by", "me"),
    "debrief": lambda folder, name: ("debrief", folder, name),
    "notice": lambda folder, name: ("notice", folder, name),
    "bundle": lambda folder, name: ("bundle", folder, name, "--kind", "open", "--out", "bundle"),
    "rate": lambda folder, name: ("rate", folder, "Kim", name),
    "conflict": lambda folder, name: ("conflict", folder, "Kim", name, "--why", "A friend."),
    "adjudicate": lambda folder, name: ("adjudicate", folder, name),
    "decide": lambda folder, name: ("decide", folder, name),
    "close": lambda folder, name: ("close", folder, name),
    "forget": lambda folder, name: ("forget", folder, name, "--why", "Asked for.", "--yes"),
}
OF_AN_EVAL: dict[str, Arguments] = {
    "open": lambda folder, name: ("open", folder, "--candidate", name, "--consent-given"),
    "export": lambda folder, _name: ("export", folder, "--out", "exported"),
    "serve": lambda folder, _name: ("serve", folder, "--port", 0),
    "webhook": lambda folder, _name: ("webhook", folder),
    "committee": lambda folder, _name: ("committee", folder),
    "lock": lambda folder, _name: ("lock", folder, "--by", "Org"),
    "restart": lambda folder, _name: ("restart", folder, "--by", "Org", "--why", "Anew."),
    "status of all": lambda folder, _name: ("status", folder),
}
OF_TOKENS: dict[str, Arguments] = {
    "token": lambda folder, _name: ("token", folder, "rater", "kim"),
    "invite": lambda folder, _name: ("invite", folder, "Kim"),
    "agreement": lambda folder, _name: ("agreement", folder),
}
OF_FOLDERS: dict[str, Arguments] = {
    "verify": lambda folder, _name: ("verify", folder),
    "compare": lambda folder, _name: ("compare", folder),
    "check": lambda folder, _name: ("check", folder, "--brief", folder),
    "look": lambda folder, _name: ("look", folder),
    "alerts": lambda folder, _name: ("alerts", folder),
    "update": lambda folder, _name: ("update", "--done", "All.", "--tree", folder),
    "ask": lambda folder, _name: ("ask", "Why?", "--tree", folder),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_eval(tmp_path / "eval")
    open_candidate(folder, "ada", terms_of(folder), consents=True)
    ledger = Workspace(folder=folder).candidate("ada").ledger
    for number in range(1, 6):
        ledger.append(Kind.FEEDBACK, {"number": number, "text": "More.", "by": "organiser"}, actor=Role.ORGANISER)
    return folder


def refused(run: Run, place: Path, *arguments: object) -> str:
    """Run a command that has to be refused on one screen, and hold it to having written nothing."""
    before = files(place)
    code, out, err = run("eval", *arguments)
    assert code == 2, out + err
    assert any(": " in line and "heldout" in line for line in err.splitlines())
    assert "Traceback" not in err
    assert "the tool itself failed" not in err
    assert len(err.splitlines()) <= 8
    assert files(place) == before
    return err


def files(place: Path) -> dict[str, str]:
    """Return the SHA-256 of every file; locks are no content."""
    found = [path for path in place.rglob("*") if path.is_file() and not path.name.endswith("lock")]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


EVERY = OF_A_CANDIDATE | OF_AN_EVAL | OF_TOKENS | OF_FOLDERS


@pytest.mark.parametrize("verb", EVERY)
@pytest.mark.parametrize("what", ["an empty folder", "nothing", "a file"])
def test_what_is_no_eval_is_refused(heldout_in_a_folder: Run, tmp_path: Path, verb: str, what: str) -> None:
    there = tmp_path / "there"
    if what == "an empty folder":
        there.mkdir()
    elif what == "a file":
        there.write_text("this is no folder")

    refused(heldout_in_a_folder, tmp_path, *EVERY[verb](there, "ada"))


@pytest.mark.parametrize("verb", OF_A_CANDIDATE)
@pytest.mark.parametrize("name", ["bob", "../ada", ""])
def test_a_candidate_who_is_not_there_is_refused(heldout_in_a_folder: Run, folder: Path, verb: str, name: str) -> None:
    refused(heldout_in_a_folder, folder, *OF_A_CANDIDATE[verb](folder, name))


@pytest.mark.parametrize("verb", OF_A_CANDIDATE | OF_AN_EVAL)
@pytest.mark.parametrize("how", ["in half", "at a line", "a changed byte"])
def test_a_damaged_ledger_is_refused(heldout_in_a_folder: Run, folder: Path, verb: str, how: str) -> None:
    path = folder / "record" / "ada" / "ledger.jsonl"
    content = path.read_bytes()
    half = content[: len(content) // 2]
    cut = {
        "in half": half,
        "at a line": half[: half.rfind(b"\n") + 1],
        "a changed byte": half[:-1] + bytes([half[-1] ^ 1]) + content[len(half) :],
    }
    path.write_bytes(cut[how])

    err = refused(heldout_in_a_folder, folder, *(OF_A_CANDIDATE | OF_AN_EVAL)[verb](folder, "ada"))

    assert "ledger" in err


@pytest.mark.parametrize("verb", OF_A_CANDIDATE | OF_AN_EVAL | OF_TOKENS)
@pytest.mark.parametrize("what", ["kit", "bundle"])
def test_a_kit_or_a_bundle_is_no_eval(heldout_in_a_folder: Run, folder: Path, verb: str, what: str) -> None:
    there = folder.parent / what
    there.mkdir()
    (there / "brief.toml").write_bytes((folder / "brief.toml").read_bytes())
    (there / "bundle.json").write_text(json.dumps({"kind": "open", "candidate": "ada", "commit": "", "files": {}}))

    err = refused(heldout_in_a_folder, folder.parent, *(OF_A_CANDIDATE | OF_AN_EVAL | OF_TOKENS)[verb](there, "ada"))

    assert "brief" in err


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": {"/etc/passwd": ""}}', '{"kind": "mlflow"}'])
def test_a_foreign_bundle_is_refused(heldout_in_a_folder: Run, tmp_path: Path, content: str) -> None:
    there = tmp_path / "bundle"
    there.mkdir()
    (there / "bundle.json").write_text(content)

    refused(heldout_in_a_folder, tmp_path, "verify", there)


@pytest.mark.parametrize(
    ("role", "name"), [("rater", ""), ("rater", "../x"), ("organiser", "kim"), ("candidate", "ada")]
)
def test_a_token_is_for_somebody(heldout_in_a_folder: Run, folder: Path, role: str, name: str) -> None:
    refused(heldout_in_a_folder, folder, *filter(None, ("token", folder, role, name)))
