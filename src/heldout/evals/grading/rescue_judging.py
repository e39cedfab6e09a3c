"""Judges a rescue: which planted leaks FINDINGS.md names, and what became of each in the submitted code."""

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

from heldout.core.rescue_evidence import MOST_PLACES, TOLERANCE, Rescue
from heldout.evals.grading.rescue_facts import Facts, FunctionFacts
from heldout.evals.planted import Key, Leak
from heldout.evals.talk.findings import Fault

__all__ = ["judged"]

Fate = tuple[Literal["mended", "left", "unknown"], str]
NO_FILE = "there is no FINDINGS.md"
NO_PLACE = "FINDINGS.md has no row with a file and a line"


def judged(
    key: Key, found: Facts, rows: Sequence[Fault] | None, facts: Facts, gave_up: str = ""
) -> tuple[Rescue, dict[str, Any]]:
    """Return the counts, and as plain data what was told of each leak and each row.

    `found` are the facts of the project as it was found, `rows` those of FINDINGS.md, None without that file, and
    `facts` those of the submitted code; `gave_up` says why there is neither.
    """
    placed = [row for row in rows or () if row.file]
    files = dict.fromkeys(row.file for row in placed[:MOST_PLACES])
    back = {file: _mapped_back(file, found, facts) for file in files}
    near = [_near(key, row, found, back.get(row.file, {})) for row in placed]
    others = sum(not distances for distances in near)
    why = gave_up or (NO_FILE if rows is None else NO_PLACE if not placed else "")
    if len(placed) > MOST_PLACES:
        why = f"FINDINGS.md has {len(placed):,} places, and a list of more than {MOST_PLACES} names nothing"
    names = {} if why else _matched(near, len(key.leaks))
    fates = [_fate(leak, found, facts) for leak in key.leaks]
    count = {word: sum(fate == word for fate, _ in fates) for word in ("mended", "left", "unknown")}
    rescue = Rescue(
        planted=len(key.leaks),
        named=None if why else len(names),
        uncounted=why,
        rows=len(placed),
        unplaced=len(rows or ()) - len(placed),
        others=others,
        **count,
    )
    told = {
        "leaks": [
            {
                "file": leak.file,
                "line": leak.line,
                "what": leak.what,
                "named at line of FINDINGS.md": placed[names[place]].line if place in names else None,
                "fate": fate,
                "why": reason,
            }
            for place, (leak, (fate, reason)) in enumerate(zip(key.leaks, fates, strict=True))
        ],
        "rows beside": [row.line for row, one in zip(placed, near, strict=True) if not one][:MOST_PLACES],
    }
    return rescue, told


# naming ------------------------------------------------------------------------------------------------------------


def _near(key: Key, row: Fault, found: Facts, back: Mapping[int, int]) -> dict[int, int]:
    """Return the leak that a row is nearest to, several only at one distance; `back` maps its lines to those found."""
    path = _path(row.file, found)
    near: dict[int, int] = {}
    for number, leak in enumerate(key.leaks):
        places = [place for place in leak.places if place.file == path]
        aways = [
            max(place.first - last, first - place.last, 0) for place in places for first, last in _lines_of(row, back)
        ]
        if row.function and path == leak.file and row.function in (leak.function, leak.function.rpartition(".")[2]):
            aways.append(0)
        if aways and min(aways) <= TOLERANCE:
            near[number] = min(aways)
    return {number: away for number, away in near.items() if away == min(near.values())}


def _lines_of(row: Fault, back: Mapping[int, int]) -> list[tuple[int, int]]:
    """Return the lines that a row speaks of, in the project as it was found: as they are, and mapped back."""
    if row.first is None or row.last is None:
        return []
    there = [back[line] for line in range(row.first, row.last + 1) if line in back]
    return [(row.first, row.last), *([(min(there), max(there))] if there else [])]


def _mapped_back(name: str, found: Facts, facts: Facts) -> dict[int, int]:
    """Return the line of the project as it was found by line of the submitted file, for those that stayed."""
    before, after = found.lines.get(_path(name, found), ()), facts.lines.get(name, ())
    if before == after:
        return {}
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {block.b + step + 1: block.a + step + 1 for block in blocks for step in range(block.size)}


def _path(named: str, found: Facts) -> str:
    """Return the project's path that a row means: by its whole name, or by the last part where files were moved."""
    last = named.rpartition("/")[2]
    return named if named in found.lines else last


