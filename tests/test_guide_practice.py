"""The guide to practice: its commands print what it says, and its fortnight is the plan's."""

import datetime as dt
import re
from collections import Counter
from pathlib import Path

from tests.pages import ROOT, run_examples

from heldout.practice.attempt import Round
from heldout.practice.plan import Day, Level, Terms, Work, plan_of
from heldout.practice.plan.frame import REVISITS

GUIDE = ROOT / "docs" / "guide" / "practice.md"
START = dt.date(2026, 3, 2)
ROW = re.compile(r"^\| (\d+) \| (.*?) ?\| (.*?) ?\|$", re.MULTILINE)


def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    ended = run_examples(
        GUIDE,
        tmp_path,
        HELDOUT_PRACTICE=str(tmp_path / "me"),
        HELDOUT_PRACTICE_NOW="2026-03-02T17:30:00+00:00",
        TZ="UTC",
        PYTHONHASHSEED="0",
    )
    assert {code for _, code in ended} == {0}
    assert (tmp_path / "plan.ics").exists()


def test_the_fortnight_of_the_guide_is_what_the_plan_lays_out() -> None:
    terms = Terms(start=START, level=Level.SENIOR, hours=1.5, zone="UTC")
    laid = plan_of(terms, (), START)
    shown = {int(day): (sittings, rounds) for day, sittings, rounds in ROW.findall(GUIDE.read_text(encoding="utf-8"))}
    assert shown == {day.number: row(day) for day in laid.days}


def row(day: Day) -> tuple[str, str]:
    if day.is_rest:
        return "rest", ""
    sittings = [f"{block.item.work} ({block.item.minutes} min)" for block in day.blocks if not block.item.kind]
    due = Counter(block.item.round for block in day.blocks if block.item.work is Work.DUE)
    words = {Round.EXPLANATION: "explanation", Round.BLANK_FILE: "blank file"}
    counted = ", ".join(f"{n} {what}{'s' if n > 1 else ''}" for one, what in words.items() if (n := due[one]))
    revisits = "revisits first" if day.number in REVISITS else ""
    return ", ".join(sittings), "; ".join(part for part in (counted, revisits) if part)
