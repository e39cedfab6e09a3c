"""Writes the demo's brief: the template beside this file, with the hashes of the files that it speaks of."""

import hashlib
import string
from pathlib import Path

__all__ = ["write_brief"]

TEMPLATE = Path(__file__).parent / "brief.toml.template"
HASHED = ("data/train", "data/feedback", "data/final", "answers/feedback", "answers/final")


def write_brief(directory: Path, *, known: tuple[str, ...]) -> Path:
    """Write `directory`/brief.toml over the data and answers that are there; `known` are the columns it calls known."""
    values = {
        name.replace("/", "_"): hashlib.sha256((directory / f"{name}.parquet").read_bytes()).hexdigest()
        for name in HASHED
    }
    values["known"] = "\n".join(f'    "{name}",' for name in known)
    path = directory / "brief.toml"
    path.write_text(string.Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
    return path
