"""Pages that name nobody and say nothing to do: they ring, and ring."""

import numpy as np

from heldout.practice.deck.alerts import Rule, parsed, written
from heldout.practice.deck.asked import drill, number, order, pick, verdict
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, table, text, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

RULES, LOG = "alerts.yml", "pages of the month"
NEEDED = ("owner", "runbook")
NAMES = (
    ("FeatureDrift", "feature_psi", 0.25),
    ("AnswersSlow", "latency_p99_seconds", 0.8),
    ("CpuHigh", "cpu_ratio", 0.9),
    ("ErrorsHigh", "error_ratio", 0.02),
    ("QueueLong", "queue_length", 200.0),
    ("FeaturesStale", "feature_age_seconds", 7200.0),
    ("AnswersMany", "answers_per_second", 900.0),
    ("MemoryHigh", "memory_ratio", 0.85),
)
LOST = "Pages go out that name no owner or no runbook, and they are answered hours later"
SOUND = "Each page names its owner and its runbook; what lacks them only opens tickets"
MANY = "The rules page too often: all thresholds should be raised until the nights are quiet"
TWICE = "Two rules page for the same cause"
FIXES = (
    "Send today's unanswered pages to the team on call",
    "Write owner and runbook into the rules that lack them",
    "Let the build refuse a paging rule that lacks either",
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("page-without-owner", seed, difficulty)
    told = story(rng)
    count = 4 + difficulty
    chosen = [NAMES[place] for place in rng.permutation(len(NAMES))[:count]]
    pages = count - (1 if difficulty < 3 else 2)
    lost = (
        {int(place) for place in rng.permutation(pages)[: 3 - difficulty if difficulty < 3 else 1]}
        if planted
        else set()
    )
    rules = [
        Rule(
            alert=name,
            metric=f"{told.prefix}_{metric}",
            threshold=threshold,
            hold=5,
            notes=_notes(rng, place, pages, place in lost),
        )
        for place, (name, metric, threshold) in enumerate(chosen)
    ]
    rules = [rules[place] for place in rng.permutation(count)]
    rule_text = written(rules)
    bare = {chosen[place][0] for place in lost}
    rang = [chosen[place][0] for place in rng.integers(0, pages, 12)]
    rang[:pages] = [name for name, *_ in chosen[:pages]]
    rang = [rang[place] for place in rng.permutation(12)]
    late = rng.integers(150, 700, 12)
    quick = rng.integers(2, 25, 12)
    waited = [int(late[place] if name in bare else quick[place]) for place, name in enumerate(rang)]
    hit = [name in bare for name in rang]
    places = [rule.line for rule in parsed(rule_text) if rule.alert in bare]
    evidence = (
        f"{len(bare)} of {pages} paging rules lack an owner or a runbook"
        + (f" ({', '.join(sorted(bare))})" if bare else "")
        + f"; {sum(hit)} of 12 pages came from them. The longest page waited {max(waited)} minutes."
    )
    return drill(
        f"At {told.company} a rule of severity page wakes somebody when the {told.model} fails; each such rule has "
        "to name the team that owns it and a runbook. Rules of severity ticket only open a ticket, and need "
        "neither. These are the rules, and all pages of last month with the minutes until somebody answered.",
        (
            Lines(name=RULES, text=rule_text, language="yaml"),
            Rows(
                name=LOG,
                columns=("page", "alert", "minutes until answered"),
                rows=tuple((place + 1, name, waited[place]) for place, name in enumerate(rang)),
            ),
        ),
        (
            pick(
                "bare",
                "Pick the `alert:` line of each paging rule that lacks an owner or a runbook, if any.",
                35,
                RULES,
                places,
                evidence,
            ),
            number("pages", "How many of the month's pages came from such rules?", 15, "pages", sum(hit), evidence),
            number(
                "longest", "How long did the longest page wait for an answer?", 10, "minutes", max(waited), evidence
            ),
            verdict(
                rng,
                "What do you say of the pages?",
                25,
                LOST if planted else SOUND,
                (LOST, SOUND, MANY, TWICE),
                evidence,
            ),
            order(
                rng,
                "fixes",
                (
                    "If such a rule turns up: what first stops the harm, then mends the cause, then keeps it from "
                    "coming back?"
                ),
                15,
                FIXES,
                "Whoever waits now comes first, the rule second, and the next rule third.",
            ),
        ),
        (
            point(
                rng,
                f"{'Paging rules' if planted else 'No paging rules'} lack an owner or a runbook.",
                (
                    ("owner*", "runbook*", "team", "nobody"),
                    ("lack*", "without", "missing", "no owner", "no runbook", "misses"),
                ),
                "How many paging rules lack an owner or a runbook?",
                str(len(bare)),
                [str(nth) for nth in range(4) if nth != len(bare)][:2],
                denied=not planted,
            ),
            point(
                rng,
                f"The longest wait for an answer was {max(waited)} minutes.",
                (("wait*", "answer*", "acknowledg*", "minutes", "longest"),),
                "How long did the longest page wait?",
                f"{max(waited)} minutes",
                (f"{max(waited) * 3} minutes", "under one minute"),
                number=(max(waited), 2),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"The longest page was answered after {max(waited)} minutes; until then {told.harm}, again and again."
            ),
        ),
    )


def _notes(rng: np.random.Generator, place: int, pages: int, is_bare: bool) -> dict[str, str]:
    """Return a rule's labels: a page has an owner and a runbook, and loses one of them; a ticket has only an owner."""
    owner, dropped = str(rng.choice(["scoring", "platform", "data"])), NEEDED[rng.integers(2)]
    if place >= pages:
        return {"severity": "ticket", "owner": owner}
    notes = {"severity": "page", "owner": owner, "runbook": f"wiki/run/{place + 1}"}
    return {key: value for key, value in notes.items() if not (is_bare and key == dropped)}


def _bare(shown: Shown) -> list[Rule]:
    rules = parsed(text(shown, RULES))
    return [one for one in rules if one.notes["severity"] == "page" and not set(NEEDED) <= set(one.notes)]


def _solve(shown: Shown) -> Answers:
    bare = _bare(shown)
    names = {rule.alert for rule in bare}
    return {
        "bare": tuple(rule.line for rule in bare),
        "pages": sum(name in names for name in texts(table(shown, LOG), "alert")),
        "longest": max(numbers(table(shown, LOG), "minutes until answered")),
        "verdict": option(shown, "verdict", LOST if bare else SOUND),
        "fixes": ranked(shown, "fixes", FIXES),
    }


def _tickets_too(shown: Shown) -> tuple[int, ...]:
    return tuple(rule.line for rule in parsed(text(shown, RULES)) if not set(NEEDED) <= set(rule.notes))


def _mean_wait(shown: Shown) -> float:
    return float(np.mean(numbers(table(shown, LOG), "minutes until answered"))) - 1.0


KIND = Kind(
    family=Family.MONITORING,
    name="page-without-owner",
    title="Who answers?",
    fault="Paging rules name no owner or no runbook.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a page that goes out is a page that is answered",
            answers=believing(_solve, SOUND, bare=lambda _: (), pages=lambda _: 0, longest=_mean_wait),
            loses=("verdict", "bare", "pages", "longest"),
            on_clean=("longest",),
        ),
        Mutant(
            mistake="a ticket needs a runbook too; the rule that guards the future comes first",
            answers=believing(_solve, LOST, bare=_tickets_too, fixes=lambda shown: ranked(shown, "fixes", FIXES[::-1])),
            loses=("bare", "fixes"),
            on_clean=("verdict", "bare", "fixes"),
        ),
    ),
)
