"""A join that looks at each row for each row."""

import re

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.growth import at_size, slope
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import lines, numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

CODE, TIMES = "join.py", "times"
SIZES = (2_000, 4_000, 8_000, 16_000)
NIGHT = 2_000_000
WINDOW = 3600.0
SEARCHES = {
    Difficulty.EASY: "        match = [one for one in {table} if one.id == row.id][0]",
    Difficulty.MIDDLE: "        match = {table}[ids.index(row.id)]",
    Difficulty.HARD: "        match = by_id[row.id] if row.id in ids else None",
}
"""Lines that walk a whole list for each row."""
LOOKUPS = {
    Difficulty.EASY: "        match = by_id[row.id]",
    Difficulty.MIDDLE: "        match = {table}[place[row.id]]",
    Difficulty.HARD: "        match = by_id[row.id] if row.id in by_id else None",
}
"""Lines that look once."""
PAIRS = "The time grows with the square of the rows: each row walks a whole list"
LINEAR = "The time grows about in proportion to the rows: the join looks each row up"
SLOWER = "The time grows with the square, from reading the table"
NOISE = "The time does not depend on the rows"
ASK = "How many rows will there be, and how does the time grow with them?"
FIRST = {
    ASK: 1.0,
    "Would the loop be faster in another language?": 0.0,
    "How many cores has the machine?": 0.0,
    "Can the constants be moved out of the loop, so that each row costs less?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("quadratic-join", seed, difficulty)
    told = story(rng)
    search = (SEARCHES if planted else LOOKUPS)[difficulty].format(table=told.table)
    code = [
        f"def joined(rows, {told.table}):",
        f"    ids = [one.id for one in {told.table}]",
        f"    place = {{one.id: at for at, one in enumerate({told.table})}}",
        f"    by_id = {{one.id: one for one in {told.table}}}",
        "    result = []",
        "    for row in rows:",
        search,
        "        result.append((row, match))",
        "    return sorted(result, key=lambda pair: pair[0].id)",
    ]
    line = code.index(search) + 1
    n = np.array(SIZES, dtype=float)
    steady = (0.0, 0.15, 0.5)[difficulty - 1]
    unit = rng.uniform(1.5, 3.0)
    work = (n / n[-1]) ** 2 + steady * 0.3 * n / n[-1] if planted else n / n[-1] * (1 + 0.03 * np.log(n / n[0]))
    seconds = np.round(unit * work * rng.uniform(0.98, 1.02, 4) * (4.0 if planted else 0.06), 4)
    steep = slope(SIZES, seconds.tolist())
    night = at_size(SIZES, seconds.tolist(), NIGHT)
    evidence = (
        f"From {SIZES[0]:,} to {SIZES[-1]:,} rows the time goes from {seconds[0]:.3f} to {seconds[-1]:.3f} s: a "
        f"slope of {steep:.2f}. The last doubling takes {seconds[-1] / seconds[-2]:.1f} times as long; {NIGHT:,} "
        f"rows take some {night:,.0f} s by it."
    )
    return drill(
        f"At {told.company} this function joins the rows of the {told.model} with {told.table}; both have the same "
        f"number of rows. It was timed on one core at four sizes. The night's run will have {NIGHT:,} rows of each "
        "and one hour.",
        (
            Lines(name=CODE, text="\n".join(code), language="python"),
            Rows(
                name=TIMES,
                columns=("rows", "seconds"),
                rows=tuple((size, float(time)) for size, time in zip(SIZES, seconds, strict=True)),
            ),
        ),
        (
            number(
                "slope", "What is the slope of log seconds on log rows?", 25, "slope", steep, evidence, absolute=0.08
            ),
            pick(
                "line",
                "Pick the line that walks a whole list for each row, if any.",
                25,
                CODE,
                [line] if planted else [],
                "A list is walked by a comprehension, by index() and by `in`; a dict is not.",
            ),
            number(
                "night",
                f"How long do {NIGHT:,} rows take by this slope, from the largest size that was timed?",
                20,
                "seconds",
                night,
                evidence,
                relative=0.3,
            ),
            verdict(
                rng,
                "What do the times say?",
                20,
                PAIRS if planted else LINEAR,
                (PAIRS, LINEAR, SLOWER, NOISE),
                evidence,
            ),
            choice(rng, "first", "What would you ask first?", 10, FIRST, "Growth decides before any constant does."),
        ),
        (
            point(
                rng,
                f"The slope of the times is {steep:.1f}.",
                (("slope", "grow*", "quadratic", "linear", "square", "power", "doubl*"),),
                "What is the slope?",
                f"{steep:.1f}",
                (f"{steep + 1:.1f}", f"{steep / 2:.1f}"),
                number=(steep, 0.15),
            ),
            point(
                rng,
                f"The join {'walks' if planted else 'does not walk'} a whole list for each row.",
                (
                    ("list", "all rows", "each row", "every row", "scan*", "nested"),
                    ("walk*", "scan*", "search*", "loop*", "quadratic"),
                ),
                "For each row the join ...",
                "walks a whole list" if planted else "looks once",
                ("looks once" if planted else "walks a whole list", "sorts the result"),
                denied=not planted,
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"{NIGHT:,} rows take {night / 3600:.1f} hours of a night that has one: in the morning {told.harm}."
                if night > WINDOW
                else f"{NIGHT:,} rows take {night:,.0f} s of an hour: nothing has to be mended."
            ),
        ),
    )


def _times(shown: Shown) -> tuple[list[float], list[float]]:
    return numbers(table(shown, TIMES), "rows"), numbers(table(shown, TIMES), "seconds")


def _walks(shown: Shown) -> tuple[int, ...]:
    """Return the lines of the loop that search a name which holds a list."""
    code = lines(shown, CODE)
    table = code[0].partition("rows, ")[2].rstrip("):")
    held = {table, *(match[1] for line in code if (match := re.match(r"\s+(\w+) = \[", line)))}
    begin = next(place for place, line in enumerate(code) if line.strip().startswith("for row"))
    walks = re.compile(rf"\bin ({'|'.join(held)})\b|\b({'|'.join(held)})\.index\(")
    return tuple(place for place, line in enumerate(code, start=1) if place > begin + 1 and walks.search(line))


def _solve(shown: Shown) -> Answers:
    sizes, seconds = _times(shown)
    steep = slope(sizes, seconds)
    says = PAIRS if steep > 1.5 and _walks(shown) else SLOWER if steep > 1.5 else LINEAR
    return {
        "slope": steep,
        "line": _walks(shown),
        "night": at_size(sizes, seconds, NIGHT),
        "verdict": option(shown, "verdict", says),
        "first": option(shown, "first", ASK),
    }


def _in_proportion(shown: Shown) -> float:
    sizes, seconds = _times(shown)
    return seconds[-1] * NIGHT / sizes[-1]


def _loop(shown: Shown) -> tuple[int, ...]:
    return tuple(place for place, line in enumerate(lines(shown, CODE), start=1) if line.strip().startswith("for row"))


KIND = Kind(
    family=Family.COMPLEXITY,
    name="quadratic-join",
    title="The night's join",
    fault="A join walks a whole list for each row, so that its time grows with the square.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="one loop is linear",
            answers=believing(_solve, LINEAR, slope=lambda _: 1.0, line=lambda _: (), night=_in_proportion),
            loses=("slope", "line", "night", "verdict"),
        ),
        Mutant(
            mistake="a loop over rows in Python is quadratic",
            answers=believing(_solve, PAIRS, slope=lambda _: 2.5, line=_loop),
            loses=("slope", "line"),
            on_clean=("slope", "line", "verdict"),
        ),
    ),
)
