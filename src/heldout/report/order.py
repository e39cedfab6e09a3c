"""The order of several cards, and how far it depends on the weights, as lines for a terminal or a page."""

from collections.abc import Sequence

from heldout.core.card_order import Ahead, Ordered
from heldout.report.figures import amount
from heldout.report.text import NAME, cut

__all__ = ["HEADINGS", "order_answer", "order_rows"]

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


def _row(pair: Ahead, ordered: Ordered) -> tuple[str, ...]:
    if pair.is_by_band:
        return cut(pair.first, NAME), cut(pair.second, NAME), "any", "the bands are apart"
    share = amount(pair.share, "share")
    scores = [ordered.scores[name] for name in (pair.first, pair.second)]
    said = ["undefined" if score is None else f"{score:.2f}" for score in scores]
    return cut(pair.first, NAME), cut(pair.second, NAME), share, f"axes {said[0]} against {said[1]}"
