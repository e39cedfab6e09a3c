"""Arms with other mixes of segments: the pooled lift turns round when segments are compared with themselves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, number, order, pick
from heldout.practice.deck.companies import feature_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import labels, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

NAME = "simpsons-reversal-by-mix"
SEGMENTS = {Difficulty.EASY: 2, Difficulty.MIDDLE: 4, Difficulty.HARD: 8}
LOSS = {Difficulty.EASY: 0.020, Difficulty.MIDDLE: 0.014, Difficulty.HARD: 0.010}
"""What the treatment costs in every segment of the planted world."""
SPREAD = {Difficulty.EASY: 0.7, Difficulty.MIDDLE: 0.55, Difficulty.HARD: 0.4}
"""From the smallest to the largest share of treatment there."""
TABLE = "users by place and arm"
VERDICTS = Verdicts(
    fault="The arms hold other mixes of places: compared place by place, the feature lowers the rate",
    clean="The arms hold the same mix of places: compared place by place, the feature raises the rate too",
    others=(
        "The pooled rates are of all users, so that they overrule whatever single places show",
        "Places with other rates can never be put together, so that nothing can be said of the feature",
    ),
)
STEPS = (
    "See how the share of treatment changed by place, and why",
    "Compare treatment with control within each place",
    "Weight the places' lifts by their share of all users",
    "Fix one share for all places before the next run",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Per place: users and conversions of both arms."""

    n: NDArray[np.int64]
    hits: NDArray[np.int64]
    m: NDArray[np.int64]
    other: NDArray[np.int64]

    @property
    def pooled(self) -> float:
        """Return the lift of the pooled rates in points."""
        return float(100 * (self.hits.sum() / self.n.sum() - self.other.sum() / self.m.sum()))

    @property
    def lifts(self) -> NDArray[np.float64]:
        """Return the lift of each place in points."""
        return np.asarray(100 * (self.hits / self.n - self.other / self.m))

    @property
    def standardised(self) -> float:
        """Return the lift in points with every place weighted by its share of all users."""
        return float(np.average(self.lifts, weights=self.n + self.m))


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    count = SEGMENTS[difficulty]
    users = rng.integers(8000, 16000, count)
    rate = rng.permutation(np.linspace(0.06, rng.uniform(0.2, 0.26), count))
    share = 0.5 + SPREAD[difficulty] * ((rate - rate.min()) / np.ptp(rate) - 0.5) if planted else np.full(count, 0.5)
    n = np.round(users * share).astype(np.int64)
    lift = -LOSS[difficulty] if planted else LOSS[difficulty]
    m = users - n
    return _World(n=n, hits=rng.binomial(n, rate + lift), m=m, other=rng.binomial(m, rate))


