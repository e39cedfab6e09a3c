"""The submission contract: what `submission.toml` says, and that its commands are there."""

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from heldout.core.errors import BadInput
from heldout.evals.toml import Section, read_toml

__all__ = ["GUIDE", "Submission", "check_commands", "read_submission"]

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
    drift: CommandSection | None = None
    """A drift detector: it reads /data/reference.parquet and /data/days, and writes /out/drift.jsonl."""

    @property
    def commands(self) -> Mapping[str, CommandSection]:
        """The commands by phase."""
        drift = {} if self.drift is None else {"drift": self.drift}
        return {"train": self.train, "predict": self.predict, **drift}


def read_submission(content: bytes | None, files: Collection[str]) -> Submission:
    """Return the contract in a `submission.toml`, held to the `files` (paths) of its repository.

    Raises BadInput when `content` is None, or when the lock or a program of the commands is not among the files.
    """
    if content is None:
        raise BadInput(
            f"the submission has no {NAME}",
            expected=f"{NAME} at the root of the repository, committed",
            mend=f"write one and commit it; {GUIDE} shows how",
        )
    submission = read_toml(content, Submission, source=NAME, guide=GUIDE)
    if str(PurePosixPath(submission.build.lock)) not in files:  # not /work/...: it is read outside of the sandbox
        raise BadInput(
            f"{NAME}: build.lock names {submission.build.lock}, which is not in the repository",
            where="build.lock",
            expected="a requirements file with hashes; an empty one if nothing is needed",
            mend="commit it, or correct the name",
        )
    check_commands(submission, files)
    return submission


def check_commands(submission: Submission, files: Collection[str], installed: Collection[str] | None = None) -> None:
    """Raise BadInput unless every command starts a program that exists.

    A program with a slash is a file of the repository; another is looked up among `installed`, the names on the
    run's PATH, or left for later when these are not known yet. The script given to `python` must be there too.
    """
    for phase, section in submission.commands.items():
        program, *arguments = section.command
        missing = ""
        if "/" in program:
            missing = "" if program.startswith("/") or _is_among(files, program) else program
        elif installed is not None and program not in installed:
            missing = program
        elif program in ("python", "python3") and arguments and not arguments[0].startswith("-"):
            missing = "" if _is_among(files, arguments[0]) else arguments[0]
        if missing:
            raise BadInput(
                f"{NAME}: {phase}.command names {missing}, which does not exist",
                where=f"{phase}.command",
                expected="a file of the repository, or a program of the environment that its lock makes",
                mend=f"correct the command, or commit the file; {GUIDE} shows an example",
            )


def _is_among(files: Collection[str], name: str) -> bool:
    inside = PurePosixPath(name)
    if inside.is_relative_to("/work"):
        inside = inside.relative_to("/work")
    return str(inside) in files
