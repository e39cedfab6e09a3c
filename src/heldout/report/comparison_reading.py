"""What is read off a comparison before it is shown: the sentence at its head, and the facts of each pair."""

from collections.abc import Mapping, Sequence

from heldout.core.comparison import Comparison, Flip, Gate, Outcome, Pair, Slice
from heldout.core.estimate import Estimate
from heldout.report.figures import decimals, number, said, with_n
from heldout.report.text import NAME, clip

__all__ = [
    "SLICES_SHOWN",
    "TONE",
    "against_each_other",
    "change",
    "conclusion",
    "gap",
    "gate_line",
    "pair_facts",
    "probability",
    "slices_in_order",
    "system_line",
]

SLICES_SHOWN = 20
"""Slices shown of each pair: those that differ first, then those with most items."""

TONE = {Outcome.AHEAD: "pass", Outcome.BEHIND: "fail", Outcome.TIED: "undecided", Outcome.UNDECIDED: "undecided"}
"""The colour that an outcome has in a report."""


def conclusion(comparison: Comparison) -> tuple[str, str]:
    """Return the word at the head of a report and the sentence beside it."""
    if len(comparison.pairs) == 1:
        pair = comparison.pairs[0]
        return pair.outcome.value, against_each_other(pair, comparison)
    wins = {system.name: 0 for system in comparison.systems}
    for pair in comparison.pairs:
        if pair.outcome in (Outcome.AHEAD, Outcome.BEHIND):
            wins[pair.candidate if pair.outcome is Outcome.AHEAD else pair.reference] += 1
    decided = sum(wins.values())
    if not decided:
        return "tied", f"No pair of {len(comparison.pairs)} shows a difference, after Holm's correction."
    won = [f"{_name(name)} ahead of {count}" for name, count in wins.items() if count]
    references = {pair.reference for pair in comparison.pairs}
    is_behind = len(references) == 1 and all(pair.outcome is not Outcome.AHEAD for pair in comparison.pairs)
    return ("behind" if is_behind else "ahead"), (
        f"{decided} of {len(comparison.pairs)} pairs show a difference, after Holm's correction: {', '.join(won)}."
    )


def against_each_other(pair: Pair, comparison: Comparison) -> str:
    """Say in one sentence who is ahead by how much, or that nobody is and what would have been seen."""
    one, two = _name(pair.candidate), _name(pair.reference)
    size = gap(pair.difference)
    if pair.outcome in (Outcome.AHEAD, Outcome.BEHIND):
        first, second = (one, two) if pair.outcome is Outcome.AHEAD else (two, one)
        return f"{first} is ahead of {second} on {_name(comparison.score)}: the difference is {size}."
    if pair.outcome is Outcome.UNDECIDED:
        return f"{one} and {two} cannot be told apart here: {pair.difference.undefined_because}."
    text = f"{one} and {two} are tied on {_name(comparison.score)}: the difference is {size}"
    if pair.equivalence is not None and pair.equivalence.holds:
        return f"{text}, and they are equivalent within ±{number(pair.equivalence.margin)}."
    if pair.detectable is None:
        return f"{text}."
    return f"{text}. So many items show a true difference of {number(pair.detectable)} in 4 of 5 cases."


def gate_line(gate: Gate) -> str:
    """Return what was required, and whether it holds."""
    margin = f" by {number(gate.margin)}" if gate.margin else ""
    holds = {True: "holds", False: "does not hold", None: "is undecided"}[gate.holds]
    return f"required: {gate.require.value}{margin} {holds}"


