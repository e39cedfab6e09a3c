"""What every chart is drawn with: Altair writes the specification, vl-convert the SVG, without a browser or a script.

Colours are the page's CSS variables, so that one drawing serves the light and the dark scheme. Widths of text are
reckoned from its length, because the reader's font is not known here.
"""

import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from heldout.report.text import cut

__all__ = [
    "ACCENT",
    "INK",
    "LABEL",
    "MUTED",
    "PAPER",
    "ROW",
    "TRACK",
    "WIDTH",
    "Row",
    "align_at",
    "chart_of",
    "domain_of",
    "down",
    "is_drawable",
    "place_rows",
    "row_axis",
    "rule_at",
    "svg_beside",
    "svg_of",
    "texts_beside",
    "value_axis",
]

WIDTH = 430
ROW = 44
FONT = 13
CHARACTER = 8.0  # pixels of a digit in a wide sans-serif at FONT
DRAWN = 6.5  # what vl-convert reckons for it
LABEL, TEXT = 30, 60
INK, MUTED, GRID = "var(--ink)", "var(--muted)", "var(--grid)"
ACCENT, TRACK, PAPER = "var(--accent)", "var(--track)", "var(--paper)"

LARGEST, FINEST = 1e12, 1e-9

LEAST_SPAN = 0.04
"""An axis spans at least this share of its largest value."""

Row = dict[str, Any]


def is_drawable(values: Sequence[float]) -> bool:
    """Tell whether an axis over `values` can have ticks that mean anything; V8 may run out of memory over others."""
    largest, span = max(map(abs, values)), max(values) - min(values)
    return largest <= LARGEST and (span == 0 or span >= FINEST * largest)


def domain_of(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis that shows these values with some room, and no thousandth as a gulf."""
    first, last = min(values), max(values)
    short = LEAST_SPAN * max(abs(first), abs(last)) - (last - first)
    if short > 0:
        first, last = first - short / 2, last + short / 2
    room = 0.06 * (last - first) or abs(first) or 1.0
    return first - room, last + room


def align_at(value: float, first: float, last: float) -> str:
    """Return how a text at `value` is aligned, so that it stays inside the axis."""
    place = (value - first) / (last - first)
    return "left" if place < 0.3 else "right" if place > 0.7 else "center"


def place_rows(rows: Sequence[Row]) -> None:
    """Give each row its height, and that of the name over it."""
    for index, row in enumerate(rows):
        row |= {"at": index + 0.68, "over": index + 0.24, "left": 0}


def svg_beside(layers: Sequence[Any], rows: Sequence[Row], label: str) -> Markup:
    """Return the drawing of rows whose texts stand in a column at the right."""
    beside = min(max(len(row["text"]) for row in rows), LABEL)
    return svg_of(layers, WIDTH - 24 - CHARACTER * beside, ROW * len(rows), label, beside)


def texts_beside(rows: Sequence[Row]) -> list[Any]:
    """Write each row's name over it and its number in a column at the right."""
    import altair as alt

    over = alt.Y("over:Q", scale=down(rows), axis=None)
    return [
        chart_of(rows).mark_text(align="left", x=0).encode(y=over, text="name:N"),
        chart_of(rows).mark_text(align="left", x="width", dx=8).encode(y=row_axis(rows), text="text:N"),
    ]


def down(rows: Sequence[Row]) -> Any:
    """Return the scale that goes down the rows."""
    import altair as alt

    return alt.Scale(domain=[0, len(rows)], reverse=True, nice=False)


def row_axis(rows: Sequence[Row]) -> Any:
    """Return the axis that goes down the rows."""
    import altair as alt

    return alt.Y("at:Q", scale=down(rows), axis=None)


def value_axis(first: float, last: float, title: str, ticks: int = 5) -> Any:
    """Return the axis of the values, with a title and about so many ticks."""
    import altair as alt

    scale = alt.Scale(domain=[first, last], nice=False, zero=False)
    return alt.X("x:Q", scale=scale, axis=alt.Axis(title=safe(title), tickCount=ticks))


def chart_of(rows: Sequence[Any]) -> Any:
    """Return a chart of these rows, their texts made safe."""
    import altair as alt

    return alt.Chart({"values": [{key: safe(value) for key, value in row.items()} for row in rows]})


def safe(value: Any) -> Any:
    """Clean and cut every text at this one door: vl-convert ends the process at a control character."""
    return cut(value, TEXT) if isinstance(value, str) else value


def rule_at(value: float, x: Any, top: float, bottom: float, **style: Any) -> Any:
    """Return an upright line at `value`."""
    return chart_of([{"x": value}]).mark_rule(y=top, y2=bottom, **style).encode(x=x)


def svg_of(layers: Sequence[Any], width: float, height: float, label: str, beside: int = 0) -> Markup:
    """Return the drawing; `beside` are the characters at its right, which a reader's font may draw wider."""
    import altair as alt
    import vl_convert

    chart = alt.layer(*layers).properties(width=width, height=height)
    padding = {"left": 4, "top": 4, "bottom": 4, "right": 4 + beside * (CHARACTER - DRAWN)}
    chart = chart.configure(font="sans-serif", background="transparent", padding=padding, aria=False)
    chart = chart.configure_view(stroke=None).configure_point(filled=True, opacity=1)
    chart = chart.configure_text(color=INK, fontSize=FONT, baseline="middle")
    colours = dict.fromkeys(("domainColor", "gridColor", "tickColor"), GRID)
    colours |= dict.fromkeys(("labelColor", "titleColor"), MUTED)
    chart = chart.configure_axis(
        **colours, labelFontSize=FONT, titleFontSize=FONT, titleFontWeight="normal", titlePadding=8
    )
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    body = svg[svg.index(">") + 1 :]
    box = re.search(r'viewBox="[-\d. ]+"', svg)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" {box[0] if box else ""}>'
    return Markup(head + body)  # noqa: S704  # Vega escapes text, and a test says so
