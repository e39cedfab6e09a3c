"""Rows in order of time that were split at random: test rows lie between those of train."""

from dataclasses import dataclass

import numpy as np

from heldout.core.evidence import TimeOrder
from heldout.practice.deck.asked import choice, drill, first, number, order, pick
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE = "rows per month"
MONTHS = {Difficulty.EASY: 10, Difficulty.MIDDLE: 16, Difficulty.HARD: 24}
HELD = 3
"""Months at the end that are test's."""
MIXED = "Test rows lie before train ends: the model has seen what came after them, as it never will"
FORWARD = "All test rows come after the last train row: the split is as the model will be used"
OTHERS = (
    "The test months are too few to hold any season",
    "The months differ in size, so the score has no meaning",
)
WHEN = "At which moment is the model asked, and what is known by then?"
IDLE = ("Which share of the rows is test, and is it large enough for all of it?", "Is the seed of the split fixed?")
STEPS = (
    "Sort the rows by the moment at which the model is asked",
    "Choose the day on which train ends",
    "Leave a gap in which the last labels become known",
    "Score the rows after the gap, once",
)
PRODUCTS = (
    ("hourly electricity prices", "prices"),
    ("delays of its ferries", "crossings"),
    ("churn of its subscribers", "subscribers"),
    ("footfall in its shops", "shop days"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Rows of train and test per month, in order."""

    train: tuple[int, ...]
    test: tuple[int, ...]

    @property
    def last_train(self) -> int:
        """The place of the last month that holds train rows."""
        return max(i for i, rows in enumerate(self.train) if rows)

    @property
    def early(self) -> tuple[int, ...]:
        """The months, from 1, whose test rows are not after the last month of train."""
        return tuple(i for i, rows in enumerate(self.test, 1) if rows and i - 1 <= self.last_train)

    @property
    def share(self) -> float:
        """Share of the test rows that are early, in percent."""
        return 100 * sum(self.test[i - 1] for i in self.early) / sum(self.test)


def _world(rng: np.random.Generator, at: Difficulty, planted: bool) -> Months:
    months = MONTHS[at]
    rows = rng.integers(700, 1300, months)
    test = np.where(np.arange(months) >= months - HELD, rows, 0)
    if planted and at is Difficulty.EASY:
        test = np.round(rows * rng.uniform(0.15, 0.25, months)).astype(int)
    elif planted and at is Difficulty.MIDDLE:  # whole months that were drawn; train keeps the last one
        drawn = rng.permutation(months - HELD - 1)[:3]
        test[drawn] = rows[drawn]
    elif planted:  # late rows that were booked into train
        place = months - HELD + int(rng.integers(1, HELD))
        test[place] = rows[place] - int(rng.integers(20, 60))
    train = rows - test
    return Months(train=tuple(map(int, train)), test=tuple(map(int, test)))


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("test-rows-before-train-ends", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, rows = scene.product
    world = _world(rng, difficulty, planted)
    year = int(scene.rng.integers(2019, 2024))
    names = [f"{year + i // 12}-{i % 12 + 1:02d}" for i in range(len(world.train))]
    told = f"Train reaches into {names[world.last_train]}; {world.share:.1f} % of the test rows are not later."
    credit = {MIXED: planted, FORWARD: not planted} | dict.fromkeys(OTHERS, False)
    early = sum(world.test[i - 1] for i in world.early)
    return drill(
        situation=(
            f"{scene.company} predicts {what} for the month to come. It shows the rows of train and test per "
            f"month and says that the test rows were held out with care."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("month", "train", "test"),
                rows=tuple(zip(names, world.train, world.test, strict=True)),
            ),
        ),
        asked=(
            pick(
                "early",
                "Pick the months that hold test rows and are not after the last month of train; none is an answer.",
                30,
                TABLE,
                world.early,
                because=told,
            ),
            number(
                "share",
                "What share of the test rows lies in such months?",
                20,
                "percent",
                value=world.share,
                absolute=0.6,
                because=told,
            ),
            choice(scene.rng, "verdict", "What is to be said of the split?", 25, credit, because=told),
            order(
                scene.rng,
                "fix",
                "Order the steps of a split forward in time.",
                15,
                STEPS,
                because="The moment asked comes first.",
            ),
            first(scene.rng, 10, (WHEN, *IDLE), "The use decides how rows are split."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=f"{early:,} of {sum(world.test):,} test {rows} were scored by a model that had seen later ones.",
            page="SPL001",
        ),
        world={"time_order": _order(world, names)},
    )


def _points(rng: np.random.Generator, world: Months, planted: bool) -> tuple[Point, ...]:
    after = Point(
        name="test after train",
        says=f"Test rows are {'not ' if planted else ''}all after the last train row.",
        anchors=(("test",), ("after", "later than", "forward", "follow*")),
        denied=planted,
        probe=probe(
            rng,
            "Are all test rows after the last train row?",
            *(("no", "yes") if planted else ("yes", "no")),
            "only within a month",
        ),
    )
    share = Point(
        name="share of early rows",
        says=f"{world.share:.1f} % of the test rows are early, up to the end of train.",
        anchors=(("test",), ("early", "before", "between", "overlap*", "up to", "within train")),
        number=Said(value=world.share / 100, tolerance=0.01),
        probe=probe(rng, "A test row is early when it lies ...", "up to the last train row", "in the first year"),
    )
    return after, share


def _order(world: Months, names: list[str]) -> TimeOrder:
    tested = [i for i, rows in enumerate(world.test) if rows]
    return TimeOrder(
        column="month",
        train_first=names[0],
        train_last=names[world.last_train],
        test_first=names[tested[0]],
        test_last=names[tested[-1]],
        test_rows=sum(world.test),
        not_after=sum(world.test[i - 1] for i in world.early),
    )


def _read(shown: Shown) -> Months:
    rows = table(shown, TABLE)
    train, test = (tuple(int(n) for n in numbers(rows, name)) for name in ("train", "test"))
    return Months(train=train, test=test)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "early": read.early,
        "share": read.share,
        "verdict": option(shown, "verdict", MIXED if read.early else FORWARD),
        "fix": ranked(shown, "fix", STEPS),
        "first": option(shown, "first", WHEN),
    }


def _held_out(shown: Shown) -> Answers:
    return {**_solve(shown), "early": (), "share": 0.0, "verdict": option(shown, "verdict", FORWARD)}


def _neighbouring(shown: Shown) -> Answers:
    first = next(i for i, rows in enumerate(_read(shown).test, 1) if rows)
    return {**_solve(shown), "early": (first,), "verdict": option(shown, "verdict", MIXED)}


KIND = Kind(
    family=Family.SPLITS,
    name="test-rows-before-train-ends",
    title="Rows per month",
    fault="Test rows lie before the last train row, in a world that is used forward in time.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(mistake="rows held out are held out", answers=_held_out, loses=("early", "share", "verdict")),
        Mutant(
            mistake="a test month next to train is too close",
            answers=_neighbouring,
            on_clean=("early", "verdict"),
        ),
    ),
    check="SPL001",
)
