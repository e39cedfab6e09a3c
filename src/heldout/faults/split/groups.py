"""Faults of a split by what belongs together: subjects, folds and sites on both sides."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from heldout.faults.planter import Planter, World
from heldout.faults.split.rows import Columns, SplitRows

__all__ = ["PLANTERS"]

TRAIN_ROWS, TEST_ROWS = 6000, 2000
TRAIN_SUBJECTS, TEST_SUBJECTS = 150, 50
REGIONS, SITES = 400, 60


def _numbered_recordings(seed: int, effect: float) -> World:
    """Recordings are named after subject and number; a share of test rows is given to subjects of train."""
    rng, subject, label = _subjects(seed, effect)
    number = np.zeros(len(subject), np.int64)
    order = np.argsort(subject, kind="stable")
    starts = np.append(0, np.cumsum(np.bincount(subject)))[:-1]
    number[order] = np.arange(len(subject)) - starts[subject[order]]
    names = np.array([f"rec_S{s:03d}_{k}" for s, k in zip(subject, number, strict=True)])
    return {"hidden_keys": _parted(rng, {"recording": names}, label)}


def _patients(seed: int, effect: float) -> World:
    """A column of patient numbers is not declared; a share of test rows is given to patients of train."""
    rng, subject, label = _subjects(seed, effect)
    return {"hidden_keys": _parted(rng, {"patient_id": 1000 + subject}, label)}


def _subjects(seed: int, effect: float) -> tuple[np.random.Generator, NDArray[np.int64], NDArray[np.int64]]:
    """Return the subject of each row, train rows first, and labels that mostly go by subject."""
    rng = np.random.default_rng(seed)
    train = rng.integers(0, TRAIN_SUBJECTS, TRAIN_ROWS)
    test = rng.integers(TRAIN_SUBJECTS, TRAIN_SUBJECTS + TEST_SUBJECTS, TEST_ROWS)
    known = rng.choice(train, TEST_ROWS)
    moved = round(effect * TEST_ROWS)
    test[:moved] = known[:moved]
    subject = np.concatenate([train, test])
    chance = rng.beta(0.4, 0.6, TRAIN_SUBJECTS + TEST_SUBJECTS)
    return rng, subject, (rng.random(len(subject)) < chance[subject]).astype(np.int64)


def _parted(rng: np.random.Generator, keys: Columns, label: NDArray[np.int64]) -> SplitRows:
    """Add a category of many levels that goes with the label, and part the rows."""
    rows = len(label)
    leaning = rng.beta(2, 3, REGIONS)
    region = rng.integers(0, REGIONS, rows)
    drawn = rng.integers(0, REGIONS, rows)
    fits = rng.random(rows) < np.where(label == 1, leaning[region], 1 - leaning[region])
    region = np.where(fits, region, drawn)
    columns = {**keys, "region": np.array([f"r{i}" for i in region]), "x": rng.normal(size=rows), "y": label}
    return SplitRows(
        train={name: values[:TRAIN_ROWS] for name, values in columns.items()},
        test={name: values[TRAIN_ROWS:] for name, values in columns.items()},
        target="y",
    )


def _mixed_folds(seed: int, effect: float) -> World:
    """Five folds of whole customers; a share of rows is given to another fold."""
    rng = np.random.default_rng(seed)
    customer = rng.integers(0, 400, TRAIN_ROWS)
    fold = rng.integers(0, 5, 400)[customer]
    moved = rng.random(TRAIN_ROWS) < effect
    fold = np.where(moved, (fold + rng.integers(1, 5, TRAIN_ROWS)) % 5, fold)
    columns = {
        "customer": customer,
        "fold": fold,
        "x": rng.normal(size=TRAIN_ROWS),
        "y": rng.integers(0, 2, TRAIN_ROWS),
    }
    return {"folds": SplitRows(train=columns, target="y", entity="customer", fold="fold")}


def _sites(seed: int, effect: float) -> World:
    """Sixty sites stand on both sides; their labels correlate by so much."""
    rng = np.random.default_rng(seed)
    site = rng.integers(0, SITES, TRAIN_ROWS + TEST_ROWS)
    precision = (1 - min(effect, 0.99)) / max(effect, 1e-9)
    chance = rng.beta(0.3 * precision, 0.7 * precision, SITES) if effect else np.full(SITES, 0.3)
    label = (rng.random(len(site)) < chance[site]).astype(np.int64)
    columns = {"site": np.array([f"s{i}" for i in site]), "x": rng.normal(size=len(site)) + 0.5 * label, "y": label}
    return {
        "shared_places": SplitRows(
            train={name: values[:TRAIN_ROWS] for name, values in columns.items()},
            test={name: values[TRAIN_ROWS:] for name, values in columns.items()},
            target="y",
        )
    }


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "SPL005": (
        Planter(
            fault="Recordings in test are of subjects of train, told by the beginning of their names.",
            effect="share of test rows",
            build=_numbered_recordings,
        ),
        Planter(
            fault="Rows in test are of patients of train, and nobody declared the patient.",
            effect="share of test rows",
            build=_patients,
        ),
    ),
    "SPL011": (
        Planter(fault="Rows are in another fold than their customer.", effect="share of rows", build=_mixed_folds),
    ),
    "SPL013": (
        Planter(
            fault="Sites that go with the label are on both sides.",
            effect="intraclass correlation of the label",
            build=_sites,
        ),
    ),
}
