"""A rescue from what was planted to what is verified: named and mended, half named, everything named, nothing said."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.evals import rescues, tiny
from tests.evals.rescues import findings, mended
from tests.evals.tiny import write_repository
from tests.web.served import git, open_for

from heldout.app.eval_finish import close
from heldout.app.eval_grade import Bundled, grade_recorded
from heldout.app.eval_receive import catch_up, reads_pushes
from heldout.app.grade import Graded, grade_submission
from heldout.core.card import Card
from heldout.core.finding import Ending, Finding
from heldout.evals.authoring.commitment import read_opening
from heldout.evals.brief import open_brief
from heldout.evals.bundle import verify
from heldout.evals.check import check_submission
from heldout.evals.grading.audit import audit, rescue_findings
from heldout.evals.grading.journal import open_journal
from heldout.evals.grading.program import look, receive
from heldout.evals.grading.rescue import rescue_of
from heldout.evals.record.kinds import Kind
from heldout.evals.record.workspace import Workspace
from heldout.report.html import card_page
from heldout.report.markdown import card_text
from heldout.sandbox import probe

PLANTED = "answers/planted.json"
CODES = ("COD008", "DOC009", "DOC010")


@dataclass(frozen=True, kw_only=True)
class Story:
    """What was graded: ada names and mends all, by the record; half names two and mends little."""

    place: Path
    folder: Path
    project: dict[str, str]
    half: Graded
    ada: Bundled
    before_close: dict[str, Path]

    @property
    def leaks(self) -> list[dict[str, Any]]:
        return list(json.loads((self.folder / PLANTED).read_text())["leaks"])


def endings(findings_: Sequence[Finding]) -> dict[str, Ending]:
    return {one.code: one.ending for one in findings_ if one.code in CODES}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    isolation = probe()
    if isolation.level == 0:
        pytest.skip(f"no sandbox here: {isolation.explanation}")
    place = tmp_path_factory.mktemp("rescue")
    made = rescues.write(place)
    assert made.folder is not None, made.refused
    project, all_mended = rescues.project_of(made), mended(rescues.project_of(made))
    places = [(one["file"], one["line"]) for one in json.loads((made.folder / PLANTED).read_text())["leaks"]]

    site, _ = open_for(made.folder, "ada")
    record = site.workspace.candidate("ada")
    tree = write_repository(place / "ada", all_mended | {"FINDINGS.md": findings(*places)})
    git("push", "--quiet", str(record.repository), "HEAD:refs/heads/main", "HEAD:refs/tags/submit", cwd=tree)
    catch_up(site.workspace, record)
    ada = grade_recorded(site.workspace, record)

    half = project | {name: all_mended[name] for name in ("submission.toml",)}
    half["FINDINGS.md"] = findings(*places[:2], ("model.py", 8))
    out, seed = record.folder / "graded", read_opening(made.folder / "opening.json").grader_seed
    graded = grade_submission(made.folder, write_repository(place / "half", half), out=out, seed=seed)

    before = {kind: place / f"before-{kind}" for kind in ada.bundles}
    for kind, path in ada.bundles.items():
        shutil.copytree(path, before[kind])
    close(site.workspace, record)
    return Story(place=place, folder=made.folder, project=project, half=graded, ada=ada, before_close=before)


def judged(story: Story, tmp_path: Path, files: dict[str, str]) -> Card:
    """Return the half's card with what becomes of the leaks in other files, by the processes of a grading."""
    for name, text in files.items():
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_text(text)
    rescue = rescue_of(tmp_path / "tree", "", story.folder / PLANTED).rescue
    return replace(story.half.card, rescue=rescue, findings=rescue_findings(rescue))


def test_who_names_and_mends_all_has_it_on_the_card_with_intervals(story: Story) -> None:
    card = story.ada.graded.card
    assert endings(card.findings) == dict.fromkeys(CODES, Ending.CLEAR)
    text = card_text(card)
    assert "4 of 4 planted leaks named (n=4; 100 % \\[51, 100\\]), 0 named that are none" in text
    assert "4 of 4 mended (n=4; 100 % \\[51, 100\\])" in text


def test_who_names_some_is_told_so_and_so_are_rows_for_what_was_not_planted(story: Story) -> None:
    card = story.half.card
    assert "2 of 4 planted leaks named (n=4; 50 % \\[15, 85\\]), 1 named that is none" in card_text(card)
    assert "2 of 4 planted leaks named (n=4; 50 % [15, 85]), 1 named that is none; 0 of 4 mended" in card_page(card)
    assert endings(card.findings) == {
        "COD008": Ending.PROBLEM,
        "DOC009": Ending.PROBLEM,
        "DOC010": Ending.CLEAR,
    }
    (axis,) = [axis for axis in card.axes if axis.name == "architecture"]
    assert set(CODES) <= set(axis.codes)


def test_a_list_of_every_line_names_nothing(story: Story, tmp_path: Path) -> None:
    files = story.project
    every = [(name, n + 1) for name, text in files.items() if name.endswith(".py") for n in range(text.count("\n"))]
    card = judged(story, tmp_path, files | {"FINDINGS.md": findings(*every)})
    assert endings(card.findings) == dict.fromkeys(CODES, Ending.PROBLEM)
    assert f"not counted of 4 (n=4): FINDINGS.md has {len(every)} places" in card_text(card)


