"""Threads that write into one another's sums: the seed is the same, the answers are not."""

import numpy as np

from heldout.practice.deck.asked import drill, number, order, verdict
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.question import Answers
from heldout.stats.reproducibility import reproducibility_class

__all__ = ["KIND"]

RUNS = "predictions by run"
TOLERANCE = 1e-6
SIZE = {Difficulty.EASY: 3e-3, Difficulty.MIDDLE: 1e-4, Difficulty.HARD: 4e-6}
"""How far runs of several threads lie apart in the planted world; without the fault it is rounding, some 1e-9."""
ROWS = 5
THREADS = "Threads decide the result: runs of one thread agree, runs of several differ by more than is allowed"
ROUNDING = "Several threads differ in the last digits only, which the contract allows"
SEED = "A draw has no seed: runs of one thread differ too"
MACHINE = "The runs were on different machines"
FIXES = (
    "Train the model that is to be reported with one thread",
    "Take the option that adds up in a fixed order, and measure what it costs",
    "Let the build train twice, and compare the predictions with the tolerance",
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("threads-add-in-any-order", seed, difficulty)
    told = story(rng)
    threads = int(rng.choice([4, 8, 16]))
    alone = np.round(rng.uniform(0.05, 0.95, ROWS), 10)
    size = SIZE[difficulty] if planted else 2e-9
    noise = size * rng.uniform(-0.5, 0.5, (3, ROWS))
    noise[:2, 0] = size * np.array([0.5, -0.5]) * rng.uniform(0.9, 1.0)
    several = np.round(alone + noise, 10)
    runs = [(place + 1, 1, alone) for place in range(2)] + [(place + 3, threads, several[place]) for place in range(3)]
    largest = float(np.ptp(several, axis=0).max())
    evidence = (
        f"Two runs of one thread agree to all digits; three of {threads} threads differ by up to {largest:.2g}, where "
        f"{TOLERANCE:g} is allowed."
    )
    rerun = reproducibility_class(
        several, [0.7] * 3, epsilon=TOLERANCE, delta=0.001, lowest="tolerance", same_bytes=False
    )
    return drill(
        f"{told.company} fits its {told.model} on one machine, from one commit, table and seed. The contract lets "
        f"predictions of two runs differ by {TOLERANCE:g}. Runs 1 and 2 had one thread, the others {threads}; each "
        "row of the table has the predictions of one run for five cases.",
        (
            Rows(
                name=RUNS,
                columns=("run", "threads", *(f"case {case + 1}" for case in range(ROWS))),
                rows=tuple((run, count, *(float(value) for value in values)) for run, count, values in runs),
            ),
        ),
        (
            number(
                "several",
                f"By how much do predictions for one case differ at most between the runs of {threads} threads?",
                30,
                "prediction",
                largest,
                evidence,
                relative=0.05,
            ),
            number("alone", "And between the runs of one thread?", 15, "prediction", 0.0, evidence, absolute=1e-11),
            verdict(
                rng,
                "What do the runs say?",
                35,
                THREADS if planted else ROUNDING,
                (THREADS, ROUNDING, SEED, MACHINE),
                evidence,
            ),
            order(
                rng,
                "fixes",
                "If threads decide a result: what first saves the report, then mends the cause, then keeps it away?",
                20,
                FIXES,
                "The report first, the sum second, the build that guards it third.",
            ),
        ),
        (
            point(
                rng,
                f"Runs of several threads differ by {'more' if planted else 'no more'} than is allowed.",
                (
                    ("thread*", "parallel*"),
                    ("more than", "beyond", "exceed*", "outside", "above the tolerance", "too far", "larger than"),
                ),
                "The difference between runs of several threads is ...",
                "more than is allowed" if planted else "within what is allowed",
                ("within what is allowed" if planted else "more than is allowed", "unknown"),
                denied=not planted,
            ),
            point(
                rng,
                "The runs of one thread are identical.",
                (
                    ("one thread", "single thread", "1 thread", "single-threaded"),
                    ("agree*", "same", "identical", "equal", "zero"),
                ),
                "Runs of one thread ...",
                "agree to all digits",
                ("differ as well", "were not made"),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                "Predictions near a decision flip: of two equal runs one lets through what the other stops, and "
                f"{told.harm}."
                if planted
                else "Nothing: the last digits decide nothing here, and several threads save time."
            ),
            page="REP001",
        ),
        {"rerun": rerun},
    )


def _largest(shown: Shown, *, alone: bool) -> float:
    """Return the largest difference between two runs over the cases, among the runs of one or of several threads."""
    chosen = [(count == 1) is alone for count in numbers(table(shown, RUNS), "threads")]
    widths = []
    for case in range(ROWS):
        values = [
            one for one, is_in in zip(numbers(table(shown, RUNS), f"case {case + 1}"), chosen, strict=True) if is_in
        ]
        widths.append(max(values) - min(values))
    return max(widths)


def _tolerance(shown: Shown) -> float:
    return float(shown.situation.partition(" differ by ")[2].split()[0].rstrip("."))


def _solve(shown: Shown) -> Answers:
    several, alone = _largest(shown, alone=False), _largest(shown, alone=True)
    allowed = _tolerance(shown)
    says = SEED if alone > allowed else THREADS if several > allowed else ROUNDING
    return {
        "several": several,
        "alone": alone,
        "verdict": option(shown, "verdict", says),
        "fixes": ranked(shown, "fixes", FIXES),
    }


def _over_cases(shown: Shown) -> float:
    """Return the range over all cases of a run, which says how predictions spread and nothing of runs."""
    values = [numbers(table(shown, RUNS), f"case {case + 1}")[-1] for case in range(ROWS)]
    return max(values) - min(values)


KIND = Kind(
    family=Family.REPRODUCIBILITY,
    name="threads-add-in-any-order",
    title="One thread, many threads",
    fault="The order in which threads add up decides the result, by more than the contract allows.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="what threads do is rounding",
            answers=believing(_solve, ROUNDING, several=lambda _: 1e-12),
            loses=("verdict", "several"),
            on_clean=("several",),
        ),
        Mutant(
            mistake="any difference breaks a contract, and the spread over cases is one",
            answers=believing(_solve, THREADS, several=_over_cases, alone=_over_cases),
            loses=("several", "alone"),
            on_clean=("verdict", "several", "alone"),
        ),
        Mutant(
            mistake="what differs has no seed; the guard comes before the report",
            answers=believing(_solve, SEED, fixes=lambda shown: ranked(shown, "fixes", FIXES[::-1])),
            loses=("verdict", "fixes"),
            on_clean=("verdict", "fixes"),
        ),
    ),
    check="REP001",
)