def _matched(near: Sequence[Mapping[int, int]], leaks: int) -> dict[int, int]:
    """Return row by leak: as many leaks as can be named when each row names one, nearest first (Kuhn's matching)."""
    owner: dict[int, int] = {}

    def take(row: int, seen: set[int]) -> bool:
        for leak in sorted(near[row], key=lambda one: (near[row][one], one)):
            if leak in seen:
                continue
            seen.add(leak)
            if leak not in owner or take(owner[leak], seen):
                owner[leak] = row
                return True
        return False

    for row in range(len(near)):
        if len(owner) < leaks:
            take(row, set())
    return owner


# mending -----------------------------------------------------------------------------------------------------------


def _fate(leak: Leak, found: Facts, facts: Facts) -> Fate:
    if facts.unread or not facts.functions:
        return "unknown", "the code behind train and predict cannot be read"
    return FATES[leak.kind](leak, found, facts) if leak.kind in FATES else ("unknown", "nothing judges this kind")


def _fit(_leak: Leak, _found: Facts, facts: Facts) -> Fate:
    if by_flow := _flow("COD001", facts):
        return by_flow
    both = [one for one in facts.functions if one.splits and one.fits]
    early = [one for one in both if min(one.fits) < min(one.splits)]
    if early and all(max(one.fits) <= min(one.splits) for one in early):
        return "left", f"{early[0].name or early[0].path} fits before it splits"
    if both and not early and all(one.fits == one.fits_on_part for one in both):
        return "mended", "what is fitted is fitted on what came out of the split"
    return "unknown", "whether the fit sees the test rows cannot be followed"


def _derived(leak: Leak, found: Facts, facts: Facts) -> Fate:
    if by_flow := _flow("COD005", facts):
        return by_flow
    if not set(leak.columns) & {*facts.texts, *facts.features}:
        return "mended", "the columns are not used any more"
    home = leak.function.rpartition(".")[0]
    kept = [one for one in _named(found, home) if one.shape in {other.shape for other in _named(facts, home)}]
    alike = [one for one in facts.functions if set(one.fitted) & set(one.transformed)]
    if alike and len(kept) == len(_named(found, home)):
        where = alike[0].name or alike[0].path
        return "left", f"{where} transforms the rows that it fits on, by the code that was found"
    return "unknown", "whether a row's own label is in its rate cannot be followed"


def _unavailable(leak: Leak, _found: Facts, facts: Facts) -> Fate:
    quoted, reported = set(leak.columns) & set(facts.texts), set(leak.columns) & set(facts.features)
    if quoted and reported:
        return "left", "the code names the column, and submission.toml reports it among the features"
    if quoted or reported:
        return "unknown", f"the column still stands in {'the code' if quoted else 'submission.toml'}"
    return "mended", "neither the code nor submission.toml names the column"


def _dealt(leak: Leak, found: Facts, facts: Facts) -> Fate:
    planted = {one.shape for one in found.functions if one.name == leak.function and one.path == leak.file}
    is_called = any(leak.function in one.called for one in facts.functions)
    if is_called and any(one.shape in planted for one in facts.functions):
        return "left", "the split is the one that was found"
    usual = {(one.name, draw) for one in found.functions if one.shape not in planted for draw in one.draws}
    drawing = [one for one in facts.functions if any((one.name, draw) not in usual for draw in one.draws)]
    if drawing:
        return "unknown", f"{drawing[0].name or drawing[0].path} draws at random; what for cannot be told"
    if not set(leak.columns) & set(facts.texts):
        return "unknown", "no draw is left, and the code names no column that rows could be split by"
    return "mended", "no draw deals rows any more, and the code names a column to split by"


def _flow(code: str, facts: Facts) -> Fate | None:
    if code in facts.leaks:
        return "left", f"the data flow leads from the test rows into what is fitted ({code})"
    return ("mended", f"the data flow was followed, and has no such path ({code})") if facts.is_followed else None


def _named(facts: Facts, home: str) -> list[FunctionFacts]:
    return [one for one in facts.functions if one.name.rpartition(".")[0] == home != ""]


FATES: Mapping[str, Callable[[Leak, Facts, Facts], Fate]] = {
    "fit-before-split": _fit,
    "target-derived": _derived,
    "unavailable": _unavailable,
    "random-split": _dealt,
}
