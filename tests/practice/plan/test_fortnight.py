"""The plan: fourteen days within their hours, rounds on their days, adapted to results, whatever the clocks do."""

import datetime as dt
from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from heldout.core.errors import BadInput
from heldout.practice.attempt import Attempt, Round
from heldout.practice.drill import Family
from heldout.practice.plan import Level, Sat, Terms, Work, is_planted, plain_terms, plan, terms_of
from heldout.practice.plan.frame import DAYS, DEEP_WORK, MILESTONES, MOCKS, REST, REVISITS

KINDS = {family.value: tuple(f"{family.value}/kind-{number}" for number in range(6)) for family in Family}
START = dt.date(2026, 3, 20)
HOURS = (0.5, 0.75, 1.0, 1.5, 3.0, 6.0)
WEAK = "leakage"


def planned(start=START, hours=1.5, *, attempts=(), today=None, zone="Europe/Berlin", placement=None, sat=None, **more):
    return plan(
        start,
        more.pop("level", Level.SENIOR),
        hours,
        placement=placement or {},
        attempts=attempts,
        today=today or start,
        zone=zone,
        sat=sat,
        kinds=KINDS,
        **more,
    )


def attempt(kind, day, done=Round.SPEED, *, score=100.0, hour=18):
    return Attempt(
        kind=kind,
        seed=0,
        difficulty=2,
        planted=True,
        round=done,
        at=f"{day.isoformat()}T{hour:02}:00:00+00:00",
        seconds=300.0,
        score=score,
    )


def lived(start=START, hours=1.5, *, missed=(), until=DAYS, zone="UTC", right=lambda kind: True):
    """Follow the plan day by day, all but the missed days; returns the plan seen on each day, attempts and sittings."""
    attempts, milestones, mocks, seen = [], {}, [], []
    for number in range(1, until + 1):
        day = start + dt.timedelta(days=number - 1)
        sat = Sat(milestones=dict(milestones), mocks=tuple(mocks))
        now = planned(start, hours, attempts=attempts, today=day, zone=zone, sat=sat)
        seen.append(now)
        if number in missed:
            continue
        for block in now.on(day).blocks:
            item = block.item
            if item.work is Work.MILESTONE:
                milestones[item.number] = day
            elif item.work is Work.MOCK:
                mocks.append(day)
            else:
                score = 100.0 if right(item.kind) else 0.0
                attempts.append(attempt(item.kind, day, item.round, score=score))
    return seen, attempts, Sat(milestones=milestones, mocks=tuple(mocks))


def works(found):
    return {
        day.number: Counter(block.item.work for block in day.blocks)
        for day in found.days
    }  # fmt: skip


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("hours", HOURS)
def test_no_day_holds_more_than_its_hours_and_each_has_its_frame(hours, level):
    found = planned(hours=hours, level=level)
    assert [day.number for day in found.days] == list(range(1, DAYS + 1))
    assert all(day.minutes <= hours * 60 for day in found.days)
    by_day = works(found)
    assert [number for number, work in by_day.items() if work[Work.MILESTONE]] == list(MILESTONES)
    assert [number for number, work in by_day.items() if work[Work.MOCK]] == list(MOCKS)
    assert {day.number for day in found.days if not day.blocks} == REST == {6, 13}
    assert not found.left_out


def test_three_mocks_are_sat_before_the_last_day_and_two_days_a_week_begin_with_what_went_wrong():
    assert len(MOCKS) == 3
    assert max(MOCKS) < DAYS
    assert [len([day for day in REVISITS if week < day <= week + 7]) for week in (0, 7)] == [2, 2]
    wrong = [attempt(f"{WEAK}/kind-0", START, score=10.0)]
    work = planned(attempts=wrong, today=START + dt.timedelta(days=1))
    assert work.days[4].blocks[1].item.work is Work.REVISIT
    assert work.days[4].blocks[1].item.kind == f"{WEAK}/kind-0"


@pytest.mark.parametrize("hours", HOURS)
def test_a_followed_plan_meets_each_opened_fault_on_its_days_or_the_next_working_day(hours):
    _, attempts, _ = lived(hours=hours)
    met = {}
    for one in attempts:
        met.setdefault(one.kind, []).append((one.round, dt.date.fromisoformat(one.at[:10])))
    chained = {kind: days for kind, days in met.items() if any(done is Round.EXPLANATION for done, _ in days)}
    assert chained
    for days in chained.values():
        explained = next(day for done, day in days if done is Round.EXPLANATION)
        coded = next((day for done, day in days if done is Round.BLANK_FILE), None)
        opened = max(day for done, day in days if done is Round.SPEED and day <= explained - dt.timedelta(days=2))
        assert 2 <= (explained - opened).days <= 4  # a day of rest and a full day lie between at most
        assert coded is not None
        assert 2 <= (coded - explained).days <= 5


