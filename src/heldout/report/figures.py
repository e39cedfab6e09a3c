"""Numbers as text: never more digits than the interval supports, always with interval and n, undefined with why."""

import math

from heldout.core.estimate import Estimate
from heldout.core.lift import LiftScale
from heldout.stats.in_words import probability

__all__ = [
    "PERCENT",
    "amount",
    "confidence",
    "decimals",
    "interval",
    "lift_unit",
    "memory",
    "number",
    "part_of",
    "said",
    "seconds",
    "short",
    "value_only",
    "with_n",
]

PERCENT = "%"
WHOLE = ("rows", "columns", "files", "checks", "runs", "clusters", "entities")


def number(value: float | None, *, decimals: int | None = None, signed: bool = False) -> str:
    """Return `value` with `decimals` digits after the point, or with its own three or so when None."""
    if value is None:
        return "undefined"
    if not math.isfinite(value):
        return "not finite"
    size = abs(value)
    if size >= 1e9 or (decimals is None and 0 < size < 1e-4):
        return f"{value:{'+' if signed else ''}.2g}".replace("-", "−")
    digits = _decimals_of(value) if decimals is None else decimals
    value = round(value, digits) + 0.0  # no minus before zero
    text = f"{value:{'+' if signed and value else ''},.{digits}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def amount(value: float | None, unit: str = "", *, signed: bool = False) -> str:
    """Return a bare number, one without an interval, with its unit; a share is a percentage."""
    if value is None or not math.isfinite(value):
        return number(value)
    factor, sign = _scale(unit)
    return _join(number(value * factor, signed=signed), sign)


def short(estimate: Estimate, unit: str = "", *, signed: bool = False) -> str:
    """Return value and interval: `0.81 [0.79, 0.83]`, `+6.2 % [+4.1, +8.3]`; or `undefined`."""
    if estimate.value is None:
        return "undefined"
    factor, sign = _scale(unit)
    has_interval = estimate.is_defined and not _is_counted(estimate)
    digits = decimals(estimate, unit) if has_interval else None
    value = _join(number(estimate.value * factor, decimals=digits, signed=signed), sign)
    if estimate.low is None or estimate.high is None or not has_interval:
        return value
    ends = [number(end * factor, decimals=digits, signed=signed) for end in (estimate.low, estimate.high)]
    level = "" if math.isclose(estimate.level, 0.95) else f" at {estimate.level * 100:g} %"
    return f"{value} [{', '.join(ends)}]{level}"


def value_only(estimate: Estimate, unit: str = "", *, signed: bool = False) -> str:
    """Return the value of `short` without its interval, for a headline; the interval stands beside it."""
    return short(estimate, unit, signed=signed).partition(" [")[0]


def interval(estimate: Estimate, unit: str = "", *, signed: bool = False) -> str:
    """Return the interval of `short` alone, or why there is none; empty for a counted number."""
    if not estimate.is_defined:
        return f"no interval: {estimate.undefined_because}"
    return "".join(short(estimate, unit, signed=signed).partition("[")[1:])


def with_n(estimate: Estimate) -> str:
    """Return `n = 54,212`, with "counted" where there is no sampling; unknown for a value that somebody just quoted."""
    if _is_counted(estimate):
        return f"counted, n = {estimate.n:,}"
    return f"n = {estimate.n:,}" if estimate.n or estimate.value is None else "n unknown"


def said(estimate: Estimate, unit: str = "", *, signed: bool = False) -> str:
    """Return the whole of it: value, interval, n, and why something of it is undefined."""
    text = f"{short(estimate, unit, signed=signed)}, {with_n(estimate)}"
    if estimate.value is None:
        return f"undefined: {estimate.undefined_because} (n = {estimate.n:,})"
    return text if estimate.is_defined else f"{text}; no interval: {estimate.undefined_because}"


def decimals(estimate: Estimate, unit: str = "") -> int:
    """Return how many decimals the interval supports: two digits of its width, and one for a percentage."""
    factor, _ = _scale(unit)
    value, low, high = estimate.value or 0.0, estimate.low, estimate.high
    if unit in WHOLE and value == round(value):
        return 0
    width = 0.0 if low is None or high is None else (high - low) * factor
    if not 0 < width < math.inf:
        return _decimals_of(value * factor)
    fewest = 1 if factor != 1 else 0  # a percentage beside a threshold in percent: 13.2 %, not 13 %
    return min(max(1 - math.floor(math.log10(width)), fewest), 6)


def lift_unit(scale: LiftScale) -> str:
    """Return the unit of a lift on `scale`: "%" of the baseline or of its error, or "" for the metric's own unit."""
    return "" if scale is LiftScale.ABSOLUTE else PERCENT


def confidence(value: float | None) -> str:
    """Return a confidence as the reasons of a decision write it."""
    return "undefined" if value is None or not math.isfinite(value) else probability(value)


def part_of(share: Estimate) -> str:
    """Return a counted share as `2 of 3`; any other estimate as a percentage with interval and n."""
    count = (share.value or 0.0) * share.n
    if share.value is not None and _is_counted(share) and math.isclose(count, round(count)):
        return f"{round(count)} of {share.n}"
    return said(share, "share")


def seconds(value: float) -> str:
    """Return a duration: `0.4 s`, `12 s`, `3 min 12 s`."""
    if not math.isfinite(value):
        return "not finite"
    if value < 9.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes:,} min {rest} s" if minutes else f"{rest} s"


def memory(megabytes: float | None) -> str:
    """Return a size in MB or GB, or `not measured`."""
    if megabytes is None:
        return "not measured"
    return f"{number(megabytes, decimals=0)} MB" if megabytes < 1000 else f"{megabytes / 1000:,.1f} GB"


def _join(value: str, unit: str) -> str:
    return f"{value} {unit}" if unit else value


def _scale(unit: str) -> tuple[float, str]:
    return (100.0, PERCENT) if unit in {"share", PERCENT} else (1.0, "")


def _is_counted(estimate: Estimate) -> bool:
    return estimate.level == 1.0 and estimate.low == estimate.value == estimate.high


def _decimals_of(value: float) -> int:
    if not math.isfinite(value) or value == round(value):
        return 0
    return min(max(2 - math.floor(math.log10(abs(value))), 0), 6)
