"""A milestone at a desk: the offline result, the call, the experiment, the score."""

import zlib
from dataclasses import asdict

from rich.panel import Panel
from rich.text import Text

from heldout.core.errors import BadInput
from heldout.practice.milestone import (
    LEVEL,
    Call,
    Experiment,
    Milestone,
    Scored,
    coverage,
    milestone,
    plain_scored,
    reveal,
    score_call,
    scored_of,
)
from heldout.practice.plan import Terms
from heldout.practice.session.desk import Desk
from heldout.practice.session.playing import Table, keeping
from heldout.practice.session.view import drawn

__all__ = ["seed_of", "sit_milestone"]


def seed_of(terms: Terms) -> int:
    """Return the seed of a plan's milestones and mocks."""
    return zlib.crc32(f"sittings from {terms.start.isoformat()}".encode())


def sit_milestone(table: Table, day: int, seed: int) -> Scored:
    """Show an offline result, take the call, reveal the experiment and record the score. Raises Left."""
    shown = milestone(day, seed)
    desk = keeping(table, {"milestone": day, "seed": seed, "shown": repr(shown)})
    desk.show(Panel(Text(shown.situation), title=Text(f"Milestone, {shown.title}"), title_align="left"))
    desk.show(*map(drawn, shown.exhibits))
    desk.show(Text(shown.ask, style="bold"))
    call, seconds = _call(desk)
    seen = reveal(day, seed)
    scored = score_call(day, call, seen)
    line = {**plain_scored(scored), "at": table.now().isoformat(timespec="seconds"), "seed": seed}
    table.store.note("milestones", {**line, "seconds": round(seconds, 1), "call": asdict(call)})
    table.store.drop_draft()
    _tell(desk, shown, call, seen, scored)
    every = [scored_of(one) for one in table.store.sat("milestones")]
    _tell_coverage(desk, every)
    return scored


def _call(desk: Desk) -> tuple[Call, float]:
    took = 0.0
    while True:
        asked = [
            desk.ask("Ship it? y or n >"),
            desk.ask("The effect that the experiment will measure, in % >"),
            desk.ask(f"From (it falls below with a chance of {(1 - LEVEL) / 2:.0%}), in % >"),
            desk.ask(f"To (it falls above with a chance of {(1 - LEVEL) / 2:.0%}), in % >"),
        ]
        took += sum(one.seconds for one in asked)
        ships, *numbers = (one.text.strip().lower() for one in asked)
        try:
            effect, low, high = (float(one.removesuffix("%").replace("−", "-")) / 100 for one in numbers)
            if ships[:1] not in ("y", "n"):
                raise ValueError(ships)
            return Call(ships=ships[0] == "y", effect=effect, low=low, high=high), took
        except BadInput as error:
            desk.show(Text(f"{error.what}; {error.mend}."))
        except ValueError:
            desk.show(Text("Please type y or n, and then three numbers in percent, such as 1.5"))


def _tell(desk: Desk, shown: Milestone, call: Call, seen: Experiment, scored: Scored) -> None:
    pays = "pays" if seen.pays else "does not pay"
    lines = (
        (40, 40.0 * scored.decides, f"Shipping {pays} (from {shown.least:.1%} on); you {_decided(call)}."),
        (20, 20.0 * scored.signs, f"You predicted {call.effect:+.1%}; it measured {seen.measured:+.1%}."),
        (
            40,
            scored.points - 40.0 * scored.decides - 20.0 * scored.signs,
            f"[{call.low:+.1%}, {call.high:+.1%}] {'holds' if scored.covers else 'misses'} it.",
        ),
    )
    desk.show(Text("The experiment", style="bold"), Text(seen.because))
    for worth, points, what in lines:
        desk.show(Text(f"{points:>5.0f} of {worth}  ", style="bold").append(what, style="default"))
    desk.show(Text(f"{scored.points:.0f} of 100 points.", style="bold"))


def _decided(call: Call) -> str:
    return "ship" if call.ships else "do not ship"


def _tell_coverage(desk: Desk, every: list[Scored]) -> None:
    held = coverage(every)
    if held.value is None or held.low is None or held.high is None:
        return
    desk.show(
        Text(
            f"Over {held.n} milestones {held.value:.0%} [{held.low:.0%}, {held.high:.0%}] of your intervals held what "
            f"was measured; {LEVEL:.0%} was asked for."
        )
    )
