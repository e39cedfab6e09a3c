"""The explanation round: reasons in the learner's own words, read against the points that they have to make."""

import datetime as dt
from collections.abc import Callable

from rich.padding import Padding
from rich.text import Text

from heldout.practice.answers import Explanation, Heard, Standing, read, score
from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.point import Point, Probe
from heldout.practice.session.dealt import Dealt
from heldout.practice.session.desk import Desk, Typed
from heldout.practice.session.telling import HELP, Asking, confidence_of, hint_of, set_out, tell_why, total
from heldout.practice.session.typed import LETTERS

__all__ = ["explanation_round", "paragraph", "probe_all"]

ASKS = (
    "Explain it to the team: is the result supported or not, why, and by which numbers? Whole sentences; "
    "an empty line ends it."
)


def explanation_round(dealt: Dealt, desk: Desk, *, now: Callable[[], dt.datetime]) -> Attempt:
    """Ask for an explanation, probe what is unclear in it, and return the attempt; raises Left."""
    drill = dealt.drill()
    set_out(desk, dealt, drill, "Explanation round")
    desk.show(Text(HELP, style="dim"))
    confidence = confidence_of(desk)
    asking = Asking(desk=desk, hint=hint_of(dealt), again=lambda: set_out(desk, dealt, drill, "Again"))
    asking.put(Text(ASKS, style="bold"))
    typed = paragraph(asking, ">")
    explained = read(typed.text, drill.points)
    chosen, seconds = probe_all(asking, explained, drill.points)
    scored = score(explained, chosen)
    if not asking.revealed:
        for point, one in zip(drill.points, explained.heard, strict=True):
            _tell(desk, point, one, scored.shares[point.name])
    points = total(scored.after, asking)
    worth = 100 / len(drill.points)
    took = round(typed.seconds + sum(seconds.values()), 1)
    if asking.revealed:
        for point in drill.points:
            desk.show(Text(f"  {point.says}"))
    desk.show(Text(f"{points:.0f} of 100 points in {took:.0f} s.", style="bold"))
    tell_why(desk, drill)
    return Attempt(
        kind=dealt.name,
        seed=dealt.seed,
        difficulty=int(dealt.difficulty),
        planted=dealt.planted,
        round=Round.EXPLANATION,
        at=now().isoformat(timespec="seconds"),
        seconds=took,
        score=points,
        confidence=confidence,
        hints=asking.hints,
        revealed=asking.revealed,
        places={
            name: Place(
                first_key=round(typed.first_key, 1),
                answered=round(typed.seconds + seconds.get(name, 0.0), 1),
                points=round(worth * max(share, 0.0), 2),
                worth=round(worth),
            )
            for name, share in scored.shares.items()
        },
        typed=typed.text,
    )


def paragraph(asking: Asking, prompt: str) -> Typed:
    """Return lines up to an empty one as one text, with its times; what stands there when ! is typed is dropped."""
    lines: list[str] = []
    first_key, seconds = None, 0.0
    while True:
        typed = asking.line(prompt)
        if typed is None:
            return Typed(text="", first_key=first_key or 0.0, seconds=seconds)
        first_key = typed.first_key if first_key is None else first_key
        seconds += typed.seconds
        if not typed.text:
            return Typed(text="\n".join(lines), first_key=first_key, seconds=seconds)
        lines.append(typed.text)


def probe_all(
    asking: Asking, explained: Explanation, points: tuple[Point, ...]
) -> tuple[dict[str, int], dict[str, float]]:
    """Ask the probes of what is unclear; returns the chosen options and the seconds by the point's name."""
    chosen, seconds = {}, {}
    for point, heard in zip(points, explained.heard, strict=True):
        if heard.probe is None or asking.revealed:
            continue
        found = _probed(asking, heard, heard.probe)
        if found is not None:
            chosen[point.name], seconds[point.name] = found
    return chosen, seconds


def _probed(asking: Asking, heard: Heard, probe: Probe) -> tuple[int, float] | None:
    """Ask one probe; returns the option and the seconds, None when the learner wants to see the answers."""
    said = f" You wrote: “{heard.evidence[0]}”" if heard.evidence else ""
    why = f"{heard.why[:1].upper()}{heard.why[1:]}."
    options = [Text(f"  {letter}) {option}") for letter, option in zip(LETTERS, probe.options, strict=False)]
    asking.put(Text(f"I am not sure that I read this right. {why}{said}"), Text(probe.ask, style="bold"), *options)
    while True:
        typed = asking.line("a letter >")
        if typed is None:
            return None
        place = _choice(typed, probe)
        if place is not None:
            return place, typed.seconds
        asking.desk.show(Text(f"Please type a letter, a to {LETTERS[len(probe.options) - 1]}."))


def _choice(typed: Typed, probe: Probe) -> int | None:
    letter = typed.text.strip("(). ").lower()
    known = LETTERS[: len(probe.options)]
    return known.index(letter) if len(letter) == 1 and letter in known else None


def _tell(desk: Desk, point: Point, heard: Heard, share: float) -> None:
    word = {
        Standing.COVERED: "said",
        Standing.CONTRADICTED: "contradicted",
        Standing.UNCLEAR: "said when asked" if share > 0 else "not said",
        Standing.MISSING: "not said",
    }[heard.standing]
    desk.show(Text(f"{word:>15}  ", style="bold").append(point.says))
    quotes = heard.evidence if heard.standing in (Standing.COVERED, Standing.CONTRADICTED) else ()
    for quote in quotes:
        desk.show(Padding(Text(f"“{quote}”", style="dim"), (0, 0, 0, 17)))
