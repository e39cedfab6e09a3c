"""A tiny eval, and submissions to it that need nothing but Python: they learn a rate per bin and look it up."""

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

READER = (Path(__file__).parent / "plain_parquet.py").read_text(encoding="utf-8")
TRAIN = """
import json, os, random, sys
import plain_parquet
table = plain_parquet.read("/data/train.parquet")
column = {column!r} if {column!r} in table else "x"
seen = {{}}
for value, label in zip(table[column], table["late"]):
    ones, count = seen.get(round(value), (1, 5))
    seen[round(value)] = (ones + label, count + 1)
rates = {{str(bin): ones / count for bin, (ones, count) in seen.items()}}
random.seed({seed})
with open("/model/rates.json", "w") as file:
    json.dump({{"rates": rates, "jitter": random.random() * 1e-3}}, file)
"""
PREDICT = """
import json, plain_parquet
table = plain_parquet.read("/data/features.parquet")
with open("/model/rates.json") as file:
    model = json.load(file)
column = {column!r} if {column!r} in table else "x"
with open("/out/predictions.csv", "w") as file:
    file.write("id,prediction\\n")
    for key, value in zip(table["id"], table[column]):
        rate = model["rates"].get(str(round(value)), 0.2)
        file.write(f"{{key}},{{min(max(rate + model['jitter'] * (value % 1), 0), 1)!r}}\\n")
"""
SEEDED = 'int(os.environ["HELDOUT_SEED"])'
CONTRACT = """
[build]
lock = "requirements.lock"
[train]
command = ["python", "train.py"]
[predict]
command = ["python", "predict.py"]
[reported]
metric = "roc_auc"
value = {value}
evaluated = "on a quarter of the training rows"
split = {split}
features = {features}
"""
BRIEF = """
[eval]
title = "Late or not"
objective = "Say which rows are late."
version = 1
ai_use = "allowed"
[data]
key = "id"
time = "day"
cluster = "day"
target = "late"
positive = 1
rows_without_label = "There are none."
known_at_prediction = ["day", "x", "group"]
train = {{ path = "data/train.parquet", sha256 = "{train}" }}
final = {{ path = "data/final.parquet", sha256 = "{final}" }}
[answers]
final = {{ sha256 = "{answers}" }}
[metric]
name = "roc_auc"
direction = "higher"
[baseline]
path = "baseline"
[lift]
scale = "relative"
minimum = 0.02
target = 0.05
[budget]
wall_seconds = 600
cpu_seconds = 30
memory_mb = 1024
backup_plan = "Grade on another machine."
[window]
hours = 48
[cadence]
hours = 12
[deliverables]
code = "A repository."
documentation = "A README."
monitoring = "Alert rules."
[reproducibility]
epsilon = 1e-9
lowest = "tolerance"
seeds = 2
[rubric]
architecture = 0.4
reproducibility = 0.3
monitoring = 0.3
"""


def write_eval(folder: Path, *, rows: int = 3000, days: int = 120, seed: int = 1) -> Path:
    """Write brief, tables, answers and baseline into `folder`, and return the brief's path."""
    generator = np.random.default_rng(seed)
    day = np.sort(generator.integers(0, 2 * days, 2 * rows))
    x = generator.normal(0, 2, 2 * rows)
    chance = 1 / (1 + np.exp(-(x + 0.3 * generator.normal(size=2 * days)[day])))
    late = (generator.random(2 * rows) < chance).astype(np.int64)
    table = pa.table(
        {
            "id": [f"r{number}" for number in generator.permutation(2 * rows)],
            "day": day,
            "x": x,
            "group": np.where(generator.random(2 * rows) < 0.8, generator.normal(0, 2, 2 * rows), x),
            "after": late * 4 + generator.normal(0, 1, 2 * rows),
            "late": late,
        }
    )
    for part in ("data", "answers"):
        (folder / part).mkdir(parents=True)
    last_train_day = int(day[rows])
    train = table.filter(pa.array(day < last_train_day))
    final = table.filter(pa.array(day >= last_train_day))
    write_plainly(train, folder / "data" / "train.parquet")
    write_plainly(final.select(["id", "day", "x", "group"]), folder / "data" / "final.parquet")
    write_plainly(final.select(["id", "late"]), folder / "answers" / "final.parquet")
    for name, content in tree(column="group").items():
        (folder / "baseline").mkdir(exist_ok=True)
        (folder / "baseline" / name).write_text(content, encoding="utf-8")
    files = {"train": "data/train", "final": "data/final", "answers": "answers/final"}
    hashes = {name: hashlib.sha256((folder / f"{p}.parquet").read_bytes()).hexdigest() for name, p in files.items()}
    (folder / "brief.toml").write_text(BRIEF.format(**hashes), encoding="utf-8")
    return folder / "brief.toml"


def write_plainly(table: pa.Table, path: Path) -> None:
    """Write Parquet that the submissions' own reader understands."""
    required = pa.schema([field.with_nullable(False) for field in table.schema])
    pyarrow.parquet.write_table(table.cast(required), path, compression="none", use_dictionary=False)


def tree(
    *,
    column: str = "x",
    seed: str = SEEDED,
    features: tuple[str, ...] = ("day", "x"),
    split: str = "forward",
    value: float = 0.85,
    before_train: str = "",
    before_predict: str = "",
) -> dict[str, str]:
    """Return the files of a submission that looks up the rate of `column`, or of x where that is not there."""
    return {
        "submission.toml": CONTRACT.format(value=value, split=json.dumps(split), features=json.dumps(features)),
        "requirements.lock": "",
        "plain_parquet.py": READER,
        "train.py": before_train + TRAIN.format(column=column, seed=seed),
        "predict.py": before_predict + PREDICT.format(column=column),
        "README.md": "# Train\npython train.py\n# Predict\npython predict.py\n# Assumptions\nNone.\n",
    }


def write_repository(folder: Path, files: Mapping[str, str]) -> Path:
    """Commit `files` to a new repository in `folder`, and return it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    stamp = {"GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z"}
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Submission")):
        subprocess.run(
            ["git", *who, *command], cwd=folder, check=True, env={**os.environ, **stamp}, capture_output=True
        )
    return folder
