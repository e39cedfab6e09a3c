"""New pods that take traffic before they are warm."""

import numpy as np

from heldout.practice.deck.asked import drill, number, order, pick, verdict
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, places, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

LOG = "requests after the deploy"
ROWS, YOUNG, TIMEOUT = 32, 30, 1000
WARM = {Difficulty.EASY: 30, Difficulty.MIDDLE: 24, Difficulty.HARD: 18}
"""Seconds until a planted pod is warm."""
LARGE = {Difficulty.EASY: 0, Difficulty.MIDDLE: 2, Difficulty.HARD: 4}
"""Requests of the planted world that are slow because they are large."""
COLD = "New pods get requests before they are warm: what times out is ordinary, and its pod is young"
SIZE = "Large requests time out, on pods of any age: it is no cold start"
FEW = "There are too few pods: requests wait on all of them, the young and the old, until callers give up"
NETWORK = "The network was slow for all pods for some seconds"
FIXES = (
    "Take the new pods out of traffic, or roll the deploy back",
    "Let a pod report ready only after it has loaded the model and answered a warm-up request",
    "Add a deploy test that watches timeouts by the age of the pod",
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("cold-start", seed, difficulty)
    told = story(rng)
    old = rng.permutation(ROWS)[: ROWS // 2]
    age = np.where(np.isin(np.arange(ROWS), old), rng.integers(400, 9000, ROWS), rng.integers(1, YOUNG, ROWS))
    young = np.flatnonzero(age < YOUNG)
    age[young[:6]] = [2, 4, 7, 9, 12, 15]
    items = rng.integers(20, 120, ROWS)
    large = rng.permutation(old)[: LARGE[difficulty] if planted else 4]
    items[large] = rng.integers(500, 900, len(large))
    latency = rng.integers(90, 320, ROWS) + items
    latency[large] = rng.integers(1100, 1900, len(large))
    if planted:
        cold = np.flatnonzero(age < WARM[difficulty])
        latency[cold] = rng.integers(1050, 3000, len(cold))
    late = latency > TIMEOUT
    bad = [int(row) + 1 for row in np.flatnonzero(late & (age < YOUNG))]
    share = 100 * len(bad) / len(young)
    older = int((late & (age >= YOUNG)).sum())
    evidence = (
        f"Of {len(young)} requests to pods younger than {YOUNG} s, {len(bad)} time out ({share:.0f} %); of "
        f"{ROWS - len(young)} to older pods {older}, each of 500 items or more."
    )
    if not older:
        evidence = evidence.replace(", each of 500 items or more", "")
    return drill(
        f"{told.company} deployed its {told.model} at noon, with twice the pods. Callers give up after {TIMEOUT:,} ms. "
        f"These are {ROWS} requests of the first minutes: the age of the pod that got them, how many items they asked "
        f"about, and how long the answer took. A usual request has fewer than 150 items.",
        (
            Rows(
                name=LOG,
                columns=("request", "pod age, s", "items", "latency, ms"),
                rows=tuple((row + 1, int(age[row]), int(items[row]), int(latency[row])) for row in range(ROWS)),
            ),
        ),
        (
            pick(
                "late",
                f"Pick each request that timed out on a pod younger than {YOUNG} s, if any.",
                30,
                LOG,
                bad,
                evidence,
            ),
            number(
                "share",
                f"Of the requests to pods younger than {YOUNG} s, how many per cent timed out?",
                20,
                "percent",
                share,
                evidence,
                absolute=1,
            ),
            verdict(
                rng, "What made requests time out?", 30, COLD if planted else SIZE, (COLD, SIZE, FEW, NETWORK), evidence
            ),
            order(
                rng,
                "fixes",
                "If pods are cold: what first stops the harm, then mends the cause, then keeps it from coming back?",
                20,
                FIXES,
                "Callers first, readiness second, the test that guards it third.",
            ),
        ),
        (
            point(
                rng,
                f"Young pods {'time' if planted else 'do not time'} out on ordinary requests.",
                (
                    ("young*", "new pod*", "cold", "warm*", "age", "start-up", "startup"),
                    ("time out", "timed out", "times out", "timeout*", "slow", "late"),
                ),
                "Ordinary requests time out ...",
                "on young pods" if planted else "nowhere",
                ("nowhere" if planted else "on young pods", "on old pods"),
                denied=not planted,
            ),
            point(
                rng,
                f"{share:.0f} per cent of the requests to young pods time out.",
                (("young*", "new pod*", "cold", "younger"),),
                "How many per cent of the requests to young pods time out?",
                f"{share:.0f} %",
                (f"{(share + 35) % 100:.0f} %", f"{(share + 61) % 100:.0f} %"),
                number=(share / 100, 0.02),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=f"Each deploy costs {share:.0f} per cent of the requests to new pods: for each, {told.harm}."
            if planted
            else f"Warming pods would cure nothing here; {older} large requests would still be lost.",
        ),
    )


def _late(shown: Shown) -> tuple[list[bool], list[bool], list[bool]]:
    """Return, by request, whether it timed out, whether its pod was young, and whether it was large."""
    limit = float(shown.situation.partition("give up after ")[2].split()[0].replace(",", ""))
    ages, sizes = numbers(table(shown, LOG), "pod age, s"), numbers(table(shown, LOG), "items")
    return (
        [one > limit for one in numbers(table(shown, LOG), "latency, ms")],
        [a < YOUNG for a in ages],
        [s >= 150 for s in sizes],
    )


def _solve(shown: Shown) -> Answers:
    late, young, large = _late(shown)
    both = [a and b for a, b in zip(late, young, strict=True)]
    usual = [a and not b for a, b in zip(both, large, strict=True)]
    return {
        "late": places(both),
        "share": 100 * sum(both) / sum(young),
        "verdict": option(shown, "verdict", COLD if sum(usual) > 1 else SIZE),
        "fixes": ranked(shown, "fixes", FIXES),
    }


def _all_late(shown: Shown) -> float:
    late, *_ = _late(shown)
    return 100 * sum(late) / len(late)


def _all_young(shown: Shown) -> tuple[int, ...]:
    return places(_late(shown)[1])


KIND = Kind(
    family=Family.SERVING,
    name="cold-start",
    title="Noon, twice the pods",
    fault="New pods take traffic before they are warm, and ordinary requests time out on them.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a timeout is a timeout, whoever answers, and more pods cure it",
            answers=believing(_solve, FEW, share=_all_late, late=lambda shown: places(_late(shown)[0])[:1]),
            loses=("verdict", "share", "late"),
            on_clean=("verdict", "share", "late"),
        ),
        Mutant(
            mistake="after a deploy it is the cold start, on every young pod; tests come first",
            answers=believing(_solve, COLD, late=_all_young, fixes=lambda shown: ranked(shown, "fixes", FIXES[::-1])),
            loses=("fixes",),
            on_clean=("verdict", "late", "fixes"),
        ),
    ),
)
