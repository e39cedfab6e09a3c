"""Cases of agreement between raters, and of classes fitted to their labels."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from tests.golden.adapters import Adapter, Answers, Case, Columns

from heldout.stats import agreement


def _alpha(given: Case, column: Columns) -> Answers:
    ratings = given["raters_by_units"]
    levels = ("nominal", "ordinal", "interval", "ratio")
    return {level: agreement.krippendorff_alpha(ratings, level).estimate.value for level in levels}


def _coefficients(given: Case, column: Columns) -> Answers:
    ratings = given["raters_by_units"]
    return {
        "cac_ac1": _told(agreement.gwet_ac1(ratings)),
        "cac_ac2_quad": _told(agreement.gwet_ac2(ratings, "quadratic")),
        "cac_fleiss": _told(agreement.fleiss_kappa(ratings)),
        "cac_kripp": _told(agreement.krippendorff_alpha(ratings)),
        "cac_conger": _told(agreement.conger_kappa(ratings)),
        "cac_bp": _told(agreement.brennan_prediger(ratings)),
    }


def _told(found: agreement.Agreement) -> dict[str, Any]:
    return {
        "coeff": found.estimate.value,
        "se": found.standard_error,
        "pa": found.observed,
        "pe": found.expected,
    }


def _tables(given: Case, column: Columns) -> Answers:
    kappa = [agreement.cohen_kappa_from_table(table) for table in given["tables"]]
    ac1 = [agreement.gwet_ac1_from_table(table) for table in given["tables"]]
    return {"kappa": _values(kappa), "kappa_se": _errors(kappa), "ac1": _values(ac1), "ac1_se": _errors(ac1)}


def _values(found: Sequence[agreement.Agreement]) -> list[float | None]:
    return [one.estimate.value for one in found]


def _errors(found: Sequence[agreement.Agreement]) -> list[float | None]:
    return [one.standard_error for one in found]


def _fleiss(given: Case, column: Columns) -> Answers:
    kappa = agreement.fleiss_kappa(np.transpose(given["ratings"]))
    return {"kappa": kappa.estimate.value, "z": kappa.statistic}


def _icc(given: Case, column: Columns) -> Answers:
    ratings = np.transpose(given["data"])
    kinds = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")
    found = [agreement.icc(ratings, kind, floor=0).estimate for kind in kinds]
    return {"icc": [e.value for e in found], "lo": [e.low for e in found], "hi": [e.high for e in found]}


def _dawid_skene(given: Case, column: Columns) -> Answers:
    fit = agreement.dawid_skene(*(column(name) for name in given["columns"]), smoothing=0)
    return {"prior_published": list(fit.prevalence), "prior": list(fit.prevalence), "labels": list(fit.labels)}


ADAPTERS: tuple[Adapter, ...] = (
    (r"Krippendorff alpha", ("raters_by_units",), _alpha),
    (r"Gwet AC1", ("raters_by_units",), _coefficients),
    (r"kappa vs AC1", ("tables",), _tables),
    (r"Fleiss kappa", ("ratings",), _fleiss),
    (r"ICC", ("data",), _icc),
    (r"Dawid-Skene", ("file", "columns"), _dawid_skene),
)
