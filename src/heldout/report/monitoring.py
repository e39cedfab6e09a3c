"""What alerts and drift detectors did, for people: a table of scenarios and alerts, a picture of the power."""

from collections.abc import Sequence

from markupsafe import Markup, escape
from rich.console import Console

from heldout.core.card import Card
from heldout.core.monitoring_evidence import OWN, SCENARIOS, AlertTrial, DriftTrial, TriedAlert
from heldout.report.drawing import ACCENT, INK, MUTED, WIDTH, chart_of, domain_of, rule_at, svg_of, value_axis
from heldout.report.printing import new_table, print_line, text_of
from heldout.report.text import clip, cut
from heldout.stats.proportions import wilson

__all__ = [
    "alert_rows",
    "alert_table",
    "drift_answer",
    "monitoring_answer",
    "mutation_line",
    "not_exercised",
    "power_chart",
    "print_trial",
    "survivors",
    "trial_facts",
]

HEADS = ("alert", "meant for", "clean", *SCENARIOS, OWN)
HEIGHT = 150
NAME = 60
MOST = 100
WORD = "mutation score: "


def monitoring_answer(trial: AlertTrial | None) -> str:
    """Say in a sentence in how many scenarios an alert fires, and how many stay silent while nothing is wrong."""
    if trial is None:
        return "No alert was exercised: the grader's machine has no promtool."
    played = [one for one in trial.alerts if not one.unclear]
    if not played:
        return f"The repository has no alert that could be exercised by {trial.judge}."
    useful = [one for one in played if not one.in_clean]
    met = [name for name in SCENARIOS if any(name in dict(one.fired) for one in useful)]
    missed = [name for name in SCENARIOS if name not in met]
    text = f"An alert fires in {len(met)} of {len(SCENARIOS)} scenarios"
    text += f", and none in {', '.join(missed)}" if missed else ""
    return f"{text}; {len(useful)} of {len(played)} alerts stay silent while nothing is wrong."


def drift_answer(trial: DriftTrial | None) -> str:
    """Say in a sentence what the drift detector found, or why that is not known; empty where none was asked for."""
    if trial is None:
        return "The drift detector was not tried, through no fault of the submission."
    if not trial.is_asked:
        return ""
    if trial.failed or not trial.detected:
        return f"The drift detector gave no answer: {cut(trial.failed or 'no day was judged', 4 * NAME)}."
    found = ", ".join(f"{one.found} of {one.episodes} at {one.size:g}" for one in trial.detected)
    alarms = f"{trial.false_alarms} of {trial.clean_days} clean days"
    return f"Drifts found, by size in standard deviations: {found}; alarms on {alarms}."


def not_exercised(trial: AlertTrial) -> list[str]:
    """Return what the trial could not put to the test, and why, a line each."""
    lines = [f"{cut(one.alert, NAME)} was not exercised: {one.unclear}" for one in trial.alerts if one.unclear]
    lines += [f"{cut(path, NAME)} was not exercised: promtool refuses it" for path in trial.refused]
    return lines + [f"{cut(path, NAME)} was not changed: {why}" for path, why in trial.unmutated]


def trial_facts(card: Card) -> dict[str, str]:
    """Return the trial in a few lines by name, for a terminal and for Markdown; none where there was no trial."""
    facts = {}
    if card.alert_trial is not None and card.alert_trial.alerts:
        left = len(not_exercised(card.alert_trial))
        facts["alerts, exercised"] = monitoring_answer(card.alert_trial) + (f" Not exercised: {left}." if left else "")
        facts["alert tests"] = mutation_line(card.alert_trial)
    drift = "" if card.drift_trial is None else drift_answer(card.drift_trial)
    return facts | ({"drift detector": drift} if drift else {})


def alert_rows(trial: AlertTrial) -> list[tuple[str, ...]]:
    """Return a row of texts per alert, under HEADS: "silent", or when it fired."""
    return [_row(alert) for alert in trial.alerts]


