"""Cases of calibration and of thresholds."""

from tests.golden.adapters import Adapter, Answers, Case, Columns

from heldout.stats import calibration, thresholds


def _brier(given: Case, column: Columns) -> Answers:
    parts = calibration.brier_decomposition(given["y"], given["p"])
    return {
        "bs": parts.brier,
        "reliability": parts.reliability,
        "resolution": parts.resolution,
        "uncertainty": parts.uncertainty,
        "skill": parts.skill,
    }


def _calibration_error(given: Case, column: Columns) -> Answers:
    def error(norm: str) -> float:
        return calibration.expected_calibration_error(given["y"], given["p"], bins=given["n_bins"], norm=norm).value

    return {"ece_l1": error("l1"), "ece_l2": error("l2"), "mce": error("max")}


def _spiegelhalter(given: Case, column: Columns) -> Answers:
    test = calibration.spiegelhalter(column("y"), column("p"))
    return {"z": test.z, "p": test.p_value}


def _recalibration(given: Case, column: Columns) -> Answers:
    label, score = column("y"), column("p")
    fit = calibration.calibration_slope(label, score)
    test = calibration.spiegelhalter(label, score)
    return {
        "intercept": fit.intercept.value,
        "slope": fit.slope.value,
        "intercept_se": fit.intercept_standard_error,
        "slope_se": fit.slope_standard_error,
        "se_intercept": fit.intercept_standard_error,
        "se_slope": fit.slope_standard_error,
        "in_the_large": fit.in_the_large.value,
        "citl": fit.in_the_large.value,
        "citl_se": fit.in_the_large_standard_error,
        "se_citl": fit.in_the_large_standard_error,
        "brier": calibration.brier_decomposition(label, score).brier,
        "z": test.z,
        "p": test.p_value,
    }


def _isotonic(given: Case, column: Columns) -> Answers:
    return {"fit": list(calibration.isotonic_fit(given["x"], given["y"]).fitted)}


def _cost_threshold(given: Case, column: Columns) -> Answers:
    return {"p_star": [thresholds.cost_threshold(**costs) for costs in given]}


def _youden(given: Case, column: Columns) -> Answers:
    label = column(given["label"]) == given["positive"]
    best = thresholds.youden_threshold(label, column(given["score"]))
    return {
        "threshold": best.threshold,
        "specificity": best.specificity.value,
        "sensitivity": best.sensitivity.value,
    }


ADAPTERS: tuple[Adapter, ...] = (
    (r"Murphy|Brier", ("y", "p"), _brier),
    (r"ECE", ("p", "y", "n_bins"), _calibration_error),
    (r"calibration.*slope|slope.*intercept|logistic recalibration|val\.prob", ("file",), _recalibration),
    (r"Spiegelhalter", ("file",), _spiegelhalter),
    (r"isotonic", ("x", "y"), _isotonic),
    (r"Bayes threshold", ("c00", "c01", "c10", "c11"), _cost_threshold),
    (r"Youden", ("file", "label", "positive", "score"), _youden),
)
