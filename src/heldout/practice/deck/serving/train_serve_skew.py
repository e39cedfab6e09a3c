"""A feature that is made twice: the model is asked about other numbers than it learned from."""

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.programs import programmed
from heldout.practice.deck.reading import numbers, places, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

CODE, LOG = "what imports what", "features of the same cases"
CASES = 10
TINY = 0.02
"""What rounding may move."""
FEATURES = ("distance", "hour", "gap_days", "amount")
UNIT = "The service measures in another unit: its values are a constant multiple"
CLOCK = "The service reads another clock: its values are hours off"
FILLED = "The service fills what is missing with 0, training with the usual value"
SAME = "The values agree but for rounding"
ASK = "Do training and service make the features by the same code?"
FIRST = {
    ASK: 1.0,
    "Has the model been trained for long enough, and on enough rows?": 0.0,
    "Which feature has the largest weight?": 0.0,
    "Is the drift alert quiet?": 0.0,
}
ENCODE = """

def encode(case):
    return [case["distance"] / {unit}, (case["time"] + {clock}) % 24, case.get("gap", {fill}), case["amount"]]
"""
SHARED = "from features import encode\n"


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("train-serve-skew", seed, difficulty)
    told = story(rng)
    kind = int(rng.integers(3))
    usual = float(rng.integers(5, 12))
    learned = np.column_stack(
        [
            np.round(rng.uniform(2, 60, CASES), 2),
            rng.integers(0, 24, CASES).astype(float),
            np.round(rng.uniform(1, 20, CASES), 1),
            np.round(rng.uniform(5, 300, CASES), 2),
        ]
    )
    missing = np.sort(rng.permutation(CASES)[: (5, 3, 2)[difficulty - 1]])
    learned[missing, 2] = usual
    served = learned + np.round(rng.uniform(-0.01, 0.01, learned.shape), 2) * np.array([1, 0, 0, 1])
    factor, hours = 0.621, int(rng.choice([1, 2, 5]))
    if planted and kind == 0:
        served[:, 0] = np.round(learned[:, 0] * factor, 2)
    if planted and kind == 1:
        served[:, 1] = (learned[:, 1] + hours) % 24
    if planted and kind == 2:
        served[missing, 2] = 0.0
    count = 2 + (difficulty > 1) + (difficulty > 2)
    kept = sorted({kind, *rng.permutation(4)[:count].tolist()})
    learned, served = np.round(learned, 2), np.round(served, 2)
    off = np.abs(learned - served) > TINY
    bad = [int(row) + 1 for row in np.flatnonzero(off[:, kept].any(axis=1))]
    gap = float(np.abs(learned - served)[:, kept].max())
    feature = FEATURES[kind]
    says = (UNIT, CLOCK, FILLED)[kind] if planted else SAME
    evidence = (
        f"{len(bad)} of {CASES} cases differ by more than rounding"
        + (f", all of them in {feature}" if planted else "")
        + f"; the largest difference is {gap:.2f}."
    )
    train = SHARED + ENCODE.format(unit=1, clock=0, fill=usual)
    other = ENCODE.format(
        unit=1.609 if kind == 0 else 1, clock=hours if kind == 1 else 0, fill=0 if kind == 2 else usual
    )
    own = {
        "train": "import features\n\nprint(features.encode({}))\n",
        "predict": f"{other.strip()}\n\n\nprint(encode({{}}))\n"
        if planted
        else "import features\n\nprint(features.encode({}))\n",
    }
    imports = "train.py\n    imports features.py\nserve.py\n    " + (
        "defines encode() itself" if planted else "imports features.py"
    )
    columns = [name for place in kept for name in (f"{FEATURES[place]}, trained", f"{FEATURES[place]}, served")]
    return drill(
        f"The {told.model} of {told.company} is worse in service than in its test. For {CASES} cases of last week, "
        "these are the features that the service logged when it answered, and those that training's code makes of "
        "the same cases now. Values are rounded to two digits on both sides, which may move them by 0.02.",
        (
            Lines(name=CODE, text=imports),
            Rows(
                name=LOG,
                columns=("case", *columns),
                rows=tuple(
                    (row + 1, *(float(value) for place in kept for value in (learned[row, place], served[row, place])))
                    for row in range(CASES)
                ),
            ),
        ),
        (
            pick(
                "cases",
                "Pick each case that has a feature which differs by more than rounding, if any.",
                30,
                LOG,
                bad,
                evidence,
            ),
            number(
                "gap",
                "What is the largest difference between trained and served in this table?",
                15,
                "feature",
                gap,
                evidence,
                absolute=0.006,
            ),
            verdict(rng, "What do the values say?", 40, says, (UNIT, CLOCK, FILLED, SAME), evidence),
            choice(
                rng,
                "first",
                "What would you ask first when service is worse than the test?",
                15,
                FIRST,
                "The inputs come first.",
            ),
        ),
        (
            point(
                rng,
                f"Features of training and service {'differ' if planted else 'do not differ'} by more than rounding.",
                (("feature*", "value*", feature, "inputs"), ("differ*", "other", "skew*", "off", "unequal", "another")),
                "The features of training and service ...",
                f"differ in {feature}" if planted else "agree but for rounding",
                ("agree but for rounding" if planted else f"differ in {feature}", "differ in all columns"),
                denied=not planted,
            ),
            point(
                rng,
                f"The features of {len(bad)} cases differ.",
                (("case*", "rows"),),
                "How many cases differ?",
                str(len(bad)),
                (str((len(bad) + 4) % (CASES + 1)), str((len(bad) + 8) % (CASES + 1))),
                number=(len(bad), 0.005),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=f"{len(bad)} of {CASES} answers are given to a question that nobody asked; for each, {told.harm}."
            if planted
            else "Nothing: the inputs are the same, and the search can go on to labels and population.",
            page="ARC004",
        ),
        {"repository": programmed(seed, **own, files={"features.py": train.removeprefix(SHARED).lstrip()})},
    )


def _pairs(shown: Shown) -> list[tuple[str, list[float], list[float]]]:
    names = [name.removesuffix(", trained") for name in table(shown, LOG).columns if name.endswith(", trained")]
    return [
        (name, numbers(table(shown, LOG), f"{name}, trained"), numbers(table(shown, LOG), f"{name}, served"))
        for name in names
    ]


def _off(shown: Shown) -> list[bool]:
    off = [False] * CASES
    for _, learned, served in _pairs(shown):
        off = [old or abs(a - b) > TINY + 1e-9 for old, a, b in zip(off, learned, served, strict=True)]
    return off


def _cause(learned: list[float], served: list[float]) -> str:
    """Return what turns the one into the other, by what holds for all cases that differ."""
    pairs = [(a, b) for a, b in zip(learned, served, strict=True) if abs(a - b) > TINY + 1e-9]
    if not pairs:
        return SAME
    if all(b == 0 for _, b in pairs):
        return FILLED
    ratios = [b / a for a, b in pairs if a]
    return UNIT if max(ratios) - min(ratios) < 0.02 else CLOCK


def _solve(shown: Shown) -> Answers:
    causes = [_cause(learned, served) for _, learned, served in _pairs(shown)]
    gap = max(abs(a - b) for _, learned, served in _pairs(shown) for a, b in zip(learned, served, strict=True))
    return {
        "cases": places(_off(shown)),
        "gap": gap,
        "verdict": option(shown, "verdict", next((cause for cause in causes if cause != SAME), SAME)),
        "first": option(shown, "first", ASK),
    }


def _any_difference(shown: Shown) -> tuple[int, ...]:
    found = [False] * CASES
    for _, learned, served in _pairs(shown):
        found = [old or a != b for old, a, b in zip(found, learned, served, strict=True)]
    return places(found) or (1,)


KIND = Kind(
    family=Family.SERVING,
    name="train-serve-skew",
    title="Worse in service",
    fault="A feature is made by one code in training and by another in service, and they differ.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a model worse in service has met another population: its inputs are as they were",
            answers=believing(_solve, SAME, cases=lambda _: (), gap=lambda _: 0.0),
            loses=("verdict", "cases", "gap"),
        ),
        Mutant(
            mistake="whatever differs in a digit is skew",
            answers=believing(_solve, UNIT, cases=_any_difference),
            on_clean=("verdict", "cases"),
        ),
    ),
    check="ARC004",
)
