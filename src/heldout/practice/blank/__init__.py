"""Blank-file tasks: one file per task, found by its place."""

import importlib
import pkgutil
from functools import cache

from heldout.practice.blank.task import Task
from heldout.practice.drill import Family

__all__ = ["task_named", "tasks"]


@cache
def tasks() -> tuple[Task, ...]:
    """Return all tasks by family and name."""
    found = (
        getattr(importlib.import_module(f"{__name__}.{one.name}"), "TASK", None)
        for one in pkgutil.iter_modules(__path__)
    )
    return tuple(
        sorted(
            (one for one in found if isinstance(one, Task)),
            key=lambda one: (list(Family).index(one.family), one.name),
        )
    )


@cache
def task_named(name: str) -> Task:
    """Return the task of a name; raises KeyError."""
    return {one.name: one for one in tasks()}[name]
