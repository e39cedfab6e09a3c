"""Reads a split's manifest back, and holds files against it by their SHA-256."""

import hashlib
import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from heldout.core.errors import BadInput
from heldout.core.split_manifest import SplitManifest

__all__ = ["MANIFEST", "MOST_BYTES", "SCHEMA", "read_manifest", "sha256_of"]

MANIFEST = "manifest.json"
SCHEMA = "heldout.split.v1"
MOST_BYTES = 64 * 2**20


def read_manifest(path: Path) -> SplitManifest:
    """Return the manifest that `heldout split` wrote. Raises BadInput for any other file."""
    try:
        size = path.stat().st_size
        data = json.loads(path.read_text(encoding="utf-8")) if size <= MOST_BYTES else None
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise _refused(path, "is no JSON") from error
    schema = data.pop("schema", None) if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise _refused(path, f"has the schema {schema!r}, not {SCHEMA}")
    try:
        return TypeAdapter(SplitManifest).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise _refused(path, f"is damaged at {place}: {first['msg']}") from error


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refused(path: Path, why: str) -> BadInput:
    return BadInput(
        f"the manifest {why}",
        where=str(path),
        expected=f"the {MANIFEST} that heldout split wrote",
        mend="make the split again, or leave the manifest out",
    )
