"""Cards and comparisons in a terminal or a pipe; a verdict is in `heldout.report.terminal_verdict`."""

from collections.abc import Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from heldout.core.card import Card
from heldout.core.comparison import Comparison, Flip, Outcome, Pair
from heldout.core.estimate import Estimate
from heldout.core.lift import Band
from heldout.report import comparison_reading, reading
from heldout.report.corrections import correction_facts
from heldout.report.figures import (
    amount,
    confidence,
    interval,
    lift_unit,
    number,
    part_of,
    said,
    short,
    value_only,
)
from heldout.report.monitoring import trial_facts
from heldout.report.printing import CELL, new_table, print_facts, print_findings, print_line, text_of
from heldout.report.rescue import rescue_facts
from heldout.report.text import NAME, clip, cut

__all__ = ["print_card", "print_cards", "print_comparison"]

ID, SOME = 40, 5
"""Characters of an item's id, and how many items of a kind are shown."""

IN_FULL = 3
"""Up to so many pairs are told in full."""

BAND_STYLES = {Band.FAIL: "bold red", Band.UNDECIDED: "yellow", Band.PASS: "green", Band.TARGET: "bold green"}
OUTCOME_STYLES = {
    Outcome.AHEAD: "green",
    Outcome.BEHIND: "bold red",
    Outcome.TIED: "yellow",
    Outcome.UNDECIDED: "yellow",
}


def print_card(card: Card, console: Console) -> None:
    """Print the band and why, lift, reported against supported, the axes, and the findings, problems first."""
    print_line(console, f"{card.submission}: {card.eval_title}", "bold")
    band = card.decision.band
    print_line(console, f"{reading.BAND_SIGN[band]} {band.value}: {reading.BAND_MEANING[band]}", BAND_STYLES[band])
    for reason in card.decision.reasons:
        print_line(console, reason, indent=2)
    unit = lift_unit(card.target.scale)
    minimum, target = (amount(x, unit, signed=True) for x in (card.target.minimum, card.target.target))
    facts = {"lift": "withheld", "asked for": f"minimum {minimum}, target {target}"}
    if card.lift is not None:
        lift = card.lift
        facts["lift"] = said(lift.estimate, unit, signed=True)
        facts["confidence"] = f"{confidence(card.decision.at_minimum)} that the lift is at least the minimum"
        facts["rests on"] = (
            f"{lift.clusters:,} clusters, design effect {_given(lift.design_effect)}, {lift.seeds} seeds, "
            f"seed variance {_given(lift.seed_variance)}"
        )
        if lift.coverage is not None:
            facts["coverage"] = f"{said(lift.coverage, 'share')}, simulated"
    facts[f"reported {card.metric}"] = "nothing" if card.reported is None else number(card.reported)
    facts[f"supported {card.metric}"] = "withheld" if card.supported is None else said(card.supported)
    for price in card.prices:
        facts[f"  {price.what}"] = f"{short(price.first_in)} mended first, {short(price.last_in)} mended last"
    facts["class"] = card.reproducibility
    for axis in reading.axes_shown(card):
        facts[axis.name] = f"{reading.axis_answer(axis)}, {reading.axis_weight(axis)}"
    facts |= rescue_facts(card)
    facts |= trial_facts(card)
    facts |= {name: clip(text) for name, text in card.record.items()}
    facts |= {f"reply {place}": clip(text) for place, text in enumerate(card.replies, start=1)}
    facts |= correction_facts(card)
    facts["isolation"] = card.isolation
    print_facts(console, facts)
    print_findings(console, card.findings)


def print_cards(cards: Sequence[Card], console: Console) -> None:
    """Print the cards as one table: on a narrow console with short headings and the intervals below their values."""
    axes = reading.axes_of(cards)
    short_axes = [cut(name, NAME)[:4] for name in axes]
    for layout in (_wide(console, cards, axes), _wide(console, cards, short_axes), _narrow(console, cards, short_axes)):
        if Measurement.get(console, console.options.update(width=10_000), layout).maximum <= console.width:
            break
    console.print(layout)
    print_line(console, f"Axes ({', '.join(axes)}): answered checks that are clear. Brackets: interval at 95 %.", "dim")
    if cards:
        print_line(console, reading.reversal(cards))


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print who is ahead, each system's score, what each difference rests on, slices, flips and the gate."""
    word, sentence = comparison_reading.conclusion(comparison)
    print_line(console, comparison.title, "bold")
    print_line(console, f"{word}: {sentence}", OUTCOME_STYLES[Outcome(word)])
    print_facts(console, comparison.facts)
    scores = {
        system.name: comparison_reading.system_line(comparison, place)
        for place, system in enumerate(comparison.systems)
    }
    console.print()
    print_facts(console, scores)
    if len(comparison.pairs) > 1:
        console.print()
        _pairs(console, comparison)
    for pair in comparison.pairs if len(comparison.pairs) <= IN_FULL else ():
        console.print()
        _pair(console, pair, comparison)
    if comparison.slices_left_out:
        print_line(console, f"slices with too few items, left out: {comparison.slices_left_out:,}", "dim")
    if comparison.gate is not None:
        console.print()
        style = "green" if comparison.gate.holds else "bold red"
        print_line(console, comparison_reading.gate_line(comparison.gate), style)
        for reason in comparison.gate.reasons:
            print_line(console, reason, indent=2)


