"""A mean of the label per group, taken over all rows, becomes a feature of the very rows it is made of."""

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, pick
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.programs import first_line, lines_with, programmed
from heldout.practice.deck.reading import lines, numbers, table, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

PROGRAM, TABLE = "evaluate.py", "some rows"
SPLIT = "train_test_split("
ENCODED = '["label"].transform("mean")'
HEAD = """import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

table = pd.read_csv("{file}.csv")
"""
PLAIN = (
    'table["{group}_rows"] = table.groupby("{group}")["label"].transform("count")\n',
    'table["{number}"] = table["{number}"].fillna(0)\n',
    'table["{number}_2"] = table["{number}"] ** 2\n',
    "table = table.drop_duplicates()\n",
)
"""Steps that read no label: a count is of rows."""
BEFORE = 'table["{group}_rate"] = table.groupby("{group}")["label"].transform("mean")\n'
PARTS = (
    'X, y = table.drop(columns="label"), table["label"]\n'
    "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state={state})\n"
)
AFTER = (
    'rate = y_train.groupby(X_train["{group}"]).mean()\n'
    'X_train["{group}_rate"] = X_train["{group}"].map(rate)\n'
    'X_test["{group}_rate"] = X_test["{group}"].map(rate)\n'
)
SCORE = """X_train, X_test = X_train.drop(columns="{group}"), X_test.drop(columns="{group}")
model = HistGradientBoostingClassifier().fit(X_train, y_train)
print(roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))
"""
PLAIN_STEPS = {Difficulty.EASY: 0, Difficulty.MIDDLE: 2, Difficulty.HARD: 4}
GROUPS = {Difficulty.EASY: 2, Difficulty.MIDDLE: 4, Difficulty.HARD: 6}
IN_IT = "The mean of the label over all rows holds the test rows' own labels: the feature knows the answer"
OUTSIDE = "The mean is taken over training rows and mapped to the test rows: it knows no label of test"
OTHERS = (
    "A mean per group is never a feature",
    "The mean has to be scaled before the split, as a model would otherwise read its size for the label itself",
)
SEEN = "Whose labels went into each number that a test row is given?"
IDLE = ("How many groups are there?", "Is the mean rounded?")
ON_TRAIN = "Take the means over training rows, out of fold for these, and map them to the test rows"
WEAK = (
    "Take the means over test rows for the test rows",
    "Add noise to the means",
    "Use the median of the label instead, as no single row of a group can move it by so very much",
)
PRODUCTS = (
    ("which parcels are late", "parcels", "depot", "weight"),
    ("which calls end in a sale", "calls", "agent", "minutes"),
    ("which flats are let within a week", "flats", "street", "rooms"),
    ("which batches are rejected", "batches", "line", "hours"),
)


def _program(rng: np.random.Generator, at: Difficulty, planted: bool, names: tuple[str, str, str]) -> str:
    steps = [PLAIN[i] for i in np.sort(rng.permutation(len(PLAIN))[: PLAIN_STEPS[at]])]
    if planted:
        steps.insert(int(rng.integers(0, len(steps) + 1)), BEFORE)
    text = HEAD + "".join(steps) + PARTS + ("" if planted else AFTER) + SCORE
    for name, value in zip(("file", "group", "number"), names, strict=True):
        text = text.replace(f"{{{name}}}", value)
    return text.replace("{state}", str(rng.integers(0, 99)))


Row = tuple[int, str, str, int]


def _rows(rng: np.random.Generator, at: Difficulty, group: str) -> tuple[list[Row], int]:
    """Return rows as (number, part, group, label), and the place of a test row whose own label moves its mean."""
    rows: list[tuple[str, str, int]] = []
    tags = [f"{group[0].upper()}{n}" for n in rng.permutation(80)[: GROUPS[at]] + 10]
    for tag in tags:
        labels = rng.integers(0, 2, int(rng.integers(3, 6)))
        rows += [("train", tag, int(label)) for label in labels]
        rows += [("test", tag, 1 - int(labels.mean() > 0.5))]
    order = rng.permutation(len(rows))
    numbered = [(place, *rows[i]) for place, i in enumerate(order, 1)]
    tested = [row[0] for row in numbered if row[1] == "test"]
    return numbered, int(rng.choice(tested))


