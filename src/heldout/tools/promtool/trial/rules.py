"""The rules of a repository, one by one, with what is recorded put in the place of its name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from heldout.core.repository import Repository
from heldout.tools.foreign_yaml import Unreadable, documents
from heldout.tools.promtool.alerts import groups_of, rule_files
from heldout.tools.promtool.trial.promql import Node, Selector, Subquery, Unclear, nodes, parse, rebuilt

__all__ = ["Alert", "RuleFile", "expanded", "read_rule_files"]

MOST_NESTED = 5
MOST_NODES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert of a rule file: where it stands (group, rule; first is 0), and what it says."""

    group: int
    rule: int
    name: str
    expression: str
    waits: str
    texts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """A rule file that reads as YAML: its bytes as promtool gets them, its groups as plain data, what it records."""

    path: str
    content: bytes
    groups: list[Any]
    alerts: tuple[Alert, ...]
    recorded: Mapping[str, str]


def read_rule_files(repository: Repository) -> list[RuleFile]:
    """Return the rule files of a repository in order of path, without those that cannot be read."""
    found = []
    for path, content in rule_files(repository).items():
        try:
            read = [groups_of(document) for document in documents(content)]
        except Unreadable:
            continue
        groups = [group for several in read if isinstance(several, list) for group in several]
        rules = list(_rules(groups))
        found.append(
            RuleFile(
                path=path,
                content=content,
                groups=groups,
                alerts=tuple(_alert(at, rule) for at, rule in rules if _texts(rule, "alert", "expr")),
                recorded={rule["record"]: rule["expr"] for _, rule in rules if _texts(rule, "record", "expr")},
            )
        )
    return found


def expanded(expression: str, recorded: Mapping[str, str]) -> Node:
    """Return the tree of an expression in which recorded metrics are what they are recorded from. Raises Unclear."""
    tree = _expanded(parse(expression), recorded, MOST_NESTED)
    if sum(1 for _ in nodes(tree)) > MOST_NODES:
        raise Unclear(f"with its recording rules it has more than {MOST_NODES} parts")
    return tree


def _expanded(node: Node, recorded: Mapping[str, str], depth: int) -> Node:
    if isinstance(node, Selector) and node.name in recorded:
        if depth == 0:
            raise Unclear(f"recording rules in a circle, or more than {MOST_NESTED} deep")
        inside = _expanded(_matched(parse(recorded[node.name]), node), recorded, depth - 1)
        return inside if node.range is None else Subquery(inside, node.range, node.offset)
    return rebuilt(node, lambda child: _expanded(child, recorded, depth))


def _matched(node: Node, outer: Selector) -> Node:
    """Hand the matchers on a recorded metric, and its offset, to the metrics that it is recorded from."""
    handed = [matcher for matcher in outer.matchers if matcher[1] in ("=", "=~")]
    if isinstance(node, Selector):
        named = {label for label, *_ in node.matchers}
        matchers = (*node.matchers, *(matcher for matcher in handed if matcher[0] not in named))
        return Selector(node.name, matchers, node.range, node.offset + outer.offset)
    return rebuilt(node, lambda child: _matched(child, outer))


def _rules(groups: list[Any]) -> Iterator[tuple[tuple[int, int], Mapping[str, Any]]]:
    for group_number, group in enumerate(groups):
        rules = group.get("rules") if isinstance(group, Mapping) else None
        for rule_number, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, Mapping):
                yield (group_number, rule_number), rule


def _texts(rule: Mapping[str, Any], *keys: str) -> bool:
    return all(isinstance(rule.get(key), str) for key in keys)


def _alert(at: tuple[int, int], rule: Mapping[str, Any]) -> Alert:
    said = [rule.get(part) for part in ("labels", "annotations")]
    texts = [str(value) for part in said if isinstance(part, Mapping) for value in part.values()]
    waits = rule.get("for", "0")
    return Alert(
        group=at[0],
        rule=at[1],
        name=rule["alert"],
        expression=rule["expr"],
        waits=waits if isinstance(waits, str) else "0",
        texts=" ".join(texts)[:2000],
    )
