"""What the user declared about the rows of an audit, beside the tables themselves."""

from dataclasses import dataclass

from heldout.core.errors import BadInput

__all__ = ["Asked"]

MOST_EVALUATIONS = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The declarations that evidence is made from.

    `time`, `entity`, `row_id`, `fold` are columns; `horizon` is how long after a row's time its label is known, and
    `embargo` the gap to keep between train and test, as texts ("7d", "12h"; a number where time is a number);
    `evaluations` how many models or settings were scored on the test rows; `corpus` paths of texts that a model was
    trained on; `estimator` an unfitted scikit-learn estimator; `known` the columns that exist at prediction time;
    `seed` of everything that is drawn. Raises BadInput for what does not go together, whatever the tables hold.
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

    def __post_init__(self) -> None:
        if not isinstance(self.seed, int) or self.seed < 0:
            raise BadInput(f"the seed is {self.seed!r}", where="--seed", expected="a whole number, 0 or more")
        for option, length in (("horizon", self.horizon), ("embargo", self.embargo)):
            if length is not None and self.time is None:
                raise BadInput(
                    f"there is --{option} and no time column",
                    expected="--time, the column that says when a row happened",
                    mend="name it with --time",
                )
        if self.evaluations is not None and not 1 <= self.evaluations <= MOST_EVALUATIONS:
            raise BadInput(
                f"the number of evaluations is {self.evaluations:,}",
                where="--evaluations",
                expected=f"how many models or settings were scored on the test rows, 1 to {MOST_EVALUATIONS:,}",
            )

    @property
    def not_features(self) -> frozenset[str]:
        """The columns that were declared to be something else than a feature."""
        return frozenset(name for name in (self.time, self.entity, self.row_id, self.fold) if name is not None)
