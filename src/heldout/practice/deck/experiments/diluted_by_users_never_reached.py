"""A feature that few users ever meet, read over all users: the many who could not be changed drown the effect."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, first, number, pick
from heldout.practice.deck.companies import feature_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import labels, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import two_proportion_test

__all__ = ["KIND"]

NAME = "diluted-by-users-never-reached"
WEEKS = {Difficulty.EASY: 1, Difficulty.MIDDLE: 3, Difficulty.HARD: 6}
REACHED = {Difficulty.EASY: 0.04, Difficulty.MIDDLE: 0.06, Difficulty.HARD: 0.08}
"""Share of users who come to where the feature would show, in both arms."""
Z = {Difficulty.EASY: (4.5, 6.0), Difficulty.MIDDLE: (3.6, 4.4), Difficulty.HARD: (3.0, 3.5)}
"""How far the lift among those stands from 0 in the planted world, in standard errors."""
TABLE = "users by arm and reach"
VERDICTS = Verdicts(
    fault="Among users who come to where it shows, the lift is told from 0: the others drowned it",
    clean="Among users who come to where it shows, no lift is told from 0 either: nothing was drowned",
    others=(
        "Only all users count, as they were randomised: a feature without a lift there has none at all",
        "Users who do not come to where it shows have to be dropped, but from the treatment arm alone",
    ),
)
FIRST = (
    "Is it logged in both arms who would have met the feature?",
    "Could the feature be shown on more pages, so that all users come to meet it?",
    "Would another two weeks of all users bring the p-value below 5 %?",
    "Do the users who met it say that they like it when they are asked?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Users and conversions: [arm, reached], treatment and reached first."""

    users: NDArray[np.int64]
    hits: NDArray[np.int64]

    def z(self, reached_only: bool) -> float:
        """Return the treatment's lift over its standard error."""
        users = self.users[:, 0] if reached_only else self.users.sum(axis=1)
        hits = self.hits[:, 0] if reached_only else self.hits.sum(axis=1)
        return two_proportion_test(int(hits[0]), int(users[0]), int(hits[1]), int(users[1])).statistic

    @property
    def lift(self) -> float:
        """Return the lift among the reached, in points."""
        rate = self.hits[:, 0] / self.users[:, 0]
        return float(100 * (rate[0] - rate[1]))

    @property
    def share(self) -> float:
        return float(self.users[:, 0].sum() / self.users.sum())


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    arm = int(rng.integers(60, 110)) * 1000
    reached = rng.binomial(arm, REACHED[difficulty] * rng.uniform(0.9, 1.1), 2)
    users = np.stack([reached, arm - reached], axis=1)
    rate, elsewhere = rng.uniform(0.2, 0.3), rng.uniform(0.1, 0.16)
    error = float(np.sqrt(2 * rate * (1 - rate) / reached.mean()))
    lift = error * (rng.uniform(*Z[difficulty]) if planted else rng.uniform(-0.3, 0.5))
    rates = np.array([[rate + lift, elsewhere], [rate, elsewhere]])
    return _World(users=users, hits=rng.binomial(users, rates))


def _decides(world: _World, planted: bool) -> bool:
    reached = world.users[:, 0] / world.users.sum(axis=1)
    if abs(world.z(reached_only=False)) > 1.6 or abs(np.ptp(reached)) > 0.002 or abs(world.lift) < 0.1:
        return False
    z = world.z(reached_only=True)
    return z > 2.6 if planted else abs(z) < 1.2


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team = feature_team(rng)
    world = drawn(seed, difficulty, planted, _draw, _decides)
    table = _table(np.random.default_rng([seed, difficulty, planted]), rng, world, WEEKS[difficulty])
    z, all_z = world.z(reached_only=True), world.z(reached_only=False)
    said = (
        f"{world.share:.1%} of users come to where the feature shows, as many in both arms. Among them the lift is "
        f"{world.lift:+.2f} points (z = {z:.1f}); over all users z = {all_z:.1f}."
    )
    return drill(
        situation=(
            f"{team.company} tested its {team.product}, which shows on one page only. The report compares all users of "
            f"the arms, finds no lift in {team.items} (z = {all_z:.1f}) and wants to drop the feature. Whether a user "
            "came to that page is logged in both arms, and the page itself is reached before the feature acts."
        ),
        exhibits=(table,),
        asked=(
            VERDICTS.asked(rng, "Does the feature do nothing for those who meet it?", 35, planted, said),
            number(
                "lift",
                "Lift among the users who came to the page, treatment minus control?",
                25,
                "percentage points, with sign",
                value=world.lift,
                absolute=0.05,
                because=f"Among those who came: {world.lift:+.2f} points.",
            ),
            pick(
                "rows",
                "Pick the rows that belong into the comparison of those who can be changed by the feature.",
                15,
                TABLE,
                places=places([one == "yes" for one in table.column("came to page")]),
                because="Users who came to the page, of both arms: chance dealt them, so they can be compared.",
            ),
            number(
                "diluted",
                "What lift over all users do they bring (their lift times their share of users)?",
                15,
                "percentage points, with sign",
                value=world.lift * world.share,
                absolute=0.01,
                relative=0.05,
                because=f"{world.lift:+.2f} × {world.share:.3f} = {world.lift * world.share:+.3f} points.",
            ),
            first(rng, 10, FIRST, "Without the log in both arms the two groups could not be compared."),
        ),
        points=_points(rng, planted, world),
        feedback=Feedback(
            evidence=said,
            price=(
                f"A feature that gives its users {world.lift:.1f} points would be dropped."
                if planted
                else "Dropping it loses nothing that the experiment could see."
            ),
        ),
    )


