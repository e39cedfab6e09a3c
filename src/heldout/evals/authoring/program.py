"""The generated programs: a baseline that says the training rate or mean for every row, which is the template too."""

import string
from collections.abc import Mapping
from pathlib import Path

from heldout.evals.authoring.terms import Terms, toml_value

__all__ = ["PROGRAM", "filled", "program_files", "write_files"]

TEMPLATES = Path(__file__).parent / "templates"
PROGRAM = ("plain_parquet.py", "train.py", "predict.py", "submission.toml", "README.md")


def filled(name: str, values: Mapping[str, object]) -> str:
    """Return a template of this package with its placeholders filled in."""
    text = (TEMPLATES / f"{name}.template").read_text(encoding="utf-8")
    return string.Template(text).substitute(values)


def program_files(terms: Terms, *, value: float, evaluated: str, title: str) -> dict[str, str]:
    """Return the files of a submission that predicts the training rate or mean, by path; it needs Python alone.

    `value` is the score that it reports of itself, `evaluated` how it came to that.
    """
    what = "the share of positive labels" if terms.positive is not None else "the mean of the target"
    values = {
        "title": title,
        "what": what,
        "target": repr(terms.target),
        "positive": repr(terms.positive),
        "key": repr(terms.key),
        "metric": toml_value(terms.metric),
        "value": toml_value(float(value)),
        "evaluated": toml_value(evaluated),
        "features": toml_value(terms.key),  # a contract names one column at least; it writes the key back
    }
    readme = {"title": title, "what": f"{what[0].upper()}{what[1:]}"}
    files = {name: filled(f"program/{name}", values | readme if name == "README.md" else values) for name in PROGRAM}
    return files | {"requirements.lock": ""}


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts below `folder`, by path."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
