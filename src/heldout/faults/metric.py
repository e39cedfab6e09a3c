"""Scores that say more than was measured, or something else than the decision asks for."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from heldout.core.estimate import Estimate, counted
from heldout.core.evidence import (
    BaselineScores,
    ClassPredictions,
    DecisionContext,
    Predictions,
    Reported,
    ReportedThreshold,
    Slices,
)
from heldout.core.lift import Lift, LiftScale, LiftTarget
from heldout.faults.planter import Planter, World

__all__ = ["PLANTERS"]

TARGET = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)
DAYS = 61


def _bare_score(seed: int, effect: float) -> World:
    """A score is measured on 1,000 rows and reported; its interval is left out when the effect is 1."""
    rng = np.random.default_rng(seed)
    value = rng.binomial(1000, 0.8) / 1000
    margin = 1.96 * (value * (1 - value) / 1000) ** 0.5
    low, high = (None, None) if effect else (value - margin, value + margin)
    return {"reported": Reported(metric="accuracy", value=value, low=low, high=high, evaluated="on 1,000 rows")}


def _vanished_lift(seed: int, effect: float) -> World:
    """A candidate has the target's lift on each of 61 days, give or take; a share of that lift is taken away."""
    rng = np.random.default_rng(seed)
    by_day = rng.normal(TARGET.target * (1 - effect), 0.02, DAYS)
    mean, error = float(by_day.mean()), float(by_day.std(ddof=1) / DAYS**0.5)
    rows = DAYS * 800
    lift = Lift(
        metric="roc_auc",
        scale=TARGET.scale,
        estimate=Estimate(value=mean, low=mean - 2 * error, high=mean + 2 * error, n=rows, method="mean over days"),
        standard_error=error,
        degrees_of_freedom=DAYS - 1.0,
        clusters=DAYS,
        design_effect=None,
        largest_clusters_share=None,
        seeds=1,
        baseline_seeds=1,
        seed_variance=None,
        candidate=counted(0.62 * (1 + mean), n=rows),
        baseline=counted(0.62, n=rows),
    )
    return {"lift": lift, "target": TARGET}


def _expit(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-x))


def _scored(
    rng: np.random.Generator, *, rows: int = 2000, share: float = 0.3, signal: float = 1.5, metric: str = "roc_auc"
) -> Predictions:
    """Return calibrated scores of rows of which `share` are positive; the classes lie `signal` deviations apart."""
    label = (rng.random(rows) < share).astype(np.float64)
    ranked = rng.normal(signal * label)
    log_odds = np.log(share / (1 - share)) + signal * (ranked - signal / 2)
    return Predictions(metric=metric, label=label, score=_expit(log_odds), cluster=None)


def _rare_class(seed: int, effect: float) -> World:
    """Accuracy is reported; with the effect the positives go from 30 % to 2 % of 2,000 rows."""
    share = 0.3 * (1 - effect) + 0.02 * effect
    predictions = _scored(np.random.default_rng(seed), share=share, metric="accuracy")
    return {"decision": DecisionContext(metric="accuracy"), "predictions": predictions}


def _small_capacity(seed: int, effect: float) -> World:
    """AUC over 2,000 rows is reported; with the effect 20 of them can be acted on in place of all."""
    capacity = round(2000 * (1 - effect) + 20 * effect)
    decision = DecisionContext(metric="roc_auc", capacity=capacity)
    return {"decision": decision, "predictions": _scored(np.random.default_rng(seed))}


def _unseen_costs(seed: int, effect: float) -> World:
    """A false negative costs ten false positives; with the effect AUC is reported in place of log loss."""
    metric = "roc_auc" if effect else "log_loss"
    decision = DecisionContext(metric=metric, false_positive_cost=1.0, false_negative_cost=10.0)
    return {"decision": decision, "predictions": _scored(np.random.default_rng(seed), metric=metric)}


def _other_horizon(seed: int, effect: float) -> World:
    """A decision looks 30 days ahead, and 90 with the effect; the labels look 30 days ahead."""
    horizon = "90 days" if effect else "30 days"
    decision = DecisionContext(metric="roc_auc", horizon=horizon, scored_horizon="30 days")
    return {"decision": decision, "predictions": _scored(np.random.default_rng(seed))}