def _means(rows: list[Row], asked: int) -> tuple[float, float]:
    """Return the mean label of the asked row's group over training rows, and over all rows."""
    group = rows[asked - 1][2]
    train = [label for _, part, tag, label in rows if tag == group and part == "train"]
    return float(np.mean(train)), float(np.mean([label for *_, tag, label in rows if tag == group]))


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("target-encoding-before-the-split", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, file, group, label = scene.product
    text = _program(rng, difficulty, planted, (file, group, label))
    rows, asked = _rows(rng, difficulty, group)
    clean, leaky = _means(rows, asked)
    fault = lines_with(text.splitlines(), ENCODED)
    written = leaky if fault else clean
    told = (
        f"Line {fault[0]} takes the mean of the label over all rows, before the split in line "
        f"{first_line(text.splitlines(), SPLIT)}: row {asked} is given {leaky:.3f}, and may be given {clean:.3f}."
        if fault
        else f"The means are taken over training rows, after the split: row {asked} is given {clean:.3f}."
    )
    credit = {IN_IT: planted, OUTSIDE: not planted} | dict.fromkeys(OTHERS, False)
    fixes = {ON_TRAIN: 1.0} | dict.fromkeys(WEAK, 0.0)
    return drill(
        situation=(
            f"{scene.company} predicts {what}. Its program makes a feature of how often it happens per {group}. "
            f"Some rows of the table are shown with the part that the split gives them."
        ),
        exhibits=(
            Lines(name=PROGRAM, text=text, language="python"),
            Rows(name=TABLE, columns=("row", "part", group, "label"), rows=tuple(rows)),
        ),
        asked=(
            pick(
                "lines",
                "Pick the lines that put a test row's own label into its features; none is an answer.",
                30,
                PROGRAM,
                fault,
                because=told,
            ),
            number(
                "written",
                f"Run on the shown rows alone, with their parts: which {group}_rate does the program give row {asked}?",
                20,
                "share, 0 to 1",
                value=written,
                absolute=0.006,
                because=told,
            ),
            number(
                "allowed",
                f"Which {group}_rate may row {asked} be given?",
                20,
                "share, 0 to 1",
                value=clean,
                absolute=0.006,
                because="The training rows alone.",
            ),
            choice(scene.rng, "verdict", f"What is to be said of {group}_rate?", 15, credit, because=told),
            choice(
                scene.rng, "fix", "How is such a feature made?", 15, fixes, because="A label of test may enter nothing."
            ),
        ),
        points=_points(scene.rng, clean, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"Each {group} of few rows hands the model its answer; new {file} have no label to hand over."
                if planted
                else f"None: new {file} are given the mean of those that ended before."
            ),
            page="COD005",
        ),
        world={"repository": programmed(seed, files={"evaluate.py": text})},
    )


def _points(rng: np.random.Generator, clean: float, planted: bool) -> tuple[Point, ...]:
    own = Point(
        name="the row's own label",
        says=f"The feature {'holds' if planted else 'does not hold'} the labels of test rows.",
        anchors=(
            ("label*", "target", "answer*", "outcome*"),
            ("test", "own", "all rows", "itself", "before the split"),
        ),
        denied=not planted,
        probe=probe(
            rng,
            "Is a test row's own label in its feature?",
            *(("yes", "no") if planted else ("no", "yes")),
            "only in the model",
        ),
    )
    mean = Point(
        name="the mean that is allowed",
        says=f"Over the training rows the mean is {clean:.2f}.",
        anchors=(("train*",), ("mean", "rate", "average", "share")),
        number=Said(value=clean, tolerance=0.02),
        probe=probe(rng, "Over which rows may the mean be taken?", "training rows", "all rows", "test rows"),
    )
    return own, mean


def _asked(shown: Shown) -> tuple[list[Row], int]:
    rows = table(shown, TABLE)
    ask = next(one.ask for one in shown.questions if one.name == "allowed")
    parts, groups, labels = texts(rows, "part"), texts(rows, rows.columns[2]), numbers(rows, "label")
    places = range(1, len(parts) + 1)
    read = [(i, part, group, int(y)) for i, part, group, y in zip(places, parts, groups, labels, strict=True)]
    return read, int(ask.split(" may row ")[1].split()[0])


def _solve(shown: Shown) -> Answers:
    program = lines(shown, PROGRAM)
    split = first_line(program, SPLIT)
    fault = tuple(n for n in lines_with(program, ENCODED) if n < split)
    clean, leaky = _means(*_asked(shown))
    return {
        "lines": fault,
        "written": leaky if fault else clean,
        "allowed": clean,
        "verdict": option(shown, "verdict", IN_IT if fault else OUTSIDE),
        "fix": option(shown, "fix", ON_TRAIN),
    }


def _shared(shown: Shown) -> Answers:
    leaky = _means(*_asked(shown))[1]
    verdict, fix = option(shown, "verdict", OUTSIDE), option(shown, "fix", WEAK[1])
    return {**_solve(shown), "lines": (), "allowed": leaky, "verdict": verdict, "fix": fix}


def _every_group(shown: Shown) -> Answers:
    program = lines_with(lines(shown, PROGRAM), ".groupby(", ".map(")
    leaky = _means(*_asked(shown))[1]
    return {**_solve(shown), "lines": program, "written": leaky, "verdict": option(shown, "verdict", IN_IT)}


KIND = Kind(
    family=Family.LEAKAGE,
    name="target-encoding-before-the-split",
    title="A rate per group",
    fault="A group's mean label over all rows becomes a feature.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a mean over a group belongs to nobody",
            answers=_shared,
            loses=("lines", "allowed", "verdict", "fix"),
            on_clean=("allowed", "fix"),
        ),
        Mutant(
            mistake="every groupby of a label is a leak",
            answers=_every_group,
            on_clean=("lines", "written", "verdict"),
        ),
    ),
    check="COD005",
)