def _pairs(console: Console, comparison: Comparison) -> None:
    table = new_table(console, ("pair", "difference", "Holm's p", ""), gap=2)
    for pair in comparison.pairs:
        table.add_row(
            text_of(console, f"{cut(pair.candidate, 2 * CELL)} against {cut(pair.reference, 2 * CELL)}"),
            text_of(console, comparison_reading.gap(pair.difference)),
            text_of(console, comparison_reading.probability(pair.adjusted_p_value).removeprefix("= ")),
            text_of(console, pair.outcome.value, OUTCOME_STYLES[pair.outcome]),
        )
    console.print(table)


def _pair(console: Console, pair: Pair, comparison: Comparison) -> None:
    if len(comparison.pairs) > 1:
        name = f"{clip(pair.candidate, NAME)} against {clip(pair.reference, NAME)}: {pair.outcome.value}"
        print_line(console, name, OUTCOME_STYLES[pair.outcome])
    print_facts(console, comparison_reading.pair_facts(pair, comparison))
    shown = comparison_reading.slices_in_order(pair.slices)[: comparison_reading.SLICES_SHOWN]
    if shown:
        table = new_table(console, ("slice", "items", "difference", "adjusted p", ""), gap=2)
        for one in shown:
            table.add_row(
                text_of(console, f"{cut(one.column, CELL)} {cut(one.value, 3 * CELL)}"),
                text_of(console, f"{one.items:,}"),
                text_of(console, comparison_reading.gap(one.difference)),
                text_of(console, comparison_reading.probability(one.adjusted_p_value).removeprefix("= ")),
                text_of(console, one.outcome.value, OUTCOME_STYLES[one.outcome]),
            )
        console.print(table)
        if len(pair.slices) > len(shown):
            print_line(console, f"and {len(pair.slices) - len(shown)} more slices, in the JSON", "dim")
    flips = {
        f"better with {clip(name, NAME)}": _flipped(found)
        for name, found in ((pair.candidate, pair.flips.for_candidate), (pair.reference, pair.flips.for_reference))
        if found
    }
    print_facts(console, flips)


def _flipped(flips: Sequence[Flip]) -> str:
    texts = [f"{clip(flip.item, ID)} ({comparison_reading.change(flip)})" for flip in flips[:SOME]]
    return ", ".join(texts) + (", ..." if len(flips) > SOME else "")


def _wide(console: Console, cards: Sequence[Card], axes: Sequence[str]) -> Table:
    table = new_table(console, ("submission", "reported", "supported", "lift", "class", *axes, "band"), gap=2)
    for card in cards:
        lift = short(card.lift.estimate, lift_unit(card.lift.scale), signed=True) if card.lift else "withheld"
        supported = short(card.supported) if card.supported else "withheld"
        _row(console, table, cards, card, [_reported(card)], [supported], [lift])
    return table


def _narrow(console: Console, cards: Sequence[Card], axes: Sequence[str]) -> Table:
    table = new_table(console, ("submission", "reported →\nsupported", "lift", "class", *axes, "band"), gap=1)
    for card in cards:
        lift, supported = ["withheld"], [f"{_reported(card)} →", "withheld"]
        if card.lift:
            lift = _stacked(card.lift.estimate, lift_unit(card.lift.scale), signed=True)
        if card.supported:
            value, *rest = _stacked(card.supported)
            supported = [f"{_reported(card)} → {value}", *rest]
        _row(console, table, cards, card, supported, lift)
    return table


def _row(console: Console, table: Table, cards: Sequence[Card], card: Card, *numbers: Sequence[str]) -> None:
    band, scores = card.decision.band, reading.axis_scores(card, reading.axes_of(cards))
    table.add_row(
        text_of(console, cut(card.submission, 3 * CELL), "bold"),
        *(text_of(console, cell) for cell in numbers),
        text_of(console, cut(card.reproducibility, CELL)),
        *(text_of(console, _axis(score)) for score in scores),
        text_of(console, f"{reading.BAND_SIGN[band]} {band.value}", BAND_STYLES[band]),
    )


def _reported(card: Card) -> str:
    return "nothing" if card.reported is None else number(card.reported)


def _stacked(estimate: Estimate, unit: str = "", *, signed: bool = False) -> list[str]:
    if not estimate.is_defined:
        return [short(estimate, unit, signed=signed)]
    return [value_only(estimate, unit, signed=signed), interval(estimate, unit, signed=signed)]


def _axis(score: Estimate | None) -> str:
    return "none" if score is None or score.value is None else part_of(score).replace(" of ", "/")


def _given(value: float | None) -> str:
    return "not measured" if value is None else number(value)
