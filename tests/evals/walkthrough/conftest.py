"""Two small graded submissions, bundled without a record: a sound one that is watched, and one that leaks."""

from pathlib import Path

import pytest
from tests.evals import tiny
from tests.evals.conftest import Grader

from heldout.app.eval_grade import bundle_graded

ALERTS = """
groups:
  - name: late
    rules:
      - alert: FeatureDrift
        expr: late_feature_drift_psi > 0.25
        for: 2h
      - alert: ScorerSilent
        expr: absent_over_time(late_prediction_seconds[3h])
"""
HOSTILE = "on <script>alert(1)</script> [a](javascript:alert(2)) “quoted” \u202e | `rows`"


def careful_tree() -> dict[str, str]:
    readme = "# Late\n\n## When it fails\n\nThe fallback is the rate of the training rows, and on call decides.\n"
    return {**tiny.tree(value=0.8), "monitoring/alerts.yml": ALERTS, "README.md": readme}


def leaky_tree() -> dict[str, str]:
    tree = tiny.tree(column="after", features=("day", "x", "after"), split="random", value=0.97)
    toml = tree["submission.toml"].replace("on a quarter of the training rows", HOSTILE.replace("\\", ""))
    return {**tree, "submission.toml": toml}


@pytest.fixture(scope="session")
def bundles(eval_folder: Path, grade: Grader, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the sealed bundles by name, and an open one of the sound submission."""
    folder, made = tmp_path_factory.mktemp("walked"), {}
    for name, tree in {"sound": careful_tree(), "leaking": leaky_tree()}.items():
        graded = grade(tree, name)
        repository = next(tmp_path_factory.getbasetemp().glob(f"repository*/{name}"))
        cards = graded.files["json"].parents[1]
        made[name] = bundle_graded(eval_folder, repository, cards, "sealed", folder / name)
        if name == "sound":
            made["open"] = bundle_graded(eval_folder, repository, cards, "open", folder / "open")
    return made
