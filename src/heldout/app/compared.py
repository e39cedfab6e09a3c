"""The systems of one comparison: read, named, and brought to sides of one match."""

import filecmp
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.tables import Source, counted, shortened
from heldout.tables.results import (
    Asked,
    Loaded,
    Roles,
    Side,
    known_direction,
    read_results,
    rows_by_value,
    texts_of,
)

__all__ = ["MOST_SYSTEMS", "Direction", "Read", "direction_of", "read_sides"]

MOST_SYSTEMS = 20
"""Systems compared at once: 190 pairs."""

SUFFIXES = (".gz", ".zip", ".csv", ".tsv", ".txt", ".parquet", ".pq", ".jsonl", ".ndjson", ".json", ".eval")
LETTERS = "ABCDEFGHIJKLMNOPQRST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The sides in the order given, with what each source was recognised as, and what a reader should know of them."""

    sides: tuple[Side, ...]
    loaded: tuple[Loaded, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """Whether higher is better, and what told it."""

    higher_is_better: bool
    told_by: str


def read_sides(sources: Sequence[Source], asked: Asked, names: Sequence[str], say: Callable[[str], None]) -> Read:
    """Read every source. One source holds several systems under `asked.system` or in `asked.scores`.

    Raises BadInput for fewer than two systems, one given twice, or names that do not fit.
    """
    _refuse_same(sources)
    if len(set(asked.scores)) < len(asked.scores):
        raise BadInput(
            f"a column of scores is named twice: {shortened(asked.scores)}",
            expected="a column for each system",
            mend="name each once with --scores",
        )
    several = asked.system or len(asked.scores) > 1
    if len(sources) == 1 and not several:
        raise BadInput(
            "there is one file, and a comparison takes two systems",
            expected="a file for each system, or one file with several",
            mend="name a second file; or the column of the system with --system, or columns of scores with --scores",
        )
    if len(sources) > 1 and several:
        raise BadInput(
            "--system and --scores are for one file that holds several systems",
            expected=f"one file, and there are {len(sources)}",
            mend="leave the option out, or give one file",
        )
    read = []
    for source in sources:
        say(f"reading {source if isinstance(source, str | Path) else 'a frame'}")
        read.append(read_results(source, asked))
    loaded, roles = zip(*read, strict=True)
    _refuse_other_tasks(loaded)
    _refuse_lost_columns(asked, roles, loaded)
    if several:
        sides = _of_one(loaded[0], roles[0])
        if names:
            _refuse_unfit_names(names, len(sides))
            sides = tuple(replace(side, name=name) for side, name in zip(sides, names, strict=True))
        return Read(sides=sides, loaded=loaded * len(sides))
    sides = tuple(
        Side(name=name, table=one.table, roles=role, score=role.scores[0])
        for name, one, role in zip(_names(sources, loaded, names), loaded, roles, strict=True)
    )
    _refuse_unlike_scores(sides, asked)
    return Read(sides=sides, loaded=loaded, notes=_copies(sources))


def direction_of(read: Read, declared: bool | None, asked: Asked) -> Direction:
    """Return the direction: as declared, else as the format or the score's name tells. Raises BadInput otherwise."""
    if declared is not None:
        return Direction(higher_is_better=declared, told_by="as declared")
    is_wide = not asked.system and len(asked.scores) > 1  # there the columns are named after systems
    score = "" if is_wide else read.sides[0].score
    by_format = [one.higher_is_better.get(score) for one in read.loaded]
    if by_format[0] is not None and len(set(by_format)) == 1:
        return Direction(higher_is_better=by_format[0], told_by="as the format says")
    known = known_direction(score)
    if known is None:
        what = (
            f"it is not known whether a higher {score} is better" if score else "the columns do not say what they are"
        )
        raise BadInput(
            what,
            where=read.sides[0].table.source,
            expected="a score whose direction is known (accuracy, exact_match, log_loss, ...), or a word on it",
            mend="say --higher-is-better or --lower-is-better",
        )
    return Direction(higher_is_better=known, told_by="by its name")


def _of_one(loaded: Loaded, roles: Roles) -> tuple[Side, ...]:
    table = loaded.table
    if not roles.system:
        return tuple(Side(name=name, table=table, roles=roles, score=name) for name in roles.scores)
    array = table.column(roles.system, called="system column")
    where = f"{table.source}, column {roles.system!r}"
    if array.null_count:
        raise BadInput(
            f"{counted(array.null_count, 'row names', 'rows name')} no system",
            where=where,
            expected="a system in every row",
        )
    found = texts_of(array)
    if not 2 <= len(found) <= MOST_SYSTEMS:
        raise BadInput(
            f"the column holds {len(found):,} systems: {shortened(found)}",
            where=where,
            expected=f"2 to {MOST_SYSTEMS} of them",
            mend="name the column that says which system answered, or leave rows out",
        )
    return tuple(
        Side(name=name, table=table.filter(rows), roles=roles, score=roles.scores[0])
        for name, rows in rows_by_value(array)
    )


def _refuse_same(sources: Sequence[Source]) -> None:
    if len(sources) > MOST_SYSTEMS:
        raise BadInput(f"there are {len(sources)} systems", expected=f"at most {MOST_SYSTEMS}")
    seen: dict[Any, str] = {}
    for place, source in enumerate(sources):
        key = Path(source).resolve() if isinstance(source, str | Path) else id(source)
        name = str(source) if isinstance(source, str | Path) else f"source {place + 1}"
        if key in seen:
            raise BadInput(
                f"one system is given twice: {name}",
                where=f"as {seen[key]} and as {name}",
                expected="different results",
                mend="name the other system's file",
            )
        seen[key] = name


def _copies(sources: Sequence[Source]) -> tuple[str, ...]:
    """Say which files are the same, byte for byte: a system that is compared with itself by mistake."""
    paths = [Path(source) for source in sources if isinstance(source, str | Path)]
    return tuple(
        f"{one} and {other} are the same, byte for byte"
        for one, other in itertools.combinations(paths, 2)
        if one.stat().st_size == other.stat().st_size and filecmp.cmp(one, other, shallow=False)
    )


def _refuse_other_tasks(loaded: Sequence[Loaded]) -> None:
    tasks = {one.task: one.table.source for one in loaded if one.task}
    if len(tasks) > 1:
        raise BadInput(
            f"the sample files are of different tasks: {shortened(tasks)}",
            where="; ".join(tasks.values()),
            expected="the same task in all: an id means another item in each",
            mend="give files of one task; the file's name tells it",
        )


def _refuse_lost_columns(asked: Asked, roles: Sequence[Roles], loaded: Sequence[Loaded]) -> None:
    lost = [f"{name!r} to slice by" for name in asked.slices if not any(name in one.slices for one in roles)]
    if asked.repeat and not any(one.repeat == asked.repeat for one in roles):
        lost.append(f"{asked.repeat!r} to tell runs apart")
    if lost:
        raise BadInput(
            f"there is no column {lost[0]}",
            where="; ".join(one.table.source for one in loaded),
            expected="a column of at least one of the files",
            mend="write the name as it stands in the file; in JSON, names inside an object are joined by dots",
        )


def _refuse_unlike_scores(sides: Sequence[Side], asked: Asked) -> None:
    scores = {side.score: side for side in sides}
    if len(scores) > 1 and not asked.score:
        raise BadInput(
            f"the files are scored by different columns: {shortened(map(repr, scores))}",
            where="; ".join(side.table.source for side in scores.values()),
            expected="the same score in all",
            mend="name one that all have with --score",
        )


def _names(sources: Sequence[Source], loaded: Sequence[Loaded], names: Sequence[str]) -> Sequence[str]:
    if names:
        _refuse_unfit_names(names, len(sources))
        return names
    paths = [Path(source) if isinstance(source, str | Path) else None for source in sources]
    stems = [_stem(path) if path else "" for path in paths]
    parents = [path.resolve().parent.name if path else "" for path in paths]
    by_system = [one.system for one in loaded]
    both = [f"{parent}/{stem}" if parent else "" for parent, stem in zip(parents, stems, strict=True)]
    for candidates in (by_system, stems, parents, both):
        if all(candidates) and len(set(candidates)) == len(candidates):
            return candidates
    return [LETTERS[place] for place in range(len(sources))]


def _refuse_unfit_names(names: Sequence[str], systems: int) -> None:
    if len(names) != systems or len(set(names)) != len(names) or not all(names):
        raise BadInput(
            f"there are {len(names)} names for {systems} systems: {shortened(names)}",
            expected="a name for each, all different",
            mend="for instance: --names before,after",
        )


def _stem(path: Path) -> str:
    name = path.name
    while True:
        shorter = next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), name)
        if shorter in (name, ""):
            return name
        name = shorter
