"""The guides of organiser and candidate, followed side by side against one server; what is printed is what they say."""

import re
import shutil
from pathlib import Path

import pytest
from tests.guides import Person, people
from tests.pages import ROOT

from heldout.evals.brief import Brief, Section
from heldout.sandbox import probe
from heldout.tools.promtool.program import Promtool

GUIDES = ROOT / "docs" / "guide"
WHO = {"NAME": "Ada", "EMAIL": "ada@example.org"}


def lets_in(candidate: Person, organiser: Person) -> None:
    """Give the candidate's git and shell the token that the organiser was shown."""
    opened = next(said for said in organiser.said if "open since" in said)
    token = opened.partition("shown once: ")[2].split()[0]
    answers = candidate.place / "askpass"
    answers.write_text(f"#!/bin/sh\necho {token}\n")
    answers.chmod(0o700)
    names = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO.items()}
    quiet = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ASKPASS": str(answers)}
    candidate.environment |= {"TOKEN": token, **names, **quiet}


def follow(organiser: Person, candidate: Person) -> None:
    for section in ("Write it", "Open it"):
        organiser.follow(section)
    lets_in(candidate, organiser)
    for section in ("Begin", "Talk"):
        candidate.follow(section)
    organiser.follow("Talk")
    candidate.follow("Work")
    organiser.follow("Score on the way")
    candidate.follow("Hand in")
    organiser.follow("Grade")
    candidate.follow("Read the card and reply")
    organiser.follow("Close")
    shutil.move(organiser.place / "for-ada", candidate.place.parent / "for-ada")  # sent by mail, say
    receipts = re.findall(r"head ([0-9a-f]{64})", "".join(candidate.said))
    candidate.environment["HEAD"] = receipts[-1]
    candidate.follow("Verify")
    organiser.follow("Forget")


def test_both_guides_are_followed_to_the_letter(tmp_path: Path) -> None:
    isolation = probe()
    if isolation.level == 0:
        pytest.skip(f"no sandbox here: {isolation.explanation}")
    if Promtool.find() is None:
        pytest.skip("promtool is not installed (make system-deps)")
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed (make system-deps)")
    parts = [(GUIDES / f"{name}.md", tmp_path / name) for name in ("run-an-eval", "take-an-eval")]
    with people(*parts) as (organiser, candidate):
        follow(organiser, candidate)

    assert not organiser.left
    assert not candidate.left
    assert {code for _, code in organiser.codes} == {0}
    told = {command for command, code in candidate.codes if code != 0}
    assert told <= {"heldout eval look .", "heldout eval alerts ."}, "both tell of what is to be mended"


def test_the_reference_names_every_key_of_a_brief() -> None:
    text = (GUIDES / "eval.md").read_text(encoding="utf-8")
    missing = [
        f"{section}.{name}"
        for section, field in Brief.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
        for name in field.annotation.model_fields
        if f"`{name}`" not in text and f"`{section}.{name}`" not in text
    ]
    assert missing == []
    assert "`amendments`" in text
