"""Committees with a known truth: raters with severity, noise and drift on four ordered levels, candidates with leaves.

A leaf has a latent quality, part of it its candidate's. A rater adds severity, severity that moves from the first to
the last candidate in the rater's own order, and noise, part of it the same on all leaves of a candidate. Thresholds cut
the sum into junior, mid, senior and staff (0 to 3). The truth is alpha of 10⁶ items of the same committee.
"""

import dataclasses
import functools
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from heldout import stats
from heldout.core.estimate import Estimate

__all__ = [
    "ITEMS",
    "LEVEL",
    "SEVERITIES",
    "WORLDS",
    "Committee",
    "Covered",
    "Round",
    "covered",
    "covered_severity",
    "rounds",
    "severity_rounds",
    "true_agreement",
    "true_severity",
]

ITEMS = 1_000_000
WORLDS = 2_000
LEVEL = 0.95

SHARES = {
    "spread": (0.15, 0.35, 0.35, 0.15),
    "one level": (0.03, 0.07, 0.85, 0.05),
    "at the top": (0.02, 0.05, 0.13, 0.80),
}
"""Where thresholds cut the latent quality: "one level" and "at the top" are the kappa paradox."""

Ratings = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Committee:
    """Raters and what they rate. Severity, drift and noise are in standard deviations of latent quality.

    `severity` is that of the strictest rater, the mildest has its negative; `drift` is what every other rater gains
    from first to last, the rest lose it. `own` is the share of quality, `halo` that of noise, which leaves of one
    candidate share. `unsure` ratings are missing one by one, `conflict` for a whole candidate.
    """

    raters: int = 3
    noise: float = 0.5
    severity: float = 0.3
    drift: float = 0.0
    shares: str = "spread"
    leaves: int = 1
    own: float = 0.0
    halo: float = 0.0
    unsure: float = 0.0
    conflict: float = 0.0

    def strictness(self) -> NDArray[np.float64]:
        """Return each rater's severity (raters,), above 0 where stricter."""
        return self.severity * np.linspace(1, -1, self.raters)

    def drifts(self) -> NDArray[np.float64]:
        """Return by how much each rater grows stricter from first to last (raters,)."""
        return self.drift * np.where(np.arange(self.raters) % 2, 1.0, -1.0)

    def draw(self, worlds: int, candidates: int, rng: np.random.Generator) -> tuple[Ratings, Ratings]:
        """Return ratings (worlds, raters, units) of 0..3 with NaN, and the place in the rater's order of each."""
        by_candidate = (worlds, self.raters, candidates, 1)
        by_leaf = (worlds, self.raters, candidates, self.leaves)
        quality = _mixed(rng, (worlds, 1, *by_candidate[2:]), (worlds, 1, *by_leaf[2:]), self.own)
        quality = quality + 0.4 * np.linspace(-1, 1, self.leaves) * (self.leaves > 1)
        seen = quality + self.noise * _mixed(rng, by_candidate, by_leaf, self.halo)
        place = rng.random(by_candidate).argsort(axis=2).argsort(axis=2) / max(candidates - 1, 1)
        strict = self.strictness()[:, None, None] + self.drifts()[:, None, None] * (place - 0.5)
        cuts = special.ndtri(np.cumsum(SHARES[self.shares])[:-1])
        rated = np.searchsorted(cuts, seen - strict).astype(np.float64)
        if self.unsure or self.conflict:
            gone = (rng.random(by_leaf) < self.unsure) | (rng.random(by_candidate) < self.conflict)
            rated[gone] = np.nan
        shape = (worlds, self.raters, candidates * self.leaves)
        return rated.reshape(shape), np.broadcast_to(place, by_leaf).reshape(shape)


def _mixed(
    rng: np.random.Generator, common: tuple[int, ...], own: tuple[int, ...], share: float
) -> NDArray[np.float64]:
    """Return standard normals of which `share` of the variance is common."""
    alone = np.sqrt(1 - share) * rng.standard_normal(own)
    return alone + np.sqrt(share) * rng.standard_normal(common) if share else alone


@functools.cache
def true_agreement(committee: Committee) -> float:
    """Return ordinal alpha of a million items of the committee."""
    ratings, _ = committee.draw(1, ITEMS // committee.leaves, _rng("truth", committee))
    found = stats.krippendorff_alpha(ratings[0], "ordinal").estimate.value
    assert found is not None
    return found


def _rng(*about: Any) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(repr(about).encode()))


@dataclass(frozen=True, kw_only=True)
class Round:
    """A committee that rates so many candidates; `leeway` is how far coverage may lie from its level."""

    committee: Committee
    candidates: int

    @property
    def units(self) -> int:
        """What each rater rates."""
        return self.candidates * self.committee.leaves

    @property
    def leeway(self) -> float:
        """The promise: .03 from 30 units on, .02 from 60 on."""
        return 0.02 if self.units >= 60 else 0.03

    @property
    def name(self) -> str:
        """The round in a line."""
        told = [f"{self.units} units"]
        if self.committee.leaves > 1:
            told = [f"{self.candidates} candidates × {self.committee.leaves}"]
        for field in dataclasses.fields(Committee):
            value = getattr(self.committee, field.name)
            if field.name in ("raters", "noise", "shares") or (value != field.default and field.name != "leaves"):
                told.append(value if field.name == "shares" else f"{field.name} {value:g}")
        return ", ".join(told)


