"""Alert rules as they are shown, and when they fire: the part of Prometheus that one threshold on one series takes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Rule", "longest_run", "parsed", "starts", "written"]

EXPRESSION = re.compile(r"(?P<metric>[a-z_]\w*)\s*(?:\{(?P<labels>[^}]*)\})?\s*(?P<sign>[<>])\s*(?P<threshold>[\d.]+)")
LABEL = re.compile(r'(\w+)="([^"]*)"')
FIELD = re.compile(r"^\s*(?:- )?(\w+):\s*(.*)$")
HEADINGS = {"labels": ("severity", "owner"), "annotations": ("runbook",)}
MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An alert on one series: `expr` compares it with a threshold, and has to stay true for `hold` minutes.

    `line` is where it begins in the text, from 1 (0 before it was written); `notes` are its labels and annotations.
    """

    alert: str
    metric: str
    sign: str = ">"
    threshold: float = 0.0
    hold: float = 0.0
    labels: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    @property
    def expression(self) -> str:
        """Return the expression as it is written."""
        within = ", ".join(f'{key}="{value}"' for key, value in self.labels.items())
        return f"{self.metric}{f'{{{within}}}' if within else ''} {self.sign} {self.threshold:g}"

    def is_true(self, value: float) -> bool:
        """Return whether the comparison holds for a value."""
        return value > self.threshold if self.sign == ">" else value < self.threshold


def written(rules: Sequence[Rule]) -> str:
    """Return the rules as the text of a rule file's group."""
    text = ["groups:", "- name: model", "  rules:"]
    for rule in rules:
        text += [f"  - alert: {rule.alert}", f"    expr: {rule.expression}"]
        text += [f"    for: {rule.hold:g}m"] if rule.hold else []
        for heading, keys in HEADINGS.items():
            under = [f"      {key}: {value}" for key, value in rule.notes.items() if key in keys]
            text += [f"    {heading}:", *under] if under else []
    return "\n".join(text)


def parsed(text: str) -> list[Rule]:
    """Return the rules of a text that `written` could have written; a rule without `for` fires at once."""
    found: list[dict[str, str]] = []
    begins: list[int] = []
    for number, line in enumerate(text.splitlines(), start=1):
        match = FIELD.match(line)
        if match and match[1] == "alert":
            found.append({})
            begins.append(number)
        if match and found:
            found[-1][match[1]] = match[2]
    return [_rule(fields, line) for fields, line in zip(found, begins, strict=True)]


def _rule(fields: Mapping[str, str], line: int) -> Rule:
    expression = EXPRESSION.match(fields["expr"])
    if expression is None:
        raise ValueError(f"no expression that is read here: {fields['expr']}")
    hold = fields.get("for", "0m")
    return Rule(
        alert=fields["alert"],
        metric=expression["metric"],
        sign=expression["sign"],
        threshold=float(expression["threshold"]),
        hold=float(hold[:-1]) * MINUTES[hold[-1]],
        labels=dict(LABEL.findall(expression["labels"] or "")),
        notes={key: value for key, value in fields.items() if key not in {"alert", "expr", "for", *HEADINGS}},
        line=line,
    )


def starts(rule: Rule, minutes: Sequence[float], values: Sequence[float]) -> list[float]:
    """Return the minutes at which the alert begins to fire; `minutes` are when the rule is evaluated, growing.

    It fires once the comparison has been true at each evaluation from some minute t until t + `hold` or later.
    """
    begun: list[float] = []
    since: float | None = None
    is_firing = False
    for minute, value in zip(minutes, values, strict=True):
        if not rule.is_true(value):
            since, is_firing = None, False
            continue
        since = minute if since is None else since
        if not is_firing and minute - since >= rule.hold - 1e-9:
            begun.append(minute)
            is_firing = True
    return begun


def longest_run(truths: Sequence[bool]) -> int:
    """Return the length of the longest run of true ones."""
    longest = run = 0
    for truth in truths:
        run = run + 1 if truth else 0
        longest = max(longest, run)
    return longest
