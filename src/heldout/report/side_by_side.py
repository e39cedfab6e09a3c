"""Cards side by side in words and pictures: places with ties, differences, what evidence differs."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from markupsafe import Markup
from rich.console import Console

from heldout.core.card import Card
from heldout.core.lift import LiftTarget
from heldout.core.side_by_side import EvidenceDiffers, PairDifference, Place, SideBySide
from heldout.report import reading
from heldout.report.corrections import amended_line
from heldout.report.drawing import (
    ACCENT,
    INK,
    LABEL,
    MUTED,
    ROW,
    TRACK,
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
from heldout.report.figures import amount, lift_unit, part_of, said, short
from heldout.report.markdown_findings import escape, table
from heldout.report.monitoring import drift_answer, monitoring_answer
from heldout.report.order import HEADINGS, order_answer, order_rows, print_order
from heldout.report.printing import new_table, print_line, text_of
from heldout.report.terminal import print_cards
from heldout.report.text import NAME, clip, cut

__all__ = [
    "axes_picture",
    "by_other",
    "cells",
    "difference_line",
    "ending_of",
    "lifts_picture",
    "notes",
    "place_text",
    "print_side_by_side",
    "side_by_side_json",
    "side_by_side_text",
    "trial_lines",
]

CLAIM = 200
"""Characters of a claim in a list of what differs."""


def place_text(place: Place) -> str:
    """Return a place: `2`, or `2 =` where another has it too."""
    return f"{place.place} =" if place.is_shared else str(place.place)


def lift_places(place: Place) -> str:
    """Return the places that the lift alone allows: `1 to 3`."""
    if place.by_lift is None:
        return "undefined"
    first, last = place.by_lift
    return str(first) if first == last else f"{first} to {last}"


def difference_line(one: PairDifference, cards: Sequence[Card]) -> str:
    """Say a pair's difference in a sentence: `a against b: +0.012 [...] roc_auc, paired ...; a is further`."""
    names = f"{cut(one.first, NAME)} against {cut(one.second, NAME)}"
    scale = cards[0].target.scale
    unit, what = ("", f" {cards[0].metric}") if one.is_paired else (lift_unit(scale), " lift")
    how = "paired on the same rows" if one.is_paired else "unpaired and conservative"
    if one.is_tie is None:
        return f"{names}: undecided, {one.estimate.undefined_because}"
    value = one.estimate.value or 0.0
    better = one.first if value > 0 else one.second
    ending = "they cannot be told apart" if one.is_tie else f"{cut(better, NAME)} is further"
    return f"{names}: {short(one.estimate, unit, signed=True)}{what}, {how}; {ending}"


def notes(compared: SideBySide) -> list[str]:
    """Say what the places rest on, and what they do not allow for."""
    lines = [
        "Places: by who reached the bar, then the weighted axes, then the lift. Two share a place (=) where their "
        "axes' scores are equal and the interval of their difference covers 0.",
        "Places by the lift alone are ranges: one more than are surely better, up to all that are not surely worse. "
        "Each interval is at 95 % for itself, not for all pairs at once.",
    ]
    if any(not one.is_paired for one in compared.differences):
        lines.append(
            "Unpaired differences come from the cards alone, as if they shared no rows. They do share rows and "
            "baseline, so these intervals are too wide: what is tied here may be told apart with the predictions at "
            "hand (heldout eval compare EVAL)."
        )
    lines += [f"{cut(card.submission, NAME)}: {line}" for card in compared.cards if (line := amended_line(card))]
    return lines


def trial_lines(card: Card) -> list[str]:
    """Say what the alerts and the drift detector of a card did."""
    drift = drift_answer(card.drift_trial) if card.drift_trial else ""
    return [line for line in (monitoring_answer(card.alert_trial), drift) if line]


def ending_of(one: EvidenceDiffers, *, first: bool) -> str:
    """Return how a check ended for one side and what it claims: `problem: ...`."""
    ending, claim = (one.first_ending, one.first_claim) if first else (one.second_ending, one.second_claim)
    return "not asked" if ending is None else f"{ending.value.replace('_', ' ')}: {clip(claim, CLAIM)}"


