"""What ties rows together in tables that are known for it: found, priced by refit, and no problem where nobody split.

Each structure looks for its case by name, audits it as a user would, and says what it measured.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

import heldout
from benchmarks.leak_cases import Case
from heldout.core.estimate import Estimate, Measure
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.price import FoundPrice
from heldout.core.verdict import Verdict
from heldout.report.figures import short
from heldout.tables import Table, read_table

__all__ = ["STRUCTURES", "Criterion"]

TEST, SEED = 0.2, 0
LEAST_PRICE = 0.1
"""What a record-wise split of the voices is known to flatter balanced accuracy by, at least."""
ALIKE, ALIKE_WITHIN = 0.853, 0.005
"""The share of neighbours in time that share their label, of the electricity prices (Zliobaite 2013)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What was asked for, what was measured, and whether it is met; None where no case asks it."""

    asked: str
    measured: str
    is_met: bool | None


def identities_are_proven(every: Sequence[Case]) -> Criterion:
    """Regressions whose label is a sum of columns: every hard column proven by an identity."""
    chosen = [case for case in every if case.task == "regression" and case.hard]
    measured, met = [], []
    for case in chosen:
        proven = case.columns(Certainty.PROVEN)
        found = [name for name in case.hard if name in proven]
        measured.append(f"{case.name}: {len(found)} of {len(case.hard)} ({', '.join(found)})")
        met.append(len(found) == len(case.hard))
    return Criterion(
        asked="identities of regressions proven", measured="; ".join(measured), is_met=all(met) if met else None
    )


def hidden_subjects_are_priced(every: Sequence[Case]) -> Criterion:
    """parkinsons: the subjects hidden in a recording's name, and what a record-wise split of them flatters by."""
    asked = f"parkinsons: hidden subjects, and a price of at least {LEAST_PRICE} by subject that excludes 0"
    case = _case(every, "parkinsons")
    if case is None:
        return Criterion(asked=asked, measured="", is_met=None)
    verdict = _audited(case, metric="balanced_accuracy")
    hidden = [one for one in verdict.findings if one.code == "SPL005" and "name" in one.columns]
    found = _found(verdict, "SPL005")
    if found is None or not hidden:
        return Criterion(asked=asked, measured="no price", is_met=False)
    note = hidden[0].answer.witnesses[0].note.partition(";")[0]
    price = found.price
    return Criterion(
        asked=asked,
        measured=f"{note}; {_told(found, 'balanced accuracy')}; {found.clusters}",
        is_met=note == "32 groups" and (price.value or 0) >= LEAST_PRICE and _excludes_zero(price),
    )


def neighbours_in_time_are_priced(every: Sequence[Case]) -> Criterion:
    """electricity: neighbours share their label, and a random split is far above one forward in time."""
    asked = "electricity: neighbours share their label, and a random split flatters against a forward one"
    case = _case(every, "electricity")
    if case is None:
        return Criterion(asked=asked, measured="", is_met=None)
    verdict = _audited(case, metric="accuracy")
    found = _found(verdict, "SPL012")
    measure = _measure(verdict.findings, "SPL012", "agreement of neighbours beyond chance")
    if found is None or measure is None:
        return Criterion(asked=asked, measured="no price", is_met=False)
    alike, by_chance = _lag_one(case)
    return Criterion(
        asked=asked,
        measured=f"{alike:.3f} share it, {by_chance:.3f} by chance, {short(measure)} beyond chance; "
        f"{_told(found, 'accuracy')}; {found.clusters}",
        is_met=abs(alike - ALIKE) <= ALIKE_WITHIN and _excludes_zero(measure) and _excludes_zero(found.price),
    )


def copies_are_told_and_priced(every: Sequence[Case]) -> Criterion:
    """wine and hotel, split at random: copies across the split as many as within train, a caution with a price."""
    asked = "wine's and hotel's copies under a random split: share, rate within train, price by refit; a caution"
    measured, met = [], []
    for name in ("wine_quality", "hotel_bookings"):
        case = _case(every, name)
        if case is None:
            continue
        verdict = _split_at_random(case)
        copies = [one for one in verdict.findings if one.code == "SPL003"]
        found = _found(verdict, "SPL003")
        share = _measure(copies, "SPL003", "test rows copied from train")
        within = _measure(copies, "SPL003", "chance level within train")
        if found is None or share is None or within is None:
            measured.append(f"{name}: no price")
            met.append(False)
            continue
        price = found.price if found.after_all is None else found.after_all
        measured.append(
            f"{name}: {short(share, 'share')} of test, {short(within, 'share')} within train, "
            f"{copies[0].ending.value}; {_told(found, 'AUC')}"
        )
        met.append(copies[0].ending is Ending.CAUTION and _excludes_zero(price))
    return Criterion(asked=asked, measured="; ".join(measured), is_met=all(met) if met else None)


STRUCTURES: tuple[Callable[[Sequence[Case]], Criterion], ...] = (
    identities_are_proven,
    hidden_subjects_are_priced,
    neighbours_in_time_are_priced,
    copies_are_told_and_priced,
)
"""What beside columns the tables are known for: each looks for its cases among all, and says what it measured."""


def _case(every: Sequence[Case], name: str) -> Case | None:
    return next((case for case in every if case.name == name), None)


def _audited(case: Case, **options: Any) -> Verdict:
    return heldout.audit(case.data, target=case.target, test=case.test, **{**case.options, **options})


def _split_at_random(case: Case) -> Verdict:
    """Audit the table split at random, as one who knows nothing of its copies would split it."""
    table = _read(case)
    is_test = np.random.default_rng(SEED).random(table.rows) < TEST
    parts = [pa.table(table.filter(side).columns) for side in (~is_test, is_test)]
    options = {**case.options, "header": True, "separator": None, "null_texts": ()}
    return heldout.audit(parts[0], target=case.target, test=parts[1], metric="roc_auc", **options)


def _read(case: Case) -> Table:
    options = case.options
    return read_table(
        case.data,
        header=options.get("header", True),
        separator=options.get("separator"),
        null_texts=options.get("null_texts", ()),
    )


def _found(verdict: Verdict, code: str) -> FoundPrice | None:
    refit = verdict.score.refit if verdict.score else None
    return next((one for one in refit.found if code in one.codes), None) if refit else None


def _measure(findings: Iterable[Finding], code: str, name: str) -> Estimate | None:
    measures: list[Measure] = [m for one in findings if one.code == code for m in one.answer.measures]
    return next((measure.estimate for measure in measures if measure.name == name), None)


def _told(found: FoundPrice, metric: str) -> str:
    text = f"{metric} {short(found.as_given)} to {short(found.mended)}, price {short(found.price)}"
    return text if found.after_all is None else f"{text}, {short(found.after_all)} after the leaks are mended"


def _excludes_zero(estimate: Estimate) -> bool:
    return estimate.low is not None and estimate.low > 0


def _lag_one(case: Case) -> tuple[float, float]:
    """Return how many rows share the label of the row before, counted apart from the audit, and by chance."""
    label = np.asarray(_read(case).column(case.target).to_pylist())
    shares = np.unique(label, return_counts=True)[1] / len(label)
    return float((label[1:] == label[:-1]).mean()), float((shares**2).sum())
