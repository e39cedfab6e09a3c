"""Static SVG charts, one question each, drawn by Altair and vl-convert without a browser, a script or the network.

Colours are the page's CSS variables, so that one drawing serves the light and the dark scheme. Widths of text are
reckoned from its length, because the reader's font is not known here.
"""

import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from heldout.core.card import Axis, Card
from heldout.core.estimate import Estimate
from heldout.core.lift import Band, Lift, LiftScale, LiftTarget
from heldout.report.figures import PERCENT, amount, decimals, lift_unit, number, part_of, short
from heldout.report.reading import Step, weighted_axes
from heldout.report.text import cut

__all__ = ["axes_chart", "lift_chart", "reversal_chart", "score_chart"]

WIDTH = 430
HEIGHT = 270
ROW = 44
FONT = 13
CHARACTER = 8.0  # pixels of a digit in a wide sans-serif at FONT
DRAWN = 6.5  # what vl-convert reckons for it
LABEL, TEXT = 30, 60
CROSS = "M-1,-0.6L-0.6,-1L0,-0.4L0.6,-1L1,-0.6L0.4,0L1,0.6L0.6,1L0,0.4L-0.6,1L-1,0.6L-0.4,0Z"
SHAPES = {Band.FAIL: CROSS, Band.UNDECIDED: "diamond", Band.PASS: "triangle-up", Band.TARGET: "circle"}
INK, MUTED, GRID = "var(--ink)", "var(--muted)", "var(--grid)"
ACCENT, TRACK, PAPER = "var(--accent)", "var(--track)", "var(--paper)"

LARGEST, FINEST = 1e12, 1e-9

LEAST_SPAN = 0.04
"""An axis spans at least this share of its largest value."""

Row = dict[str, Any]


def lift_chart(lift: Lift | None, target: LiftTarget) -> Markup | None:
    """Draw: is the lift above the minimum and the target? None when the lift has no interval."""
    if lift is None or not lift.estimate.is_defined:
        return None
    import altair as alt

    made = _interval(lift.estimate, _factor(lift.scale))
    asked = _asked(target)
    ends = [0.0, *made.values(), *(row["x"] for row in asked)]
    if not _is_drawable(ends):
        return None
    first, last = _domain(ends)
    last = max(last, asked[1]["x"] + 0.4 * (last - first))  # room for the target's label
    x = _x(first, last, _lift_title(lift.scale, lift.metric))
    layers = [_rule_at(0, x, 0, 74, color=MUTED)]
    for row, top in zip(asked, (0, 20), strict=True):
        layers.append(_rule_at(row["x"], x, top, 74, color=INK, strokeDash=[4, 3]))
        layers.append(_chart([row]).mark_text(align="left", dx=5, y=top + 7).encode(x=x, text="text:N"))
    text = short(lift.estimate, lift_unit(lift.scale), signed=True)
    drawn = _chart([made | {"text": text}])
    layers.append(drawn.mark_rule(color=ACCENT, strokeWidth=4, y=60).encode(x=alt.X("low:Q"), x2="high:Q"))
    layers.append(drawn.mark_point(color=ACCENT, size=170, y=60).encode(x=x))
    align = _align(made["x"], first, last)
    layers.append(drawn.mark_text(fontWeight="bold", align=align, y=88).encode(x=x, text="text:N"))
    return _svg(layers, WIDTH - 20, 100, "Lift with its interval, the minimum and the target")


