"""The chances that `heldout eval new` prints, held against worlds that are drawn and decided by the scoring code."""

import functools
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from heldout.core.lift import Band, LiftScale, LiftTarget
from heldout.evals.authoring.candidates import Pilot
from heldout.evals.authoring.power import outlook
from heldout.stats import METRICS, decide, paired_lift

pytestmark = pytest.mark.slow
Floats = NDArray[np.float64]
WORLDS, HOLDOUTS = 1000, 30
TARGET = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)
CLUSTERS, SIZE = 70, 60
TOLERANCE = 0.08
"""A single holdout's standard error is itself uncertain by some 10 %; 30 of them and 1,000 worlds leave this much."""

World = tuple[Floats, Floats, Floats, Floats, NDArray[np.int64]]
Candidate = Callable[[World, float], Floats]


def chance(logit: Floats) -> Floats:
    return 1 / (1 + np.exp(-logit))


def draw(rng: np.random.Generator, clusters: int = CLUSTERS) -> World:
    """Label, two parts of the signal, noise, cluster; how much the second part is worth differs by cluster."""
    cluster = np.repeat(np.arange(clusters), SIZE)
    seen, rest, noise = rng.normal(size=(3, cluster.size))
    level = rng.normal(size=clusters)[cluster]
    worth = np.exp(0.3 * rng.normal(size=clusters))[cluster]
    label = rng.random(cluster.size) < chance(0.6 * seen + worth * rest + 0.4 * level)
    return label.astype(float), seen, rest, noise, cluster


def better(world: World, strength: float) -> Floats:
    """The baseline's part of the signal, and some of the rest."""
    _, seen, rest, _, _ = world
    return chance(0.6 * seen + strength * rest)


def other(world: World, share: float) -> Floats:
    """Some of the rest, as much as the minimum takes, and as much noise as takes the lift away again."""
    _, seen, rest, noise, _ = world
    return chance(0.6 * seen + place_of(TARGET.minimum, better, shrunk) * rest + (1 - share) * noise)


def noisy(world: World, strength: float) -> Floats:
    """All of the signal in the same parts, under noise."""
    _, seen, rest, noise, _ = world
    return chance(strength * (0.6 * seen + rest) + noise)


def shrunk(world: World) -> Floats:
    return chance(0.6 * world[1])


def constant(world: World) -> Floats:
    return np.full(world[0].size, 0.5)


@functools.cache
def place_of(lift: float, candidate: Candidate, baseline: Callable[[World], Floats]) -> float:
    """Return the argument at which a candidate's true lift is `lift`, from one large sample."""
    world = draw(np.random.default_rng(99), clusters=8000)
    base = METRICS["roc_auc"].value(world[0], baseline(world))
    low, high = 0.0, 1.0
    for _ in range(16):
        middle = (low + high) / 2
        is_low = METRICS["roc_auc"].value(world[0], candidate(world, middle)) / base - 1 < lift
        low, high = (middle, high) if is_low else (low, middle)
    return high


@pytest.mark.parametrize(
    ("baseline", "candidate", "lift"),
    [
        (shrunk, other, 0.0),
        (shrunk, better, 0.02),
        (shrunk, better, 0.05),
        (constant, noisy, 0.0),
        (constant, noisy, 0.02),
        (constant, noisy, 0.05),
    ],
)
def test_the_printed_chances_are_those_of_redrawn_worlds(
    baseline: Callable[[World], Floats], candidate: Candidate, lift: float
) -> None:
    rng = np.random.default_rng(7)
    place = place_of(lift, candidate, baseline)
    bands: Counter[Band] = Counter()
    for _ in range(WORLDS):
        world = draw(rng)
        measured = paired_lift(
            world[0],
            candidate(world, place),
            baseline(world),
            metric="roc_auc",
            scale=TARGET.scale,
            cluster=world[-1],
            coverage_worlds=0,
        )
        bands[decide(measured, TARGET, "bitwise", "tolerance").band] += 1
    printed = []
    for _ in range(HOLDOUTS):
        world = draw(rng)
        pilot = Pilot(
            label=world[0], baseline=baseline(world), pilot=better(world, 1.0), cluster=world[-1], metric="roc_auc"
        )
        printed.append(next(one for one in outlook(pilot, TARGET).chances if one.true_lift == lift).bands)
    for band in Band:
        said = float(np.mean([chances[band] for chances in printed]))
        print(f"{baseline.__name__} lift {lift:g} {band}: drawn {bands[band] / WORLDS:.3f}, printed {said:.3f}")
        assert bands[band] / WORLDS == pytest.approx(said, abs=TOLERANCE)
