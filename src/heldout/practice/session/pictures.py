"""Static SVG pictures of a learner's progress, one question each."""

from collections.abc import Sequence

from markupsafe import Markup

from heldout.core.estimate import Estimate
from heldout.practice.learner.confidence import Confidence
from heldout.practice.plan import Plan
from heldout.practice.session.progress import FamilyProgress
from heldout.practice.session.progress_shown import seconds_said, share_said
from heldout.report.drawing import (
    ACCENT,
    INK,
    MUTED,
    TRACK,
    WIDTH,
    Row,
    chart_of,
    domain_of,
    is_drawable,
    place_rows,
    row_axis,
    svg_beside,
    svg_of,
    texts_beside,
    value_axis,
)

__all__ = ["plan_chart", "reliability_chart", "seconds_chart", "solved_chart"]

HEIGHT = 260


def solved_chart(families: Sequence[FamilyProgress]) -> Markup | None:
    """Draw: which share of each family's drills is solved? None before any was tried."""
    rows = [
        {
            "name": f"{one.title} (n = {found.accuracy.n})",
            "text": share_said(found.accuracy),
            **_percent(found.accuracy),
        }
        for one in families
        if (found := one.standing) is not None
    ]
    return _intervals(
        rows, (0.0, 100.0), "drills solved, %", "Share of drills solved in each family, with its interval"
    )


def seconds_chart(families: Sequence[FamilyProgress]) -> Markup | None:
    """Draw: how long is it until the first key? None where nothing was timed."""
    rows = [
        {"name": f"{one.title} (n = {key.n})", "text": seconds_said(key), **_ends(key)}
        for one in families
        if one.standing is not None and (key := one.standing.first_key).value is not None
    ]
    ends = [0.0, *(float(row[end]) for row in rows for end in ("x", "low", "high"))]
    if not rows or not is_drawable(ends):
        return None
    return _intervals(
        rows, (0.0, domain_of(ends)[1]), "seconds until the first key, median", "Hesitation in each family"
    )


def reliability_chart(confidence: Confidence) -> Markup | None:
    """Draw: is a drill solved as often as was promised? None before enough of them were stated."""
    rows = [
        {
            "x": 100 * one.mean_score,
            "text": f"n = {one.rows}",
            **{f"y{k}": v for k, v in _percent(one.observed).items()},
        }
        for one in confidence.curve
    ]
    if not rows:
        return None
    import altair as alt

    scale = alt.Scale(domain=[-4, 104], nice=False)
    x = alt.X("x:Q", scale=scale, axis=alt.Axis(title="stated confidence, %", values=[0, 25, 50, 75, 100]))
    axis = alt.Axis(title="solved, %", values=[0, 25, 50, 75, 100])
    low, at = (alt.Y(f"{name}:Q", scale=scale, axis=axis) for name in ("ylow", "yx"))
    ends = [{"x": 0, "yx": 0}, {"x": 100, "yx": 100}]
    layers = [
        chart_of(ends).mark_line(color=MUTED, strokeDash=[4, 3]).encode(x=x, y=at),
        chart_of(rows).mark_rule(color=ACCENT, strokeWidth=4).encode(x=x, y=low, y2="yhigh:Q"),
        chart_of(rows).mark_point(color=INK, size=110).encode(x=x, y=at),
    ]
    for row in rows:  # beside its point, inside the picture
        beside: Row = {"align": "right", "dx": -10} if row["x"] > 75 else {"align": "left", "dx": 10}
        layers.append(chart_of([row]).mark_text(color=INK, **beside).encode(x=x, y=at, text="text:N"))
    return svg_of(layers, WIDTH - 90, HEIGHT, "Share solved against the stated confidence, with its interval")


def plan_chart(plan: Plan) -> Markup | None:
    """Draw: what of the fortnight is done, and what is left?"""
    import altair as alt

    rows: list[Row] = []
    for day in plan.days:
        done = sum(day.did.values())
        left = sum(not block.done for block in day.blocks)
        rows += [
            {"day": day.number, "from": 0, "to": done, "colour": ACCENT},
            {"day": day.number, "from": done, "to": done + left, "colour": TRACK},
        ]
    most = max(row["to"] for row in rows)
    if not most:
        return None
    x = alt.X("day:O", axis=alt.Axis(title="day of the plan", labelAngle=0))
    y = alt.Y(
        "from:Q",
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(title="rounds and sittings", tickMinStep=1),
    )
    bars = chart_of(rows).mark_bar(size=16).encode(x=x, y=y, y2="to:Q", color=alt.Color("colour:N", scale=None))
    return svg_of([bars], WIDTH - 70, 160, "Rounds and sittings of each day: done, and left")


def _intervals(rows: list[Row], domain: tuple[float, float], title: str, label: str) -> Markup | None:
    if not rows:
        return None
    import altair as alt

    place_rows(rows)
    x = value_axis(*domain, title)
    drawn = chart_of(rows)
    layers = [
        drawn.mark_rule(color=ACCENT, strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q", y=row_axis(rows)),
        drawn.mark_point(color=INK, size=110).encode(x=x, y=row_axis(rows)),
        *texts_beside(rows),
    ]
    return svg_beside(layers, rows, label)


def _ends(one: Estimate) -> Row:
    value = one.value or 0.0
    low, high = (value if end is None else end for end in (one.low, one.high))
    return {"x": value, "low": low, "high": high}


def _percent(one: Estimate) -> Row:
    return {name: 100 * value for name, value in _ends(one).items()}
