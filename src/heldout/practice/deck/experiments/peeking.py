"""A test that may be ended whenever its p-value dips below 5 %: it dips sooner or later."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from heldout.practice.deck.asked import Verdicts, drill, number, order, pick
from heldout.practice.deck.companies import feature_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import labels, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import two_proportion_test

__all__ = ["KIND"]

NAME = "peeking"
HORIZON = {Difficulty.EASY: 14, Difficulty.MIDDLE: 21, Difficulty.HARD: 28}
EARLIEST = {Difficulty.EASY: 3, Difficulty.MIDDLE: 6, Difficulty.HARD: 10}
"""The first day on which the planted test may end by its luck: the longer it ran, the more tempting."""
LOG, PLAN = "daily readings", "plan"
VERDICTS = Verdicts(
    fault="The test could end on any day and ended on a low p-value: the p-value is not what it says",
    clean="The test could end on the planned day alone and was read there: its p-value is what it says",
    others=(
        "A p-value below 5 % means the same on every day, planned or not, so that the lift is shown",
        "As the p-value was below 5 % on some days and above it on others, nothing can be said of it",
    ),
)
STEPS = (
    "Write down the metric, the n and the day of the decision",
    "Choose a sequential rule now if the test may end early",
    "Run until that day, or until that rule ends it",
    "Read the lift and its interval by the rule that was written down",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Cumulative users of each arm, conversions of both, and p-values, by day; and whether each day could end it."""

    users: NDArray[np.int64]
    control: NDArray[np.int64]
    treatment: NDArray[np.int64]
    p: NDArray[np.float64]
    ends: NDArray[np.bool_]

    @property
    def bound(self) -> float:
        """Return the last p-value times the number of days that could end the test."""
        return min(float(self.p[-1]) * int(self.ends.sum()), 1.0)


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    days = HORIZON[difficulty]
    daily, rate = rng.integers(700, 1500, days), rng.uniform(0.08, 0.12)
    lift = 0.0 if planted else rng.uniform(0.006, 0.010)
    users = np.cumsum(daily)
    control, treatment = np.cumsum(rng.binomial(daily, rate)), np.cumsum(rng.binomial(daily, rate + lift))
    p = _p_values(users, control, treatment)
    stop = days
    if planted:
        low = np.flatnonzero((p < 0.045) & (treatment > control))
        low = low[low >= EARLIEST[difficulty] - 1]
        stop = int(low[0]) + 1 if low.size else days
        if stop == days:
            stop, planted = days, False  # it would have ended as planned: not a world that decides
    ends = np.full(stop, planted)
    ends[-1] = True
    return _World(users=users[:stop], control=control[:stop], treatment=treatment[:stop], p=p[:stop], ends=ends)


