"""What the user declared about the rows of an audit, beside the tables themselves."""

from dataclasses import dataclass

__all__ = ["Asked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The declarations that evidence is made from.

    `time`, `entity`, `row_id`, `fold` are columns; `horizon` is how long after a row's time its label is known, and
    `embargo` the gap to keep between train and test, as texts ("7d", "12h"; a number where time is a number);
    `evaluations` how many models or settings were scored on the test rows; `corpus` paths of texts that a model was
    trained on; `estimator` an unfitted scikit-learn estimator; `known` the columns that exist at prediction time;
    `seed` of everything that is drawn.
    """

    time: str | None = None
    entity: str | None = None
    row_id: str | None = None
    fold: str | None = None
    horizon: str | None = None
    embargo: str | None = None
    evaluations: int | None = None
    corpus: tuple[str, ...] = ()
    estimator: object | None = None
    known: frozenset[str] | None = None
    seed: int = 0

    @property
    def not_features(self) -> frozenset[str]:
        """The columns that were declared to be something else than a feature."""
        return frozenset(name for name in (self.time, self.entity, self.row_id, self.fold) if name is not None)
