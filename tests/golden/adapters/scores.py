"""Cases of metrics, and of bounds on shares of what a model or judge gets wrong."""

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


def _auc_of_ratings(given: Case, column: Columns) -> Answers:
    counts = (given["rating_counts_negative"], given["rating_counts_positive"])
    rating = np.concatenate([np.repeat(np.arange(len(count)), count) for count in counts])
    label = np.repeat([0, 1], [sum(count) for count in counts])
    auc = stats.METRICS["roc_auc"].value(label, rating)
    return {"auc": auc, "auc_published": auc}


def _auc_of_rows(given: Case, column: Columns) -> Answers:
    return {"auc": stats.METRICS["roc_auc"].value(given["y"], given["s"])}


def _judged(given: Case, column: Columns) -> Answers:
    share = stats.wilson(given["pos"], given["n"], given.get("conf", 0.95))
    return {"apparent": [share.value, share.low, share.high]}


def _risk(given: Case, column: Columns) -> Answers:
    return {"upper": stats.clopper_pearson(given["errors"], given["n"], 1 - given["delta"], side="upper").high}


def _brier(given: Case, column: Columns) -> Answers:
    return {"bs": stats.METRICS["brier_loss"].value(given["y"], given["p"])}


def _log_loss(given: Case, column: Columns) -> Answers:
    return {"logloss": stats.METRICS["log_loss"].value(given["y"], given["p1"])}


ADAPTERS: tuple[Adapter, ...] = (
    (r"DeLong", ("file", "label", "positive", "score"), _auc),
    (r"DeLong", ("file", "label", "positive", "score_a", "score_b"), _paired_auc),
    (r"AUC", ("rating_counts_negative", "rating_counts_positive"), _auc_of_ratings),
    (r"AUC", ("y", "s"), _auc_of_rows),
    (r"Wilson", ("pos", "n"), _judged),
    (r"selective risk", ("errors", "n", "delta"), _risk),
    (r"Brier", ("y", "p"), _brier),
    (r"log ?loss", ("y", "p1"), _log_loss),
)
