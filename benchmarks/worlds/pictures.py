"""The pictures of the worlds, as SVG: Altair writes the specification, vl-convert the drawing, without a browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from benchmarks.worlds.cells import Cell

__all__ = ["IMAGES", "CellCount", "Curve", "dose_picture", "false_alarm_picture"]

IMAGES = Path(__file__).parents[2] / "docs" / "images"
INK, MUTED, GRID = "#1f2933", "#616e7c", "#e4e7eb"
FOUND, STRONG, ALARM, QUIET = "#0b6e99", "#b7562b", "#d64545", "#dbeafe"
PANELS = 3
WIDTH, HEIGHT = 250, 110
LINE = 42


@dataclass(frozen=True, kw_only=True)
class CellCount:
    """The worlds of a cell, those with a false alarm, the upper bound of their share, and whether it is too high."""

    cell: Cell
    worlds: int
    alarms: int
    high: float
    is_above: bool


@dataclass(frozen=True, kw_only=True)
class Curve:
    """How often a fault was found, by its dose: of so many seeds, with the bounds of the share."""

    title: str
    unit: str
    promised: float
    doses: Sequence[Mapping[str, float]]
    """Each with `dose`, `found`, `low`, `high` and `strong`, as shares."""


def false_alarm_picture(counts: Sequence[CellCount]) -> str:
    """Draw: in how many worlds of each cell was there an alarm? One panel per prevalence."""
    rows = [
        {
            "rows": f"{count.cell.rows:,}",
            "columns": str(count.cell.columns),
            "prevalence": f"prevalence {count.cell.prevalence:g}",
            "said": f"{count.alarms} of {count.worlds}" if count.worlds else "not run",
            "bound": f"≤ {count.high:.1%}" if count.worlds else "",
            "colour": "none" if not count.worlds else "above" if count.is_above else "some" if count.alarms else "no",
        }
        for count in counts
    ]
    sizes = [list(dict.fromkeys(row[key] for row in rows)) for key in ("columns", "rows", "prevalence")]
    base = alt.Chart({"values": rows}).encode(
        x=alt.X("columns:O", sort=sizes[0], title="columns", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("rows:O", sort=sizes[1], title="rows"),
    )
    kinds = alt.Scale(domain=["no", "some", "above", "none"], range=[QUIET, "#fde3c8", "#f9c0c0", "#f5f7fa"])
    tile = base.mark_rect(stroke="white", strokeWidth=3).encode(color=alt.Color("colour:N", scale=kinds, legend=None))
    said = base.mark_text(dy=-7, fontSize=13, color=INK).encode(text="said:N")
    bound = base.mark_text(dy=10, fontSize=11, color=MUTED).encode(text="bound:N")
    layered = alt.layer(tile, said, bound).properties(width=230, height=150)
    chart = layered.facet(alt.Column("prevalence:N", sort=sizes[2], title=None))
    title = "Clean worlds in which an audit said strong or proven, and the 95 % upper bound of their share"
    return _svg(chart.properties(title=title))


def dose_picture(curves: Sequence[Curve]) -> str:
    """Draw: from which dose on is a fault found? One small panel per fault."""
    panels = [_panel(curve) for curve in curves]
    chart = alt.concat(*panels, columns=PANELS, spacing=26).resolve_scale(x="independent")
    lead = "Share of worlds in which the fault is found, by its dose: as a problem (blue, 95 % interval), as strong or "
    return _svg(
        chart.properties(title=[lead + "proven (orange).", "The dashed line is the dose that the check promises."])
    )


def _panel(curve: Curve) -> Any:
    names = [f"{row['dose']:.5g}" for row in curve.doses]
    rows = [{"at": i, **row} for i, row in enumerate(curve.doses)]
    labels = f"{names!r}[datum.value]"
    axis = alt.Axis(values=list(range(len(rows))), labelExpr=labels, labelAngle=-50, labelOverlap=False, grid=False)
    axis.title = curve.unit
    scale = alt.Scale(domain=[-0.3, len(rows) - 0.7], nice=False)
    x = alt.X("at:Q", axis=axis, scale=scale)
    y_axis = alt.Axis(values=[0, 0.5, 0.8, 1], format="%", title=None)
    y = alt.Y("found:Q", scale=alt.Scale(domain=[0, 1]), axis=y_axis)
    data = alt.Chart({"values": rows})
    place = next((i for i, row in enumerate(curve.doses) if row["dose"] == curve.promised), 0)
    layers = [
        alt.Chart({"values": [{"at": place}]}).mark_rule(strokeDash=[4, 3], color=MUTED).encode(x=x),
        data.mark_area(opacity=0.2, color=FOUND).encode(x=x, y=alt.Y("low:Q", axis=y_axis), y2="high:Q"),
        data.mark_line(color=STRONG, strokeWidth=3).encode(x=x, y=alt.Y("strong:Q", axis=y_axis)),
        data.mark_line(color=FOUND, strokeWidth=1.6, point={"size": 18, "color": FOUND}).encode(x=x, y=y),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=_lines(curve.title))


def _lines(text: str) -> list[str]:
    """Break a title into lines that fit over a panel."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _svg(chart: Any) -> str:
    chart = chart.configure(font="sans-serif", background="white", padding=10).configure_view(stroke=None)
    chart = chart.configure_title(anchor="start", fontSize=12, fontWeight="normal", color=INK)
    chart = chart.configure_axis(
        labelColor=MUTED, titleColor=MUTED, titleFontWeight="normal", gridColor=GRID, domainColor=GRID, tickColor=GRID
    )
    chart = chart.configure_header(labelColor=INK, labelFontSize=12)
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict())
    return svg
