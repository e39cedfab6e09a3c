"""Rows of few customers counted as independent: the interval is too narrow, and one customer may carry the lift."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, first, number, pick
from heldout.practice.deck.companies import model_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import ends, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import paired_mean_test, ratio_estimate

__all__ = ["KIND"]

NAME = "rows-of-one-customer-as-independent"
CUSTOMERS = {Difficulty.EASY: 14, Difficulty.MIDDLE: 22, Difficulty.HARD: 32}
CARRIERS = {Difficulty.EASY: 1, Difficulty.MIDDLE: 1, Difficulty.HARD: 2}
TABLE = "answers by customer"
QUARTER = 0.25
VERDICTS = Verdicts(
    fault="With customers as the unit the interval holds 0: a lift for new customers is not supported",
    clean="With customers as the unit the interval stays above 0: the lift holds for new customers",
    others=(
        "The rows are many, so that the customers from whom they come do not matter for the interval",
        "Nothing can be said of customers, as they differ so much in how many rows each of them has",
    ),
)
FIRST = (
    "Is the model meant for the customers of this table, or for new ones?",
    "Can more rows be scored of the customers that have the most rows already?",
    "Has the customer with the largest gain asked for the new version?",
    "Are the differences of the rows normally distributed, as the interval assumes?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Per customer: rows, and rows right only with the old model and only with the new one."""

    rows: NDArray[np.int64]
    old: NDArray[np.int64]
    new: NDArray[np.int64]

    @property
    def gain(self) -> NDArray[np.int64]:
        return self.new - self.old

    def interval(self, clustered: bool) -> tuple[float, float, float]:
        """Return the lift in points with its 95 % interval, from one difference per row."""
        parts = zip(self.rows, self.old, self.new, strict=True)
        differences = np.concatenate([np.repeat([1.0, -1.0, 0.0], [b, a, n - a - b]) for n, a, b in parts])
        customer = np.repeat(np.arange(len(self.rows)), self.rows)
        found = paired_mean_test(differences, cluster=customer if clustered else None).difference
        low, high = ends(found)
        return 100 * float(differences.mean()), 100 * low, 100 * high


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    count = CUSTOMERS[difficulty]
    rows = rng.integers(30, 90, count)
    carriers = rng.permutation(count)[: CARRIERS[difficulty]]
    rows[carriers] = rng.integers(150, 220, len(carriers))
    up = np.full(count, 0.02 if planted else 0.075)
    if planted:
        up[carriers] = {Difficulty.EASY: 0.4, Difficulty.MIDDLE: 0.35, Difficulty.HARD: 0.22}[difficulty]
    down = np.full(count, 0.03)
    return _World(rows=rows, old=rng.binomial(rows, down), new=rng.binomial(rows, up))


