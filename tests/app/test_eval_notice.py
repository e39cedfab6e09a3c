"""The notice says what is in force, and is in the kit and on the candidate's page."""

import re
from pathlib import Path

import pytest
from tests.app import authored
from tests.cli.conftest import Run
from tests.web.served import open_for, serving, write_eval

from heldout.evals.authoring.notice import Facts, notice, notice_markdown, notice_text
from heldout.evals.brief import open_brief
from heldout.evals.grading.audit import asked_checks
from heldout.evals.record.kinds import Role


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_eval(tmp_path / "eval")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('ai_use = "allowed"', 'ai_use = "forbidden"', "No software checks that"),
        ('ai_use = "allowed"', 'ai_use = "disclosed"', "say which, and for what"),
        ("hours = 48", "hours = 30\ngrace_minutes = 10", "You have 30 hours"),
        ("hours = 48", 'hours = 48\nlate = "refused"', "What comes later is not graded"),
        ("[budget]", "[people]\nretention_days = 33\n[budget]", "deleted after 33 days"),
        ("[budget]", '[people]\nconsent = "All is read by Kim."\n[budget]', "All is read by Kim."),
    ],
)
def test_what_the_brief_says_is_what_the_notice_says(folder: Path, old: str, new: str, said: str) -> None:
    before = notice_text(notice(open_brief(folder).brief))
    path = folder / "brief.toml"
    path.write_text(path.read_text().replace(old, new))

    after = notice_text(notice(open_brief(folder).brief))

    assert said in after
    assert said not in before


def test_it_counts_the_checks_that_a_grading_asks_and_says_that_it_is_no_advice(folder: Path) -> None:
    text = notice_text(notice(open_brief(folder).brief, Facts(raters=3, has_committee=True)))

    assert f"{len(asked_checks('lift'))} checks look at the work" in text
    assert "It is not legal advice" in text
    assert "3 people were let in to rate" in text
    assert "Each rater first rates alone: nobody sees another's sheet until all are locked" in text
    for what in ("reply to each line", "accommodated", "Deletion", "undecided", "shut off from the network"):
        assert what in text


def test_its_sentences_are_short_enough_to_be_read(folder: Path) -> None:
    text = notice_text(notice(open_brief(folder).brief))
    sentences = [one for one in re.split(r"(?<=[.:;])\s+", text) if one]
    lengths = [len(one.split()) for one in sentences]
    assert max(lengths) <= 45
    assert sum(lengths) / len(lengths) < 18


def test_a_title_makes_no_markup(folder: Path) -> None:
    path = folder / "brief.toml"
    path.write_text(re.sub(r"(?m)^title = .*$", 'title = "[a](http://x) <b>"', path.read_text(), count=1))
    assert "<b>" not in notice_markdown(notice(open_brief(folder).brief)).replace("\\<b\\>", "")


def test_the_command_prints_it_for_an_eval_and_for_a_candidate(run: Run, folder: Path) -> None:
    open_for(folder, "ada")
    code, out, _ = run("eval", "notice", folder)
    assert code == 0
    assert "One person was let in to rate" in out
    code, out, _ = run("eval", "notice", folder, "ada", "--markdown")
    assert code == 0
    assert out.startswith("# ")


def test_it_is_in_the_kit_that_a_candidate_gets(tmp_path: Path) -> None:
    made = authored.write(tmp_path, authored.clean(1500))
    kit = tmp_path / "eval" / "kit"
    assert made is not None
    assert (kit / "NOTICE.md").read_text() == notice_markdown(notice(open_brief(tmp_path / "eval").brief))


def test_it_is_on_the_candidates_page(folder: Path) -> None:
    with serving(*open_for(folder, "ada")) as served:
        for role, is_there in ((Role.CANDIDATE, True), (Role.ORGANISER, True), (Role.RATER, False)):
            token = served.tokens[role, "ada" if role is Role.CANDIDATE else ""]
            text = served.ask("GET", "/c/ada", token=token).text
            assert ("what a person decides" in text) is is_there
