"""The explanation round: reasons in the learner's own words, read against the points that they have to make."""

import datetime as dt
from collections.abc import Callable

from rich.padding import Padding
from rich.text import Text

from heldout.practice.answers import Heard, Standing, read
from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.point import Point, Probe
from heldout.practice.session.dealt import Dealt
from heldout.practice.session.desk import Desk, Typed
from heldout.practice.session.telling import HELP, Asking, confidence_of, hint_of, set_out, tell_why, total
from heldout.practice.session.typed import LETTERS

__all__ = ["CREDIT", "PROBED", "explanation_round", "paragraph"]

CREDIT = {Standing.COVERED: 1.0, Standing.UNCLEAR: 0.0, Standing.MISSING: 0.0, Standing.CONTRADICTED: -0.5}
"""Share of a point's worth by how the text stands to it: the opposite of a point costs, silence does not."""
PROBED = 0.75
"""Share of an unclear point that the right answer to its probe earns: a choice is easier than a sentence."""
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
    desk.show(Text(ASKS, style="bold"))
    typed = paragraph(asking, ">")
    heard = read(typed.text, drill.points).heard
    worth = 100 / len(drill.points)
    earned, seconds = {}, {}
    for point, one in zip(drill.points, heard, strict=True):
        probed = _probed(asking, point, one) if one.probe and not asking.revealed else None
        is_right = probed is not None and one.probe is not None and _choice(probed, one.probe) == one.probe.right
        share = PROBED if is_right else CREDIT[one.standing]
        earned[point.name], seconds[point.name] = worth * share, probed.seconds if probed else 0.0
        if not asking.revealed:
            _tell(desk, point, one, share)
    score = total(min(max(sum(earned.values()), 0.0), 100.0), asking)
    took = round(typed.seconds + sum(seconds.values()), 1)
    if asking.revealed:
        for point in drill.points:
            desk.show(Text(f"  {point.says}"))
    desk.show(Text(f"{score:.0f} of 100 points in {took:.0f} s.", style="bold"))
    tell_why(desk, drill)
    return Attempt(
        kind=dealt.name,
        seed=dealt.seed,
        difficulty=int(dealt.difficulty),
        planted=dealt.planted,
        round=Round.EXPLANATION,
        at=now().isoformat(timespec="seconds"),
        seconds=took,
        score=score,
        confidence=confidence,
        hints=asking.hints,
        revealed=asking.revealed,
        places={
            name: Place(
                first_key=round(typed.first_key, 1),
                answered=round(typed.seconds + seconds[name], 1),
                points=round(max(points, 0.0), 2),
                worth=round(worth),
            )
            for name, points in earned.items()
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


def _probed(asking: Asking, point: Point, heard: Heard) -> Typed | None:
    """Ask the probe of an unclear point; returns the letter, None when the learner wants to see the answers."""
    probe = point.probe
    said = f" You wrote: “{heard.evidence[0]}”" if heard.evidence else ""
    asking.desk.show(Text(f"This is not clear to me ({heard.why}).{said}"), Text(probe.ask, style="bold"))
    for letter, option in zip(LETTERS, probe.options, strict=False):
        asking.desk.show(Text(f"  {letter}) {option}"))
    while True:
        typed = asking.line("a letter >")
        if typed is None or _choice(typed, probe) is not None:
            return typed
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
