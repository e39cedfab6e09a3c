"""Columns in the order in which a set or a folder hands them out."""

import re

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import lines, numbers, table, text, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers
from heldout.stats.reproducibility import reproducibility_class

__all__ = ["KIND"]

CODE, ORDER, ANSWERS = "features.py", "columns as logged", "predictions"
TOLERANCE = 1e-6
NAMES = ("age", "city", "day", "items", "month", "price", "region", "speed", "tariff", "weight", "weekday", "zone")
SOURCES = (
    ("names", "{name.lower() for name in table.columns}", "a set", "table[{}]"),
    ("names", "set(table.columns) - DROPPED", "a set", "table[{}]"),
    ("files", 'Path("columns").glob("*.npy")', "a folder", "np.load({})"),
    ("files", 'os.listdir("columns")', "a folder", 'np.load(f"columns/{{{}}}")'),
)
"""The variable that holds names of columns, where it takes them from, what that is, and how one column is read."""
LOOSE = re.compile(r"^\w+ = (?:list\(|\[\*)?(?:\{[^:}]* for |set\(|frozenset\(|Path\(.*\)\.glob\(|os\.listdir\()")
ORDERED = "Columns come in an order that nothing fixes, and the model reads them by place"
SAME = "Columns come in a fixed order: the runs agree"
SEED = "The forest has no seed"
THREADS = "Threads add up in another order"
ASK = "Is the list of columns of both runs the same, in the same order?"
FIRST = {
    ASK: 1.0,
    "Do more trees make the predictions steadier?": 0.0,
    "Does another seed give closer predictions?": 0.0,
    "How many of the columns could be dropped without a loss that is noticed?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("order-of-a-set", seed, difficulty)
    told = story(rng)
    columns = sorted(NAMES[place] for place in rng.permutation(len(NAMES))[: 5 + difficulty])
    name, source, of, reads = SOURCES[rng.integers(len(SOURCES))]
    wrapped = f"[*{source}]" if difficulty > 1 and not source.startswith("{") else source
    names = f"{name} = {wrapped if planted else f'sorted({source})'}"
    head = ["import os", "from pathlib import Path", "", "import numpy as np", "", 'DROPPED = {"id", "label"}', "", ""]
    body = [
        "def encode(table):",
        f"    levels = {{name: place for place, name in enumerate(sorted(set(table[{columns[0]!r}])))}}",
        '    assert len(set(table["id"])) == len(table)',
        f"    {names}",
        f"    parts = [{reads.format('one')} for one in {name}]",
        "    return np.column_stack([*parts, table[DROPPED_FIRST].map(levels)])",
    ]
    if difficulty > 2:
        body.insert(2, '    known = frozenset({"north", "south"}) & set(levels)')
    body = [part.replace("DROPPED_FIRST", repr(columns[0])) for part in body]
    code = "\n".join([*head, *body])
    place = next(at for at, part in enumerate(code.splitlines(), start=1) if part == f"    {names}")
    first = list(rng.permutation(columns)) if planted else columns
    second = _swapped(rng, first, 5 - difficulty) if planted else columns
    moved = sum(one != other for one, other in zip(first, second, strict=True))
    one = np.round(rng.uniform(0.1, 0.9, 6), 4)
    size = 10.0 ** -(difficulty + 0.5)
    noise = np.round(size * rng.uniform(0.5, 1.0, 6) * rng.choice([-1, 1], 6), 4)
    noise[0] = size if abs(noise[0]) < 1e-4 else noise[0]
    other = np.round(one + noise * planted, 4)
    largest = round(float(np.abs(other - one).max()), 4)
    evidence = (
        f"{moved} of {len(columns)} columns stand at another place in run 2, and predictions differ by up to "
        f"{largest:.4f}. "
        + (f"Line {place} takes them from {of}, whose order nothing fixes." if planted else f"Line {place} sorts them.")
    )
    rerun = reproducibility_class(
        np.array([one, other]),
        [0.7, 0.7],
        epsilon=TOLERANCE,
        delta=0.001,
        lowest="tolerance",
        same_bytes=not planted,
    )
    return drill(
        f"{told.company} ran the training of its {told.model} twice on the same table with the same seed. The "
        f"model reads columns by their place. Its contract allows predictions to differ by {TOLERANCE:g} between "
        "two runs.",
        (
            Lines(name=CODE, text=code, language="python"),
            Rows(
                name=ORDER,
                columns=("place", "run 1", "run 2"),
                rows=tuple((at, str(a), str(b)) for at, (a, b) in enumerate(zip(first, second, strict=True), start=1)),
            ),
            Rows(
                name=ANSWERS,
                columns=("row", "run 1", "run 2"),
                rows=tuple((at, float(a), float(b)) for at, (a, b) in enumerate(zip(one, other, strict=True), start=1)),
            ),
        ),
        (
            pick(
                "line",
                "Pick the line that lets the order of the columns differ from run to run, if any.",
                30,
                CODE,
                [place] if planted else [],
                evidence,
            ),
            number("moved", "How many columns stand at another place in run 2?", 15, "columns", moved, evidence),
            number(
                "largest",
                "By how much do the predictions differ at most?",
                15,
                "prediction",
                largest,
                evidence,
                absolute=0.00006,
            ),
            verdict(
                rng,
                "What do these exhibits say?",
                30,
                ORDERED if planted else SAME,
                (ORDERED, SAME, SEED, THREADS),
                evidence,
            ),
            choice(
                rng,
                "first",
                "What would you look at first when two runs differ?",
                10,
                FIRST,
                "What goes in comes first.",
            ),
        ),
        (
            point(
                rng,
                f"The order of the columns {'differs' if planted else 'does not differ'} between the runs.",
                (
                    ("order", "place*", "position*", "sort*"),
                    ("differ*", "change*", "moved", "other", "another"),
                ),
                "How many columns stand at another place?",
                str(moved),
                (str(moved + 3), str(moved + 6)),
                denied=not planted,
            ),
            point(
                rng,
                "Sorting is what fixes the order.",
                (("sort*",),),
                "What fixes the order of what a set or a folder hands out?",
                "sorted()",
                ("a seed of the forest", "list()"),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"Two runs of one commit answer differently by {largest:.4f}; nobody can tell which one "
                f"{told.company} serves."
            )
            if planted
            else "Nothing: the rerun confirms the first run.",
            page="REP001",
        ),
        {"rerun": rerun},
    )


def _swapped(rng: np.random.Generator, names: list[str], pairs: int) -> list[str]:
    """Return the names with the first so many at other places."""
    count = min(pairs, len(names))
    places = rng.permutation(len(names))[:count]
    moved = list(names)
    for place, source in zip(places, np.roll(places, 1), strict=True):
        moved[place] = names[source]
    return moved


def _loose(shown: Shown) -> tuple[int, ...]:
    """Return the lines that take names from a set or a folder without sorting them, where a later line walks them."""
    code = lines(shown, CODE)
    walked = set(re.findall(r"\bin (\w+)\]", text(shown, CODE)))
    return tuple(
        place
        for place, line in enumerate(code, start=1)
        if LOOSE.match(line.strip()) and line.strip().split()[0] in walked
    )


def _moved(shown: Shown) -> int:
    return sum(
        a != b for a, b in zip(texts(table(shown, ORDER), "run 1"), texts(table(shown, ORDER), "run 2"), strict=True)
    )


def _largest(shown: Shown) -> float:
    pairs = zip(numbers(table(shown, ANSWERS), "run 1"), numbers(table(shown, ANSWERS), "run 2"), strict=True)
    return max(abs(one - other) for one, other in pairs)


def _solve(shown: Shown) -> Answers:
    return {
        "line": _loose(shown),
        "moved": _moved(shown),
        "largest": _largest(shown),
        "verdict": option(shown, "verdict", ORDERED if _moved(shown) and _loose(shown) else SAME),
        "first": option(shown, "first", ASK),
    }


def _sets(shown: Shown) -> tuple[int, ...]:
    return tuple(place for place, line in enumerate(lines(shown, CODE), start=1) if "set(" in line)


KIND = Kind(
    family=Family.REPRODUCIBILITY,
    name="order-of-a-set",
    title="Which column is first?",
    fault="Columns come in the order of a set or a folder, which nothing fixes.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="with a seed, two runs of one table agree",
            answers=believing(_solve, SAME, line=lambda _: (), moved=lambda _: 0, largest=lambda _: 0.0),
            loses=("verdict", "line", "moved", "largest"),
        ),
        Mutant(
            mistake="any set in the code reorders columns, and each of them moves",
            answers=believing(_solve, ORDERED, line=_sets, moved=lambda shown: len(table(shown, ORDER).rows) + 1),
            loses=("line", "moved"),
            on_clean=("verdict", "line", "moved"),
        ),
    ),
    check="REP001",
)
