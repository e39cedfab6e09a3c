"""A clean repository: small, pinned, tested, watched and documented, and different with every seed."""

import hashlib
from collections.abc import Mapping

import numpy as np

from heldout.core.repository import Repository

__all__ = ["changed", "clean_repository"]

MODULES = ("calendars", "features", "intervals", "places", "prices", "seasons", "weather")
PACKAGES = ("numpy", "pandas", "pyarrow", "scipy", "scikit-learn")
TRAIN = '''"""Fits the model."""

import json

{imports}


def main():
    print(json.dumps({{"rows": 1}}))


if __name__ == "__main__":
    main()
'''
TEST = """from {package}.{module} import double


def test_a_number_is_doubled():
    assert double(2) == 4
"""
README = """# Demand

How many of each article will be sold tomorrow.

## Train

    python -m {package}.train

reads the table of the last three months and writes the model.

## Predict

    python -m {package}.predict

reads the features of tomorrow and writes one number per article.

## What was assumed

- Shops report by midnight; a shop that does not is left out.
"""
CARD = """# Model card

## Intended use

The numbers tell each shop how much to order for tomorrow; a person places the order.

## Out of scope

They are not for prices, nor for shops that opened less than three months ago.

## Data

The table `sales.parquet`, SHA-256 {data}: sums per shop, article and day, which the shops agreed to share for this
purpose. No row is about a person. Tables are deleted after two years.

## Explanation

The weights of a linear model; `python -m {package}.predict` writes the three largest contributions beside each number.

## Trade-offs

A linear model was chosen over boosting: two per cent more error, for weights that a buyer can read.

## Complexity

Training grows linearly with the rows. Measured on one core:

| rows | seconds | MB |
|---|---|---|
| 10,000 | 0.4 s | 90 MB |
| 100,000 | 3.9 s | 240 MB |

## What to monitor

The share of unknown articles, the drift of the week's sales, and how long a night's run takes. When one of them moves
for three days, fall back to last week's sales and mend the feed.
"""


def clean_repository(seed: int) -> Repository:
    """Return a repository in which no check of a repository should find a problem."""
    rng = np.random.default_rng(seed)
    package = str(rng.choice(["demand", "sales", "stock"]))
    folder = f"src/{package}" if rng.random() < 0.5 else package
    modules = sorted(str(name) for name in rng.permutation(MODULES)[: rng.integers(2, 6)])
    imports = "\n".join(f"from {package}.{module} import double as {module}" for module in modules)
    files = {
        f"{folder}/__init__.py": "",
        f"{folder}/train.py": TRAIN.format(imports=imports),
        f"{folder}/predict.py": TRAIN.format(imports=imports),
        **{f"{folder}/{module}.py": "def double(x):\n    return 2 * x\n" for module in modules},
        f"tests/test_{modules[0]}.py": TEST.format(package=package, module=modules[0]),
        "requirements.lock": "".join(_locked(rng, str(name)) for name in rng.permutation(PACKAGES)[:3]),
        "Dockerfile": f"FROM python:3.12-slim@sha256:{_digest(rng)}\nCOPY . /work\n",
        "README.md": README.format(package=package),
        "MODEL_CARD.md": CARD.format(package=package, data=_digest(rng)),
    }
    return Repository(
        commit=_digest(rng)[:40],
        files={path: text.encode() for path, text in sorted(files.items())},
        submission={
            "build": {"lock": "requirements.lock"},
            "train": {"command": ["python", "-m", f"{package}.train"]},
            "predict": {"command": ["python", "-m", f"{package}.predict"]},
        },
    )


def changed(
    repository: Repository,
    *,
    files: Mapping[str, str | None] | None = None,
    submission: Mapping[str, object] | None = None,
) -> Repository:
    """Return the repository with `files` (path to text; None removes it) and tables of `submission` laid over it."""
    content = {path: old for path, old in repository.files.items() if path not in (files or {})}
    content |= {path: text.encode() for path, text in (files or {}).items() if text is not None}
    return Repository(
        commit=repository.commit,
        files=dict(sorted(content.items())),
        submission={**(repository.submission or {}), **(submission or {})},
    )


def _locked(rng: np.random.Generator, name: str) -> str:
    version = ".".join(str(number) for number in rng.integers(0, 9, 3))
    hashes = "".join(f" \\\n    --hash=sha256:{_digest(rng)}" for _ in range(rng.integers(1, 4)))
    return f"{name}=={version}{hashes}\n"


def _digest(rng: np.random.Generator) -> str:
    return hashlib.sha256(rng.bytes(8)).hexdigest()