@pytest.mark.parametrize("hours", [1.0, 1.5, 3.0, 6.0])
def test_each_family_is_touched_within_five_days_even_when_all_but_one_are_known(hours):
    placement = {family.value: (0, 3) if family.value == WEAK else (3, 3) for family in Family}
    found = planned(hours=hours, placement=placement)
    early = {block.item.family for day in found.days[:5] for block in day.blocks if block.item.kind}
    assert early == set(KINDS)


def test_half_an_hour_a_day_touches_every_family_in_the_fortnight():
    found = planned(hours=0.5)
    assert {block.item.family for day in found.days for block in day.blocks if block.item.kind} == set(KINDS)


@pytest.mark.parametrize("hours", [0.5, 1.5, 3.0])
def test_time_goes_where_the_weakness_is(hours):
    _, attempts, _ = lived(hours=hours, right=lambda kind: not kind.startswith(WEAK))
    spent = Counter(one.family for one in attempts)
    assert spent.most_common(1)[0][0] == WEAK
    assert spent[WEAK] > 1.4 * len(attempts) / len(KINDS)


@pytest.mark.parametrize("missed", [(1,), (2, 3), (3, 4, 5), tuple(range(2, 9)), (9, 10, 11)])
@pytest.mark.parametrize("hours", [0.5, 1.5])
def test_missed_days_are_planned_anew_without_piling_up(hours, missed):
    seen, _, sat = lived(hours=hours, missed=missed)
    for found in seen:
        assert all(day.minutes <= hours * 60 for day in found.days)
        for work in works(found).values():
            assert work[Work.MILESTONE] <= 1
            assert work[Work.MOCK] <= 1
    assert {day.number for day in seen[-1].days if day.is_missed} == set(missed) - REST - {DAYS}
    said = " ".join(seen[-1].left_out)
    assert (len(sat.mocks) == 3) == ("mocks" not in said)
    assert len(sat.mocks) == 3 or hours < 1 or len(missed) > 3
    unseen = set(MILESTONES) - set(sat.milestones)
    assert len(unseen) <= len(set(missed) & set(MILESTONES))
    assert all(f"milestone of day {number}" in said for number in unseen)


def test_what_no_longer_fits_is_said():
    found = planned(today=START + dt.timedelta(days=13))
    said = " ".join(found.left_out)
    assert "milestone of day 3" in said
    assert "0 of 3 mocks" in said
    assert found.days[-1].minutes <= 90


def test_today_stays_as_it_is_while_it_is_done():
    morning = planned()
    first, second = (block.item for block in morning.days[0].blocks[:2])
    done = [attempt(first.kind, START, score=0.0), attempt(second.kind, START)]
    noon = planned(attempts=done)
    assert [block.item for block in noon.days[0].blocks] == [block.item for block in morning.days[0].blocks]
    assert [block.done for block in noon.days[0].blocks[:3]] == [True, True, False]


def test_the_same_inputs_give_the_same_plan():
    attempts = [attempt(f"{WEAK}/kind-1", START, score=20.0), attempt("metric/kind-0", START)]
    today = START + dt.timedelta(days=2)
    assert planned(attempts=attempts, today=today) == planned(attempts=attempts, today=today)


def test_drills_are_mixed_and_a_part_of_them_is_clean():
    found = planned(hours=3.0)
    drills = [block.item for day in found.days for block in day.blocks if block.item.kind]
    for day in found.days:
        families = [block.item.family for block in day.blocks if block.item.kind]
        assert sum(a == b for a, b in pairwise(families)) <= len(families) / 5
    assert 0.55 < sum(is_planted(item.seed) for item in drills) / len(drills) < 0.85
    assert len({(item.kind, item.seed) for item in drills}) == len(drills)


