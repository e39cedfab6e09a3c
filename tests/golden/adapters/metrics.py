"""Cases of metrics of labels and scores, and of their standard errors."""

import numpy as np
from tests.golden.adapters import Adapter, Answers, Case, Columns

from heldout.stats.metrics import METRICS
from heldout.stats.metrics.hanley_mcneil import hanley_mcneil_standard_error


def _auc_of_ratings(given: Case, column: Columns) -> Answers:
    counts = (given["rating_counts_negative"], given["rating_counts_positive"])
    negatives, positives = (sum(count) for count in counts)
    rating = np.concatenate([np.repeat(np.arange(len(count)), count) for count in counts])
    label = np.repeat([0, 1], [negatives, positives])
    auc = METRICS["roc_auc"].value(label, rating)
    error = hanley_mcneil_standard_error(auc, positives, negatives)
    return {"auc": auc, "auc_published": auc, "se": error, "se_published": error}


def _of_rows(given: Case, column: Columns) -> Answers:
    label, score = given["y"], given["s"]
    return {"auc": METRICS["roc_auc"].value(label, score), "ap": METRICS["pr_auc"].value(label, score)}


def _log_loss(given: Case, column: Columns) -> Answers:
    return {"logloss": METRICS["log_loss"].value(given["y"], given["p1"])}


ADAPTERS: tuple[Adapter, ...] = (
    (r"AUC", ("rating_counts_negative", "rating_counts_positive"), _auc_of_ratings),
    (r"AUC|average precision", ("y", "s"), _of_rows),
    (r"log ?loss", ("y", "p1"), _log_loss),
)
