"""Changes rules one at a time, and asks whether the repository's own tests notice."""

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from heldout.core.monitoring_evidence import Mutant
from heldout.core.repository import Repository
from heldout.tools.promtool.program import Promtool
from heldout.tools.promtool.trial.own import TestFile, run_tests, side_by_side
from heldout.tools.promtool.trial.promql import (
    COMPARISONS,
    Binary,
    Node,
    Number,
    Selector,
    Unclear,
    nodes,
    parse,
    seconds_of,
)
from heldout.tools.promtool.trial.rules import Alert, RuleFile

__all__ = ["mutated"]

FLIPPED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "==": "!=", "!=": "=="}
FACTORS = (0.1, 10.0)
LONGER = 86_400
MOST_MUTANTS = 200
BEYOND = "beyond the time that a trial takes"

Change = tuple[str, dict[str, str] | None]


def mutated(
    promtool: Promtool,
    repository: Repository,
    files: Sequence[RuleFile],
    tests: Sequence[TestFile],
    has_time: Callable[[], bool],
) -> tuple[list[Mutant], list[tuple[str, str]]]:
    """Put every mutant of every alert to the `tests`, which pass on the rules as they are.

    A mutant of a file that no test loads is alive without being run. Returns the mutants, and (path, why) of files that
    could not be put to them.
    """
    mutants: list[Mutant] = []
    left: list[tuple[str, str]] = []
    for file in files:
        judges = [test for test in tests if file.path in test.loads]
        why = _unfit(promtool, repository, file, judges)
        if why:
            left.append((file.path, why))
            continue
        for alert in file.alerts:
            for change, parts in _changes(alert):
                if len(mutants) >= MOST_MUTANTS or not has_time():
                    return mutants, [*left, (file.path, BEYOND)]
                content = _rewritten(file, alert, parts)
                killed = bool(judges) and _is_noticed(promtool, repository, file.path, content, judges)
                mutants.append(
                    Mutant(path=file.path, alert=alert.name, change=change, killed=killed, is_deletion=parts is None)
                )
    return mutants, left


def _unfit(promtool: Promtool, repository: Repository, file: RuleFile, judges: Sequence[TestFile]) -> str:
    """Return why the tests of a file cannot judge mutants: rewritten without a change, it does not pass them."""
    if repository.files[file.path] != file.content and judges:
        return "its rules are inside of a Kubernetes resource"
    if judges and _is_noticed(promtool, repository, file.path, _dumped(file.groups), judges):
        return "written again without a change, it does not pass its tests"
    return ""


def _is_noticed(
    promtool: Promtool, repository: Repository, path: str, content: bytes, judges: Sequence[TestFile]
) -> bool:
    with side_by_side(repository, {path: content}) as folder:
        return any(not run_tests(promtool, folder, [judge])[0].passed for judge in judges)


def _rewritten(file: RuleFile, alert: Alert, parts: dict[str, str] | None) -> bytes:
    groups = copy.deepcopy(file.groups)
    rules = groups[alert.group]["rules"]
    if parts is None:
        del rules[alert.rule]
    else:
        rules[alert.rule] |= parts
    return _dumped(groups)


def _dumped(groups: list[Any]) -> bytes:
    import yaml  # an optional dependency, and `documents` has said so where it is missing

    numbered = [
        {key: int(value) if key == "limit" and str(value).isdigit() else value for key, value in group.items()}
        for group in groups
    ]
    return bytes(yaml.safe_dump({"groups": numbered}, sort_keys=False, allow_unicode=True).encode())


def _changes(alert: Alert) -> Iterator[Change]:
    """Yield what is changed, in words, and the keys of the rule that change; None is its deletion."""
    yield "deleted", None
    try:
        tree = parse(alert.expression)
        waits = seconds_of(alert.waits)
    except Unclear:
        return
    yield f"for: {alert.waits} made a day longer", {"for": f"{waits + LONGER:.0f}s"}
    for node in nodes(tree):
        if isinstance(node, Binary) and node.sign in COMPARISONS:
            flipped = FLIPPED[node.sign]
            yield f"{node.sign} made {flipped}", {"expr": _spliced(alert, node.start, node.end, flipped)}
            threshold = _threshold(node)
            for factor in FACTORS if threshold is not None and threshold.value else ():
                assert threshold is not None
                text = f"{threshold.value * factor:.10g}"
                change = f"threshold {threshold.value:g} made {text}"
                yield change, {"expr": _spliced(alert, threshold.start, threshold.end, text)}


def _threshold(node: Binary) -> Number | None:
    """Return the first number of the side that is a constant."""
    for side in (node.right, node.left):
        parts: list[Node] = list(nodes(side))
        if not any(isinstance(part, Selector) for part in parts):
            return next((part for part in parts if isinstance(part, Number)), None)
    return None


def _spliced(alert: Alert, start: int, end: int, text: str) -> str:
    return alert.expression[:start] + text + alert.expression[end:]
