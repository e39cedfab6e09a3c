"""Equations that make the label, or a column that gives it away: searched on a sample, confirmed on all rows."""

from collections.abc import Iterator

import numpy as np

from heldout.core.leakage_evidence import Identities, Identity
from heldout.core.profile import LabelKind
from heldout.stats.equations import Equation, agreement, chance_of, pair_equations, varies
from heldout.stats.leaky_columns import leaky_columns
from heldout.stats.near_products import followed, near_products
from heldout.tables.equation_search import Search, blamed, by_strength, is_held, search_on
from heldout.tables.label import Label
from heldout.tables.label_equations import compared_with, copies_of_the_label, differences_of_times, left_over
from heldout.tables.profiling import profile_of
from heldout.tables.sampling import sample_of
from heldout.tables.table import Table

__all__ = ["SEARCH_ROWS", "identities_of"]

SEARCH_ROWS = 2000
LEAST_ROWS = 100
FEW_VALUES = 20
"""A label of more values is a quantity, of which copies in other units and what is left over are looked for."""
MOST_RESULTS = 4
"""Columns that give the label away by themselves and that others are tied to, at most."""
MOST_TIED = 40
MOST_FOUND = 8
KINDS = {
    (False, 1): ("sum", "+"),
    (False, -1): ("difference", "-"),
    (True, 1): ("product", "*"),
    (True, -1): ("ratio", "/"),
}


def identities_of(
    table: Table, label: Label, *, sample: tuple[Table, Label | None] | None = None, seed: int = 0
) -> Identities:
    """Search for the equations that make the label, or a column that gives it away by itself.

    `sample` are rows of the table with their labels where the caller has drawn some. Where the target is a comparison
    of a numeric column, that column is what equations may make.
    """
    rows, rows_label = sample or sample_of(table, label)
    few, few_label = sample_of(rows, rows_label, rows=SEARCH_ROWS, seed=seed)
    if few_label is None:
        raise TypeError("identities are searched for a label")
    search = search_on(table, label, few, few_label)
    found: list[Identity] = []
    if search.names and few.rows >= LEAST_ROWS:
        found += [identity for identity in _of_the_label(search) if is_held(identity)]
        leaky = [name for name in leaky_columns(profile_of(few, few_label)) if name in search.names]
        tied = (identity for name in leaky[:MOST_RESULTS] for identity in _tied(search, name))
        found += [identity for identity in tied if is_held(identity)]
    return Identities(columns=len(search.names), rows=few.rows, found=tuple(found))


def _of_the_label(search: Search) -> Iterator[Identity]:
    values = len(np.unique(search.y[np.isfinite(search.y)]))
    made = [_confirmed(search, pair, search.result) for pair in pair_equations(search.x, search.y)[:MOST_FOUND]]
    if values > FEW_VALUES:
        made += [*copies_of_the_label(search), *differences_of_times(search)]
        made += [] if any(map(is_held, made)) else left_over(search)
    yield from made
    if search.label.kind is not LabelKind.REGRESSION:
        yield from compared_with(search, MOST_FOUND)


def _tied(search: Search, name: str) -> Iterator[Identity]:
    """Yield the equations that make a column that gives the label away by itself, or else nearly do."""
    own = search.names.index(name)
    y, others = search.x[:, own], np.delete(np.arange(len(search.names)), own)
    if not len(others):
        return
    places = [int(others[j]) for j in by_strength(search.x[:, others], y)[:MOST_TIED]]
    pairs = pair_equations(search.x[:, places], y)[:MOST_FOUND]
    for pair in pairs:
        a, b = (places[p] for p in pair.places)
        yield _confirmed(search, Equation(places=(a, b), signs=pair.signs, is_product=pair.is_product), name)
    for near in [] if pairs else near_products(search.x[:, places], y)[:MOST_FOUND]:
        names = search.names[places[near.first]], search.names[places[near.second]]
        whole = search.columns((*names, name))
        agreed, rows = followed(whole[:, 0], whole[:, 1], whole[:, 2], near.exponent)
        yield Identity(
            kind="nearly",
            text=f"{name} is nearly {names[0]} {'*' if near.exponent > 0 else '/'} {names[1]}, up to a factor",
            result=name,
            is_label=False,
            columns=names,
            agreed=agreed,
            rows=rows,
            chance=near.chance,
        )


def _confirmed(search: Search, pair: Equation, result: str) -> Identity:
    names = tuple(search.names[p] for p in pair.places)
    is_label = result not in search.names
    kind, sign = KINDS[(pair.is_product, pair.signs[1])]
    x, whole = search.columns(names), search.target if is_label else search.columns([result])[:, 0]
    agreed, rows = agreement(pair, x, whole)
    y = search.y if is_label else search.x[:, search.names.index(result)]
    columns, beside = blamed(names) if kind == "difference" else (names, ())
    return Identity(
        kind=kind,
        text=f"{result} = {names[0]} {sign} {names[1]}, up to a constant{' factor' if pair.is_product else ''}",
        result=result,
        is_label=is_label,
        columns=columns,
        beside=beside,
        agreed=agreed,
        rows=rows,
        chance=chance_of(pair, search.x[:, list(pair.places)], y) if varies(pair, x, whole) else 1.0,
    )
