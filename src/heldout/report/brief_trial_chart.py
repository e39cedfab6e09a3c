"""The pictures of a brief's trial: where each reference's lift lies, and how likely each band is."""

from collections.abc import Sequence

from markupsafe import Markup

from heldout.core.brief_trial import Rung
from heldout.core.lift import Band, LiftTarget
from heldout.report.drawing import (
    ACCENT,
    INK,
    LABEL,
    MUTED,
    ROW,
    Row,
    chart_of,
    domain_of,
    is_drawable,
    place_rows,
    row_axis,
    rule_at,
    svg_beside,
    texts_beside,
    value_axis,
)
from heldout.report.figures import PERCENT, amount, lift_unit, short
from heldout.report.text import cut

__all__ = ["chances_chart", "lifts_chart"]


def lifts_chart(rungs: Sequence[Rung], target: LiftTarget, metric: str) -> Markup | None:
    """Draw: is each reference's lift where its craft says? None where no lift has an interval."""
    unit = lift_unit(target.scale)
    factor = 100.0 if unit == PERCENT else 1.0
    rows: list[Row] = []
    for rung in rungs:
        if rung.lift is None or not rung.lift.estimate.is_defined:
            continue
        estimate = rung.lift.estimate
        ends = {"x": estimate.value, "low": estimate.low, "high": estimate.high}
        made = {name: (value or 0.0) * factor for name, value in ends.items()}
        rows.append(made | {"name": f"{rung.name}: {rung.band.value}", "text": short(estimate, unit, signed=True)})
    asked = {"minimum": target.minimum * factor, "target": target.target * factor}
    values = [0.0, *asked.values(), *(row[key] for row in rows for key in ("x", "low", "high"))]
    if not rows or not is_drawable(values):
        return None
    import altair as alt

    place_rows(rows)
    x = value_axis(*domain_of(values), f"lift over the re-run baseline, {unit or cut(metric, LABEL)}")
    height = ROW * len(rows)
    layers = [rule_at(0, x, 0, height, color=MUTED)]
    for (name, at), align, dx in zip(asked.items(), ("right", "left"), (6, -6), strict=True):
        layers.append(rule_at(at, x, 0, height, color=INK, strokeDash=[4, 3]))
        label = chart_of([{"x": at, "text": name}])
        layers.append(label.mark_text(align=align, dx=dx, y=-9, color=MUTED).encode(x=x, text="text:N"))
    drawn = chart_of(rows)
    layers.append(drawn.mark_rule(color=ACCENT, strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q", y=row_axis(rows)))
    layers.append(drawn.mark_point(color=ACCENT, size=120).encode(x=x, y=row_axis(rows)))
    return svg_beside([*layers, *texts_beside(rows)], rows, "Lift of each reference against minimum and target")


def chances_chart(rungs: Sequence[Rung]) -> Markup | None:
    """Draw: how likely is each band when the holdout is redrawn? None where nothing was graded."""
    rows: list[Row] = [{"name": rung.name, "text": _likely(rung), "rung": rung} for rung in rungs if rung.chances]
    if not rows:
        return None
    import altair as alt

    place_rows(rows)
    bars: list[Row] = []
    for one in rows:
        rung, start = one.pop("rung"), 0.0
        for band in Band:
            end = start + 100 * rung.chances[band]
            bars.append({"at": one["at"], "start": start, "end": end, "colour": f"var(--{band.value})"})
            start = end
    x = value_axis(0.0, 100.0, "chance, % (fail, undecided, pass, target from the left)")
    colour = alt.Color("colour:N", scale=None)
    ends = alt.X("start:Q", scale=alt.Scale(domain=[0, 100], nice=False), axis=x.to_dict()["axis"])
    drawn = chart_of(bars).mark_rule(strokeWidth=14).encode(x=ends, x2="end:Q", y=row_axis(rows), color=colour)
    return svg_beside([drawn, *texts_beside(rows)], rows, "Chance of each band by reference")


def _likely(rung: Rung) -> str:
    band = max(Band, key=lambda one: rung.chances[one])
    return f"{band.value} {amount(rung.chances[band], 'share')}"
