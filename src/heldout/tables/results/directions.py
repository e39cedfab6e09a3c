"""Whether higher is better, for scores whose name is the name of a metric; never guessed from values."""

import re

__all__ = ["known_direction"]

HIGHER = frozenset(
    {"accuracy", "acc", "acc_norm", "acc_mutual_info", "exact_match", "em", "correct", "is_correct", "passed", "pass"}
    | {"is_pass", "solved", "resolved", "is_resolved", "success", "win", "won", "f1", "f1_score", "precision", "recall"}
    | {
        "bleu",
        "chrf",
        "rouge1",
        "rouge2",
        "rougel",
        "rougelsum",
        "bertscore",
        "mc1",
        "mc2",
        "mcc",
        "ndcg",
        "mrr",
        "map",
    }
    | {"hit", "r2", "auc", "roc_auc", "average_precision", "likelihood", "log_likelihood", "loglikelihood"}
    | {"prompt_level_strict_acc", "prompt_level_loose_acc", "inst_level_strict_acc", "inst_level_loose_acc"}
)
LOWER = frozenset(
    {"loss", "log_loss", "logloss", "cross_entropy", "nll", "perplexity", "ppl", "word_perplexity", "byte_perplexity"}
    | {"bits_per_byte", "brier", "brier_loss", "brier_score", "error", "is_error", "error_rate", "errors", "abs_error"}
    | {"absolute_error", "sq_error", "squared_error", "mae", "mse", "rmse", "mean_absolute_error", "latency"}
    | {"mean_squared_error", "root_mean_squared_error", "latency_ms", "latency_s", "duration", "runtime", "cost"}
    | {"wer", "cer", "ter"}
)
HIGHER_PATTERN = re.compile(r"(pass|hit|precision|recall|ndcg|acc|accuracy|map)@\d+$")


def known_direction(name: str) -> bool | None:
    """Return True where higher is better, False where lower is, None where the name does not tell.

    >>> known_direction("pass@1"), known_direction("log_loss"), known_direction("score")
    (True, False, None)
    """
    plain = re.sub(r"[\s-]+", "_", name.strip().lower())
    if plain in HIGHER or HIGHER_PATTERN.fullmatch(plain):
        return True
    return False if plain in LOWER else None
