"""Cases of experiments, sample sizes and distances between samples."""

import math

from tests.golden.adapters import Adapter, Answers, Case, Columns

from heldout.core.estimate import Estimate
from heldout.stats import distances, experiments, sample_size


def _srm(given: Case, column: Columns) -> Answers:
    test = experiments.srm(given["counts"], given["ratio"])
    return {"chi2": test.statistic, "df": test.degrees_of_freedom, "p": test.p_value}


def _homogeneity(given: Case, column: Columns) -> Answers:
    test = experiments.chi_square_homogeneity(given["table"])
    return {"chi2": test.statistic, "df": test.degrees_of_freedom, "p": test.p_value}


def _welch(given: Case, column: Columns) -> Answers:
    test = experiments.welch(given["x"], given["y"], given.get("conf", 0.95))
    return {
        "t": test.statistic,
        "df": test.degrees_of_freedom,
        "p": test.p_value,
        "ci": _ends(test.difference),
        "diff": test.difference.value,
    }


def _cuped(given: Case, column: Columns) -> Answers:
    data = column(given["y"]), column(given["pre"]), column(given["treat"])
    level = given.get("conf", 0.95)
    cuped = experiments.cuped(*data, level)
    adjusted, unadjusted = cuped.adjusted, cuped.unadjusted
    ancova, lin = experiments.ancova(*data, level), experiments.lin_adjusted(*data, level)
    return {
        "theta": cuped.theta,
        "effect": adjusted.difference.value,
        "t": adjusted.statistic,
        "df": adjusted.degrees_of_freedom,
        "p": adjusted.p_value,
        "ci": _ends(adjusted.difference),
        "unadj_effect": unadjusted.difference.value,
        "unadj_p": unadjusted.p_value,
        "unadj_ci": _ends(unadjusted.difference),
        "ancova_coef": ancova.effect.value,
        "ancova_se": ancova.standard_error,
        "lin_coef": lin.effect.value,
        "lin_se_HC2": lin.standard_error,
        "var_ratio": cuped.variance_ratio,
        "r2": cuped.r_squared,
    }


def _lift(given: Case, column: Columns) -> Answers:
    outcome, treated = column(given.get("y", "y")), column(given.get("treat", "treat")) == 1
    return _of_lift(experiments.relative_lift(outcome[treated], outcome[~treated], given.get("conf", 0.95)))


def _adjusted_lift(given: Case, column: Columns) -> Answers:
    names = (given.get(name, name) for name in ("y", "pre", "treat"))
    return _of_lift(experiments.cuped(*map(column, names), given.get("conf", 0.95)).relative)


def _of_lift(lift: experiments.RelativeLift) -> Answers:
    return {"rel": lift.relative.value, "rel_lo": lift.relative.low, "rel_hi": lift.relative.high, "p": lift.p_value}


def _t_test(given: Case, column: Columns) -> Answers:
    a, b = given["a"], given["b"]
    return {
        "power": sample_size.t_test_power(a["n"], a["delta"], a["sd"], a["alpha"]),
        "n": sample_size.t_test_n(b["power"], b["delta"], b["sd"], b["alpha"]),
    }


def _proportions(given: Case, column: Columns) -> Answers:
    a, b = given["a"], given["b"]
    return {
        "power": sample_size.proportion_power(a["n"], a["p1"], a["p2"], a.get("alpha", 0.05)),
        "n": sample_size.proportion_n(b["power"], b["p1"], b["p2"], b.get("alpha", 0.05)),
    }


def _auc_cases(given: Case, column: Columns) -> Answers:
    cases = sample_size.auc_cases(given["auc"], given["power"], given["alpha"], given.get("kappa", 1.0))
    return {"ncases": cases}


def _ks(given: Case, column: Columns) -> Answers:
    exact = distances.ks_test(given["x"], given["y"], method="exact")
    asymptotic = distances.ks_test(given["x"], given["y"], method="asymptotic")
    return {"D": exact.statistic, "p_exact": exact.p_value, "p_asymptotic": asymptotic.p_value}


def _wasserstein(given: Case, column: Columns) -> Answers:
    carried = [distances.wasserstein(case["u"], case["v"], case.get("uw"), case.get("vw")) for case in given]
    return {"w": [distance.value for distance in carried]}


def _psi(given: Case, column: Columns) -> Answers:
    return {"psi": distances.psi(given["ref_counts"], given["cur_counts"]).value}


def _jensen_shannon(given: Case, column: Columns) -> Answers:
    bases = [math.e if case["base"] == "e" else case["base"] for case in given]
    return {
        "js": [
            distances.jensen_shannon(case["p"], case["q"], base=base).value
            for case, base in zip(given, bases, strict=True)
        ]
    }


def _ends(estimate: Estimate) -> list[float | None]:
    return [estimate.low, estimate.high]


ADAPTERS: tuple[Adapter, ...] = (
    (r"^SRM chi-square", ("counts", "ratio"), _srm),
    (r"chi-square homogeneity", ("table",), _homogeneity),
    (r"Welch t-test", ("x", "y"), _welch),
    (r"CUPED", ("file", "treat", "pre", "y"), _cuped),
    (r"relative lift.*\bwith covariate", ("file",), _adjusted_lift),
    (r"relative lift", ("file",), _lift),
    (r"two-sample t power", ("a", "b"), _t_test),
    (r"two-proportion power", ("a", "b"), _proportions),
    (r"cases needed for AUC", ("auc", "power", "alpha"), _auc_cases),
    (r"two-sample KS", ("x", "y"), _ks),
    (r"Wasserstein", ("u", "v"), _wasserstein),
    (r"\bPSI\b", ("ref_counts", "cur_counts"), _psi),
    (r"Jensen-Shannon", ("p", "q", "base"), _jensen_shannon),
)
