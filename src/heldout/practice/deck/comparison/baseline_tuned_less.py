"""A new model that was searched for longer than the baseline: the lead is one of the budget."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, number, order, pick
from heldout.practice.deck.companies import model_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import lines, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

NAME = "baseline-tuned-less"
TRIALS = {Difficulty.EASY: 24, Difficulty.MIDDLE: 32, Difficulty.HARD: 40}
SHARE = {Difficulty.EASY: 0.2, Difficulty.MIDDLE: 0.3, Difficulty.HARD: 0.4}
"""The baseline's trials over those of the new model in the planted world."""
TABLE, CONFIG = "trials", "search.yaml"
NOISE = 0.25
"""Points below which the report's own words call a lead nothing."""
VERDICTS = Verdicts(
    fault="The new model was given more trials: at the same number of trials it has no lead to speak of",
    clean="Both models were given the same number of trials, and the lead stands at that number",
    others=(
        "The best score of each search counts, whatever its number of trials, so the lead stands as it is",
        "The two models search other settings over other ranges, so that their scores can never be compared",
    ),
)
STEPS = (
    "Fix one budget for both searches: trials, hours, and the rows that choose",
    "Search for both within it, the baseline's settings included",
    "Train the winner of each search anew with several seeds",
    "Compare the two on rows that no trial has seen, and give the interval",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Validation scores of the trials in percent, in the order in which they ran."""

    new: NDArray[np.float64]
    baseline: NDArray[np.float64]

    @property
    def shared(self) -> int:
        """Return the number of trials that both had."""
        return min(len(self.new), len(self.baseline))

    @property
    def lead(self) -> float:
        """Return the lead as reported: best of all against best of all."""
        return float(self.new.max() - self.baseline.max())

    @property
    def fair(self) -> float:
        """Return the lead at the number of trials that both had."""
        return float(self.new[: self.shared].max() - self.baseline[: self.shared].max())


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    trials, centre = TRIALS[difficulty], rng.uniform(70, 84)
    own = round(trials * SHARE[difficulty]) if planted else trials
    return _World(
        new=np.round(rng.normal(centre + (0.0 if planted else 1.0), 0.9, trials), 2),
        baseline=np.round(rng.normal(centre, 0.9, own), 2),
    )


def _decides(world: _World, planted: bool) -> bool:
    return world.lead > 0.7 and (abs(world.fair) < 0.2 if planted else world.fair > 0.7)


def _config(rng: np.random.Generator, world: _World, team: str) -> str:
    folds, patience = int(rng.integers(4, 7)), int(rng.integers(5, 12))
    lines = [
        f"study: {team}",
        "choose_on: validation",
        f"folds: {folds}",
        "new_model:",
        f"  trials: {len(world.new)}",
        f"  patience: {patience}",
        "  learning_rate: [0.0001, 0.01]",
        "  depth: [2, 8]",
        "baseline:",
        f"  trials: {len(world.baseline)}",
        f"  patience: {patience}",
        "  regularisation: [0.01, 100]",
        "report: best_trial",
    ]
    return "\n".join(lines) + "\n"


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team = model_team(rng)
    world = drawn(seed, difficulty, planted, _draw, _decides)
    config = _config(rng, world, team.product.replace(" ", "-"))
    own = [float(one) for one in world.baseline] + [None] * (len(world.new) - len(world.baseline))
    said = (
        f"The new model had {len(world.new)} trials and the baseline {len(world.baseline)}. After {world.shared} "
        f"trials each the lead is {world.fair:+.2f} points; {world.lead:+.2f} are reported."
    )
    return drill(
        situation=(
            f"{team.company} searched settings for a new model of its {team.product} and for its baseline. The report "
            f"says: the best trial of the new model has {world.new.max():.2f} %, that of the baseline "
            f"{world.baseline.max():.2f} %, a lead of {world.lead:.2f} points; below {NOISE} nobody would switch."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("trial", "new model %", "baseline %"),
                rows=tuple((n + 1, float(world.new[n]), own[n]) for n in range(len(world.new))),
            ),
            Lines(name=CONFIG, text=config, language="yaml"),
        ),
        asked=(
            VERDICTS.asked(rng, "Does the lead belong to the model?", 35, planted, said),
            pick(
                "line",
                "Pick the lines that give the two searches unequal budgets.",
                20,
                CONFIG,
                places=places(["trials:" in line for line in config.splitlines()]) if planted else (),
                because="The two lines with the numbers of trials." if planted else "Trials and patience are equal.",
            ),
            number(
                "fair",
                "Lead of the new model's best trial at the largest number of trials that both have had?",
                30,
                "percentage points",
                value=world.fair,
                absolute=0.02,
                because=(
                    f"Best of the first {world.shared}: {world.new[: world.shared].max():.2f} and "
                    f"{world.baseline.max():.2f}."
                ),
            ),
            order(
                rng, "steps", "Put the steps of a fair search in order.", 15, STEPS, "A budget binds before it runs."
            ),
        ),
        points=_points(rng, planted, world),
        feedback=Feedback(
            evidence=said,
            price=(
                f"The switch is paid for a lead of {world.lead:.1f} points; after as many trials for both it is "
                f"{world.fair:.1f}."
                if planted
                else f"The lead of {world.lead:.1f} points is not bought by trials."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, world: _World) -> tuple[Point, ...]:
    budget = ("trial*", "budget*", "search*", "tun*")
    return (
        verdict_point(
            rng,
            "equal budgets",
            "The numbers of trials are ...",
            *("equal", "not equal", "not told"),
            holds=not planted,
            says=("Both searches had the same budget.", "The two searches did not have the same budget."),
            anchors=(budget, ("same", "equal*", "as many", "alike", "fair*")),
        ),
        number_point(
            rng,
            "lead at equal trials",
            "What is the lead at equal numbers of trials?",
            *(f"{world.fair:.2f}", f"{world.fair + 1.3:.2f}", f"{world.fair - 1.7:.2f}"),
            says=f"At equal trials the lead is {world.fair:.2f} points.",
            anchors=(("lead", "lift", "ahead", "difference", "gap"), budget),
            said=Said(value=world.fair, tolerance=0.06),
        ),
    )


def _solve(shown: Shown) -> Answers:
    seen, config = table(shown, TABLE), lines(shown, CONFIG)
    new, baseline = values(seen, "new model %"), values(seen, "baseline %")
    both = np.isfinite(new) & np.isfinite(baseline)
    fair = float(new[both].max() - baseline[both].max())
    planted = len({line.split()[-1] for line in config if "trials:" in line}) > 1 and fair < NOISE
    line = places(["trials:" in one for one in config]) if planted else ()
    return answered(shown, VERDICTS.right(planted), steps=STEPS, fair=fair, line=line)


def _best_against_best(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    lead = float(np.nanmax(values(seen, "new model %")) - np.nanmax(values(seen, "baseline %")))
    return answered(shown, VERDICTS.others[0], steps=STEPS[::-1], fair=lead, line=())


KIND = Kind(
    family=Family.COMPARISON,
    name=NAME,
    title="Two searches",
    fault="The new model was searched for with more trials than the baseline.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the best of each search is the model's worth",
            answers=_best_against_best,
            loses=("verdict", "fair", "line", "steps"),
            on_clean=("verdict", "steps"),
        ),
        seen_everywhere("a baseline is always tuned less", _solve, VERDICTS),
        hurried("other settings cannot be compared", VERDICTS.others[1], steps=STEPS),
    ),
)