def score_chart(
    metric: str, reported: float | None, supported: Estimate | None, steps: Sequence[Step]
) -> Markup | None:
    """Draw: where does the reported score come from? None unless both scores are there."""
    if reported is None or supported is None or supported.value is None:
        return None
    import altair as alt

    digits = decimals(supported)
    rows: list[Row] = [{"name": "reported", "x": reported, "text": number(reported, decimals=digits)}]
    for step in steps:
        text = number(step.end - step.start, decimals=digits, signed=True)
        colour = ACCENT if step.is_priced else TRACK
        rows.append(
            {"name": cut(step.name, LABEL), "start": step.start, "end": step.end, "text": text, "colour": colour}
        )
    rows.append({"name": "supported", "text": short(supported)} | _interval(supported))
    _place(rows)
    ends = [row[key] for row in rows for key in ("x", "low", "high", "start", "end") if key in row]
    if not _is_drawable(ends):
        return None
    x = _x(*_domain(ends), cut(metric, LABEL))
    scores, bars = (_chart([row for row in rows if key in row]) for key in ("x", "start"))
    layers = [
        bars.mark_rule(strokeWidth=14).encode(
            x=alt.X("start:Q"), x2="end:Q", y=_y(rows), color=alt.Color("colour:N", scale=None)
        ),
        scores.mark_rule(color=ACCENT, strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q", y=_y(rows)),
        scores.mark_point(color=INK, size=120).encode(x=x, y=_y(rows)),
        *_beside(rows),
    ]
    return _svg_beside(layers, rows, "Steps from the reported to the supported score")


def axes_chart(axes: Sequence[Axis]) -> Markup | None:
    """Draw: how many of the answered checks of each axis are clear? None without axes."""
    if not axes:
        return None
    import altair as alt

    rows: list[Row] = [
        {
            "name": f"{cut(axis.name, LABEL)} (weight {amount(axis.weight, 'share')})",
            "x": 0,
            "end": min(max(100 * (axis.score.value or 0.0), 0.0), 100.0),
            "full": 100,
            "text": "no answer" if axis.score.value is None else cut(part_of(axis.score), LABEL),
        }
        for axis in axes
    ]
    _place(rows)
    drawn, x = _chart(rows), _x(0, 100, "answered checks that are clear, %")
    layers = [
        drawn.mark_rule(color=TRACK, strokeWidth=14).encode(x=x, x2="full:Q", y=_y(rows)),
        drawn.mark_rule(color=ACCENT, strokeWidth=14).encode(x=alt.X("x:Q"), x2="end:Q", y=_y(rows)),
        *_beside(rows),
    ]
    return _svg_beside(layers, rows, "Share of clear checks per axis")


def reversal_chart(cards: Sequence[Card]) -> Markup | None:
    """Draw: is the submission with the highest lift also the best built? None when no card has both."""
    rows = [row for card in cards for row in _reversal_row(card)]
    asked = _asked(cards[0].target) if cards else []
    ends = [0.0, *(row["x"] for row in asked), *(row[end] for row in rows for end in ("x", "low", "high"))]
    if not rows or not _is_drawable(ends):
        return None
    import altair as alt

    first, last = _domain(ends)
    x = _x(first, last, _lift_title(cards[0].target.scale, cards[0].metric))
    axis = alt.Axis(title="weighted axes, % clear", values=[0, 25, 50, 75, 100])
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-8, 116], nice=False), axis=axis)
    names = [band.value for band in Band]
    colours = alt.Scale(domain=names, range=[f"var(--{name})" for name in names])
    colour = alt.Color("band:N", scale=colours, legend=None)
    shape = alt.Shape("band:N", scale=alt.Scale(domain=names, range=[SHAPES[band] for band in Band]), legend=None)
    layers = [_rule_at(0, x, 0, HEIGHT, color=MUTED)]
    for row, align, dx in zip(asked, ("right", "left"), (6, -6), strict=True):
        layers.append(_rule_at(row["x"], x, 0, HEIGHT, color=INK, strokeDash=[4, 3]))
        layers.append(_chart([row]).mark_text(align=align, dx=dx, y=-9, color=MUTED).encode(x=x, text="name:N"))
    layers.append(_chart(rows).mark_rule(strokeWidth=3).encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=colour))
    layers.append(_chart(rows).mark_point(size=260).encode(x=x, y=y, color=colour, shape=shape))
    for row in rows:
        style: Row = {"align": _align(row["x"], first, last), "dy": -20, "fontWeight": "bold"}
        halo = _chart([row]).mark_text(**style, stroke=PAPER, strokeWidth=5)
        layers += [text.encode(x=x, y=y, text="text:N") for text in (halo, _chart([row]).mark_text(**style))]
    return _svg(layers, WIDTH - 60, HEIGHT, "Lift against the weighted axes, one mark per submission")


