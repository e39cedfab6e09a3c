"""Reports in a terminal or a pipe. Text goes out as `rich.Text`: no markup that others wrote is read."""

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from heldout.core.accept import Standing
from heldout.core.card import Card
from heldout.core.comparison import Comparison, Flip, Outcome, Pair
from heldout.core.estimate import Estimate
from heldout.core.finding import Certainty, Ending, Finding, Witness
from heldout.core.lift import Band
from heldout.core.verdict import Score, Verdict
from heldout.report import comparison_reading, price_reading, reading
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
from heldout.report.text import NAME, clip, cut

__all__ = ["print_card", "print_cards", "print_comparison", "print_verdict"]

SHOWN = 12
"""Measures and witnesses shown per finding."""

ID, SOME = 40, 5
"""Characters of an item's id, and how many items of a kind are shown."""

IN_FULL = 3
"""Up to so many pairs are told in full."""

FOREIGN = ("submission", "what each problem is worth", "found by")
"""Columns whose texts may be long."""

CELL = 12
"""Characters of a name in a cell of the table."""

STYLES = {"problem": "bold red", "caution": "yellow", "undecided": "yellow", "crashed": "magenta", "clear": "green"}
BAND_STYLES = {Band.FAIL: "bold red", Band.UNDECIDED: "yellow", Band.PASS: "green", Band.TARGET: "bold green"}
OUTCOME_STYLES = {
    Outcome.AHEAD: "green",
    Outcome.BEHIND: "bold red",
    Outcome.TIED: "yellow",
    Outcome.UNDECIDED: "yellow",
}
LIKENESS = {"→": "->", "−": "-", "≥": ">=", "≤": "<=", "±": "+-", "·": "-", "…": "...", "“": '"', "”": '"'}
SIGNS = {"×": "x", "●": "*", "▲": "^", "◆": "?"}
PLAIN = str.maketrans(LIKENESS | SIGNS)


def print_verdict(verdict: Verdict, console: Console) -> None:
    """Print the conclusion, reported and supported score, and the findings, problems first."""
    word, sentence = reading.conclusion(verdict)
    _line(console, verdict.title, "bold")
    _line(console, f"{word}: {sentence}", STYLES[word])
    for line in reading.team_lines(verdict):
        _line(console, line, indent=2)
    _facts(console, verdict.facts)
    if verdict.score:
        _score(console, verdict.score)
    _findings(console, verdict.findings)


def print_card(card: Card, console: Console) -> None:
    """Print the band and why, lift, reported against supported, the axes, and the findings, problems first."""
    _line(console, f"{card.submission}: {card.eval_title}", "bold")
    band = card.decision.band
    _line(console, f"{reading.BAND_SIGN[band]} {band.value}: {reading.BAND_MEANING[band]}", BAND_STYLES[band])
    for reason in card.decision.reasons:
        _line(console, reason, indent=2)
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
    for axis in card.axes:
        because = axis.score.undefined_because
        score = f"undefined: {because}" if axis.score.value is None else f"{part_of(axis.score)} clear"
        facts[axis.name] = f"{score}, weight {amount(axis.weight, 'share')}"
    facts["isolation"] = card.isolation
    _facts(console, facts)
    _findings(console, card.findings)


def print_cards(cards: Sequence[Card], console: Console) -> None:
    """Print the cards as one table: on a narrow console with short headings and the intervals below their values."""
    axes = reading.axes_of(cards)
    short_axes = [cut(name, NAME)[:4] for name in axes]
    for layout in (_wide(console, cards, axes), _wide(console, cards, short_axes), _narrow(console, cards, short_axes)):
        if Measurement.get(console, console.options.update(width=10_000), layout).maximum <= console.width:
            break
    console.print(layout)
    _line(console, f"Axes ({', '.join(axes)}): answered checks that are clear. Brackets: interval at 95 %.", "dim")
    if cards:
        _line(console, reading.reversal(cards))


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print who is ahead, each system's score, what each difference rests on, slices, flips and the gate."""
    word, sentence = comparison_reading.conclusion(comparison)
    _line(console, comparison.title, "bold")
    _line(console, f"{word}: {sentence}", OUTCOME_STYLES[Outcome(word)])
    _facts(console, comparison.facts)
    scores = {
        system.name: comparison_reading.system_line(comparison, place)
        for place, system in enumerate(comparison.systems)
    }
    console.print()
    _facts(console, scores)
    if len(comparison.pairs) > 1:
        console.print()
        _pairs(console, comparison)
    for pair in comparison.pairs if len(comparison.pairs) <= IN_FULL else ():
        console.print()
        _pair(console, pair, comparison)
    if comparison.slices_left_out:
        _line(console, f"slices with too few items, left out: {comparison.slices_left_out:,}", "dim")
    if comparison.gate is not None:
        console.print()
        style = "green" if comparison.gate.holds else "bold red"
        _line(console, comparison_reading.gate_line(comparison.gate), style)
        for reason in comparison.gate.reasons:
            _line(console, reason, indent=2)


