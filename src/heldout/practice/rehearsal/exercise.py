"""Thirty minutes of monitoring: two days of a service's metrics from a seed, in which some things go wrong.

What is described is what the learner reads; what is drawn is what their alerts meet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["INTERVAL", "MINUTES", "SERVICE", "TOPICS", "Exercise", "Metric", "Stretch", "draw"]

MINUTES = 30
"""The time for it."""

INTERVAL = 60.0
SAMPLES = 48 * 60
FIRST, SLOT, MARGIN, RECOVERY = 120, 660, 15, 150
"""In minutes: events begin after the first, each in a slot of its own; after a bad one alerts may take the last of
these to fall silent."""

SERVICE = (
    "orders-model answers requests on a machine with 4 cores, and is scraped every minute. A computation every 30 "
    "minutes compares each feature of the last hours with the training table."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric as it is described: its topic, its labels, what is usual, when somebody has to be told."""

    topic: str
    name: str
    labels: str
    usual: str
    harmless: str
    wrong: str
    within: int
    """Minutes from the beginning of what is wrong to the alert."""


TOPICS = (
    Metric(
        topic="CPU",
        name="process_cpu_seconds_total",
        labels='job="orders-model"',
        usual="a counter; the process takes 1 to 2 cores, more by day than by night",
        harmless="an import takes it to 3.3 cores for a quarter of an hour",
        wrong="it takes 3.6 cores or more for half an hour and longer: requests wait",
        within=25,
    ),
    Metric(
        topic="latency",
        name="model_request_seconds_bucket",
        labels='job="orders-model", le="0.1" 0.2 0.3 0.5 1 2.5 +Inf; _count and _sum are there too',
        usual="20 requests a second; 95 % are answered within 0.3 s",
        harmless="a deployment slows requests for three minutes; for an hour there is a request every 20 seconds, and "
        "a single slow one is no trouble",
        wrong="more than one request of ten takes longer than 0.3 s, for half an hour and longer",
        within=20,
    ),
    Metric(
        topic="drift",
        name="model_feature_psi",
        labels='feature="price", "weight_kg" or "promised_days"',
        usual="a gauge, a new value every 30 minutes; 0.01 to 0.08",
        harmless="one computation of a few rows gives 0.4, and the next one is as usual; on some days it stays at 0.15",
        wrong="a feature has 0.3 or more and stays there for hours",
        within=150,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some time (minutes since the series begin) in the eyes of one topic; in a harmless one no alert may fire."""

    topic: str
    begin: int
    end: int
    is_bad: bool
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """The series, as promtool reads them, and the stretches of each topic in order."""

    series: tuple[dict[str, str], ...]
    stretches: tuple[Stretch, ...]


def draw(seed: int) -> Exercise:
    """Return the series and stretches of a seed; the same for the same seed.

    Each topic has two bad and two tempting stretches in an order that the seed draws, and quiet time between them.
    """
    rng = np.random.default_rng([seed, 30])
    makers = {"CPU": _cpu, "latency": _latency, "drift": _drift}
    series: list[dict[str, str]] = []
    stretches: list[Stretch] = []
    for metric in TOPICS:
        events = _events(metric.topic, rng)
        series += [{"series": name, "values": _written(values)} for name, values in makers[metric.topic](events, rng)]
        stretches += _with_quiet(metric.topic, events)
    return Exercise(series=tuple(series), stretches=tuple(stretches))


LENGTHS = {
    "CPU": (("saturated", 45, 100), ("saturated", 45, 100), ("an import", 13, 15), ("an import", 13, 15)),
    "latency": (("slow", 45, 90), ("slow", 45, 90), ("a deployment", 2, 3), ("little traffic", 60, 90)),
    "drift": (("moved", 300, 400), ("moved", 300, 400), ("a computation of few rows", 30, 30), ("a weekday", 240, 300)),
}
BAD = ("saturated", "slow", "moved")


def _events(topic: str, rng: np.random.Generator) -> list[Stretch]:
    kinds = [LENGTHS[topic][place] for place in rng.permutation(4)]
    events = []
    for slot, (what, shortest, longest) in enumerate(kinds):
        length = int(rng.integers(shortest, longest + 1))
        room = SLOT - length - RECOVERY - 2 * MARGIN
        begin = FIRST + slot * SLOT + MARGIN + int(rng.integers(0, room + 1))
        if topic == "drift":
            begin -= begin % 30  # values change with the computation
        events.append(Stretch(topic=topic, begin=begin, end=begin + length, is_bad=what in BAD, what=what))
    return events


def _with_quiet(topic: str, events: Sequence[Stretch]) -> Iterator[Stretch]:
    begin = 0
    for event in events:
        yield Stretch(topic=topic, begin=begin, end=event.begin, is_bad=False, what="as usual")
        yield event
        begin = event.end + (RECOVERY if event.is_bad else 0)
    yield Stretch(topic=topic, begin=begin, end=SAMPLES - 1, is_bad=False, what="as usual")


Series = Iterator[tuple[str, NDArray[np.float64]]]


def _cpu(events: Sequence[Stretch], rng: np.random.Generator) -> Series:
    minute = np.arange(SAMPLES)
    cores = 1.4 + 0.4 * np.sin(2 * np.pi * minute / 1440) + rng.uniform(-0.1, 0.1, SAMPLES)
    for event in events:
        least, most = (3.75, 3.95) if event.is_bad else (3.2, 3.3)
        cores[event.begin : event.end] = rng.uniform(least, most, event.end - event.begin)
    yield 'process_cpu_seconds_total{job="orders-model"}', np.cumsum(cores * INTERVAL)


EDGES = ("0.1", "0.2", "0.3", "0.5", "1", "2.5", "+Inf")
FAST, SLOW = (0.6, 0.3, 0.1, 0, 0, 0, 0), (0, 0, 0, 0.4, 0.4, 0.15, 0.05)
MIDDLE = (0.06, 0.15, 0.25, 0.4, 0.75, 1.7, 3.0)


def _latency(events: Sequence[Stretch], rng: np.random.Generator) -> Series:
    traffic, slow = np.full(SAMPLES, 20.0 * INTERVAL), rng.uniform(0.005, 0.015, SAMPLES)
    for event in events:
        part = slice(event.begin, event.end)
        if event.what == "little traffic":
            traffic[part], slow[part] = 3.0, 0.03
        else:
            slow[part] = rng.uniform(0.15, 0.3) if event.is_bad else rng.uniform(0.4, 0.6)
    counts = rng.poisson(traffic)
    late = rng.binomial(counts, slow)
    shares = np.stack([np.array(FAST), np.array(SLOW)])
    placed = rng.multinomial(counts - late, shares[0]) + rng.multinomial(late, shares[1])
    below = np.cumsum(np.cumsum(placed, axis=1), axis=0).astype(float)
    for place, edge in enumerate(EDGES):
        yield f'model_request_seconds_bucket{{job="orders-model",le="{edge}"}}', below[:, place]
    yield 'model_request_seconds_count{job="orders-model"}', below[:, -1]
    yield 'model_request_seconds_sum{job="orders-model"}', np.cumsum(placed @ np.array(MIDDLE))


FEATURES = ("price", "weight_kg", "promised_days")


def _drift(events: Sequence[Stretch], rng: np.random.Generator) -> Series:
    levels = {"moved": (0.32, 0.5), "a computation of few rows": (0.38, 0.45), "a weekday": (0.14, 0.16)}
    moved = {event: FEATURES[int(rng.integers(len(FEATURES)))] for event in events}
    for feature in FEATURES:
        values = np.repeat(rng.uniform(0.01, 0.08, SAMPLES // 30), 30)
        for event in (one for one in events if moved[one] == feature):
            count = -(-(event.end - event.begin) // 30)
            fresh = np.repeat(rng.uniform(*levels[event.what], count), 30)
            values[event.begin : event.end] = fresh[: event.end - event.begin]
        yield f'model_feature_psi{{feature="{feature}"}}', values


def _written(values: NDArray[np.float64]) -> str:
    return " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in values.tolist())
