"""Writes the bundle of a graded submission: all files beside each other first, then one rename."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.evals.authoring.commitment import OPENING
from heldout.evals.brief import OpenBrief
from heldout.evals.bundle.layout import LIST, TRAIN, Kind, list_of
from heldout.evals.grading.scoring import LIMITS, QUESTION, SCORER
from heldout.sandbox import call

__all__ = ["PLANTED_FILE", "Parts", "write_bundle"]

SCHEMA = 1
EVAL = "eval"
FILES = {part: f"data/{part}.parquet" for part in ("feedback", "final")}
PLANTED_FILE = "answers/planted.json"
ANSWERS = {part: f"answers/{part}.parquet" for part in ("feedback", "final")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a bundle is made of.

    `opened` is the brief in force and `original` the one that the opening committed to. `record` is the candidate's
    folder of ledger and payloads, None for a grading without one; `published` the commitment, and the opening where it
    may be shown. `commit_object` is git's own content of the commit, `tree` its files, `score` the folder of what was
    scored, `card` and its page the files of the grading, `amended` those of the amended card. `salt` hides ids and
    labels in the hashes that both kinds of bundle hold.
    """

    candidate: str
    opened: OpenBrief
    original: OpenBrief
    record: Path | None
    published: tuple[Path, ...]
    briefs: tuple[Path, ...]
    commit: str
    commit_object: bytes
    tree: Path
    score: Path | None
    card: Path
    page: Path
    salt: str
    amended: tuple[Path, ...] = ()


def write_bundle(folder: Path, parts: Parts, kind: Kind) -> Path:
    """Write a bundle to `folder`, which is replaced as a whole, and return it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))
    try:
        _fill(partial, parts, kind)
        said = {"schema": SCHEMA, "kind": kind, "candidate": parts.candidate, "commit": parts.commit}
        text = json.dumps({**said, "files": list_of(partial)}, indent=1)
        (partial / LIST).write_text(text + "\n", encoding="utf-8")
        partial.chmod(0o700 if kind == "sealed" else 0o755)
        _replace(partial, folder)
    except OSError as error:
        raise BadInput(
            f"the bundle cannot be written: {error.strerror}",
            where=str(error.filename or folder),
            expected="a folder that can be written to",
            mend="name another folder",
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _fill(folder: Path, parts: Parts, kind: Kind) -> None:
    shutil.copytree(parts.tree, folder / "tree", symlinks=True)
    (folder / "commit").write_bytes(parts.commit_object)
    (folder / "brief.toml").write_bytes(parts.opened.path.read_bytes())
    for path in parts.briefs:
        _copy(path, folder / "briefs" / path.name)
    _eval(folder / EVAL, parts, kind)
    for path in (parts.card, parts.page, *parts.amended):
        _copy(path, folder / path.name)
    if parts.record is not None:
        _copy(parts.record / "ledger.jsonl", folder / "ledger.jsonl")
        if (parts.record / "payloads").is_dir():
            shutil.copytree(parts.record / "payloads", folder / "payloads", ignore=shutil.ignore_patterns(".part-*"))
    if parts.score is not None:
        _scored(folder, parts.score, parts, kind)


def _eval(folder: Path, parts: Parts, kind: Kind) -> None:
    """Copy what the opening speaks of; into a sealed bundle the tables and the baseline too.

    The planted leaks of a rescue go where the opening goes: into an open bundle only when the eval is closed.
    """
    opened = parts.original
    _copy(opened.path, folder / "brief.toml")
    for path in parts.published:
        _copy(path, folder / path.name)
    is_revealed = any(path.name == OPENING for path in parts.published)
    if opened.planted_file is not None and opened.planted_file.is_file() and is_revealed:
        _copy(opened.planted_file, folder / PLANTED_FILE)
    if kind == "open":
        return
    _copy(opened.file(opened.brief.data.train.path), folder.parent / TRAIN)
    for part in ("feedback", "final"):
        section = getattr(opened.brief.data, part)
        if section is not None:
            _copy(opened.file(section.path), folder / FILES[part])
            _copy(opened.answers_file(part), folder / ANSWERS[part])
    shutil.copytree(
        opened.file(opened.brief.baseline.path),
        folder / "baseline",
        ignore=shutil.ignore_patterns(".git", "__pycache__"),
    )


def _scored(folder: Path, score: Path, parts: Parts, kind: Kind) -> None:
    question = json.loads((score / QUESTION).read_text(encoding="utf-8"))
    original = parts.original  # where the holdout lies now: an eval may be moved after a grading
    features = str(original.file(original.brief.data.final.path).absolute())
    there = {**question["table"], "features": features, "answers": str(original.answers_file("final").absolute())}
    rows = call(SCORER, {"question": "row_hashes", "table": there, "salt": parts.salt}, limits=LIMITS)
    (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    for array in score.glob("*.npy"):
        _copy(array, folder / "score" / array.name)
    table = {**question["table"], "features": f"{EVAL}/{FILES['final']}", "answers": f"{EVAL}/{ANSWERS['final']}"}
    plain: Mapping[str, Any] = {
        **question,
        "table": table,
        **({"salt": parts.salt} if kind == "sealed" else {}),
    }
    (folder / "score" / QUESTION).write_text(json.dumps(plain, indent=1), encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _replace(partial: Path, folder: Path) -> None:
    """Put the new bundle in the old one's place; of a killed run either is there whole."""
    old = folder.with_name(f".old-{folder.name}")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
