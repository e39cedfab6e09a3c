"""Which mends an audit's findings ask for: each once, with the checks that ask for it, in words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.mend import Mend, MendKind
from heldout.tables import shortened

__all__ = [
    "INFLATING",
    "MOST_FOUND",
    "MOST_PRICED",
    "Wanted",
    "declared_mend",
    "found_of",
    "in_words",
    "mends_of",
    "unmendable",
]

MOST_PRICED = 5
"""Problems that are priced one by one: each takes two evaluations more. Further columns are priced as one."""
MOST_FOUND = 3
"""Structures found and not declared that are priced: each takes two evaluations more at most."""
INFLATING = ("leakage", "split")
"""Families whose strong problems are in the score; those of a metric say what it is worth, and leave it as it is."""
NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A mend, the codes of the checks that ask for it, and how sure the surest of them is; None for a declaration.

    `is_found` tells that it is what a structure asks for that was found and is no problem.
    """

    mend: Mend
    codes: tuple[str, ...]
    certainty: Certainty | None
    is_found: bool = False

    @property
    def is_sure(self) -> bool:
        """True for a proven or strong problem, and for what was declared."""
        return not self.is_found and (self.certainty is None or self.certainty.rank >= Certainty.STRONG.rank)

    @property
    def what(self) -> str:
        """The mend in words."""
        return in_words(self.mend)


def mends_of(findings: Iterable[Finding], declared: Mend | None = None) -> tuple[Wanted, ...]:
    """Return the mends that the problems carry, the surest first; those that do the same are one.

    `declared` is the split that what the user declared asks for. Of more than MOST_PRICED sure ones the further columns
    are one mend.
    """
    made: dict[tuple[object, ...], Wanted] = {}
    if declared is not None:
        made[_key(declared)] = Wanted(mend=declared, codes=(), certainty=None)
    for finding in findings:
        mend, certainty = finding.answer.mend, finding.certainty
        if mend is None or certainty is None:
            continue
        key = _key(mend)
        one = Wanted(mend=mend, codes=(finding.code,), certainty=certainty)
        made[key] = _both(made[key], one) if key in made else one
    in_order = sorted(made.values(), key=lambda one: (-_rank(one), one.mend.kind is MendKind.DROP_COLUMNS))
    sure = _few([one for one in in_order if one.is_sure])
    return (*sure, *(one for one in in_order if not one.is_sure))


def found_of(findings: Iterable[Finding], wanted: Iterable[Wanted] = ()) -> tuple[Wanted, ...]:
    """Return what cautions ask for, each once: structures that are found, and that no problem or declaration covers.

    Where rows are split in time or by groups already, another way to do so is not asked for. Rows of one group stand
    together in many a table, so with groups their order is no structure of its own.
    """
    wanted = tuple(wanted)
    covered = {_key(one.mend) for one in wanted}
    covered_kinds = {one.mend.kind for one in wanted if one.is_sure} & {MendKind.SPLIT_FORWARD, MendKind.SPLIT_BY_GROUP}
    found: dict[tuple[object, ...], Wanted] = {}
    for finding in findings:
        mend = finding.answer.mend
        if finding.ending is not Ending.CAUTION or mend is None:
            continue
        key = _key(mend)
        if key not in covered and mend.kind not in covered_kinds:
            codes = (*(found[key].codes if key in found else ()), finding.code)
            found[key] = Wanted(mend=mend, codes=tuple(dict.fromkeys(codes)), certainty=None, is_found=True)
    has_groups = any(one.mend.kind is MendKind.SPLIT_BY_GROUP for one in found.values())
    kept = [one for one in found.values() if not (has_groups and _is_row_order(one.mend))]
    return tuple(kept)[:MOST_FOUND]


def _is_row_order(mend: Mend) -> bool:
    return mend.kind is MendKind.SPLIT_FORWARD and not mend.columns


def unmendable(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Name the sure leaks and bad splits that no refit takes out, by the codes of their checks."""
    return tuple(
        dict.fromkeys(
            finding.code
            for finding in findings
            if finding.family in INFLATING and finding.is_problem_at(Certainty.STRONG) and finding.answer.mend is None
        )
    )


def in_words(mend: Mend, names: int = NAMES) -> str:
    """Say what a mend does.

    >>> in_words(Mend(kind=MendKind.SPLIT_BY_GROUP, columns=("name",), is_beginning=True))
    'each name without its last part on one side'
    """
    columns = shortened(mend.columns, names)
    if mend.kind is MendKind.DROP_COLUMNS:
        return f"without {columns}"
    if mend.kind is MendKind.DROP_COPIES:
        return "without train rows that equal a test row"
    if mend.kind is MendKind.SPLIT_BY_GROUP:
        return f"each {columns}{' without its last part' if mend.is_beginning else ''} on one side"
    gap = f", {mend.gap} apart" if mend.gap else ""
    return f"train before test by {columns or 'row order'}{gap}"


def declared_mend(time: str | None, entity: str | None, gap: str) -> Mend | None:
    """Return the split that declared columns ask for: in time, else each entity on one side.

    A model that is used later meets the entities that it knows, so with both it is time that counts.
    """
    if time is not None:
        return Mend(kind=MendKind.SPLIT_FORWARD, columns=(time,), gap=gap)
    return None if entity is None else Mend(kind=MendKind.SPLIT_BY_GROUP, columns=(entity,))


def _key(mend: Mend) -> tuple[object, ...]:
    return mend.kind, frozenset(mend.columns), mend.is_beginning


def _rank(one: Wanted) -> int:
    return Certainty.PROVEN.rank if one.certainty is None else one.certainty.rank


def _both(one: Wanted, other: Wanted) -> Wanted:
    codes = tuple(dict.fromkeys((*one.codes, *other.codes)))
    gap = max(one.mend.gap, other.mend.gap, key=len) if not (one.mend.gap and other.mend.gap) else one.mend.gap
    surest = max((one, other), key=lambda each: each.certainty.rank if each.certainty else 0).certainty
    return Wanted(mend=replace(one.mend, gap=gap), codes=codes, certainty=surest)


def _few(sure: Sequence[Wanted]) -> list[Wanted]:
    others = [one for one in sure if one.mend.kind is not MendKind.DROP_COLUMNS]
    columns = [one for one in sure if one.mend.kind is MendKind.DROP_COLUMNS]
    room = max(MOST_PRICED - len(others), 1)
    if len(columns) <= room:
        return list(sure)
    alone, rest = columns[: room - 1], columns[room - 1 :]
    names: Collection[str] = dict.fromkeys(name for one in rest for name in one.mend.columns)
    together = Wanted(
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=tuple(names)),
        codes=tuple(dict.fromkeys(code for one in rest for code in one.codes)),
        certainty=rest[-1].certainty,
    )
    return [*others, *alone, together]
