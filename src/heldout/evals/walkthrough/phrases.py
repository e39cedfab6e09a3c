"""What the questions share: how figures, findings and lines are put into sentences."""

from collections.abc import Sequence
from dataclasses import replace

from heldout.core.card import Card, RunRecord
from heldout.core.estimate import Estimate, undefined
from heldout.core.finding import Certainty, Finding, Witness
from heldout.core.walkthrough import Source
from heldout.evals.grading.runs import quoted
from heldout.report.figures import amount, number, short, with_n
from heldout.report.text import clip
from heldout.stats import METRICS, mean_estimate

__all__ = [
    "bare",
    "direction",
    "duration",
    "figure",
    "found",
    "is_found",
    "joined",
    "mean_of",
    "places",
    "quote",
    "runs_of",
    "score",
    "share_of",
    "source_of",
]

HOUR, MINUTE = 3600, 60


def figure(estimate: Estimate, unit: str = "", *, signed: bool = False) -> str:
    """Return a value with its interval and its n: `25.8 % [21.9, 29.8] (n = 53,991)`."""
    text = bare(estimate, unit, signed=signed)
    return text if estimate.value is None else f"{text} ({with_n(estimate)})"


def bare(estimate: Estimate, unit: str = "", *, signed: bool = False) -> str:
    """Return a value with its interval, whose level the sentence says where it is not 95 %."""
    if estimate.value is None:
        return f"undefined ({estimate.undefined_because})"
    is_counted = estimate.level == 1.0
    return short(estimate if is_counted else replace(estimate, level=0.95), unit, signed=signed)


def score(estimate: Estimate, *, signed: bool = False) -> str:
    """Return a score or a difference of scores with three decimals: `0.690 [0.662, 0.717]`."""
    if estimate.value is None:
        return f"undefined ({estimate.undefined_because})"
    value = number(estimate.value, decimals=3, signed=signed)
    if estimate.low is None or estimate.high is None:
        return value
    ends = [number(end, decimals=3, signed=signed) for end in (estimate.low, estimate.high)]
    return f"{value} [{', '.join(ends)}]"


def share_of(part: int, whole: int) -> str:
    """Return a counted part in words: `all`, `none`, `12.3 %`."""
    return "all" if part == whole else "none" if part == 0 else amount(part / whole, "share")


def duration(seconds: float) -> str:
    """Return a time that somebody waits: `2 h`, `10 min`, `45 s`."""
    for size, unit in ((HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds)} s"


def quote(text: str, most: int = 160) -> str:
    """Return a submission's own words as a quotation that they cannot end."""
    return quoted(clip(text, most))


def joined(names: Sequence[str], last: str = "and") -> str:
    """Return names in a row: `a, b and c`; empty for none."""
    if not names:
        return ""
    *first, end = names
    return f"{', '.join(first)} {last} {end}" if first else end


def direction(metric: str) -> float:
    """Return 1 where higher is better, -1 where lower is."""
    return 1.0 if METRICS[metric].higher_is_better else -1.0


def found(card: Card, code: str) -> Finding | None:
    """Return the finding of a check, or None."""
    return next((one for one in card.findings if one.code == code), None)


def is_found(finding: Finding | None, level: Certainty = Certainty.SUSPECT) -> bool:
    """Tell whether it is a problem of at least this certainty."""
    return finding is not None and finding.is_problem_at(level)


def source_of(finding: Finding) -> Source:
    """Return a finding as a place where an answer can be looked up."""
    return Source(kind="finding", where=finding.code, note=finding.answer.claim)


def places(witnesses: Sequence[Witness], most: int = 4) -> list[Source]:
    """Return the files among a finding's witnesses."""
    files = [one for one in witnesses if one.kind == "file"]
    return [Source(kind="file", where=one.where, line=one.line, note=one.note) for one in files[:most]]


def runs_of(card: Card, phase: str) -> list[RunRecord]:
    """Return the submission's finished runs of a phase over the grader's seeds, without repetitions and prices."""
    return [run for run in card.runs if run.phase == f"{card.submission}: {phase}" and run.ending == "finished"]


def mean_of(values: Sequence[float]) -> Estimate:
    """Return the mean of a few measured runs with its t interval, undefined for one."""
    if len(values) < 2:
        value = values[0] if values else None
        return undefined("a single run says nothing of how runs differ", n=len(values), method="mean", value=value)
    return mean_estimate(values)
