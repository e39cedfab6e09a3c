"""Which alerts fire on these curves: a dip below the threshold starts the wait anew."""

import numpy as np

from heldout.practice.deck.alerts import Rule, longest_run, parsed, starts, written
from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, places, table, text
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Curves, Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

RULES, VALUES, PAGED = "alerts.yml", "the forty minutes", "ErrorsHigh"
MINUTES = tuple(float(minute) for minute in range(40))
DIP = {Difficulty.EASY: 0.5, Difficulty.MIDDLE: 0.8, Difficulty.HARD: 0.93}
"""What is left of the threshold in a dip."""
LOST = "Nobody is paged: each dip below the threshold starts the wait of ErrorsHigh anew"
PAGES = "The page goes out: ErrorsHigh stays true for as long as its `for` asks"
NOISE = "ErrorsHigh fires in the quiet minutes before the incident already, and is taken for noise"
ABSENT = "ErrorsHigh reads a series that is not there"
ASK = "Is a page worth more here when it comes twice, or when it comes at all?"
FIRST = {
    ASK: 1.0,
    "Should the threshold be halved?": 0.0,
    "Which release went out before minute 0?": 0.0,
    "Could the rules be evaluated every ten seconds, so that no dip is overlooked?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("which-alert-fires", seed, difficulty)
    told = story(rng)
    hold, begin = float(rng.choice([8, 10, 12])), int(rng.integers(5, 9))
    threshold = float(rng.choice([0.02, 0.04, 0.05]))
    near = DIP[difficulty]
    errors = threshold * rng.uniform(0.1, 0.4, 40)
    errors[begin:] = threshold * rng.uniform(1.08, 1.9, 40 - begin)
    stride = rng.integers(int(hold) - 3, int(hold) + 1)
    dips = np.arange(begin + stride, 40, stride)
    errors[dips] = threshold * (near if planted else 1.02 + (1 - near) / 2) * rng.uniform(0.98, 1.0, len(dips))
    if not planted:
        errors[dips] = np.maximum(errors[dips], threshold * 1.01)
    latency = 0.3 + rng.uniform(0, 0.1, 40) + 0.35 * (np.arange(40) >= begin)
    busy = rng.uniform(0.4, 0.6, 40)
    name = told.prefix
    series = {f"{name}_error_ratio": errors, f"{name}_latency_p99_seconds": latency, f"{name}_cpu_ratio": busy}
    rounded = {key: tuple(round(float(one), 4) for one in values) for key, values in series.items()}
    keys = tuple(series)
    rules = [
        Rule(alert=PAGED, metric=keys[0], threshold=threshold, hold=hold, notes={"severity": "page"}),
        Rule(alert="AnswersSlow", metric=keys[1], threshold=0.5, hold=5, notes={"severity": "ticket"}),
        Rule(alert="CpuHigh", metric=keys[2], threshold=0.85, hold=5, notes={"severity": "page"}),
        Rule(alert="ErrorsSome", metric=keys[0], threshold=round(threshold / 2, 3), hold=20 if difficulty > 2 else 38),
        Rule(alert="AnswersVerySlow", metric=keys[1], threshold=0.9, hold=2, notes={"severity": "page"}),
    ]
    rules = [rules[place] for place in rng.permutation(3 + (difficulty > 1) + (difficulty > 2))]
    shown_rules = parsed(written(rules))
    fire = [rule for rule in shown_rules if starts(rule, MINUTES, rounded[rule.metric])]
    paged = next(rule for rule in shown_rules if rule.alert == PAGED)
    run = longest_run([paged.is_true(value) for value in rounded[keys[0]]])
    above = sum(paged.is_true(value) for value in rounded[keys[0]])
    told_run = (
        f"`{keys[0]}` is above {threshold:g} in {above} minutes, at most {run} in a row; `for: {hold:g}m` takes "
        f"{hold + 1:g} evaluations in a row."
    )
    units = {keys[0]: "share", keys[1]: "seconds", keys[2]: "share"}
    return drill(
        f"At {told.company}, the {told.model} had a bad time: {told.answers} failed from minute {begin} on. The rules "
        "below are evaluated once a minute. Panels and table show forty minutes, minute by minute.",
        (
            Lines(name=RULES, text=written(rules), language="yaml"),
            Rows(
                name=VALUES,
                columns=("minute", *keys),
                rows=tuple((minute, *(rounded[key][minute] for key in keys)) for minute in range(40)),
            ),
            *(
                Curves(name=key, x=MINUTES, x_label="minute", y_label=units[key], series={key: rounded[key]})
                for key in keys
            ),
        ),
        (
            pick(
                "fire",
                "Pick the `alert:` line of each rule that fires.",
                40,
                RULES,
                (one.line for one in fire),
                told_run,
            ),
            number(
                "run",
                f"For how many minutes in a row is {PAGED} true, at most?",
                20,
                "minutes",
                run,
                told_run,
                absolute=1,
            ),
            verdict(
                rng,
                "Is somebody paged about the errors?",
                25,
                LOST if planted else PAGES,
                (LOST, PAGES, NOISE, ABSENT),
                told_run,
            ),
            choice(
                rng, "first", "What would you ask before changing the rules?", 15, FIRST, "What a page is for decides."
            ),
        ),
        (
            point(
                rng,
                f"The rule {PAGED} {'does not' if planted else 'does'} fire in these minutes.",
                (("errorshigh", "error alert", "error rule", "page"), ("fire*", "paged", "sent", "goes out", "ring*")),
                f"{PAGED} in these minutes ...",
                "never fires" if planted else "fires",
                ("fires" if planted else "never fires", "fires before the incident"),
                denied=planted,
            ),
            point(
                rng,
                f"The errors stay above the threshold for {run} minutes in a row at most.",
                (("in a row", "without a break", "consecutive", "longest", "uninterrupted", "stretch", "run"),),
                "How long is the longest stretch above the threshold?",
                f"{run} minutes",
                (f"{run + 11} minutes", f"{run + 23} minutes"),
                number=(run, 1),
            ),
        ),
        Feedback(
            evidence=told_run,
            price=f"{40 - begin} minutes of failing {told.answers}"
            + (" and no page: for each of them " if planted else "; the page goes out. Without it, ")
            + f"{told.harm}.",
        ),
    )


def _solve(shown: Shown) -> Answers:
    rules = parsed(text(shown, RULES))
    values = {rule.metric: numbers(table(shown, VALUES), rule.metric) for rule in rules}
    fired = {rule.line for rule in rules if starts(rule, MINUTES, values[rule.metric])}
    paged = next(rule for rule in rules if rule.alert == PAGED)
    run = longest_run([paged.is_true(value) for value in values[paged.metric]])
    return {
        "fire": tuple(sorted(fired)),
        "run": run,
        "verdict": option(shown, "verdict", PAGES if paged.line in fired else LOST),
        "first": option(shown, "first", ASK),
    }


def _crossed(shown: Shown) -> tuple[int, ...]:
    rules = parsed(text(shown, RULES))
    return tuple(one.line for one in rules if any(map(one.is_true, numbers(table(shown, VALUES), one.metric))))


def _minutes_above(shown: Shown) -> int:
    paged = next(rule for rule in parsed(text(shown, RULES)) if rule.alert == PAGED)
    return len(places([paged.is_true(value) for value in numbers(table(shown, VALUES), paged.metric)]))


KIND = Kind(
    family=Family.MONITORING,
    name="which-alert-fires",
    title="A bad time",
    fault="An error ratio that dips below its threshold starts the alert's wait anew, and nobody is paged.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a rule fires as soon as its threshold is crossed",
            answers=believing(_solve, PAGES, fire=_crossed, run=_minutes_above),
            loses=("fire", "run", "verdict"),
        ),
        Mutant(
            mistake="noisy series never hold for long enough", answers=believing(_solve, LOST), on_clean=("verdict",)
        ),
    ),
)
