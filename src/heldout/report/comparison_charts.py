"""Static SVG charts of a comparison: where the differences lie, and on how many items each is better."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from heldout.core.comparison import Comparison, Pair
from heldout.core.estimate import Estimate
from heldout.report.comparison_reading import gap, slices_in_order
from heldout.report.drawing import (
    ACCENT,
    INK,
    LABEL,
    MUTED,
    PAPER,
    TRACK,
    Row,
    chart_of,
    domain_of,
    down,
    is_drawable,
    place_rows,
    row_axis,
    svg_beside,
    texts_beside,
    value_axis,
)
from heldout.report.text import cut

__all__ = ["differences_chart", "flips_chart"]

MOST_ROWS = 16


def differences_chart(comparison: Comparison) -> Markup | None:
    """Draw: does the interval leave 0 out, overall and in each slice? None where there is no interval to draw."""
    pairs = comparison.pairs
    if len(pairs) == 1:
        found = [_row("all items", pairs[0].difference)]
        found += [
            _row(cut(f"{one.column} {one.value}", LABEL), one.difference) for one in slices_in_order(pairs[0].slices)
        ]
    else:
        found = [
            _row(f"{cut(one.candidate, LABEL // 2)} against {cut(one.reference, LABEL // 2)}", one.difference)
            for one in pairs
        ]
    rows = [row for row in found if row is not None][:MOST_ROWS]
    margin = next((pair.equivalence.margin for pair in pairs if pair.equivalence), None)
    if margin is None and comparison.gate is not None and comparison.gate.margin:
        margin = comparison.gate.margin
    return _differences(rows, margin)


def flips_chart(pair: Pair) -> Markup | None:
    """Draw: on how many items is each better? None where no item differs."""
    flips = pair.flips
    counts = {
        f"better with {cut(pair.candidate, LABEL)}": flips.candidate_better,
        f"better with {cut(pair.reference, LABEL)}": flips.reference_better,
        "alike": flips.equal,
    }
    if not flips.candidate_better and not flips.reference_better:
        return None
    import altair as alt

    total = max(sum(counts.values()), 1)
    rows: list[Row] = [
        {"name": name, "x": 0, "end": count, "text": f"{count:,}", "colour": TRACK if name == "alike" else ACCENT}
        for name, count in counts.items()
    ]
    place_rows(rows)
    x = value_axis(0, max(counts.values()) * 1.02, f"items, of {total:,}")
    bars = (
        chart_of(rows)
        .mark_rule(strokeWidth=14)
        .encode(x=x, x2="end:Q", y=row_axis(rows), color=alt.Color("colour:N", scale=None))
    )
    return svg_beside([bars, *texts_beside(rows)], rows, "On how many items each of the two is better")


def _row(name: str, difference: Estimate) -> Row | None:
    if difference.value is None or difference.low is None or difference.high is None:
        return None
    return {
        "name": name,
        "x": difference.value,
        "low": difference.low,
        "high": difference.high,
        "text": gap(difference).partition(" at ")[0],
        "colour": INK if difference.low <= 0 <= difference.high else ACCENT,
    }


def _differences(rows: Sequence[Row], margin: float | None) -> Markup | None:
    margins = [] if margin is None else [-margin, margin]
    ends = [0.0, *margins, *(row[key] for row in rows for key in ("low", "high"))]
    if not rows or not is_drawable(ends):
        return None
    import altair as alt

    place_rows(rows)
    x = value_axis(*domain_of(ends), "difference", ticks=3)
    layers = [_line_at(end, rows, x, color=MUTED, strokeDash=[4, 3]) for end in margins]
    layers.append(_line_at(0, rows, x, color=INK))
    drawn = chart_of(rows)
    colour = alt.Color("colour:N", scale=None)
    layers.append(drawn.mark_rule(strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q", y=row_axis(rows), color=colour))
    over = alt.Y("over:Q", scale=down(rows), axis=None)
    layers.append(drawn.mark_text(align="left", x=0, stroke=PAPER, strokeWidth=5).encode(y=over, text="name:N"))
    layers.append(drawn.mark_point(size=130).encode(x=x, y=row_axis(rows), color=colour))
    layers += texts_beside(rows)
    return svg_beside(layers, rows, "Differences with their intervals, against no difference")


def _line_at(value: float, rows: Sequence[Row], x: Any, **style: Any) -> Any:
    """Return an upright line beside each row's interval, that leaves the names over them free."""
    import altair as alt

    parts = [{"x": value, "from": place + 0.44, "to": place + 1} for place in range(len(rows))]
    return chart_of(parts).mark_rule(**style).encode(x=x, y=alt.Y("from:Q", scale=down(rows), axis=None), y2="to:Q")
