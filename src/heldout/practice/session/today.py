"""What is planned today, and a session that plays it, one thing after the other."""

import datetime as dt
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table as Rows
from rich.text import Text

from heldout.core.time_zone import zone_named
from heldout.practice.attempt import Attempt
from heldout.practice.drill import Difficulty
from heldout.practice.learner.store import Store
from heldout.practice.plan import Block, Day, Item, Plan, Sat, Terms, Work, is_planted, plain_terms, plan_of, terms_of
from heldout.practice.plan.days import local_date
from heldout.practice.plan.frame import MILESTONES
from heldout.practice.plan.syllabus import syllabus
from heldout.practice.session.dealt import Dealt, deal
from heldout.practice.session.playing import Table, pending, play
from heldout.practice.session.words import told

__all__ = ["day_shown", "plan_now", "play_today", "sat_of", "terms_kept"]

GO = "Enter begins, s puts it off, Ctrl-D stops >"


def terms_kept(store: Store) -> Terms | None:
    """Return the terms of the plan; None before there is one. Raises BadInput for damaged ones."""
    plain = store.plan()
    return None if plain is None else terms_of(plain, str(store.folder / "plan.json"))


def plan_now(store: Store, terms: Terms, now: dt.datetime) -> Plan:
    """Return the plan as it stands at an instant."""
    zone = zone_named(terms.zone)
    return plan_of(terms, store.attempts(), now.astimezone(zone).date(), sat=sat_of(store, zone))


def sat_of(store: Store, zone: ZoneInfo) -> Sat:
    """Return the milestones and mocks that were sat, by the zone's dates."""
    milestones = {int(one["day"]): local_date(one["at"], zone) for one in store.sat("milestones")}
    return Sat(milestones=milestones, mocks=tuple(local_date(one["at"], zone) for one in store.sat("mocks")))


def day_shown(plan: Plan) -> RenderableType:
    """Return what today holds, as a terminal shows it."""
    day = plan.on(plan.today)
    if day is None:
        return Text(_outside(plan), style="bold")
    head = Text(f"Day {day.number} of {len(plan.days)}, {plan.today:%A %d %B}", style="bold")
    if day.is_rest:
        return Group(head, Text("Rest: nothing is planned. What was learnt settles; tomorrow goes on."))
    left = sum(block.item.minutes for block in day.blocks if not block.done)
    head.append(f": {left} minutes to go" if left else ": all done", style="bold")
    zone = zone_named(plan.terms.zone)
    table = Rows(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, side in (("", "left"), ("at", "left"), ("min", "right"), ("what", "left"), ("why", "left")):
        table.add_column(name, justify="right" if side == "right" else "left", overflow="fold")
    ends = day.blocks[0].begins if day.blocks else None
    for block in day.blocks:
        item = block.item
        if ends is not None and block.begins > ends:
            pause = (block.begins - ends) // dt.timedelta(minutes=1)
            table.add_row("", f"{ends.astimezone(zone):%H:%M}", str(pause), "break", "", style="dim")
        ends = block.begins + dt.timedelta(minutes=item.minutes)
        why = Text("" if block.done else item.why)
        begins = block.begins.astimezone(zone)
        table.add_row("✓" if block.done else "", f"{begins:%H:%M}", str(item.minutes), told(item), why)
    free = [Text("The hours are the plan's; begin whenever you like.\n", style="dim")] if left else []
    return Group(head, table, *free, *map(Text, plan.left_out))


def play_today(table: Table, terms: Terms) -> tuple[Attempt, ...]:
    """Play what is under way and then what today holds, and return the attempts of this session. Raises Left."""
    played: list[Attempt] = []
    terms = _finish_sitting(table, terms)
    under_way = pending(table)
    if under_way is not None:
        table.desk.show(Text("A round is under way. It goes on where it was left; what was typed is there.\n"))
        played.append(play(table, *under_way))
    elif not table.store.profile().get("saw_worked_audit"):
        _worked(table, plan_now(table.store, terms, table.now()))
    put_off: set[tuple[str, int]] = set()
    while True:
        block = _next(plan_now(table.store, terms, table.now()), put_off)
        if block is None:
            table.desk.show(
                Text("\nThat is all for today." if not put_off else "\nThe rest was put off.", style="bold")
            )
            return tuple(played)
        item = block.item
        table.desk.show(Text(f"\nNext: {told(item)}, {item.minutes} minutes ({item.why})", style="bold"))
        if table.desk.ask(GO).text.strip().lower() in ("s", "skip"):
            put_off.add(_key(block))
            continue
        attempt = _play(table, block, terms)
        if attempt is not None:
            played.append(attempt)


def _play(table: Table, block: Block, terms: Terms) -> Attempt | None:
    item = block.item
    if item.round is None:
        _sit(table, item, terms)
        return None
    return play(table, _dealt(block), item.round)


def _finish_sitting(table: Table, terms: Terms) -> Terms:
    """Go on with a milestone or a placement that was left in the middle; returns the terms, placed anew if so."""
    activity = (table.store.draft() or {}).get("activity")
    if not isinstance(activity, dict) or "kind" in activity:
        return terms
    day, seed = activity.get("milestone"), activity.get("seed")
    if day in MILESTONES and isinstance(seed, int) and seed >= 0:
        from heldout.practice.session.milestone import sit_milestone

        sit_milestone(table, day, seed)
    elif activity.get("placement") == terms.start.isoformat():
        from heldout.practice.session.placement import place

        terms = place(table, terms)
        table.store.save_plan(plain_terms(terms))
    else:  # no drill can begin as long as it is there
        table.store.drop_draft()
        table.desk.show(Text("What was under way belongs to another plan; it was put aside."))
    return terms


def _sit(table: Table, item: Item, terms: Terms) -> None:
    from heldout.practice.session.milestone import seed_of, sit_milestone

    if item.work is Work.MILESTONE:
        sit_milestone(table, item.number, seed_of(terms))
        return
    from heldout.practice.mock.aim import Level
    from heldout.practice.mock.dealing import sit_mock

    seed, level = seed_of(terms) + item.number, Level(terms.level.value)
    sit_mock(table.store, table.desk, seed=seed, level=level, minutes=float(item.minutes), now=table.now)


def _dealt(block: Block) -> Dealt:
    item = block.item
    return deal(item.kind, item.seed, Difficulty(item.difficulty), is_planted(item.seed))


def _worked(table: Table, plan: Plan) -> None:
    from heldout.practice.session.worked import worked_audit

    day = plan.on(plan.today)
    planned = {block.item.kind for block in (day.blocks if day else ())}
    kinds = [name for names in syllabus().values() for name in names]
    kind = next((name for name in kinds if name not in planned), kinds[0])  # one that today does not ask for
    worked_audit(deal(kind, 1, Difficulty.EASY, planted=False), table.desk)
    table.store.save_profile({**table.store.profile(), "saw_worked_audit": True})


def _next(plan: Plan, put_off: set[tuple[str, int]]) -> Block | None:
    day: Day | None = plan.on(plan.today)
    blocks = day.blocks if day else ()
    return next((block for block in blocks if not block.done and _key(block) not in put_off), None)


def _key(block: Block) -> tuple[str, int]:
    item = block.item
    return item.kind or item.work.value, item.seed or item.number


def _outside(plan: Plan) -> str:
    first, last = plan.days[0].date, plan.days[-1].date
    if plan.today < first:
        return f"The fortnight begins on {first:%A %d %B}. Until then: heldout practice drill"
    return (
        f"The fortnight ended on {last:%A %d %B}. heldout practice progress shows what came of it; "
        "heldout practice plan --start DATE begins another."
    )
