"""A lift in recall that a handful of cases cannot carry."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from heldout.core.evidence import Predictions
from heldout.core.lift import LiftScale, LiftTarget
from heldout.practice.deck.asked import choice, drill, first, number
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE = "weeks"
ROWS_A_WEEK = 1000
WEEKS = {Difficulty.EASY: 4, Difficulty.MIDDLE: 6, Difficulty.HARD: 10}
FEW = {Difficulty.EASY: 6, Difficulty.MIDDLE: 6, Difficulty.HARD: 5}
"""Cases a week in the planted world; the clean twin has more than 50 times as many, within its rows."""
LIFT = 0.06
Z = 1.96
WISH = 0.02
NOISE = "The lift lies within what chance alone gives at so few cases: it is not shown"
SHOWN_ = "The lift is larger than what chance gives at so many cases: it may be reported with its interval"
OTHERS = (
    "The lift is real as it is above 5 points",
    "A model with more rows than cases can never be compared",
)
CASES = "How many cases are there, and how far would both recalls move by chance?"
IDLE = ("Is the new model larger?", "Could the threshold be lowered until the lift is 10 points, as was announced?")
PRODUCTS = (
    ("counterfeit tickets", "tickets"),
    ("failing hard disks", "disks"),
    ("account takeovers", "sign-ins"),
    ("misfilled prescriptions", "prescriptions"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """Cases per week, and those that the old and the new model found."""

    cases: tuple[int, ...]
    old: tuple[int, ...]
    new: tuple[int, ...]

    @property
    def recall(self) -> float:
        """The new model's recall over all weeks."""
        return sum(self.new) / sum(self.cases)

    @property
    def lift(self) -> float:
        """Points of recall, as a share, by which the new model is better."""
        return self.recall - sum(self.old) / sum(self.cases)

    @property
    def half(self) -> float:
        """Half the width of the 95 % interval of the new recall."""
        return Z * sqrt(self.recall * (1 - self.recall) / sum(self.cases))

    @property
    def wanted(self) -> float:
        """Cases at which that half width is the wish."""
        return self.recall * (1 - self.recall) * (Z / WISH) ** 2


def _world(rng: np.random.Generator, at: Difficulty, planted: bool) -> Weeks:
    weeks = WEEKS[at]
    cases = rng.integers(FEW[at] - 2, FEW[at] + 3, weeks) if planted else rng.integers(380, 460, weeks)
    total, old = int(cases.sum()), rng.uniform(0.62, 0.7)
    lift = LIFT + rng.uniform(0, 0.02)
    return Weeks(
        cases=tuple(map(int, cases)),
        old=_spread(rng, cases, round(total * old)),
        new=_spread(rng, cases, max(round(total * (old + lift)), round(total * old) + 1)),
    )


def _spread(rng: np.random.Generator, cases: np.ndarray, found: int) -> tuple[int, ...]:
    """Deal the cases found out over the weeks."""
    week = np.repeat(np.arange(len(cases)), cases)
    return tuple(int(n) for n in np.bincount(rng.permutation(week)[:found], minlength=len(cases)))


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("too-few-positives", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    case, rows = scene.product
    world = _world(rng, difficulty, planted)
    n = sum(world.cases)
    told = (
        f"{sum(world.old)} and {sum(world.new)} of {n:,} cases were found: a lift of {100 * world.lift:.1f} points, "
        f"where the new recall alone is only known to ± {100 * world.half:.1f} points."
    )
    credit = {NOISE: planted, SHOWN_: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"{scene.company} looks for {case} among {ROWS_A_WEEK:,} {rows} a week. The new model finds "
            f"{100 * world.recall:.0f} % of them at the same rate of alarms, and the team writes to everyone that "
            f"it beats the old one. These are the cases of each week, and what both found."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("week", "cases", "found by old", "found by new"),
                rows=tuple(zip(range(1, len(world.cases) + 1), world.cases, world.old, world.new, strict=True)),
            ),
        ),
        asked=(
            number(
                "lift",
                "By how many points of recall is the new model better, over all weeks?",
                20,
                "percentage points",
                value=100 * world.lift,
                absolute=0.2,
                because=told,
            ),
            number(
                "half",
                "How far does the 95 % interval of the new recall reach to each side?",
                25,
                "percentage points",
                value=100 * world.half,
                relative=0.15,
                because=told,
            ),
            number(
                "wanted",
                f"How many cases would it take to know that recall to ± {100 * WISH:.0f} points?",
                15,
                "cases",
                value=world.wanted,
                relative=0.15,
                because=f"p (1 - p) (1.96 / {WISH})² at p = {world.recall:.2f} is {world.wanted:,.0f}.",
            ),
            choice(scene.rng, "verdict", "What may be said of the lift?", 25, credit, because=told),
            first(scene.rng, 15, (CASES, *IDLE), "Recall rests on cases alone, not on rows."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=f"The claim rests on {sum(world.new) - sum(world.old)} {case} more in {len(world.cases)} weeks.",
            page="MET005",
        ),
        world={
            "predictions": _calls(world),
            "target": LiftTarget(scale=LiftScale.ABSOLUTE, minimum=0.0, target=round(world.lift, 4)),
        },
    )


