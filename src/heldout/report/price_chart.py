"""The picture of a refit: reported, as given, what each problem is worth, supported."""

from markupsafe import Markup

from heldout.core.estimate import Estimate
from heldout.core.price import Refit
from heldout.report.drawing import (
    ACCENT,
    INK,
    LABEL,
    MUTED,
    Row,
    chart_of,
    domain_of,
    is_drawable,
    place_rows,
    row_axis,
    svg_beside,
    texts_beside,
    value_axis,
)
from heldout.report.figures import decimals, number, short
from heldout.report.price_reading import as_given_name, price_steps
from heldout.report.text import cut

__all__ = ["price_chart"]


def price_chart(refit: Refit, reported: float | None) -> Markup | None:
    """Draw: what is each problem worth? Each bar is a mean over orders; a diamond is first-in, a cross last-in.

    None where nothing was mended, or a score is undefined.
    """
    steps = price_steps(refit)
    if not steps:
        return None
    rows = _rows(refit, reported)
    place_rows(rows)
    keys = ("x", "low", "high", "start", "end", "first", "last")
    ends = [row[key] for row in rows for key in keys if key in row]
    if not is_drawable(ends):
        return None
    import altair as alt

    x = value_axis(*domain_of(ends), cut(refit.metric, LABEL))
    scores, bars = (chart_of([row for row in rows if key in row]) for key in ("x", "start"))
    colour = alt.Color("colour:N", scale=None)
    layers = [
        bars.mark_rule(strokeWidth=14).encode(x=alt.X("start:Q"), x2="end:Q", y=row_axis(rows), color=colour),
        scores.mark_rule(strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q", y=row_axis(rows), color=colour),
        scores.mark_point(color=INK, size=120).encode(x=x, y=row_axis(rows)),
        *texts_beside(rows),
    ]
    priced = [row for row in rows if "first" in row]
    for key, shape in (("first", "diamond"), ("last", "cross")):
        mark = chart_of(priced).mark_point(color=INK, size=70, shape=shape)
        layers.append(mark.encode(x=alt.X(f"{key}:Q"), y=row_axis(rows)))
    return svg_beside(layers, rows, "What each problem is worth, from the score as given to the supported one")


def _rows(refit: Refit, reported: float | None) -> list[Row]:
    digits, sign = decimals(refit.price), 1 if refit.higher_is_better else -1
    rows: list[Row] = []
    if reported is not None:
        rows.append({"name": "reported", "text": number(reported), "colour": ACCENT} | _ends(reported))
    rows.append(_scored(as_given_name(refit), refit.as_given, ACCENT))
    for priced, start, end in price_steps(refit):
        row: Row = {"name": cut(priced.what, LABEL + 10), "start": start, "end": end, "colour": ACCENT}
        row["text"] = number(end - start, decimals=digits, signed=True)
        if priced.first_in.value is not None and priced.last_in.value is not None and len(refit.prices) > 1:
            row |= {"first": start - sign * priced.first_in.value, "last": start - sign * priced.last_in.value}
        rows.append(row)
    by = "by proxy" if refit.is_proxy else "refitted"
    rows.append(_scored(f"supported, {by}", refit.supported, ACCENT))
    if refit.if_suspects_too is not None and refit.if_suspects_too.value is not None:
        rows.append(_scored("if the suspects were mended too", refit.if_suspects_too, MUTED))
    return rows


def _scored(name: str, estimate: Estimate, colour: str) -> Row:
    value = estimate.value or 0.0
    return {"name": name, "text": short(estimate), "colour": colour} | _ends(value, estimate.low, estimate.high)


def _ends(value: float, low: float | None = None, high: float | None = None) -> Row:
    return {"x": value, "low": value if low is None else low, "high": value if high is None else high}
