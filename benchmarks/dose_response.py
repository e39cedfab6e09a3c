"""How often each planted fault is found, by its dose, and the smallest dose that is found in 80 and in 95 of 100."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression

from benchmarks.measure import table
from benchmarks.worlds.doses import SEEDS, Fault, asked, faults, jobs
from benchmarks.worlds.kept import results_of
from benchmarks.worlds.pictures import IMAGES, Curve, dose_picture
from heldout.core.error_control import FAMILY_SHARE
from heldout.stats import wilson

MINUTES = 45.0
MOST = (0.8, 0.95)
JUDGED = ("benchmarks.worlds.doses", "heldout.checks", "heldout.faults")

Dose = Mapping[str, float]


def section(minutes: float = MINUTES) -> str:
    """Plant the faults that the minutes allow, and say from which dose on they are found."""
    results = list(results_of(jobs(), asked, name="dose_response", of=JUDGED, minutes=minutes).values())
    counted = {fault.name: _doses(fault, results) for fault in faults()}
    planted = [fault for fault in faults() if counted[fault.name]]
    missing = [fault.name for fault in faults() if not counted[fault.name]]
    IMAGES.mkdir(exist_ok=True)
    parts = [_lead(planted, counted, missing)]
    for family in sorted({fault.check.family for fault in planted}):
        of = [fault for fault in planted if fault.check.family == family]
        parts.append(f"### {family.capitalize()}")
        if family in FAMILY_SHARE:
            curves = [_curve(fault, counted[fault.name]) for fault in of]
            (IMAGES / f"doses-{family}.svg").write_text(dose_picture(curves), encoding="utf-8")
            parts.append(f"![How often the faults of {family} are found, by dose](images/doses-{family}.svg)")
        parts.append(_table(of, counted))
    return "\n\n".join(parts)


def _doses(fault: Fault, results: Sequence[Mapping[str, Any]]) -> list[Dose]:
    """Return, per dose that was planted, the share of seeds in which the fault was found, with its bounds."""
    doses = []
    for dose in fault.doses:
        of = [result for result in results if result["fault"] == fault.name and result["dose"] == dose]
        seeds, found, strong, crashed = (sum(r[key] for r in of) for key in ("seeds", "found", "strong", "crashed"))
        if seeds:
            share = wilson(found, seeds)
            low, high = share.low or 0.0, 1.0 if share.high is None else share.high
            told = {"dose": dose, "seeds": seeds, "found": found / seeds, "low": low, "high": high}
            doses.append(told | {"strong": strong / seeds, "crashed": crashed})
    return doses


def _lead(planted: Sequence[Fault], counted: Mapping[str, list[Dose]], missing: Sequence[str]) -> str:
    at_promise = {fault.name: _at(fault.promised, counted[fault.name]) for fault in planted}
    low = [name for name, dose in at_promise.items() if dose and dose["found"] < MOST[-1]]
    false = [fault.name for fault in planted if counted[fault.name][0]["found"] > 0]
    crashed = [name for name, doses in counted.items() if any(dose["crashed"] for dose in doses)]
    lines = (
        f"{len(planted)} faults of {len({fault.check.code for fault in planted})} checks, up to {SEEDS} seeds per "
        "dose, that one check alone. Found: it answers `problem`; brackets: Wilson's 95 % interval. The doses found in "
        "80 and in 95 of 100 worlds are interpolated on the isotonic fit; a counted fault has whole doses.",
        f"Found in less than 95 of 100 at the promised dose: {', '.join(low) or 'none'}. "
        f"Found without a fault: {', '.join(false) or 'none'}. Crashed or without evidence: "
        f"{', '.join(crashed) or 'none'}. Not planted, for lack of time: {', '.join(missing) or 'none'}.",
    )
    return "\n\n".join(lines)


def _table(of: Sequence[Fault], counted: Mapping[str, list[Dose]]) -> str:
    rows = []
    for fault in of:
        doses = counted[fault.name]
        promise = _at(fault.promised, doses)
        found = "–" if promise is None else f"{promise['found']:.1%} [{promise['low']:.1%}, {promise['high']:.1%}]"
        strong = "–" if promise is None else f"{promise['strong']:.0%}"
        smallest = [smallest_dose(doses, share, is_counted=fault.is_counted) for share in MOST]
        worlds = min(dose["seeds"] for dose in doses)
        start = f"{fault.name} {fault.planter.fault}", fault.planter.effect, f"{fault.promised:g}"
        rows.append((*start, f"{doses[0]['found']:.1%}", *smallest, found, strong, f"{worlds:g}"))
    headings = ("fault", "dose", "promised", "found at 0", "80 % from", "95 % from", "found at the promise")
    return table((*headings, "strong or proven there", "seeds"), rows)


def _at(effect: float, doses: Sequence[Dose]) -> Dose | None:
    return next((dose for dose in doses if abs(dose["dose"] - effect) < 1e-9), None)


def smallest_dose(doses: Sequence[Dose], share: float, *, is_counted: bool) -> str:
    """Return the smallest dose that is found so often, on the isotonic fit up to the dose that is found most often."""
    doses = doses[: 1 + max(range(len(doses)), key=lambda i: (doses[i]["found"], i))]
    x, seeds = (np.array([dose[key] for dose in doses]) for key in ("dose", "seeds"))
    y = IsotonicRegression().fit_transform(x, np.array([dose["found"] for dose in doses]), sample_weight=seeds)
    if y[-1] < share - 1e-9:
        return "none planted"
    i = int(np.argmax(y >= share - 1e-9))
    if i == 0 or is_counted:
        return f"{x[i]:g}"
    crossed = x[i - 1] + (share - y[i - 1]) / (y[i] - y[i - 1]) * (x[i] - x[i - 1])
    return f"{crossed:.5g}" if x[i] > 0.98 else f"{crossed:.2g}"


def _curve(fault: Fault, doses: Sequence[Dose]) -> Curve:
    title = f"{fault.name} {fault.planter.fault}"
    return Curve(title=title, unit=fault.planter.effect, promised=fault.promised, doses=doses)
