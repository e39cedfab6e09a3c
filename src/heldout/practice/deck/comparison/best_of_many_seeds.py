"""The best of many runs, chosen on the rows that are reported, against one run of the baseline."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.evidence import Reported
from heldout.core.runs_evidence import Evaluations
from heldout.practice.deck.asked import Verdicts, drill, first, number, order, pick
from heldout.practice.deck.companies import model_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

NAME = "best-of-many-seeds"
RUNS = {Difficulty.EASY: 28, Difficulty.MIDDLE: 32, Difficulty.HARD: 38}
TRUE_LIFT = {Difficulty.EASY: -0.4, Difficulty.MIDDLE: -0.1, Difficulty.HARD: 0.2}
"""Points by which the new recipe beats the baseline in the planted world."""
LUCK = 0.9
"""Standard deviation of a run's test score over seeds, in points."""
TABLE = "runs"
VERDICTS = Verdicts(
    fault="The run was chosen by its test score: the reported lift holds the luck of the best of many",
    clean="The run was chosen by validation and scored once on test: its test score may be reported",
    others=(
        "The seeds differ too much among themselves, so no single run of the new recipe may be reported at all",
        "The best test score belongs to the run that will be shipped, so it is the score that has to be reported",
    ),
)
FIRST = (
    "How many of the runs were scored on the test rows before this one was chosen of them?",
    "How many further seeds would it take to find a run that is better still on test?",
    "Is the best seed kept in the configuration, so that its score can be had again?",
    "By how much do the runs' validation scores lie above their test scores?",
)
STEPS = (
    "Say which rows choose the run and which rows report it",
    "Train the baseline with as many seeds as the new recipe",
    "Choose one run of each by its validation score",
    "Score the two chosen runs on the test rows, once, and give the paired interval",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Scores of the runs in percent; the baseline's; how many test rows."""

    validation: NDArray[np.float64]
    test: NDArray[np.float64]
    baseline: float
    rows: int

    @property
    def chosen(self) -> int:
        """Return the place of the run that is best on validation."""
        return int(np.argmax(self.validation))

    @property
    def best(self) -> int:
        """Return the place of the run that is best on test."""
        return int(np.argmax(self.test))


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    baseline = round(float(rng.uniform(78, 88)), 2)
    centre = baseline + (TRUE_LIFT[difficulty] if planted else rng.uniform(1.2, 1.8))
    skill = rng.normal(0, 0.3, RUNS[difficulty])
    return _World(
        validation=np.round(centre + 0.8 + skill + rng.normal(0, LUCK, len(skill)), 2),
        test=np.round(centre + skill + rng.normal(0, LUCK, len(skill)), 2),
        baseline=baseline,
        rows=int(rng.integers(14, 24)) * 100,
    )


def _decides(world: _World, planted: bool) -> bool:
    ranked, by_test = np.sort(world.validation), np.sort(world.test)
    if ranked[-1] - ranked[-2] < 0.05 or by_test[-1] - by_test[-2] < 0.02 or world.chosen == world.best:
        return False
    lift, best = world.test[world.chosen] - world.baseline, world.test[world.best] - world.baseline
    return bool(best > 1.2 and lift < best - 0.8) if planted else bool(lift > 0.6)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, count = model_team(rng), RUNS[difficulty]
    world = drawn(seed, difficulty, planted, _draw, _decides)
    told = world.best if planted else world.chosen
    scored = [planted or place == world.chosen for place in range(count)]
    lift, supported = world.test[told] - world.baseline, world.test[world.chosen] - world.baseline
    many = sum(scored)
    said = (
        f"{many} of {count} runs were scored on the test rows. The reported run has {world.test[told]:.2f} there; the "
        f"run that validation chooses has {world.test[world.chosen]:.2f}, which is {supported:+.2f} on the baseline."
    )
    return drill(
        situation=(
            f"{team.company} trained a new recipe of its {team.product} with {count} seeds and the baseline with one. "
            f"The report says: {world.test[told]:.2f} % of {world.rows:,} test {team.items} are right, against "
            f"{world.baseline:.2f} % with the baseline, a lift of {lift:.2f} points."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("seed", "validation %", "test %"),
                rows=tuple(
                    (place, float(world.validation[place]), float(world.test[place]) if scored[place] else None)
                    for place in range(count)
                ),
            ),
        ),
        asked=(
            VERDICTS.asked(rng, "May this lift be reported?", 35, planted, said),
            pick(
                "run",
                "Pick the run that has to be chosen if validation chooses and test reports.",
                20,
                TABLE,
                places=(world.chosen + 1,),
                because=f"Seed {world.chosen} has the best validation score, {world.validation[world.chosen]:.2f}.",
            ),
            number(
                "lift",
                "The lift over the baseline of the run that validation chooses, on the test rows?",
                25,
                "percentage points",
                value=float(supported),
                absolute=0.02,
                because=f"{world.test[world.chosen]:.2f} - {world.baseline:.2f} = {supported:.2f}.",
            ),
            order(rng, "steps", "Put the steps of a fair comparison in order.", 10, STEPS, "Roles of rows come first."),
            first(rng, 10, FIRST, "The number of looks at the test rows is what its luck grows with."),
        ),
        points=_points(rng, planted, float(supported), float(lift)),
        feedback=Feedback(
            evidence=said,
            price=(
                f"{lift:.1f} points are promised and {supported:+.1f} are delivered: {lift - supported:.1f} of luck."
                if planted
                else f"The lift of {supported:.1f} points was not chosen on the rows that report it."
            ),
            page="LEK012",
        ),
        world={
            "evaluations": Evaluations(count=many, rows=world.rows, positives=None),
            "reported": Reported(metric="accuracy", value=float(world.test[told]) / 100),
        },
    )


