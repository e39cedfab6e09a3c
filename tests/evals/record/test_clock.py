"""The clock: what is agreed counts, what is given is free, and days on which clocks change are as long as they are."""

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evals import tiny

from heldout.core.errors import BadInput
from heldout.evals.brief import Brief, open_brief
from heldout.evals.record.clock import clock_of, gaps, silences, waking_hours
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event, Ledger

START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
AGREED = {"time_zone": "UTC", "waking": "08:00-22:00", "hours": 48}
Record = Callable[..., tuple[Event, ...]]


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    return open_brief(tiny.write_eval(tmp_path_factory.mktemp("eval"), rows=60, days=6)).brief


@pytest.fixture
def record(tmp_path: Path) -> Record:
    def record(
        *happened: tuple[float, Kind, Mapping[str, Any]], agreed: Mapping[str, Any] = AGREED
    ) -> tuple[Event, ...]:
        now = [START]
        ledger = Ledger(tmp_path, lambda: now[0])
        ledger.append(Kind.OPENED, {"agreed": agreed}, actor=Role.ORGANISER)
        for hours, kind, payload in happened:
            now[0] = START + hours * HOUR
            ledger.append(kind, payload, actor=Role.ORGANISER)
        return ledger.events()

    return record


def test_the_window_is_what_was_agreed_and_what_is_given_is_added_for_free(brief: Brief, record: Record) -> None:
    events = record(
        (3, Kind.EXTENDED, {"hours": 6, "why": "the data came late"}), (4, Kind.ACCOMMODATED, {"hours": 12})
    )

    clock = clock_of(brief, events, START + 10 * HOUR)

    assert clock.ends == START + (48 + 6 + 12) * HOUR
    assert (clock.left, clock.state, clock.cost) == (56, "running", 0)
    assert (clock.agreed_hours, clock.extended_hours, clock.accommodated_hours) == (48, 6, 12)


def test_agreed_pauses_put_the_end_off_and_count_for_no_cadence(brief: Brief, record: Record) -> None:
    pause = [(START + 4 * HOUR).isoformat(), (START + 10 * HOUR).isoformat()]
    later = [(START + 90 * HOUR).isoformat(), (START + 99 * HOUR).isoformat()]
    events = record(agreed={**AGREED, "pauses": [later, pause, pause]})

    clock = clock_of(brief, events, START)

    assert clock.ends == START + 54 * HOUR
    assert clock.paused_hours == 6
    assert silences(brief, events, START + 14 * HOUR)[0].waking_hours == 8


def test_a_receipt_is_in_time_in_grace_late_or_refused(brief: Brief, record: Record) -> None:
    events = record()
    kind, late = (
        brief.model_copy(update={"window": brief.window.model_copy(update={"grace_minutes": 5.0, "late": late})})
        for late in ("graded", "refused")
    )
    end = START + 48 * HOUR

    standings = [clock_of(kind, events, START).standing(end + dt.timedelta(minutes=m)) for m in (-1, 0, 3, 5, 6)]

    assert [standing.becomes for standing in standings] == ["in time", "in time", "grace", "grace", "late"]
    assert [standing.minutes_late for standing in standings] == [0, 0, 3, 5, 6]
    assert clock_of(late, events, START).standing(end + HOUR).becomes == "refused"


def test_the_state_follows_what_happened(brief: Brief, record: Record) -> None:
    events = record((2, Kind.SUBMITTED, {}))

    assert clock_of(brief, events, START + HOUR).state == "submitted"
    assert clock_of(brief, events[:1], START + 49 * HOUR).state == "over"
    assert clock_of(brief, events[:1], START + 49 * HOUR).left == 0


def test_a_clock_that_jumped_back_is_not_believed(brief: Brief, record: Record) -> None:
    events = record((30, Kind.UPDATE, {}), (5, Kind.UPDATE, {}))

    clock = clock_of(brief, events, START - 1000 * HOUR)

    assert clock.now == START + 30 * HOUR
    assert clock.left == 18
    assert "behind the last event" in clock.notes[0]


def test_a_clock_that_jumped_far_ahead_ends_the_window_and_makes_no_endless_gap(brief: Brief, record: Record) -> None:
    events = record()

    (gap,) = gaps(brief, events, dt.datetime(9990, 1, 1, tzinfo=dt.UTC))

    assert gap.ends == START + 48 * HOUR
    assert gap.waking_hours == 28


