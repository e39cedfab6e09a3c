"""A program with a seed, and a call that draws without it."""

import re

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.programs import programmed
from heldout.practice.deck.reading import lines, numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

CODE, RUNS = "train.py", "five runs"
HEAD = """import random

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import KFold, train_test_split

SEED = 7
random.seed(SEED)

table = pd.read_parquet("{table}.parquet")"""
CALLS = (
    "train, test = train_test_split(table, test_size=0.2, random_state={})",
    "jitter = np.random.default_rng({}).normal(0, 0.01, 100)",
    "sample = table.sample(frac=0.5, random_state={})",
    "folds = KFold(5, shuffle=True, random_state={})",
    "model = RandomForestClassifier(300, random_state={})",
    "order = np.random.RandomState({}).permutation(100)",
)
QUIET = ("columns = sorted(table.columns)", "few = random.sample(columns, 3)", "levels = table[columns[0]].unique()")
"""Lines that draw nothing, or draw from a generator which is seeded above."""
CALL = re.compile(r"(?:train_test_split|default_rng|\.sample|KFold|RandomForestClassifier|RandomState)\((.*)\)")
DRAWN = "A call draws without the seed: the score is one draw among many"
SAME = "All draws follow from the seed: the runs have to agree, and do"
DATA = "The table changed between the runs"
ROUND = "Sums are rounded differently on another processor"
ASK = "Do two runs with one seed, on one machine and one table, give the same score?"
FIRST = {
    ASK: 1.0,
    "Does another seed score higher?": 0.0,
    "Would a larger forest vary less?": 0.0,
    "Is the mean of the five runs good enough to be reported, with its standard error?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("draw-without-seed", seed, difficulty)
    told = story(rng)
    calls = [CALLS[place] for place in rng.permutation(len(CALLS))[: 2 + difficulty]]
    loose = set(rng.permutation(len(calls))[: (1 + (difficulty > 1)) * planted].tolist())
    free = "None" if difficulty is Difficulty.HARD else ""
    body = [_called(call, free if place in loose else "SEED") for place, call in enumerate(calls)]
    body = [*body, *QUIET[: 1 + difficulty]]
    body = [QUIET[0], *(line for line in (body[place] for place in rng.permutation(len(body))) if line != QUIET[0])]
    source = "\n".join([HEAD.format(table=told.table), *body])
    bad = [
        place
        for place, line in enumerate(source.splitlines(), start=1)
        if any(line == _called(calls[nth], free) for nth in loose)
    ]
    centre, spread = rng.uniform(0.7, 0.85), (0.012, 0.008, 0.005)[difficulty - 1]
    moved = spread * (rng.permutation(5) - 2 + rng.uniform(-0.3, 0.3, 5)) * planted
    scores = [round(float(centre + one), 4) for one in moved]
    width = round(max(scores) - min(scores), 4)
    names = " and ".join(f"line {place}" for place in bad)
    evidence = (
        f"Five runs with one seed give scores from {min(scores):.4f} to {max(scores):.4f}, {width:.4f} apart. "
        + (f"Drawing without a seed: {names}." if bad else "Each call that draws is given SEED or follows from it.")
    )
    return drill(
        f"{told.company} trained its {told.model} five times by the same command, with the same packages, on the same "
        "machine and file. A colleague has the last run's score in her report, and asks whether it can be had again.",
        (
            Lines(name=CODE, text=source, language="python"),
            Rows(
                name=RUNS,
                columns=("run", "seed", "score"),
                rows=tuple((place, 7, score) for place, score in enumerate(scores, start=1)),
            ),
        ),
        (
            pick("draws", "Pick each line that draws at random without a seed, if any.", 40, CODE, bad, evidence),
            number(
                "width",
                "How far apart are the highest and the lowest score?",
                15,
                "score",
                width,
                evidence,
                absolute=0.00006,
            ),
            verdict(
                rng, "What do code and runs say?", 30, DRAWN if planted else SAME, (DRAWN, SAME, DATA, ROUND), evidence
            ),
            choice(
                rng,
                "first",
                "What would you ask first of a reported score?",
                15,
                FIRST,
                "A rerun tells before any reading.",
            ),
        ),
        (
            point(
                rng,
                "A call that draws is not given the seed." if planted else "Each call that draws is given the seed.",
                (
                    ("call*", "draw*", "line*", "split*", "sample*", "generator*"),
                    ("seed*", "random_state"),
                ),
                "How many lines draw without a seed?",
                str(len(bad)),
                [str(count) for count in range(4) if count != len(bad)][:2],
                denied=planted,
            ),
            point(
                rng,
                f"The scores are {width:.4f} apart.",
                (("apart", "differ*", "spread", "range", "same score", "identical", "equal"),),
                "How far apart are the scores?",
                f"{width:.4f}",
                (f"{width + 0.05:.4f}", f"{width + 0.1:.4f}"),
                number=(width, 0.001),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"A gain below {width:.3f} can't be told from luck: {told.company} may ship the worse {told.model}."
                if planted
                else f"A second run confirms the report in minutes; {told.company} can mend what it can repeat."
            ),
            page="REP006",
        ),
        {"repository": programmed(seed, train=source)},
    )


def _called(call: str, given: str) -> str:
    return call.format(given) if given else re.sub(r"(?:, random_state=)?\{\}", "", call)


def _free(shown: Shown) -> tuple[int, ...]:
    """Return the lines whose call is given neither SEED nor another value but None."""
    found = []
    for place, line in enumerate(lines(shown, CODE), start=1):
        call = None if "import" in line else CALL.search(line)
        if call and "SEED" not in call[1]:
            found.append(place)
    return tuple(place for place in found if "random.sample(" not in lines(shown, CODE)[place - 1])


def _width(shown: Shown) -> float:
    scores = numbers(table(shown, RUNS), "score")
    return max(scores) - min(scores)


def _solve(shown: Shown) -> Answers:
    free = _free(shown)
    return {
        "draws": free,
        "width": _width(shown),
        "verdict": option(shown, "verdict", DRAWN if free and _width(shown) > 0 else SAME),
        "first": option(shown, "first", ASK),
    }


def _all_draws(shown: Shown) -> tuple[int, ...]:
    return tuple(
        place
        for place, line in enumerate(lines(shown, CODE), start=1)
        if "import" not in line and (CALL.search(line) or "random" in line)
    )


def _deviation(shown: Shown) -> float:
    return float(np.std(numbers(table(shown, RUNS), "score")))


KIND = Kind(
    family=Family.REPRODUCIBILITY,
    name="draw-without-seed",
    title="The same seed, another score",
    fault="A call draws without the program's seed, so that a score is one draw among many.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="one seed at the top seeds all",
            answers=believing(_solve, SAME, draws=lambda _: ()),
            loses=("draws", "verdict"),
        ),
        Mutant(
            mistake="whatever names chance is unseeded; the spread is a standard deviation",
            answers=believing(_solve, DRAWN, draws=_all_draws, width=_deviation),
            loses=("draws", "width"),
            on_clean=("draws", "verdict"),
        ),
    ),
    check="REP006",
)