def alert_table(trial: AlertTrial) -> Markup:
    """Return the first MOST rows as an HTML table, which a narrow window shows row by row."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in HEADS)
    rows = "".join(f"<tr>{_cells(row)}</tr>" for row in alert_rows(trial)[:MOST])
    table = f'<table class="wide"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return Markup(table)  # noqa: S704  # escaped above


def mutation_line(trial: AlertTrial) -> str:
    """Return the mutation score in a sentence: how many of how many, with its interval."""
    total, killed = len(trial.mutants), sum(one.killed for one in trial.mutants)
    if not total:
        return f"{WORD}not measured, no test of the repository passes on its rules"
    share = wilson(killed, total)
    low, high = (100 * (end or 0.0) for end in (share.low, share.high))
    told = f"{100 * killed / total:.0f} % [{low:.0f}, {high:.0f}]"
    return f"{WORD}{killed} of {total} mutants found by the tests, {told}"


def survivors(trial: AlertTrial) -> list[str]:
    """Return the mutants that no test noticed, a line each."""
    return [f"{cut(one.alert, NAME)}: {one.change}" for one in trial.mutants if not one.killed]


def print_trial(trial: AlertTrial, console: Console) -> None:
    """Print what each alert did, the own tests, the mutation score and its survivors."""
    print_line(console, f"alerts under {trial.judge}; seconds until they fired", "bold")
    table = new_table(console, [head.replace(" ", "\n") for head in HEADS], gap=2)
    for row in alert_rows(trial):
        table.add_row(*(text_of(console, cell) for cell in row))
    console.print(table)
    for alert in trial.alerts:
        if alert.told_by and not alert.unclear:
            told = f"{cut(alert.alert, NAME)} is meant for {alert.purpose}, told by: {alert.told_by}"
            print_line(console, told, indent=2)
    for line in not_exercised(trial):
        print_line(console, line, indent=2)
    for test in trial.own_tests:
        print_line(console, f"tests {test.path}: {'pass' if test.passed else f'fail: {test.why}'}")
    print_line(console, mutation_line(trial))
    for line in survivors(trial):
        print_line(console, f"survived: {line}", indent=2)


def power_chart(trial: DriftTrial) -> Markup | None:
    """Draw: how much of a drift is found, by its size? None where nothing was measured."""
    if not trial.detected or any(not one.episodes for one in trial.detected):
        return None
    import altair as alt

    rows = []
    for one in trial.detected:
        share = wilson(one.found, one.episodes)
        ends = {"low": 100 * (share.low or 0.0), "high": 100 * (share.high or 0.0)}
        rows.append({"x": one.size, "y": 100 * one.found / one.episodes, **ends})
    first, last = domain_of([0.0, *(row["x"] for row in rows)])
    x = value_axis(first, last, "size of the drift, in standard deviations")
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 100], nice=False), axis=alt.Axis(title="episodes found, %"))
    drawn = chart_of(rows)
    layers = [
        rule_at(trial.smallest_shift, x, 0, HEIGHT, color=INK, strokeDash=[4, 3]),
        drawn.mark_line(color=MUTED).encode(x=x, y=y),
        drawn.mark_rule(color=ACCENT, strokeWidth=3).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        drawn.mark_point(color=ACCENT, size=110).encode(x=x, y=y),
    ]
    label = f"Share of drifts found by size; false alarms on {trial.false_alarms} of {trial.clean_days} clean days"
    return svg_of(layers, WIDTH - 60, HEIGHT, label)


def _cells(row: Sequence[str]) -> str:
    name, *others = (escape(clip(cell)) for cell in row)
    cells = zip(HEADS[1:], others, strict=True)
    told = "".join(f'<td data-label="{escape(head)}">{cell}</td>' for head, cell in cells if cell)
    return f'<th scope="row" class="foreign">{name}</th>{told}'


def _row(alert: TriedAlert) -> tuple[str, ...]:
    name = cut(alert.alert, NAME)
    if alert.unclear:
        return (name, alert.purpose, *(["not exercised"] + [""] * (len(HEADS) - 3)))
    fired = dict(alert.fired)
    told: Sequence[str] = [f"{fired[one]:.0f} s" if one in fired else "silent" for one in (*SCENARIOS, OWN)]
    return (name, alert.purpose, "FIRES" if alert.in_clean else "silent", *told)
