"""Cases of proportions, means, paired comparisons, equivalence and multiplicity."""

import numpy as np
from tests.golden.adapters import Adapter, Answers, Case, Columns

from heldout.stats.equivalence import tost
from heldout.stats.means import mean_estimate, mean_standard_error, paired_mean_test
from heldout.stats.multiplicity import (
    benjamini_hochberg,
    benjamini_yekutieli,
    bonferroni,
    hochberg,
    holm,
    sidak,
)
from heldout.stats.paired_proportions import mcnemar, newcombe_paired, tango
from heldout.stats.permutation import sign_flip_test, wilcoxon_signed_rank
from heldout.stats.proportions import clopper_pearson, newcombe, wilson

ADJUSTMENTS = {
    "bh": benjamini_hochberg,
    "by": benjamini_yekutieli,
    "bonferroni": bonferroni,
    "hochberg": hochberg,
    "holm": holm,
    "sidak": sidak,
}


def _proportion(given: Case, column: Columns) -> Answers:
    counts = (given["x"], given["n"], given.get("conf", 0.95))
    plain, corrected, exact = wilson(*counts), wilson(*counts, continuity=True), clopper_pearson(*counts)
    return {
        "wilson": [plain.low, plain.high],
        "wilson_cc": [corrected.low, corrected.high],
        "clopper_pearson": [exact.low, exact.high],
    }


def _difference(given: Case, column: Columns) -> Answers:
    gap = newcombe(given["x1"], given["n1"], given["x2"], given["n2"], given.get("conf", 0.95))
    return {"diff": gap.value, "lo": gap.low, "hi": gap.high}


def _paired_shares(given: Case, column: Columns) -> Answers:
    (both, first_only), (second_only, neither) = given["table"]
    level = given.get("conf", 0.95)
    added = newcombe_paired(both, first_only, second_only, neither, level)
    score = tango(both, first_only, second_only, neither, level)
    test = mcnemar(first_only, second_only)
    return {
        "diff": added.value,
        "newcombe_lo": added.low,
        "newcombe_hi": added.high,
        "tango_lo": score.low,
        "tango_hi": score.high,
        "mcnemar_midp": test.p_value,
        "exact": test.exact_p_value,
        "chi2_nocc": test.chi_square,
        "p_nocc": test.chi_square_p_value,
        "chi2_cc": test.corrected_chi_square,
        "p_cc": test.corrected_chi_square_p_value,
    }


def _clustered_mean(given: Case, column: Columns) -> Answers:
    values, cluster = column(given["y"]), column(given["cluster"])
    return {
        "mean": mean_estimate(values, cluster).value,
        "se_iid": mean_standard_error(values, correction="CR0"),
        "se_cluster_G_over_Gm1": mean_standard_error(values, cluster),
        "se_cluster_CR0": mean_standard_error(values, cluster, correction="CR0"),
    }


def _paired_values(given: Case, column: Columns) -> Answers:
    flips, t = sign_flip_test(given["diffs"]), paired_mean_test(given["diffs"])
    return {
        "p_perm": flips.p_value,
        "count": flips.count,
        "t": t.statistic,
        "p_t": t.p_value,
        "p_wilcoxon_exact": wilcoxon_signed_rank(given["diffs"], method="exact").p_value,
    }


def _rejections(given: Case, column: Columns) -> Answers:
    return {name: np.count_nonzero(adjust(given["p"]) <= given["alpha"]) for name, adjust in ADJUSTMENTS.items()}


def _equivalence(given: Case, column: Columns) -> Answers:
    test = tost(given["x"], given["y"], given["margin"])
    return {"p_lower": test.p_lower, "p_upper": test.p_upper}


ADAPTERS: tuple[Adapter, ...] = (
    (r"Wilson|Clopper", ("x", "n"), _proportion),
    (r"Newcombe \(method 10\)", ("x1", "n1", "x2", "n2"), _difference),
    (r"Newcombe square-and-add|Tango|McNemar", ("table",), _paired_shares),
    (r"cluster-robust SE", ("file", "cluster", "y"), _clustered_mean),
    (r"sign-flip|signed-rank", ("diffs",), _paired_values),
    (r"Holm|BH", ("p", "alpha"), _rejections),
    (r"TOST", ("x", "y", "margin"), _equivalence),
)
