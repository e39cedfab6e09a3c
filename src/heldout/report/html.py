"""A verdict, a card, several cards or a comparison as one self-contained page: no script, no request, static SVG."""

import functools
import shlex
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from heldout.core.card import Card
from heldout.core.comparison import Comparison, Outcome
from heldout.core.finding import Ending
from heldout.core.verdict import Verdict
from heldout.report import (
    charts,
    comparison_charts,
    comparison_reading,
    corrections,
    figures,
    monitoring,
    price_reading,
    reading,
    verdict_reading,
)
from heldout.report.price_chart import price_chart
from heldout.report.rescue import rescue_answer
from heldout.report.text import NAME, clip

__all__ = ["LARGEST", "card_page", "cards_page", "comparison_page", "render", "verdict_page"]

MOST_PAIRS = 6
"""Pairs of a comparison that are told in full; a table has all."""

LARGEST = 1_000_000
"""Bytes of the page of a verdict."""
ROOM = ((40, 200), (20, 80), (8, 20), (2, 4))
"""Findings shown in a box and in lines: as many as keep the page within LARGEST; the JSON has all."""

HEADINGS = {
    "problem": "Problems",
    "caution": "Cautions",
    "clear": "Clear",
    "not_applicable": "Not applicable",
    "no_evidence": "Not asked, for lack of evidence",
    "crashed": "Crashed",
}


def verdict_page(verdict: Verdict) -> str:
    """Return the page of an audit: the conclusion, reported and supported score, findings, what was looked at."""
    word, sentence = reading.conclusion(verdict)
    score = verdict.score
    svg, answer, question = None, "", ""
    by_ending = reading.findings_in_order(verdict.findings)
    if score is not None and score.refit is not None and score.refit.prices:
        svg = price_chart(score.refit, score.reported if score.refit.metric == score.metric else None)
        answer, question = price_reading.price_answer(score.refit), "What is each problem worth?"
    elif score is not None:
        steps = reading.steps(score.reported, score.supported)
        svg = charts.score_chart(score.metric, score.reported, score.supported, steps)
        answer = reading.score_answer(score.reported, score.supported)
        question = "How far is the supported score from the reported one?"
    context = {
        "verdict": verdict,
        "word": word,
        "sentence": sentence,
        "svg": svg,
        "team_lines": reading.team_lines(verdict),
        "score_question": question,
        "score_answer": answer,
        "read": price_reading,
        "by_ending": by_ending,
        "told": verdict_reading.told_once(by_ending.get(Ending.PROBLEM, ())),
        "not_asked": verdict_reading.not_asked(verdict.findings),
        "legend": verdict_reading.LEGEND,
    }
    page = ""
    for boxes, lines in ROOM:
        page = render("verdict.html", **context, most_boxes=boxes, most_lines=lines)
        if len(page.encode()) <= LARGEST:
            break
    return page


def card_page(card: Card) -> str:
    """Return the card as a committee reads it: band and why first, then what it rests on, the record last."""
    steps = reading.steps(card.reported, card.supported, card.prices)
    return render(
        "card.html",
        card=card,
        unit=figures.lift_unit(card.target.scale),
        weighted=reading.weighted_axes(card),
        by_ending=reading.findings_in_order(card.findings),
        tally=reading.tally(card.findings),
        evidence=functools.partial(reading.evidence, card),
        has_record=card.collaboration is not None or bool(card.record) or bool(card.replies),
        runs_line=reading.runs_line(card.runs),
        rescue_answer=rescue_answer(card.rescue) if card.rescue else "",
        corrections=corrections,
        **_monitoring(card),
        lift_answer=reading.lift_answer(card),
        lift_svg=charts.lift_chart(card.lift, card.target),
        score_answer=reading.score_answer(card.reported, card.supported, card.prices),
        score_svg=charts.score_chart(card.metric, card.reported, card.supported, steps),
        axes_answer=reading.axes_answer(card),
        axes_svg=charts.axes_chart(card.axes),
    )


