"""What a split's manifest declares to an audit of its parts, once their hashes hold."""

import json
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.split_manifest import SplitManifest, SplitPart
from heldout.tables import Source
from heldout.tables.manifest import MANIFEST, MOST_BYTES, SCHEMA, read_manifest, sha256_of

__all__ = ["DeclaredSplit", "declared_split"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSplit:
    """What the manifest of a split says of its parts; what the user says beside it goes first.

    `entity` is None where only a part of its texts is the key, which no column holds; `drop` are columns that the split
    added and that are none of the table's; `fact` says in a phrase what was
    verified, empty where there is no manifest.
    """

    target: str | None = None
    positive: str | None = None
    time: str | None = None
    entity: str | None = None
    horizon: str | None = None
    embargo: str | None = None
    fold: str | None = None
    drop: tuple[str, ...] = ()
    fact: str = ""


def declared_split(manifest: str | Path | None, data: Source, test: Source | None) -> DeclaredSplit:
    """Read `manifest`, or one that lies beside the tables, and hold their hashes against it.

    Raises BadInput where a table is no part of the split, or has changed since.
    """
    path = Path(manifest) if manifest is not None else _beside(data, test)
    if path is None:
        return DeclaredSplit()
    made = read_manifest(path)
    names = {part.sha256: part for part in made.parts if part.sha256}
    train = _part(names, data, path, made)
    other = None if test is None else _part(names, test, path, made)
    if other is not None and (train.name.removesuffix("train") != other.name.removesuffix("test")):
        raise BadInput(
            f"the parts {train.name} and {other.name} are no pair",
            where=str(path),
            expected="the train and test parts of one split",
            mend="name the train part with --train and its test part with --test",
        )
    rule, asked = made.rule, made.request
    parts = train.name if other is None else f"{train.name} and {other.name}"
    return DeclaredSplit(
        target=asked.target,
        positive=asked.positive,
        time=rule.time,
        entity=rule.entity if rule.entity_part == "whole" else None,
        horizon=asked.horizon,
        embargo=asked.embargo,
        fold=train.fold_column if other is None else None,
        drop=(train.fold_column,) if other is not None and train.fold_column is not None else (),
        fact=f"{parts} of a {rule.kind.replace('_', ' ')} split of {made.input.name}; their hashes hold",
    )


def _beside(data: Source, test: Source | None) -> Path | None:
    """Return the manifest in the folder of the tables, or above folders of folds, if it is one of a split."""
    tables = [Path(table) for table in (data, test) if isinstance(table, str | Path)]
    if len(tables) != (1 if test is None else 2) or len({table.parent for table in tables}) != 1:
        return None
    folder = tables[0].parent
    folders = [folder, folder.parent] if folder.name.startswith("fold-") else [folder]
    return next((path / MANIFEST for path in folders if _is_ours(path / MANIFEST)), None)


def _is_ours(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return False
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("schema") == SCHEMA


def _part(parts: dict[str, SplitPart], table: Source, path: Path, made: SplitManifest) -> SplitPart:
    if not isinstance(table, str | Path) or not Path(table).is_file():
        raise BadInput(
            "a manifest is held against files, and a table is none",
            where=str(table) if isinstance(table, str | Path) else "the frame",
            expected=f"a file that {path} describes",
            mend="give the path of the part, or leave the manifest out",
        )
    found = parts.get(sha256_of(Path(table)))
    if found is None:
        known = [part.file for part in made.parts if part.file]
        changed = Path(table).name in {Path(name).name for name in known}
        raise BadInput(
            f"{Path(table).name} {'has changed since the split was made' if changed else 'is no part of this split'}",
            where=f"{table} against {path}",
            expected=f"a file whose SHA-256 the manifest holds, one of {', '.join(known)}",
            mend="make the split again with heldout split, or move the manifest away and declare by hand",
        )
    return found
