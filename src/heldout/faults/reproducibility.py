"""Results that cannot be had twice: reruns that differ, packages and systems that are others tomorrow."""

import re
from collections.abc import Mapping

import numpy as np

from heldout.core.evidence import Rerun
from heldout.faults.planter import Planter, World
from heldout.faults.repositories import changed, clean_repository
from heldout.stats import REPRODUCIBILITY_CLASSES as CLASSES

__all__ = ["PLANTERS"]

LOCK = "requirements.lock"


def _lower_class(seed: int, effect: float) -> World:
    """A brief accepts some class; the submission reaches it, or one that is so much lower."""
    rng = np.random.default_rng(seed)
    lowest = int(rng.integers(1, len(CLASSES)))
    reached = int(rng.integers(lowest, len(CLASSES)))
    if effect:
        reached = max(0, lowest - round(effect))
    difference = 0.0 if reached == len(CLASSES) - 1 else float(rng.uniform(1e-9, 1e-2))
    return {
        "rerun": Rerun(
            reproducibility=CLASSES[reached],
            lowest=CLASSES[lowest],
            reruns=int(rng.integers(1, 6)),
            largest_difference=difference,
            tolerance=1e-6,
            explanation=f"predictions differ by up to {difference:.2g}" if difference else "the same bytes",
        )
    }


def _without_hashes(seed: int, effect: float) -> World:
    """The first requirements of the lock lose their hashes."""
    return _loosened(seed, effect, r"( \\\n +--hash=\S+)+", "")


def _without_versions(seed: int, effect: float) -> World:
    """The first requirements of the lock lose their versions, and with them their hashes."""
    return _loosened(seed, effect, r"==\S+( \\\n +--hash=\S+)+", "")


def _from_elsewhere(seed: int, effect: float) -> World:
    """The first requirements of the lock are taken from a branch of a repository."""
    return _loosened(seed, effect, r"==\S+( \\\n +--hash=\S+)+", " @ git+https://example.org/package.git")


def _loosened(seed: int, effect: float, pinned: str, loose: str) -> World:
    repository = clean_repository(seed)
    text = repository.text(LOCK) or ""
    text = re.sub(pinned, loose, text, count=round(effect)) if round(effect) else text
    return {"repository": changed(repository, files={LOCK: text})}


def _no_lock(seed: int, effect: float) -> World:
    """The lock that the contract names is not in the repository."""
    repository = clean_repository(seed)
    return {"repository": changed(repository, files={LOCK: None}) if effect else repository}


def _no_dockerfile(seed: int, effect: float) -> World:
    repository = clean_repository(seed)
    return {"repository": changed(repository, files={"Dockerfile": None}) if effect else repository}


def _floating_images(seed: int, effect: float) -> World:
    """The Dockerfile begins with stages from images that are named by a tag, by an argument, or by nothing."""
    repository = clean_repository(seed)
    stages = ("FROM node:22 AS web\n", "FROM debian\n", "ARG TAG=latest\nFROM ubuntu:${TAG} AS tools\n")
    text = "".join(stages[(seed + number) % len(stages)] for number in range(round(effect)))
    return {"repository": changed(repository, files={"Dockerfile": text + (repository.text("Dockerfile") or "")})}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "REP001": (Planter(fault="A rerun reaches a class below the lowest.", effect="classes below", build=_lower_class),),
    "REP002": (
        Planter(fault="Requirements without hashes.", effect="requirements", build=_without_hashes),
        Planter(fault="Requirements without versions.", effect="requirements", build=_without_versions),
        Planter(fault="Requirements from a branch.", effect="requirements", build=_from_elsewhere),
        Planter(fault="No lock file.", effect="missing files", build=_no_lock),
    ),
    "REP003": (
        Planter(fault="No Dockerfile.", effect="missing files", build=_no_dockerfile),
        Planter(fault="Base images without a digest.", effect="images", build=_floating_images),
    ),
}
