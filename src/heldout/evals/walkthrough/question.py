"""The contract of a question: a pure function whose annotated parameters are the evidence that it needs."""

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from heldout.core.estimate import Measure
from heldout.core.walkthrough import Anchors, NotAsked, Question, Source, Worth

__all__ = ["THEMES", "Asked", "Asker", "catalog", "put", "question"]

THEMES = (
    *("failure", "leak", "reported", "split", "scope", "alert", "lift", "base rate", "rollback", "slice", "tests"),
    *("data", "cost", "budget", "reproducibility"),
)
"""The themes in the order in which they are asked within one worth; a sheet has one question of each at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question function returns where it asks; the framework adds its name, theme and `by_labels`."""

    worth: Worth
    text: str
    answer: tuple[str, ...]
    figures: tuple[Measure, ...] = ()
    sources: tuple[Source, ...]
    anchors: Anchors


AskerFunction = Callable[..., Asked | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A question as the catalog knows it: what it needs by parameter, each with its type; `function` asks, or says why
    it does not.
    """

    name: str
    theme: str
    needs: Mapping[str, type]
    by_labels: bool
    function: AskerFunction


def question(theme: str, *, by_labels: bool = False) -> Callable[[AskerFunction], Asker]:
    """Make a pure function into a question of a theme, named after its module.

    Its annotated parameters are the evidence that it needs, by name and type: where one is missing it is not asked. It
    returns what it asks, or in a sentence why it does not. Raises TypeError for an unknown theme.
    """
    if theme not in THEMES:
        raise TypeError(f"there is no theme {theme!r}")

    def decorate(function: AskerFunction) -> Asker:
        hints = typing.get_type_hints(function)
        needs = {name: hints[name] for name in inspect.signature(function).parameters}
        name = function.__module__.rpartition(".")[2].replace("_", "-")
        return Asker(name=name, theme=theme, needs=needs, by_labels=by_labels, function=function)

    return decorate


@cache
def catalog() -> tuple[Asker, ...]:
    """Return every question of the package `questions`, in order of theme and name."""
    package = importlib.import_module("heldout.evals.walkthrough.questions")
    modules = (
        importlib.import_module(f"{package.__name__}.{one.name}") for one in pkgutil.iter_modules(package.__path__)
    )
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Asker)]
    return tuple(sorted(found, key=lambda one: (THEMES.index(one.theme), one.name)))


def put(asker: Asker, evidence: Mapping[str, object], missing: Mapping[str, str]) -> Question | NotAsked:
    """Put a question to evidence; `missing` says of evidence by its name why it is not there."""
    named = {"name": asker.name, "theme": asker.theme}
    for name in asker.needs:
        if evidence.get(name) is None:
            return NotAsked(**named, reason=missing.get(name, f"the bundle has no {name.replace('_', ' ')}"))
    asked = asker.function(**{name: evidence[name] for name in asker.needs})
    if isinstance(asked, str):
        return NotAsked(**named, reason=asked)
    return Question(
        **named,
        worth=asked.worth,
        text=asked.text,
        answer=asked.answer,
        figures=asked.figures,
        sources=asked.sources,
        anchors=asked.anchors,
        by_labels=asker.by_labels,
    )
