"""Plays given series to rule files under promtool, and tells in which windows of time each alert fires."""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.repository import Repository
from heldout.tools.promtool.program import Promtool
from heldout.tools.promtool.trial.firing import firing_in, first_times, metrics_of
from heldout.tools.promtool.trial.promql import Unclear
from heldout.tools.promtool.trial.rules import read_rule_files
from heldout.tools.promtool.verdict import judge

__all__ = ["Played", "PlayedAlert", "play"]

MOST_ALERTS = 40
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedAlert:
    """One alert: the metrics that it reads, and (window, seconds into the window) of each in which it fired."""

    name: str
    metrics: frozenset[str]
    fired: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What alerts did. `judge` names who judged; `was_run` is False where promtool is missing: rules were parsed alone.

    `refused` are (file, why); nothing of such a file is played.
    """

    judge: str
    was_run: bool
    alerts: tuple[PlayedAlert, ...]
    refused: tuple[tuple[str, str], ...] = ()


def play(
    repository: Repository,
    series: Sequence[Mapping[str, str]],
    windows: Sequence[tuple[float, float]],
    *,
    interval: float,
) -> Played:
    """Play `series` (promtool's `input_series`, a sample every `interval` seconds) to all rules of a repository.

    `windows` are (begin, end) in seconds since the series begin. Raises BadInput where promtool gives up on the rules,
    or there are more than 40 alerts.
    """
    verdict = judge(repository)
    refused = dict(verdict.refused)
    files = [file for file in read_rule_files(repository) if file.path not in refused]
    recorded = {name: said for file in files for name, said in file.recorded.items()}
    metrics: dict[str, frozenset[str]] = {}
    for file in files:
        for alert in file.alerts:
            if not NAME.fullmatch(alert.name):
                refused[file.path] = f"an alert's name is letters, digits and _: {alert.name[:40]!r}"
                continue
            metrics[alert.name] = metrics.get(alert.name, frozenset()) | metrics_of(alert, recorded)
    if len(metrics) > MOST_ALERTS:
        raise BadInput(
            f"there are {len(metrics)} alerts", expected=f"at most {MOST_ALERTS}", mend="keep those you need"
        )
    promtool = Promtool.find()
    fired: dict[tuple[int, str], float] = {}
    if promtool is not None and metrics:
        fired = _fired(promtool, [file.content for file in files], series, windows, interval)
    alerts = tuple(
        PlayedAlert(
            name=name,
            metrics=metrics[name],
            fired=tuple((at, fired[at, name]) for at in range(len(windows)) if (at, name) in fired),
        )
        for name in metrics
    )
    was_run = promtool is not None
    return Played(judge=verdict.judge, was_run=was_run, alerts=alerts, refused=tuple(sorted(refused.items())))


def _fired(
    promtool: Promtool,
    rules: Sequence[bytes],
    series: Sequence[Mapping[str, str]],
    windows: Sequence[tuple[float, float]],
    interval: float,
) -> dict[tuple[int, str], float]:
    step = f"{interval * 1000:.0f}ms"
    tests = [
        {"expr": firing_in(end - begin, step, number, begin), "eval_time": f"{end * 1000:.0f}ms", "exp_samples": []}
        for number, (begin, end) in enumerate(windows)
    ]
    content = {
        "rule_files": [f"rules-{number}.yml" for number in range(len(rules))],
        "evaluation_interval": step,
        "tests": [{"interval": step, "input_series": list(series), "promql_expr_test": tests}],
    }
    with tempfile.TemporaryDirectory(prefix="heldout-promtool-") as folder:
        for number, rule in enumerate(rules):
            Path(folder, f"rules-{number}.yml").write_bytes(rule)
        Path(folder, "tests.yml").write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
        said = promtool.output(["test", "rules", "tests.yml"], Path(folder))
    try:
        return first_times(said)
    except Unclear as error:
        raise BadInput(
            str(error), expected="rules that promtool evaluates", mend="shorten what they wait for"
        ) from None
