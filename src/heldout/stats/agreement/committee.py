"""How far a committee agrees on ordered levels: ordinal alpha with an interval that holds for what committees rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from heldout.core.estimate import Estimate, undefined
from heldout.stats.agreement.krippendorff import krippendorff_alpha
from heldout.stats.agreement.ratings import Ratings, as_ratings
from heldout.stats.agreement.result import FLOOR, check_interval
from heldout.stats.clusters import Clusters
from heldout.stats.sample import BadSample, Floats

__all__ = ["FEWEST_CLUSTERS", "FEWEST_DIFFERING", "FEWEST_OFF_LEVEL", "committee_agreement"]

FEWEST_CLUSTERS = 10
"""Below so many clusters the interval is withheld: simulated, 8 candidates covered down to .90 of a nominal .95."""

FEWEST_OFF_LEVEL = 12
"""So many units need a rating away from the commonest level, or one or two of them decide what chance would give."""

FEWEST_DIFFERING = 5
"""On so many units raters must differ, or the interval rests on a handful of disagreements."""

MOST_LEVELS = 50
"""More levels than this are measurements: see `icc`."""

SHARE_OF_SKEWNESS = 0.3
"""The share of the skewness of clusters' influence that Fisher's scale leaves to be corrected (by simulation)."""

NO_SKEWNESS = 1e-3


def committee_agreement(
    ratings: ArrayLike | Ratings,
    cluster: ArrayLike | None = None,
    *,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
    floor: int = FLOOR,
) -> Estimate:
    """Return Krippendorff's ordinal alpha of ratings (raters, units) on ordered levels, with an interval that holds.

    A unit is what is rated once by each rater: one leaf of the rubric for one candidate. `cluster` (units,) says whose
    it is: leaves of one candidate go up and down together, and so do a rater's errors on them, so that an interval over
    leaves alone covers down to .84 of a nominal .95. Give it whenever two units are of one candidate. A missing rating
    is None or NaN; units rated once are left out. `n` counts the units rated twice or more.

    The value is that of `krippendorff_alpha`. The interval leaves out one cluster at a time (Efron & Stein 1981, Ann.
    Stat. 9:586) on Fisher's scale atanh(alpha), its centre freed of the jackknife's bias (Quenouille 1956, Biometrika
    43:353), with t at the effective number of clusters: those that vary in levels and in influence (Satterthwaite
    1946). For clusters of several units 0.3 of their skewness is corrected as by Hall 1992, JRSS B 54:221. In simulated
    committees of 2 to 5 raters with four leaves a candidate a nominal 95 % covers within .03 from 30 units on and
    within .02 from 60 units on. With ten leaves, five raters and most of their error common to a candidate's leaves, it
    covers down to .90 at ten candidates.

    Withheld below `floor` units, below 10 clusters, where fewer than 12 units have a rating away from the commonest
    level (most works at one level: agreement beyond chance cannot be seen yet), or where raters differ on fewer than 5
    units. Six candidates with four leaves are 24 units: show `raw_agreement` without its interval, which takes units as
    independent, and the `disagreements`. Undefined where all ratings are equal, with one rater, or no unit rated twice.
    Raises BadSample as `as_ratings`, for texts whose order `categories` does not tell, or for bad clusters.

    >>> levels = np.repeat([0, 1, 2, 3, 1, 2], 10)
    >>> other = np.where(np.arange(60) % 5 == 0, (levels + 1) % 4, levels)
    >>> agreement = committee_agreement([levels, other], np.repeat(np.arange(15), 4))
    >>> round(agreement.value, 2), round(agreement.low, 2), round(agreement.high, 2)
    (0.77, 0.41, 0.9)
    """
    check_interval(level, floor)
    coded = as_ratings(ratings, categories)
    found = krippendorff_alpha(coded, "ordinal", level=level, floor=floor).estimate
    grouped = Clusters.of(cluster, coded.codes.shape[1])
    if found.value is None:
        return found
    if coded.times is not None:
        raise BadSample("a table of counts has no clusters", expected="a matrix of raters × units")
    if coded.categories.size > MOST_LEVELS:
        raise BadSample(f"there are {coded.categories.size} levels", expected=f"{MOST_LEVELS} at most")
    parts = _Parts.of(coded, grouped)
    method = f"Krippendorff's alpha, ordinal, jackknife over {parts.count} {parts.called}, Fisher's z, t"
    reason = parts.why_no_interval(floor)
    if reason is None:
        ends = _interval(found.value, parts, level)
        if ends is not None:
            low, high = min(ends[0], found.value), max(ends[1], found.value)
            return Estimate(value=found.value, low=low, high=high, n=found.n, method=method, level=level)
        reason = f"without one of its {parts.called} the rest are of one level or agree in full"
    return undefined(reason, n=found.n, method=method, value=found.value, level=level)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Parts:
    """What each cluster adds to alpha: `levels` (G, q) counts of ratings, `apart` (G, q, q) disagreement within units.

    r' apart r is the sum of squared distances within the cluster's units for levels at ranks r (q,).
    """

    levels: Floats
    apart: Floats
    units: int
    differing: int
    off_level: int
    pooled: bool

    @staticmethod
    def of(ratings: Ratings, clusters: Clusters) -> "_Parts":
        """Add up the units that are rated twice or more in each cluster that has one."""
        counts = ratings.counts()
        paired = counts.sum(axis=1) >= 2
        counts = counts[paired]
        if clusters.codes is None:
            owner = np.arange(len(counts))
        else:
            owner = np.unique(clusters.codes[paired], return_inverse=True)[1]
        m = counts.sum(axis=1)[:, None, None]
        apart = 2 * (m * counts[:, :, None] * np.eye(counts.shape[1]) - counts[:, :, None] * counts[:, None, :])
        most_common = int(counts.sum(axis=0).argmax())
        return _Parts(
            levels=_summed(counts, owner),
            apart=_summed(apart / (m - 1), owner),
            units=len(counts),
            differing=int(((counts > 0).sum(axis=1) > 1).sum()),
            off_level=int((counts[:, most_common] < counts.sum(axis=1)).sum()),
            pooled=int(owner.max()) + 1 < len(counts),
        )

    @property
    def count(self) -> int:
        """How many clusters there are."""
        return len(self.levels)

    @property
    def called(self) -> str:
        """What is left out one at a time."""
        return "clusters" if self.pooled else "units"

    def why_no_interval(self, floor: int) -> str | None:
        """Say why the interval would not hold, or None where it does."""
        if self.units < max(floor, 2):
            return f"an interval takes {max(floor, 2)} units rated twice, and there are {self.units}"
        if floor and self.count < FEWEST_CLUSTERS:
            return f"an interval takes units of {FEWEST_CLUSTERS} clusters, and there are {self.count}"
        if self.differing < FEWEST_DIFFERING:
            return f"raters differ on {self.differing} units only, and an interval takes {FEWEST_DIFFERING}"
        if self.off_level < FEWEST_OFF_LEVEL:
            return (
                f"{self.off_level} units only have a rating away from the commonest level, and an interval takes "
                f"{FEWEST_OFF_LEVEL}: agreement beyond chance cannot be seen where nearly all is of one level"
            )
        return None


def _summed(by_unit: Floats, owner: NDArray[np.intp]) -> Floats:
    """Return the sums of by_unit (units, ...) over each owner's units, shape (G, ...)."""
    count = int(owner.max()) + 1
    flat = by_unit.reshape(len(by_unit), -1)
    sums = np.zeros((flat.shape[1], count))
    for place, column in enumerate(flat.T):
        sums[place] = np.bincount(owner, column, count)
    return sums.T.reshape(count, *by_unit.shape[1:])


