"""Asks what the alerts would have done on the day on which the model was furthest off."""

import re

from heldout.core.card import Card
from heldout.core.estimate import Estimate, Measure, counted
from heldout.core.monitoring_evidence import OWN, AlertTrial, TriedAlert
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.walkthrough.evidence import Drift, Files, Rule, WorstDay
from heldout.evals.walkthrough.phrases import bare, duration, figure, found, joined, plural, score, source_of
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.figures import amount, number
from heldout.report.text import NAME, clip

PSI_ABOVE = re.compile(r"\w*psi\w*(?:\{[^{}]*\})? ?>=? ?(\d{1,9}(?:\.\d{1,9})?)")
"""An expression whose threshold can be read, and worked out again by day."""
MOST_NAMED = 5
STILL = 0.1
"""Below this PSI no column has moved, as is the custom."""


@question("alert", by_labels=True)
def worst_day(card: Card, files: Files, worst_day: WorstDay, drift: Drift) -> Asked | str:
    """Ask what the alerts would have done on the worst day, and what on all the others."""
    trial = card.alert_trial
    if trial is None or not trial.alerts:
        return "the submission has no alert that was exercised"
    day = worst_day
    chosen = next((one for one in trial.alerts if one.purpose == "drift"), None)
    rule = _rule(files, chosen) if chosen else None
    moved = _moved(drift, day.day)
    rules, measures = _rules(trial, chosen, rule, drift, day.day)
    unit, was = ("share", "of its rows were positive") if _are_shares(day) else ("", "was the mean of its target")
    names = joined([clip(one.alert, NAME) for one in trial.alerts[:MOST_NAMED]])
    return Asked(
        worth=Worth.FIGURES,
        text=f"Of {day.days} days in the final rows, {day.day} is the one on which outcomes were furthest from what "
        f"your model expected. You have {names}; {_quoted(rule)}. What would they have done on that day, when, and who "
        "would have known what to do?",
        answer=(
            f"That day {figure(day.observed, unit)} {was}, and the predictions expected {amount(day.expected, unit)}; "
            f"on the other days it was {bare(day.usual, unit)}.",
            f"{card.metric} was {score(day.metric)} that day, and {score(day.others)} on the others.",
            _told(moved),
            *rules,
        ),
        figures=(
            Measure(name="observed that day", estimate=day.observed, unit=unit),
            Measure(name="expected that day", estimate=_counted(day.expected, day.observed), unit=unit),
            Measure(name=f"{card.metric} that day", estimate=day.metric),
            Measure(name=f"{card.metric} on the other days", estimate=day.others),
            *(
                Measure(name=f"PSI of {name} that day", estimate=_counted(value, day.observed))
                for name, value in moved[:1]
            ),
            *measures,
        ),
        sources=(
            Source(kind="holdout", where="eval/answers/final.parquet", note=f"the rows of {day.day}"),
            Source(
                kind="card", where="alert_trial.alerts", note=f"{plural(len(trial.alerts), 'alert')}, {trial.judge}"
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


def _are_shares(day: WorstDay) -> bool:
    return 0 <= day.expected <= 1 and 0 <= (day.observed.value or 0.0) <= 1 and 0 <= (day.usual.value or 0.0) <= 1


def _counted(value: float, beside: Estimate) -> Estimate:
    return counted(value, n=beside.n)


def _rule(files: Files, alert: TriedAlert) -> Rule | None:
    return next((one for one in files.alerts if (one.path, one.alert) == (alert.path, alert.alert)), None)


def _words(rule: Rule) -> str:
    return rule.expression + (f" for {rule.wait}" if rule.wait else "")


def _quoted(rule: Rule | None) -> str:
    return f"{clip(rule.alert, NAME)} asks for {_words(rule)}" if rule else "none of them speaks of drift"


def _moved(drift: Drift, day: str) -> list[tuple[str, float]]:
    """Return the columns by how far they moved on a day, most first."""
    if day not in drift.days:
        return []
    place = drift.days.index(day)
    values = [(clip(name, NAME), values[place]) for name, values in drift.psi.items()]
    return sorted(((name, one) for name, one in values if one is not None), key=lambda pair: (-pair[1], pair[0]))


def _told(moved: list[tuple[str, float]]) -> str:
    if not moved:
        return "How far its columns had moved that day is not known."
    name, most = moved[0]
    if most < STILL:
        return f"None of the model's columns had moved: PSI is {number(most, decimals=2)} at most, for {name}."
    rest = f", then {moved[1][0]} with {number(moved[1][1], decimals=2)}" if moved[1:] else ""
    return f"Of the model's columns {name} had moved most: PSI {number(most, decimals=2)} against training{rest}."


def _rules(
    trial: AlertTrial, chosen: TriedAlert | None, rule: Rule | None, drift: Drift, day: str
) -> tuple[list[str], list[Measure]]:
    """Say what the drift alert would have done that day and on all days, as far as its expression can be read."""
    if chosen is None:
        fired = joined(sorted({name for one in trial.alerts for name, _ in one.fired if name != OWN})) or "no scenario"
        return [f"No alert watches inputs or outcomes (in the trial they fire in {fired}): it passes in silence."], []
    after = dict(chosen.fired).get("drift")
    tried = f"{duration(after)} after a drift began" if after is not None else "not at all on drift"
    tried = f"In the trial {clip(chosen.alert, NAME)} fired {tried}, and "
    tried += "in the clean control too." if chosen.in_clean else "was silent in the clean control."
    match = PSI_ABOVE.fullmatch(rule.expression) if rule else None
    if match is None or not drift.psi:
        return ["Whether its condition held that day cannot be worked out from the tables.", tried], []
    limit = float(match[1])
    highest = [
        max((one for one in values if one is not None), default=0.0) for values in zip(*drift.psi.values(), strict=True)
    ]
    above = sum(value > limit for value in highest)
    held = "held" if day in drift.days and highest[drift.days.index(day)] > limit else "did not hold"
    share = counted(above / len(highest), n=len(highest), method="largest PSI of a column by day")
    told = (
        f"By this PSI its condition {held} that day, and on {above} of {len(highest)} days in all (bins are tenths "
        "of the training table; its own bins may say otherwise)."
    )
    return [told, tried], [Measure(name=f"days with a PSI above {limit:g}", estimate=share, unit="share")]
