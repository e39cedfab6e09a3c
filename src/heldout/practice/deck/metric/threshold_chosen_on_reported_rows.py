"""The best threshold of the test rows, with the score that it has there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.evidence import Predictions, ReportedThreshold
from heldout.practice.deck.asked import choice, drill, first, number, order, pick
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import lines, numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE, REPORT = "sweep of thresholds", "report"
PER_PART = {Difficulty.EASY: 400, Difficulty.MIDDLE: 800, Difficulty.HARD: 1600}
"""Rows of the validation and of the test part."""
LEAST_GAP = {Difficulty.EASY: 0.03, Difficulty.MIDDLE: 0.015, Difficulty.HARD: 0.008}
"""How far the best F1 on the test rows lies above that of the validation's threshold."""
SHOWN = {Difficulty.EASY: 8, Difficulty.MIDDLE: 12, Difficulty.HARD: 18}
SHARE, SIGNAL = 0.2, 1.3
TUNED = "The threshold is the best one on the very rows that are reported: the score is too good"
APART = "The threshold was best on the validation rows, and the test rows were only scored: it may be reported"
OTHERS = (
    "F1 was computed on the wrong class",
    "Without the threshold one half no F1 may be reported, as F1 is defined at one half and would mean another thing",
)
WHERE = "On which rows was the threshold chosen?"
IDLE = ("Why F1 and no other metric?", "How fast is the model?")
STEPS = (
    "Choose the threshold on the validation rows",
    "Write it down before the test rows are scored",
    "Score the test rows once, at that threshold",
    "Report that score with its interval",
)
PRODUCTS = (
    ("spam filter of its forum", "posts"),
    ("filter for broken meter readings", "readings"),
    ("detector of duplicate listings", "listings"),
    ("screening of retinal pictures", "pictures"),
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """F1 on the validation and on the test rows at some thresholds, and the threshold that is reported."""

    thresholds: tuple[float, ...]
    validation: tuple[float, ...]
    test: tuple[float, ...]
    reported: float

    @property
    def right(self) -> int:
        """The place of the best threshold on the validation rows."""
        return int(np.argmax(self.validation))

    @property
    def honest(self) -> float:
        """F1 on the test rows at that threshold."""
        return self.test[self.right]

    @property
    def said(self) -> float:
        """F1 on the test rows at the reported threshold."""
        return self.test[self.thresholds.index(self.reported)]

    @property
    def is_tuned(self) -> bool:
        """Whether the reported threshold is the test rows' best, and not the validation's."""
        return self.thresholds.index(self.reported) != self.right


def _part(rng: np.random.Generator, rows: int) -> tuple[Floats, Floats]:
    label = (rng.random(rows) < SHARE).astype(np.float64)
    odds = np.log(SHARE / (1 - SHARE)) + SIGNAL * (rng.normal(SIGNAL * label) - SIGNAL / 2)
    return label, 1 / (1 + np.exp(-odds))


def _f1(part: tuple[Floats, Floats], threshold: float) -> float:
    label, score = part
    called = score >= threshold
    return float(2 * (called * label).sum() / (called.sum() + label.sum()))


def _curve(part: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return the scores, the highest first, and F1 of calling all rows from each one up."""
    label, score = part
    order = np.argsort(-score)
    f1 = 2 * np.cumsum(label[order]) / (label.sum() + np.arange(1, len(order) + 1))
    return score[order], f1


def _best(part: tuple[Floats, Floats]) -> float:
    """Return the best threshold of the rows, four digits long, midway between two scores."""
    score, f1 = _curve(part)
    place = int(np.argmax(f1))
    return round(float(score[place : place + 2].mean()), 4)


def _world(rng: np.random.Generator, at: Difficulty, planted: bool) -> tuple[Sweep, Predictions]:
    """Draw parts until their best thresholds differ, and four digits are enough to write them."""
    while True:
        parts = _part(rng, PER_PART[at]), _part(rng, PER_PART[at])
        right, tuned = (_best(part) for part in parts)
        others = np.round(np.quantile(parts[1][1], np.linspace(0.5, 0.95, SHOWN[at] - 2)), 4)
        cuts = tuple(sorted({right, tuned, *map(float, others)}))
        sweep = Sweep(
            thresholds=cuts,
            validation=tuple(round(_f1(parts[0], cut), 3) for cut in cuts),
            test=tuple(round(_f1(parts[1], cut), 3) for cut in cuts),
            reported=tuned if planted else right,
        )
        if _is_plain(sweep, parts[1], right, tuned) and max(sweep.test) - sweep.honest >= LEAST_GAP[at]:
            label, score = parts[1]
            return sweep, Predictions(metric="f1", label=label, score=score, cluster=None)


def _is_plain(sweep: Sweep, test: tuple[Floats, Floats], right: float, tuned: float) -> bool:
    """Tell whether each part has one best threshold among those shown, and rounding did not move the test's."""
    first, second = sorted(sweep.validation)[-1:-3:-1]
    ahead = first > second and sweep.thresholds[sweep.right] == right
    best = float(_curve(test)[1].max())
    return ahead and sweep.thresholds[int(np.argmax(sweep.test))] == tuned and _f1(test, tuned) >= best - 1e-12


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("threshold-chosen-on-reported-rows", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    product, rows = scene.product
    world, predictions = _world(rng, difficulty, planted)
    cut = world.thresholds[world.right]
    told = (
        f"On the validation rows {cut:.4f} is best; on the test rows F1 is {world.honest:.3f} there, and "
        f"{world.said:.3f} was reported at {world.reported:.4f}."
    )
    credit = {TUNED: planted, APART: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"{scene.company} reports the F1 of its {product} on {PER_PART[difficulty]:,} test {rows}, and has "
            f"kept the sweep from which a threshold was taken; as many {rows} were held for validation."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("threshold", "F1 on validation", "F1 on test"),
                rows=tuple(zip(world.thresholds, world.validation, world.test, strict=True)),
            ),
            Lines(
                name=REPORT,
                text=f"metric: f1\nthreshold: {world.reported}\nvalue: {world.said}\nrows: test\n",
                language="yaml",
            ),
        ),
        asked=(
            pick(
                "threshold",
                "Pick the threshold that may be used for the reported score.",
                25,
                TABLE,
                [world.right + 1],
                because=told,
            ),
            number(
                "honest",
                "Which F1 on the test rows may be reported?",
                25,
                "F1, 0 to 1",
                value=world.honest,
                absolute=0.0011,
                because=told,
            ),
            choice(scene.rng, "verdict", "What is to be said of the report?", 25, credit, because=told),
            order(
                scene.rng,
                "fix",
                "Order the steps of a threshold's life.",
                15,
                STEPS,
                because="What is chosen is not measured.",
            ),
            first(scene.rng, 10, (WHERE, *IDLE), "The rows of the choice decide."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=f"The report promises {world.said - world.honest:.3f} of F1 that next month's {rows} will not show.",
            page="MET008",
        ),
        world={"predictions": predictions, "threshold": ReportedThreshold(value=world.reported, metric="f1")},
    )


def _points(rng: np.random.Generator, world: Sweep, planted: bool) -> tuple[Point, ...]:
    chosen = Point(
        name="where the threshold was chosen",
        says=f"The threshold was {'' if planted else 'not '}chosen on the test rows.",
        anchors=(
            ("threshold", "cut*"),
            ("chosen", "chose", "tuned", "picked", "selected", "optimi*", "best"),
            ("test", "reported rows", "same rows"),
        ),
        denied=not planted,
        probe=probe(
            rng,
            "Is the reported threshold the best one of the test rows?",
            *(("yes", "no") if planted else ("no", "yes")),
            "it is best on both",
        ),
    )
    honest = Point(
        name="the honest score",
        says=f"At the validation threshold F1 is {world.honest:.3f}.",
        anchors=(("validation", "honest*", "should", "held-out", "corrected"),),
        number=Said(value=world.honest, tolerance=0.004),
        probe=probe(rng, "At which threshold may the test rows be scored?", "the validation's best", "the test's best"),
    )
    return chosen, honest


def _read(shown: Shown) -> Sweep:
    rows = table(shown, TABLE)
    said = dict(line.split(": ") for line in lines(shown, REPORT))
    return Sweep(
        thresholds=tuple(numbers(rows, "threshold")),
        validation=tuple(numbers(rows, "F1 on validation")),
        test=tuple(numbers(rows, "F1 on test")),
        reported=float(said["threshold"]),
    )


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "threshold": (read.right + 1,),
        "honest": read.honest,
        "verdict": option(shown, "verdict", TUNED if read.is_tuned else APART),
        "fix": ranked(shown, "fix", STEPS),
        "first": option(shown, "first", WHERE),
    }


def _highest(shown: Shown) -> Answers:
    read = _read(shown)
    best = int(np.argmax(read.test))
    verdict = option(shown, "verdict", APART)
    return {**_solve(shown), "threshold": (best + 1,), "honest": read.test[best], "verdict": verdict}


KIND = Kind(
    family=Family.METRIC,
    name="threshold-chosen-on-reported-rows",
    title="A sweep and a report",
    fault="The threshold was chosen on the rows that the score is reported on.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the best number in the table is the one to report",
            answers=_highest,
            loses=("threshold", "honest", "verdict"),
            on_clean=("threshold", "honest"),
        ),
        Mutant(
            mistake="a threshold other than one half was tuned on the test rows",
            answers=lambda shown: {**_solve(shown), "verdict": option(shown, "verdict", TUNED)},
            on_clean=("verdict",),
        ),
    ),
    check="MET008",
)
