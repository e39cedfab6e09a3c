"""Fits clones of the user's estimator on numbers, with a seed, and asks it for one score per row."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from threadpoolctl import threadpool_limits

__all__ = ["CloneFitter", "NotFitted"]

Floats = NDArray[np.float64]


class NotFitted(Exception):
    """The estimator cannot be fitted, or cannot be asked, on these rows; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneFitter:
    """Fits clones of an unfitted scikit-learn estimator; `is_classifier` tells what its labels are."""

    estimator: Any
    is_classifier: bool
    seed: int = 0

    def fitted(self, values: Floats, label: NDArray[Any]) -> Any:
        """Return a clone that was fitted on values (n, k) and labels (n,), seeded; raises NotFitted."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                model = clone(self.estimator)
                seeds = {name: self.seed for name in model.get_params() if name.rpartition("__")[2] == "random_state"}
                if seeds:  # FrozenEstimator.set_params returns None
                    model.set_params(**seeds)
                with threadpool_limits(1):
                    model.fit(values, label)
            except (Exception, SystemExit) as error:  # whatever the user's own code raises says why it cannot be fitted
                raise NotFitted(_first_line(error)) from error
        return model

    def scores(self, model: Any, values: Floats) -> Floats:
        """Return what a fitted model says of each row: (n, classes) for a classifier, else (n, 1); raises NotFitted.

        A classifier without probabilities or a decision function says 1 for the class that it predicts.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with threadpool_limits(1):  # many small fits: threads would wait for each other
                    said = self._said(model, values)
            except (Exception, SystemExit) as error:  # as above
                raise NotFitted(_first_line(error)) from error
        if said.shape[0] != len(values) or not np.isfinite(said).all():
            raise NotFitted("its predictions are not one finite number per row and class")
        return said

    def _said(self, model: Any, values: Floats) -> Floats:
        if not self.is_classifier:
            return np.asarray(model.predict(values), np.float64).reshape(-1, 1)
        if hasattr(model, "predict_proba"):
            return np.asarray(model.predict_proba(values), np.float64)
        if hasattr(model, "decision_function"):
            margin = np.asarray(model.decision_function(values), np.float64)
            return np.column_stack([-margin, margin]) if margin.ndim == 1 else margin
        called: Floats = (np.asarray(model.predict(values))[:, None] == model.classes_[None, :]).astype(np.float64)
        return called


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__
