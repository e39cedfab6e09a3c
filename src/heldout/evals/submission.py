"""The submission contract: what `submission.toml` says, and that its commands are there."""

from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from heldout.core.errors import BadInput
from heldout.evals.toml import Section, read_toml

__all__ = ["GUIDE", "Submission", "check_commands", "parse_submission", "read_submission"]

GUIDE = "docs/guide/submission.md"
NAME = "submission.toml"
Text = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class BuildSection(Section):
    """What the environment is built from."""

    lock: Text
    """A requirements file inside the repository, with hashes: `pip install --require-hashes -r` would take it."""


class CommandSection(Section):
    """A command, as a list of arguments; no shell reads it."""

    command: Annotated[tuple[Text, ...], Field(min_length=1)]


class ReportedSection(Section):
    """What the submission says of itself, and how it came to that."""

    metric: Text
    value: Number
    low: Number | None = None
    high: Number | None = None
    evaluated: Text
    """In a sentence: on which rows, how they were chosen, how often."""
    split: Literal["forward", "random", "other"]
    features: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The columns that the model uses."""

    @model_validator(mode="after")
    def _is_an_interval(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("reported.low and reported.high come together or not at all")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError("reported.value lies outside reported.low and reported.high")
        return self


class Submission(Section):
    """Every key of `submission.toml`."""

    build: BuildSection
    train: CommandSection
    predict: CommandSection
    reported: ReportedSection


def parse_submission(content: bytes) -> Submission:
    """Return the contract in these bytes of a `submission.toml`. Raises BadInput."""
    return read_toml(content, Submission, source=NAME, guide=GUIDE)


def read_submission(tree: Path) -> Submission:
    """Return the contract of a submission's tree, and hold it to the files that it names.

    Raises BadInput when `submission.toml`, the lock or a program of the commands is not there.
    """
    path = tree / NAME
    if path.is_symlink() or not path.is_file():
        raise BadInput(
            f"the submission has no {NAME}",
            where=tree.name,
            expected=f"{NAME} at the root of the repository",
            mend=f"write one and commit it; {GUIDE} shows how",
        )
    submission = parse_submission(path.read_bytes())
    if not _is_file_of(tree, submission.build.lock):
        raise BadInput(
            f"{NAME}: build.lock names {submission.build.lock}, which is not in the repository",
            where="build.lock",
            expected="a requirements file with hashes; an empty one if nothing is needed",
            mend="commit it, or correct the name",
        )
    check_commands(tree, submission, installed=None)
    return submission


def check_commands(tree: Path, submission: Submission, *, installed: frozenset[str] | None) -> None:
    """Raise BadInput unless every command starts a program that exists.

    A program with a slash is a file of the repository; another is looked up among `installed`, the names on the
    run's PATH, or left for later when these are not known yet. The script given to `python` must be there too.
    """
    for phase in ("train", "predict"):
        section: CommandSection = getattr(submission, phase)
        program, *arguments = section.command
        missing = ""
        if "/" in program:
            missing = "" if _is_file_of(tree, program) else program
        elif installed is not None and program not in installed:
            missing = program
        elif program in ("python", "python3") and arguments and not arguments[0].startswith("-"):
            missing = "" if _is_file_of(tree, arguments[0]) else arguments[0]
        if missing:
            raise BadInput(
                f"{NAME}: {phase}.command names {missing}, which does not exist",
                where=f"{phase}.command",
                expected="a file of the repository, or a program of the environment that its lock makes",
                mend=f"correct the command, or commit the file; {GUIDE} shows an example",
            )


def _is_file_of(tree: Path, name: str) -> bool:
    inside = PurePosixPath(name)
    if inside.is_absolute() and inside.parts[:2] == ("/", "work"):
        inside = inside.relative_to("/work")
    if inside.is_absolute() or ".." in inside.parts:
        return False
    return (tree / inside).is_file() and (tree / inside).resolve().is_relative_to(tree.resolve())
