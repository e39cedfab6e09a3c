"""The model has the seed, the split has not: every run is scored on other rows."""

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

CODE, TESTED, SCORES = "train.py", "test rows as logged", "scores"
SPLITS = (
    ("from sklearn.model_selection import train_test_split", "train, test = train_test_split(table, test_size=0.1{})"),
    ("from sklearn.model_selection import ShuffleSplit", "split = ShuffleSplit(1, test_size=0.1{})"),
    ("from sklearn.model_selection import GroupShuffleSplit", "split = GroupShuffleSplit(1, test_size=0.1{})"),
    ("import pandas as pd", "test = table.sample(frac=0.1{})"),
)
COMMON = {Difficulty.EASY: 1, Difficulty.MIDDLE: 5, Difficulty.HARD: 10}
"""Of 18 test rows, so many are in both runs of the planted world."""
LOGGED = 18
ROWS = "The runs were scored on different rows: the split takes no seed"
SAME = "The runs were scored on the same rows: the split is fixed"
MODEL = "The model takes no seed, and so it differs on the very same rows"
TUNED = "Run 2 has better settings"
ASK = "Were both scores taken on the same rows?"
FIRST = {
    ASK: 1.0,
    "Is a tenth of the rows enough for a test?": 0.0,
    "Would the mean of both scores be fairer?": 0.0,
    "Does a larger forest score higher?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("split-without-seed", seed, difficulty)
    told = story(rng)
    imports, call = SPLITS[rng.integers(len(SPLITS))]
    loose = ", random_state=None" if difficulty is Difficulty.HARD else ""
    split = call.format(loose if planted else ", random_state=SEED")
    code = [
        imports,
        "from sklearn.ensemble import RandomForestClassifier",
        "",
        "SEED = 7",
        "",
        "table = read()",
        split,
        *(["few = table.sample(n=100, random_state=SEED)"] if difficulty > 1 else []),
        "model = RandomForestClassifier(300, random_state=SEED)",
    ]
    line = code.index(split) + 1
    ids = rng.permutation(9000)[: 2 * LOGGED] + 1000
    first = np.sort(ids[:LOGGED])
    again = rng.permutation(first)[: COMMON[difficulty] + int(rng.integers(0, 2))]
    second = np.sort(np.concatenate([again, ids[LOGGED:]])[:LOGGED]) if planted else first
    both = len(set(first.tolist()) & set(second.tolist()))
    score = rng.uniform(0.7, 0.85)
    scores = (round(float(score), 4), round(float(score + rng.uniform(0.008, 0.03) * planted), 4))
    share = both / LOGGED
    evidence = (
        f"{both} of {LOGGED} logged test rows are in both runs ({share:.0%}); the scores are {scores[0]:.4f} and "
        f"{scores[1]:.4f}. Line {line} splits {'without a seed' if planted else 'by SEED'}."
    )
    return drill(
        f"Two runs of one commit of {told.company}'s {told.model}, on one table. Each logged the identifiers of "
        f"all of its {LOGGED} test cases (small on purpose, in a smoke test), in growing order, and its score.",
        (
            Lines(name=CODE, text="\n".join(code), language="python"),
            Rows(
                name=TESTED,
                columns=("place", "run 1", "run 2"),
                rows=tuple(
                    (place, int(one), int(other))
                    for place, (one, other) in enumerate(zip(first, second, strict=True), start=1)
                ),
            ),
            Rows(name=SCORES, columns=("run", "score"), rows=((1, scores[0]), (2, scores[1]))),
        ),
        (
            number("both", "How many identifiers are among the test cases of both runs?", 30, "rows", both, evidence),
            pick(
                "line",
                "Pick each line that draws without a seed, if any.",
                25,
                CODE,
                [line] if planted else [],
                evidence,
            ),
            verdict(
                rng,
                "What do you say of the two scores?",
                35,
                ROWS if planted else SAME,
                (ROWS, SAME, MODEL, TUNED),
                evidence,
            ),
            choice(
                rng,
                "first",
                "What would you ask before comparing two scores?",
                10,
                FIRST,
                "Scores share their rows first.",
            ),
        ),
        (
            point(
                rng,
                f"The runs were {'' if planted else 'not '}scored on different rows.",
                (("different", "other", "another", "differ*"), ("rows", "cases", "test", "split*")),
                "The test rows of the runs are ...",
                "different" if planted else "the same",
                ("the same" if planted else "different", "not told"),
                denied=not planted,
            ),
            point(
                rng,
                f"The runs have {both} test rows in common.",
                (("both", "common", "overlap*", "shared", "share"),),
                "How many test rows are in both runs?",
                str(both),
                (str((both + 7) % 19), str((both + 12) % 19)),
                number=(both, 0.005),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"A rise of {scores[1] - scores[0]:.3f} that no customer of {told.company} will see: it came "
                "with other rows."
            )
            if planted
            else "Nothing: what differs between two settings is then the settings.",
            page="REP006",
        ),
        {"repository": programmed(seed, train="\n".join(code) + "\n")},
    )


def _both(shown: Shown) -> int:
    return len(set(numbers(table(shown, TESTED), "run 1")) & set(numbers(table(shown, TESTED), "run 2")))


def _free(shown: Shown) -> tuple[int, ...]:
    drawing = re.compile(r"(?:train_test_split|ShuffleSplit|\.sample|RandomForestClassifier)\(")
    return tuple(
        place
        for place, line in enumerate(lines(shown, CODE), start=1)
        if drawing.search(line) and not re.search(r"random_state=(?!None)", line)
    )


def _solve(shown: Shown) -> Answers:
    both = _both(shown)
    return {
        "both": both,
        "line": _free(shown),
        "verdict": option(shown, "verdict", SAME if both == len(numbers(table(shown, TESTED), "run 1")) else ROWS),
        "first": option(shown, "first", ASK),
    }


def _same_place(shown: Shown) -> int:
    pairs = zip(numbers(table(shown, TESTED), "run 1"), numbers(table(shown, TESTED), "run 2"), strict=True)
    return sum(one == other for one, other in pairs) - 1


def _drawing(shown: Shown) -> tuple[int, ...]:
    return tuple(place for place, line in enumerate(lines(shown, CODE), start=1) if "SEED" in line)


KIND = Kind(
    family=Family.REPRODUCIBILITY,
    name="split-without-seed",
    title="Two scores of one model",
    fault="The model takes the seed and the split does not, so that each run is scored on other rows.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a seed is a seed: the rows are the same",
            answers=believing(_solve, SAME, both=lambda _: LOGGED, line=lambda _: ()),
            loses=("both", "verdict", "line"),
        ),
        Mutant(
            mistake="rows are the same where they stand at the same place, and what names a seed is suspect",
            answers=believing(_solve, ROWS, both=_same_place, line=_drawing),
            loses=("both", "line"),
            on_clean=("both", "verdict", "line"),
        ),
    ),
    check="REP006",
)