def _decides(world: _World, planted: bool) -> bool:
    shares = world.gain / max(int(world.gain.sum()), 1)
    if world.gain.sum() <= 0 or world.interval(clustered=False)[1] < 0.3 or np.any(np.abs(shares - QUARTER) < 0.04):
        return False
    low = world.interval(clustered=True)[1]
    carried = bool(np.any(shares > QUARTER))
    return (carried and low < -0.2) if planted else (not carried and low > 0.5)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, customers = model_team(rng), sorted(names(rng, CUSTOMERS[difficulty], "customers"))
    world = drawn(seed, difficulty, planted, _draw, _decides)
    lift, row_low, row_high = world.interval(clustered=False)
    _, low, high = world.interval(clustered=True)
    n, share = int(world.rows.sum()), world.gain / world.gain.sum()
    said = (
        f"Over {len(customers)} customers the interval is [{low:.2f}, {high:.2f}] points; rows taken as independent "
        f"gave [{row_low:.2f}, {row_high:.2f}]. The largest customer's part of the net gain is {share.max():.0%}."
    )
    columns = ("customer", "rows", "right with old only", "right with new only")
    parts = zip(customers, world.rows, world.old, world.new, strict=True)
    return drill(
        situation=(
            f"{team.company} compared two versions of its {team.product} on {n:,} {team.items}. The new one is right "
            f"on {lift:.2f} points more, with the interval [{row_low:.2f}, {row_high:.2f}] from {n:,} paired rows, and "
            "is said to be better for any customer who signs up next."
        ),
        exhibits=(
            Rows(name=TABLE, columns=columns, rows=tuple((one, int(a), int(b), int(c)) for one, a, b, c in parts)),
        ),
        asked=(
            VERDICTS.asked(rng, "Is the lift supported for the next customer?", 35, planted, said),
            number(
                "low",
                "Lower end of the 95 % interval of the lift with customers as the unit?",
                30,
                "percentage points",
                value=low,
                absolute=0.12 * (lift - low),
                because=f"By the customers' sums, with t of {len(customers) - 1} degrees of freedom: {low:.2f}.",
            ),
            pick(
                "carriers",
                "Pick the customers that each bring more than a quarter of the net gain (new only minus old only).",
                20,
                TABLE,
                places=places(share > QUARTER),
                because=f"The largest parts of it are {', '.join(f'{one:.0%}' for one in sorted(share)[:-4:-1])}.",
            ),
            first(rng, 15, FIRST, "The unit of the interval is what the claim is generalised over."),
        ),
        points=_points(rng, planted, len(customers)),
        feedback=Feedback(
            evidence=said,
            price=(
                f"A new customer was promised {lift:.1f} points; the customers support {low:.1f} to {high:.1f}."
                if planted
                else f"The lift holds over customers: {low:.1f} points or more."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, customers: int) -> tuple[Point, ...]:
    unit = ("customer*", "cluster*", "correlat*", "not independent", "dependent")
    return (
        verdict_point(
            rng,
            "supported over customers",
            "With customers as the unit, the lift is ...",
            *("above 0", "not told from 0", "the same as by rows"),
            holds=not planted,
            says=(
                "With customers as the unit the lift is supported.",
                "With customers as the unit it is not supported.",
            ),
            anchors=(unit, ("support*", "holds", "significan*", "above 0", "excludes", "established")),
        ),
        number_point(
            rng,
            "number of units",
            "How many independent units bear on the next customer?",
            *(f"{customers}", "as many as rows", "one"),
            says=f"The evidence is of {customers} customers.",
            anchors=(unit,),
            said=Said(value=customers, tolerance=0.5),
        ),
    )


def _read(shown: Shown) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each customer's net gain and rows."""
    seen = table(shown, TABLE)
    return values(seen, "right with new only") - values(seen, "right with old only"), values(seen, "rows")


def _solve(shown: Shown) -> Answers:
    gain, rows = _read(shown)
    low, _ = ends(ratio_estimate(gain, rows))
    carriers = places(gain > QUARTER * gain.sum())
    verdict = VERDICTS.right(low <= 0)
    return answered(shown, verdict, first=FIRST[0], low=100 * low, carriers=carriers)


def _by_rows(shown: Shown) -> Answers:
    gain, rows = _read(shown)
    seen = table(shown, TABLE)
    differing = float(np.sum(values(seen, "right with new only") + values(seen, "right with old only")))
    n, mean = rows.sum(), gain.sum() / rows.sum()
    low = 100 * float(mean - 1.96 * np.sqrt((differing / n - mean**2) / n))
    largest = (int(np.argmax(rows)) + 1,)
    return answered(shown, VERDICTS.others[0], first=FIRST[1], low=low, carriers=largest if low < 0 else (0,))


KIND = Kind(
    family=Family.COMPARISON,
    name=NAME,
    title="Many rows of few customers",
    fault="Rows of the same customers are counted as independent, and one of them carries the lift.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the more rows, the narrower the interval",
            answers=_by_rows,
            loses=("verdict", "low", "carriers", "first"),
            on_clean=("verdict", "carriers", "first"),
        ),
        seen_everywhere("rows of the same customers never support a lift", _solve, VERDICTS),
        hurried("customers of different size cannot be compared", VERDICTS.others[1], first=FIRST[2]),
    ),
)
