"""Simulated learners: the plan against a fixed rotation with the same hours, and what the readiness interval covers."""

from dataclasses import replace

from benchmarks.measure import table
from benchmarks.simulation.learners import LEARNERS, Tally, tally
from heldout.stats import wilson

RUNS, VARIED_RUNS = 500, 100
HOURS = 1.0, 1.5
ASKED = 2
"""Placement drills a family."""
WINS, LEVEL = 0.8, 0.9
_missed: list[str] = []


def section() -> str:
    _missed.clear()
    main = [
        (f"{learner.name}, {hours:g} h", tally(learner, RUNS, hours, ASKED)) for hours in HOURS for learner in LEARNERS
    ]
    for name, found in main:
        if found.wins < WINS * found.runs or _covers(found).high < LEVEL or found.focused < WINS * found.runs:
            _missed.append(name)
    usual = replace(LEARNERS[1], name="usual", rate=0.06)
    varied = [
        ("half an hour a day", tally(usual, VARIED_RUNS, 0.5, ASKED)),
        ("3 h a day", tally(usual, VARIED_RUNS, 3.0, ASKED)),
        ("no placement, 1.5 h", tally(usual, VARIED_RUNS, 1.5, 0)),
        ("lower ceiling, 1.5 h", tally(replace(usual, ceiling=1.8), VARIED_RUNS, 1.5, ASKED)),
        ("higher ceiling, 1.5 h", tally(replace(usual, ceiling=3.5), VARIED_RUNS, 1.5, ASKED)),
        ("rate and forgetting vary threefold, 1.5 h", tally(replace(usual, spread=0.6), VARIED_RUNS, 1.5, ASKED)),
        ("forgets nothing, 1.5 h", tally(replace(usual, forgets=0.0), VARIED_RUNS, 1.5, ASKED)),
        ("fast, 3 h a day", tally(LEARNERS[0], VARIED_RUNS, 3.0, ASKED)),
    ]
    runs = sum(found.runs for _, found in main)
    wins = sum(found.wins for _, found in main)
    return (
        f"{RUNS} learners of each type, each with true skills in ten families and one or two planted weaknesses "
        "(log-odds about -1.2 against 1.2), a fortnight by the plan's own days and another of the same learner by a "
        "fixed rotation in the same frame, hours and rounds. The model, which the plan does not know: six minutes of "
        "practice take a skill a share (fast 12 %, slow 3 %, others 6 %) of the way to its ceiling, right or wrong; a "
        "night takes 3 % (forgetting: 8 %) of what was gained; all of these vary between learners. It leaves out what "
        "people are: fatigue, motivation, transfer between families, and drills that teach unequally; so it shows "
        "that the plan finds and follows a weakness, not how much a person gains.\n\n"
        f"The plan ends with the higher true chance of solving a drill in {wins:,} of {runs:,} runs "
        f"({_share(wins, runs)}); promised for each line: at least {WINS:.0%}. *Weak* is the drill time in a weak "
        f"family over an even share, and in how many runs it is above it. *Readiness* is the share of the {LEVEL:.0%} "
        "intervals of today's chance that hold the true one, and their mean width. *Confidence* is what was said less "
        "what was solved.\n\n" + _table(main) + "\n\nThe same with the model and the hours varied, "
        f"{VARIED_RUNS} runs a line; fast learners with much time reach their ceiling everywhere under any plan, and "
        "who wins is then decided in the fourth decimal:\n\n" + _table(varied)
    )


def has_missed() -> bool:
    return bool(_missed)


def _table(lines: list[tuple[str, Tally]]) -> str:
    heads = (
        "learner",
        "before",
        "rotation",
        "plan",
        "plan is ahead",
        "weak",
        "readiness covers",
        "width",
        "confidence",
    )
    rows = [
        (
            name,
            f"{one.before:.3f}",
            f"{one.rotation:.3f}",
            f"{one.plan:.3f}",
            _share(one.wins, one.runs),
            f"×{one.focus:.1f}, {one.focused / one.runs:.0%}",
            _share(one.covered, one.stated) if one.stated else "not stated",
            f"{one.width:.2f}" if one.stated else "–",
            f"{one.confidence:+.2f}",
        )
        for name, one in lines
    ]
    return table(heads, rows)


def _covers(found: Tally):
    return wilson(found.covered, found.stated, 0.99)


def _share(count: int, of: int) -> str:
    share = wilson(count, of)
    return f"{share.value:.1%} [{share.low:.1%}, {share.high:.1%}]"