def _points(rng: np.random.Generator, planted: bool, supported: float, lift: float) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "chosen on test",
            "The reported run was chosen by ...",
            *("its test score", "its validation score", "the baseline's score"),
            holds=planted,
            says=("The run was chosen on the test rows.", "The run was not chosen on the test rows."),
            anchors=(
                ("chosen", "choos*", "select*", "pick*", "best of"),
                ("test rows", "test score*", "test set", "on test"),
            ),
        ),
        number_point(
            rng,
            "supported lift",
            "What lift has the run that validation chooses?",
            *(f"{supported:.2f} points", f"{lift + 0.9:.2f} points", f"{supported - 1.1:.2f} points"),
            says=f"The run that validation chooses has a lift of {supported:.2f} points on test.",
            anchors=(("validation", "supported", "lift"),),
            said=Said(value=supported, tolerance=0.06),
        ),
    )


def _solve(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    validation, test = values(seen, "validation %"), values(seen, "test %")
    chosen = int(np.argmax(validation))
    planted = int(np.isfinite(test).sum()) > 1
    lift = float(test[chosen]) - _baseline(shown)
    run = places(validation == validation.max())
    return answered(shown, VERDICTS.right(planted), steps=STEPS, first=FIRST[0], run=run, lift=lift)


def _baseline(shown: Shown) -> float:
    """Return the baseline's score in percent, which the situation tells."""
    return float(shown.situation.split("against ")[1].split(" %")[0])


def _luckiest(shown: Shown) -> Answers:
    test = values(table(shown, TABLE), "test %")
    best = int(np.nanargmax(test))
    lift = float(test[best]) - _baseline(shown)
    return answered(shown, VERDICTS.others[1], first=FIRST[1], run=(best + 1,), lift=lift)


KIND = Kind(
    family=Family.COMPARISON,
    name=NAME,
    title="The best of many seeds",
    fault="The best of many seeds, chosen on the test rows, is reported against one run of the baseline.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the best test score is the result",
            answers=_luckiest,
            loses=("verdict", "run", "lift", "first"),
            on_clean=("verdict", "first"),
        ),
        seen_everywhere("many seeds always mean a lucky one", _solve, VERDICTS),
        hurried("runs that differ cannot be compared", VERDICTS.others[0], steps=STEPS, first=FIRST[3]),
    ),
    check="LEK012",
)