def _points(rng: np.random.Generator, world: Weeks, planted: bool) -> tuple[Point, ...]:
    is_shown = Point(
        name="shown or not",
        says=f"The lift is {'not shown' if planted else 'supported'} at {sum(world.cases)} cases.",
        anchors=(
            ("lift", "gain", "improvement", "difference", "better", "new model"),
            ("shown", "supported", "proven", "significant*", "real", "beyond chance"),
        ),
        denied=planted,
        probe=probe(rng, "Is the lift shown?", *(("no", "yes") if planted else ("yes", "no")), "only for one week"),
    )
    half = Point(
        name="how well the recall is known",
        says=f"The interval of the new recall reaches {100 * world.half:.1f} points to each side.",
        anchors=(("interval", "half*", "±", "plus or minus", "standard error", "uncertain*", "margin"),),
        number=Said(value=100 * world.half, tolerance=0.15 * 100 * world.half),
        probe=probe(rng, "What is the interval of a recall made of?", "the cases", "all rows", "the alarms"),
    )
    return is_shown, half


def _calls(world: Weeks) -> Predictions:
    """Return the calls of the new model, a tenth of the quiet rows alarmed."""
    cases, found, rows = sum(world.cases), sum(world.new), ROWS_A_WEEK * len(world.cases)
    quiet = rows - cases
    label = np.repeat([1.0, 0.0], [cases, quiet])
    score = np.repeat([0.9, 0.1, 0.9, 0.1], [found, cases - found, quiet // 10, quiet - quiet // 10])
    return Predictions(metric="recall", label=label, score=score, cluster=None)


def _read(shown: Shown) -> Weeks:
    columns = (numbers(table(shown, TABLE), name) for name in ("cases", "found by old", "found by new"))
    cases, old, new = (tuple(int(n) for n in column) for column in columns)
    return Weeks(cases=cases, old=old, new=new)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "lift": 100 * read.lift,
        "half": 100 * read.half,
        "wanted": read.wanted,
        "verdict": option(shown, "verdict", NOISE if read.lift < read.half else SHOWN_),
        "first": option(shown, "first", CASES),
    }


def _of_rows(shown: Shown) -> Answers:
    read = _read(shown)
    n = ROWS_A_WEEK * len(read.cases)
    half = 100 * Z * sqrt(read.recall * (1 - read.recall) / n)
    return {**_solve(shown), "half": half, "verdict": option(shown, "verdict", SHOWN_)}


KIND = Kind(
    family=Family.METRIC,
    name="too-few-positives",
    title="A better recall",
    fault="A lift is reported that so few cases cannot tell from chance.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(mistake="all rows carry a recall", answers=_of_rows, loses=("half", "verdict"), on_clean=("half",)),
        Mutant(
            mistake="no lift is ever shown",
            answers=lambda shown: {**_solve(shown), "verdict": option(shown, "verdict", NOISE)},
            on_clean=("verdict",),
        ),
    ),
    check="MET005",
)
