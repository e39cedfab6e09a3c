"""The user's own estimator, by the name of the file or module that holds it."""

import contextlib
import importlib
import importlib.util
import traceback
from collections.abc import Iterator
from pathlib import Path

from heldout.core.errors import BadInput

__all__ = ["load_estimator"]


def load_estimator(name: str) -> object:
    """Return the estimator that `FILE.py:NAME` or `package.module:NAME` names; a function or class is called.

    This runs the user's own code in this process, as their tests do; nothing foreign goes through here.

    Raises BadInput where there is no such file, module or name, or what it names cannot be fitted.
    """
    place, _, attribute = name.rpartition(":")
    if not place or not attribute:
        raise BadInput(f"the estimator is {name!r}", expected="FILE.py:NAME or package.module:NAME")
    module = _module(place)
    if not hasattr(module, attribute):
        raise BadInput(f"there is no {attribute!r}", where=place, expected="the name of an estimator or of a function")
    found = getattr(module, attribute)
    with _raising_said(f"{attribute} cannot be called without arguments", place):
        estimator = found() if callable(found) else found
    if not (hasattr(estimator, "fit") and hasattr(estimator, "get_params")):
        raise BadInput(
            f"{attribute} is a {type(estimator).__name__}",
            where=place,
            expected="a scikit-learn estimator with fit and predict, not fitted",
        )
    return estimator


def _module(place: str) -> object:
    if not place.endswith(".py"):
        try:
            with _raising_said("the module cannot be imported", place):
                return importlib.import_module(place)
        except ModuleNotFoundError as error:
            raise BadInput(
                f"there is no module {place!r}: {error}",
                expected="a module that Python finds from here",
                mend="name the file instead: FILE.py:NAME",
            ) from error
    path = Path(place)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise BadInput("there is no such file", where=place, expected="a Python file that holds an estimator")
    module = importlib.util.module_from_spec(spec)
    with _raising_said("the file cannot be run", place):
        spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _raising_said(what: str, place: str) -> Iterator[None]:
    """Turn whatever the user's own code raises into BadInput, an exit of its own too."""
    try:
        yield
    except (Exception, SystemExit) as error:
        if isinstance(error, ModuleNotFoundError) and error.name and place.startswith(error.name):
            raise
        raise BadInput(
            f"{what}: {type(error).__name__}: {error}",
            where=_line_of(error, place),
            expected="code that makes an estimator when it is imported or called",
            mend="run it by itself first",
        ) from error


def _line_of(error: BaseException, place: str) -> str:
    """Return the last line of the user's file that the error passed, or the file."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{place}, line {error.lineno}"
    here = [
        step.lineno
        for step in traceback.extract_tb(error.__traceback__)
        if Path(step.filename).name == Path(place).name
    ]
    return f"{place}, line {here[-1]}" if here else place
