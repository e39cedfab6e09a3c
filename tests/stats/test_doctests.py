import doctest
import importlib
import pkgutil

import pytest

import heldout.stats

MODULES = [
    module.name for module in pkgutil.walk_packages(heldout.stats.__path__, "heldout.stats.") if not module.ispkg
] + ["heldout.stats.metrics"]
WITHOUT_FUNCTIONS = {"heldout.stats.metrics.metric", "heldout.stats.metrics.row_means"}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_module_give_what_they_say(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
    assert result.attempted > 0 or name in WITHOUT_FUNCTIONS


def test_every_public_function_of_the_package_carries_an_example():
    public = [getattr(heldout.stats, name) for name in heldout.stats.__all__]
    functions = [thing for thing in public if callable(thing) and not isinstance(thing, type)]
    assert functions
    assert [function.__name__ for function in functions if ">>>" not in (function.__doc__ or "")] == []
