"""A rollback of the model that the cache does not hear of."""

import re

import numpy as np

from heldout.practice.deck.asked import drill, number, order, pick, verdict
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, places, table, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

SETTINGS, LOG = "cache.yml", "answers"
ROWS, KEPT = 30, (-6, -3, 2, 5)
"""Answers, and the minutes that are always among them: before the rollback, and soon after."""
HITS = {Difficulty.EASY: 0.6, Difficulty.MIDDLE: 0.4, Difficulty.HARD: 0.2}
"""Share of planted answers after the rollback that come from what the withdrawn model wrote."""
STALE = "The cache still answers with what the withdrawn model wrote: its key names no version"
CLEAN = "After the rollback every answer comes from the model that was put back"
UNDONE = "The rollback did not happen: the model itself still answers with the withdrawn version"
SLOW = "The rollback came some minutes later than was logged"
FIXES = (
    "Drop what the withdrawn model wrote from the cache",
    "Put the model's version into the key of the cache",
    "Let the rollback's rehearsal fail when any answer names the withdrawn version",
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("stale-after-rollback", seed, difficulty)
    told = story(rng)
    new = int(rng.integers(12, 60))
    old, ttl = new - 1, int(rng.choice([30, 45, 60]))
    minutes = np.concatenate([np.arange(-10, 0), np.arange(1, ttl + 12)])
    at = np.sort(np.concatenate([KEPT, rng.permutation(np.setdiff1d(minutes, KEPT))[: ROWS - len(KEPT)]]))
    rows = []
    for minute in at.tolist():
        from_cache = bool(rng.random() < 0.5)
        is_old_write = bool(rng.random() < HITS[difficulty]) or minute in KEPT
        if minute < 0:
            rows.append((minute, "cache" if from_cache else "model", new))
        elif planted and minute < ttl - 3 and is_old_write:
            rows.append((minute, "cache", new))
        else:
            rows.append((minute, "cache" if from_cache and minute > 3 else "model", old))
    after = [row for row in rows if row[0] >= 0]
    bad = [place for place, row in enumerate(rows, start=1) if row[0] >= 0 and row[2] == new]
    share = 100 * len(bad) / len(after)
    last = max((rows[place - 1][0] for place in bad), default=0)
    key = "{table}:{id}" if planted else "{version}:{table}:{id}"
    settings = (
        f"cache:\n  key: '{key}'\n  ttl_minutes: {ttl}\n  store: shared\nmodel:\n  version: v{old}\n  withdrawn: v{new}"
    )
    evidence = (
        f"{len(bad)} of {len(after)} answers after the rollback name v{new} ({share:.0f} %)"
        + (f", all from the cache, the last {last} minutes after it" if bad else "")
        + f". The key is {key}."
    )
    return drill(
        f"{told.company} rolled its {told.model} back from v{new} to v{old} at minute 0, because v{new} was wrong. "
        "These are the settings, and some answers before and after, with who gave them and which version of the "
        "model had made them.",
        (
            Lines(name=SETTINGS, text=settings, language="yaml"),
            Rows(
                name=LOG,
                columns=("minute", "answered by", "made by version"),
                rows=tuple((minute, who, f"v{version}") for minute, who, version in rows),
            ),
        ),
        (
            pick(
                "stale",
                "Pick each answer after the rollback that the withdrawn version had made, if any.",
                25,
                LOG,
                bad,
                evidence,
            ),
            number(
                "share",
                "Of the answers from minute 0 on, how many per cent had the withdrawn version made?",
                15,
                "percent",
                share,
                evidence,
                absolute=1,
            ),
            number(
                "until",
                "Nothing is done. At which minute, at the latest, does the cache forget what was written just "
                "before the rollback?",
                15,
                "minute",
                ttl,
                f"What is written just before minute 0 lives {ttl} minutes.",
                absolute=1,
            ),
            verdict(rng, "What do you say?", 25, STALE if planted else CLEAN, (STALE, CLEAN, UNDONE, SLOW), evidence),
            order(
                rng,
                "fixes",
                (
                    "If old answers survive a rollback: what first stops the harm, then mends the cause, then keeps "
                    "it away?"
                ),
                20,
                FIXES,
                "Wrong answers first, the key second, the rehearsal third.",
            ),
        ),
        (
            point(
                rng,
                f"The cache {'still serves' if planted else 'does not serve'} answers of the withdrawn version.",
                (("cache*", "cached"), ("stale", "old answer*", "withdrawn", f"v{new}", "still", "outdated")),
                f"After the rollback, answers of v{new} ...",
                "still come, from the cache" if planted else "no longer come",
                ("no longer come" if planted else "still come, from the cache", "still come, from the model"),
                denied=not planted,
            ),
            point(
                rng,
                "The key of the cache has to name the version.",
                (("key*",), ("version*",)),
                "What lets a cache hear of a rollback?",
                "the version in its key",
                ("a longer time to live", "a second cache"),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=f"For up to {ttl} minutes {share:.0f} per cent of the answers are withdrawn ones; for each, "
            f"{told.harm}."
            if planted
            else "Nothing: the rollback took effect with the first answer, at the price of a cold cache.",
        ),
    )


def _after(shown: Shown) -> tuple[list[bool], list[bool], list[bool]]:
    """Return whether each answer came after the rollback, was made by the withdrawn version, came from the cache."""
    withdrawn = re.search(r"withdrawn: (v\d+)", _settings(shown))
    name = withdrawn[1] if withdrawn else ""
    return (
        [minute >= 0 for minute in numbers(table(shown, LOG), "minute")],
        [version == name for version in texts(table(shown, LOG), "made by version")],
        [who == "cache" for who in texts(table(shown, LOG), "answered by")],
    )


def _settings(shown: Shown) -> str:
    exhibit = shown.exhibit(SETTINGS)
    assert isinstance(exhibit, Lines)
    return exhibit.text


def _solve(shown: Shown) -> Answers:
    after, withdrawn, cached = _after(shown)
    stale = [a and b for a, b in zip(after, withdrawn, strict=True)]
    from_model = any(a and not b for a, b in zip(stale, cached, strict=True))
    says = UNDONE if from_model else STALE if any(stale) else CLEAN
    lives = re.search(r"ttl_minutes: (\d+)", _settings(shown))
    return {
        "stale": places(stale),
        "share": 100 * sum(stale) / sum(after),
        "until": float(lives[1]) if lives else 0.0,
        "verdict": option(shown, "verdict", says),
        "fixes": ranked(shown, "fixes", FIXES),
    }


def _all_withdrawn(shown: Shown) -> tuple[int, ...]:
    return places(_after(shown)[1])


def _all_cached(shown: Shown) -> tuple[int, ...]:
    after, _, cached = _after(shown)
    return places([a and b for a, b in zip(after, cached, strict=True)]) or (1,)


KIND = Kind(
    family=Family.SERVING,
    name="stale-after-rollback",
    title="Rolled back?",
    fault="A cache without the model's version in its key outlives a rollback.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a rollback is done when it is logged",
            answers=believing(_solve, CLEAN, stale=lambda _: (), share=lambda _: 0.0, until=lambda _: 0.0),
            loses=("verdict", "stale", "share", "until"),
            on_clean=("until",),
        ),
        Mutant(
            mistake="what the withdrawn version ever made is stale, and it still answers",
            answers=believing(_solve, UNDONE, stale=_all_withdrawn),
            loses=("verdict", "stale"),
            on_clean=("verdict", "stale"),
        ),
        Mutant(
            mistake="whatever comes from a cache is stale; the rehearsal comes first",
            answers=believing(
                _solve, STALE, stale=_all_cached, fixes=lambda shown: ranked(shown, "fixes", FIXES[::-1])
            ),
            loses=("fixes",),
            on_clean=("verdict", "stale", "fixes"),
        ),
    ),
)