def lifts_picture(cards: Sequence[Card]) -> Markup | None:
    """Draw: which lifts are above the minimum and the target? None where no card has a lift with an interval."""
    defined = [card for card in cards if card.lift is not None and card.lift.estimate.is_defined]
    if not defined:
        return None
    import altair as alt

    target, unit = cards[0].target, lift_unit(cards[0].target.scale)
    rows: list[Row] = [_lift_row(card, 100.0 if unit else 1.0, unit) for card in defined]
    asked = _asked(target, 100.0 if unit else 1.0)
    ends = [0.0, *(row[key] for row in rows for key in ("x", "low", "high")), *asked.values()]
    if not is_drawable(ends):
        return None
    place_rows(rows)
    first, last = domain_of(ends)
    x = value_axis(first, last, f"lift over the re-run baseline{f', {unit}' if unit else ''}")
    drawn, height = chart_of(rows), ROW * len(rows)
    layers = [rule_at(0, x, 0, height, color=MUTED)]
    layers += [rule_at(value, x, 0, height, color=INK, strokeDash=[4, 3]) for value in asked.values()]
    layers += [
        drawn.mark_rule(color=ACCENT, strokeWidth=4).encode(x=alt.X("low:Q"), x2="high:Q", y=row_axis(rows)),
        drawn.mark_point(color=ACCENT, size=130).encode(x=x, y=row_axis(rows)),
        *texts_beside(rows),
    ]
    return svg_beside(layers, rows, "Lifts with their intervals, the minimum and the target on one scale")


def axes_picture(cards: Sequence[Card]) -> list[tuple[str, Markup]]:
    """Draw per axis: how many of the answered checks are clear, for each submission? Empty without axes."""
    return [(name, drawn) for name in reading.axes_of(cards) if (drawn := _axis_picture(name, cards)) is not None]


