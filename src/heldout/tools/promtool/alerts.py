"""Finds the rule files of a repository and the alerts in them."""

from collections.abc import Iterator, Mapping
from typing import Any

from heldout.core.evidence import AlertRules
from heldout.core.repository import Repository
from heldout.tools.foreign_yaml import Unreadable, documents

__all__ = ["SUFFIXES", "alert_rules", "groups_of", "rule_files"]

SUFFIXES = (".yml", ".yaml", ".rules")
MAX_FILES = 50
"""A repository has a few rule files; what is beyond this number is listed as unreadable."""


def alert_rules(repository: Repository) -> AlertRules:
    """Return the alerts of a repository's rule files, in order of path, and the candidates that could not be read.

    A rule file is YAML with `groups` at the top, or a Kubernetes PrometheusRule with `spec.groups`.
    """
    rules: list[tuple[str, str, str]] = []
    unreadable = [(path, "too large to be read") for path in repository.omitted if path.lower().endswith(SUFFIXES)]
    for path, found in _candidates(repository):
        if isinstance(found, str):
            unreadable.append((path, found))
            continue
        for document in found:
            for rule in _rules(groups_of(document)):
                alert, expression = rule.get("alert"), rule.get("expr")
                if isinstance(alert, str):
                    rules.append((path, alert, expression if isinstance(expression, str) else ""))
    return AlertRules(rules=tuple(rules), unreadable=tuple(sorted(unreadable)))


def rule_files(repository: Repository) -> dict[str, bytes]:
    """Return the rule files of a repository by path, in order: readable ones, and candidates that are not.

    Of a Kubernetes PrometheusRule it is the groups, as a file of their own.
    """
    import yaml  # an optional dependency, and `documents` has said so where it is missing

    files: dict[str, bytes] = {}
    for path, found in _candidates(repository):
        if isinstance(found, str):
            files[path] = repository.files[path]
            continue
        groups = [groups_of(document) for document in found]
        if found and isinstance(found[0], Mapping) and "groups" in found[0]:
            files[path] = repository.files[path]
        elif merged := [group for several in groups if isinstance(several, list) for group in several]:
            files[path] = yaml.safe_dump({"groups": merged}, sort_keys=False).encode()
    return files


def groups_of(document: Any) -> Any:
    """Return what stands for the groups in one YAML document, or None."""
    if not isinstance(document, Mapping):
        return None
    if "groups" in document:
        return document["groups"]
    spec = document.get("spec")
    return spec.get("groups") if isinstance(spec, Mapping) and document.get("kind") == "PrometheusRule" else None


def _candidates(repository: Repository) -> Iterator[tuple[str, list[Any] | str]]:
    seen = 0
    for path in repository.matching(*SUFFIXES):
        content = repository.files[path]
        if b"groups" not in content and b"\0" not in content:
            continue
        seen += 1
        if seen > MAX_FILES:
            yield path, f"is beyond the first {MAX_FILES} candidates"
            continue
        try:
            yield path, documents(content)
        except Unreadable as error:
            yield path, str(error)


def _rules(groups: Any) -> Iterator[Mapping[str, Any]]:
    for group in groups if isinstance(groups, list) else []:
        rules = group.get("rules") if isinstance(group, Mapping) else None
        for rule in rules if isinstance(rules, list) else []:
            if isinstance(rule, Mapping):
                yield rule