def _lost_signal(seed: int, effect: float) -> World:
    """A share of the signal of a model's scores is gone, on 20,000 rows in 1,000 clusters."""
    rng = np.random.default_rng(seed)
    label = (rng.random(20_000) < 0.3).astype(np.float64)
    score = _expit(rng.normal(1.5 * (1 - effect) * label))
    cluster = np.repeat(np.arange(1000), 20)
    return {"predictions": Predictions(metric="roc_auc", label=label, score=score, cluster=cluster)}


def _worse_than_persistence(seed: int, effect: float) -> World:
    """A forecast errs by a third of what the value before errs by; with the effect by a fifth more than it."""
    rng = np.random.default_rng(seed)
    label = np.cumsum(rng.normal(size=2001))
    score = label[1:] + rng.normal(0, 0.3 + 0.9 * effect, 2000)
    predictions = Predictions(metric="mean_absolute_error", label=label[1:], score=score, cluster=None)
    return {"predictions": predictions, "baselines": BaselineScores(scores={"the value before": label[:-1]})}


def _few_positives(seed: int, effect: float) -> World:
    """Of 4,000 rows 800 are positive; a share of the positives is relabelled. A lift of .15 is asked for."""
    rng = np.random.default_rng(seed)
    label = np.zeros(4000)
    label[: max(round(800 * (1 - effect)), 1)] = 1
    score = _expit(rng.normal(1.3 * label))
    target = LiftTarget(scale=LiftScale.ERROR_REDUCTION, minimum=0.0, target=0.15)
    return {"predictions": Predictions(metric="roc_auc", label=label, score=score, cluster=None), "target": target}


def _failing_slice(seed: int, effect: float) -> World:
    """Of 6,000 rows from five sites those of one have lost a share of their signal."""
    rng = np.random.default_rng(seed)
    label, site = (rng.random(6000) < 0.3).astype(np.float64), rng.integers(0, 5, 6000)
    signal = np.where(site == 3, 1.2 * (1 - effect), 1.2)
    predictions = Predictions(metric="roc_auc", label=label, score=_expit(rng.normal(signal * label)), cluster=None)
    names = ("north", "east", "south", "west", "sea")
    return {"predictions": predictions, "slices": Slices(codes={"site": site}, names={"site": names})}


def _reversal(seed: int, effect: float) -> World:
    """A model that is worse than its rival in two sites knows with the effect which site has the positives."""
    rng = np.random.default_rng(seed)
    site = rng.integers(0, 2, 6000)
    label = (rng.random(6000) < np.where(site == 1, 0.8, 0.2)).astype(np.float64)
    scores = (rng.normal(0.7 * label + 3 * effect * site), rng.normal(1.2 * label))
    model, rival = (
        Predictions(metric="roc_auc", label=label, score=_expit(score - 2), cluster=None) for score in scores
    )
    slices = Slices(codes={"site": site}, names={"site": ("north", "south")})
    return {"predictions": model, "rival": rival, "slices": slices}


def _too_extreme(seed: int, effect: float) -> World:
    """The log odds of 4,000 calibrated scores are made larger by a share."""
    plain = _scored(np.random.default_rng(seed), rows=4000, metric="log_loss")
    score = _expit((1 + effect) * np.log(plain.score / (1 - plain.score)))
    return {"predictions": Predictions(metric="log_loss", label=plain.label, score=score, cluster=None)}


def _too_high(seed: int, effect: float) -> World:
    """The log odds of 4,000 calibrated scores are moved up."""
    plain = _scored(np.random.default_rng(seed), rows=4000, metric="brier_loss")
    score = _expit(np.log(plain.score / (1 - plain.score)) + effect)
    return {"predictions": Predictions(metric="brier_loss", label=plain.label, score=score, cluster=None)}


def _best_f1(predictions: Predictions) -> float:
    """Return the threshold midway below the score from which calling rows positive has the best F1."""
    order = np.argsort(-predictions.score)
    hits = np.cumsum(predictions.label[order])
    last = int(np.argmax(2 * hits / (predictions.label.sum() + np.arange(1, len(order) + 1))))
    below = predictions.score[order[min(last + 1, len(order) - 1)]]
    return float((predictions.score[order[last]] + below) / 2)


