"""Which files of a repository are Dockerfiles."""

import re

from heldout.core.repository import Repository

__all__ = ["dockerfiles"]

FILE = r"(?:docker|container)file"
DOCKERFILE = re.compile(rf"(?:.*/)?(?:{FILE}(?:\.[^/]+)?|[^/]+\.{FILE})", re.IGNORECASE)


def dockerfiles(repository: Repository) -> tuple[str, ...]:
    """Return the sorted paths that are called Dockerfile or Containerfile, with or without something beside it."""
    return tuple(sorted(path for path in repository.files if DOCKERFILE.fullmatch(path)))
