"""The targets of a Makefile and what they run, as far as lines say it: no variable is expanded, nothing is included."""

import re
from collections.abc import Mapping

from heldout.core.repository import Repository

__all__ = ["find_makefile", "has_more_targets", "recipes"]

NAMES = ("GNUmakefile", "makefile", "Makefile")
TARGETS = re.compile(r"([^\s:=#][^:=#]{0,500}?)\s*::?(?![:=])([^=]*)")
MORE = re.compile(r"^[ \t]*-?s?include\s|^[^\s:=#%]{0,200}%[^:=#%\n]{0,200}:", re.MULTILINE)


def find_makefile(repository: Repository, folder: str = "") -> str | None:
    """Return the path of the Makefile that `make` would read in a folder ("" or "a/b"), or None."""
    places = (f"{folder}/{name}" if folder else name for name in NAMES)
    return next((path for path in places if path in repository.files), None)


def recipes(text: str) -> Mapping[str, tuple[str, ...]]:
    """Return, by target, the lines that it runs, without `@` and `-`; those of its prerequisites come first."""
    own: dict[str, list[str]] = {}
    needs: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("\t"):
            for target in current:
                own[target].append(line.strip().lstrip("@-+").strip())
        elif match := TARGETS.match(line):
            current = match[1].split()[:100]
            prerequisites, _, command = match[2].partition(";")
            for target in current:
                own.setdefault(target, []).extend([command.strip()] if command.strip() else [])
                needs.setdefault(target, []).extend(prerequisites.split()[:100])
        elif line.strip() and not line.startswith("#"):
            current = []
    return {
        target: (*(line for need in needs[target] if need != target for line in own.get(need, [])), *lines)
        for target, lines in own.items()
    }


def has_more_targets(text: str) -> bool:
    """Tell whether the Makefile includes others or has targets by pattern, so that a target may be there unseen."""
    return MORE.search(text) is not None
