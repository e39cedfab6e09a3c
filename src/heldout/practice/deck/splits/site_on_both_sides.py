"""Sites whose rows mostly share their label, in train and in test, and a model that is for new sites."""

from dataclasses import dataclass

import numpy as np

from heldout.core.profile import LabelKind
from heldout.core.split_evidence import SharedPlace, SharedPlaces
from heldout.practice.deck.asked import choice, drill, first, number, pick
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

TABLE = "rows by site"
COLUMNS = ("train rows", "train cases", "test rows", "test cases")
SITES = {Difficulty.EASY: 14, Difficulty.MIDDLE: 20, Difficulty.HARD: 28}
FRESH = {Difficulty.EASY: 1, Difficulty.MIDDLE: 2, Difficulty.HARD: 3}
"""Sites of test that train has not."""
RATES = {Difficulty.EASY: (0.04, 0.96), Difficulty.MIDDLE: (0.08, 0.88), Difficulty.HARD: (0.12, 0.82)}
"""Shares of cases that sites have in the planted world."""
GATE = 10.0
"""Points by which knowing the site beats knowing nothing, from which the site tells the label."""
TELLS = "The site tells the label, and the same sites are in train and in test: split by site"
MUTE = "The sites are on both sides, and tell hardly anything of the label: the split may stay"
OTHERS = (
    "The sites are of different sizes, so their rows cannot be pooled before each has the same weight",
    "Sites without train rows must be dropped",
)
NEW = "Is the model for these sites, or for new ones?"
IDLE = ("Which site is the largest?", "Could the site become a feature, as it tells much?")
PRODUCTS = (
    ("infections", "hospital", "stays"),
    ("stock-outs", "shop", "article weeks"),
    ("faulty welds", "plant", "welds"),
    ("truancy", "school", "pupil weeks"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """Rows and cases of each site in train and in test."""

    train: tuple[int, ...]
    train_cases: tuple[int, ...]
    test: tuple[int, ...]
    test_cases: tuple[int, ...]

    @property
    def fresh(self) -> tuple[int, ...]:
        """The sites, from 1, that are in test and not in train."""
        return tuple(i for i, (a, b) in enumerate(zip(self.train, self.test, strict=True), 1) if b and not a)

    @property
    def base(self) -> bool:
        """Whether cases are the commoner class of train."""
        return 2 * sum(self.train_cases) > sum(self.train)

    def right(self, knows: bool) -> float:
        """Percent of test rows on which the commoner class of train is right: that of the row's site, or of all."""
        hits = 0
        for a, a_cases, b, b_cases in zip(self.train, self.train_cases, self.test, self.test_cases, strict=True):
            says_case = 2 * a_cases > a if knows and a else self.base
            hits += b_cases if says_case else b - b_cases
        return 100 * hits / sum(self.test)

    @property
    def gain(self) -> float:
        """Points that knowing the site adds."""
        return self.right(knows=True) - self.right(knows=False)


def _world(rng: np.random.Generator, at: Difficulty, planted: bool) -> Sites:
    sites = SITES[at]
    low, high = RATES[at] if planted else (0.36, 0.46)
    rates = rng.permutation(np.where(np.arange(sites) < 0.55 * sites, low, high)) + rng.uniform(-0.03, 0.03, sites)
    train, test = rng.integers(60, 140, sites), rng.integers(15, 40, sites)
    train[rng.permutation(sites)[: FRESH[at]]] = 0
    cases = np.round(train * rates).astype(int), np.round(test * rates).astype(int)
    columns = (train, cases[0], test, cases[1])
    a, b, c, d = (tuple(int(n) for n in column) for column in columns)
    return Sites(train=a, train_cases=b, test=c, test_cases=d)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("site-on-both-sides", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, site, rows = scene.product
    world = _world(rng, difficulty, planted)
    told = (
        f"On test the commoner class of train is right on {world.right(knows=False):.1f} %, and that of the row's own "
        f"{site} on {world.right(knows=True):.1f} %."
    )
    credit = {TELLS: planted, MUTE: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"{scene.company} predicts {what} for the {site}s that it serves, and will sell the model to {site}s "
            f"that it does not know. Rows were split at random; these are its {rows} by {site}."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("site", *COLUMNS),
                rows=tuple(
                    (f"{site} {i}", *row)
                    for i, row in enumerate(
                        zip(world.train, world.train_cases, world.test, world.test_cases, strict=True), 1
                    )
                ),
            ),
        ),
        asked=(
            number(
                "rule",
                "On what share of test is the rule right that answers the commoner train class of the row's "
                f"{site}, and that of all train rows where the {site} is new?",
                30,
                "percent",
                value=world.right(knows=True),
                absolute=1.5,
                because=told,
            ),
            number(
                "constant",
                "And the rule that answers the commoner class of all train rows?",
                15,
                "percent",
                value=world.right(knows=False),
                absolute=1.0,
                because=told,
            ),
            pick(
                "fresh",
                f"Pick the {site}s whose test rows can say what the model does at a new one.",
                20,
                TABLE,
                world.fresh,
                because="They have no train rows.",
            ),
            choice(scene.rng, "verdict", "What is to be said of the split?", 25, credit, because=told),
            first(scene.rng, 10, (NEW, *IDLE), "The use decides what is split."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=f"{max(world.gain, 0):.0f} points of the score on test are what a new {site} will not give.",
            page="SPL013",
        ),
        world={"shared_places": _places(world)},
    )


def _points(rng: np.random.Generator, world: Sites, planted: bool) -> tuple[Point, ...]:
    tells = Point(
        name="the site tells the label",
        says=f"The site {'tells' if planted else 'does not tell'} the label.",
        anchors=(
            ("site*", "hospital*", "shop*", "plant*", "school*"),
            ("tell*", "know*", "predict*", "share*", "giv*", "go with", "correlat*"),
        ),
        denied=not planted,
        probe=probe(
            rng,
            "Does knowing the site help on test?",
            *(("yes, by far", "hardly") if planted else ("hardly", "yes, by far")),
            "it cannot be told",
        ),
    )
    rule = Point(
        name="what the site alone reaches",
        says=f"The site's own commoner class is right on {world.right(knows=True):.0f} % of test.",
        anchors=(("site*", "hospital*", "shop*", "plant*", "school*", "rule", "commoner class", "majority"),),
        number=Said(value=world.right(knows=True) / 100, tolerance=0.02),
        probe=probe(rng, "Which split holds for new sites?", "whole sites", "rows at random", "rows by label"),
    )
    return tells, rule


def _places(world: Sites) -> SharedPlaces:
    codes = np.repeat(np.arange(len(world.train)), world.train)
    place = np.concatenate([np.arange(n) for n in world.train])
    shared = sum(n for i, n in enumerate(world.test, 1) if i not in world.fresh)
    found = SharedPlace(
        column="site",
        groups=len(world.train),
        codes=codes,
        label=(place < np.repeat(world.train_cases, world.train)).astype(np.float64),
        test_codes=np.repeat(np.arange(len(world.test)), world.test),
        test_rows=sum(world.test),
        shared_rows=shared,
    )
    return SharedPlaces(places=(found,), kind=LabelKind.BINARY, has_test=True)


def _read(shown: Shown) -> Sites:
    columns = (tuple(int(n) for n in numbers(table(shown, TABLE), name)) for name in COLUMNS)
    train, train_cases, test, test_cases = columns
    return Sites(train=train, train_cases=train_cases, test=test, test_cases=test_cases)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "rule": read.right(knows=True),
        "constant": read.right(knows=False),
        "fresh": read.fresh,
        "verdict": option(shown, "verdict", TELLS if read.gain > GATE else MUTE),
        "first": option(shown, "first", NEW),
    }


def _pooling(shown: Shown) -> Answers:
    read = _read(shown)
    every = tuple(range(1, len(read.test) + 1))
    verdict = option(shown, "verdict", MUTE)
    return {**_solve(shown), "rule": read.right(knows=False), "fresh": every, "verdict": verdict}


KIND = Kind(
    family=Family.SPLITS,
    name="site-on-both-sides",
    title="Rows by site",
    fault="Sites that tell the label are in train and in test, and the model is for new ones.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="rows drawn at random speak for every site",
            answers=_pooling,
            loses=("rule", "fresh", "verdict"),
            on_clean=("fresh",),
        ),
        Mutant(
            mistake="a site on both sides always tells the label",
            answers=lambda shown: {**_solve(shown), "verdict": option(shown, "verdict", TELLS)},
            on_clean=("verdict",),
        ),
    ),
    check="SPL013",
)
