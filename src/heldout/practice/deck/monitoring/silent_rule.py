"""A rule that reads a series which nobody exports: silent in any weather."""

import re

from heldout.practice.deck.alert_trials import trial_of
from heldout.practice.deck.alerts import Rule, parsed, written
from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import lines, text
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines
from heldout.practice.question import Answers

__all__ = ["KIND"]

RULES, EXPORTED = "alerts.yml", "GET /metrics"
SAMPLE = re.compile(r"^(\w+)\{([^}]*)\} (\S+)$")
LABEL = re.compile(r'(\w+)="([^"]*)"')
SILENT = "A rule selects no series at all, so it stays silent whatever happens"
HEARD = "Each rule selects a series; all of them are below their thresholds, as they should be"
HIGH = "A threshold is too high to be reached"
LONG = "A `for` is too long"
ASK = "Has each of these alerts ever fired, in a test or in life?"
FIRST = {
    ASK: 1.0,
    "Are the thresholds those of the last incident, or of another?": 0.0,
    "How often are the metrics scraped?": 0.0,
    "Does every rule have the same `for`?": 0.0,
}
ABSENCE = "absent(SELECTOR)"
MENDS = {ABSENCE: 1.0, "SELECTOR == 0": 0.0, "SELECTOR < 0": 0.0, "rate(SELECTOR[5m]) == 0": 0.0}
TOPICS = (
    ("FeatureDrift", "feature_psi", "model", 0.25, "drift"),
    ("AnswersSlow", "latency_p99_seconds", "route", 0.8, "latency"),
    ("CpuHigh", "cpu_ratio", "pod", 0.9, "CPU"),
    ("QueueLong", "queue_length", "pod", 200.0, "latency"),
    ("FeaturesStale", "feature_age_seconds", "source", 7200.0, "late data"),
    ("ErrorsHigh", "error_ratio", "route", 0.02, "other"),
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("silent-rule", seed, difficulty)
    told = story(rng)
    chosen = [TOPICS[place] for place in rng.permutation(len(TOPICS))[: 3 + difficulty]]
    values = {"model": ("v7", "v8"), "route": ("/score", "/batch"), "pod": ("a", "b"), "source": ("orders", "weather")}
    exported, rules = [], []
    for alert, name, label, threshold, _ in chosen:
        metric = f"{told.prefix}_{name}"
        exported += [
            f'{metric}{{{label}="{value}", region="eu"}} {threshold * rng.uniform(0.1, 0.6):.4g}'
            for value in values[label]
        ]
        picked = str(rng.choice(values[label]))
        rules.append(Rule(alert=alert, metric=metric, threshold=threshold, hold=5, labels={label: picked}))
    exported = [exported[place] for place in rng.permutation(len(exported))]
    lost = set(rng.permutation(len(rules))[: (1 + (difficulty > 1)) * planted].tolist())
    told_rules = [
        _silenced(rule, difficulty) if planted and place in lost else rule for place, rule in enumerate(rules)
    ]
    rule_text, metric_text = written(told_rules), "\n".join(exported)
    read = parsed(rule_text)
    gone = [rule for place, rule in enumerate(read) if place in lost]
    names, silent = [rule.alert for rule in gone], [rule.line for rule in gone]
    evidence = f"Of {len(read)} rules {len(silent)} select none of the {len(exported)} exported series" + (
        f": {', '.join(names)}." if names else "; each of the others selects one or more."
    )
    return drill(
        f"The {told.model} of {told.company} has run for a quarter, and its alerts were silent all the time. These are "
        "the rules, and what the model's processes export at this moment.",
        (
            Lines(name=RULES, text=rule_text, language="yaml"),
            Lines(name=EXPORTED, text=metric_text, language="text"),
        ),
        (
            pick(
                "silent", "Pick the `alert:` line of each rule that cannot fire, if any.", 40, RULES, silent, evidence
            ),
            number(
                "count",
                "How many of the rules select at least one exported series?",
                15,
                "rules",
                len(read) - len(silent),
                evidence,
            ),
            verdict(
                rng,
                "What does the silence say?",
                20,
                SILENT if planted else HEARD,
                (SILENT, HEARD, HIGH, LONG),
                evidence,
            ),
            choice(
                rng,
                "absence",
                "Which expression is true when a selector finds nothing?",
                15,
                MENDS,
                "A comparison with an empty result is empty and fires nothing; absent() turns it round.",
            ),
            choice(
                rng,
                "first",
                "What would you ask of such a file first?",
                10,
                FIRST,
                "A rule is proved by making it fire.",
            ),
        ),
        (
            point(
                rng,
                "One of the rules does not select any series." if planted else "Each rule does select a series.",
                (
                    ("rule*", "selector*", "alert*", *(one.alert.lower() for one in read)),
                    ("series", "select*", "match*", "export*"),
                ),
                "How many rules select no series?",
                str(len(silent)),
                [str(nth) for nth in range(3) if nth != len(silent)],
                denied=planted,
            ),
            point(
                rng,
                "Absence has to be asked for, by absent().",
                (("absent*", "missing series", "no data alert", "test that it fires", "promtool"),),
                "What fires when a series disappears?",
                "only absent() on it",
                ("any comparison on it", "its `for`"),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"A quarter without {' and '.join(names) if names else 'a gap'}: "
                + (f"when it happens nobody is told, and {told.harm}." if names else "all rules could have fired.")
            ),
            page="MON003",
        ),
        {
            "alert_trial": trial_of(
                *((rule.alert, topic[4], rule not in gone, False) for rule, topic in zip(read, chosen, strict=True))
            )
        },
    )


def _silenced(rule: Rule, difficulty: Difficulty) -> Rule:
    """Return the rule with another metric's name, another label's name, or another value of its label."""
    ((key, value),) = rule.labels.items()
    if difficulty is Difficulty.EASY:
        return Rule(
            alert=rule.alert, metric=f"model_{rule.metric}", threshold=rule.threshold, hold=5, labels=rule.labels
        )
    labels = {f"{key}_name": value} if difficulty is Difficulty.MIDDLE else {key: _near(value)}
    return Rule(alert=rule.alert, metric=rule.metric, threshold=rule.threshold, hold=5, labels=labels)


def _near(value: str) -> str:
    return value[1:] if value.startswith("/") else value.replace("v", "") if value.startswith("v") else value.upper()


def _matches(rule: Rule, exported: list[str]) -> int:
    """Return how many exported series a rule's selector finds: the same metric, and all of its labels."""
    found = 0
    for line in exported:
        sample = SAMPLE.match(line)
        if sample and sample[1] == rule.metric:
            found += set(rule.labels.items()) <= set(LABEL.findall(sample[2]))
    return found


def _solve(shown: Shown) -> Answers:
    exported = lines(shown, EXPORTED)
    matches = {rule.line: _matches(rule, exported) for rule in parsed(text(shown, RULES))}
    silent = [line for line, count in matches.items() if not count]
    return {
        "silent": tuple(silent),
        "count": len(matches) - len(silent),
        "verdict": option(shown, "verdict", SILENT if silent else HEARD),
        "absence": option(shown, "absence", ABSENCE),
        "first": option(shown, "first", ASK),
    }


def _all_rules(shown: Shown) -> tuple[int, ...]:
    return tuple(rule.line for rule in parsed(text(shown, RULES)))


KIND = Kind(
    family=Family.MONITORING,
    name="silent-rule",
    title="A quiet quarter",
    fault="An alert selects a series that nobody exports, so it is silent in any weather.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="silence is health, and a comparison with zero sees what is missing",
            answers=believing(
                _solve,
                HEARD,
                silent=lambda _: (),
                count=lambda shown: len(_all_rules(shown)),
                absence=lambda shown: option(shown, "absence", "SELECTOR == 0"),
            ),
            loses=("silent", "count", "verdict", "absence"),
            on_clean=("absence",),
        ),
        Mutant(
            mistake="an alert that never fired is broken",
            answers=believing(_solve, SILENT, silent=_all_rules, count=lambda _: 0),
            loses=("silent", "count"),
            on_clean=("silent", "count", "verdict"),
        ),
    ),
    check="MON003",
)