def _reversal_row(card: Card) -> list[Row]:
    axes = weighted_axes(card).value
    if card.lift is None or not card.lift.estimate.is_defined or axes is None:
        return []
    text = f"{cut(card.submission, LABEL)}: {card.decision.band.value}"
    made = _interval(card.lift.estimate, _factor(card.lift.scale))
    return [made | {"y": min(max(100 * axes, 0.0), 100.0), "band": card.decision.band.value, "text": text}]


def _factor(scale: LiftScale) -> float:
    return 100.0 if lift_unit(scale) == PERCENT else 1.0


def _interval(estimate: Estimate, factor: float = 1.0) -> dict[str, float]:
    value = estimate.value or 0.0
    low, high = (value if end is None else end for end in (estimate.low, estimate.high))
    return {"x": value * factor, "low": low * factor, "high": high * factor}


def _asked(target: LiftTarget) -> list[Row]:
    unit, factor = lift_unit(target.scale), _factor(target.scale)
    asked = {"minimum": target.minimum, "target": target.target}
    return [
        {"x": x * factor, "name": name, "text": f"{name} {amount(x, unit, signed=True)}"} for name, x in asked.items()
    ]


def _lift_title(scale: LiftScale, metric: str) -> str:
    return f"lift over the re-run baseline, {lift_unit(scale) or cut(metric, LABEL)}"


def _is_drawable(values: Sequence[float]) -> bool:
    """Tell whether an axis over `values` can have ticks that mean anything; V8 may run out of memory over others."""
    largest, span = max(map(abs, values)), max(values) - min(values)
    return largest <= LARGEST and (span == 0 or span >= FINEST * largest)


def _domain(values: Sequence[float]) -> tuple[float, float]:
    first, last = min(values), max(values)
    short = LEAST_SPAN * max(abs(first), abs(last)) - (last - first)
    if short > 0:  # a thousandth is not drawn as a gulf
        first, last = first - short / 2, last + short / 2
    room = 0.06 * (last - first) or abs(first) or 1.0
    return first - room, last + room


def _align(value: float, first: float, last: float) -> str:
    place = (value - first) / (last - first)
    return "left" if place < 0.3 else "right" if place > 0.7 else "center"


def _place(rows: Sequence[Row]) -> None:
    for index, row in enumerate(rows):
        row |= {"at": index + 0.68, "over": index + 0.24, "left": 0}


def _svg_beside(layers: Sequence[Any], rows: Sequence[Row], label: str) -> Markup:
    beside = min(max(len(row["text"]) for row in rows), LABEL)
    return _svg(layers, WIDTH - 24 - CHARACTER * beside, ROW * len(rows), label, beside)


def _beside(rows: Sequence[Row]) -> list[Any]:
    """Write each row's name over it and its number in a column at the right."""
    import altair as alt

    over = alt.Y("over:Q", scale=_down(rows), axis=None)
    return [
        _chart(rows).mark_text(align="left", x=0).encode(y=over, text="name:N"),
        _chart(rows).mark_text(align="left", x="width", dx=8).encode(y=_y(rows), text="text:N"),
    ]


def _down(rows: Sequence[Row]) -> Any:
    import altair as alt

    return alt.Scale(domain=[0, len(rows)], reverse=True, nice=False)


def _y(rows: Sequence[Row]) -> Any:
    import altair as alt

    return alt.Y("at:Q", scale=_down(rows), axis=None)


def _x(first: float, last: float, title: str) -> Any:
    import altair as alt

    scale = alt.Scale(domain=[first, last], nice=False, zero=False)
    return alt.X("x:Q", scale=scale, axis=alt.Axis(title=_safe(title), tickCount=5))


def _chart(rows: Sequence[Any]) -> Any:
    import altair as alt

    return alt.Chart({"values": [{key: _safe(value) for key, value in row.items()} for row in rows]})


def _safe(value: Any) -> Any:
    """Clean and cut every text at this one door: vl-convert ends the process at a control character."""
    return cut(value, TEXT) if isinstance(value, str) else value


def _rule_at(value: float, x: Any, top: float, bottom: float, **style: Any) -> Any:
    return _chart([{"x": value}]).mark_rule(y=top, y2=bottom, **style).encode(x=x)


def _svg(layers: Sequence[Any], width: float, height: float, label: str, beside: int = 0) -> Markup:
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
