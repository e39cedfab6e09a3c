"""Words for the day of an eval: stored, by section."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Section", "sections"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section: each line is a moment or question, and what to say or write then."""

    name: str
    about: str
    lines: tuple[tuple[str, str], ...]


@cache
def sections() -> tuple[Section, ...]:
    """Return all sections, in the order of the day."""
    data = tomllib.loads(files(__package__).joinpath("lines.toml").read_text(encoding="utf-8"))
    return tuple(
        Section(name=one["name"], about=one["about"], lines=tuple((first, then) for first, then in one["lines"]))
        for one in data["section"]
    )
