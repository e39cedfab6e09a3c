"""Puts one alert to the hidden scenarios and to the clean control, under promtool."""

import json
import math
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heldout.core.monitoring_evidence import OWN, SCENARIOS, TriedAlert
from heldout.tools.promtool.program import Promtool
from heldout.tools.promtool.trial.demands import demands
from heldout.tools.promtool.trial.firing import firing_in, first_times
from heldout.tools.promtool.trial.labels import Labels
from heldout.tools.promtool.trial.leaf import STAMP, Leaf
from heldout.tools.promtool.trial.promql import Call, Node, Selector, Subquery, Unclear, nodes, seconds_of
from heldout.tools.promtool.trial.rules import Alert, RuleFile, expanded
from heldout.tools.promtool.trial.series import Course, Plan, input_series
from heldout.tools.promtool.trial.words import OTHER, about, purpose_of

__all__ = ["exercise"]

DRIFT, LATENCY, CPU, TARGET, LATE = SCENARIOS
CLEAN, GONE = "clean", "target gone"
LOOKBACK = 300.0
"""For so long Prometheus takes an instant metric's last sample."""

GRACE = 600.0
"""Beyond its `for` and its longest look back, an alert may take so many seconds to fire."""

MODEST, MOST_SAMPLES = 2_000, 20_000
"""Above the first, samples lie further apart; a scenario that needs more than the second is not played."""

SHORTEST, LONGEST = 5.0, 60.0
COARSEST = 240.0

