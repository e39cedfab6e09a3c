"""Which documented leaks of real tables are found, at which certainty, and which innocent columns are called leaks."""

from collections.abc import Sequence

from benchmarks.leak_cases import Case, cases
from benchmarks.leak_structures import STRUCTURES, Criterion
from benchmarks.measure import table
from heldout.core.finding import Certainty, Ending

LEAST_FOUND = 0.8


def section() -> str:
    every, origin = cases()
    rows = [_row(case) for case in every]
    criteria = [*_criteria(every), *(structure(every) for structure in STRUCTURES)]
    RESULT[:] = criteria
    headings = ("table", "target", "hard leaks found", "missed", "soft leaks named", "false above suspect", "suspect")
    asked = [
        (c.asked, c.measured or "–", {True: "yes", False: "**no**", None: "not asked"}[c.is_met]) for c in criteria
    ]
    return f"{origin}\n\n{table(headings, rows)}\n\n{table(('criterion', 'measured', 'met'), asked)}"


RESULT: list[Criterion] = []


def has_missed() -> bool:
    """Whether a criterion of the last run is missed."""
    return any(criterion.is_met is False for criterion in RESULT)


def _criteria(every: Sequence[Case]) -> list[Criterion]:
    crashed = [f"{case.name} {f.code}" for case in every for f in case.findings if f.ending is Ending.CRASHED]
    leaky = [case for case in every if case.task == "binary" and case.hard]
    hit = [case for case in leaky if _found(case)]
    hard, found = sum(len(case.hard) for case in leaky), sum(len(_found(case)) for case in leaky)
    false = {case.name: _false(case) for case in every if _false(case)}
    controls = [case for case in every if case.is_control]
    at_fault = {
        case.name: sorted(case.columns(Certainty.STRONG)) for case in controls if case.columns(Certainty.STRONG)
    }
    named = sum(len(names) for names in false.values())
    return [
        Criterion(asked="no check crashes", measured=", ".join(crashed) or "none did", is_met=not crashed),
        Criterion(
            asked="every binary table with hard leaks is hit at strong or proven",
            measured=f"{len(hit)} of {len(leaky)}",
            is_met=len(hit) == len(leaky) if leaky else None,
        ),
        Criterion(
            asked=f"at least {LEAST_FOUND:.0%} of their hard columns",
            measured=f"{found} of {hard}" + (f" ({found / hard:.0%})" if hard else ""),
            is_met=found >= LEAST_FOUND * hard if hard else None,
        ),
        Criterion(asked="no false column above suspect", measured=f"{named} {false or ''}".strip(), is_met=not false),
        Criterion(
            asked="no column of a control above suspect",
            measured=f"{sum(map(len, at_fault.values()))} in {len(controls)} controls {at_fault or ''}".strip(),
            is_met=not at_fault if controls else None,
        ),
    ]


def _row(case: Case) -> list[str]:
    sure, suspect = case.columns(Certainty.STRONG), case.columns(Certainty.SUSPECT)
    return [
        case.name,
        case.target,
        _with_certainty({name: sure[name] for name in _found(case)}),
        ", ".join(name for name in case.hard if name not in sure) or "–",
        _with_certainty({name: suspect[name] for name in case.soft if name in suspect}),
        _with_certainty({name: sure[name] for name in _false(case)}),
        ", ".join(sorted(name for name in suspect if name not in sure and name not in case.soft)) or "–",
    ]


def _found(case: Case) -> list[str]:
    return [name for name in case.hard if name in case.columns(Certainty.STRONG)]


def _false(case: Case) -> list[str]:
    return sorted(set(case.columns(Certainty.STRONG)) - {*case.hard, *case.soft})


def _with_certainty(named: dict[str, Certainty]) -> str:
    return ", ".join(f"{name} ({certainty})" for name, certainty in named.items()) or "–"
