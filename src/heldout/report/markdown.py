"""Reports as Markdown for a pull request. Text that others wrote makes no link, image, mention or HTML."""

import re

from heldout.core.card import Card
from heldout.core.comparison import Comparison, Pair
from heldout.core.finding import Ending, Finding, Witness
from heldout.core.verdict import Score, Verdict
from heldout.report import comparison_reading, price_reading, reading
from heldout.report.figures import amount, confidence, lift_unit, number, part_of, said, short
from heldout.report.text import NAME, clip

__all__ = ["card_text", "comparison_text", "verdict_text"]

SHOWN = 12
"""Measures and witnesses shown per finding."""

MOST = 50
"""Findings of one ending that are shown; the JSON holds all."""

SPECIAL = re.compile(r"([\\`*_\[\]<>~|$&]|(?<=:)/|:(?=/)|(?i:(?<=www)\.))")
REFERENCE = re.compile(r"(@|#(?=\d))")
JOINER = "\u2060"  # of no width: GitHub then sees neither a mention nor an issue's number


def verdict_text(verdict: Verdict) -> str:
    """Return the conclusion, the scores and the findings of an audit."""
    word, sentence = reading.conclusion(verdict)
    parts = [f"### {escape(verdict.title, NAME)}: {word}", sentence]
    if verdict.score:
        parts += _score(verdict.score)
    parts += _findings(verdict.findings)
    if verdict.facts:
        parts.append("; ".join(f"{escape(name, NAME)}: {escape(value)}" for name, value in verdict.facts.items()))
    return "\n\n".join(parts) + "\n"


def _score(score: Score) -> list[str]:
    rows = [[escape(name, NAME), escape(text)] for name, text in price_reading.score_facts(score).items()]
    parts = [f"{_table(rows)}\n\n{escape(score.headline)}"]
    refit = score.refit
    if refit is None:
        return parts
    if refit.prices:
        head = ["what each problem is worth", "found by", "mended first", "mended last", "mean"]
        prices = [
            [
                escape(cell, NAME)
                for cell in (one.what, price_reading.found_by(one), *price_reading.price_cells(one, refit))
            ]
            for one in refit.prices
        ]
        parts += [_table([head, *prices]), escape(price_reading.price_answer(refit))]
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
    for axis in card.axes[:MOST]:
        score = escape(said(axis.score)) if axis.score.value is None else f"{part_of(axis.score)} clear"
        rows.append([escape(axis.name, NAME), f"{score}, weight {amount(axis.weight, 'share')}"])
    rows.append(["isolation", escape(card.isolation)])
    head = f"### {escape(card.submission, NAME)}: {reading.BAND_SIGN[band]} {band.value}"
    parts = [head, escape(card.eval_title), reasons, _table(rows), *_findings(card.findings)]
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
    parts.append(_table(systems))
    for pair in comparison.pairs[:MOST]:
        parts += _pair(pair, comparison)
    if len(comparison.pairs) > MOST:
        parts.append(f"and {len(comparison.pairs) - MOST} more pairs, in the JSON")
    parts.append("; ".join(f"{escape(name, NAME)}: {escape(value)}" for name, value in comparison.facts.items()))
    return "\n\n".join(parts) + "\n"


def _pair(pair: Pair, comparison: Comparison) -> list[str]:
    facts = [["", f"{escape(pair.candidate, NAME)} against {escape(pair.reference, NAME)}"]]
    facts += [[escape(name), escape(value)] for name, value in comparison_reading.pair_facts(pair, comparison).items()]
    parts = [_table(facts)]
    shown = comparison_reading.slices_in_order(pair.slices)[: comparison_reading.SLICES_SHOWN]
    if shown:
        rows = [["slice", "difference"]]
        for one in shown:
            p_value = comparison_reading.probability(one.adjusted_p_value)
            text = f"{escape(comparison_reading.gap(one.difference))}, adjusted p {p_value}, n = {one.items:,}"
            rows.append([f"{escape(one.column, NAME)} {code(one.value)}", f"{text}, {one.outcome.value}"])
        parts.append(_table(rows))
    for name, flips in ((pair.candidate, pair.flips.for_candidate), (pair.reference, pair.flips.for_reference)):
        if flips:
            ids = ", ".join(code(flip.item) for flip in flips)
            parts.append(f"Better with {escape(name, NAME)}: {ids}")
    return parts


def escape(text: str, limit: int = 600) -> str:
    """Return cleaned text that Markdown (GitHub's as well) shows as it stands."""
    return REFERENCE.sub(rf"\1{JOINER}", SPECIAL.sub(r"\\\1", clip(text, limit)))


def code(text: str) -> str:
    """Return cleaned text as a code span, whatever backticks it holds."""
    text = clip(text, NAME)
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{space}{text}{space}{fence}"


def _table(rows: list[list[str]]) -> str:
    head, *rest = (f"| {' | '.join(cells)} |" for cells in rows)
    return "\n".join((head, "|---|---|", *rest))


def _findings(findings: tuple[Finding, ...]) -> list[str]:
    parts = []
    for ending, found in reading.findings_in_order(findings).items():
        title = f"{ending.value.replace('_', ' ')} ({len(found)})"
        more = [f"- and {len(found) - MOST} more"] if len(found) > MOST else []
        lines = "\n".join([*(_finding(finding) for finding in found[:MOST]), *more])
        if ending in {Ending.PROBLEM, Ending.CAUTION, Ending.CRASHED}:
            parts.append(f"#### {title}\n\n{lines}")
        else:
            parts.append(f"<details><summary>{title}</summary>\n\n{lines}\n\n</details>")
    return parts


def _finding(finding: Finding) -> str:
    level = f"{finding.certainty.value}, " if finding.certainty else ""
    name = f"**{escape(finding.code, NAME)}** ({level}{escape(finding.name, NAME)})"
    lines = [f"- {name}: {escape(finding.answer.claim)}"]
    lines += [
        f"  - {escape(measure.name, NAME)}: {escape(said(measure.estimate, measure.unit))}"
        for measure in finding.answer.measures[:SHOWN]
    ]
    lines += [f"  - {_witness(witness)}" for witness in finding.answer.witnesses[:SHOWN]]
    if len(finding.answer.witnesses) > SHOWN:
        lines.append(f"  - and {len(finding.answer.witnesses) - SHOWN} more")
    if finding.answer.to_do:
        lines.append(f"  - To do: {escape(finding.answer.to_do)}")
    return "\n".join(lines)


def _witness(witness: Witness) -> str:
    line = f", line {witness.line}" if witness.line is not None else ""
    note = f": {escape(witness.note)}" if witness.note else ""
    return f"{escape(witness.kind, NAME)} {code(witness.where)}{line}{note}"