Leaves = Mapping[tuple[str, Labels], Leaf]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What is made of one alert: what it takes to be false and true, the plan of time, what it is for."""

    false: Leaves
    true: Leaves
    plan: Plan
    allowed: float
    purpose: str


def exercise(promtool: Promtool, file: RuleFile, alert: Alert, recorded: Mapping[str, str]) -> TriedAlert:
    """Return what `alert` does in every scenario; `recorded` are the recording rules that it may use."""
    tried = TriedAlert(path=file.path, alert=alert.name, purpose=OTHER, told_by="")
    try:
        tree = expanded(alert.expression, recorded)
        selectors = [one for one in nodes(tree) if isinstance(one, Selector)]
        called = [one.name for one in nodes(tree) if isinstance(one, Call)]
        purpose, told_by = purpose_of(alert.name, (one.name for one in selectors), called, alert.texts)
        tried = TriedAlert(path=file.path, alert=alert.name, purpose=purpose, told_by=told_by)
        case = _case(tree, alert, purpose)
        fired = _ask(promtool, alert, recorded, case)
    except Unclear as error:
        return TriedAlert(
            path=file.path, alert=alert.name, purpose=tried.purpose, told_by=tried.told_by, unclear=str(error)
        )
    clean = fired.pop(CLEAN, None)
    if (gone := fired.pop(GONE, None)) is not None:
        fired.setdefault(TARGET, gone)
    begin = case.plan.begin * case.plan.interval
    return TriedAlert(
        path=file.path,
        alert=alert.name,
        purpose=purpose,
        told_by=told_by,
        fired=tuple((name, max(fired[name] - begin, 0.0)) for name in (*SCENARIOS, OWN) if name in fired),
        allowed=case.allowed,
        in_clean=clean is not None,
        metrics=len({name for name, _ in case.true}),
    )


def _case(tree: Node, alert: Alert, purpose: str) -> _Case:
    selectors = [one for one in nodes(tree) if isinstance(one, Selector)]
    if any(one.name in ("ALERTS", "ALERTS_FOR_STATE") for one in selectors):
        raise Unclear("it speaks of other alerts")
    ranges = [one.range for one in nodes(tree) if isinstance(one, Selector | Subquery) and one.range]
    offsets = [one.offset for one in nodes(tree) if isinstance(one, Selector | Subquery)]
    if any(offset < 0 for offset in offsets):
        raise Unclear("an offset into the future")
    back = sum(sorted(ranges)[-2:]) + max(offsets, default=0.0)
    waits = seconds_of(alert.waits)
    allowed = waits + back + GRACE
    finest = min(ranges, default=4 * LONGEST) / 4
    interval = min(max(finest, SHORTEST), LONGEST)
    length = (back * 1.2 + 2 * LOOKBACK) + allowed
    if length / interval > MODEST:
        interval = max(min(finest, COARSEST), interval)
    if length / interval > MOST_SAMPLES or interval < SHORTEST:
        raise Unclear(f"it would take more than {MOST_SAMPLES:,} samples to play what it waits for")
    begin = math.ceil((back * 1.2 + 2 * LOOKBACK) / interval)
    plan = Plan(interval=interval, begin=begin, samples=begin + math.ceil(allowed / interval) + 1)
    return _Case(
        false=demands(tree, False, interval),
        true=demands(tree, True, interval),
        plan=plan,
        allowed=allowed,
        purpose=purpose,
    )


def _courses(case: _Case, scenario: str) -> list[Course]:
    return [_course(case, case.false[key], case.true[key], scenario) for key in case.true]


def _course(case: _Case, false: Leaf, true: Leaf, scenario: str) -> Course:
    is_past = false.past is not None or true.past is not None
    if is_past:
        false.level = true.past if true.past is not None else false.past
    if false.mode != true.mode:
        false.mode = true.mode
    if true.name == "up":
        false = _steady(true, 1.0)
    before = None if false.gone else false
    if scenario == CLEAN:
        return Course(before=before, after=before)
    if scenario == GONE:
        return Course(before=before, after=None)
    if scenario == TARGET:
        return Course(before=before, after=_steady(true, 0.0) if true.name == "up" else None)
    subject = about(true.name)
    is_driven = scenario in (OWN, case.purpose if subject == OTHER else subject)
    if scenario == LATE and true.absent and subject != TARGET:
        return Course(before=before, after=None)
    if not is_driven:
        return Course(before=before, after=before)
    is_stopped = true.gone or (true.mode == STAMP and scenario in (OWN, LATE))
    return Course(before=before, after=None if is_stopped else true)


def _steady(leaf: Leaf, level: float) -> Leaf:
    return Leaf(name=leaf.name, labels=leaf.labels, mode=leaf.mode, level=level, copies=leaf.copies)


def _ask(promtool: Promtool, alert: Alert, recorded: Mapping[str, str], case: _Case) -> dict[str, float]:
    """Return by scenario when the alert first fired, in seconds since the series begin."""
    plan, step = case.plan, f"{case.plan.interval * 1000:.0f}ms"
    end = (plan.samples - 1) * plan.interval
    window = end - plan.begin * plan.interval  # before that, ranges are not filled yet
    played = {name: json.dumps(input_series(_courses(case, name), plan)) for name in (CLEAN, *SCENARIOS, GONE, OWN)}
    different = list(dict.fromkeys(played.values()))  # most scenarios leave most alerts' series as they are
    tests = []
    for number, series in enumerate(different):
        asked = firing_in(window, step, number)
        tests.append(
            {
                "interval": step,
                "input_series": json.loads(series),
                "promql_expr_test": [{"expr": asked, "eval_time": f"{end * 1000:.0f}ms", "exp_samples": []}],
            }
        )
    rule = {"alert": "A", "expr": alert.expression, "for": alert.waits}
    rules = [{"record": name, "expr": expression} for name, expression in recorded.items()]
    files = {
        "rules.yml": {"groups": [{"name": "recorded", "rules": rules}, {"name": "alerts", "rules": [rule]}]},
        "tests.yml": {
            "rule_files": ["rules.yml"],
            "evaluation_interval": step,
            "group_eval_order": ["recorded", "alerts"],
            "tests": tests,
        },
    }
    with tempfile.TemporaryDirectory(prefix="heldout-promtool-") as folder:
        for name, content in files.items():
            Path(folder, name).write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
        said = promtool.output(["test", "rules", "tests.yml"], Path(folder))
    first = {number: time for (number, _), time in first_times(said).items()}
    numbers = {series: number for number, series in enumerate(different)}
    return {name: first[numbers[series]] for name, series in played.items() if numbers[series] in first}