def side_by_side_text(compared: SideBySide) -> str:
    """Return the page as Markdown."""
    cards = compared.cards
    axes = reading.axes_of(cards)
    head = ["place", "submission", "band", "lift", "by lift", "reported", "supported", "class", *axes, "collaboration"]
    rows = [[escape(cell, NAME) for cell in head]]
    for card, place in zip(cards, compared.places, strict=True):
        rows.append([escape(cell) for cell in cells(card, place, axes)])
    parts = [f"### {escape(compared.title)}", escape(order_answer(compared.ordered)), table(rows)]
    parts += ["\n".join(f"- {escape(line)}" for line in notes(compared))]
    if compared.differences:
        lines = (f"- {escape(difference_line(one, cards))}" for one in compared.differences)
        parts += ["#### Differences", "\n".join(lines)]
    if compared.ordered.neighbours:
        rows_of_order = [list(HEADINGS), *([escape(cell) for cell in row] for row in order_rows(compared.ordered))]
        parts += ["#### How far the weights decide", table(rows_of_order)]
    parts += ["#### Alerts and drift", "\n".join(_trials(cards))]
    for name, found in by_other(compared).items():
        lines = (
            f"- {escape(one.code)} {escape(one.name)}. {escape(one.first)}: {escape(ending_of(one, first=True))}. "
            f"{escape(one.second)}: {escape(ending_of(one, first=False))}"
            for one in found
        )
        parts += [f"#### What ends differently: {escape(cards[0].submission)} and {escape(name)}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def side_by_side_json(compared: SideBySide) -> str:
    """Return the comparison as JSON, without the cards' own findings and runs."""
    kept = ("submission", "reported", "supported", "lift", "decision", "axes", "collaboration", "reproducibility")
    plain = asdict(compared)
    plain["cards"] = [
        {name: card[name] for name in kept}
        | {"is_amended": one.is_amended, "alert_trial": card["alert_trial"], "drift_trial": card["drift_trial"]}
        for card, one in zip(plain["cards"], compared.cards, strict=True)
    ]
    return json.dumps({"schema": "heldout.side_by_side.v1", **plain}, indent=2, allow_nan=False) + "\n"


def print_side_by_side(compared: SideBySide, console: Console) -> None:
    """Print cards, places with ties, differences, the weights' part, and what evidence differs."""
    cards = compared.cards
    print_cards(cards, console)
    print_line(console, order_answer(compared.ordered))
    if len(cards) < 2:
        return
    places = new_table(console, ("place", "submission", "by the axes", "by the lift"), gap=2)
    for place in compared.places:
        axes = "undefined" if place.by_axes is None else str(place.by_axes)
        row = (place_text(place), cut(place.submission, NAME), axes, lift_places(place))
        places.add_row(*(text_of(console, cell) for cell in row))
    console.print()
    console.print(places)
    for line in notes(compared):
        print_line(console, line, "dim")
    console.print()
    for one in compared.differences:
        print_line(console, difference_line(one, cards))
    console.print()
    print_order(order_rows(compared.ordered), console)
    for name, found in by_other(compared).items():
        console.print()
        print_line(console, f"ends differently: {cut(cards[0].submission, NAME)} and {cut(name, NAME)}", "bold")
        for check in found:
            text = f"{check.code} {check.name}: {ending_of(check, first=True)} | {ending_of(check, first=False)}"
            print_line(console, text, indent=2)


def by_other(compared: SideBySide) -> dict[str, list[EvidenceDiffers]]:
    """Return what ends differently for the leader and each other submission, by the other's name."""
    found: dict[str, list[EvidenceDiffers]] = {}
    for one in compared.evidence:
        found.setdefault(one.second, []).append(one)
    return found


def cells(card: Card, place: Place, axes: Sequence[str]) -> list[str]:
    """Return a submission's row: place, name, band, lift, places by lift, reported, supported, class, axes, work."""
    unit = lift_unit(card.target.scale)
    scores = [
        "not rated" if score is None else "undefined" if score.value is None else part_of(score)
        for score in reading.axis_scores(card, axes)
    ]
    beside = card.collaboration
    return [
        place_text(place),
        cut(card.submission, NAME),
        f"{reading.BAND_SIGN[card.decision.band]} {card.decision.band.value}",
        "withheld" if card.lift is None else said(card.lift.estimate, unit, signed=True),
        lift_places(place),
        "nothing" if card.reported is None else amount(card.reported),
        "withheld" if card.supported is None else short(card.supported),
        card.reproducibility,
        *scores,
        "no record" if beside is None or beside.score.value is None else part_of(beside.score),
    ]


def _trials(cards: Sequence[Card]) -> list[str]:
    return [f"- {escape(card.submission, NAME)}: {escape(' '.join(trial_lines(card)))}" for card in cards]


def _lift_row(card: Card, factor: float, unit: str) -> Row:
    assert card.lift is not None
    estimate = card.lift.estimate
    ends = {"x": estimate.value, "low": estimate.low, "high": estimate.high}
    name = f"{cut(card.submission, LABEL)}: {card.decision.band.value}"
    row: Row = {key: factor * (value or 0.0) for key, value in ends.items()}
    return row | {"name": name, "text": short(estimate, unit, signed=True)}


def _asked(target: LiftTarget, factor: float) -> dict[str, float]:
    return {"minimum": factor * target.minimum, "target": factor * target.target}


def _axis_picture(name: str, cards: Sequence[Card]) -> Markup | None:
    import altair as alt

    rows: list[Row] = []
    for card in cards:
        (score,) = reading.axis_scores(card, [name])
        value = 0.0 if score is None or score.value is None else score.value
        text = "not rated" if score is None else "no answer" if score.value is None else cut(part_of(score), LABEL)
        row = {"name": cut(card.submission, LABEL), "x": 0, "end": min(max(100 * value, 0.0), 100.0), "full": 100}
        rows.append(row | {"text": text})
    place_rows(rows)
    drawn, x = chart_of(rows), value_axis(0, 100, "answered checks that are clear, %")
    layers = [
        drawn.mark_rule(color=TRACK, strokeWidth=12).encode(x=x, x2="full:Q", y=row_axis(rows)),
        drawn.mark_rule(color=ACCENT, strokeWidth=12).encode(x=alt.X("x:Q"), x2="end:Q", y=row_axis(rows)),
        *texts_beside(rows),
    ]
    return svg_beside(layers, rows, f"Share of clear checks, {cut(name, LABEL)}")
