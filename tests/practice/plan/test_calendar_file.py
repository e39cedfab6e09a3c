"""The calendar file keeps to RFC 5545, and its events stay the same ones when the plan is made again."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from tests.practice.plan.test_fortnight import KINDS, START, attempt, planned

from heldout.practice.plan import plan
from heldout.practice.plan.calendar_file import as_calendar
from heldout.practice.plan.frame import Level


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def events(text):
    """Read events as RFC 5545 says: unfold, name and parameters before the first colon, value after it."""
    found, now = [], None
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            now = {}
        elif line == "END:VEVENT":
            found.append(now)
        elif now is not None:
            now[name] = value
    return found


def test_lines_end_by_crlf_and_hold_at_most_75_octets():
    raw = as_calendar(planned()).encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert all(line.startswith(b" ") or re.match(rb"[A-Z-]+[;:]", line) for line in lines[:-1])


def test_folding_cuts_no_character():
    wide = {"é漢🙂" * 40: ("é漢🙂" * 40 + "/kind",)}
    found = plan(START, Level.MID, 1.0, placement={}, attempts=(), today=START, zone="UTC", kinds=wide)
    raw = as_calendar(found).encode()
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    for line in raw.split(b"\r\n"):
        line.decode()
    assert "é漢🙂" * 40 in "".join(unfolded(raw.decode()))


def test_the_calendar_and_each_event_hold_what_is_required():
    text = as_calendar(planned())
    lines = unfolded(text)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert any(line.startswith("PRODID:") for line in lines)
    found = events(text)
    assert all({"UID", "DTSTAMP", "SUMMARY"} <= set(event) for event in found)
    assert len({event["UID"] for event in found}) == len(found)
    stamp = re.compile(r"\d{8}T\d{6}Z")
    for event in found:
        if "DTSTART" in event:
            assert stamp.fullmatch(event["DTSTART"])
            assert stamp.fullmatch(event["DTEND"])
            assert event["DTSTART"] < event["DTEND"]
        else:
            assert (event["SUMMARY"], event["TRANSP"]) == (event["SUMMARY"].split(":")[0] + ": rest", "TRANSPARENT")


def test_text_is_escaped():
    text = "".join(unfolded(as_calendar(planned())))
    assert re.search(r"\\n\d+ min: ", text)
    assert not re.search(r"SUMMARY:[^:]*[^\\],", "\n".join(unfolded(as_calendar(planned()))))


def test_uids_stay_and_the_sequence_goes_up_when_the_plan_is_made_again():
    later = START + dt.timedelta(days=3)
    first = {event["UID"]: event for event in events(as_calendar(planned()))}
    again = {
        event["UID"]: event
        for event in events(as_calendar(planned(attempts=[attempt("leakage/kind-0", START, score=0.0)], today=later)))
    }
    assert set(again) <= set(first)
    assert {event["SEQUENCE"] for event in first.values()} == {"0"}
    assert {event["SEQUENCE"] for event in again.values()} == {"3"}


@pytest.mark.parametrize(
    ("start", "zone", "change"),
    [
        (dt.date(2026, 3, 20), "Europe/Berlin", dt.date(2026, 3, 29)),
        (dt.date(2026, 10, 18), "Europe/Berlin", dt.date(2026, 10, 25)),
        (dt.date(2026, 3, 1), "America/New_York", dt.date(2026, 3, 8)),
    ],
)
def test_events_begin_at_the_same_time_by_the_clocks_before_and_after_they_change(start, zone, change):
    found = planned(start, zone=zone)
    begins = {}
    for event in events(as_calendar(found)):
        if event["UID"].split("@")[0].endswith("-block-1"):
            at = dt.datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
            begins[at.astimezone(ZoneInfo(zone)).date()] = at
    local = {at.astimezone(ZoneInfo(zone)).time() for at in begins.values()}
    assert local == {dt.time(18)}
    offsets = {day < change: at.hour for day, at in begins.items()}
    assert offsets[True] != offsets[False]


def test_work_over_midnight_ends_on_the_next_day():
    found = planned(hours=1.5, zone="UTC", begins=dt.time(23, 30))
    last = [event for event in events(as_calendar(found)) if "DTSTART" in event][1]
    assert last["DTSTART"][:8] == "20260321"
    assert KINDS
