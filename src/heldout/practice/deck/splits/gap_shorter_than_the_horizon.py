"""A test that begins before the labels of the last train rows were known."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from heldout.core.split_evidence import LabelGap
from heldout.practice.deck.asked import choice, drill, first, number, pick
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import lines, numbers, table, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE, CONFIG = "last days of train", "split"
HORIZONS = (7, 14, 21)
TEST_DAYS, TEST_A_DAY = 60, 50
KEPT = {Difficulty.EASY: (0.0, 0.3), Difficulty.MIDDLE: (0.3, 0.6), Difficulty.HARD: (0.6, 0.9)}
"""Share of the gap needed that the planted split keeps."""
OPEN = "Train holds rows whose labels were not known when test begins: they look into test's time"
CLOSED = "Every label of train was known, and the embargo over, when test begins: the gap is long enough"
OTHERS = (
    "A gap loses rows for nothing: train may end where test begins, as no row is in both of the two",
    "Test is too near to train to hold a season",
)
KNOWN = "How long after a row is its label known?"
IDLE = ("How many folds are there?", "Can test begin on a Monday, as weeks begin?")
WAYS = {Difficulty.EASY: "{0} days", Difficulty.MIDDLE: "{1} weeks", Difficulty.HARD: "{2} hours"}
PRODUCTS = (
    ("whether a member leaves", "members", "leaves within"),
    ("whether a loan falls behind", "loans", "falls behind within"),
    ("whether a pump fails", "pumps", "fails within"),
    ("whether a parcel comes back", "parcels", "comes back within"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """When train ends and test begins, how long labels and embargo take in days, and the rows of train's last days."""

    train_until: date
    test_from: date
    horizon: int
    embargo: int
    days: tuple[date, ...]
    rows: tuple[int, ...]

    @property
    def gap(self) -> int:
        """Days from the last train row to the first test row."""
        return (self.test_from - self.train_until).days

    @property
    def missing(self) -> int:
        """Days by which the gap is too short."""
        return max(self.horizon + self.embargo - self.gap, 0)

    @property
    def open_days(self) -> tuple[int, ...]:
        """The days, from 1, whose labels were not known, or still under embargo, when test begins."""
        wait = timedelta(days=self.horizon + self.embargo)
        return tuple(i for i, day in enumerate(self.days, 1) if day + wait > self.test_from)

    @property
    def open_rows(self) -> int:
        """The rows of those days."""
        return sum(self.rows[i - 1] for i in self.open_days)


