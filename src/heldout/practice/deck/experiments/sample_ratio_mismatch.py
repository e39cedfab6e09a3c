"""Arms that do not hold the shares that were dealt: who is missing decides the result."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from heldout.practice.deck.asked import Verdicts, drill, number, order, pick
from heldout.practice.deck.companies import feature_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import srm, two_proportion_test

__all__ = ["KIND"]

NAME = "sample-ratio-mismatch"
PLATFORMS = ("web", "iOS", "Android", "tablet")
COUNTRIES = {
    Difficulty.EASY: ("DE",),
    Difficulty.MIDDLE: ("DE", "FR", "PL"),
    Difficulty.HARD: ("DE", "FR", "PL", "SE", "IT", "PT"),
}
LOST = {Difficulty.EASY: 0.18, Difficulty.MIDDLE: 0.14, Difficulty.HARD: 0.15}
"""Share of those users of the broken platform who do not convert and were never logged in the treatment."""
BROKEN_COUNTRIES = 3
"""In so many countries at most the platform is broken."""
TABLE = "users by platform and arm"
BROKEN = 1e-4
VERDICTS = Verdicts(
    fault="The arms do not hold the shares that were dealt: no lift may be read before the cause is found",
    clean="The arms hold the shares that were dealt within chance: the lift may be read as it stands",
    others=(
        "The arms differ in size, but rates do not depend on sizes: the lift may be read as it stands",
        "The experiment is too small for any test of its arms, and should have been larger",
    ),
)
STEPS = (
    "Stop reading the lift and say so to those who wait for it",
    "Find the rows in which the shares break, and since when",
    "Find the cause there: assignment, redirect, crash or logging",
    "Mend it and run an A/A test until the shares hold",
    "Run the experiment again from its start",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Per row: users of both arms, and those of them who converted."""

    control: NDArray[np.int64]
    treatment: NDArray[np.int64]
    control_hits: NDArray[np.int64]
    treatment_hits: NDArray[np.int64]

    def row_p(self) -> NDArray[np.float64]:
        z = (self.control - self.treatment) / np.sqrt(self.control + self.treatment)
        return np.asarray(2 * special.ndtr(-np.abs(z)))

    @property
    def z(self) -> float:
        """Return how far the treatment's count lies below half of all users, in standard errors."""
        a, b = int(self.control.sum()), int(self.treatment.sum())
        return float((a - b) / np.sqrt(a + b))

    @property
    def lift(self) -> tuple[float, float]:
        """Return the treatment's lift in points and the p-value of it."""
        a, b = int(self.control.sum()), int(self.treatment.sum())
        hits, other = int(self.treatment_hits.sum()), int(self.control_hits.sum())
        return 100 * (hits / b - other / a), two_proportion_test(hits, b, other, a).p_value


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    rows, broken = len(PLATFORMS) * len(COUNTRIES[difficulty]), int(rng.integers(len(PLATFORMS)))
    users = rng.integers(9000, 15000, rows)
    treatment = rng.binomial(users, 0.5)
    control = users - treatment
    rate = rng.uniform(0.05, 0.07)
    hits = rng.binomial(treatment, rate + (0.0 if planted else 0.004))
    if planted:
        country, platform = np.divmod(np.arange(rows), len(PLATFORMS))
        where = (platform == broken) & (country < BROKEN_COUNTRIES)
        # who leaves before the first page is logged does not convert, so the rest looks better
        treatment = treatment - rng.binomial(np.where(where, treatment - hits, 0), LOST[difficulty])
    return _World(control=control, treatment=treatment, control_hits=rng.binomial(control, rate), treatment_hits=hits)


