"""Labels for made series: values that a selector's matchers accept."""

import re

from heldout.tools.promtool.trial.promql import Aggregate, Binary, Node, Selector, Unclear, nodes

__all__ = ["Labels", "labelled", "sample_of"]

Labels = tuple[tuple[str, str], ...]
APART = frozenset({"le", "quantile", "mode"})
"""Labels that say what a series holds, not where it comes from: they are not handed on to other metrics."""

DEFAULT, ELSE = "a", ("200", "other", "another")


def labelled(node: Node) -> dict[Selector, Labels]:
    """Return the labels of one series for each selector of an expression.

    Labels of matchers, of `by` and of `on` are handed on to the other metrics, as in real series, so that sides meet;
    a wider selector of the same metric gets a series of its own beside the narrower one's. Raises Unclear for a matcher
    for which no value can be made.
    """
    found = [one for one in nodes(node) if isinstance(one, Selector)]
    own = {one: _own(one) for one in found}
    named = [label for one in nodes(node) if isinstance(one, Aggregate | Binary) for label in one.labels]
    shared = dict.fromkeys((label for label in named if label not in APART), DEFAULT)
    for labels in own.values():
        shared |= {label: value for label, value in labels.items() if value and label not in APART}
    return {one: _whole(one, own, shared) for one in found}


def _own(selector: Selector) -> dict[str, str]:
    """Return the labels that the matchers ask for; an empty value is a label that has to be missing."""
    labels: dict[str, str] = {}
    for label, sign, value in selector.matchers:
        if sign == "=":
            labels[label] = value
        elif sign == "=~":
            labels.setdefault(label, sample_of(value))
        elif sign == "!=":
            labels.setdefault(label, DEFAULT if value != DEFAULT else ELSE[-1])
    excluded = {label for label, sign, _ in selector.matchers if sign == "!~"}
    return dict.fromkeys(excluded, "") | labels


def _whole(selector: Selector, own: dict[Selector, dict[str, str]], shared: dict[str, str]) -> Labels:
    labels = dict(own[selector])
    siblings = [theirs for one, theirs in own.items() if one.name == selector.name and one is not selector]
    for label, value in shared.items():
        if label in labels:
            continue
        narrower = {theirs[label] for theirs in siblings if label in theirs}
        labels[label] = next((other for other in ELSE if other not in narrower), value) if narrower else value
    return tuple(sorted((label, value) for label, value in labels.items() if value))


def sample_of(pattern: str) -> str:
    """Return a text that an RE2 pattern matches as a whole. Raises Unclear for a pattern that is too rich.

    >>> sample_of("demand.*"), sample_of("a|b"), sample_of("5.."), sample_of("[0-9]+x?")
    ('demand', 'a', '500', '0')
    """
    text, at = _branch(pattern.removeprefix("^").removesuffix("$"), 0)
    if at != len(pattern.removeprefix("^").removesuffix("$")):
        raise Unclear(f"the pattern {pattern[:30]!r} is not understood")
    return text


def _branch(pattern: str, at: int) -> tuple[str, int]:
    """Read the first alternative, and leave the others out, up to a closing bracket or the end."""
    first, at = _sequence(pattern, at)
    while at < len(pattern) and pattern[at] == "|":
        _, at = _sequence(pattern, at + 1)
    return first, at


def _sequence(pattern: str, at: int) -> tuple[str, int]:
    made: list[str] = []
    while at < len(pattern) and pattern[at] not in "|)":
        piece, at = _piece(pattern, at)
        times, at = _times(pattern, at)
        made.append(piece * times)
    return "".join(made), at


def _piece(pattern: str, at: int) -> tuple[str, int]:
    sign = pattern[at]
    if sign == "(":
        start = at + 3 if pattern.startswith("(?:", at) else at + 1
        if pattern.startswith("(?", at) and start == at + 1:
            raise Unclear(f"the pattern {pattern[:30]!r} is not understood")
        inside, at = _branch(pattern, start)
        if at >= len(pattern):
            raise Unclear(f"the pattern {pattern[:30]!r} does not close a bracket")
        return inside, at + 1
    if sign == "[":
        match = re.compile(r"\[(\\?[^\]\\^\[])[^\]\[]{0,100}\]").match(pattern, at)
        if match is None:
            raise Unclear(f"the pattern {pattern[:30]!r} is not understood")
        return _escaped(match[1]), match.end()
    if sign == "\\":
        return _escaped(pattern[at : at + 2]), at + 2
    if sign in "*+?{":
        raise Unclear(f"the pattern {pattern[:30]!r} is not understood")
    return ("0" if sign == "." else sign), at + 1


def _escaped(text: str) -> str:
    if not text.startswith("\\"):
        return text
    if text[1:] in ("d", "w", "s"):
        return {"d": "0", "w": "a", "s": " "}[text[1:]]
    if not text[1:] or text[1:].isalnum():
        raise Unclear(f"{text!r} in a pattern is not understood")
    return text[1:]


def _times(pattern: str, at: int) -> tuple[int, int]:
    match = re.compile(r"([*?])\??|(\+)\??|\{(\d{1,2})(?:,\d{0,3})?\}\??").match(pattern, at)
    if match is None:
        return 1, at
    return (0 if match[1] else 1 if match[2] else int(match[3])), match.end()