def _score(console: Console, score: Score) -> None:
    _facts(console, price_reading.score_facts(score))
    _line(console, score.headline, "dim")
    refit = score.refit
    if refit is None:
        return
    console.print()
    if refit.prices:
        table = _table(
            console, ("what each problem is worth", "found by", "mended first", "mended last", "mean"), gap=2
        )
        for priced in refit.prices:
            cells = (priced.what, price_reading.found_by(priced), *price_reading.price_cells(priced, refit))
            table.add_row(*(_text(console, cut(cell, 4 * CELL)) for cell in cells))
        console.print(table)
        told = price_reading.together(refit)
        if told:
            _line(console, told)
    _facts(console, price_reading.how(refit))


def _pairs(console: Console, comparison: Comparison) -> None:
    table = _table(console, ("pair", "difference", "Holm's p", ""), gap=2)
    for pair in comparison.pairs:
        table.add_row(
            _text(console, f"{cut(pair.candidate, 2 * CELL)} against {cut(pair.reference, 2 * CELL)}"),
            _text(console, comparison_reading.gap(pair.difference)),
            _text(console, comparison_reading.probability(pair.adjusted_p_value).removeprefix("= ")),
            _text(console, pair.outcome.value, OUTCOME_STYLES[pair.outcome]),
        )
    console.print(table)


def _pair(console: Console, pair: Pair, comparison: Comparison) -> None:
    if len(comparison.pairs) > 1:
        name = f"{clip(pair.candidate, NAME)} against {clip(pair.reference, NAME)}: {pair.outcome.value}"
        _line(console, name, OUTCOME_STYLES[pair.outcome])
    _facts(console, comparison_reading.pair_facts(pair, comparison))
    shown = comparison_reading.slices_in_order(pair.slices)[: comparison_reading.SLICES_SHOWN]
    if shown:
        table = _table(console, ("slice", "items", "difference", "adjusted p", ""), gap=2)
        for one in shown:
            table.add_row(
                _text(console, f"{cut(one.column, CELL)} {cut(one.value, 3 * CELL)}"),
                _text(console, f"{one.items:,}"),
                _text(console, comparison_reading.gap(one.difference)),
                _text(console, comparison_reading.probability(one.adjusted_p_value).removeprefix("= ")),
                _text(console, one.outcome.value, OUTCOME_STYLES[one.outcome]),
            )
        console.print(table)
        if len(pair.slices) > len(shown):
            _line(console, f"and {len(pair.slices) - len(shown)} more slices, in the JSON", "dim")
    flips = {
        f"better with {clip(name, NAME)}": _flipped(found)
        for name, found in ((pair.candidate, pair.flips.for_candidate), (pair.reference, pair.flips.for_reference))
        if found
    }
    _facts(console, flips)


def _flipped(flips: Sequence[Flip]) -> str:
    texts = [f"{clip(flip.item, ID)} ({comparison_reading.change(flip)})" for flip in flips[:SOME]]
    return ", ".join(texts) + (", ..." if len(flips) > SOME else "")


def _wide(console: Console, cards: Sequence[Card], axes: Sequence[str]) -> Table:
    table = _table(console, ("submission", "reported", "supported", "lift", "class", *axes, "band"), gap=2)
    for card in cards:
        lift = short(card.lift.estimate, lift_unit(card.lift.scale), signed=True) if card.lift else "withheld"
        supported = short(card.supported) if card.supported else "withheld"
        _row(console, table, cards, card, [_reported(card)], [supported], [lift])
    return table


def _narrow(console: Console, cards: Sequence[Card], axes: Sequence[str]) -> Table:
    table = _table(console, ("submission", "reported →\nsupported", "lift", "class", *axes, "band"), gap=1)
    for card in cards:
        lift, supported = ["withheld"], [f"{_reported(card)} →", "withheld"]
        if card.lift:
            lift = _stacked(card.lift.estimate, lift_unit(card.lift.scale), signed=True)
        if card.supported:
            value, *rest = _stacked(card.supported)
            supported = [f"{_reported(card)} → {value}", *rest]
        _row(console, table, cards, card, supported, lift)
    return table


