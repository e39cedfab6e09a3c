"""Looks for a record of which data the model was trained on."""

import ast
import re
from collections.abc import Iterator

from heldout.core.check import check
from heldout.core.entry_points import program_files
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, problem
from heldout.core.python_calls import calls
from heldout.core.python_source import mentions, syntax_tree
from heldout.core.repository import Repository, shown

MINIMUM_EFFECT = 1
"""Repositories without a record of the data's version."""

SHOWN = 5
"""At most this many places are shown."""

MOST_LINES = 20_000
"""Of each file at most this many lines are read."""

TRACKED = re.compile(r"(?:.*/)?(?:dvc\.lock|[^/]+\.dvc|[^/]+\.lakefs\.yaml|croissant\.json)", re.IGNORECASE)
TEXTS = (".md", ".markdown", ".rst", ".txt", ".toml", ".yaml", ".yml", ".json", ".cfg", ".ini", ".sha256", ".md5")
PACKAGES = re.compile(
    r"(?:.*/)?(?:require[^/]*|[^/]*lock[^/]*|environment\.ya?ml|package[^/]*|pyproject\.toml)", re.IGNORECASE
)
DATA = re.compile(
    r"\b(?:data|dataset|table|train(?:ing)?|corpus|snapshot)\b|\.(?:parquet|csv|jsonl|arrow)\b", re.IGNORECASE
)
VERSION = re.compile(
    r"\b(?:sha-?256|sha-?1|md5|blake\w{0,3})\b\W{0,20}[0-9a-f]{7,64}\b|\b[0-9a-f]{32,64}\b"
    r"|\b(?:version|snapshot|revision|release|as of|extracted)\b\W{0,5}(?:on\s|of\s|from\s)?\W{0,5}v?\d[\w.-]{0,20}",
    re.IGNORECASE,
)
HASHING = re.compile(r"hashlib\.(?:sha\w+|md5|blake\w+|file_digest|new)")
HEXADECIMAL = re.compile(rb"[0-9a-f]{32}")
DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")


@check("REP007")
def data_version_not_recorded(repository: Repository) -> Answer:
    """Ask whether anything records which version of the data the model was trained on.

    ## Why it matters
    The same program on other rows is another model. When the numbers change next year, the first question is whether
    the table did, and without its version nobody can answer.

    ## Example
    A README says "trained on train.csv". The file is written anew each night.

    ## What to do
    Let training write the hash of its table beside the model (`hashlib.file_digest(file, "sha256")`), keep the table
    under DVC or the like, or write its hash or version into EXPERIMENTS.md: "data: train.parquet, SHA-256 3f2a...".

    ## Limits
    A record is a file of DVC, lakeFS or Croissant; a line of a text or settings file that has a word of data and a
    hash, or a version with a number; a digest among the texts of the program; or a call of hashlib in it. Lock files
    and lines about images don't count. Whether the record is right is not checked, and a hash may be of something
    else; what is missing is a suspicion. At most {MOST_LINES} lines of a file are read and {SHOWN} places shown. It
    promises to find {MINIMUM_EFFECT} repository without a record.
    """
    places = [Witness(kind="file", where=path, note="tracks data") for path in repository.files if TRACKED.match(path)]
    places += _in_texts(repository)
    places += _in_program(repository)
    kept = sorted(places, key=lambda place: (place.where, place.line or 0))
    measures = (
        Measure(
            name="places that record a version of data",
            estimate=counted(len(kept), n=max(len(repository.files), 1)),
            unit="places",
        ),
    )
    if not kept:
        return problem(
            "No file records which version of the data the model was trained on.",
            Certainty.SUSPECT,
            to_do="Let training write the SHA-256 of its table beside the model, or note it in EXPERIMENTS.md.",
            measures=measures,
        )
    claim = f"Places that record a version of data: {len(kept)}, such as {shown(kept[0].where, 80)} ({kept[0].note})."
    return clear(claim, measures=measures, witnesses=kept[:SHOWN])


def _in_texts(repository: Repository) -> Iterator[Witness]:
    for path in repository.matching(*TEXTS):
        if PACKAGES.fullmatch(path) or path.startswith("."):
            continue
        for number, line in enumerate((repository.text(path) or "").splitlines()[:MOST_LINES], start=1):
            short = line[:500]
            if "@sha256" not in short and DATA.search(short) and (found := VERSION.search(short)):
                yield Witness(kind="file", where=path, line=number, note=shown(found[0], 60))
                break


def _in_program(repository: Repository) -> Iterator[Witness]:
    for path in program_files(repository):
        if b"hashlib" not in repository.files[path] and not HEXADECIMAL.search(repository.files[path]):
            continue
        tree = syntax_tree(repository, path)
        if isinstance(tree, ast.Module):
            found = [(call.lineno, f"calls {name}") for name, call in calls(tree) if HASHING.fullmatch(name)]
            found += [(line, "has a digest") for line, text in mentions(tree) if DIGEST.fullmatch(text)]
            if found:
                yield Witness(kind="file", where=path, line=found[0][0], note=found[0][1])
