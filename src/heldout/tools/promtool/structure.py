"""What can be said of a rule file without promtool: whether it has the structure of Prometheus rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from heldout.tools.foreign_yaml import one_line

__all__ = ["complaint"]

GROUP_KEYS = {"name", "interval", "limit", "rules", "query_offset", "labels", "partial_response_strategy"}
RULE_KEYS = {"alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"}
DURATION = re.compile(r"0|(?:\d{1,9}(?:ms|[smhdwy]))+")
PAIRS = {")": "(", "]": "[", "}": "{"}
TEXTS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|#[^\n]*")


def complaint(documents: Sequence[Any]) -> str:
    """Return the first thing that is wrong with the groups of each document of a rule file, or an empty text."""
    return next((one_line(why) for groups in documents for why in _groups(groups)), "")


def _groups(groups: Any) -> Iterator[str]:
    if not isinstance(groups, list):
        yield "groups is no list"
        return
    names: list[str] = []
    for number, group in enumerate(groups, start=1):
        if not isinstance(group, Mapping) or not isinstance(group.get("name"), str) or not group["name"]:
            yield f"group {number} has no name"
            continue
        where = f"group {group['name']}"
        if group["name"] in names:
            yield f"{where} is there twice"
        names.append(group["name"])
        yield from (f"{where}: unknown key {key}" for key in group if key not in GROUP_KEYS)
        rules = group.get("rules", [])
        if not isinstance(rules, list):
            yield f"{where}: rules is no list"
            continue
        for count, rule in enumerate(rules, start=1):
            yield from (f"{where}, rule {count}: {why}" for why in _rule(rule))


def _rule(rule: Any) -> Iterator[str]:
    if not isinstance(rule, Mapping):
        yield "is no mapping"
        return
    yield from (f"unknown key {key}" for key in rule if key not in RULE_KEYS)
    if ("alert" in rule) == ("record" in rule):
        yield "has to have one of alert and record"
    for key in ("alert", "record", "expr"):
        if not _is_text(rule.get(key, "-" if key != "expr" else "")):
            yield f"{key} is missing, empty or no text"
    for key in ("for", "keep_firing_for"):
        if key in rule and "record" in rule:
            yield f"a recording rule has no {key}"
        if not (_is_text(rule.get(key, "0")) and DURATION.fullmatch(rule.get(key, "0"))):
            yield f"{key} is no duration such as 5m"
    yield from (
        f"{key} is no mapping of texts" for key in ("labels", "annotations") if not _is_texts(rule.get(key, ""))
    )
    if _is_text(rule.get("expr")) and not _is_balanced(rule["expr"]):
        yield "the brackets or quotes of expr do not match"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: Any) -> bool:
    return value == "" or (isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values()))


def _is_balanced(expression: str) -> bool:
    opened: list[str] = []
    for character in TEXTS.sub("", expression):
        if character in "([{":
            opened.append(character)
        elif (character in PAIRS and (not opened or opened.pop() != PAIRS[character])) or character in "\"'`":
            return False
    return not opened