def _table(console: Console, headings: Sequence[str], gap: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap, 0, 0), show_edge=False)
    for heading in headings:
        table.add_column(_text(console, heading.split("\n")), no_wrap=heading not in FOREIGN)
    return table


def _row(console: Console, table: Table, cards: Sequence[Card], card: Card, *numbers: Sequence[str]) -> None:
    band, scores = card.decision.band, reading.axis_scores(card, reading.axes_of(cards))
    table.add_row(
        _text(console, cut(card.submission, 3 * CELL), "bold"),
        *(_text(console, cell) for cell in numbers),
        _text(console, cut(card.reproducibility, CELL)),
        *(_text(console, _axis(score)) for score in scores),
        _text(console, f"{reading.BAND_SIGN[band]} {band.value}", BAND_STYLES[band]),
    )


def _reported(card: Card) -> str:
    return "nothing" if card.reported is None else number(card.reported)


def _stacked(estimate: Estimate, unit: str = "", *, signed: bool = False) -> list[str]:
    if not estimate.is_defined:
        return [short(estimate, unit, signed=signed)]
    return [value_only(estimate, unit, signed=signed), interval(estimate, unit, signed=signed)]


def _axis(score: Estimate | None) -> str:
    return "none" if score is None or score.value is None else part_of(score).replace(" of ", "/")


def _findings(console: Console, findings: Iterable[Finding]) -> None:
    for ending, found in reading.findings_in_order(findings).items():
        if ending in {Ending.PROBLEM, Ending.CAUTION, Ending.CRASHED}:
            for finding in found:
                console.print()
                _finding(console, finding)
        else:
            console.print()
            _line(console, f"{ending.value.replace('_', ' ')} ({len(found)})", STYLES.get(ending.value, "dim"))
            for finding in found:
                _line(console, f"{finding.code} {finding.answer.claim}", "dim", indent=2)


def _finding(console: Console, finding: Finding) -> None:
    answer = finding.answer
    level = f" · {finding.certainty.value}" if finding.certainty else ""
    level += "" if finding.standing is Standing.OPEN else f" · {finding.standing.value}"
    is_question = finding.certainty is Certainty.SUSPECT or finding.standing is not Standing.OPEN
    style = "yellow" if is_question else STYLES[finding.ending.value]
    _line(console, f"{finding.ending.value}{level}  {finding.code} {finding.family}/{finding.name}", style)
    _line(console, answer.claim, indent=2)
    for line in reading.standing_lines(finding):
        _line(console, line, indent=2)
    for measure in answer.measures[:SHOWN]:
        _line(console, f"{measure.name}: {said(measure.estimate, measure.unit)}", indent=4)
    for witness in answer.witnesses[:SHOWN]:
        _line(console, _witness(witness), indent=4)
    if len(answer.witnesses) > SHOWN:
        _line(console, f"and {len(answer.witnesses) - SHOWN} more", indent=4)
    if answer.to_do:
        _line(console, f"to do: {answer.to_do}", indent=2)


def _witness(witness: Witness) -> str:
    line = f":{witness.line}" if witness.line is not None else ""
    place = f"{clip(witness.where, NAME)}{line}"
    place = place if witness.kind == "file" else f"{witness.kind} {place}"
    return f"{place}: {witness.note}" if witness.note else place


def _given(value: float | None) -> str:
    return "not measured" if value is None else number(value)


def _facts(console: Console, facts: Mapping[str, str]) -> None:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(max_width=max(12, console.width // 3))
    grid.add_column()
    for name, value in facts.items():
        left = 2 if name.startswith("  ") else 0
        grid.add_row(Padding(_text(console, clip(name, NAME), "dim"), (0, 0, 0, left)), _text(console, value))
    console.print(grid)


def _line(console: Console, text: str, style: str = "", *, indent: int = 0) -> None:
    console.print(Padding(_text(console, text, style), (0, 0, 0, indent), expand=False))


def _text(console: Console, text: str | Sequence[str], style: str = "") -> Text:
    """Return cleaned lines as Text; an encoding that lacks a sign gets its plain likeness."""
    shown = "\n".join(clip(line) for line in ([text] if isinstance(text, str) else text))
    if not console.encoding.lower().startswith("utf"):
        shown = shown.translate(PLAIN).encode(console.encoding, "replace").decode(console.encoding)
    return Text(shown, style=style, overflow="fold")
