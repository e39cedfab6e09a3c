"""What fitting again tells of a score: as given, supported, and what each problem is worth in between."""

from dataclasses import dataclass
from enum import StrEnum

from heldout.core.estimate import Estimate
from heldout.core.finding import Certainty

__all__ = ["Basis", "FoundPrice", "Priced", "Refit", "Unaffected"]


class Basis(StrEnum):
    """What a supported score rests on.

    `predictions`: the predictions given, scored again; `estimator`: the user's estimator, fitted again; `proxy`: a
    stated stand-in for a model that is not here, so an estimate and not that model's score; `none`: there is no score.
    """

    NONE = "none"
    PREDICTIONS = "predictions"
    ESTIMATOR = "estimator"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What one problem adds to the score, in the metric's units: above 0 where it flatters, whatever way is better.

    `first_in` is what mending it alone takes away, `last_in` what mending it takes away after all others are mended;
    `shapley` its mean over all orders where `is_exact`, else over an order and its reverse; these means add up to the
    price of all together. `what` says how it is mended,
    `codes` and `certainty` which checks found it and how sure they are: none for a split that what was declared asks
    for.
    """

    what: str
    codes: tuple[str, ...]
    certainty: Certainty | None
    first_in: Estimate
    last_in: Estimate
    shapley: float | None
    is_exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPrice:
    """What a structure that was found and not declared would flatter a score by, where the split ignores it.

    `as_given` and `mended` are the scores without and with it respected (`what` says how), on the same rows; `price` is
    their difference, paired by row, and `after_all` the one when every proven and strong problem is mended, None where
    there is none. `codes` are the checks that found it, `clusters` says what these intervals take as independent. It is
    no problem, as nobody split by it or declared it, and no part of the supported score.
    """

    what: str
    codes: tuple[str, ...]
    as_given: Estimate
    mended: Estimate
    price: Estimate
    after_all: Estimate | None
    clusters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """One model fitted again as the score was made, and with what was found mended; all on the same test rows.

    `model` names it, `is_proxy` tells that it stands in for a model that is not here. `as_given` is its score as the
    evaluation was given (`given_split`), `supported` the one with every proven and strong problem mended
    (`valid_split`), `price` the difference, paired by row; `if_suspects_too` the score with the suspects mended too.
    `fitted_rows` are the rows it was fitted and scored on, of `rows`, drawn by `seed`; `clusters` says what the
    intervals take as independent; `refits` counts the evaluations. `found` prices what was found and is no problem.
    `not_priced` names what no refit took out, `notes`
    what else a reader should know.
    """

    model: str
    is_proxy: bool
    metric: str
    higher_is_better: bool
    given_split: str
    valid_split: str
    as_given: Estimate
    supported: Estimate
    price: Estimate
    if_suspects_too: Estimate | None
    prices: tuple[Priced, ...]
    suspects: tuple[str, ...]
    not_priced: tuple[str, ...]
    rows: int
    fitted_rows: int
    clusters: str
    refits: int
    seed: int
    notes: tuple[str, ...] = ()
    found: tuple[FoundPrice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unaffected:
    """Predictions scored on all test rows, and on those that are no copies of train rows: exact for these rows.

    `kept` is the share of rows that are no copies; `prevalence_before` and `prevalence_after` the share of the positive
    class without and with the copies left out, None for a regression or where every row is a copy.
    """

    everywhere: Estimate
    elsewhere: Estimate
    kept: float
    prevalence_before: float | None
    prevalence_after: float | None
    clusters: str