def _ranks(levels: Floats) -> Floats:
    """Return mid-ranks of counts (..., q), 0 in the middle of all ratings."""
    ranks: Floats = np.cumsum(levels, axis=-1) - levels / 2 - levels.sum(axis=-1, keepdims=True) / 2
    return ranks


def _alpha(levels: Floats, apart: Floats) -> Floats:
    """Return ordinal alpha of counts (..., q) and disagreement (..., q, q); NaN where all ratings are equal."""
    total, ranks = levels.sum(axis=-1), _ranks(levels)
    within = (np.matmul(apart, ranks[..., None])[..., 0] * ranks).sum(axis=-1)
    between = 2 * (total * (levels * ranks**2).sum(axis=-1) - (levels * ranks).sum(axis=-1) ** 2)
    varied = between > 0
    return np.asarray(np.where(varied, 1 - (total - 1) * within / np.where(varied, between, 1), np.nan))


def _interval(value: float, parts: _Parts, level: float) -> tuple[float, float] | None:
    """Return the ends of the interval, or None where leaving out a cluster leaves nothing to measure."""
    count = parts.count
    without = _alpha(parts.levels.sum(axis=0) - parts.levels, parts.apart.sum(axis=0) - parts.apart)
    if not (np.abs([value, *without]) < 1).all():  # NaN is not below 1 either
        return None
    influence = (count - 1) * (without.mean() - without)
    error = float(np.sqrt((influence**2).sum() / count / (count - 1))) / (1 - value**2)
    degrees = _degrees_of_freedom(influence, parts.levels)
    t = float(special.stdtrit(degrees, (1 + level) / 2))
    by_z = np.arctanh(without)
    centre = count * float(np.arctanh(value)) - (count - 1) * float(by_z.mean())
    below, above = t, t
    if parts.pooled:
        pull = by_z.mean() - by_z
        skewness = SHARE_OF_SKEWNESS * float((pull**3).sum() / (pull**2).sum() ** 1.5)
        below, above = _unskewed(t, skewness), -_unskewed(-t, skewness)
    return float(np.tanh(centre - error * below)), float(np.tanh(centre + error * above))


def _degrees_of_freedom(influence: Floats, levels: Floats) -> float:
    """Return the lesser of two effective numbers: of clusters whose influence varies, and whose levels vary."""
    count = len(influence)
    squares = influence**2
    kurtosis = count * float((squares**2).sum() / squares.sum() ** 2)
    by_influence = 2 * count / max(kurtosis - 1, 1e-9)
    mean_df = 2 / (1 / (count - 1) + 1 / min(max(by_influence, 1.0), count - 1))
    spread = levels @ _ranks(levels.sum(axis=0)) ** 2
    by_levels = float(spread.sum() ** 2 / (spread**2).sum()) - 1
    return float(min(mean_df, max(by_levels, 1.0)))


def _unskewed(t: float, skewness: float) -> float:
    """Return Hall's transformation of a quantile t, inverted."""
    if abs(skewness) < NO_SKEWNESS:
        return t
    return float(3 / skewness * (np.cbrt(1 + skewness * (t - skewness / 6)) - 1))
