"""A batch that is large for throughput, and waits for its last request."""

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE = "time of a batch"
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)
STEPS = {Difficulty.EASY: 2, Difficulty.MIDDLE: 1, Difficulty.HARD: 1}
"""By so many doublings the planted batch is too large."""
OVER = {Difficulty.EASY: 0.5, Difficulty.MIDDLE: 0.5, Difficulty.HARD: 0.9}
"""Where the promise lies between the latency of the largest batch that keeps it, 0, and of the next, 1."""
WAITS = "The batch keeps up, but its first request waits too long until the batch is full"
SOUND = "The batch keeps up, and its first request is answered in time"
BEHIND = "The batch does not keep up with the requests: the queue grows"
COMPUTE = "The time of the batch alone breaks the promise, whether its requests wait for it or not"
ASK = "What was promised to one request, and how many of them come?"
FIRST = {
    ASK: 1.0,
    "What is the largest batch that fits into memory?": 0.0,
    "How busy is the processor at this size?": 0.0,
    "Which size had the best throughput in the paper?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("batch-waits-to-fill", seed, difficulty)
    told = story(rng)
    rate = int(rng.integers(20, 36)) * 10
    fixed, each = float(rng.integers(12, 19)), float(rng.uniform(1.2, 1.7))
    times = np.round(fixed + each * np.array(SIZES) * rng.uniform(0.98, 1.02, len(SIZES)), 1)
    whole = [1000 * (size - 1) / rate + float(time) for size, time in zip(SIZES, times, strict=True)]
    fits = int(rng.choice([4, 5]))
    promise = int(whole[fits] + OVER[difficulty] * (whole[fits + 1] - whole[fits]))
    chosen = fits + STEPS[difficulty] * planted
    size, speed = SIZES[chosen], 1000 * SIZES[chosen] / float(times[chosen])
    wait = whole[chosen] - float(times[chosen])
    evidence = (
        f"Batches of {size} take {times[chosen]:g} ms, {speed:.0f} requests a second where {rate} come. The first "
        f"request waits {wait:.0f} ms until the batch is full: {whole[chosen]:.0f} ms in all, where {promise} are "
        "promised."
    )
    return drill(
        f"{told.company} answers requests to its {told.model} in batches of {size}: a batch starts when it is "
        f"full. {rate} requests come each second, evenly. Each request is promised an answer within {promise} ms. "
        "This is how long one batch takes, measured on the machine that serves; one batch at a time.",
        (
            Rows(
                name=TABLE,
                columns=("batch size", "ms a batch"),
                rows=tuple((one, float(time)) for one, time in zip(SIZES, times, strict=True)),
            ),
        ),
        (
            number(
                "speed",
                f"How many requests a second can batches of {size} answer?",
                20,
                "requests a second",
                speed,
                evidence,
                relative=0.02,
            ),
            number(
                "first",
                "How long after it came is the first request of a batch answered?",
                30,
                "ms",
                whole[chosen],
                f"{size - 1} more requests come in {wait:.0f} ms, then the batch takes {times[chosen]:g} ms.",
                relative=0.03,
            ),
            choice(
                rng,
                "largest",
                "Which is the largest batch that keeps the promise and keeps up?",
                15,
                {str(SIZES[place]): float(place == fits) for place in range(fits - 2, min(fits + 3, len(SIZES)))},
                f"{SIZES[fits]}: {whole[fits]:.0f} ms; {SIZES[fits + 1]} takes {whole[fits + 1]:.0f} ms.",
            ),
            verdict(
                rng,
                "What do you say of the batch size?",
                25,
                WAITS if planted else SOUND,
                (WAITS, SOUND, BEHIND, COMPUTE),
                evidence,
            ),
            choice(
                rng,
                "ask",
                "What would you ask before choosing a size?",
                10,
                FIRST,
                "Size trades latency for throughput.",
            ),
        ),
        (
            point(
                rng,
                f"The first request of a batch is answered after {whole[chosen]:.0f} ms.",
                (("first request", "wait*", "fill*", "full", "latency"),),
                "After how long is the first request of a batch answered?",
                f"{whole[chosen]:.0f} ms",
                (f"{times[chosen]:.0f} ms", f"{2 * whole[chosen]:.0f} ms"),
                number=(whole[chosen], 0.05 * whole[chosen]),
            ),
            point(
                rng,
                f"The promise is {'' if planted else 'not '}broken.",
                (
                    ("promise*", "too long", "in time", "latency"),
                    ("broken", "breaks", "break", "misses", "missed", "too long", "exceed*"),
                ),
                "The promise is ...",
                "broken" if planted else "kept",
                ("kept" if planted else "broken", "not touched by batching"),
                denied=not planted,
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"Requests wait up to {whole[chosen]:.0f} ms instead of {promise}; for each one that gives up, "
                f"{told.harm}."
            )
            if planted
            else f"A smaller batch would answer sooner, and below {rate} a second the queue would grow.",
        ),
    )


def _case(shown: Shown) -> tuple[int, float, float, dict[int, float]]:
    """Return the batch size, the requests a second, the promised ms, and the ms of a batch by its size."""
    told = shown.situation
    size = int(told.partition("in batches of ")[2].split(":")[0])
    rate = float(told.partition("when it is full. ")[2].split()[0])
    promise = float(told.partition("answer within ")[2].split()[0])
    return (
        size,
        rate,
        promise,
        dict(
            zip(
                map(int, numbers(table(shown, TABLE), "batch size")),
                numbers(table(shown, TABLE), "ms a batch"),
                strict=True,
            )
        ),
    )


def _solve(shown: Shown) -> Answers:
    size, rate, promise, times = _case(shown)
    whole = {one: 1000 * (one - 1) / rate + time for one, time in times.items()}
    keeps_up = {one: 1000 * one / time >= rate for one, time in times.items()}
    largest = max(one for one in times if keeps_up[one] and whole[one] <= promise)
    says = (
        BEHIND
        if not keeps_up[size]
        else COMPUTE
        if times[size] > promise
        else WAITS
        if whole[size] > promise
        else SOUND
    )
    return {
        "speed": 1000 * size / times[size],
        "first": whole[size],
        "largest": option(shown, "largest", str(largest)),
        "verdict": option(shown, "verdict", says),
        "ask": option(shown, "ask", ASK),
    }


def _compute(shown: Shown) -> float:
    size, _, _, times = _case(shown)
    return times[size]


def _by_compute(shown: Shown) -> int:
    options = next(one.options for one in shown.questions if one.name == "largest")
    return max(range(len(options)), key=lambda place: int(options[place]))


def _smallest(shown: Shown) -> int:
    options = next(one.options for one in shown.questions if one.name == "largest")
    return min(range(len(options)), key=lambda place: int(options[place]))


KIND = Kind(
    family=Family.SERVING,
    name="batch-waits-to-fill",
    title="How large a batch?",
    fault="A batch is so large that its first request waits longer than was promised until it is full.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the latency of a request is the time of its batch",
            answers=believing(_solve, SOUND, first=_compute, largest=_by_compute),
            loses=("first", "largest", "verdict"),
            on_clean=("first", "largest"),
        ),
        Mutant(
            mistake="batching always costs too much latency",
            answers=believing(_solve, WAITS, largest=_smallest),
            loses=("largest",),
            on_clean=("verdict", "largest"),
        ),
    ),
)