def rounds() -> Iterator[Round]:
    """The grid: raters × noise × shares of levels, then severity, drift, gaps, and candidates with leaves."""
    grid = [
        Committee(raters=raters, noise=noise, shares=shares)
        for raters in (2, 3, 5)
        for shares in SHARES
        for noise in (0.25, 0.5, 1.0)
    ]
    several = Committee(raters=3)
    grid += [
        dataclasses.replace(several, **changed)
        for changed in (
            {"noise": 0.12, "severity": 0.0},
            {"severity": 0.8},
            {"severity": 0.8, "shares": "one level"},
            {"drift": 0.8},
            {"drift": 0.8, "severity": 0.6, "unsure": 0.1},
            {"unsure": 0.15},
        )
    ]
    for units in (30, 60):
        yield from (Round(committee=committee, candidates=units) for committee in grid)
    for units in (45, 120):
        yield from (Round(committee=committee, candidates=units) for committee in grid[3::5])
    clustered = [
        Committee(raters=raters, shares=shares, leaves=4, own=own, halo=halo)
        for raters in (2, 3, 5)
        for shares in SHARES
        for own, halo in ((0.5, 0.3), (0.7, 0.6))
    ]
    clustered.append(
        Committee(raters=3, leaves=4, own=0.5, halo=0.3, drift=0.8, severity=0.6, unsure=0.05, conflict=0.05)
    )
    for candidates in (10, 15, 30):
        yield from (Round(committee=committee, candidates=candidates) for committee in clustered)


@dataclass(frozen=True, kw_only=True)
class Covered:
    """Of the worlds of a round, `defined` had an interval, `hits` of them covered `truth`; `width` is the median."""

    round: Round
    truth: float
    worlds: int
    defined: int
    hits: int
    width: float

    @property
    def share(self) -> float:
        """The share that covers."""
        return self.hits / self.defined

    def is_measured(self) -> bool:
        """Whether enough worlds had an interval to say anything."""
        return self.defined >= self.worlds / 20

    def broken(self, rounds: int) -> str | None:
        """Say how coverage lies outside of the promise, beyond what chance does to `rounds` rounds."""
        if not self.is_measured():
            return None
        low, high = self.band(rounds)
        if low <= LEVEL + self.round.leeway and high >= LEVEL - self.round.leeway:
            return None
        return f"{self.round.name}: {self.share:.3f} [{low:.3f}, {high:.3f}] of {self.defined}"

    def band(self, rounds: int) -> tuple[float, float]:
        """Return the exact interval of the share, Bonferroni over `rounds`."""
        exact = stats.clopper_pearson(self.hits, self.defined, 1 - 0.05 / rounds)
        assert exact.low is not None
        assert exact.high is not None
        return exact.low, exact.high


def covered(played: Round, *, worlds: int = WORLDS, clustered: bool = True) -> Covered:
    """Play the round in `worlds` worlds and count; not `clustered` takes leaves as independent."""
    committee = played.committee
    ratings, _ = committee.draw(worlds, played.candidates, _rng("worlds", played))
    whose = np.repeat(np.arange(played.candidates), committee.leaves) if clustered and committee.leaves > 1 else None
    found = [stats.committee_agreement(one, whose) for one in ratings if not np.isnan(one).all()]
    return counted(played, true_agreement(committee), found)


SEVERITIES = ("severity", "drift")


def severity_rounds() -> Iterator[Round]:
    """Few candidates too: what a committee wants to know of its raters on the first day."""
    for raters, severity, drift, shares in (
        (2, 0.5, 0.8, "spread"),
        (3, 0.8, 0.5, "spread"),
        (5, 0.3, 0.0, "at the top"),
    ):
        base = Committee(raters=raters, severity=severity, drift=drift, shares=shares)
        yield from (Round(committee=base, candidates=units) for units in (30, 60))
        leaves = dataclasses.replace(base, leaves=4, own=0.5, halo=0.3, unsure=0.05)
        yield from (Round(committee=leaves, candidates=candidates) for candidates in (6, 10, 15, 30))


@functools.cache
def true_severity(committee: Committee, asked: str) -> float:
    """Return the first rater's severity or drift over a million items."""
    ratings, place = committee.draw(1, ITEMS // committee.leaves, _rng("truth", committee))
    found = _severity(asked, ratings[0], place[0], None).value
    assert found is not None
    return found


def covered_severity(played: Round, asked: str, *, worlds: int = WORLDS) -> Covered:
    """Play the round and count how often the interval of the first rater's severity, or drift, holds the truth."""
    committee = played.committee
    ratings, place = committee.draw(worlds, played.candidates, _rng(asked, played))
    whose = np.repeat(np.arange(played.candidates), committee.leaves) if committee.leaves > 1 else None
    found = [_severity(asked, one, when, whose) for one, when in zip(ratings, place, strict=True)]
    return counted(played, true_severity(committee, asked), found)


def _severity(asked: str, ratings: Ratings, place: Ratings, whose: NDArray[np.intp] | None) -> Estimate:
    if asked == "severity":
        return stats.rater_severity(ratings, whose)[0]
    return stats.severity_drift(ratings, place, whose)[0]


def counted(played: Round, truth: float, found: list[Estimate]) -> Covered:
    """Count the intervals that hold the truth."""
    ends = np.array([(e.low, e.high) for e in found if e.low is not None and e.high is not None]).reshape(-1, 2)
    return Covered(
        round=played,
        truth=truth,
        worlds=len(found),
        defined=len(ends),
        hits=int(((ends[:, 0] <= truth) & (truth <= ends[:, 1])).sum()),
        width=float(np.median(ends[:, 1] - ends[:, 0])) if len(ends) else 0.0,
    )
