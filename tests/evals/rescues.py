"""A small rescue eval, and submissions to it: mended, half mended, as it was found."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.app import authored

from heldout.app.eval_new import Authored

HEAD = "| finding | file | line | how it was told | worth in roc_auc | how it was mended |\n|---|---|---|---|---|---|\n"
LEAKS = ("fit-before-split", "target-derived", "unavailable", "random-split")
SPLIT = '''"""Holds out the last quarter of the days."""

TEST_SHARE = 0.25


def split(times):
    """Return the numbers of the earlier rows, and of the later ones."""
    order = sorted(range(len(times)), key=times.__getitem__)
    cut = int(len(times) * (1 - TEST_SHARE))
    return order[:cut], order[cut:]
'''
FITTED = """    train, test = split.split(table["when"])
    scaler = features.Scaler().fit({name: [values[place] for place in train] for name, values in table.items()})
    rows = scaler.transform(table, len(labels))
"""
FOUND = """    scaler = features.Scaler().fit(table)
    rows = scaler.transform(table, len(labels))
    train, test = split.split(len(rows), SEED)
"""


def write(folder: Path) -> Authored:
    """Write an eval in which four leaks are planted."""
    return authored.write(folder, authored.clean(1_500), time="when", kind="rescue", target_lift=0.3)


def project_of(made: Authored) -> dict[str, str]:
    assert made.folder is not None
    home = made.folder / "kit" / "project"
    return {path.relative_to(home).as_posix(): path.read_text() for path in home.rglob("*") if path.is_file()}


def mended(project: Mapping[str, str]) -> dict[str, str]:
    """Mend all four leaks."""
    features = re.sub(r"NUMBERS = .*", "NUMBERS = ['x']", project["features.py"])
    features = re.sub(r"TEXTS = .*", "TEXTS = []", features).replace("*TEXTS, TARGET]", "*TEXTS, 'when', TARGET]")
    assert FOUND in project["train.py"]
    contract = re.sub(r"features = .*", 'features = ["x"]', project["submission.toml"])
    return {
        **project,
        "features.py": features,
        "split.py": SPLIT,
        "train.py": project["train.py"].replace(FOUND, FITTED),
        "submission.toml": contract.replace('split = "random"', 'split = "forward"'),
    }


def findings(*places: tuple[str, object]) -> str:
    rows = (f"| it leaks | {file} | {line} | by reading | 0.1 | mended |\n" for file, line in places)
    return f"# Findings\n\n{HEAD}{''.join(rows)}"
