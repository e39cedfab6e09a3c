"""An offline gain taken for an online one, though past launches show that the offline metric says little of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, first, number, order, pick
from heldout.practice.deck.companies import feature_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

NAME = "offline-win-that-loses-online"
LAUNCHES = {Difficulty.EASY: 10, Difficulty.MIDDLE: 16, Difficulty.HARD: 24}
WEAK = {Difficulty.EASY: (-0.6, -0.2), Difficulty.MIDDLE: (-0.3, 0.05), Difficulty.HARD: (-0.1, 0.2)}
"""The correlation of offline and online lifts in the planted world."""
TABLE = "past launches"
OFFLINE, ONLINE = "offline lift, %", "online lift, %"
VERDICTS = Verdicts(
    fault="Past launches show no use of the offline metric as a forecast: the online lift is unknown",
    clean="Past launches show that the offline metric forecasts online lifts: a gain may be expected",
    others=(
        "An offline gain on held-out rows is an online gain, as both are measured on the same users' clicks",
        "Offline metrics never say anything of online results, whatever past launches may have shown",
    ),
)
FIRST = (
    "How did the offline lifts of past launches go together with the online lifts that followed?",
    "Is the offline lift significant on the held-out clicks, with a paired test by user?",
    "Could the offline lift be raised further before the model is launched?",
    "Were offline and online lifts of past launches reported by the same people?",
)
STEPS = (
    "Set past offline lifts beside the online lifts that followed",
    "Find what the offline rows do not see: position, delay, who was shown what",
    "Choose an offline metric that would have ranked the past launches",
    "Test the new model online on a small share, and keep its result for the table",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Past lifts in percent, the offline lift of the new model, and between what the correlation lies if planted."""

    offline: NDArray[np.float64]
    online: NDArray[np.float64]
    now: float
    weak: tuple[float, float]

    @property
    def together(self) -> float:
        return float(np.corrcoef(self.offline, self.online)[0, 1])

    @property
    def failed(self) -> NDArray[np.bool_]:
        return (self.offline > 0) & (self.online < 0)


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    count = LAUNCHES[difficulty]
    offline = np.round(np.abs(rng.normal(2.0, 1.4, count)) * rng.choice([1, 1, 1, -1], count) + 0.05, 2)
    skill, noise = (rng.uniform(-0.2, 0.1), 0.9) if planted else (0.55, 0.35)
    online = np.round(skill * offline + rng.normal(0, noise, count), 2)
    return _World(offline=offline, online=online, now=round(float(rng.uniform(1.8, 3.8)), 2), weak=WEAK[difficulty])


def _decides(world: _World, planted: bool) -> bool:
    if np.any(world.offline == 0) or np.any(world.online == 0):
        return False
    together, failed = world.together, int(world.failed.sum())
    low, high = world.weak
    share = failed / int((world.offline > 0).sum())
    return low < together < high and share > 0.35 if planted else 0.8 < together < 0.95 and share < 0.2


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, count = feature_team(rng), LAUNCHES[difficulty]
    world = drawn(seed, difficulty, planted, _draw, _decides)
    up, failed = int((world.offline > 0).sum()), int(world.failed.sum())
    said = (
        f"Over {count} launches offline and online lifts correlate by {world.together:.2f}; of {up} launches with an "
        f"offline gain {failed} lost online."
    )
    return drill(
        situation=(
            f"{team.company} has a new model behind its {team.product}. On held-out clicks it gains {world.now:.2f} % "
            f"of the ranking metric, and the plan books a gain in {team.items} for it, without a test online. "
            "The team keeps a table of what became of earlier launches."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("launch", OFFLINE, ONLINE),
                rows=tuple(
                    (place + 1, float(world.offline[place]), float(world.online[place])) for place in range(count)
                ),
            ),
        ),
        asked=(
            VERDICTS.asked(rng, "What may be expected online?", 35, planted, said),
            number(
                "together",
                "Correlation of offline and online lifts over the past launches (Pearson)?",
                20,
                "-1 to 1",
                value=world.together,
                absolute=0.03,
                because=f"It is {world.together:.2f}.",
            ),
            pick(
                "failed",
                "Pick the launches that gained offline and lost online.",
                20,
                TABLE,
                places=places(world.failed),
                because=f"{failed} of {up} launches with an offline gain.",
            ),
            order(
                rng,
                "steps",
                "Suppose the offline metric does not forecast. Put the recovery in order.",
                15,
                STEPS,
                "The table shows that it fails, the rows show why, the new metric is judged by the table.",
            ),
            first(rng, 10, FIRST, "A proxy is worth what it has forecast."),
        ),
        points=_points(rng, planted, failed),
        feedback=Feedback(
            evidence=said,
            price=(
                f"A gain is booked that {failed} of {up} like it did not bring."
                if planted
                else f"Of {up} offline gains {up - failed} were gains online too."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, failed: int) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "offline forecasts online",
            "Past offline lifts ... the online lifts.",
            *("forecast", "did not forecast", "caused"),
            holds=not planted,
            says=(
                "The offline metric forecasts the online lifts.",
                "The offline metric does not forecast the online lifts.",
            ),
            anchors=(("offline", "proxy", "metric"), ("forecast*", "predict*", "correlat*", "tells", "says", "agrees")),
        ),
        number_point(
            rng,
            "launches that failed",
            "How many launches gained offline and lost online?",
            *(f"{failed}", f"{failed + 3}", f"{failed + 6}"),
            says=f"{failed} launches gained offline and lost online.",
            anchors=(("launch*", "lost", "failed", "negative"),),
            said=Said(value=failed, tolerance=0.5),
        ),
    )


def _solve(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    offline, online = values(seen, OFFLINE), values(seen, ONLINE)
    failed = (offline > 0) & (online < 0)
    a, b = offline - offline.mean(), online - online.mean()
    together = float(a @ b / np.sqrt((a @ a) * (b @ b)))
    verdict = VERDICTS.right(together < 0.5)
    return answered(shown, verdict, steps=STEPS, first=FIRST[0], together=together, failed=places(failed))


def _hopeful(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    lost = places((values(seen, OFFLINE) < 0) | (values(seen, ONLINE) > 0))
    return answered(shown, VERDICTS.others[0], first=FIRST[1], together=1.0, failed=lost)


KIND = Kind(
    family=Family.EXPERIMENTS,
    name=NAME,
    title="A gain on paper",
    fault="An offline gain is booked as an online one, though the offline metric has not forecast any.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="what wins offline wins online",
            answers=_hopeful,
            loses=("verdict", "together", "failed", "first"),
            on_clean=("verdict", "together", "failed", "first"),
        ),
        seen_everywhere("an offline metric is never a forecast", _solve, VERDICTS),
        hurried("offline results are worthless", VERDICTS.others[1], steps=STEPS, first=FIRST[2]),
    ),
)
