"""Static SVG charts of verdicts and cards, one question each."""

from collections.abc import Sequence

from markupsafe import Markup

from heldout.core.card import Axis, Card
from heldout.core.estimate import Estimate
from heldout.core.lift import Band, Lift, LiftScale, LiftTarget
from heldout.report.drawing import (
    ACCENT,
    INK,
    LABEL,
    MUTED,
    PAPER,
    TRACK,
    WIDTH,
    Row,
    align_at,
    chart_of,
    domain_of,
    is_drawable,
    place_rows,
    row_axis,
    rule_at,
    svg_beside,
    svg_of,
    texts_beside,
    value_axis,
)
from heldout.report.figures import PERCENT, amount, decimals, lift_unit, number, part_of, short
from heldout.report.reading import Step, weighted_axes
from heldout.report.text import cut

__all__ = ["axes_chart", "lift_chart", "reversal_chart", "score_chart"]

HEIGHT = 270
CROWDED = 20
"""Marks of the picture of several cards that lie less apart than so many points of the axes hide each other's label."""
CROSS = "M-1,-0.6L-0.6,-1L0,-0.4L0.6,-1L1,-0.6L0.4,0L1,0.6L0.6,1L0,0.4L-0.6,1L-1,0.6L-0.4,0Z"
SHAPES = {Band.FAIL: CROSS, Band.UNDECIDED: "diamond", Band.PASS: "triangle-up", Band.TARGET: "circle"}


def lift_chart(lift: Lift | None, target: LiftTarget) -> Markup | None:
    """Draw: is the lift above the minimum and the target? None when the lift has no interval."""
    if lift is None or not lift.estimate.is_defined:
        return None
    import altair as alt

    made = _interval(lift.estimate, _factor(lift.scale))
    asked = _asked(target)
    ends = [0.0, *made.values(), *(row["x"] for row in asked)]
    if not is_drawable(ends):
        return None
    first, last = domain_of(ends)
    last = max(last, asked[1]["x"] + 0.4 * (last - first))  # room for the target's label
    x = value_axis(first, last, _lift_title(lift.scale, lift.metric))
    layers = [rule_at(0, x, 0, 74, color=MUTED)]
    for row, top in zip(asked, (0, 20), strict=True):
        layers.append(rule_at(row["x"], x, top, 74, color=INK, strokeDash=[4, 3]))
        layers.append(chart_of([row]).mark_text(align="left", dx=5, y=top + 7).encode(x=x, text="text:N"))
    text = short(lift.estimate, lift_unit(lift.scale), signed=True)
    drawn = chart_of([made | {"text": text}])
    layers.append(drawn.mark_rule(color=ACCENT, strokeWidth=4, y=60).encode(x=alt.X("low:Q"), x2="high:Q"))
    layers.append(drawn.mark_point(color=ACCENT, size=170, y=60).encode(x=x))
    align = align_at(made["x"], first, last)
    layers.append(drawn.mark_text(fontWeight="bold", align=align, y=88).encode(x=x, text="text:N"))
    return svg_of(layers, WIDTH - 20, 100, "Lift with its interval, the minimum and the target")


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
    place_rows(rows)
    ends = [row[key] for row in rows for key in ("x", "low", "high", "start", "end") if key in row]
    if not is_drawable(ends):
        return None
    x = value_axis(*domain_of(ends), cut(metric, LABEL))
    scores, bars = (chart_of([row for row in rows if key in row]) for key in ("x", "start"))
    layers = [
        bars.mark_rule(strokeWidth=14).encode(
            x=alt.X("start:Q"), x2="end:Q", y=row_axis(rows), color=alt.Color("colour:N", scale=None)
        ),
        scores.mark_rule(color=ACCENT, strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q", y=row_axis(rows)),
        scores.mark_point(color=INK, size=120).encode(x=x, y=row_axis(rows)),
        *texts_beside(rows),
    ]
    return svg_beside(layers, rows, "Steps from the reported to the supported score")


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
    place_rows(rows)
    drawn, x = chart_of(rows), value_axis(0, 100, "answered checks that are clear, %")
    layers = [
        drawn.mark_rule(color=TRACK, strokeWidth=14).encode(x=x, x2="full:Q", y=row_axis(rows)),
        drawn.mark_rule(color=ACCENT, strokeWidth=14).encode(x=alt.X("x:Q"), x2="end:Q", y=row_axis(rows)),
        *texts_beside(rows),
    ]
    return svg_beside(layers, rows, "Share of clear checks per axis")


def reversal_chart(cards: Sequence[Card]) -> Markup | None:
    """Draw: is the submission with the highest lift also the best built? None when no card has both."""
    rows = [row for card in cards for row in _reversal_row(card)]
    asked = _asked(cards[0].target) if cards else []
    ends = [0.0, *(row["x"] for row in asked), *(row[end] for row in rows for end in ("x", "low", "high"))]
    if not rows or not is_drawable(ends):
        return None
    import altair as alt

    first, last = domain_of(ends)
    x = value_axis(first, last, _lift_title(cards[0].target.scale, cards[0].metric))
    axis = alt.Axis(title="weighted axes, % clear", values=[0, 25, 50, 75, 100])
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-8, 116], nice=False), axis=axis)
    names = [band.value for band in Band]
    colours = alt.Scale(domain=names, range=[f"var(--{name})" for name in names])
    colour = alt.Color("band:N", scale=colours, legend=None)
    shape = alt.Shape("band:N", scale=alt.Scale(domain=names, range=[SHAPES[band] for band in Band]), legend=None)
    layers = [rule_at(0, x, 0, HEIGHT, color=MUTED)]
    for row, align, dx in zip(asked, ("right", "left"), (6, -6), strict=True):
        layers.append(rule_at(row["x"], x, 0, HEIGHT, color=INK, strokeDash=[4, 3]))
        layers.append(chart_of([row]).mark_text(align=align, dx=dx, y=-9, color=MUTED).encode(x=x, text="name:N"))
    layers.append(chart_of(rows).mark_rule(strokeWidth=3).encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=colour))
    layers.append(chart_of(rows).mark_point(size=260).encode(x=x, y=y, color=colour, shape=shape))
    for row in rows:
        style, at = _label_style(row, rows, first, last)
        drawn = chart_of([row | {"at": at}])
        halo = drawn.mark_text(**style, stroke=PAPER, strokeWidth=5)
        layers += [text.encode(x=alt.X("at:Q"), y=y, text="text:N") for text in (halo, drawn.mark_text(**style))]
    return svg_of(layers, WIDTH - 60, HEIGHT, "Lift against the weighted axes, one mark per submission")


def _label_style(row: Row, rows: Sequence[Row], first: float, last: float) -> tuple[Row, float]:
    """Return how a mark's label is set and at which x: above it, or beside its interval where a mark is right above."""
    is_crowded = any(0 <= other["y"] - row["y"] < CROWDED for other in rows if other is not row)
    if not is_crowded:
        return {"align": align_at(row["x"], first, last), "dy": -20, "fontWeight": "bold"}, row["x"]
    if row["low"] - first > last - row["high"]:
        return {"align": "right", "dx": -8, "fontWeight": "bold"}, row["low"]
    return {"align": "left", "dx": 8, "fontWeight": "bold"}, row["high"]


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
