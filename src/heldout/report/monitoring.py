"""What alerts and drift detectors did, for people: a table of scenarios and alerts, a picture of the power."""

from collections.abc import Sequence

from markupsafe import Markup, escape
from rich.console import Console

from heldout.core.monitoring_evidence import OWN, SCENARIOS, AlertTrial, DriftTrial, TriedAlert
from heldout.report.drawing import ACCENT, INK, MUTED, WIDTH, chart_of, domain_of, rule_at, svg_of, value_axis
from heldout.report.printing import new_table, print_line, text_of
from heldout.report.text import cut
from heldout.stats.proportions import wilson

__all__ = ["alert_rows", "alert_table", "mutation_line", "power_chart", "print_trial", "survivors"]

HEADS = ("alert", "meant for", "clean", *SCENARIOS, OWN)
HEIGHT = 150
NAME = 60


def alert_rows(trial: AlertTrial) -> list[tuple[str, ...]]:
    """Return a row of texts per alert, under HEADS: "silent", or when it fired."""
    return [_row(alert) for alert in trial.alerts]


def alert_table(trial: AlertTrial) -> Markup:
    """Return the rows as an HTML table."""
    head = "".join(f"<th>{escape(name)}</th>" for name in HEADS)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in alert_rows(trial))
    return Markup(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")  # noqa: S704  # escaped above


def mutation_line(trial: AlertTrial) -> str:
    """Return the mutation score in a sentence: how many of how many, with its interval."""
    total, killed = len(trial.mutants), sum(one.killed for one in trial.mutants)
    if not total:
        return "mutation score: not measured, no test of the repository passes on its rules"
    share = wilson(killed, total)
    low, high = (100 * (end or 0.0) for end in (share.low, share.high))
    told = f"{100 * killed / total:.0f} % [{low:.0f}, {high:.0f}]"
    return f"mutation score: {killed} of {total} mutants found by the tests, {told}"


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
        if alert.unclear:
            print_line(console, f"{cut(alert.alert, NAME)} was not exercised: {alert.unclear}", indent=2)
        elif alert.told_by:
            told = f"{cut(alert.alert, NAME)} is meant for {alert.purpose}, told by: {alert.told_by}"
            print_line(console, told, indent=2)
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


def _row(alert: TriedAlert) -> tuple[str, ...]:
    name = cut(alert.alert, NAME)
    if alert.unclear:
        return (name, alert.purpose, *(["not exercised"] + [""] * (len(HEADS) - 3)))
    fired = dict(alert.fired)
    told: Sequence[str] = [f"{fired[one]:.0f} s" if one in fired else "silent" for one in (*SCENARIOS, OWN)]
    return (name, alert.purpose, "FIRES" if alert.in_clean else "silent", *told)
