"""The same command on a table that was written anew in between."""

import re

import numpy as np

from heldout.core.repository import Repository
from heldout.faults.repositories import changed, clean_repository
from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, places, table, text
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

SETTINGS, MONTHS = "train.toml", "rows and sums by month"
CHANGED = {Difficulty.EASY: 5, Difficulty.MIDDLE: 2, Difficulty.HARD: 1}
"""Months that the second run reads otherwise."""
MOVED = "The table is another one: the path names whatever was written last"
SAME = "Both runs read the same snapshot: look elsewhere if scores differ"
SEED = "The seed differs between the runs"
GREW = "Only new months were added, and old rows are as they were before them"
ASK = "Which version of the table did each run read?"
FIRST = {
    ASK: 1.0,
    "Which packages were updated lately?": 0.0,
    "Does the score move with the seed?": 0.0,
    "How many rows were added per month, and by whom?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("data-snapshot-moved", seed, difficulty)
    told = story(rng)
    count = rng.integers(4000, 9000, 12)
    total = np.round(count * rng.uniform(20, 40, 12))
    later_count, later_total = count.copy(), total.copy()
    for month in rng.permutation(12)[: CHANGED[difficulty] * planted]:
        more = 0 if difficulty is Difficulty.HARD else int(rng.integers(20, 400))
        later_count[month] += more
        later_total[month] += more * 30 + int(rng.integers(500, 4000))
    is_other = (count != later_count) | (total != later_total)
    bad = [int(month) + 1 for month in np.flatnonzero(is_other)]
    date = f"2026-0{rng.integers(1, 10)}-{rng.integers(10, 28)}"
    path = f"s3://lake/{told.table}/" + ("latest.parquet" if planted else f"snapshot={date}/part-0.parquet")
    settings = f'[data]\ntable = "{path}"\ntarget = "label"\n\n[model]\ntrees = {rng.integers(2, 9)}00\nseed = 7'
    line = next(place for place, one in enumerate(settings.splitlines(), start=1) if one.startswith("table"))
    share = float(later_total.sum() / total.sum() - 1)
    evidence = (
        f"{len(bad)} of 12 months differ between the runs in their rows or sums; the total moves by {share:.3%}. "
        f"The settings name {path}."
    )
    return drill(
        f"{told.company} ran the training of its {told.model} on a Monday and again on Thursday: same commit, same "
        "packages, same seed. These are its settings, and what each run logged of the table that it read.",
        (
            Lines(name=SETTINGS, text=settings, language="toml"),
            Rows(
                name=MONTHS,
                columns=("month", "rows Monday", "sum Monday", "rows Thursday", "sum Thursday"),
                rows=tuple(
                    (month + 1, int(count[month]), int(total[month]), int(later_count[month]), int(later_total[month]))
                    for month in range(12)
                ),
            ),
        ),
        (
            pick("months", "Pick the months that the two runs read differently, if any.", 30, MONTHS, bad, evidence),
            pick(
                "line",
                "Pick the line of the settings that lets the table change between two runs, if any.",
                20,
                SETTINGS,
                [line] if planted else [],
                f"The path {'says nothing of a version' if planted else 'names its snapshot'}: {path}",
            ),
            number(
                "share",
                "By what share of Monday's total is Thursday's total of all sums larger?",
                15,
                "percent",
                100 * share,
                evidence,
                absolute=0.002,
                relative=0.03,
            ),
            verdict(rng, "What do you say?", 25, MOVED if planted else SAME, (MOVED, SAME, SEED, GREW), evidence),
            choice(
                rng, "first", "What would you ask first when a score moved?", 10, FIRST, "Rows come before settings."
            ),
        ),
        (
            point(
                rng,
                f"The data of Thursday are {'' if planted else 'not '}different.",
                (
                    ("data", "table", "snapshot", "rows", "month*"),
                    ("differ*", "changed", "other", "another", "moved", "overwritten"),
                ),
                "The table of Thursday is ...",
                "another one than on Monday" if planted else "the one of Monday",
                ("the one of Monday" if planted else "another one than on Monday", "larger by new months alone"),
                denied=not planted,
            ),
            point(
                rng,
                f"The number of months that differ is {len(bad)}.",
                (("month*",),),
                "How many months differ?",
                str(len(bad)),
                (str(len(bad) + 1), str(len(bad) + 3)),
                number=(len(bad), 0.005),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"A change of the model and a change of the data can't be told apart; {told.company} credits "
                "the wrong one."
            )
            if planted
            else "Nothing: the rows are out of the question, and the search is shorter.",
            page="REP007",
        ),
        {"repository": _repository(seed, settings)},
    )


def _repository(seed: int, settings: str) -> Repository:
    """Return a repository with these settings, and without another record of the data's version."""
    clean = clean_repository(seed)
    card = re.sub(r", SHA-256 [0-9a-f]{64}", "", clean.text("MODEL_CARD.md") or "")
    return changed(clean, files={"MODEL_CARD.md": card, "train.toml": settings})


def _differing(shown: Shown, what: tuple[str, ...] = ("rows", "sum")) -> tuple[int, ...]:
    either = [False] * 12
    for word in what:
        pairs = zip(
            numbers(table(shown, MONTHS), f"{word} Monday"),
            numbers(table(shown, MONTHS), f"{word} Thursday"),
            strict=True,
        )
        either = [old or one != other for old, (one, other) in zip(either, pairs, strict=True)]
    return places(either)


def _line(shown: Shown) -> tuple[int, ...]:
    """Return the line whose path has no date, version or digest in it."""
    code = text(shown, SETTINGS).splitlines()
    return places(
        [line.startswith("table = ") and not re.search(r"\d{4}-\d\d-\d\d|[0-9a-f]{12}|v\d", line) for line in code]
    )


def _solve(shown: Shown) -> Answers:
    before, after = sum(numbers(table(shown, MONTHS), "sum Monday")), sum(numbers(table(shown, MONTHS), "sum Thursday"))
    months = _differing(shown)
    return {
        "months": months,
        "line": _line(shown),
        "share": 100 * (after / before - 1),
        "verdict": option(shown, "verdict", MOVED if months else SAME),
        "first": option(shown, "first", ASK),
    }


def _last_months(shown: Shown) -> tuple[int, ...]:
    return (11, 12) if _differing(shown) != (11, 12) else (12,)


KIND = Kind(
    family=Family.REPRODUCIBILITY,
    name="data-snapshot-moved",
    title="Monday and Thursday",
    fault="The settings name the table that was written last, and it was written anew between two runs.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the same path is the same table",
            answers=believing(_solve, SAME, months=lambda _: (), line=lambda _: (), share=lambda _: 0.0),
            loses=("verdict", "months", "line", "share"),
        ),
        Mutant(
            mistake="tables only grow, by their last months",
            answers=believing(_solve, GREW, months=_last_months),
            loses=("verdict", "months"),
            on_clean=("verdict", "months"),
        ),
        Mutant(
            mistake="a table in a lake always moves",
            answers=believing(_solve, MOVED, line=lambda _: (2,)),
            on_clean=("verdict", "line"),
        ),
    ),
    check="REP007",
)
