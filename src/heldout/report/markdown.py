"""Reports as Markdown for a pull request. Text that others wrote makes no link, image, mention or HTML."""

from heldout.core.card import Card
from heldout.core.comparison import Comparison, Pair
from heldout.core.verdict import Score, Verdict
from heldout.report import comparison_reading, price_reading, reading
from heldout.report.corrections import correction_facts
from heldout.report.figures import amount, confidence, lift_unit, number, said, short
from heldout.report.markdown_findings import MOST, code, escape, findings_text, in_room, table
from heldout.report.monitoring import trial_facts
from heldout.report.rescue import rescue_facts
from heldout.report.text import NAME

__all__ = ["LONGEST", "card_text", "code", "comparison_text", "escape", "verdict_text"]

LONGEST = 65_536
"""Bytes of a verdict: GitHub takes so many characters as a comment, and refuses one more."""

MOST_LINES = 12
"""Lines about the baseline and acceptances, and facts."""


def verdict_text(verdict: Verdict) -> str:
    """Return the conclusion, the scores, a table of the problems and the other findings, as a comment takes them."""
    word, sentence = reading.conclusion(verdict)
    parts = [f"### {escape(verdict.title, NAME)}: {word}", sentence]
    lines = reading.team_lines(verdict)
    if lines:
        more = [f"- and {len(lines) - MOST_LINES} more, in the JSON"] if len(lines) > MOST_LINES else []
        parts.append("\n".join([*(f"- {escape(line)}" for line in lines[:MOST_LINES]), *more]))
    if verdict.score:
        parts += _score(verdict.score)
    facts = list(verdict.facts.items())[:MOST_LINES]
    last = [f"{escape(name, NAME)}: {escape(value)}" for name, value in facts]
    room = LONGEST - sum(len(part.encode()) + 2 for part in (*parts, *last))
    parts += in_room(verdict.findings, room)
    if last:
        parts.append("; ".join(last))
    return "\n\n".join(parts) + "\n"


def _score(score: Score) -> list[str]:
    rows = [[escape(name, NAME), escape(text)] for name, text in price_reading.score_facts(score).items()]
    parts = [f"{table(rows)}\n\n{escape(score.headline)}"]
    refit = score.refit
    if refit is None:
        return parts
    if refit.prices:
        head = list(price_reading.PRICE_HEADINGS)
        prices = [
            [
                escape(cell, NAME)
                for cell in (one.what, price_reading.found_by(one), *price_reading.price_cells(one, refit))
            ]
            for one in refit.prices
        ]
        what = escape(price_reading.what_prices_are(refit))
        parts += [what, table([head, *prices]), escape(price_reading.price_answer(refit))]
    if refit.found:
        found = [f"- {escape(name)}: {escape(text)}" for name, text in price_reading.found_facts(refit).items()]
        parts.append("\n".join((f"{price_reading.FOUND}:\n", *found)))
    parts.append("; ".join(f"{name}: {escape(text)}" for name, text in price_reading.how(refit).items()))
    return parts


def card_text(card: Card) -> str:
    """Return the band and why, the figures that it rests on, the axes and the findings."""
    band = card.decision.band
    unit = lift_unit(card.target.scale)
    reasons = "\n".join(f"- {escape(reason)}" for reason in card.decision.reasons)
    minimum, target = (amount(x, unit, signed=True) for x in (card.target.minimum, card.target.target))
    rows = [
        ["lift over the baseline", escape(said(card.lift.estimate, unit, signed=True)) if card.lift else "withheld"],
        ["asked for", f"minimum {minimum}, target {target}"],
        ["confidence in the minimum", confidence(card.decision.at_minimum)],
        [f"{escape(card.metric, NAME)}, reported", "nothing" if card.reported is None else number(card.reported)],
        ["supported", escape(said(card.supported)) if card.supported else "withheld"],
    ]
    for price in card.prices[:MOST]:
        sizes = f"{short(price.first_in)} mended first, {short(price.last_in)} mended last"
        rows.append([f"price of {escape(price.what, NAME)}", sizes])
    rows.append(["reproducibility class", escape(card.reproducibility, NAME)])
    rows += [
        [escape(axis.name, NAME), f"{escape(reading.axis_answer(axis))}, {reading.axis_weight(axis)}"]
        for axis in reading.axes_shown(card)[:MOST]
    ]
    rows += [[name, escape(text)] for name, text in (rescue_facts(card) | trial_facts(card)).items()]
    rows += [[escape(name, NAME), escape(text)] for name, text in list(card.record.items())[:MOST]]
    rows += [[f"reply {place}", escape(text)] for place, text in enumerate(card.replies[:MOST], start=1)]
    rows += [[escape(name, NAME), escape(text)] for name, text in list(correction_facts(card).items())[:MOST]]
    rows.append(["isolation", escape(card.isolation)])
    head = f"### {escape(card.submission, NAME)}: {reading.BAND_SIGN[band]} {band.value}"
    parts = [head, escape(card.eval_title), reasons, table(rows), *findings_text(card.findings)]
    return "\n\n".join(part for part in parts if part) + "\n"


def comparison_text(comparison: Comparison) -> str:
    """Return who is ahead, the gate, each pair's facts, its slices and the items that flipped."""
    word, sentence = comparison_reading.conclusion(comparison)
    parts = [f"### {escape(comparison.title, NAME)}: {word}", escape(sentence)]
    if comparison.gate is not None:
        reasons = "\n".join(f"- {escape(reason)}" for reason in comparison.gate.reasons)
        parts.append(f"**{comparison_reading.gate_line(comparison.gate)}**\n\n{reasons}")
    systems = [["system", escape(comparison.score, NAME)]]
    systems += [
        [escape(system.name, NAME), escape(comparison_reading.system_line(comparison, place))]
        for place, system in enumerate(comparison.systems)
    ]
    parts.append(table(systems))
    for pair in comparison.pairs[:MOST]:
        parts += _pair(pair, comparison)
    if len(comparison.pairs) > MOST:
        parts.append(f"and {len(comparison.pairs) - MOST} more pairs, in the JSON")
    parts.append("; ".join(f"{escape(name, NAME)}: {escape(value)}" for name, value in comparison.facts.items()))
    return "\n\n".join(parts) + "\n"


def _pair(pair: Pair, comparison: Comparison) -> list[str]:
    facts = [["", f"{escape(pair.candidate, NAME)} against {escape(pair.reference, NAME)}"]]
    facts += [[escape(name), escape(value)] for name, value in comparison_reading.pair_facts(pair, comparison).items()]
    parts = [table(facts)]
    shown = comparison_reading.slices_in_order(pair.slices)[: comparison_reading.SLICES_SHOWN]
    if shown:
        rows = [["slice", "difference"]]
        for one in shown:
            p_value = comparison_reading.probability(one.adjusted_p_value)
            text = f"{escape(comparison_reading.gap(one.difference))}, adjusted p {p_value}, n = {one.items:,}"
            rows.append([f"{escape(one.column, NAME)} {code(one.value)}", f"{text}, {one.outcome.value}"])
        parts.append(table(rows))
    for name, flips in ((pair.candidate, pair.flips.for_candidate), (pair.reference, pair.flips.for_reference)):
        if flips:
            ids = ", ".join(code(flip.item) for flip in flips)
            parts.append(f"Better with {escape(name, NAME)}: {ids}")
    return parts
