"""What a mock is about: a situation, facts that can be asked for, and topics with what their answers should hold.

Plain data, made from a drill's world or from the walkthrough of a submission, and kept beside each transcript, so that
a score can be computed again wherever its world has gone.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from heldout.core.errors import BadInput
from heldout.practice.exhibit import Exhibit
from heldout.practice.mock.aim import Aim
from heldout.practice.question import Key, Question

__all__ = ["Fact", "Subject", "Topic", "plain", "read_subject", "subject_hash", "subject_text", "whole"]

SCHEMA = 1
LARGEST = 4_000_000
"""Characters of a subject's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What the interviewer answers where one of the words of `about` is asked for (as anchors of a Point)."""

    about: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A question of the work phase.

    Either an open one with its `aims`, or a structured one, `question` with its `key`. `claim` is a confident wrong
    claim about the topic ("" for none), `told` what is said of it after the mock. `is_kept` tells that it is asked
    however short the mock is.
    """

    name: str
    ask: str
    aims: tuple[Aim, ...]
    question: Question | None = None
    key: Key | None = None
    claim: str = ""
    is_kept: bool = False
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """All that a mock needs to know of what it is about; `origin` says in a few words where it came from."""

    title: str
    origin: str
    situation: str
    exhibits: tuple[Exhibit, ...]
    facts: tuple[Fact, ...]
    topics: tuple[Topic, ...]
    schema: int = SCHEMA


_ADAPTER: TypeAdapter[Subject] = TypeAdapter(Subject)


def subject_text(subject: Subject) -> str:
    """Return the subject as canonical JSON: ASCII, keys and sets in order, a newline at its end."""
    return json.dumps(plain(subject), sort_keys=True, separators=(",", ":")) + "\n"


def subject_hash(subject: Subject) -> str:
    """Return the SHA-256 of the subject's text."""
    return hashlib.sha256(subject_text(subject).encode()).hexdigest()


def read_subject(text: str, where: str) -> Subject:
    """Return the subject that `subject_text` wrote. Raises BadInput for anything else."""
    wrong = BadInput(
        "this is no subject of a mock", where=where, expected="the file that a mock wrote", mend="start a new mock"
    )
    if len(text) > LARGEST:
        raise wrong
    try:
        subject = _ADAPTER.validate_json(text)
    except ValidationError as error:
        raise wrong from error
    if subject.schema != SCHEMA:
        raise BadInput(f"the subject has schema {subject.schema}", where=where, expected=f"schema {SCHEMA}")
    return subject


def whole(subject: Subject) -> Subject:
    """Return the subject as it is read back: an int where a float is meant becomes one, so its bytes are stable."""
    return read_subject(subject_text(subject), subject.origin)


def plain(value: Any) -> Any:
    """Return dataclasses as plain values that JSON can hold, sets in order."""
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value
