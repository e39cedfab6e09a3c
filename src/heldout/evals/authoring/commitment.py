"""The opening commitment: what the score rests on, hashed and published before anybody starts, revealed at the end.

The published hash is SHA-256 of the opening's bytes, which begin with a salt, so that nothing can be guessed from it.
The opening names the SHA-256 of each part, so that a difference can be told by its part.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from heldout.core.errors import BadInput
from heldout.evals.brief import Brief, OpenBrief, open_brief

__all__ = [
    "COMMITMENT",
    "OPENING",
    "PLANTED",
    "Opening",
    "commitment_of",
    "goalposts_of",
    "opening_of",
    "read_opening",
    "verify_commitment",
]

OPENING, COMMITMENT = "opening.json", "commitment.json"
RUBRIC = ("metric", "lift", "reproducibility", "rubric", "bands", "decision", "drift")
"""The sections of the brief that decide what work is worth."""
READING = ("key", "time", "cluster", "target", "positive", "rows_without_label", "known_at_prediction")
"""What the brief says of the tables: a score means something else when it changes."""
SCORING = (
    "heldout.evals.grading",
    "heldout.evals.answers",
    "heldout.evals.committee.rule",
    "heldout.evals.parquet",
    "heldout.evals.planted",
    "heldout.evals.predictions",
    "heldout.evals.talk.findings",
    "heldout.stats",
    "heldout.core.lift",
    "heldout.core.estimate",
    "heldout.core.rescue_evidence",
)
"""The packages and modules that score."""
PLANTED = "the list of planted leaks"
"""What the opening calls the key of a rescue."""
BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the commitment is made of: the salt, and the SHA-256 of each part by its name; kept private until the end.

    `holdout` has the files of the holdout, `rubric` the sections of the brief, `scoring` the source files, `baseline`
    the files of the baseline. `heldout` is the version, `grader_seed` what the seeds of all runs follow from, and
    `author_seed` that of the split and of the order of rows.
    """

    salt: str
    heldout: str
    grader_seed: int
    author_seed: int
    holdout: Mapping[str, str]
    rubric: Mapping[str, str]
    baseline: Mapping[str, str]
    scoring: Mapping[str, str]

    def written(self) -> bytes:
        """Return the bytes that the commitment is the hash of, as they stand in `opening.json`."""
        return (json.dumps(asdict(self), indent=1, sort_keys=False) + "\n").encode()


def opening_of(folder: Path, *, author_seed: int, grader_seed: int) -> Opening:
    """Return the opening of the eval in `folder`, with a new salt. Raises BadInput where its brief or files are bad."""
    opened = open_brief(folder)
    return Opening(
        salt=secrets.token_hex(BYTES),
        heldout=version("heldout"),
        grader_seed=grader_seed,
        author_seed=author_seed,
        holdout=_holdout(opened),
        rubric=goalposts_of(opened.brief),
        baseline=_tree(opened.file(opened.brief.baseline.path)),
        scoring=_scoring(),
    )


def commitment_of(opening: Opening) -> dict[str, Any]:
    """Return what is published: the hash, and in words what it is the hash of."""
    return {
        "commitment": hashlib.sha256(opening.written()).hexdigest(),
        "is": "SHA-256 of the bytes of opening.json, which is revealed when the eval is closed",
        "covers": "a salt, Heldout's version, the grader's seed, and the SHA-256 of: the holdout's features and "
        f"answers, and of a rescue the list of planted leaks; the brief's sections {', '.join(RUBRIC)} and what it "
        "says of the tables; the baseline; the code that scores",
    }


def read_opening(path: Path) -> Opening:
    """Return the opening in a file. Raises BadInput for anything else."""
    try:
        return Opening(**json.loads(path.read_bytes()))
    except OSError as error:
        raise BadInput(f"cannot read the opening: {error.strerror}", where=str(path), mend="check the path") from None
    except (ValueError, TypeError, RecursionError):
        raise BadInput(
            "this is no opening of an eval", where=str(path), expected="opening.json as `heldout eval new` wrote it"
        ) from None


def verify_commitment(opening: Path | Opening, folder: Path) -> list[str]:
    """Return in what the eval in `folder` differs from its opening, a sentence each; none where it is unchanged.

    `opening` is `opening.json`, or its content. The published hash, the holdout, the rubric, the baseline and the
    scoring code of the Heldout that runs are held to it, and each difference names its part. Raises BadInput where the
    opening or the brief cannot be read.
    """
    known = opening if isinstance(opening, Opening) else read_opening(opening)
    bytes_then = known.written() if isinstance(opening, Opening) else opening.read_bytes()
    differences = _published(folder, hashlib.sha256(bytes_then).hexdigest())
    if version("heldout") != known.heldout:
        differences.append(f"heldout: the version was {known.heldout} and is {version('heldout')}")
    opened = open_brief(folder)
    now = {
        "holdout": _holdout(opened),
        "rubric": goalposts_of(opened.brief),
        "baseline": _tree(opened.file(opened.brief.baseline.path)),
        "scoring": _scoring(),
    }
    for part, found in now.items():
        promised: Mapping[str, str] = getattr(known, part)
        for name in sorted(promised.keys() | found.keys()):
            if promised.get(name) != found.get(name):
                how = "is new" if name not in promised else "is gone" if name not in found else "has changed"
                differences.append(f"{part}: {name} {how} since the opening")
    return differences


def _published(folder: Path, sha256: str) -> list[str]:
    path = folder / COMMITMENT
    try:
        said = json.loads(path.read_bytes())["commitment"]
    except (OSError, ValueError, KeyError, TypeError):
        return [f"commitment: {COMMITMENT} is not there, or cannot be read"]
    return [] if said == sha256 else [f"commitment: the published hash is {said}, and the opening's is {sha256}"]


def _holdout(opened: OpenBrief) -> dict[str, str]:
    files = {}
    for part in ("feedback", "final"):
        section = getattr(opened.brief.data, part)
        if section is not None:
            files[f"the {part} features"] = _sha256_of(opened.file(section.path))
            files[f"the {part} answers"] = _sha256_of(opened.answers_file(part))
    if opened.planted_file is not None:
        files[PLANTED] = _sha256_of(opened.planted_file)
    return files


def goalposts_of(brief: Brief) -> dict[str, str]:
    """Return the SHA-256 of each part of a brief that decides what work is worth, by the name that a difference has."""
    sections = {f"section {name}": _sha256_plain(getattr(brief, name)) for name in RUBRIC}
    return sections | {f"data.{name}": _sha256_plain(getattr(brief.data, name)) for name in READING}


def _tree(folder: Path) -> dict[str, str]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {
        path.relative_to(folder).as_posix(): _sha256_of(path)
        for path in found
        if ".git" not in path.relative_to(folder).parts
    }


def _scoring() -> dict[str, str]:
    files: dict[str, str] = {}
    for name in SCORING:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        below = sorted(origin.parent.rglob("*.py")) if spec.submodule_search_locations else [origin]
        top = origin.parents[len(name.split(".")) - (0 if spec.submodule_search_locations else 1)]
        files |= {path.relative_to(top).as_posix(): _sha256_of(path) for path in below}
    return files


def _sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, or that it is not there: then it differs from every hash."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "not there"


def _sha256_plain(value: object) -> str:
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=list).encode()).hexdigest()
