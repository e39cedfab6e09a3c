"""Asks promtool when alerts first fire: one expression for each window, whose values tell the times."""

import re
from collections.abc import Mapping

from heldout.tools.foreign_yaml import one_line
from heldout.tools.promtool.program import GAVE_UP
from heldout.tools.promtool.trial.promql import Selector, Unclear, nodes
from heldout.tools.promtool.trial.rules import Alert, expanded

__all__ = ["firing_in", "first_times", "metrics_of"]

GOT = re.compile(r'\{alertname="(\w+)", scenario="(\d+)"\} ([^\s,]+)')
WORD = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


def firing_in(window: float, step: str, number: int, begin: float = 0.0) -> str:
    """Return the expression whose values are the first times, after `begin`, at which each alert fires in a window.

    Asked at the end of the window of `window` seconds; `number` comes back with the values. Promtool shows four digits,
    so that a time of more than 10,000 s after `begin` is rounded.
    """
    firing = f'timestamp(ALERTS{{alertstate="firing"}})[{window * 1000:.0f}ms:{step}]'
    since = f" - {begin:.3f}" if begin else ""
    return f'label_replace(min by (alertname) (min_over_time({firing})){since}, "scenario", "{number}", "", "")'


def first_times(said: str) -> dict[tuple[int, str], float]:
    """Return by number and alert when it first fired, in seconds, from what promtool printed. Raises Unclear."""
    found = {(int(number), alert): float(value) for alert, number, value in GOT.findall(said)}
    if (not found and "FAILED" in said) or said == GAVE_UP:
        lines = [line.strip() for line in said.splitlines() if line.strip() and "FAILED" not in line]
        raise Unclear(f"promtool does not evaluate it: {one_line(' '.join(lines), 160)}")
    return found


def metrics_of(alert: Alert, recorded: Mapping[str, str]) -> frozenset[str]:
    """Return the metrics that an alert's expression reads; of one that is not understood, all of its words."""
    try:
        return frozenset(one.name for one in nodes(expanded(alert.expression, recorded)) if isinstance(one, Selector))
    except Unclear:
        return frozenset(WORD.findall(alert.expression))
