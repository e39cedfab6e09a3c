"""Steps that each copy the table, and keep the copy before alive."""

import re

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.growth import slope
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import lines, numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

CODE, PEAKS = "prepare.py", "memory by size"
STEPS = (("clipped", "clip"), ("filled", "fill"), ("scaled", "scale"), ("encoded", "encode"), ("dated", "add_dates"))
SIZES = (100_000, 200_000, 400_000)
TABLES = re.compile(r"^    (\w+) = (?:(\w+)\.copy\(\)|copy\.deepcopy\((\w+)\)|pd\.DataFrame\((\w+), copy=True\))")
COPIES = "Copies of the table live side by side: the peak is several tables, and the run is killed"
ONE = "One table lives at a time: the peak fits"
MODEL = "The model takes the memory, whatever the table"
SQUARE = "Memory grows with the square of the rows"
ASK = "How many copies of the table are alive at the peak?"
FIRST = {
    ASK: 1.0,
    "Is there a machine with more memory?": 0.0,
    "Which compression has the file on disk, and how well does it do?": 0.0,
    "How long does one step take?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("copies-of-the-table", seed, difficulty)
    told = story(rng)
    count = {Difficulty.EASY: 4, Difficulty.MIDDLE: 3, Difficulty.HARD: 2}[difficulty]
    names = [STEPS[place] for place in rng.permutation(len(STEPS))[:count]]
    copies = ("{}.copy()", "copy.deepcopy({})", "pd.DataFrame({}, copy=True)")
    code = [
        "import copy",
        "",
        "import pandas as pd",
        "",
        "",
        "def prepared(path):",
        "    table = pd.read_parquet(path)",
    ]
    bad = []
    before = "table"
    for name, step in names:
        made = copies[int(rng.integers(len(copies)))].format(before)
        if planted:
            code.append(f"    {name} = {made}")
            bad.append(len(code))
            before = name
        code.append(f"    {step}_in_place({before})")
    code += ["    few = table.head(1000).copy()"] if difficulty > 1 else []
    code += [f"    return {before}"]
    alive = 1 + len(bad)
    each = float(rng.uniform(0.9, 1.6))
    fixed = float(rng.uniform(120, 260))
    peaks = [round(fixed + alive * each * size / 1000 * rng.uniform(0.995, 1.005)) for size in SIZES]
    per = (peaks[-1] - peaks[0]) / (SIZES[-1] - SIZES[0])
    rows = int(rng.integers(30, 60)) * 100_000
    needs = peaks[-1] + per * (rows - SIZES[-1])
    limit_copies = (1 + (1 + count)) / 2 if difficulty < 3 else 2.4
    limit = round((fixed + limit_copies * each * rows / 1000) / 512) * 512
    evidence = (
        f"The peak grows by {1000 * per:.2f} MB for 1,000 rows, {alive} × the table's {each:.2f}. {rows:,} rows take "
        f"{needs:,.0f} MB of {limit:,}."
    )
    return drill(
        f"The night's run of the {told.model} at {told.company} prepares {rows:,} rows in a container of {limit:,} "
        f"MB. The peak of its memory was measured at three sizes; one table takes {each:.2f} MB for 1,000 rows. "
        "The steps change the table that they are given and keep nothing.",
        (
            Lines(name=CODE, text="\n".join(code), language="python"),
            Rows(name=PEAKS, columns=("rows", "peak, MB"), rows=tuple(zip(SIZES, peaks, strict=True))),
        ),
        (
            pick(
                "copies", "Pick each line that makes another copy of the whole table, if any.", 30, CODE, bad, evidence
            ),
            number(
                "alive",
                "How many whole tables are alive when prepared() returns?",
                15,
                "tables",
                alive,
                evidence,
                absolute=0.4,
            ),
            number(
                "needs",
                f"How many MB do {rows:,} rows take at the peak, by these sizes?",
                25,
                "MB",
                needs,
                evidence,
                relative=0.05,
            ),
            verdict(
                rng,
                "What do you say of the night's run?",
                20,
                COPIES if planted else ONE,
                (COPIES, ONE, MODEL, SQUARE),
                evidence,
            ),
            choice(
                rng, "first", "What would you ask first?", 10, FIRST, "What is alive at the peak is what has to fit."
            ),
        ),
        (
            point(
                rng,
                f"{alive} whole {'tables are' if alive > 1 else 'table is'} alive at the peak.",
                (("table*", "cop*"), ("alive", "side by side", "at once", "memory", "peak", "kept", "at a time")),
                "How many whole tables are alive at the peak?",
                str(alive),
                (str(alive + 2), str(alive + 5)),
                number=(alive, 0.005),
            ),
            point(
                rng,
                f"The run {'takes' if planted else 'does not take'} more than its memory.",
                (
                    ("memory", "run", "container", "limit", "mb"),
                    ("more than", "exceed*", "over the limit", "too much", "killed"),
                ),
                "The night's run ...",
                "is killed" if planted else "fits",
                ("fits" if planted else "is killed", "needs no memory at all"),
                denied=not planted,
            ),
        ),
        Feedback(
            evidence=evidence,
            price=f"The run dies at night for {needs - limit:,.0f} MB that copies take; in the morning {told.harm}."
            if planted
            else f"{limit - needs:,.0f} MB are left over: nothing has to be mended.",
        ),
    )


def _copies(shown: Shown) -> tuple[int, ...]:
    """Return the lines that copy a whole table: the one that is read, or a copy of it."""
    whole = {"table"}
    found = []
    for place, line in enumerate(lines(shown, CODE), start=1):
        match = TABLES.match(line)
        if match and next(name for name in match.groups()[1:] if name) in whole:
            whole.add(match[1])
            found.append(place)
    return tuple(found)


def _said(shown: Shown, before: str) -> float:
    return float(shown.situation.partition(before)[2].split()[0].replace(",", ""))


def _needs(shown: Shown) -> float:
    sizes, peaks = numbers(table(shown, PEAKS), "rows"), numbers(table(shown, PEAKS), "peak, MB")
    per = (peaks[-1] - peaks[0]) / (sizes[-1] - sizes[0])
    return peaks[-1] + per * (_said(shown, "prepares ") - sizes[-1])


def _solve(shown: Shown) -> Answers:
    needs, copies = _needs(shown), _copies(shown)
    square = slope(numbers(table(shown, PEAKS), "rows"), numbers(table(shown, PEAKS), "peak, MB")) > 1.5
    says = SQUARE if square else COPIES if copies and needs > _said(shown, "container of ") else ONE
    return {
        "copies": copies,
        "alive": 1 + len(copies),
        "needs": needs,
        "verdict": option(shown, "verdict", says),
        "first": option(shown, "first", ASK),
    }


def _one_table(shown: Shown) -> float:
    return _said(shown, "one table takes ") * _said(shown, "prepares ") / 1000


def _any_step(shown: Shown) -> tuple[int, ...]:
    return tuple(place for place, line in enumerate(lines(shown, CODE), start=1) if "_in_place(" in line)


def _squared(shown: Shown) -> float:
    sizes, peaks = numbers(table(shown, PEAKS), "rows"), numbers(table(shown, PEAKS), "peak, MB")
    return peaks[-1] * float(np.square(_said(shown, "prepares ") / sizes[-1]))


KIND = Kind(
    family=Family.COMPLEXITY,
    name="copies-of-the-table",
    title="Killed at night",
    fault="Each step copies the table and keeps the one before alive, so that the run does not fit.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a table in memory is one table",
            answers=believing(_solve, ONE, copies=lambda _: (), alive=lambda _: 1, needs=_one_table),
            loses=("verdict", "copies", "alive", "needs"),
        ),
        Mutant(
            mistake="each step copies, and memory explodes",
            answers=believing(_solve, COPIES, copies=_any_step, needs=_squared, alive=lambda _: 9),
            loses=("copies", "needs", "alive"),
            on_clean=("verdict", "copies", "needs", "alive"),
        ),
    ),
)
