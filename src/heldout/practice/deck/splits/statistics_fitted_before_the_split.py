"""A program that learns from all rows, and splits them afterwards."""

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, order, pick
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.programs import first_line, lines_with, programmed
from heldout.practice.deck.reading import lines
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

PROGRAM = "evaluate.py"
LEARNS = (".fit_transform(", ".fit(", ".median()", ".mean()", ".std()")
SPLIT = "train_test_split("
HEAD = """import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

table = pd.read_csv("{file}.csv")  # {rows:,} rows
"""
ROW_BY_ROW = (
    "table = table.drop_duplicates()\n",
    'table["{first}"] = np.log1p(table["{first}"])\n',
    'table["{second}"] = table["{second}"].fillna(0)\n',
    'table["both"] = table["{first}"] * table["{second}"]\n',
    'table["{second}"] = table["{second}"].clip(0, 100)\n',
)
"""Steps that look at one row at a time, or throw rows away: they learn nothing."""
LABEL = 'X, y = table.drop(columns="label"), table["label"]\n'
PARTS = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size={size}, random_state={state})\n"
BEFORE = {
    "scale": "X = StandardScaler().fit_transform(X)\n",
    "select": "X = SelectKBest(k=20).fit_transform(X, y)\n",
    "fill": 'X["{first}"] = X["{first}"].fillna(X["{first}"].median())\n',
}
AFTER = {
    "scale": "scaler = StandardScaler().fit(X_train)\n"
    "X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)\n",
    "select": "best = SelectKBest(k=20).fit(X_train, y_train)\n"
    "X_train, X_test = best.transform(X_train), best.transform(X_test)\n",
    "fill": 'middle = X_train["{first}"].median()\n'
    'X_train["{first}"] = X_train["{first}"].fillna(middle)\nX_test["{first}"] = X_test["{first}"].fillna(middle)\n',
}
SCORE = (
    "model = HistGradientBoostingClassifier().fit(X_train, y_train)\n"
    "print(roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))\n"
)
STEPS_AT = {Difficulty.EASY: (1, 0), Difficulty.MIDDLE: (1, 2), Difficulty.HARD: (2, 4)}
"""Steps that learn, and steps that do not."""
EARLY = "Something is learned from all rows before they are split: the test rows are in what the model is given"
LATE = "All that is learned is learned from the training rows: the score stands as far as this file goes"
OTHERS = (
    "The split has no stratification, so the score is void",
    "Duplicates may not be dropped before a split",
)
SEEN = "Which rows had been seen by each step that learns?"
IDLE = ("Is the model the best of its library?", "Why is random_state not 42?")
MEND = (
    "Split the rows",
    "Fit each step on the training rows alone",
    "Apply the fitted steps to the test rows",
    "Score the test rows once",
)
PRODUCTS = (
    ("which guests cancel", "bookings", "nights", "guests"),
    ("which claims go to court", "claims", "amount", "letters"),
    ("which pumps need service", "pumps", "hours", "starts"),
    ("which readers subscribe", "readers", "articles", "visits"),
)


def _program(
    rng: np.random.Generator, at: Difficulty, planted: bool, names: tuple[str, str, str]
) -> tuple[str, int, float]:
    """Return the program, the rows of its table, and the share that is test."""
    file, first, second = names
    learning, plain = STEPS_AT[at]
    # a selection comes last, as it returns no columns by name
    chosen = [str(name) for name in rng.permutation(["scale", "select"])[:1]]
    chosen = ["fill", *chosen] if learning == 2 else [str(rng.choice(["fill", *chosen]))]
    steps = [ROW_BY_ROW[i] for i in np.sort(rng.permutation(len(ROW_BY_ROW))[:plain])]
    early, late = ([one[name] for name in chosen] for one in (BEFORE, AFTER))
    body = [LABEL, *early, PARTS] if planted else [LABEL, PARTS, *late]
    rows, size = int(rng.integers(8, 90)) * 1000, float(rng.choice([0.2, 0.25, 0.3]))
    text = HEAD + "".join(steps) + "".join(body) + SCORE
    for name, value in {"first": first, "second": second, "file": file}.items():
        text = text.replace(f"{{{name}}}", value)
    text = text.replace("{rows:,}", f"{rows:,}").replace("{size}", str(size))
    return text.replace("{state}", str(rng.integers(0, 99))), rows, size


