"""Asks what the alerts would have done on the day on which the model was furthest off."""

import re

from heldout.core.card import Card
from heldout.core.estimate import Measure, counted
from heldout.core.monitoring_evidence import OWN, AlertTrial, TriedAlert
from heldout.core.plural import how_many
from heldout.core.repository import shown
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.walkthrough.bad_day import tell
from heldout.evals.walkthrough.evidence import Drift, Files, Rule, WorstDay
from heldout.evals.walkthrough.phrases import duration, found, joined, source_of
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.text import NAME, clip

PSI_ABOVE = re.compile(r"\w*psi\w*(?:\{[^{}]*\})? ?>=? ?(\d{1,9}(?:\.\d{1,9})?)")
"""An expression whose threshold can be read, and worked out again by day."""
MOST_NAMED = 5


@question("alert", by_labels=True)
def worst_day(card: Card, files: Files, worst_day: WorstDay, drift: Drift) -> Asked | str:
    """Ask what the alerts would have done on the worst day, and what on all the others."""
    trial = card.alert_trial
    if trial is None or not trial.alerts:
        return "the submission has no alert that was exercised"
    chosen = next((one for one in trial.alerts if one.purpose == "drift"), None)
    rule = _rule(files, chosen) if chosen else None
    told = tell(card, worst_day, drift)
    rules, measures = _rules(trial, chosen, rule, drift, worst_day.day)
    names = joined([clip(one.alert, NAME) for one in trial.alerts[:MOST_NAMED]])
    return Asked(
        worth=Worth.FIGURES,
        text=f"{told.named} You have {names}; {_quoted(chosen, rule)}. What would they have done on that day, when, "
        "and who would have known what to do?",
        answer=(*told.sentences, *rules),
        figures=(*told.figures, *measures),
        sources=(
            told.source,
            Source(
                kind="card", where="alert_trial.alerts", note=f"{how_many(len(trial.alerts), 'alert')}, {trial.judge}"
            ),
            *([Source(kind="file", where=rule.path, line=rule.line, note=_words(rule))] if rule else []),
            *(source_of(one) for one in (found(card, "MON008"),) if one is not None),
        ),
        anchors=Anchors(
            junior=f"Knows which alerts there are ({names}), and what each of them watches.",
            mid="Says from the rule, its threshold and its waiting time whether it rings that day, and does not mix up "
            "inputs that drift with a metric that falls.",
            senior="Asks how often the same rule rings on ordinary days, and says what an alert leads to. "
            + " ".join(rules[:1]),
            staff="Wants an alert on outcomes as well, once labels are in, and a budget of false alarms a month; says "
            "who is woken and who decides.",
        ),
    )


def _rule(files: Files, alert: TriedAlert) -> Rule | None:
    return next((one for one in files.alerts if (one.path, one.alert) == (alert.path, shown(alert.alert))), None)


def _words(rule: Rule) -> str:
    return rule.expression + (f" for {rule.wait}" if rule.wait else "")


def _quoted(chosen: TriedAlert | None, rule: Rule | None) -> str:
    if chosen is None:
        return "none of them speaks of drift"
    name = clip(chosen.alert, NAME)
    return f"{name} asks for {_words(rule)}" if rule else f"{name} is the one that speaks of drift"


def _rules(
    trial: AlertTrial, chosen: TriedAlert | None, rule: Rule | None, drift: Drift, day: str
) -> tuple[list[str], list[Measure]]:
    """Say what the drift alert would have done that day and on all days, as far as its expression can be read."""
    if chosen is None:
        fired = joined(sorted({name for one in trial.alerts for name, _ in one.fired if name != OWN})) or "no scenario"
        return [f"No alert watches inputs or outcomes (in the trial they fire in {fired}): it passes in silence."], []
    after = dict(chosen.fired).get("drift")
    did = f"fired {duration(after)} after a drift began" if after is not None else "did not fire on drift"
    clean = "fired in the clean control too" if chosen.in_clean else "was silent in the clean control"
    tried = f"In the trial {clip(chosen.alert, NAME)} {did}, and {clean}."
    match = PSI_ABOVE.fullmatch(rule.expression) if rule else None
    if match is None or not drift.psi:
        return ["Whether its condition held that day cannot be worked out from the tables.", tried], []
    limit, by_day = float(match[1]), zip(*drift.psi.values(), strict=True)
    highest = [max((one for one in values if one is not None), default=0.0) for values in by_day]
    above = sum(value > limit for value in highest)
    held = "held" if day in drift.days and highest[drift.days.index(day)] > limit else "did not hold"
    share = counted(above / len(highest), n=len(highest), method="largest PSI of a column by day")
    told = (
        f"By this PSI its condition {held} that day, and on {above} of {len(highest)} days in all (bins are tenths "
        "of the training table; its own bins may say otherwise)."
    )
    return [told, tried], [Measure(name=f"days with a PSI above {limit:g}", estimate=share, unit="share")]
