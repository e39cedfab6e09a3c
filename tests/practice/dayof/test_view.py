import datetime as dt
import io
import json

from rich.console import Console

from heldout.practice.dayof import day_of, now_in, sections
from heldout.practice.dayof.running import run_clock
from heldout.practice.dayof.view import clock_line, day_json, day_markdown, day_view

START = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


def test_the_terminal_shows_the_clock_the_boxes_and_the_words_at_any_width() -> None:
    day = day_of(START, 4, 2)
    for width in (60, 80, 200):
        console = Console(width=width, file=io.StringIO())
        console.print(day_view(day, now_in(day, START + dt.timedelta(hours=1)), sections()))
        text = console.file.getvalue()
        assert "Now: A baseline, end to end" in text or "Now: Look at the data" in text
        assert "How to close" in text
        assert all(len(line) <= width for line in text.splitlines())


def test_markdown_has_a_box_to_tick_for_each_stretch() -> None:
    day = day_of(START, 48)
    text = day_markdown(day, sections())
    assert text.count("- [ ] ") == len(day.boxes)
    assert text.count("\n## ") == len(sections())
    assert text.startswith("# The day: 48 hours\n")


def test_json_holds_instants_with_offsets_and_where_one_is() -> None:
    day = day_of(START, 4, 2)
    data = json.loads(day_json(day, now_in(day, START), sections()))
    assert data["schema"] == "heldout.dayof.v1"
    assert data["now"]["box"] == "Five lines first"
    assert data["boxes"][0]["start"] == "2026-01-05T09:00:00+00:00"
    assert data["now"]["next"] == data["boxes"][1]["name"]


def test_the_clock_speaks_before_during_and_after() -> None:
    day = day_of(START, 4)
    for minutes, begins in ((-5, "Not begun. Next:"), (3, "Now: Five lines first"), (240, "The time is over")):
        assert clock_line(now_in(day, START + dt.timedelta(minutes=minutes))).startswith(begins)
    assert clock_line(now_in(day, START + dt.timedelta(minutes=239))).endswith("It is the last box.")


def test_the_running_clock_ends_with_the_day() -> None:
    day, shown = day_of(START, 4), Console(width=80, record=True, force_terminal=False, quiet=True)
    instants = iter([START, START + dt.timedelta(hours=2), START + dt.timedelta(hours=5)])
    run_clock(day, shown, instants.__next__, wait=0)
    assert next(instants, None) is None
