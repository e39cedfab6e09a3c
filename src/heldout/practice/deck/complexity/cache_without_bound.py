"""A cache that forgets nothing, in a process that never ends."""

import re

import numpy as np

from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import lines, numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Curves, Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

CODE, PANEL, TABLE = "features.py", "memory", "memory every four hours"
HOURS = 48
DOUBLES = {Difficulty.EASY: 60, Difficulty.MIDDLE: 30, Difficulty.HARD: 14}
"""MB that the planted cache grows by in an hour."""
FORMS = {
    Difficulty.EASY: ("@lru_cache(maxsize=None)", "@lru_cache(maxsize=10_000)"),
    Difficulty.MIDDLE: ("@cache", "@lru_cache"),
    Difficulty.HARD: ('    if len(seen) > SLOTS: log("cache is full")', "    if len(seen) > SLOTS: seen.popitem()"),
}
"""Without a bound and with one; a bare lru_cache keeps 128, and a dict what nothing takes from it."""
LEAK = "Memory grows for as long as the process lives: the cache has no bound, and its keys don't repeat"
LEVEL = "Memory rises while the cache fills, and then stays: it has a bound"
DAY = "Memory follows the day's traffic, and the night brings it back to where it was on the morning before"
START = "Memory is what the model takes when it is loaded"
ASK = "How many different keys come in a day, and what bounds the cache?"
FIRST = {
    ASK: 1.0,
    "Could the pod be given twice the memory?": 0.0,
    "How large is the model on disk, and how large once it is loaded?": 0.0,
    "Does a restart each night help?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("cache-without-bound", seed, difficulty)
    told = story(rng)
    free, bound = FORMS[difficulty]
    form = free if planted else bound
    is_decorator = form.startswith("@")
    keeps = [] if is_decorator else ["    if key in seen:", "        return seen[key]", form]
    code = [
        "from functools import cache, lru_cache",
        "",
        "SLOTS = 10_000",
        "levels = lru_cache(maxsize=64)(read_levels)",
        *([] if is_decorator else ["seen = {}"]),
        "",
        *([form] if is_decorator else []),
        "def features(key):",
        *keeps,
        "    made = encode(read(key), levels())",
        *([] if is_decorator else ["    seen[key] = made"]),
        "    return made",
    ]
    line = code.index(form if is_decorator else "    seen[key] = made") + 1
    hours = np.arange(HOURS + 1)
    base, grows = float(rng.integers(700, 1200)), DOUBLES[difficulty] * rng.uniform(0.9, 1.1)
    filled = grows * 12 * (1 - np.exp(-hours / 3.0))
    wave = (0.05 + 0.25 * (difficulty > 1)) * grows * np.sin(2 * np.pi * (hours - 8) / 24) * 3
    memory = np.round(base + (grows * hours if planted else filled) + wave + rng.uniform(-2, 2, HOURS + 1))
    every = memory[::4].astype(int)
    limit = int(np.ceil((base + grows * 80) / 256) * 256)
    late = (float(memory[HOURS]) - float(memory[HOURS - 24])) / 24
    ends = (limit - float(memory[HOURS])) / late if planted else 0.0
    evidence = (
        f"From hour {HOURS - 24} to hour {HOURS} memory goes from {memory[HOURS - 24]:.0f} to {memory[HOURS]:.0f} "
        f"MB: {late:.1f} MB "
        "an hour" + (f", and {limit:,} MB are reached {ends:.0f} hours later." if planted else ", which is noise.")
    )
    return drill(
        f"A process of {told.company} that serves the {told.model} was started two days ago; {limit:,} MB is the "
        f"limit at which it is killed. Keys are numbers of {told.table}, and new ones come every hour. The panel "
        "shows its memory.",
        (
            Lines(name=CODE, text="\n".join(code), language="python"),
            Curves(
                name=PANEL,
                x=tuple(float(hour) for hour in hours),
                x_label="hours since the start",
                y_label="MB",
                series={"memory": tuple(float(value) for value in memory)},
            ),
            Rows(
                name=TABLE,
                columns=("hour", "MB"),
                rows=tuple((4 * place, int(value)) for place, value in enumerate(every)),
            ),
        ),
        (
            number(
                "grows",
                "By how many MB an hour did memory grow over the last 24 hours?",
                25,
                "MB an hour",
                late,
                evidence,
                absolute=0.35,
                relative=0.02,
            ),
            pick(
                "line",
                "Pick the line that keeps whatever it is given and forgets nothing, if any.",
                25,
                CODE,
                [line] if planted else [],
                (
                    "cache and lru_cache(maxsize=None) keep all, a bare lru_cache 128; a dict keeps what nothing "
                    "takes out."
                ),
            ),
            number(
                "hours",
                (
                    "After how many more hours at this rate is the limit reached (0 if memory grows by less than 1 "
                    "MB an hour)?"
                ),
                20,
                "hours",
                ends,
                evidence,
                relative=0.05,
                absolute=0.5,
            ),
            verdict(
                rng, "What does the panel say?", 20, LEAK if planted else LEVEL, (LEAK, LEVEL, DAY, START), evidence
            ),
            choice(
                rng,
                "first",
                "What would you ask first of a cache?",
                10,
                FIRST,
                "Keys and a bound decide what it keeps.",
            ),
        ),
        (
            point(
                rng,
                f"The cache is {'not ' if planted else ''}bounded.",
                (
                    ("cache*", "dict", "memory"),
                    ("bound*", "limit*", "maxsize", "evict*", "forget*"),
                ),
                "What the cache keeps is ...",
                "not bounded" if planted else "bounded",
                ("bounded" if planted else "not bounded", "emptied each night"),
                denied=planted,
            ),
            point(
                rng,
                f"Over the last day memory grew by {late:.0f} MB an hour.",
                (("memory", "mb", "megabyte*", "grow*", "grew"),),
                "By how much did memory grow an hour over the last day?",
                f"{late:.0f} MB",
                (f"{late + 9:.0f} MB", f"{late * 3 + 20:.0f} MB"),
                number=(late, max(1.0, 0.05 * late)),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=f"In {ends:.0f} hours the process is killed in the middle of its answers: for each, {told.harm}."
            if planted
            else f"At {memory[HOURS]:.0f} of {limit:,} MB nothing has to be mended.",
        ),
    )


def _growth(shown: Shown, hours: int = 24) -> float:
    memory = dict(zip(numbers(table(shown, TABLE), "hour"), numbers(table(shown, TABLE), "MB"), strict=True))
    return (memory[HOURS] - memory[HOURS - hours]) / hours


def _left(shown: Shown) -> float:
    limit = float(shown.situation.partition("two days ago; ")[2].split()[0].replace(",", ""))
    return limit - numbers(table(shown, TABLE), "MB")[-1]


def _unbounded(shown: Shown) -> tuple[int, ...]:
    """Return the lines that keep a key for ever: a cache without a size, or a dict that no line takes from."""
    code = lines(shown, CODE)
    is_emptied = any(re.search(r"\.pop(item)?\(", line) for line in code)
    keeps = re.compile(r"@(?:functools\.)?cache$|maxsize=None" + ("" if is_emptied else r"|^\s+\w+\[key\] = "))
    return tuple(place for place, line in enumerate(code, start=1) if keeps.search(line))


def _solve(shown: Shown) -> Answers:
    grows = _growth(shown)
    return {
        "grows": grows,
        "line": _unbounded(shown),
        "hours": _left(shown) / grows if grows >= 1 else 0.0,
        "verdict": option(shown, "verdict", LEAK if grows >= 1 else LEVEL),
        "first": option(shown, "first", ASK),
    }


def _caches(shown: Shown) -> tuple[int, ...]:
    return tuple(place for place, line in enumerate(lines(shown, CODE), start=1) if "lru_cache(maxsize=64)" in line)


def _since_start(shown: Shown) -> float:
    """Return the growth from the first hour on, with the filling of the cache in it and more."""
    return 1.3 * _growth(shown, HOURS) + 1


KIND = Kind(
    family=Family.COMPLEXITY,
    name="cache-without-bound",
    title="Two days of memory",
    fault="A cache without a bound grows for as long as its process lives.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="memory follows the traffic of the day",
            answers=believing(_solve, DAY, line=lambda _: (), hours=lambda _: 0.0),
            loses=("verdict", "line", "hours"),
            on_clean=("verdict",),
        ),
        Mutant(
            mistake="memory that has grown since the start will go on growing, and any cache does it",
            answers=believing(_solve, LEAK, grows=_since_start, line=_caches),
            loses=("grows", "line"),
            on_clean=("verdict", "grows", "line"),
        ),
    ),
)