def _decides(world: _World, planted: bool) -> bool:
    p, (lift, p_lift) = world.row_p(), world.lift
    if lift <= 0 or p_lift > 0.05 or np.any((p < 0.004) & (p > 1e-6)):
        return False
    return world.z > 3.9 and bool(np.any(p < 1e-6)) if planted else 0.6 < abs(world.z) < 1.5


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team = feature_team(rng)
    world = drawn(seed, difficulty, planted, _draw, _decides)
    lift, p_lift = world.lift
    control, treatment = int(world.control.sum()), int(world.treatment.sum())
    test, broken = srm([control, treatment]), world.row_p() < BROKEN
    labels = [(country, platform) for country in COUNTRIES[difficulty] for platform in PLATFORMS]
    parts = (world.control, world.treatment, world.control_hits, world.treatment_hits)
    said = (
        f"{treatment:,} of {control + treatment:,} users are in treatment, {treatment / (control + treatment):.2%}: "
        f"{abs(world.z):.1f} standard errors off the half that was dealt (p = {test.p_value:.2g})."
    )
    return drill(
        situation=(
            f"{team.company} tested its {team.product} on half of its users for two weeks, dealt by a hash of the id. "
            f"The report says: {team.items} per user rose by {lift:.2f} points (p = {p_lift:.2g}), ship it. "
            "Users were counted when their first page was logged."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("country", "platform", "control", "treatment", "control converted", "treatment converted"),
                rows=tuple((*label, *(int(part[place]) for part in parts)) for place, label in enumerate(labels)),
            ),
        ),
        asked=(
            VERDICTS.asked(rng, "May the lift be read?", 35, planted, said),
            number(
                "z",
                "How many standard errors lies the treatment's number of users from half of all users (without sign)?",
                25,
                "standard errors",
                value=abs(world.z),
                absolute=0.05,
                relative=0.03,
                because=f"|{control:,} - {treatment:,}| / √{control + treatment:,} = {abs(world.z):.2f}.",
            ),
            pick(
                "broken",
                f"Pick the rows whose users break the equal split on their own (p below {BROKEN:g}).",
                25,
                TABLE,
                places=places(broken),
                because=f"{int(broken.sum())} rows break it.",
            ),
            order(
                rng,
                "steps",
                "Suppose the split is broken. Put the recovery in order.",
                15,
                STEPS,
                "A result already read does harm first; a cause is found where it shows; an A/A test proves the mend.",
            ),
        ),
        points=_points(rng, planted, abs(world.z)),
        feedback=Feedback(
            evidence=said,
            price=(
                f"Some {control - treatment:,} users of the treatment are missing; a lift of {lift:.2f} points among "
                "those who are left is not one for all."
                if planted
                else f"The lift of {lift:.2f} points is of two arms that can be compared."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, z: float) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "split holds",
            "Against the half that was dealt, the arms' sizes ...",
            *("agree within chance", "do not agree", "cannot be compared"),
            holds=not planted,
            says=("The split holds what was dealt.", "The split does not hold what was dealt."),
            anchors=(
                ("split", "arms", "ratio", "shares", "assignment", "srm"),
                ("hold*", "match*", "as dealt", "balanced", "fair", "intact", "within chance", "trusted"),
            ),
        ),
        number_point(
            rng,
            "distance from the half",
            "How far is the treatment from half of the users?",
            *(f"{z:.1f} standard errors", f"{z * 2.5:.1f} standard errors", f"{z / 3:.1f} standard errors"),
            says=f"The treatment lies {z:.1f} standard errors from half of the users.",
            anchors=(("standard error*", "sigma", "z", "z-score", "standard deviation*"),),
            said=Said(value=z, tolerance=0.04 * z + 0.06),
        ),
    )


def _read(shown: Shown) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    seen = table(shown, TABLE)
    return values(seen, "control").astype(np.int64), values(seen, "treatment").astype(np.int64)


def _solve(shown: Shown) -> Answers:
    control, treatment = _read(shown)
    test = srm([int(control.sum()), int(treatment.sum())])
    broken = [srm(pair).p_value < BROKEN for pair in zip(control, treatment, strict=True)]
    z = float(np.sqrt(test.statistic))
    return answered(shown, VERDICTS.right(test.p_value < 0.001), steps=STEPS, z=z, broken=places(broken))


def _by_size(shown: Shown) -> Answers:
    control, treatment = _read(shown)
    off = 100 * abs(float(treatment.sum() / (control + treatment).sum()) - 0.5)
    largest = (int(np.argmax(treatment / control)) + 1,)
    return answered(shown, VERDICTS.others[0], z=off, broken=largest)


KIND = Kind(
    family=Family.EXPERIMENTS,
    name=NAME,
    title="The sizes of two arms",
    fault="One arm has fewer users than were dealt to it.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a few percent of difference in size do not matter to rates",
            answers=_by_size,
            loses=("verdict", "z", "broken"),
            on_clean=("verdict", "z", "broken"),
        ),
        seen_everywhere("arms that are not equal to the user are broken", _solve, VERDICTS),
        hurried("more users would settle it", VERDICTS.others[1], steps=STEPS),
    ),
)