def test_work_comes_in_blocks_with_breaks_and_a_harder_level_has_harder_drills():
    found = planned(hours=6.0)
    for day in found.days:
        for a, b in pairwise(day.blocks):
            assert (b.begins - a.ends) == dt.timedelta(minutes=10 if b.part > a.part else 0)
        minutes = Counter()
        for block in day.blocks:
            minutes[block.part] += block.item.minutes
        assert all(one <= DEEP_WORK for one in minutes.values())
    hard = {level: max(b.item.difficulty for d in planned(level=level).days for b in d.blocks) for level in Level}
    assert list(hard.values()) == [1, 2, 2, 3]


@pytest.mark.parametrize(
    ("start", "zone"),
    [
        (dt.date(2026, 3, 20), "Europe/Berlin"),
        (dt.date(2026, 10, 18), "Europe/Berlin"),
        (dt.date(2026, 3, 1), "America/New_York"),
        (dt.date(2026, 10, 25), "America/New_York"),
        (dt.date(2026, 3, 20), "Asia/Kolkata"),
        (dt.date(2011, 12, 24), "Pacific/Apia"),
        (dt.date(2028, 2, 20), "Europe/Berlin"),
        (dt.date(2026, 12, 24), "Pacific/Auckland"),
        (dt.date(2026, 3, 20), "Pacific/Kiritimati"),
    ],
)
@pytest.mark.parametrize("begins", [dt.time(0), dt.time(2, 30), dt.time(18), dt.time(23, 30)])
def test_each_day_begins_when_the_clocks_show_it_and_no_block_overlaps_another(start, zone, begins):
    found = planned(start, zone=zone, begins=begins)
    days = [day for day in found.days if day.blocks]
    local = [day.blocks[0].begins.astimezone(ZoneInfo(zone)) for day in days]
    late = dt.timedelta(hours=1)  # where the clocks leave the time out
    for day, at in zip(days, local, strict=True):
        assert at.date() == day.date
        naive = dt.datetime.combine(day.date, begins)
        assert dt.timedelta() <= at.replace(tzinfo=None) - naive <= late
    blocks = [block for day in days for block in day.blocks]
    assert all(a.ends <= b.begins for a, b in pairwise(blocks))
    assert len({day.date for day in found.days}) == DAYS


def test_the_day_that_apia_never_had_is_not_planned():
    dates = [day.date for day in planned(dt.date(2011, 12, 24), zone="Pacific/Apia").days]
    assert dt.date(2011, 12, 30) not in dates
    assert dates[-1] == dt.date(2012, 1, 7)
    with pytest.raises(BadInput, match="has no 2011-12-30"):
        planned(dt.date(2011, 12, 30), zone="Pacific/Apia")


def test_the_leap_day_is_a_day():
    assert dt.date(2028, 2, 29) in [day.date for day in planned(dt.date(2028, 2, 20)).days]


def test_an_attempt_after_midnight_counts_for_the_day_that_the_zones_clocks_show():
    late = attempt("metric/kind-0", START, hour=23)  # 00:00 on the 21st in Berlin
    berlin = planned(attempts=[late], today=START + dt.timedelta(days=2))
    utc = planned(attempts=[late], today=START + dt.timedelta(days=2), zone="UTC")
    assert [day.is_missed for day in berlin.days[:2]] == [True, False]
    assert [day.is_missed for day in utc.days[:2]] == [False, True]


def test_before_the_start_all_is_ahead_and_after_the_end_all_is_past():
    before = planned(today=START - dt.timedelta(days=3))
    assert not any(day.is_past for day in before.days)
    assert before.days[0].blocks
    after = planned(today=START + dt.timedelta(days=20))
    assert all(day.is_past and not day.blocks for day in after.days)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"hours": 0.4}, "0.4 hours"),
        ({"hours": 7}, "7 hours"),
        ({"hours": float("nan")}, "nan hours"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"placement": {"metric": (3, 2)}}, "3 of 2"),
        ({"placement": {"poetry": (1, 2)}}, "poetry"),
        ({"start": dt.date(9999, 12, 25)}, "9999"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(change, why):
    with pytest.raises(BadInput, match=why):
        planned(**change)


def test_terms_come_back_from_plain_data():
    terms = Terms(
        start=START, level=Level.STAFF, hours=1.5, zone="Asia/Kolkata", begins=dt.time(6, 45), placement={WEAK: (1, 3)}
    )
    assert terms_of(plain_terms(terms)) == terms
    for broken in ({}, {**plain_terms(terms), "start": "soon"}, {**plain_terms(terms), "placement": [1]}):
        with pytest.raises(BadInput, match="cannot be read") as raised:
            terms_of(broken)
        assert raised.value.mend