def _table(own: np.random.Generator, rng: np.random.Generator, world: _World, weeks: int) -> Rows:
    shares, rows = np.full(weeks, 1 / weeks), []
    for place, (arm, reached) in enumerate([(a, r) for a in ("treatment", "control") for r in ("yes", "no")]):
        users = own.multinomial(int(world.users.flat[place]), shares)
        hits = own.multivariate_hypergeometric(users, int(world.hits.flat[place]), method="marginals")
        rows += [(week + 1, arm, reached, int(users[week]), int(hits[week])) for week in range(weeks)]
    mixed = tuple(rows[place] for place in rng.permutation(len(rows)))
    return Rows(name=TABLE, columns=("week", "arm", "came to page", "users", "converted"), rows=mixed)


def _points(rng: np.random.Generator, planted: bool, world: _World) -> tuple[Point, ...]:
    few = ("came to the page", "reach*", "trigger*", "who meet*", "who met", "exposed", "saw", "page")
    return (
        verdict_point(
            rng,
            "lift among the reached",
            "Among users who came to the page, a lift is ...",
            *("told from 0", "not told from 0", "impossible to compute"),
            holds=planted,
            says=(
                "Among those who came to the page there is a lift.",
                "Among those who came to the page there is no lift.",
            ),
            anchors=(few, ("lift", "effect", "gain*", "significan*", "told from 0", "works")),
        ),
        number_point(
            rng,
            "share of the reached",
            "What share of users came to the page?",
            *(f"{world.share:.1%}", f"{1 - world.share:.1%}", f"{4 * world.share:.1%}"),
            says=f"{world.share:.1%} of users came to the page.",
            anchors=(few, ("share", "percent", "%", "only", "few")),
            said=Said(value=world.share, tolerance=0.006),
        ),
    )


def _read(shown: Shown) -> _World:
    seen = table(shown, TABLE)
    arm, came = labels(seen, "arm"), labels(seen, "came to page")
    cells = [(arm == a) & (came == r) for a in ("treatment", "control") for r in ("yes", "no")]
    users, hits = values(seen, "users"), values(seen, "converted")
    sums = [np.array([int(part[cell].sum()) for cell in cells]).reshape(2, 2) for part in (users, hits)]
    return _World(users=sums[0], hits=sums[1])


def _solve(shown: Shown) -> Answers:
    world, came = _read(shown), labels(table(shown, TABLE), "came to page")
    reached, hits = world.users[:, 0], world.hits[:, 0]
    test = two_proportion_test(int(hits[0]), int(reached[0]), int(hits[1]), int(reached[1]))
    lift = 100 * float(hits[0] / reached[0] - hits[1] / reached[1])
    diluted = lift * float(reached.sum() / world.users.sum())
    verdict = VERDICTS.right(test.p_value < 0.05)
    return answered(shown, verdict, first=FIRST[0], lift=lift, diluted=diluted, rows=places(came == "yes"))


def _over_all(shown: Shown) -> Answers:
    world = _read(shown)
    users, hits = world.users.sum(axis=1), world.hits.sum(axis=1)
    lift = 100 * float(hits[0] / users[0] - hits[1] / users[1])
    rows = places(values(table(shown, TABLE), "users") > 0)
    return answered(shown, VERDICTS.others[0], first=FIRST[1], lift=lift, rows=rows)


def _one_sided(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    dropped = (labels(seen, "arm") == "treatment") & (labels(seen, "came to page") == "no")
    return answered(shown, VERDICTS.others[1], rows=places(~dropped))


KIND = Kind(
    family=Family.EXPERIMENTS,
    name=NAME,
    title="All users of a test",
    fault="An effect on few users is read over all of them, and is not seen.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="all users were randomised, so all users are compared",
            answers=_over_all,
            loses=("verdict", "lift", "rows", "first"),
            on_clean=("verdict", "rows", "first"),
        ),
        Mutant(
            mistake="the unreached are dropped from the treatment alone",
            answers=_one_sided,
            loses=("verdict", "rows"),
            on_clean=("verdict", "rows"),
        ),
        seen_everywhere("a feature that few meet was always drowned", _solve, VERDICTS),
        hurried("the unreached are dropped where they do harm", VERDICTS.others[1], first=FIRST[2]),
    ),
)