def _best_on_the_reported_rows(seed: int, effect: float) -> World:
    """A threshold has the best F1 on validation rows; with the effect it has it on the reported ones, unsaid."""
    rng = np.random.default_rng(seed)
    validation, reported = _scored(rng), _scored(rng)
    threshold = ReportedThreshold(value=_best_f1(reported if effect else validation), metric="f1")
    return {"predictions": reported, "threshold": threshold}


def _said_to_be_chosen_on_test(seed: int, effect: float) -> World:
    """A threshold is said to be chosen on validation rows, or with the effect on the test rows."""
    rng = np.random.default_rng(seed)
    validation, reported = _scored(rng), _scored(rng)
    where = "test" if effect else "validation"
    value = _best_f1(reported if effect else validation)
    return {"predictions": reported, "threshold": ReportedThreshold(value=value, metric="f1", chosen_on=where)}


def _hidden_class(seed: int, effect: float) -> World:
    """Of 2,000 rows in five classes 85 % are called right; a share of a class of 100 rows is called something else."""
    rng = np.random.default_rng(seed)
    label = np.repeat(np.arange(5), (700, 500, 400, 300, 100))
    wrong = rng.random(2000) < np.where(label == 4, 0.15 + 0.85 * effect, 0.15)
    predicted = np.where(wrong, (label + rng.integers(1, 5, 2000)) % 5, label)
    evidence = ClassPredictions(
        classes=("a", "b", "c", "d", "rare"), label=label, predicted=predicted, metric="recall", average="weighted"
    )
    return {"class_predictions": evidence}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "MET001": (
        Planter(
            fault="A score is reported without the interval that was measured with it.",
            effect="intervals left out",
            build=_bare_score,
        ),
    ),
    "MET002": (
        Planter(
            fault="A candidate's lift over the baseline is gone.",
            effect="share of the target's lift that is gone",
            build=_vanished_lift,
        ),
    ),
    "MET003": (
        Planter(
            fault="Accuracy is reported where nearly all rows are of one class.",
            effect="things that the metric does not see",
            build=_rare_class,
        ),
        Planter(
            fault="AUC is reported where only the highest scores can be acted on.",
            effect="things that the metric does not see",
            build=_small_capacity,
        ),
        Planter(
            fault="A metric that sees no probabilities is reported where costs decide.",
            effect="things that the metric does not see",
            build=_unseen_costs,
        ),
        Planter(
            fault="The labels look ahead another time than the decision.",
            effect="things that the metric does not see",
            build=_other_horizon,
        ),
    ),
    "MET004": (
        Planter(fault="Scores are noise.", effect="share of the model's signal that is gone", build=_lost_signal),
        Planter(
            fault="A forecast is worse than the value before.",
            effect="share of the model's signal that is gone",
            build=_worse_than_persistence,
        ),
    ),
    "MET005": (
        Planter(
            fault="Too few positives are left to tell the lift that is asked for.",
            effect="share of the positives that are relabelled",
            build=_few_positives,
        ),
    ),
    "MET006": (
        Planter(
            fault="The scores of one site have lost their signal.",
            effect="share of the signal that is gone",
            build=_failing_slice,
        ),
        Planter(
            fault="A model is better than its rival over all rows and worse in each site.",
            effect="share of the offset that tells the sites apart",
            build=_reversal,
        ),
    ),
    "MET007": (
        Planter(fault="Scores are too extreme.", effect="share by which log odds are too large", build=_too_extreme),
        Planter(fault="Scores are too high.", effect="log odds added", build=_too_high),
    ),
    "MET008": (
        Planter(
            fault="The threshold is the best one on the reported rows, and nobody says so.",
            effect="thresholds chosen on the reported rows",
            build=_best_on_the_reported_rows,
        ),
        Planter(
            fault="The threshold is said to be chosen on the reported rows.",
            effect="thresholds chosen on the reported rows",
            build=_said_to_be_chosen_on_test,
        ),
    ),
    "MET009": (
        Planter(
            fault="A rare class is called something else under an average over all classes.",
            effect="share of the class that is called something else",
            build=_hidden_class,
        ),
    ),
}
