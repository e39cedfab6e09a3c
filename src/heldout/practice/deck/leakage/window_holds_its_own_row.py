"""A moving mean that ends with, or is centred on, the row whose value is to be predicted."""

import numpy as np
from numpy.typing import NDArray

from heldout.faults.leakage.time import Dated
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

TABLE = "days"
ROWS = 600
SHOWN_DAYS = {Difficulty.EASY: 12, Difficulty.MIDDLE: 16, Difficulty.HARD: 22}
WIDTHS = {Difficulty.EASY: (3,), Difficulty.MIDDLE: (3, 5), Difficulty.HARD: (3, 5, 7)}
NOISE = {Difficulty.EASY: 12.0, Difficulty.MIDDLE: 7.0, Difficulty.HARD: 4.0}
"""How much a day differs from the day before."""
APART = 0.1
"""By how much the shown mean of the day asked about differs from the one that is allowed, where it does."""
HOLDS = "The mean holds the day's own value: it can only be computed when the answer is known"
BEFORE = "The mean ends with the day before: it is known when the question is asked"
OTHERS = (
    "A mean over so few days is noise, and may be dropped",
    "The mean lags behind, so it has to be shifted back until its turns are those of the series",
)
LAST = "Which is the last day that went into the mean of a row?"
IDLE = ("Would the median be steadier?", "How is the mean rounded?")
SHIFT = "Shift the series by a day, then take the mean"
WEAK = (
    "Take the mean over more days, so that one counts less",
    "Centre the mean on the day",
    "Shift the mean back by a day",
)
PRODUCTS = (
    ("tomorrow's parcels at its depot", "parcels"),
    ("the heat that a district needs", "MWh"),
    ("the calls at its help desk", "calls"),
    ("the meals that its canteen serves", "meals"),
)

Floats = NDArray[np.float64]


def _window(day: int, width: int, end: int) -> range:
    """Return the days of a window of `width` that ends `end` days after the day."""
    return range(day + end - width + 1, day + end + 1)


def _mean(values: Floats, width: int, end: int) -> Floats:
    """Return the mean of each day's window, NaN where it is not full; two digits."""
    found = np.full(len(values), np.nan)
    for day in range(len(values)):
        window = _window(day, width, end)
        if window[0] >= 0 and window[-1] < len(values):
            found[day] = values[window[0] : window[-1] + 1].mean()
    return np.round(found, 2)


def _series(rng: np.random.Generator, at: Difficulty) -> Floats:
    level = 200 + np.cumsum(rng.normal(0, NOISE[at] / 2, ROWS))
    return np.round(level + rng.normal(0, NOISE[at], ROWS))


