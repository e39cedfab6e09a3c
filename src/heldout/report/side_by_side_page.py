"""Cards side by side as one self-contained page."""

from heldout.core.side_by_side import SideBySide
from heldout.report import figures, reading, side_by_side
from heldout.report.html import render
from heldout.report.order import HEADINGS, order_answer, order_rows

__all__ = ["side_by_side_page"]


def side_by_side_page(compared: SideBySide) -> str:
    """Return the page: the table with places, lifts and axes drawn, differences, weights, what evidence differs."""
    cards = compared.cards
    asked, unit = cards[0].target, figures.lift_unit(cards[0].target.scale)
    return render(
        "side_by_side.html",
        compared=compared,
        read=side_by_side,
        axes=reading.axes_of(cards),
        unit=unit,
        minimum=figures.amount(asked.minimum, unit, signed=True),
        target=figures.amount(asked.target, unit, signed=True),
        notes=side_by_side.notes(compared),
        lifts=side_by_side.lifts_picture(cards),
        pictures=side_by_side.axes_picture(cards),
        differences=[side_by_side.difference_line(one, cards) for one in compared.differences],
        order=order_rows(compared.ordered),
        headings_of_order=HEADINGS,
        order_answer=order_answer(compared.ordered),
        reversal=reading.reversal(cards),
        evidence=side_by_side.by_other(compared),
    )
