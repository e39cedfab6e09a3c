"""Cases of metrics, proportions and their comparison."""

import numpy as np
from tests.golden.adapters import Adapter, Answers, Case, Columns

from heldout import stats


def _auc(given: Case, column: Columns) -> Answers:
    label, score = column(given["label"]) == given["positive"], column(given["score"])
    auc = stats.auc_delong(label, score, given.get("conf", 0.95))
    return {"auc": auc.value, "lo": auc.low, "hi": auc.high, "var": stats.delong_covariance(label, [score])[0, 0]}


def _paired_auc(given: Case, column: Columns) -> Answers:
    label = column(given["label"]) == given["positive"]
    test = stats.delong_test(label, column(given["score_a"]), column(given["score_b"]))
    return {"z": test.z, "p": test.p_value, "cov": test.covariance}


def _proportion(given: Case, column: Columns) -> Answers:
    level = given.get("conf", 0.95)
    wilson = stats.wilson(given["x"], given["n"], level)
    exact = stats.clopper_pearson(given["x"], given["n"], level)
    return {"wilson": [wilson.low, wilson.high], "clopper_pearson": [exact.low, exact.high]}


def _judged(given: Case, column: Columns) -> Answers:
    share = stats.wilson(given["pos"], given["n"], given.get("conf", 0.95))
    return {"apparent": [share.value, share.low, share.high]}


def _risk(given: Case, column: Columns) -> Answers:
    return {"upper": stats.clopper_pearson(given["errors"], given["n"], 1 - given["delta"], side="upper").high}


def _difference(given: Case, column: Columns) -> Answers:
    gap = stats.newcombe(given["x1"], given["n1"], given["x2"], given["n2"], given.get("conf", 0.95))
    return {"diff": gap.value, "lo": gap.low, "hi": gap.high}


def _clustered_mean(given: Case, column: Columns) -> Answers:
    right = column(given["y"])
    accuracy, called = stats.METRICS["accuracy"], np.ones_like(right)
    error = stats.clustered_standard_error(accuracy.influence(right, called), column(given["cluster"]))
    return {"mean": accuracy.value(right, called), "se_cluster_G_over_Gm1": error}


def _brier(given: Case, column: Columns) -> Answers:
    return {"bs": stats.METRICS["brier_loss"].value(given["y"], given["p"])}


def _rejections(given: Case, column: Columns) -> Answers:
    return {"holm": np.count_nonzero(stats.holm(given["p"]) <= given["alpha"])}


ADAPTERS: tuple[Adapter, ...] = (
    (r"DeLong", ("file", "label", "positive", "score"), _auc),
    (r"DeLong", ("file", "label", "positive", "score_a", "score_b"), _paired_auc),
    (r"Wilson|Clopper", ("x", "n"), _proportion),
    (r"Wilson", ("pos", "n"), _judged),
    (r"selective risk", ("errors", "n", "delta"), _risk),
    (r"Newcombe \(method 10\)", ("x1", "n1", "x2", "n2"), _difference),
    (r"cluster-robust SE", ("file", "cluster", "y"), _clustered_mean),
    (r"Brier", ("y", "p"), _brier),
    (r"Holm", ("p", "alpha"), _rejections),
)