def _last_days(values: Floats, shown_mean: Floats, width: int) -> int:
    """Return how many days after the row the window ends that makes the shown means: -1 is the day before."""
    ends = [-1, 0, *([width // 2] if width % 2 else [])]
    errors = [float(np.nanmean(np.abs(_mean(values, width, end) - shown_mean))) for end in ends]
    return ends[int(np.argmin(errors))]


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("window-holds-its-own-row", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, unit = scene.product
    width = int(scene.rng.choice(WIDTHS[difficulty]))
    centred = difficulty is Difficulty.EASY
    end = -1 if not planted else width // 2 if centred else 0
    values = _series(rng, difficulty)
    means, honest = _mean(values, width, end), _mean(values, width, -1)
    n = SHOWN_DAYS[difficulty]
    asked = int(scene.rng.integers(width + 2, n - 3))
    starts = (int(start) for start in rng.permutation(np.arange(10, ROWS - n - 10)))
    start = next(s for s in starts if not planted or abs(means[s + asked - 1] - honest[s + asked - 1]) > APART)
    at = start + asked - 1
    rows = tuple((i + 1, int(values[start + i]), float(means[start + i])) for i in range(n))
    days = tuple(day - start + 1 for day in _window(at, width, end))
    told = (
        f"The mean of day {asked} is made of days {days[0]} to {days[-1]}: {means[at]:.2f}; of the {width} before it "
        f"would be {honest[at]:.2f}."
    )
    credit = {HOLDS: planted, BEFORE: not planted} | dict.fromkeys(OTHERS, False)
    fixes = {SHIFT: 1.0} | dict.fromkeys(WEAK, 0.0)
    return drill(
        situation=(
            f"{scene.company} predicts {what}, each evening for the next day. The strongest feature of a day is "
            f"mean_{width}, a moving mean over {width} days. Some days of the table, in their order:"
        ),
        exhibits=(Rows(name=TABLE, columns=("day", unit, f"mean_{width}"), rows=rows),),
        asked=(
            pick(
                "days",
                f"Pick the days whose values make the shown mean_{width} of day {asked}.",
                30,
                TABLE,
                days,
                because=told,
            ),
            number(
                "allowed",
                f"Which mean_{width} may day {asked} be given, the day before being the last that is known?",
                30,
                unit,
                value=float(honest[at]),
                absolute=0.02,
                because=told,
            ),
            choice(scene.rng, "verdict", f"What is to be said of mean_{width}?", 20, credit, because=told),
            choice(
                scene.rng,
                "fix",
                "How is such a feature made?",
                10,
                fixes,
                because="First what is known, then its mean.",
            ),
            first(scene.rng, 10, (LAST, *IDLE), "The end of the window decides."),
        ),
        points=_points(scene.rng, float(honest[at]), asked, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"In the evening the value of day {asked} is not there, and mean_{width} cannot be computed as it was."
                if planted
                else "None: every day of the window is over when the question is asked."
            ),
            page="LEK010",
        ),
        world={"neighbours": _dated(rng, values, means, width)},
    )


def _points(rng: np.random.Generator, honest: float, asked: int, planted: bool) -> tuple[Point, ...]:
    own = Point(
        name="the day's own value",
        says=f"The day's own value is {'' if planted else 'not '}in the mean.",
        anchors=(
            ("own", "itself", "same day", "the answer", "future", "label"),
            ("mean", "window", "average", "feature"),
        ),
        denied=not planted,
        probe=probe(
            rng, "Is the day's own value in its mean?", *(("yes", "no") if planted else ("no", "yes")), "on Mondays"
        ),
    )
    allowed = Point(
        name="the mean that is known",
        says=f"Day {asked} may be given {honest:.2f}, the mean of the days before.",
        anchors=(("before", "known", "previous", "past", "earlier", "shift*"),),
        number=Said(value=honest, tolerance=0.3),
        probe=probe(rng, "With which day may the window end?", "the day before", "the day itself", "the day after"),
    )
    return own, allowed


def _dated(rng: np.random.Generator, values: Floats, means: Floats, width: int) -> Dated:
    order = rng.permutation(ROWS)
    days = np.datetime64("2022-01-01", "us") + np.arange(ROWS).astype("m8[D]")
    columns = {
        "day": days[order],
        f"mean_{width}": means[order],
        "rain": np.round(rng.gamma(1, 2, ROWS), 1),
        "amount": values[order],
    }
    return Dated(columns=columns, target="amount", time="day")


def _read(shown: Shown) -> tuple[Floats, Floats, int, int]:
    """Return the values, their means, the width and the day that is asked about, from 1."""
    rows = table(shown, TABLE)
    ask = next(one.ask for one in shown.questions if one.name == "days")
    values, means = (np.array(numbers(rows, name)) for name in rows.columns[1:])
    return values, means, int(rows.columns[2].split("_")[1]), int(ask.rsplit(" ", 1)[1].rstrip("."))


def _solve(shown: Shown) -> Answers:
    values, means, width, asked = _read(shown)
    end = _last_days(values, means, width)
    return {
        "days": tuple(day + 1 for day in _window(asked - 1, width, end)),
        "allowed": float(_mean(values, width, -1)[asked - 1]),
        "verdict": option(shown, "verdict", BEFORE if end < 0 else HOLDS),
        "fix": option(shown, "fix", SHIFT),
        "first": option(shown, "first", LAST),
    }


def _by_name(shown: Shown) -> Answers:
    _, means, width, asked = _read(shown)
    days, verdict = tuple(range(asked - width, asked)), option(shown, "verdict", BEFORE)
    return {**_solve(shown), "days": days, "allowed": float(means[asked - 1]), "verdict": verdict}


def _always_own(shown: Shown) -> Answers:
    _, _, width, asked = _read(shown)
    days, verdict = tuple(range(asked - width + 1, asked + 1)), option(shown, "verdict", HOLDS)
    return {**_solve(shown), "days": days, "verdict": verdict, "fix": option(shown, "fix", WEAK[2])}


KIND = Kind(
    family=Family.LEAKAGE,
    name="window-holds-its-own-row",
    title="A moving mean",
    fault="A moving mean holds the value that is to be predicted.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(mistake="a moving mean is of the past", answers=_by_name, loses=("days", "allowed", "verdict")),
        Mutant(
            mistake="a moving mean always holds its own row",
            answers=_always_own,
            loses=("fix",),
            on_clean=("days", "verdict", "fix"),
        ),
    ),
    check="LEK010",
)
