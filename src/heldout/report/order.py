"""The order of several cards, and how far it depends on the weights, as lines for a terminal or a page."""

from collections.abc import Sequence

from rich.console import Console

from heldout.core.card_order import Ahead, Ordered
from heldout.report.figures import amount
from heldout.report.printing import new_table, text_of
from heldout.report.text import NAME, cut

__all__ = ["HEADINGS", "order_answer", "order_rows", "print_order"]

HEADINGS = ("ahead", "of", "under this share of all weights", "why")


def order_answer(ordered: Ordered) -> str:
    """Say in a sentence how much of the order the weights could turn."""
    names = " > ".join(cut(name, NAME) for name in ordered.names)
    if not ordered.weights:
        return f"Order: {names}."
    share = amount(ordered.same, "share")
    return f"Order: {names}. It is this one under {share} of the {ordered.weights} weights tried."


def order_rows(ordered: Ordered) -> Sequence[tuple[str, ...]]:
    """Return a row for each two neighbours in the order, in the order of HEADINGS."""
    return [_row(pair, ordered) for pair in ordered.neighbours]


def print_order(rows: Sequence[tuple[str, ...]], console: Console) -> None:
    """Print the rows as a table."""
    if not rows:
        return
    table = new_table(console, HEADINGS, gap=2)
    for row in rows:
        table.add_row(*(text_of(console, cell) for cell in row))
    console.print(table)


def _row(pair: Ahead, ordered: Ordered) -> tuple[str, ...]:
    if pair.is_by_band:
        return cut(pair.first, NAME), cut(pair.second, NAME), "any", "the bands are apart"
    share = amount(pair.share, "share")
    scores = [ordered.scores[name] for name in (pair.first, pair.second)]
    said = ["undefined" if score is None else f"{score:.2f}" for score in scores]
    return cut(pair.first, NAME), cut(pair.second, NAME), share, f"axes {said[0]} against {said[1]}"
