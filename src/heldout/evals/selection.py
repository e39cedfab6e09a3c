"""Selection rates of groups, with what would tell of single persons left out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from heldout.core.estimate import Estimate, undefined
from heldout.core.selection import LEAST, GroupRate, GroupRates
from heldout.evals.group_file import GroupFile
from heldout.stats import newcombe, risk_ratio_score, wilson

__all__ = ["FOUR_FIFTHS", "group_rates", "hidden_cells"]

FOUR_FIFTHS = 0.8
"""The share of the highest rate below which the rule of thumb of the US agencies (1978) has a closer look."""

TOO_FEW = f"too few to say: fewer than {LEAST}, or could be worked out from the other groups"
CROSSED = " and "
JOINED = " / "

Cell = tuple[str, ...]


def group_rates(file: GroupFile, selected: Collection[str]) -> tuple[GroupRates, ...]:
    """Return the rates of each column's groups, and of two columns crossed where there are exactly two."""
    rows = [(groups, name in selected) for name, groups in file.rows.items()]
    made, shown_margins = [], []
    for at, column in enumerate(file.columns):
        counts = _counted([((groups[at],), is_in) for groups, is_in in rows])
        hidden = hidden_cells({cell: n for cell, (n, _) in counts.items()}, [set(counts)])
        made.append(_rates(column, counts, hidden))
        shown_margins.append({cell[0] for cell in counts if cell not in hidden})
    if len(file.columns) == 2:
        counts = _counted(rows)
        margins = [
            {cell for cell in counts if cell[at] == value}
            for at, values in enumerate(shown_margins)
            for value in values
        ]
        hidden = hidden_cells({cell: n for cell, (n, _) in counts.items()}, [set(counts), *margins])
        made.append(_rates(CROSSED.join(file.columns), counts, hidden))
    return tuple(made)


def hidden_cells(sizes: Mapping[Cell, int], known_sums: Sequence[Collection[Cell]]) -> set[Cell]:
    """Return the cells that are not shown: those below LEAST, and as many more as keep them from being worked out.

    `known_sums` are the sets of cells whose total a reader knows. What is hidden of such a set adds up to LEAST at
    least, and no small cell follows from the sums by adding and subtracting.
    """
    hidden = {cell for cell, n in sizes.items() if n < LEAST}
    while hidden and (more := _next_to_hide(sizes, known_sums, hidden)):
        hidden.add(more)
    return hidden


def _next_to_hide(sizes: Mapping[Cell, int], known_sums: Sequence[Collection[Cell]], hidden: set[Cell]) -> Cell | None:
    for total in known_sums:
        parts = hidden & set(total)
        if parts and sum(sizes[cell] for cell in parts) < LEAST and (left := set(total) - hidden):
            return _smallest(left, sizes)
    unknown = sorted(hidden)
    equations = np.array([[float(cell in total) for cell in unknown] for total in known_sums])
    for at, cell in enumerate(unknown):
        if sizes[cell] < LEAST and _follows(equations, at):
            together = set().union(*(set(total) for total in known_sums if cell in total)) - hidden
            if together or set(sizes) - hidden:
                return _smallest(together or set(sizes) - hidden, sizes)
    return None


def _follows(equations: np.ndarray, at: int) -> bool:
    """Tell whether an unknown is a combination of the equations."""
    unit = np.zeros((1, equations.shape[1]))
    unit[0, at] = 1.0
    rank = np.linalg.matrix_rank(equations)
    return bool(np.linalg.matrix_rank(np.vstack([equations, unit])) == rank)


def _smallest(cells: Collection[Cell], sizes: Mapping[Cell, int]) -> Cell:
    return min(cells, key=lambda cell: (sizes[cell], cell))


def _counted(rows: Sequence[tuple[Cell, bool]]) -> dict[Cell, tuple[int, int]]:
    sizes, chosen = Counter(cell for cell, _ in rows), Counter(cell for cell, is_in in rows if is_in)
    return {cell: (sizes[cell], chosen[cell]) for cell in sorted(sizes)}


def _rates(column: str, counts: Mapping[Cell, tuple[int, int]], hidden: set[Cell]) -> GroupRates:
    there = {cell: pair for cell, pair in counts.items() if cell not in hidden}
    best = max(there.values(), key=lambda pair: (pair[1] / pair[0], pair[0]), default=None)
    groups = [
        _rate(JOINED.join(cell), *pair, best)
        if cell in there and best is not None
        else GroupRate(
            group=JOINED.join(cell),
            n=None,
            selected=None,
            rate=None,
            ratio=None,
            difference=None,
            is_highest=False,
            is_below=None,
            says=TOO_FEW,
        )
        for cell, pair in counts.items()
    ]
    return GroupRates(
        column=column,
        groups=tuple(groups),
        n=sum(n for n, _ in counts.values()),
        selected=sum(chosen for _, chosen in counts.values()),
    )


def _rate(group: str, n: int, selected: int, best: tuple[int, int]) -> GroupRate:
    size, chosen = best
    is_highest = selected * size == chosen * n
    ratio, difference = risk_ratio_score(selected, n, chosen, size), newcombe(selected, n, chosen, size)
    if is_highest:
        ratio = _reference(ratio)
        difference = _reference(difference)
    value = ratio.value
    return GroupRate(
        group=group,
        n=n,
        selected=selected,
        rate=wilson(selected, n),
        ratio=ratio,
        difference=difference,
        is_highest=is_highest,
        is_below=None if value is None else value < FOUR_FIFTHS,
        says=_says(value, is_highest=is_highest),
    )


def _reference(compared: Estimate) -> Estimate:
    """Leave the interval of the group with the highest rate out: it is what the others are compared with."""
    if compared.value is None:
        return compared
    because = "this is the highest rate, with which the others are compared"
    return undefined(because, n=compared.n, method=compared.method, value=compared.value)


def _says(ratio: float | None, *, is_highest: bool) -> str:
    if ratio is None:
        return "nobody of any group was selected, so there is no ratio"
    if is_highest:
        return "the highest rate"
    return (
        "below four fifths of the highest rate" if ratio < FOUR_FIFTHS else "at least four fifths of the highest rate"
    )
