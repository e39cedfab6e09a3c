"""Results that cannot be had twice: reruns that differ, packages and systems that are others tomorrow."""

import re
from collections.abc import Mapping

import numpy as np

from heldout.core.evidence import Rerun
from heldout.core.repository_evidence import CiConfig, CiJob, DockerfileLint, LintWarning
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


INSTALLS = (
    ("DL3008", "Pin versions in apt get install."),
    ("DL3013", "Pin versions in pip."),
    ("DL3018", "Pin versions in apk add."),
    ("DL3016", "Pin versions in npm."),
)
HARMLESS = (
    ("DL3015", "Avoid additional packages by specifying `--no-install-recommends`"),
    ("DL3059", "Multiple consecutive `RUN` instructions. Consider consolidation."),
    ("DL3006", "Always tag the version of an image explicitly"),
)


def _floating_installs(seed: int, effect: float) -> World:
    """A linter warns of packages without a version, among warnings of other kinds."""
    said = [HARMLESS[(seed + number) % len(HARMLESS)] for number in range(seed % 4)]
    said += [INSTALLS[(seed + number) % len(INSTALLS)] for number in range(round(effect))]
    warnings = tuple(
        LintWarning(path="Dockerfile", line=line, rule=rule, level="warning", message=message)
        for line, (rule, message) in enumerate(said, start=2)
    )
    return {"dockerfile_lint": DockerfileLint(judge="hadolint 2.12.0", files=("Dockerfile",), warnings=warnings)}


TESTING = ("python -m pytest -q", "pytest tests", "python -m unittest discover tests", "tox -e py312")


def _ci(seed: int, effect: float) -> World:
    """A CI that starts by itself, runs the tests and installs the lock for that; the last so many of these go."""
    install = ("pip install --require-hashes -r requirements.lock", "uv pip sync requirements.lock")[seed % 2]
    parts = 3 - round(effect)
    test = TESTING[seed % 3]
    commands = ("echo start", install if parts > 2 else "pip install pytest", test if parts > 1 else f"{test} || true")
    job = CiJob(path=".github/workflows/ci.yml", name="test", is_automatic=parts > 0, commands=commands)
    lint = CiJob(path=job.path, name="lint", is_automatic=parts > 0, commands=(install, "ruff check ."), may_fail=True)
    return {"ci_config": CiConfig(jobs=(lint, job), locks=(LOCK,))}


def _no_ci(seed: int, effect: float) -> World:
    return {"ci_config": CiConfig(jobs=(), locks=(LOCK,))} if effect else _ci(seed, 0)


DRAWS = (
    ("import numpy as np", "np.random.default_rng({seed}).normal()"),
    ("from sklearn.model_selection import train_test_split as part", "part([1, 2, 3], random_state={seed})"),
    ("from numpy.random import RandomState", "RandomState({seed}).rand(3)"),
    ("import random", "random.Random({seed}).shuffle([1, 2])"),
    ("import sklearn.ensemble as trees", "trees.RandomForestClassifier(n_estimators=9, random_state={seed})"),
)
SEEDED = """import os
import random

random.seed(SEED := int(os.environ.get("HELDOUT_SEED", "0")))


def some(table):
    from sklearn.model_selection import KFold

    return random.sample(range(9), 3), KFold(5), table.sample(3, random_state=SEED)
"""


def _unseeded(seed: int, effect: float) -> World:
    """Calls that draw lose their seeds, or are given None; others in the same file keep theirs."""
    repository = clean_repository(seed)
    train = next(path for path in repository.files if path.endswith("/train.py"))
    loose = {(seed + number) % len(DRAWS) for number in range(round(effect))}
    lines = [line for line, _ in DRAWS]
    for number, (_, call) in enumerate(DRAWS):
        free = "None" if (seed + number) % 2 else ""
        text = call.format(seed=free if number in loose else "SEED")
        lines.append(text.replace(", random_state=)", ")"))
    text = f"{repository.text(train) or ''}\n\n{SEEDED}\n\n" + "\n".join(lines) + "\n"
    return {"repository": changed(repository, files={train: text})}


def _no_data_version(seed: int, effect: float) -> World:
    """The line of the model card with the table's hash goes; hashes of packages and of the image stay."""
    repository = clean_repository(seed)
    card = re.sub(r", SHA-256 [0-9a-f]{64}", "", repository.text("MODEL_CARD.md") or "")
    ways = (
        {"data/sales.parquet.dvc": "outs:\n- md5: 1\n"},
        {"EXPERIMENTS.md": "data: sales.csv, version 2026-09-01\n"},
    )
    files = {"MODEL_CARD.md": card, **({} if effect else ways[seed % 2])}
    return {"repository": changed(repository, files=files)}


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
    "REP004": (Planter(fault="Packages without a version.", effect="instructions", build=_floating_installs),),
    "REP005": (
        Planter(fault="A CI that does not test the locked environment.", effect="parts", build=_ci),
        Planter(fault="No CI.", effect="repositories", build=_no_ci),
    ),
    "REP006": (Planter(fault="Calls that draw without a seed.", effect="calls", build=_unseeded),),
    "REP007": (Planter(fault="No record of the data's version.", effect="repositories", build=_no_data_version),),
}