def pair_facts(pair: Pair, comparison: Comparison) -> Mapping[str, str]:
    """Return what the difference rests on, in reading order."""
    facts = {
        "difference": f"{gap(pair.difference)}, {with_n(pair.difference)}; above 0 {_name(pair.candidate)} is better"
    }
    if pair.p_value is None:
        facts["test"] = pair.test if pair.difference.is_defined else "no test, as there is no interval"
    else:
        facts["test"] = f"p {probability(pair.p_value)}, {pair.test}"
    if pair.adjusted_p_value is not None:
        facts["test"] += (
            f"; {probability(pair.adjusted_p_value).removeprefix('= ')} by Holm over {len(comparison.pairs)} pairs"
        )
    facts["rests on"] = _rests_on(pair)
    if pair.notes:
        facts["note"] = "; ".join(pair.notes)
    if pairing := _pairing(pair):
        facts["pairing"] = pairing
    if pair.detectable is not None:
        corrected = f", corrected for {len(comparison.pairs)} pairs" if len(comparison.pairs) > 1 else ""
        facts["resolves"] = f"a true difference of {number(pair.detectable)}, with power .8{corrected}"
    if pair.equivalence is not None:
        word = {True: "equivalent", False: "not shown to be equivalent", None: "undefined"}[pair.equivalence.holds]
        facts[f"within ±{number(pair.equivalence.margin)}"] = (
            f"{word}: {gap(pair.equivalence.interval)}, two one-sided tests"
        )
    flips = pair.flips
    facts["items"] = (
        f"{flips.candidate_better:,} better with {_name(pair.candidate)}, "
        f"{flips.reference_better:,} with {_name(pair.reference)}, {flips.equal:,} alike"
    )
    return facts


def gap(difference: Estimate) -> str:
    """Return a difference with its interval, one digit finer than other numbers: how near 0 an end lies matters."""
    if difference.value is None:
        return "undefined"
    if difference.low is None or difference.high is None:
        return f"{number(difference.value, signed=True)}, no interval: {difference.undefined_because}"
    digits = min(decimals(difference) + 1, 6)
    value, low, high = (
        number(x, decimals=digits, signed=True) for x in (difference.value, difference.low, difference.high)
    )
    level = "" if abs(difference.level - 0.95) < 1e-9 else f" at {100 * difference.level:g} %"
    return f"{value} [{low}, {high}]{level}"


def system_line(comparison: Comparison, place: int) -> str:
    """Return a system's score with its interval, its runs, and what it lacks."""
    system = comparison.systems[place]
    parts = [said(system.score)]
    if system.runs > 1:
        parts.append(f"up to {system.runs} runs of an item")
    if system.run_variance is not None:
        parts.append(f"its runs add a standard error of {number(system.run_variance**0.5)}")
    if system.missing:
        parts.append(f"{system.missing:,} items missing")
    return "; ".join(parts)


def change(flip: Flip) -> str:
    """Return an item's two scores, and the label that they are of."""
    label = "" if flip.label is None else f"label {number(flip.label)}: "
    return f"{label}{number(flip.reference)} → {number(flip.candidate)}"


def slices_in_order(slices: Sequence[Slice]) -> tuple[Slice, ...]:
    """Return the slices that differ first, then the others, as they came (most items first)."""
    return tuple(sorted(slices, key=lambda one: one.outcome not in (Outcome.AHEAD, Outcome.BEHIND)))


def probability(value: float | None) -> str:
    """Return a p-value: `= .032`, `below .0001`."""
    if value is None:
        return "undefined"
    if value < 0.0001:
        return "below .0001"
    text = f"{value:.3f}" if value >= 0.01 else f"{value:.2g}"
    return f"= {text.removeprefix('0')}"


def _rests_on(pair: Pair) -> str:
    parts = [f"{pair.clusters:,} {_name(pair.unit)}"]
    if pair.design_effect is not None:
        parts.append(f"design effect {number(pair.design_effect)}")
    if pair.largest_clusters_share is not None and pair.largest_clusters_share >= 0.01:
        parts.append(f"five of them carry {number(100 * pair.largest_clusters_share, decimals=0)} % of the variance")
    return f"{', '.join(parts)}; {pair.difference.method}"


def _pairing(pair: Pair) -> str:
    paired, apart = pair.difference, pair.unpaired
    if pair.correlation is None or paired.low is None or paired.high is None or apart.low is None or apart.high is None:
        return ""
    width = apart.high - apart.low
    if not width > 0 or not paired.high > paired.low:
        return ""
    return (
        f"the scores correlate at {number(pair.correlation, decimals=2)}: the interval is "
        f"{number((paired.high - paired.low) / width, decimals=2)} times as wide as on separate items, "
        f"{gap(apart)}"
    )


def _name(text: str) -> str:
    return clip(text, NAME)
