"""`heldout.toml`, or `[tool.heldout]` of a pyproject.toml: what the options of `heldout audit` say, and acceptances."""

import os
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from heldout.core.accept import Accept
from heldout.core.errors import BadInput
from heldout.core.finding import Certainty
from heldout.evals.toml import Section, read_toml

__all__ = ["GUIDE", "NAMES", "Settings", "config_schema", "find_config", "read_config"]

GUIDE = "docs/guide/ci.md"
NAMES = ("heldout.toml", "pyproject.toml")
PATHS = ("data", "train", "test", "manifest", "predictions", "known_at_prediction", "out", "since", "junit")
SEVERAL = re.compile(rb"^\s*\[\[(tool\.heldout\.)?audit\]\]", re.MULTILINE)
Text = Annotated[str, Field(min_length=1)]
Texts = tuple[Text, ...]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class AuditSection(Section):
    """One audit: each key is the option of `heldout audit` of this name, with `_` for `-`."""

    model_config = ConfigDict(serialize_by_alias=True)

    data: Text | None = None
    """The table. Paths are relative to this file."""
    train: Text | None = None
    """The rows that a model learns from, instead of `data`."""
    test: Text | None = None
    """The rows that it is scored on."""
    target: Text | None = None
    """The column to predict, or a comparison: "arr_delay >= 15"."""
    manifest: Text | None = None
    """The manifest of the split whose parts these are; one beside them is found."""
    positive: Text | None = None
    """The class that counts as 1."""
    task: Literal["classification", "regression"] | None = None
    """What the target is, where its values mislead."""
    time: Text | None = None
    """The column that says when a row happened."""
    entity: Text | None = None
    """The column that says whom or what a row is about."""
    id: Text | None = None
    """The key that matches predictions to test rows; else by their order."""
    horizon: Text | None = None
    """How long after a row's time its label is known: "7d", "12h", "30min"."""
    embargo: Text | None = None
    """The gap to keep between train and test: "1d"."""
    fold: Text | None = None
    """The column that numbers the folds of a cross-validation."""
    predictions: Text | None = None
    """Scores for the test rows: a column called prediction or score."""
    reported: Finite | None = None
    """The score that is quoted."""
    interval: tuple[Finite, Finite] | None = None
    """The interval quoted with it: [low, high]."""
    metric: Text | None = None
    """Its metric: "roc_auc", "accuracy", "precision@0.8", ..."""
    slice: Texts | None = None
    """Columns in each of whose values to score."""
    threshold: Finite | None = None
    """The score from which rows are called positive."""
    threshold_chosen_on: Text | None = None
    """The rows that the threshold was chosen on: "validation", "test", ..."""
    capacity: int | None = None
    """How many of the scored rows can be acted on."""
    costs: tuple[Finite, Finite] | None = None
    """What a false positive and a false negative cost."""
    needs_probability: bool | None = None
    """True where the score is read as a probability."""
    known_at_prediction: Text | None = None
    """A file with the columns that exist when a prediction is made, one per line."""
    evaluations: int | None = None
    """How many models or settings were scored on the test rows."""
    corpus: Texts | None = None
    """Files of texts that a model was trained on."""
    estimator: Text | None = None
    """A scikit-learn estimator to fit again: "FILE.py:NAME" or "package.module:NAME"."""
    no_price: bool | None = None
    """True where nothing is fitted again."""
    seed: int | None = None
    """The seed of everything that is drawn."""
    no_header: bool | None = None
    """True where the first line is data."""
    separator: Text | None = None
    """The sign between values, where it is guessed wrong."""
    na: Texts | None = None
    """Texts that mean no value, such as "?"."""
    drop: Texts | None = None
    """Columns to leave out."""
    select: Texts | None = None
    """Ask only these checks: codes, names, families."""
    ignore: Texts | None = None
    """Don't ask these checks."""
    fail_on: Certainty | None = None
    """Exit 1 for open problems at least this sure; "strong" where not said."""
    since: Text | None = None
    """The JSON of an earlier audit: only problems that it does not have fail."""
    out: Text | None = None
    """A folder for report.html, report.md, report.json and junit.xml."""
    junit: Text | None = None
    """A file for the findings as JUnit XML."""
    first_look: bool | None = None
    """Whether to print what a few rows of a large file show, before it is read; where not said, on a terminal."""
    details: bool | None = None
    """True to print cautions, clear answers and what was not asked in full."""
    as_json: Annotated[bool | None, Field(alias="json")] = None
    """True to print JSON and nothing else."""

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if self.data is not None and self.train is not None:
            raise ValueError("audit.train and audit.data are both there: one table, or train and test")
        return self


