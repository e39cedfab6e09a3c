"""A test set that was balanced: its precision holds for a world with as many cases as it has."""

from dataclasses import dataclass

import numpy as np

from heldout.core.profile import LabelKind
from heldout.core.split_evidence import LabelShift, TwoShares
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

PARTS, CALLS = "rows by class", "calls on test"
TRAIN_ROWS, TEST_ROWS = 40_000, 4000
SHARES = {Difficulty.EASY: (0.45, 0.5), Difficulty.MIDDLE: (0.3, 0.35), Difficulty.HARD: (0.18, 0.22)}
"""Share of cases in the planted test."""
FACTOR = 1.5
"""By which the shares may differ."""
BALANCED = "Test has another share of cases than the world: its precision will not be met, recompute it at that share"
ALIKE = "Test has the world's share of cases: its precision may be expected"
OTHERS = (
    "Recall changes with the share of cases, and precision does not: so recall has to be recomputed at the "
    "world's share",
    "Train is imbalanced, so nothing can be learned",
)
DRAWN = "How were the test rows drawn?"
IDLE = ("Was the threshold rounded?", "Can train be balanced in the same way?")
PRODUCTS = (
    ("fake reviews", "reviews"),
    ("cracked rails in pictures", "pictures"),
    ("toxic comments", "comments"),
    ("tumours on slides", "slides"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Rows and cases of train, which is as the world is, and the four counts of test."""

    rows: int
    cases: int
    found: int
    missed: int
    alarms: int
    quiet: int

    @property
    def base(self) -> float:
        """Share of cases in the world."""
        return self.cases / self.rows

    @property
    def share(self) -> float:
        """Share of cases in test."""
        return (self.found + self.missed) / (self.found + self.missed + self.alarms + self.quiet)

    @property
    def recall(self) -> float:
        """Share of cases found."""
        return self.found / (self.found + self.missed)

    @property
    def rate(self) -> float:
        """Share of quiet rows alarmed."""
        return self.alarms / (self.alarms + self.quiet)

    @property
    def reported(self) -> float:
        """Precision on test."""
        return self.found / (self.found + self.alarms)

    @property
    def in_use(self) -> float:
        """Precision at the world's share of cases."""
        hits = self.recall * self.base
        return hits / (hits + self.rate * (1 - self.base))

    @property
    def is_off(self) -> bool:
        """Whether the shares differ by more than the factor."""
        return max(self.share / self.base, self.base / self.share) > FACTOR


def _world(rng: np.random.Generator, at: Difficulty, planted: bool) -> Calls:
    base = rng.uniform(0.04, 0.08)
    share = rng.uniform(*SHARES[at]) if planted else base * rng.uniform(0.95, 1.05)
    cases = round(TEST_ROWS * share)
    found, alarms = round(cases * rng.uniform(0.75, 0.9)), round((TEST_ROWS - cases) * rng.uniform(0.02, 0.05))
    return Calls(
        rows=TRAIN_ROWS,
        cases=round(TRAIN_ROWS * base),
        found=found,
        missed=cases - found,
        alarms=alarms,
        quiet=TEST_ROWS - cases - alarms,
    )


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("test-balanced-by-hand", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, rows = scene.product
    world = _world(rng, difficulty, planted)
    told = (
        f"Cases are {100 * world.base:.1f} % of the world and {100 * world.share:.1f} % of test. With the same recall "
        f"and alarm rate precision is {100 * world.reported:.1f} % there and {100 * world.in_use:.1f} % in use."
    )
    alarms = 1000 * (world.recall * world.base + world.rate * (1 - world.base))
    credit = {BALANCED: planted, ALIKE: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"{scene.company} finds {what}, and reports a precision of {100 * world.reported:.0f} % on "
            f"{TEST_ROWS:,} test {rows}. Train is every row of last quarter, as the world sends them."
        ),
        exhibits=(
            Rows(
                name=PARTS,
                columns=("part", "cases", "others"),
                rows=(
                    ("train", world.cases, world.rows - world.cases),
                    ("test", world.found + world.missed, world.alarms + world.quiet),
                ),
            ),
            Rows(
                name=CALLS,
                columns=("test rows", "called", "not called"),
                rows=(("cases", world.found, world.missed), ("others", world.alarms, world.quiet)),
            ),
        ),
        asked=(
            number(
                "base",
                f"What share of the world's {rows} are cases?",
                10,
                "percent",
                value=100 * world.base,
                absolute=0.2,
                because=told,
            ),
            number(
                "in_use",
                f"Which precision is to be expected on the {rows} of the world?",
                30,
                "percent",
                value=100 * world.in_use,
                absolute=1.0,
                because=told,
            ),
            number(
                "alarms",
                f"How many of 1,000 {rows} of the world will be called?",
                20,
                rows,
                value=alarms,
                relative=0.06,
                because=f"Recall × share + alarm rate × the rest: {alarms:.0f} of 1,000.",
            ),
            choice(scene.rng, "verdict", "May the reported precision be expected?", 30, credit, because=told),
            first(scene.rng, 10, (DRAWN, *IDLE), "Who draws the rows sets the precision."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"Of 1,000 {rows} {alarms:.0f} are called, {alarms * (1 - world.in_use):.0f} of them for nothing; the "
                f"report lets expect {alarms * (1 - world.reported):.0f}."
            ),
            page="SPL007",
        ),
        world={"label_shift": _shift(world)},
    )


def _points(rng: np.random.Generator, world: Calls, planted: bool) -> tuple[Point, ...]:
    share = Point(
        name="the share of cases",
        says=f"Test has {'not ' if planted else ''}the same share of cases as the world.",
        anchors=(
            ("share of cases", "prevalence", "base rate", "balance*", "share of positives", "proportion"),
            ("same", "like", "equal*", "match*", "as the world", "representative"),
        ),
        denied=planted,
        probe=probe(
            rng,
            "Has test the world's share of cases?",
            *(("no", "yes") if planted else ("yes", "no")),
            "it cannot be known",
        ),
    )
    in_use = Point(
        name="the precision in use",
        says=f"In use the precision is {100 * world.in_use:.0f} %.",
        anchors=(("precision",), ("use", "world", "expect*", "production", "real*", "recomput*", "prevalence")),
        number=Said(value=world.in_use, tolerance=0.015),
        probe=probe(
            rng,
            "What stays when the share of cases changes?",
            "recall and the rate of false alarms",
            "precision",
            "accuracy",
        ),
    )
    return share, in_use


def _shift(world: Calls) -> LabelShift:
    train, test = (world.rows - world.cases, world.cases), (world.alarms + world.quiet, world.found + world.missed)
    shares = tuple(
        TwoShares(train_hits=before, train_n=world.rows, test_hits=after, test_n=sum(test))
        for before, after in zip(train, test, strict=True)
    )
    return LabelShift(
        name="case",
        kind=LabelKind.BINARY,
        classes=("0", "1"),
        shares=shares,
        train_counts=np.array(train),
        test_counts=np.array(test),
        means=None,
        spread=None,
    )


def _read(shown: Shown) -> Calls:
    parts, calls = table(shown, PARTS), table(shown, CALLS)
    cases, others = (int(numbers(parts, name)[0]) for name in ("cases", "others"))
    (found, alarms), (missed, quiet) = ([int(n) for n in numbers(calls, name)] for name in ("called", "not called"))
    return Calls(rows=cases + others, cases=cases, found=found, missed=missed, alarms=alarms, quiet=quiet)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "base": 100 * read.base,
        "in_use": 100 * read.in_use,
        "alarms": 1000 * (read.recall * read.base + read.rate * (1 - read.base)),
        "verdict": option(shown, "verdict", BALANCED if read.is_off else ALIKE),
        "first": option(shown, "first", DRAWN),
    }


def _believing(shown: Shown) -> Answers:
    read = _read(shown)
    called = 1000 * (read.found + read.alarms) / TEST_ROWS
    verdict = option(shown, "verdict", ALIKE)
    return {
        **_solve(shown),
        "base": 100 * read.share,
        "in_use": 100 * read.reported,
        "alarms": called,
        "verdict": verdict,
    }


KIND = Kind(
    family=Family.SPLITS,
    name="test-balanced-by-hand",
    title="A precision on a test set",
    fault="The test set was balanced by hand, and its precision is read as that of the world.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="precision is a property of the model",
            answers=_believing,
            loses=("base", "in_use", "alarms", "verdict"),
        ),
        Mutant(
            mistake="a test set is never as the world is",
            answers=lambda shown: {**_solve(shown), "verdict": option(shown, "verdict", BALANCED)},
            on_clean=("verdict",),
        ),
    ),
    check="SPL007",
)