def _world(rng: np.random.Generator, horizon: int, embargo: int, at: Difficulty, planted: bool) -> Split:
    needed = horizon + embargo
    gap = int(needed * rng.uniform(*KEPT[at])) if planted else needed + int(rng.integers(0, 3))
    until = date(2023, 1, 1) + timedelta(days=int(rng.integers(0, 600)))
    days = tuple(until - timedelta(days=i) for i in range(horizon + embargo + 4, -1, -1))
    rows = tuple(int(n) for n in rng.integers(30, 90, len(days)))
    begin = until + timedelta(days=max(gap, 1))
    return Split(train_until=until, test_from=begin, horizon=horizon, embargo=embargo, days=days, rows=rows)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("gap-shorter-than-the-horizon", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, rows, label = scene.product
    horizon = HORIZONS[int(scene.rng.integers(len(HORIZONS)))]
    embargo = 0 if difficulty is Difficulty.EASY else int(scene.rng.integers(1, 4))
    world = _world(rng, horizon, embargo, difficulty, planted)
    told = (
        f"Test begins {world.gap} days after train ends, and labels with the embargo take {horizon} + {embargo} days: "
        f"{world.missing} are missing, and {world.open_rows} train rows were open."
    )
    credit = {OPEN: planted, CLOSED: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"{scene.company} predicts {what}, day by day. Train ends before test begins, says its engineer, and "
            f"shows the split's file and the number of {rows} on the last days of train."
        ),
        exhibits=(
            Lines(name=CONFIG, text=_config(world, label, WAYS[difficulty]), language="yaml"),
            Rows(
                name=TABLE,
                columns=("day", rows),
                rows=tuple((day.isoformat(), n) for day, n in zip(world.days, world.rows, strict=True)),
            ),
        ),
        asked=(
            number(
                "missing",
                "By how many days is the gap too short? 0 where it is long enough.",
                25,
                "days",
                value=world.missing,
                because=told,
            ),
            pick(
                "open",
                "Pick the days of train whose labels, with the embargo, were not settled when test begins; "
                "none is an answer.",
                25,
                TABLE,
                world.open_days,
                because="Day + horizon + embargo lies after the first test day.",
            ),
            number("rows", "How many train rows is that?", 15, "rows", value=world.open_rows, because=told),
            choice(scene.rng, "verdict", "What is to be said of the gap?", 25, credit, because=told),
            first(scene.rng, 10, (KNOWN, *IDLE), "The horizon decides the gap."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=f"On the first test day nobody could have trained on {world.open_rows} of these {rows}.",
            page="SPL004",
        ),
        world={"label_gap": _gap(world)},
    )


def _config(world: Split, label: str, way: str) -> str:
    took = way.format(world.horizon, world.horizon // 7, world.horizon * 24)
    return (
        f"train_until: {world.train_until}  # the last day with train rows\n"
        f"test_from: {world.test_from}\n"
        f"label: {label} {took}\n"
        f"embargo: {world.embargo} days  # on top, until late bookings are in\n"
    )


def _points(rng: np.random.Generator, world: Split, planted: bool) -> tuple[Point, ...]:
    known = Point(
        name="labels known in time",
        says=f"The labels of the last train rows were {'not ' if planted else ''}known when test begins.",
        anchors=(("label*", "outcome*"), ("known", "settled", "closed", "complete", "final")),
        denied=planted,
        probe=probe(
            rng,
            "Were all labels of train settled when test begins?",
            *(("no", "yes") if planted else ("yes", "no")),
            "only those of the last day",
        ),
    )
    needed = Point(
        name="the gap that is needed",
        says=f"The gap has to be {world.horizon + world.embargo} days.",
        anchors=(("gap", "wait*", "between", "after train", "need*", "purge*"),),
        number=Said(value=float(world.horizon + world.embargo), tolerance=0.5),
        probe=probe(rng, "How long has the gap to be?", "horizon and embargo", "the horizon's half", "one day"),
    )
    return known, needed


def _gap(world: Split) -> LabelGap:
    inside = max(world.horizon - world.gap, 0)
    return LabelGap(
        column="day",
        horizon=f"{world.horizon}d",
        embargo=f"{world.embargo}d" if world.embargo else "",
        gap=f"{world.gap}d",
        needed=f"{world.horizon + world.embargo}d",
        test_rows=TEST_DAYS * TEST_A_DAY,
        not_after=0,
        inside=inside * TEST_A_DAY,
        embargoed=(world.missing - inside) * TEST_A_DAY,
        train_rows=20 * sum(world.rows),
        unknown=world.open_rows,
    )


def _read(shown: Shown) -> Split:
    said = dict(line.split("  #")[0].split(": ") for line in lines(shown, CONFIG))
    *_, number, unit = said["label"].split()
    rows = table(shown, TABLE)
    return Split(
        train_until=date.fromisoformat(said["train_until"]),
        test_from=date.fromisoformat(said["test_from"]),
        horizon={"days": 24, "weeks": 168, "hours": 1}[unit] * int(number) // 24,
        embargo=int(said["embargo"].split()[0]),
        days=tuple(date.fromisoformat(day) for day in texts(rows, "day")),
        rows=tuple(int(n) for n in numbers(rows, rows.columns[1])),
    )


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "missing": read.missing,
        "open": read.open_days,
        "rows": read.open_rows,
        "verdict": option(shown, "verdict", OPEN if read.missing else CLOSED),
        "first": option(shown, "first", KNOWN),
    }


def _any_gap(shown: Shown) -> Answers:
    return {**_solve(shown), "missing": 0, "open": (), "rows": 0, "verdict": option(shown, "verdict", CLOSED)}


def _no_gap(shown: Shown) -> Answers:
    read = _read(shown)
    last = tuple(range(len(read.days) - read.horizon + 1, len(read.days) + 1))
    return {**_solve(shown), "missing": read.horizon, "open": last, "verdict": option(shown, "verdict", OPEN)}


KIND = Kind(
    family=Family.SPLITS,
    name="gap-shorter-than-the-horizon",
    title="The days between train and test",
    fault="Test begins before the labels of the last train rows are known.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="train ends before test, so nothing is shared",
            answers=_any_gap,
            loses=("missing", "open", "rows", "verdict"),
        ),
        Mutant(
            mistake="the last labels are always open, whatever the gap",
            answers=_no_gap,
            on_clean=("missing", "open", "verdict"),
        ),
    ),
    check="SPL004",
)