class AcceptSection(Section):
    """A problem that is lived with for a while. It is shown in every report, and fails again once it expired."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{3}\d{3}$")]
    """The check's code, such as "LEK001"."""
    column: Text | None = None
    """The column that it is about; every problem of this check where left out."""
    reason: Text
    """Why it is lived with, for those who read the report."""
    expires: date
    """The last day on which it holds, in UTC."""

    @field_validator("reason")
    @classmethod
    def _says_something(cls, reason: str) -> str:
        if not reason.strip():
            raise ValueError("a reason is asked for, and this one is blank")
        return reason


class Config(Section):
    """Every key of `heldout.toml`; in a pyproject.toml they stand below `[tool.heldout]`."""

    audit: AuditSection = AuditSection()
    accept: tuple[AcceptSection, ...] = ()


class Tool(BaseModel):
    """`[tool]` of a pyproject.toml; what other tools say there is theirs."""

    heldout: Config


class Project(BaseModel):
    """A pyproject.toml."""

    tool: Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a file says: values by the name of the option (paths as seen from here), and acceptances."""

    path: Path
    options: dict[str, Any]
    accepts: tuple[Accept, ...]

    @property
    def said(self) -> str:
        """The file, and the table of it."""
        return f"{self.path} [tool.heldout]" if self.path.name == "pyproject.toml" else str(self.path)


def config_schema() -> dict[str, object]:
    """Return the JSON Schema of `heldout.toml`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Config.model_json_schema()}


def find_config(folder: Path) -> Path | None:
    """Return the nearest heldout.toml, or pyproject.toml with [tool.heldout], of a folder and those above it.

    The search ends at the root of a repository (where `.git` is): what lies outside is not the project's.
    """
    for here in (folder, *folder.parents):
        for name in NAMES:
            path = here / name
            if path.is_file() and (name != "pyproject.toml" or _has_table(path)):
                return Path(os.path.relpath(path, folder))
        if (here / ".git").exists():
            return None
    return None


def read_config(path: Path) -> Settings:
    """Read the file. Raises BadInput with the file, the key and its line for what it does not understand."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"the settings cannot be read: {error.strerror}", where=str(path), expected="a heldout.toml"
        ) from error
    config = _config(content, path)
    said = config.audit.model_dump(exclude_none=True, by_alias=False)
    options = {name: _as_option(name, value, path.parent) for name, value in said.items()}
    return Settings(path=path, options=options, accepts=tuple(Accept(**dict(one)) for one in config.accept))


def _config(content: bytes, path: Path) -> Config:
    try:
        if path.name == "pyproject.toml":
            return read_toml(content, Project, source=str(path), guide=GUIDE).tool.heldout
        return read_toml(content, Config, source=str(path), guide=GUIDE)
    except BadInput as error:
        if SEVERAL.search(content):
            raise BadInput(
                f"{path} holds a list, [[audit]]",
                where="audit",
                expected="one [audit]",
                mend="write a file for each audit, and name it: heldout audit FILE.toml",
            ) from error
        raise


def _has_table(path: Path) -> bool:
    try:
        return "heldout" in tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError):  # not TOML: its own tools say so, and it does not speak of Heldout
        return False


def _as_option(name: str, value: Any, folder: Path) -> Any:
    if name in PATHS:
        return _from_here(value, folder)
    if name == "corpus":
        return [_from_here(each, folder) for each in value]
    if name == "estimator":
        place, colon, attribute = value.rpartition(":")
        return f"{_from_here(place, folder)}{colon}{attribute}" if place.endswith(".py") else value
    if isinstance(value, Certainty):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _from_here(path: str, folder: Path) -> str:
    """Return a path of the file as seen from the working directory; an address (`sqlite://...`) stays as it is."""
    return path if "://" in path else os.path.normpath(folder / path)
