"""One number over all classes: the class that it hides is the one that the product is for."""

from dataclasses import dataclass

import numpy as np

from heldout.core.evidence import ClassPredictions
from heldout.practice.deck.asked import choice, drill, first, number, pick
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import numbers, table, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE = "cases of the test month"
SIZES = (700, 500, 400, 250, 160, 80)
"""Cases per class; the last but one is the class that fails, the smallest never is."""
FAILING = 4
MISSED = {Difficulty.EASY: (0.12, 0.22), Difficulty.MIDDLE: (0.22, 0.32), Difficulty.HARD: (0.32, 0.42)}
"""Recall of the failing class."""
SPREAD = {Difficulty.EASY: 0.02, Difficulty.MIDDLE: 0.04, Difficulty.HARD: 0.06}
"""How far the other classes lie from each other."""
GATE = 20.0
"""Points below the average from which a class counts as far below."""
HIDES = "A class lies far below the average, which the large classes carry: report recall per class"
STANDS = "Every class is near the average: it may be reported, beside the recall per class"
OTHERS = (
    "The classes are of different sizes, so that no recall of one can be compared with another's",
    "The largest class has most of the mistakes: train on it first",
)
COSTS = "What does a mistake cost in each class?"
IDLE = ("How long did the training take?", "Can the test month be made longer until the average rises?")
PRODUCTS = (
    ("mail router", ("billing", "delivery", "returns", "account", "fraud report", "press")),
    ("leaf-disease app", ("healthy", "rust", "mildew", "blight", "mosaic virus", "canker")),
    ("X-ray triage", ("clear", "effusion", "fracture", "nodule", "pneumothorax", "foreign body")),
    ("weld camera", ("sound", "porosity", "spatter", "undercut", "crack", "burn-through")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Cases and those called right per class, in points where they are shares."""

    names: tuple[str, ...]
    cases: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def recalls(self) -> list[float]:
        """Recall per class, in percent."""
        return [100 * r / n for r, n in zip(self.right, self.cases, strict=True)]

    @property
    def average(self) -> float:
        """Recall over all cases, in percent."""
        return 100 * sum(self.right) / sum(self.cases)

    @property
    def far(self) -> list[int]:
        """The rows, from 1, whose recall is more than the gate below the average."""
        return [row for row, one in enumerate(self.recalls, start=1) if one < self.average - GATE]


def _world(
    rng: np.random.Generator, order: np.ndarray, names: tuple[str, ...], at: Difficulty, planted: bool
) -> Counts:
    cases = [round(size * rng.uniform(0.9, 1.1)) for size in SIZES]
    recalls = [0.88 + rng.uniform(-SPREAD[at], SPREAD[at]) for _ in SIZES]
    recalls[FAILING] = rng.uniform(*MISSED[at]) if planted else 0.88 - rng.uniform(0.08, 0.14)
    right = [round(n * share) for n, share in zip(cases, recalls, strict=True)]
    columns = ([names[i] for i in order], [cases[i] for i in order], [right[i] for i in order])
    return Counts(names=tuple(columns[0]), cases=tuple(columns[1]), right=tuple(columns[2]))


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("average-hides-a-class", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    product, names = scene.product
    world = _world(rng, scene.rng.permutation(len(SIZES)), names, difficulty, planted)
    macro, worst = float(np.mean(world.recalls)), int(np.argmin(world.recalls))
    told = f"Recall of {world.names[worst]} is {world.recalls[worst]:.1f} % where the average is {world.average:.1f} %."
    credit = {HIDES: planted, STANDS: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"{scene.company} reports that its {product} calls {world.average:.1f} % of all cases right, and "
            f"wants to print that number on the product's page. These are the cases by their true class."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("class", "cases", "called right"),
                rows=tuple(zip(world.names, world.cases, world.right, strict=True)),
            ),
        ),
        asked=(
            number(
                "macro",
                "What is the recall when each class counts the same?",
                25,
                "percent",
                value=macro,
                absolute=0.5,
                because=f"The mean of the six recalls is {macro:.1f} %.",
            ),
            pick(
                "far",
                f"Pick the classes whose recall is more than {GATE:.0f} points below the reported average; "
                "none is an answer.",
                30,
                TABLE,
                world.far,
                because=told,
            ),
            choice(scene.rng, "verdict", "May the average stand for the model?", 30, credit, because=told),
            first(scene.rng, 15, (COSTS, *IDLE), "The costs choose the average."),
        ),
        points=_points(scene.rng, world, macro, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"Of {world.cases[worst]} cases of {world.names[worst]}, {world.cases[worst] - world.right[worst]} are "
                f"called something else in a month."
            ),
            page="MET009",
        ),
        world={"class_predictions": _calls(world)},
    )


def _points(rng: np.random.Generator, world: Counts, macro: float, planted: bool) -> tuple[Point, ...]:
    names = tuple(name.lower() for name in world.names)
    worst = world.names[int(np.argmin(world.recalls))]
    far = Point(
        name="a class far below",
        says=f"The recall of {worst} is far below the average." if planted else "No class is far below the average.",
        anchors=((worst.lower(),) if planted else ("class*", *names), ("below", "lower", "worse", "miss*", "hid*")),
        denied=not planted,
        probe=probe(
            rng,
            f"Is a class more than {GATE:.0f} points below the average?",
            *(("yes, one", "no") if planted else ("no", "yes, one")),
            "yes, the largest",
        ),
    )
    equal = Point(
        name="recall by equal weight",
        says=f"The macro average, each class counting the same, is {macro:.1f} %.",
        anchors=(("macro", "equal*", "each class", "mean of", "unweighted"),),
        number=Said(value=macro / 100, tolerance=0.01),
        probe=probe(rng, "Which average counts each class the same?", "macro", "micro", "weighted"),
    )
    return far, equal


def _calls(world: Counts) -> ClassPredictions:
    """Return the calls behind the counts: each mistake goes to the next class."""
    label = np.repeat(np.arange(len(world.names)), world.cases)
    place = np.concatenate([np.arange(n) for n in world.cases])
    is_right = place < np.repeat(world.right, world.cases)
    predicted = np.where(is_right, label, (label + 1 + place % (len(world.names) - 1)) % len(world.names))
    return ClassPredictions(classes=world.names, label=label, predicted=predicted, metric="recall", average="weighted")


def _read(shown: Shown) -> Counts:
    rows = table(shown, TABLE)
    cases, right = (tuple(int(n) for n in numbers(rows, name)) for name in ("cases", "called right"))
    return Counts(names=tuple(texts(rows, "class")), cases=cases, right=right)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "macro": float(np.mean(read.recalls)),
        "far": tuple(read.far),
        "verdict": option(shown, "verdict", HIDES if read.far else STANDS),
        "first": option(shown, "first", COSTS),
    }


def _trusting(shown: Shown) -> Answers:
    return {**_solve(shown), "macro": _read(shown).average, "far": (), "verdict": option(shown, "verdict", STANDS)}


def _blaming(shown: Shown) -> Answers:
    lowest = int(np.argmin(_read(shown).recalls)) + 1
    return {**_solve(shown), "far": (lowest,), "verdict": option(shown, "verdict", HIDES)}


def _by_size(shown: Shown) -> Answers:
    return {**_solve(shown), "far": (int(np.argmin(_read(shown).cases)) + 1,)}


KIND = Kind(
    family=Family.METRIC,
    name="average-hides-a-class",
    title="A good number over all classes",
    fault="An average over all classes hides one that is mostly missed.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(mistake="the average speaks for every class", answers=_trusting, loses=("macro", "far", "verdict")),
        Mutant(mistake="the lowest class is always a failure", answers=_blaming, on_clean=("far", "verdict")),
        Mutant(mistake="the smallest class is the one that fails", answers=_by_size, loses=("far",), on_clean=("far",)),
    ),
    check="MET009",
)
