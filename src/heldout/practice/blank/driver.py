"""Runs inside: imports the learner's file and writes what each call returns. It knows no wanted results.

Standard library alone: it runs where Heldout is not installed. What the learner's code prints goes to stderr.
"""

import copy
import json
import os
import sys
import traceback
from collections.abc import Callable

__all__ = ["main"]

_LONGEST = 4_000


def main(solution: str, calls: str) -> None:
    """Write one JSON line per call to what was stdout: its number, how it ended, the value or the words."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        with open(calls, encoding="utf-8") as file:  # noqa: PTH123 - little is loaded before a learner's code - the fewest imports before the learner's code
            order = json.load(file)

        def say(*line: object) -> None:
            answers.write(json.dumps(line) + "\n")
            answers.flush()

        function = _load(solution, order["function"], say)
        if function is not None:
            for number, arguments in enumerate(order["calls"]):
                say(number, *_called(function, arguments))


def _load(solution: str, name: str, say: Callable[..., None]) -> Callable[..., object] | None:
    """Return the learner's function, or say why there is none."""
    names: dict[str, object] = {"__name__": "solution", "__file__": solution}
    try:
        with open(solution, encoding="utf-8") as file:  # noqa: PTH123 - little is loaded before a learner's code
            exec(compile(file.read(), "your file", "exec"), names)  # noqa: S102 - this is what the process is for
    except SyntaxError as error:
        say("syntax", f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg))
        return None
    except BaseException as error:  # whatever the learner's file raises, it is said
        say("import", _words(error))
        return None
    function = names.get(name)
    if not callable(function):
        say("import", f"it has no function {name}")
        return None
    return function


def _called(function: Callable[..., object], arguments: list[object]) -> tuple[str, object]:
    before = copy.deepcopy(arguments)
    try:
        value = function(*arguments)
    except BaseException as error:  # SystemExit is one of the things that a learner's function raises
        return "raised", _words(error)
    if arguments != before:
        return "changed", "it changed its input"
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return "raised", f"it returned a {type(value).__name__}, which is no plain value"
    return "returned", value


def _words(error: BaseException) -> str:
    lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == "your file"]
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return (said + (f" (line {lines[-1]})" if lines else ""))[:_LONGEST]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
