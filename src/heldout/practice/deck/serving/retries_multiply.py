"""Retries at each layer: one failing request becomes many, at the very moment when there is no room for them."""

import math
import re

from heldout.practice.deck.asked import drill, number, order, pick, verdict
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import lines
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines
from heldout.practice.question import Answers

__all__ = ["KIND"]

LAYERS = "clients.yml"
NAMES = ("app", "gateway", "orders-api", "feature-api")
FIELD = re.compile(r"^\s+(attempts|timeout_ms): (\d+)$")
ATTEMPTS = {
    Difficulty.EASY: ((3, 3, 3), (1, 2, 1), (2.2, 3.4)),
    Difficulty.MIDDLE: ((3, 1, 3), (3, 1, 2), (6.5, 8.0)),
    Difficulty.HARD: ((2, 2, 2, 2), (2, 2, 1, 2), (9.0, 14.0)),
}
"""Attempts by layer in the planted world and in its twin, and the capacity as a multiple of the requests."""
AMPLIFY = "When the model fails, retries multiply to more than it can answer: it can't come back"
BEARS = "When the model fails, retries raise the load to no more than it can answer"
NONE = "Nothing is retried, so the load stays as it is"
CALM = "Retries wait for each other, so the load falls while the model fails"
FIXES = (
    "Switch retries off until the model answers again",
    "Retry at one layer only, with a budget in per cent of its requests",
    "Rehearse an outage of the model each quarter, and count what arrives",
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("retries-multiply", seed, difficulty)
    told = story(rng)
    many, few, (least, most) = ATTEMPTS[difficulty]
    layers = NAMES[: len(many)]
    attempts = [(many if planted else few)[place] for place in rng.permutation(len(layers))]
    total = math.prod(attempts)
    rate = int(rng.integers(12, 40)) * 10
    capacity = round(rate * rng.uniform(least, most) / 10) * 10
    model_ms = int(rng.integers(2, 5)) * 100
    timeouts: list[int] = []
    below = model_ms
    short = set(rng.permutation(len(layers) - 1)[: 1 + (difficulty > 1)].tolist()) if planted else set()
    for place in reversed(range(len(layers))):
        needs = below if place == len(layers) - 1 else attempts[place + 1] * timeouts[0]
        fits = needs + 50
        timeouts.insert(0, round(needs * 0.6) if place in short else fits)
        below = timeouts[0]
    text, bad = [], []
    for place, name in enumerate(layers):
        calls = (*layers[1:], "model")[place]
        text += [f"{name}:", f"  calls: {calls}", f"  attempts: {attempts[place]}", f"  timeout_ms: {timeouts[place]}"]
        if place in short:
            bad.append(len(text))
    load = rate * total
    evidence = (
        f"{' × '.join(map(str, attempts))} = {total} calls of the model for one request that fails; {rate} requests a "
        f"second become {load:,}, and the model answers {capacity:,}."
    )
    return drill(
        f"At {told.company} a request for {told.answers} passes through {len(layers)} services before it reaches "
        f"the {told.model}; each calls the next, gives up an attempt after its timeout, and makes so many attempts "
        f"in all. The app sends {rate} requests a second, the model answers {capacity:,} calls a second at most, "
        f"one within {model_ms} ms. Suppose that every call of the model fails for a minute.",
        (Lines(name=LAYERS, text="\n".join(text), language="yaml"),),
        (
            number(
                "calls",
                "How many calls of the model does one request cause then, at most?",
                25,
                "calls",
                total,
                evidence,
            ),
            number(
                "load", "How many calls a second reach the model then, at most?", 15, "calls a second", load, evidence
            ),
            pick(
                "short",
                "Pick each timeout_ms that is shorter than all attempts of the service which it calls take, if any.",
                20,
                LAYERS,
                bad,
                "A caller that gives up earlier starts again while what it called is still trying.",
            ),
            verdict(rng, "What do you say?", 25, AMPLIFY if planted else BEARS, (AMPLIFY, BEARS, NONE, CALM), evidence),
            order(
                rng,
                "fixes",
                "If retries keep a service down: what first stops the harm, then mends the cause, then keeps it away?",
                15,
                FIXES,
                "The outage first, the setting second, the rehearsal third.",
            ),
        ),
        (
            point(
                rng,
                f"One failing request causes {total} calls of the model.",
                (("retr*", "attempt*", "call*", "multipl*", "amplif*"),),
                "How many calls does one failing request cause?",
                str(total),
                (str(sum(attempts) + 20), str(total + 5)),
                number=(total, 0.005),
            ),
            point(
                rng,
                f"The load then is {'more' if planted else 'no more'} than the model can answer.",
                (
                    ("load", "calls a second", "capacity", "requests"),
                    ("more than", "exceed*", "above", "beyond", "overload*"),
                ),
                f"{load:,} calls a second are ...",
                "more than the model answers" if planted else "within what the model answers",
                ("within what the model answers" if planted else "more than the model answers", "not to be told"),
                denied=not planted,
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"An outage of a minute goes on until someone switches retries off: {rate} {told.answers} a "
                "second are lost."
            )
            if planted
            else f"When the model is back it finds {load:,} calls a second and room for {capacity:,}, and recovers.",
        ),
    )


def _layers(shown: Shown) -> list[tuple[int, int, int]]:
    """Return the attempts, the timeout and the line of the timeout of each service, the first one first."""
    found = [
        (match[1], int(match[2]), at) for at, line in enumerate(lines(shown, LAYERS), 1) if (match := FIELD.match(line))
    ]
    attempts = [value for name, value, _ in found if name == "attempts"]
    timeouts = [(value, at) for name, value, at in found if name == "timeout_ms"]
    return [(tries, *timeout) for tries, timeout in zip(attempts, timeouts, strict=True)]


def _said(shown: Shown, before: str) -> float:
    return float(shown.situation.partition(before)[2].split()[0].replace(",", ""))


def _solve(shown: Shown) -> Answers:
    layers = _layers(shown)
    calls = math.prod(attempts for attempts, *_ in layers)
    load = calls * _said(shown, "app sends ")
    needs = [attempts * timeout for attempts, timeout, _ in layers[1:]] + [int(_said(shown, "one within "))]
    short = [line for (_, timeout, line), need in zip(layers, needs, strict=True) if timeout < need]
    capacity = _said(shown, "model answers ")
    return {
        "calls": calls,
        "load": load,
        "short": tuple(short),
        "verdict": option(shown, "verdict", AMPLIFY if load > capacity else BEARS if calls > 1 else NONE),
        "fixes": ranked(shown, "fixes", FIXES),
    }


def _sum(shown: Shown) -> int:
    """Return the retries of all layers added up, as if they did not multiply."""
    return 1 + sum(attempts - 1 for attempts, *_ in _layers(shown)) - (_solve(shown)["calls"] == 2)


KIND = Kind(
    family=Family.SERVING,
    name="retries-multiply",
    title="A minute's outage",
    fault="Each layer retries, so that an outage multiplies the load to more than can be answered.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="retries of layers add up, and help",
            answers=believing(_solve, BEARS, calls=_sum, short=lambda _: ()),
            loses=("calls", "verdict", "short"),
            on_clean=("calls",),
        ),
        Mutant(
            mistake="any retry brings the model down; the rehearsal comes first",
            answers=believing(
                _solve,
                AMPLIFY,
                short=lambda shown: tuple(line for *_, line in _layers(shown)),
                fixes=lambda shown: ranked(shown, "fixes", FIXES[::-1]),
            ),
            loses=("short", "fixes"),
            on_clean=("verdict", "short", "fixes"),
        ),
    ),
)
