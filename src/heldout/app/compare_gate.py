"""The gate of a comparison: does what was asked of the candidate hold, and if not, is it refuted or undecided?"""

from collections.abc import Sequence

from heldout.core.comparison import Gate, Pair, Require, System
from heldout.core.errors import BadInput
from heldout.tables import counted

__all__ = ["checked_margin", "gate_of", "threshold_of"]

ROUNDING = 1e-12


def threshold_of(require: Require, margin: float | None) -> float:
    """Return the difference that a candidate has to exceed."""
    return (margin or 0.0) if require is Require.BETTER else -(margin or 0.0)


def checked_margin(margin: float | None, require: Require | None) -> float | None:
    """Return the margin. Raises BadInput for one below 0, and for `not-worse` without one above 0."""
    if margin is not None and not 0 <= margin < float("inf"):
        raise BadInput(
            f"the margin is {margin:g}",
            expected="0 or more, in the units of the score: the smallest difference that matters",
            mend="for instance: --margin 0.01",
        )
    if require is Require.NOT_WORSE and not margin:
        raise BadInput(
            "--require not-worse has no margin",
            expected="how much worse is still not worse, above 0, in the units of the score",
            mend="for instance: --require not-worse --margin 0.01",
        )
    return margin


def gate_of(
    require: Require, margin: float, pairs: Sequence[Pair], systems: Sequence[System], *, allow_missing: bool
) -> Gate:
    """Hold every pair against the requirement: by the lower end of its interval, and by the one-sided test.

    Items missing on one side fail the gate unless they are allowed, as a system may leave out what it cannot do.
    """
    answers = [_answer(require, margin, pair) for pair in pairs]
    missing = [] if allow_missing else [system for system in systems if system.missing]
    lacking = [
        (
            False,
            f"{system.name} lacks {counted(system.missing, 'item', 'items')} of the others; "
            "--allow-missing compares without them",
        )
        for system in missing
    ]
    every = [*lacking, *answers]
    holds: bool | None = all(holds for holds, _ in every)
    if not holds and all(holds is not False for holds, _ in every):
        holds = None
    return Gate(require=require, margin=margin, holds=holds, reasons=tuple(reason for _, reason in every))


def _answer(require: Require, margin: float, pair: Pair) -> tuple[bool | None, str]:
    difference = pair.difference
    threshold = threshold_of(require, margin)
    asked = "better than" if require is Require.BETTER else "not worse than"
    by = f" by more than {margin:g}" if margin else ""
    subject = f"{pair.candidate} is {{}}{asked} {pair.reference}{by}"
    if difference.low is None or difference.high is None:
        return None, f"{subject.format('not shown to be ')}: there is no interval, {difference.undefined_because}"
    low, high, line = (f"{x:+.4g}".replace("-", "−") for x in (difference.low, difference.high, threshold))
    line = "0" if threshold == 0 else line
    alpha, p_value = (1 - difference.level) / 2, pair.one_sided_p_value
    if difference.low > threshold and p_value is not None and p_value > alpha + ROUNDING:
        return False, (
            f"{subject.format('not shown to be ')}: the interval's lower end {low} is above {line}, "
            f"but the one-sided test gives p = {p_value:.2g}, and {alpha:.3g} is asked for"
        )
    if difference.low > threshold:
        return True, f"{subject.format('')}: the interval's lower end {low} is above {line}"
    if difference.high <= threshold:
        return False, f"{subject.format('not ')}: the interval's upper end {high} is not above {line}"
    return False, (
        f"{subject.format('not shown to be ')}: the interval [{low}, {high}] holds {line}, "
        "so these items do not settle it"
    )