def _decides(world: _World, planted: bool) -> bool:
    if np.any(np.abs(world.lifts) < 0.02) or world.pooled < 0.5:
        return False
    if planted:
        return world.standardised < -0.5 and int((world.lifts < 0).sum()) >= len(world.n) - 1
    return world.standardised > 0.4


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, at = feature_team(rng), sorted(names(rng, SEGMENTS[difficulty], "places"))
    world = drawn(seed, difficulty, planted, _draw, _decides)
    lower, share = world.lifts < 0, world.n / (world.n + world.m)
    said = (
        f"Pooled, the lift is {world.pooled:+.2f} points; place by place, weighted by all users, it is "
        f"{world.standardised:+.2f}. Treatment holds {share.min():.0%} to {share.max():.0%} of a place's users, and is "
        f"lower in {int(lower.sum())} of {len(at)} places."
    )
    rows = [
        (place, arm, int(users), int(hits))
        for place, n, h, m, o in zip(at, world.n, world.hits, world.m, world.other, strict=True)
        for arm, users, hits in (("treatment", n, h), ("control", m, o))
    ]
    mixed = tuple(rows[place] for place in rng.permutation(len(rows))) if difficulty > 1 else tuple(rows)
    return drill(
        situation=(
            f"{team.company} opened its {team.product} place by place; within a place users were dealt at random. The "
            f"report adds up all users: {team.items} per user are {world.pooled:+.2f} points higher with it, keep it."
        ),
        exhibits=(
            Rows(name=TABLE, columns=("place", "arm", "users", team.items), rows=mixed),
            Rows(name="places", columns=("place",), rows=tuple((place,) for place in at)),
        ),
        asked=(
            VERDICTS.asked(rng, "Does the feature raise the rate?", 35, planted, said),
            number(
                "lift",
                "The lift when every place is compared with itself and weighted by its share of all users?",
                30,
                "percentage points, with sign",
                value=world.standardised,
                absolute=0.05,
                because=f"The places' lifts, weighted by users: {world.standardised:+.2f} points.",
            ),
            pick(
                "lower",
                "Pick the places in which the rate is lower with the feature than without it.",
                20,
                "places",
                places=places(lower),
                because=f"{int(lower.sum())} of {len(at)} places.",
            ),
            order(rng, "steps", "Put the steps of reading such arms in order.", 15, STEPS, "The mix explains first."),
        ),
        points=_points(rng, planted, world.standardised),
        feedback=Feedback(
            evidence=said,
            price=(
                f"Kept, it costs {-world.standardised:.1f} points of {team.items} per user everywhere."
                if planted
                else f"Kept, it brings {world.standardised:.1f} points, pooled or not."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, standardised: float) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "same mix",
            "The mixes of places in the two arms are ...",
            *("the same", "not the same", "not told"),
            holds=not planted,
            says=("The arms have the same mix of places.", "The arms do not have the same mix of places."),
            anchors=(
                ("mix*", "share*", "arms", "weights", "composition"),
                ("same", "equal*", "alike", "balanced", "match*"),
            ),
        ),
        number_point(
            rng,
            "lift within places",
            "Compared within places, the lift is ...",
            *(f"{standardised:+.2f} points", f"{-standardised:+.2f} points", f"{3 * standardised:+.2f} points"),
            says=f"Within places the lift is {standardised:+.2f} points.",
            anchors=(("within", "by place", "each place", "place by place", "weighted", "standardi*", "stratif*"),),
            said=Said(value=standardised, tolerance=0.1),
        ),
    )


def _read(shown: Shown) -> tuple[list[tuple[float, float, float, float]], float]:
    """Return treatment's users and hits and control's, of each place in order, and the pooled lift in points."""
    seen = table(shown, TABLE)
    place, arm, users, hits = labels(seen, "place"), labels(seen, "arm"), values(seen, "users"), None
    hits = values(seen, seen.columns[3])
    cells = []
    for name in table(shown, "places").column("place"):
        a, b = (int(np.flatnonzero((place == name) & (arm == one))[0]) for one in ("treatment", "control"))
        cells.append((float(users[a]), float(hits[a]), float(users[b]), float(hits[b])))
    treated = arm == "treatment"
    pooled = hits[treated].sum() / users[treated].sum() - hits[~treated].sum() / users[~treated].sum()
    return cells, float(100 * pooled)


def _solve(shown: Shown) -> Answers:
    cells, _ = _read(shown)
    total = sum(n + m for n, _, m, _ in cells)
    lifts = [100 * (h / n - o / m) for n, h, m, o in cells]
    lift = sum(one * (n + m) / total for one, (n, _, m, _) in zip(lifts, cells, strict=True))
    lower = places([one < 0 for one in lifts])
    return answered(shown, VERDICTS.right(lift < 0), steps=STEPS, lift=lift, lower=lower)


def _pooled(shown: Shown) -> Answers:
    cells, pooled = _read(shown)
    higher = places([h / n >= o / m for n, h, m, o in cells])
    return answered(shown, VERDICTS.others[0], lift=pooled, lower=higher)


KIND = Kind(
    family=Family.EXPERIMENTS,
    name=NAME,
    title="All users together",
    fault="The arms hold other mixes of places, and the pooled lift has the wrong sign.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="all users together are the whole truth",
            answers=_pooled,
            loses=("verdict", "lift", "lower"),
            on_clean=("verdict", "lower"),
        ),
        seen_everywhere("a pooled lift always turns round", _solve, VERDICTS),
        hurried("places cannot be put together", VERDICTS.others[1], steps=STEPS),
    ),
)
