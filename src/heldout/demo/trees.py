"""The programs that come with the demo: copied as plain trees, or made into git repositories."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heldout.tools.git_author import Commit, make_repository

__all__ = ["HISTORIES", "VARIANTS", "Variant", "copy_tree", "copy_variant", "write_submissions"]

HERE = Path(__file__).parent

HISTORIES = {
    "careful": (
        Commit(
            when="2026-09-07T09:12:00+00:00",
            message="Read the columns and bin them",
            paths=("delays/__init__.py", "delays/places.py", "delays/bins.py", "requirements.in", "requirements.lock"),
        ),
        Commit(
            when="2026-09-07T15:40:00+00:00",
            message="Fit on random halves of the days, score September",
            paths=("delays", "tests", "submission.toml"),
        ),
        Commit(
            when="2026-09-08T10:05:00+00:00",
            message="Alert on drift, latency, CPU and silence, and prove it",
            paths=("monitoring",),
        ),
        Commit(when="2026-09-08T16:31:00+00:00", message="Say how to run it, what was tried and assumed", paths=(".",)),
    ),
    "leaky": (
        Commit(
            when="2026-09-07T10:20:00+00:00",
            message="Logistic regression on delay and schedule",
            paths=("features.py", "model.py", "train.py", "predict.py", "evaluate.py", "tests", "requirements.lock"),
        ),
        Commit(when="2026-09-08T14:02:00+00:00", message="Container, alerts and readme", paths=(".",)),
    ),
    "notebook": (
        Commit(when="2026-09-07T23:48:00+00:00", message="flights", paths=("solution.ipynb", "requirements.txt")),
        Commit(when="2026-09-08T17:55:00+00:00", message="submit", paths=(".",)),
    ),
}
"""The commits of each bundled submission; the last of them adds all that is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A submission that is another one but for some files: edited (path, old, new), left out, or in its own folder."""

    of: str
    edits: tuple[tuple[str, str, str], ...]
    without: tuple[str, ...]
    commits: tuple[Commit, ...]


REPORTED = "value = 0.680\nlow = 0.622\nhigh = 0.736"
HUMID = '    "humid": [42, 49, 55, 61, 68, 77, 86],\n'
MORE = (
    '    "temp": [20, 30, 40, 50, 60, 70, 80],\n    "pressure": [1000, 1005, 1010, 1015, 1020, 1025],\n'
    '    "wind_speed": [4, 8, 12, 16, 20, 25],\n'
)
HUMID_DRAWN = '            "humid": draw.uniform(30, 100, rows),\n'
MORE_DRAWN = (
    '            "temp": draw.uniform(10, 90, rows),\n            "pressure": draw.uniform(995, 1030, rows),\n'
    '            "wind_speed": draw.uniform(0, 30, rows),\n'
)
WITHOUT_HUMID = (
    ("delays/bins.py", HUMID, ""),
    ("submission.toml", '"visib", "humid"', '"visib"'),
    ("submission.toml", REPORTED, "value = 0.679\nlow = 0.627\nhigh = 0.724"),
)
VARIANTS: Mapping[str, Variant] = {
    "narrowed": Variant(
        of="careful",
        edits=(
            *WITHOUT_HUMID,
            ("MODEL_CARD.md", "each bin of seven columns", "each bin of six columns"),
            ("MODEL_CARD.md", "80 ", "71 "),
            ("delays/model.py", "80 numbers", "71 numbers"),
            ("MODEL_CARD.md", ", seconds per batch, CPU, and silence", ", and silence"),
        ),
        without=(),
        commits=(
            Commit(when="2026-09-07T09:05:00+00:00", message="Bins, and a model of them", paths=("delays",)),
            Commit(
                when="2026-09-07T14:20:00+00:00", message="Tests, and the lock", paths=("tests", "requirements.lock")
            ),
            Commit(when="2026-09-08T09:40:00+00:00", message="Drift and silence, as agreed", paths=("monitoring",)),
            Commit(when="2026-09-08T15:10:00+00:00", message="What was agreed and what it costs", paths=(".",)),
        ),
    ),
    "goldplated": Variant(
        of="careful",
        edits=(
            ("delays/bins.py", HUMID, HUMID + MORE),
            (
                "tests/test_bins.py",
                '"humid": 60.0',
                '"humid": 60.0, "temp": 60.0, "pressure": 1015.0, "wind_speed": 8.0',
            ),
            ("tests/test_program.py", HUMID_DRAWN, HUMID_DRAWN + MORE_DRAWN),
            ("delays/model.py", "BAGS = 3", "BAGS = 20"),
            ("delays/model.py", "STEPS = 4", "STEPS = 8"),
            ("submission.toml", '"humid"', '"humid", "temp", "pressure", "wind_speed"'),
            ("submission.toml", REPORTED, "value = 0.702\nlow = 0.631\nhigh = 0.765"),
        ),
        without=("monitoring", "EXPERIMENTS.md", "UPDATES.md"),
        commits=(
            Commit(when="2026-09-07T11:00:00+00:00", message="Three bags", paths=("delays",)),
            Commit(when="2026-09-08T02:30:00+00:00", message="Twenty bags", paths=("tests", "submission.toml")),
            Commit(when="2026-09-08T17:40:00+00:00", message="The rest", paths=(".",)),
        ),
    ),
    "silent": Variant(
        of="careful",
        edits=WITHOUT_HUMID,
        without=("tests", "EXPERIMENTS.md", "UPDATES.md", "monitoring/alerts_test.yml", ".github"),
        commits=(Commit(when="2026-09-08T17:50:00+00:00", message="All of it", paths=(".",)),),
    ),
}
"""Three more submissions: one that narrows its scope well, one that is all model, one that says nothing."""


def copy_tree(name: str, directory: Path) -> None:
    """Copy the bundled tree `name` (a path below this package) to `directory`, without what Python leaves behind."""
    shutil.copytree(HERE / name, directory, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)


def copy_variant(name: str, directory: Path) -> None:
    """Write the tree of a variant to `directory`."""
    variant = VARIANTS[name]
    copy_tree(f"submissions/{variant.of}", directory)
    for left_out in variant.without:
        gone = directory / left_out
        if gone.is_dir():
            shutil.rmtree(gone)
        else:
            gone.unlink(missing_ok=True)
    for path, old, new in variant.edits:
        text = (directory / path).read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{path} of {variant.of} has no {old!r} for {name} to change")
        (directory / path).write_text(text.replace(old, new), encoding="utf-8")
    copy_tree(f"submissions/variants/{name}", directory)


def write_submissions(directory: Path, *, with_variants: bool = False) -> list[Path]:
    """Write the bundled submissions below `directory`, each a git repository, and return their paths.

    What stands there under their names is left as it is: somebody may have worked on it. The same version of Heldout
    gives the same commit hashes. Raises InfrastructureFailure when git is not installed.
    """
    paths = []
    histories = HISTORIES | ({name: one.commits for name, one in VARIANTS.items()} if with_variants else {})
    for name, commits in histories.items():
        path, partial = directory / name, directory / f".partial-{name}"
        paths.append(path)
        if path.exists():
            continue
        shutil.rmtree(partial, ignore_errors=True)  # of a demo that was killed
        if name in VARIANTS:
            copy_variant(name, partial)
        else:
            copy_tree(f"submissions/{name}", partial)
        make_repository(partial, commits)
        partial.rename(path)
    return paths