def _monitoring(card: Card) -> dict[str, Any]:
    trial, drift = card.alert_trial, card.drift_trial
    return {
        "trial": trial,
        "monitoring_answer": monitoring.monitoring_answer(trial),
        "alert_table": monitoring.alert_table(trial) if trial else "",
        "mutation": monitoring.mutation_line(trial) if trial else "",
        "survivors": monitoring.survivors(trial) if trial else [],
        "not_exercised": monitoring.not_exercised(trial) if trial else [],
        "drift_answer": monitoring.drift_answer(drift) if drift else "",
        "drift_svg": monitoring.power_chart(drift) if drift else None,
    }


def cards_page(cards: Sequence[Card], links: Mapping[str, str] | None = None) -> str:
    """Return the cards side by side; `links` maps a submission to the path of its card, relative to this page."""
    links = links or {}
    titles = dict.fromkeys(card.eval_title for card in cards)
    return render(
        "cards.html",
        cards=cards,
        title=", ".join(titles) or "No submission",
        metric=", ".join(dict.fromkeys(card.metric for card in cards)),
        axes=reading.axes_of(cards),
        scores=reading.axis_scores,
        units=[figures.lift_unit(card.target.scale) for card in cards],
        links=[quote(links.get(card.submission, ""), errors="replace") for card in cards],
        objectives=list(dict.fromkeys(card.objective for card in cards if card.objective))[:1],
        costs=[reading.cpu_seconds(card) for card in cards],
        reversal=reading.reversal(cards),
        chart_answer="Further right: a higher lift. Further up: better built. Each mark's shape is its band.",
        svg=charts.reversal_chart(cards),
    )


def comparison_page(comparison: Comparison) -> str:
    """Return the page of a comparison: who is ahead, what that rests on, slices, and the items that flipped."""
    word, sentence = comparison_reading.conclusion(comparison)
    tone = comparison_reading.TONE[Outcome(word)]
    gate = comparison.gate
    return render(
        "comparison.html",
        comparison=comparison,
        word=word,
        sentence=sentence,
        tone=tone,
        gate_tone=None if gate is None else {True: "pass", False: "fail", None: "undecided"}[gate.holds],
        read=comparison_reading,
        differences_svg=comparison_charts.differences_chart(comparison),
        most_pairs=MOST_PAIRS,
        flips_svgs=[comparison_charts.flips_chart(pair) for pair in comparison.pairs[:MOST_PAIRS]],
    )


def render(template: str, **context: Any) -> str:
    """Return a template of ours as a page; every text that it prints is cleaned, bounded and escaped."""
    return _environment().get_template(template).render(**context)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("heldout.report", "templates"),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "amount": figures.amount,
        "bare": figures.number,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "command": lambda argv: clip(shlex.join(argv), 240),
        "confidence": figures.confidence,
        "interval": figures.interval,
        "memory": figures.memory,
        "name": lambda text: clip(text, NAME),
        "optional": _optional,
        "part_of": figures.part_of,
        "said": figures.said,
        "seconds": figures.seconds,
        "short": figures.short,
        "short_value": figures.value_only,
        "with_n": figures.with_n,
        "words": lambda text: text.replace("_", " "),
    }
    environment.globals |= {
        "alike": reading.alike,
        "axis_weight": reading.axis_weight,
        "headings": HEADINGS,
        "meaning": reading.BAND_MEANING,
        "scale_meaning": reading.SCALE_MEANING,
        "sign": reading.BAND_SIGN,
        "also_line": verdict_reading.also_line,
        "names": verdict_reading.names,
        "standing_lines": reading.standing_lines,
        "version": version("heldout"),
        "most": 12,
        "most_boxes": 40,
        "most_lines": 200,
    }
    return environment


def _finalize(value: Any) -> Any:
    """Clean and bound every text that a template prints, so that none can be forgotten; autoescape comes after."""
    return clip(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _optional(value: float | None, absent: str, unit: str = "") -> str:
    return absent if value is None else figures.amount(value, unit)
