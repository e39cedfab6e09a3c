"""The texts of an export: what its columns mean, its rates as cells, and what it says of itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from heldout.core.estimate import Estimate
from heldout.core.selection import LEAST, GroupRate, GroupRates
from heldout.report.figures import short
from heldout.report.markdown_findings import escape, table
from heldout.report.text import NAME

__all__ = ["COLUMNS", "RATE_COLUMNS", "dictionary_rows", "rate_cells", "readme"]

NOT_ADVICE = (
    "This export is no legal advice. It is neither a finding of discrimination nor a finding of its absence: few "
    "people tell little, intervals say how little, and a rate knows nothing of why."
)
COLUMNS = {
    "candidate": "a random name, drawn for this export alone; the order of rows tells nothing",
    "selected": "yes or no, as README.md defines it",
    "band": "the band in force: that of people where they decided one, else that of the rule",
    "band_of_the_rule": "fail, undecided, pass or target, by the brief's rule from lift and reproducibility class",
    "band_is_by_people": "yes where people decided the band",
    "confidence_at_minimum": "confidence that the lift is at least the minimum: one minus a one-sided p, no posterior",
    "metric": "what was measured on rows that the submission never saw",
    "lift_scale": "absolute, relative or error_reduction against the re-run baseline",
    "lift": "the lift; empty where undefined",
    "lift_low": "lower end of its interval",
    "lift_high": "upper end of its interval",
    "lift_level": "level of the interval",
    "lift_rows": "rows that it rests on",
    "lift_clusters": "groups of dependent rows that it rests on",
    "lift_undefined_because": "why there is no lift or no interval; empty where there is",
    "class": "bitwise, tolerance, statistical or fails: how alike two runs were",
    "axes_weighted": "mean of the axes' scores under the brief's weights; empty where one is undefined",
    "lines_corrected": "lines of the card that people corrected after a reply; axes are those after it",
}
SUFFIXES = {
    "_weight": "weight of the axis in the brief; 0 stands beside the others",
    "_score": "share of the axis's answered checks that are clear; empty where none was answered",
    "_n": "answered checks of the axis",
    "_level": "the level that people decided for the work on this axis",
}
RATE_COLUMNS = (
    "column",
    "group",
    "n",
    "selected",
    "rate",
    "rate_low",
    "rate_high",
    "ratio",
    "ratio_low",
    "ratio_high",
    "difference",
    "difference_low",
    "difference_high",
    "below_four_fifths",
    "says",
)
RATES = {
    "column": "the column of the group file, or two crossed",
    "group": "the group",
    "n": f"people of the group with a card; empty where it cannot be shown (fewer than {LEAST}, or it would follow)",
    "selected": "how many of them were selected",
    "rate": "selected over n; its interval is Wilson's at 95 %",
    "ratio": "its rate over the highest rate of the column; the interval is Koopman's score interval at 95 %",
    "difference": "its rate minus the highest rate; the interval is Newcombe's at 95 %",
    "below_four_fifths": "yes where the ratio is below 0.8: a display of a rule of thumb, and no finding",
    "says": "the same in words",
}


def dictionary_rows(columns: Sequence[str], *, has_groups: bool) -> list[tuple[str, str, str]]:
    """Return (column, file, meaning) of all columns."""
    rows = [(name, "candidates.csv", _meaning(name)) for name in columns]
    if has_groups:
        rows += [(name, "rates.csv", RATES.get(name) or _end_of(name)) for name in RATE_COLUMNS]
    return rows


def rate_cells(column: str, one: GroupRate) -> tuple[Any, ...]:
    """Return the row of a group, in the order of RATE_COLUMNS."""
    ends: list[float | None] = []
    for estimate in (one.rate, one.ratio, one.difference):
        ends += [None] * 3 if estimate is None else [estimate.value, estimate.low, estimate.high]
    return (column, one.group, one.n, one.selected, *ends, one.is_below, one.says)


def readme(about: Mapping[str, Any], rates: Sequence[GroupRates], *, has_groups: bool) -> str:
    """Return what the export says of itself: what is in it, what selected means, the rates, and what it is not."""
    parts = [f"# Export for an auditor: {escape(str(about['title']))}", NOT_ADVICE]
    facts = [["what", "is"], *([escape(str(name)), escape(str(value))] for name, value in about.items())]
    parts += [
        table(facts),
        f"Selected are candidates {about['selected']}. Those whose band is undecided count as not selected (here: "
        f"{about['undecided']}). Candidates without a card are not in the export (here: {about['without a card']}).",
        "Names are random and hold for this export alone. Who is who is kept by the organiser, in a file that is no "
        "part of it. Texts of candidates, times, accommodations and the names of raters are not in it.",
        "`candidates.csv` has a row a candidate, `dictionary.csv` says what each column means, `export.json` has all "
        "of it. An empty cell is something undefined or not shown, never 0.",
    ]
    if has_groups:
        parts += ["## Selection rates", *_about_rates(), *(_rates_table(one) for one in rates)]
    return "\n\n".join(parts) + "\n"


def _about_rates() -> list[str]:
    return [
        "The groups come from a file that is held apart; who is of which group is not in this export. Four fifths is "
        "the rule of thumb of the US agencies (Uniform Guidelines 1978, 29 CFR 1607.4 D), shown as a display: at these "
        "numbers a ratio below it can be chance, and one above it can hide a difference. Read the intervals.",
        "A group is compared with the one that has the highest observed rate. That one is chosen by looking, for which "
        "the intervals do not allow, and each is at 95 % for itself.",
        f"Groups of fewer than {LEAST} people are not shown, nor what they could be worked out from.",
    ]


def _rates_table(rates: GroupRates) -> str:
    head = [escape(rates.column, NAME), "n", "selected", "rate", "ratio to the highest", "difference", ""]
    rows = [head, *(_shown(one) for one in rates.groups)]
    return f"{table(rows)}\n\nAll groups: {rates.selected} of {rates.n} selected."


def _shown(one: GroupRate) -> list[str]:
    if one.n is None:
        return [escape(one.group, NAME), "", "", "", "", "", escape(one.says)]
    is_compared = not one.is_highest
    return [
        escape(one.group, NAME),
        str(one.n),
        str(one.selected),
        escape(_text(one.rate, "share")),
        escape(_text(one.ratio)) if is_compared or one.ratio is None or one.ratio.value is None else "1",
        escape(_text(one.difference, "share", signed=True)) if is_compared else "0",
        escape(one.says),
    ]


def _text(estimate: Estimate | None, unit: str = "", *, signed: bool = False) -> str:
    return "" if estimate is None else short(estimate, unit, signed=signed)


def _meaning(name: str) -> str:
    if name in COLUMNS:
        return COLUMNS[name]
    if name.startswith("findings_"):
        return f"findings that ended {name.removeprefix('findings_').replace('_', ' ')}"
    for suffix, says in SUFFIXES.items():
        if name.endswith(suffix):
            return says
    return name


def _end_of(name: str) -> str:
    what, _, end = name.rpartition("_")
    return f"{'lower' if end == 'low' else 'upper'} end of the interval of {what}"