def test_without_findings_it_is_said_that_nothing_could_be_counted(story: Story, tmp_path: Path) -> None:
    files = {name: text for name, text in story.project.items() if name != "FINDINGS.md"}
    card = judged(story, tmp_path, files)
    assert "not counted of 4 (n=4): there is no FINDINGS.md" in card_text(card)
    assert "0 of 4 planted leaks named" not in card_text(card)
    assert endings(card.findings)["DOC009"] is Ending.PROBLEM
    assert endings(card.findings)["DOC010"] is Ending.NOT_APPLICABLE


def test_the_candidates_own_check_names_the_line_to_mend(story: Story) -> None:
    tree = story.place / "half"
    text = (tree / "FINDINGS.md").read_text() + "| x | train.py | somewhere | y | z | w |\n"
    (tree / "FINDINGS.md").write_text(text)
    git("commit", "--quiet", "--all", "--message=more", cwd=tree)
    checked = check_submission(story.folder / "kit", tree)
    assert any(fact.endswith("4 faults found.") for fact in checked.facts)
    row = len(text.splitlines())
    assert any(note.startswith(f"FINDINGS.md, line {row}: the row names no place") for note in checked.notes)
    assert not any("planted" in line for line in (*checked.facts, *checked.notes))


def test_a_push_names_the_line_to_mend_and_nothing_of_what_was_planted(story: Story) -> None:
    site, _ = open_for(story.folder, "bob")
    record = site.workspace.candidate("bob")
    git("push", "--quiet", str(record.repository), "HEAD:refs/heads/main", cwd=story.place / "half")
    catch_up(site.workspace, record)
    (push,) = [event for event in record.ledger.events() if event.kind is Kind.PUSH]
    said = list(reads_pushes(site.workspace)(record, push))
    assert [line for line in said if line.startswith("FINDINGS.md, line ")]
    assert not [line for line in said if "planted" in line]


def test_the_planted_leaks_are_in_no_kit_no_card_and_no_open_bundle_before_the_close(story: Story) -> None:
    told = [one["what"].encode() for one in story.leaks]
    shown = [story.folder / "kit", story.before_close["open"], story.place / "half"]
    files = [path for folder in shown for path in folder.rglob("*") if path.is_file()]
    files += [path for graded in (story.half, story.ada.graded) for path in graded.files.values()]
    assert len(files) > 50
    for path in files:
        assert path.name != "planted.json"
        content = path.read_bytes()
        assert not [one for one in told if one in content], path
    private = story.half.files["json"].parent / "rescue.json"
    assert private.stat().st_mode & 0o777 == 0o600
    assert [one["fate"] for one in json.loads(private.read_text())["leaks"]].count("mended") == 0


def test_verify_judges_it_again(story: Story) -> None:
    head = story.ada.receipt.head
    bundles = story.ada.bundles
    for folder, how in (
        (story.before_close["open"], "hash only"),
        (bundles["sealed"], "recomputed"),
        (bundles["open"], "recomputed"),
    ):
        lines = verify(folder, head=head)
        assert [line for line in lines if not line.agrees] == []
        (line,) = [line for line in lines if line.what == "rescue"]
        assert line.how == how
        if how == "recomputed":
            assert line.seen == "named 4 and mended 4 of 4 planted leaks"
    assert (bundles["open"] / "eval" / PLANTED).read_bytes() == (story.folder / PLANTED).read_bytes()


def fewer(path: Path) -> None:
    key = json.loads(path.read_text())
    del key["leaks"][1]
    path.write_text(json.dumps(key))


def test_planted_leaks_that_were_changed_after_the_opening_are_named(story: Story, tmp_path: Path) -> None:
    shutil.copytree(story.folder, tmp_path / "eval")
    fewer(tmp_path / "eval" / PLANTED)
    workspace = Workspace(folder=tmp_path / "eval")
    _, differences = close(workspace, workspace.candidate("ada"))
    assert differences == ("holdout: the list of planted leaks has changed since the opening",)

    wrong = {}
    for kind in ("sealed", "open"):
        lines = verify(tmp_path / f"eval/record/ada/bundles/{kind}")
        wrong[kind] = {line.what: line.seen for line in lines if not line.agrees}

    assert set(wrong["sealed"]) == {"opening", "rescue"}
    assert wrong["sealed"]["opening"] == differences[0]
    assert wrong["open"]["planted leaks"] == "their list has not the hash that the opening names"
    assert set(wrong["open"]) == {"planted leaks", "rescue"}


def test_an_eval_of_another_kind_is_not_asked(tmp_path: Path) -> None:
    assert not [one for one in audited(tmp_path) if one.code in CODES]


def audited(tmp_path: Path) -> tuple[Finding, ...]:
    brief = open_brief(tiny.write_eval(tmp_path / "eval")).brief
    repository = write_repository(tmp_path / "tree", tiny.tree())
    with open_journal(tmp_path / "journal") as journal:
        return audit(brief, receive(journal, look(repository)), {})