def test_nights_count_for_no_cadence_and_longer_silences_are_told_with_their_waking_hours(
    brief: Brief, record: Record
) -> None:
    updates = [(hours, Kind.UPDATE, {"number": hours}) for hours in (10, 25, 47)]

    events = record(*updates)

    assert [silence.waking_hours for silence in silences(brief, events, START + 48 * HOUR)] == [10, 5, 13, 0]
    (gap,) = gaps(brief, events, START + 48 * HOUR)
    assert (gap.begins, gap.ends, gap.waking_hours) == (START + 25 * HOUR, START + 47 * HOUR, 13)


def test_a_changed_old_update_is_no_update(brief: Brief, record: Record) -> None:
    events = record((6, Kind.UPDATE, {"number": 1}), (7, Kind.UPDATE, {"number": 2, "replaces": 1}))

    assert [silence.begins for silence in silences(brief, events, START + 20 * HOUR)] == [START, START + 6 * HOUR]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", dt.date(2026, 3, 29), 23),  # 02:00 becomes 03:00
        ("Europe/Berlin", dt.date(2026, 10, 25), 25),  # 03:00 becomes 02:00
        ("Europe/Berlin", dt.date(2026, 6, 1), 24),
        ("America/New_York", dt.date(2026, 3, 8), 23),
        ("America/New_York", dt.date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), 24.5),  # half an hour
    ],
)
def test_a_day_on_which_clocks_change_has_the_hours_that_pass(zone: str, day: dt.date, hours: float) -> None:
    begins = dt.datetime.combine(day, dt.time(), ZoneInfo(zone))
    ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))

    assert waking_hours(begins, ends, zone, "00:00-00:00") == hours
    assert waking_hours(begins, ends, zone, "08:00-22:00") == 14
    night = waking_hours(begins - 2 * HOUR, ends, zone, "22:00-06:00")
    assert night == 10 + (hours - 24)


def test_waking_hours_are_those_of_the_agreed_zone_on_either_side_of_a_change() -> None:
    # Berlin is UTC+1 until 29 March 2026 and UTC+2 from then on
    for day, offset in ((28, 1), (29, 2), (30, 2)):
        morning = dt.datetime(2026, 3, day, 8 - offset, tzinfo=dt.UTC)
        assert waking_hours(morning - HOUR, morning + HOUR, "Europe/Berlin", "08:00-22:00") == 1


@given(
    st.integers(0, 400 * 24),
    st.lists(st.integers(0, 60 * 72), min_size=2, max_size=6),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "UTC"]),
    st.sampled_from(["08:00-22:00", "22:00-06:00", "00:00-00:00", "02:30-02:45", "00:00-02:30"]),
)
def test_waking_hours_add_up_over_any_cut(offset: int, minutes: list[int], zone: str, waking: str) -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + offset * HOUR
    marks = [start + dt.timedelta(minutes=minute) for minute in sorted(minutes)]

    parts = sum(waking_hours(a, b, zone, waking) for a, b in itertools.pairwise(marks))

    whole = waking_hours(marks[0], marks[-1], zone, waking)
    assert parts == pytest.approx(whole)
    assert 0 <= whole <= (marks[-1] - marks[0]) / HOUR


def test_what_was_agreed_badly_is_refused_with_what_to_mend(brief: Brief, record: Record) -> None:
    with pytest.raises(BadInput, match="not opened"):
        clock_of(brief, (), START)
    with pytest.raises(BadInput, match="no time zone"):
        gaps(brief, record(agreed={**AGREED, "time_zone": "../etc/passwd"}), START + HOUR)


def test_a_window_without_end_is_refused(brief: Brief, record: Record) -> None:
    with pytest.raises(BadInput, match="1e\\+300 hours"):
        clock_of(brief, record(agreed={**AGREED, "hours": 1e300}), START)


def test_a_forgotten_agreement_falls_back_on_the_brief(brief: Brief, record: Record, tmp_path: Path) -> None:
    events = record()
    Ledger(tmp_path).forget(events[0].payload_sha256)

    clock = clock_of(brief, Ledger(tmp_path).events(), START)

    assert (clock.agreed_hours, clock.time_zone) == (brief.window.hours, "UTC")
