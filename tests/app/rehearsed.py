"""A tiny brief and work on it, whose programs go by their variables, so that they run without a sandbox too."""

import shutil
import subprocess
from pathlib import Path

from tests.evals import tiny

PLAN = "If the rates cannot be learned in time, I hand in the baseline of the kit, at hour 20 at the latest."


def write_brief(folder: Path) -> Path:
    """Write an eval of 60 days, and return its folder."""
    tiny.write_eval(folder, rows=1500, days=60)
    for name in ("train.py", "predict.py"):
        path = folder / "baseline" / name
        path.write_text(by_variables(path.read_text()))
    return folder


def work(**changes: str) -> dict[str, str]:
    """Return the files of a submission that reaches the target."""
    files = tiny.tree(before_predict="import os\n")
    talk = {
        "BACKUP.md": PLAN,
        "UPDATES.md": "# Updates\n\n## 2026-01-31 14:30\n\n- done: the table of rates\n- next: alerts\n",
        "EXPERIMENTS.md": "| run | metric | value | seconds |\n|---|---|---|---|\n| 1 | roc_auc | 0.85 | 3 |\n"
        "| 2 | roc_auc | 0.86 | 4.5 |\n",
    }
    return {name: by_variables(text) for name, text in files.items()} | talk | changes


def commit(repository: Path, files: dict[str, str]) -> None:
    """Commit files on top of what the repository has, without the template's alerts, whose mutants take their time."""
    shutil.rmtree(repository / "monitoring", ignore_errors=True)
    for name, text in files.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text, encoding="utf-8")
    for command in (("add", "-A"), ("commit", "-q", "-m", "Work")):
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *command], cwd=repository, check=True
        )


def by_variables(program: str) -> str:
    """Return a program that finds its folders by the variables of the contract."""
    changed = program if "import os" in program or "/data/" not in program else f"import os\n{program}"
    for folder in ("data", "model", "out"):
        changed = changed.replace(f'"/{folder}/', f'os.environ["HELDOUT_{folder.upper()}"] + "/')
    return changed
