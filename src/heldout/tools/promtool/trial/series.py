"""Writes series for promtool: samples of metrics that stay as they are, or change when a scenario begins."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from heldout.tools.promtool.trial.labels import Labels
from heldout.tools.promtool.trial.leaf import AGE, BUCKETS, COUNTER, STAMP, TOGGLE, Leaf
from heldout.tools.promtool.trial.words import bounds_of

__all__ = ["Course", "Plan", "input_series"]

NOISE = 0.05
"""Levels vary by up to this share, growth per second by up to twice."""

EDGES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Where buckets of a histogram end, in thresholds."""

USUAL = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
EVENTS = 10.0
"""A histogram grows by so many events a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When things happen, in samples: the scenario begins at sample `begin` of `samples`, `interval` seconds apart."""

    interval: float
    begin: int
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One series before and after the scenario begins; None is a series that is not there."""

    before: Leaf | None
    after: Leaf | None


def input_series(courses: Sequence[Course], plan: Plan) -> list[dict[str, str]]:
    """Return promtool's `input_series` of these courses."""
    made: dict[str, str] = {}
    for course in courses:
        leaf = course.after or course.before
        if leaf is None:
            continue
        for copy in range(max(one.copies for one in (course.before, course.after) if one is not None)):
            labels = leaf.labels if copy == 0 else (*leaf.labels, ("copy", str(copy)))
            made |= dict(_samples(course, leaf, labels, plan, seed=copy))
    return [{"series": name, "values": values} for name, values in sorted(made.items())]


def _samples(course: Course, leaf: Leaf, labels: Labels, plan: Plan, seed: int) -> Iterator[tuple[str, str]]:
    if leaf.mode == BUCKETS:
        yield from _histogram(course, leaf, labels, plan)
        return
    values = np.full(plan.samples, np.nan)
    for state, part in ((course.before, slice(0, plan.begin)), (course.after, slice(plan.begin, plan.samples))):
        if state is not None:
            values[part] = _levels(state, plan, seed)[part]
    if leaf.mode == COUNTER:
        there = ~np.isnan(values)
        steps = np.where(there, values, 0.0) * plan.interval
        values = np.where(there, 1000.0 + np.cumsum(steps), np.nan)
    yield _named(leaf.name, labels), _written(values)


def _levels(leaf: Leaf, plan: Plan, seed: int) -> np.ndarray:
    """Return the level at every sample; of a counter it is the growth per second."""
    level = leaf.value()
    steady = np.full(plan.samples, level)
    if leaf.mode == STAMP:
        return steady
    if leaf.mode == TOGGLE:
        return 10.0 + (np.arange(plan.samples) % 2) * 2.0 * level
    is_exact = leaf.level is not None or any(sign in ("==", "!=") for sign, _ in leaf.bounds) or len(leaf.bounds) > 1
    noise = np.random.default_rng(seed).uniform(-NOISE, NOISE, plan.samples) * (2 if leaf.mode == COUNTER else 1)
    varied = steady if is_exact else steady * (1 + noise)
    if leaf.mode == AGE:
        return np.arange(plan.samples) * plan.interval - varied
    least, most = bounds_of(leaf.name, leaf.mode == COUNTER)
    return varied if leaf.signed else np.clip(varied, least, most)


def _histogram(course: Course, leaf: Leaf, labels: Labels, plan: Plan) -> Iterator[tuple[str, str]]:
    asked = {bound for one in (course.before, course.after) if one for _, bound in one.bounds if bound > 0}
    edges = sorted({share * bound for bound in asked for share in EDGES} | (set() if asked else set(USUAL)))
    for edge in (*edges, math.inf):
        growth = np.full(plan.samples, np.nan)
        for state, part in ((course.before, slice(0, plan.begin)), (course.after, slice(plan.begin, plan.samples))):
            if state is not None:
                level = state.value()
                holder = next((one for one in edges if one >= level * (1 - 1e-9)), math.inf)
                growth[part] = EVENTS if edge >= holder else 0.0
        there = ~np.isnan(growth)
        values = np.where(there, np.cumsum(np.where(there, growth, 0.0) * plan.interval), np.nan)
        yield _named(leaf.name, (*labels, ("le", "+Inf" if math.isinf(edge) else f"{edge:.6g}"))), _written(values)


def _named(name: str, labels: Labels) -> str:
    inside = ",".join(f"{label}={json.dumps(value)}" for label, value in labels)
    return f"{name}{{{inside}}}"


def _written(values: np.ndarray) -> str:
    return " ".join("_" if math.isnan(value) else _decimal(value) for value in values.tolist())


def _decimal(value: float) -> str:
    """Write a number without an exponent, which promtool's notation does not know everywhere."""
    return f"{value:.3f}" if abs(value) >= 100 else f"{value:.9f}"
