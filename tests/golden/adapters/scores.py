"""Cases of the ROC AUC by DeLong's method, and of bounds on shares of what a model or judge gets wrong."""

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


def _judged(given: Case, column: Columns) -> Answers:
    share = stats.wilson(given["pos"], given["n"], given.get("conf", 0.95))
    return {"apparent": [share.value, share.low, share.high]}


def _risk(given: Case, column: Columns) -> Answers:
    return {"upper": stats.clopper_pearson(given["errors"], given["n"], 1 - given["delta"], side="upper").high}


ADAPTERS: tuple[Adapter, ...] = (
    (r"DeLong", ("file", "label", "positive", "score"), _auc),
    (r"DeLong", ("file", "label", "positive", "score_a", "score_b"), _paired_auc),
    (r"Wilson", ("pos", "n"), _judged),
    (r"selective risk", ("errors", "n", "delta"), _risk),
)
