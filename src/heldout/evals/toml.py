"""Reads a TOML file into a pydantic model, and says what is wrong with it so that the writer can mend it."""

import difflib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from heldout.core.errors import BadInput

__all__ = ["MAX_BYTES", "Section", "line_of", "read_toml"]

MAX_BYTES = 1_000_000
"""A contract is a page of text; what is larger is no contract."""

KeyPath = Sequence[str | int]
Model = TypeVar("Model", bound=BaseModel)


class Section(BaseModel):
    """A table of a contract: no unknown keys, no conversions, no changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def read_toml(content: bytes, model: type[Model], *, source: str, guide: str) -> Model:
    """Return `content` as a `model`; `source` names the file and `guide` the page that explains its keys.

    Values are taken strictly: "3" is no number and 1 no truth. Raises BadInput with the key, its line, what was
    expected and how to mend it; the first defect only, with the number of the others.
    """
    if len(content) > MAX_BYTES:
        raise BadInput(f"{source} is too large", expected=f"at most {MAX_BYTES:,} bytes", mend=f"see {guide}")
    try:
        text = content.decode("utf-8-sig")  # some editors write a mark at the beginning
        plain = json.dumps(tomllib.loads(text), default=str)
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{source} is not UTF-8", where=f"byte {error.start}", expected="TOML in UTF-8", mend="save it as UTF-8"
        ) from None
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, a number of thousands of digits, nesting
        raise BadInput(f"{source} is not TOML: {error}", expected="TOML", mend=f"see {guide}") from None
    try:
        return model.model_validate_json(plain, strict=True)
    except ValidationError as error:
        raise _explain(error, text, model, source, guide) from None


def line_of(text: str, path: KeyPath) -> int | None:
    """Return the line (first is 1) where the key `path` of a TOML text stands, or the table nearest above it.

    A number in the path is the place (first is 0) of a table among those written as `[[name]]`.
    """
    keys = [str(part) for part in path]
    table: list[str] = []
    seen: Counter[str] = Counter()
    best: tuple[int, int] | None = None
    # stripped first: expressions with blanks at their ends would try to share many of them in every way
    for number, line in enumerate(map(str.strip, text.splitlines()), start=1):
        if line.startswith("[["):
            name = line.strip("[ ").partition("]")[0]
            here = table = [*_parts(name), str(seen[name])]
            seen[name] += 1
        elif line.startswith("["):
            here = table = _parts(line.strip("[ ").partition("]")[0])
        elif re.fullmatch(r"[\w.\"' -]+", key := line.partition("=")[0]) and key != line:
            here = table + _parts(key)
        else:
            continue
        if here == keys[: len(here)] and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None


def _parts(dotted: str) -> list[str]:
    return [part.strip(" \"'") for part in dotted.split(".")]


def _explain(error: ValidationError, text: str, model: type[BaseModel], source: str, guide: str) -> BadInput:
    details = error.errors(include_url=False)
    first = min(details, key=lambda detail: detail["type"] != "extra_forbidden")
    loc = _place(first)
    key = ".".join(str(part) for part in loc)
    line = line_of(text, loc)
    what, expected, mend = _said(first, key, model)
    others = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return BadInput(
        f"{source}: {what}{others}",
        where=f"{key}, line {line}" if key and line else key,
        expected=expected,
        mend=f"{mend}; {guide} explains every key" if mend else f"{guide} explains every key",
    )


def _place(detail: ErrorDetails) -> KeyPath:
    """Return the key that a defect is about; a model's own rule names it at the beginning of its message."""
    named = re.match(r"Value error, ((?:\w+\.)+\w+)", detail["msg"])
    return named[1].split(".") if named else detail["loc"]


def _said(detail: ErrorDetails, key: str, model: type[BaseModel]) -> tuple[str, str, str]:
    if detail["type"] == "extra_forbidden":
        known = _known_keys(model, detail["loc"][:-1])
        near = difflib.get_close_matches(str(detail["loc"][-1]), known, n=1, cutoff=0.5)
        mend = f"did you mean {near[0]}?" if near else "remove it"
        return f"unknown key {key}", ", ".join(known), mend.rstrip("?") if near else mend
    if detail["type"] == "missing":
        return f"{key} is missing", "", f"add {detail['loc'][-1]}"
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "value_error":
        return message, "", "correct it"
    given = repr(detail["input"])
    return f"{key} is {given if len(given) <= 60 else given[:57] + '...'}", message[0].lower() + message[1:], ""


def _known_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    here: Any = model
    for part in path:
        if isinstance(part, int):  # of a list of tables: each is alike
            continue
        field = getattr(here, "model_fields", {}).get(part)
        here = _section_in(field.annotation) if field is not None else None
    return list(getattr(here, "model_fields", {}))


def _section_in(annotation: Any) -> Any:
    """Return the model in an annotation: itself, one of a union, or that of a list's items."""
    members = [annotation, *getattr(annotation, "__args__", ())]
    return next((member for member in members if hasattr(member, "model_fields")), None)