def _read(lines: list[str]) -> tuple[tuple[int, ...], float]:
    """Return the lines that learn before the split, and the rows that the first learning line has seen."""
    split = first_line(lines, SPLIT)
    learning = [n for n in lines_with(lines, *LEARNS) if n < len(lines) - 1]
    early = tuple(n for n in learning if n < split)
    rows = int(lines[first_line(lines, "read_csv") - 1].split("#")[1].split()[0].replace(",", ""))
    size = float(lines[split - 1].split("test_size=")[1].split(",")[0])
    return early, rows if learning[0] < split else rows * (1 - size)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("statistics-fitted-before-the-split", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, *names = scene.product
    text, rows, size = _program(rng, difficulty, planted, (names[0], names[1], names[2]))
    early = lines_with(text.splitlines(), *LEARNS)
    split = first_line(text.splitlines(), SPLIT)
    early = tuple(n for n in early if n < split)
    seen = rows if planted else rows * (1 - size)
    told = (
        f"Line {early[0]} learns from all {rows:,} rows, and the split comes in line {split}."
        if early
        else f"The split comes in line {split}, and all that learns comes after it, on {seen:,.0f} of {rows:,} rows."
    )
    credit = {EARLY: planted, LATE: not planted} | dict.fromkeys(OTHERS, False)
    firsts = {SEEN: 1.0} | dict.fromkeys(IDLE, 0.0)
    return drill(
        situation=(
            f"{scene.company} predicts {what}. This program prints the score that goes into its report, and a "
            f"reviewer is to say whether the test rows were kept out of everything."
        ),
        exhibits=(Lines(name=PROGRAM, text=text, language="python"),),
        asked=(
            pick(
                "lines",
                "Pick the lines that learn from rows that will be test rows; none is an answer.",
                35,
                PROGRAM,
                early,
                because=told,
            ),
            number(
                "seen",
                "How many rows has the first step seen that learns something (duplicates left aside)?",
                15,
                "rows",
                value=seen,
                relative=0.01,
                because=told,
            ),
            choice(
                scene.rng,
                "verdict",
                "What is to be said of the score that this program prints?",
                25,
                credit,
                because=told,
            ),
            order(
                scene.rng,
                "fix",
                "Order the steps of a program without this fault.",
                15,
                MEND,
                because="The split comes first.",
            ),
            choice(
                scene.rng,
                "first",
                "What would you ask of each line?",
                10,
                firsts,
                because="What learns may not see test rows.",
            ),
        ),
        points=_points(scene.rng, seen, split, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"{rows * size:,.0f} test {names[0]} shaped what the model is given; a selection by the label can make "
                f"a good score out of noise, a scaler moves it little."
                if planted
                else f"None: the {rows * size:,.0f} test {names[0]} were new to every step."
            ),
            page="COD001",
        ),
        world={"repository": programmed(seed, files={"evaluate.py": text})},
    )


def _points(rng: np.random.Generator, seen: float, split: int, planted: bool) -> tuple[Point, ...]:
    before = Point(
        name="learned before the split",
        says=f"{'Something' if planted else 'Nothing'} is fitted before the split in line {split}.",
        anchors=(
            ("fit*", "learn*", "median", "scal*", "select*", "statistic*"),
            ("before", "all rows", "whole table", "test rows", "prior to"),
        ),
        denied=not planted,
        probe=probe(
            rng,
            "Is anything learned before the split?",
            *(("yes", "no") if planted else ("no", "yes")),
            "only row by row",
        ),
    )
    rows = Point(
        name="rows seen",
        says=f"The first step that learns sees {seen:.0f} rows.",
        anchors=(("see*", "seen", "saw", "learn*", "fit*", "rows"),),
        number=Said(value=seen, tolerance=0.01 * seen),
        probe=probe(rng, "Which rows may a scaler see?", "training rows", "all rows", "test rows"),
    )
    return before, rows


def _solve(shown: Shown) -> Answers:
    early, seen = _read(lines(shown, PROGRAM))
    return {
        "lines": early,
        "seen": seen,
        "verdict": option(shown, "verdict", EARLY if early else LATE),
        "fix": ranked(shown, "fix", MEND),
        "first": option(shown, "first", SEEN),
    }


def _harmless(shown: Shown) -> Answers:
    rows = _read(lines(shown, PROGRAM))[1]
    return {**_solve(shown), "lines": (), "seen": rows / 2, "verdict": option(shown, "verdict", LATE)}


def _every_fit(shown: Shown) -> Answers:
    program = lines(shown, PROGRAM)
    fits = tuple(n for n in lines_with(program, *LEARNS) if n < len(program) - 1)
    return {**_solve(shown), "lines": (*fits, first_line(program, SPLIT)), "verdict": option(shown, "verdict", EARLY)}


KIND = Kind(
    family=Family.SPLITS,
    name="statistics-fitted-before-the-split",
    title="A program and its split",
    fault="A step learns from all rows before they are split.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(mistake="preprocessing is no training", answers=_harmless, loses=("lines", "seen", "verdict")),
        Mutant(
            mistake="every fit outside the model is a leak",
            answers=_every_fit,
            loses=("lines",),
            on_clean=("lines", "verdict"),
        ),
    ),
    check="COD001",
)