def _p_values(
    users: NDArray[np.int64], control: NDArray[np.int64], treatment: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the p-value of the pooled z test of each day."""
    pooled = (control + treatment) / (2 * users)
    z = (treatment - control) / np.sqrt(2 * users * pooled * (1 - pooled))
    return np.asarray(np.round(2 * special.ndtr(-np.abs(z)), 6))


def _decides(world: _World, planted: bool) -> bool:
    if not 0.0005 < world.p[-1] < 0.045 or world.treatment[-1] <= world.control[-1]:
        return False
    if np.any(np.abs(world.p - 0.05) < 0.001):
        return False
    if planted:
        return bool(world.ends[0]) and world.bound > 0.06 and not np.any(world.p[:-1] < 0.05)
    return bool(np.any(world.p[2:-1] < 0.05))


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, horizon = feature_team(rng), HORIZON[difficulty]
    world = drawn(seed, difficulty, planted, _draw, _decides)
    days, looks = len(world.p), int(world.ends.sum())
    lift = 100 * float(world.treatment[-1] - world.control[-1]) / float(world.users[-1])
    plan = (
        f"metric: {team.items} per user\nplanned length: {horizon} days\ntest: two-sided z test, 5 %\n"
        "readings: one row a day\nsequential rule: none\n"
    )
    parts = zip(world.users, world.control, world.treatment, world.p, world.ends, strict=True)
    said = (
        f"The test ended on day {days} of {horizon} with p = {world.p[-1]:.4f}; {looks} of {days} readings could have "
        f"ended it, which bounds the p-value at {world.bound:.3f}."
    )
    return drill(
        situation=(
            f"{team.company} tested its {team.product}. The report says: {team.items} per user rose by {lift:.2f} "
            f"points, p = {world.p[-1]:.4f}, so the lift is shown. These are the plan and the log of daily readings, "
            "which also tells on which days somebody could end the test."
        ),
        exhibits=(
            Lines(name=PLAN, text=plan, language="yaml"),
            Rows(
                name=LOG,
                columns=("day", "users per arm", "control", "treatment", "p", "could end it"),
                rows=tuple(
                    (day, int(n), int(a), int(b), float(p), "yes" if ends else "no")
                    for day, (n, a, b, p, ends) in enumerate(parts, 1)
                ),
            ),
        ),
        asked=(
            VERDICTS.asked(rng, "Is the lift shown at 5 %?", 35, planted, said),
            number(
                "bound",
                "The last p-value times the number of readings that could have ended the test (Bonferroni's bound)?",
                30,
                "share, 0 to 1",
                value=world.bound,
                relative=0.03,
                because=f"{looks} × {world.p[-1]:.4f} = {world.bound:.3f}.",
            ),
            pick(
                "days",
                "Pick the readings that could have ended the test and had a p-value below 5 %.",
                15,
                LOG,
                places=places(world.ends & (world.p < 0.05)),
                because=f"Day {days}: the test ended there.",
            ),
            order(rng, "steps", "Put the steps of a test that may be read early in order.", 20, STEPS, "Rules first."),
        ),
        points=_points(rng, planted, looks),
        feedback=Feedback(
            evidence=said,
            price=(
                f"Of tests without any effect, many more than 5 % end like this one within {horizon} days: the release "
                f"is bought with a p-value that is bounded by {world.bound:.2f} only."
                if planted
                else "The one reading that decided was planned; the low p-values before it decided nothing."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, looks: int) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "lift shown",
            "At 5 % the lift is ...",
            *("shown", "not shown", "not measured"),
            holds=not planted,
            says=("The lift is shown at 5 %.", "The lift is not shown at 5 %."),
            anchors=(
                ("lift", "effect", "result", "p-value"),
                ("shown", "support*", "valid", "significan*", "stands", "holds"),
            ),
        ),
        number_point(
            rng,
            "chances to end",
            "How many readings could have ended the test?",
            *(f"{looks}", f"{looks + 3}", "none"),
            says=f"{looks} reading{'s' if looks > 1 else ''} could have ended the test.",
            anchors=(("reading*", "look*", "peek*", "day*", "times"),),
            said=Said(value=looks, tolerance=0.5),
        ),
    )


def _solve(shown: Shown) -> Answers:
    log = table(shown, LOG)
    users, control, treatment = (values(log, name).astype(int) for name in ("users per arm", "control", "treatment"))
    ends, p = labels(log, "could end it") == "yes", values(log, "p")
    last = two_proportion_test(int(treatment[-1]), int(users[-1]), int(control[-1]), int(users[-1])).p_value
    bound = min(last * int(ends.sum()), 1.0)
    return answered(shown, VERDICTS.right(bound > 0.05), steps=STEPS, bound=bound, days=places(ends & (p < 0.05)))


def _any_day(shown: Shown) -> Answers:
    p = values(table(shown, LOG), "p")
    return answered(shown, VERDICTS.others[0], bound=float(p[-1]), days=places(p < 1))


KIND = Kind(
    family=Family.EXPERIMENTS,
    name=NAME,
    title="A log of daily readings",
    fault="The test was ended on the first day on which its p-value was low.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a low p-value is a low p-value",
            answers=_any_day,
            loses=("verdict", "bound", "days"),
            on_clean=("verdict", "days"),
        ),
        seen_everywhere("who reads daily has spoilt the test", _solve, VERDICTS),
        hurried("p-values that come and go say nothing", VERDICTS.others[1], steps=STEPS),
    ),
)
