"""A part that is made ten times faster, and is two per cent of the whole: Amdahl's law."""

import re

from heldout.practice.deck.asked import drill, number, order, verdict
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, table, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

PROFILE = "a night's run"
PARTS = (
    "read the table",
    "encode categories",
    "join the calendar",
    "fit the model",
    "predict",
    "write the answers",
    "serialise the log",
)
SMALL = {Difficulty.EASY: 0.02, Difficulty.MIDDLE: 0.05, Difficulty.HARD: 0.09}
"""Share of the planted part; without the fault it is the largest of all."""
WORTH = 1.25
"""The speedup of the whole from which the work is worth it: so the situation says."""
NO = "Not worth it: the part is too small for the whole to get faster by as much as is asked"
YES = "Worth it: the part is large enough for the whole to get faster by as much as is asked"
FULL = "Worth it: the whole gets faster by the factor of the part"
NEVER = "Not worth it: no single part can ever make the whole faster by as much as is asked of it here"


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("part-of-two-percent", seed, difficulty)
    told = story(rng)
    factor = int(rng.choice([8, 10, 20]))
    part = str(rng.choice(PARTS))
    share = SMALL[difficulty] * rng.uniform(0.9, 1.1) if planted else rng.uniform(0.4, 0.55)
    whole = float(rng.uniform(1500, 5000))
    rest = rng.dirichlet([6] * (len(PARTS) - 1)) * whole * (1 - share)
    spent = dict(zip((one for one in PARTS if one != part), rest.tolist(), strict=True))
    spent[part] = whole * share
    seconds = {one: round(spent[one]) + place / 10 for place, one in enumerate(PARTS)}
    whole = sum(seconds.values())
    saved = seconds[part] * (1 - 1 / factor)
    faster = whole / (whole - saved)
    limit = whole / (whole - seconds[part])
    ordered = sorted(PARTS, key=lambda one: -seconds[one])[:4]
    evidence = (
        f"{part.capitalize()} takes {seconds[part]:.1f} of {whole:.1f} s ({seconds[part] / whole:.1%}). {factor} "
        f"times faster, the whole gets faster by {faster:.3f}; even for nothing it would be {limit:.3f}."
    )
    return drill(
        f"A colleague at {told.company} proposes to rewrite one part of the night's run of the {told.model}, and "
        f"has shown that the new code is {factor} times faster. The rewrite of '{part}' takes two weeks; the team "
        f"says that it is worth it if the whole gets faster by a factor of {WORTH:g} or more. This is where the "
        "time goes.",
        (
            Rows(
                name=PROFILE,
                columns=("part", "seconds"),
                rows=tuple((one, seconds[one]) for one in PARTS),
            ),
        ),
        (
            number(
                "share",
                f"How many per cent of the time does '{part}' take?",
                15,
                "percent",
                100 * seconds[part] / whole,
                evidence,
                absolute=0.3,
            ),
            number(
                "faster",
                f"By which factor does the whole get faster when '{part}' gets {factor} times faster?",
                30,
                "factor",
                faster,
                "whole / (whole − part + part / factor): " + evidence,
                absolute=0.006,
                relative=0.005,
            ),
            number(
                "limit",
                "And if this part took no time at all?",
                15,
                "factor",
                limit,
                evidence,
                absolute=0.006,
                relative=0.005,
            ),
            verdict(
                rng, "What do you say of the rewrite?", 25, NO if planted else YES, (NO, YES, FULL, NEVER), evidence
            ),
            order(
                rng,
                "parts",
                "Put these parts in the order in which you would look at them.",
                15,
                ordered,
                "The largest first: what it takes is the most that can be saved.",
            ),
        ),
        (
            point(
                rng,
                f"The whole gets faster by a factor of {faster:.2f}.",
                (("whole", "total", "overall", "run", "night", "amdahl*"),),
                "By which factor does the whole get faster?",
                f"{faster:.2f}",
                (f"{factor:.2f}", f"{faster + factor / 2:.2f}"),
                number=(faster, 0.02),
            ),
            point(
                rng,
                f"The part is {'' if planted else 'not '}too small for the rewrite to pay.",
                (
                    ("part", "share", "per cent", "percent", "%"),
                    ("too small", "small", "premature", "tiny", "minor"),
                ),
                "The part is ...",
                "too small to pay for the rewrite" if planted else "large enough to pay for the rewrite",
                (
                    "large enough to pay for the rewrite" if planted else "too small to pay for the rewrite",
                    "of any size: the factor decides",
                ),
                denied=not planted,
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"Two weeks for {saved:.0f} of {whole:.0f} seconds a night; '{ordered[0]}' takes "
                f"{seconds[ordered[0]]:.0f}."
            )
            if planted
            else f"Without the rewrite {saved:.0f} of {whole:.0f} seconds are lost each night.",
        ),
    )


def _case(shown: Shown) -> tuple[float, float, float]:
    """Return the seconds of the part that is to be rewritten, of the whole, and the factor."""
    part = re.search(r"rewrite of '([^']+)'", shown.situation)
    factor = re.search(r"new code is (\d+) times", shown.situation)
    assert part is not None
    assert factor is not None
    spent = dict(zip(texts(table(shown, PROFILE), "part"), numbers(table(shown, PROFILE), "seconds"), strict=True))
    return spent[part[1]], sum(spent.values()), float(factor[1])


def _solve(shown: Shown) -> Answers:
    part, whole, factor = _case(shown)
    faster = whole / (whole - part + part / factor)
    spent = dict(zip(texts(table(shown, PROFILE), "part"), numbers(table(shown, PROFILE), "seconds"), strict=True))
    options = next(one.options for one in shown.questions if one.name == "parts")
    return {
        "share": 100 * part / whole,
        "faster": faster,
        "limit": whole / (whole - part),
        "verdict": option(shown, "verdict", YES if faster >= WORTH else NO),
        "parts": ranked(shown, "parts", sorted(options, key=lambda one: -spent[one])),
    }


def _factor(shown: Shown) -> float:
    return _case(shown)[2]


def _by_name(shown: Shown) -> tuple[int, ...]:
    """Return the parts from the smallest to the largest."""
    return tuple(reversed(_parts(shown)))


def _parts(shown: Shown) -> tuple[int, ...]:
    answer = _solve(shown)["parts"]
    return answer if isinstance(answer, tuple) else ()


KIND = Kind(
    family=Family.COMPLEXITY,
    name="part-of-two-percent",
    title="Ten times faster",
    fault="A rewrite speeds up a part that is too small for the whole to notice.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the whole gets faster by the factor of the part",
            answers=believing(_solve, FULL, faster=_factor, limit=lambda _: 1000.0),
            loses=("faster", "limit", "verdict"),
            on_clean=("faster", "limit", "verdict"),
        ),
        Mutant(
            mistake="optimising is always premature, and small things come first",
            answers=believing(_solve, NO, parts=_by_name),
            loses=("parts",),
            on_clean=("verdict", "parts"),
        ),
    ),
)
