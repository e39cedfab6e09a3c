"""The kinds of drill that there are, by family: read off the deck's files, since importing them all takes its time."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from heldout.practice.drill import Family

__all__ = ["syllabus"]

HOLDS_KIND = "\nKIND = "


@cache
def syllabus() -> Mapping[str, tuple[str, ...]]:
    """Return the kinds of each family that has any, as `family/name`, in the order of the deck."""
    kinds = {}
    for family in Family:
        names = sorted(
            file.name.removesuffix(".py").replace("_", "-")
            for file in (files("heldout.practice.deck") / family.value).iterdir()
            if file.name.endswith(".py") and HOLDS_KIND in file.read_text(encoding="utf-8")
        )
        if names:
            kinds[family.value] = tuple(f"{family.value}/{name}" for name in names)
    return MappingProxyType(kinds)
