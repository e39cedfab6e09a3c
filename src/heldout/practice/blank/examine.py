"""Runs a learner's file against the hidden tests of a task, in the sandbox, and compares in this process.

The process of the learner's code sees the calls and not what is wanted of them, so that nothing it prints passes a
test. Where no isolation works it runs as the learner's own process, with limits; the result says so.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from heldout.practice.blank import driver
from heldout.practice.blank.compare import agrees
from heldout.practice.blank.task import Case, Task, Value
from heldout.report.text import clip
from heldout.sandbox import Isolation, Job, Limits, Outcome, interpreter, probe, run, run_own

__all__ = ["LIMITS", "Examined", "Failure", "examine"]

_LONGEST_SOURCE = 100_000
LIMITS = Limits(wall_seconds=20, cpu_seconds=15, memory_mb=512, processes=32, output_mb=1, output_files=1, log_kb=1024)
_ENDED = {
    "wall time": "it took more than {wall_seconds:g} seconds",
    "cpu time": "it took more than {cpu_seconds:g} seconds of computing",
    "memory": "it needed more than {memory_mb} MB of memory",
    "log size": "it printed more than {log_kb} kB",
    "processes": "it started more than {processes} processes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A hidden test that failed: its name, what it looks at, and what happened. Never what was wanted."""

    test: str
    looks_at: str
    happened: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a file passed and failed; `trouble` is one line where it could not be run to its end."""

    passed: tuple[str, ...]
    failed: tuple[Failure, ...]
    trouble: str
    isolation: Isolation

    @property
    def score(self) -> float:
        """Return the points of 100: the share of hidden tests that passed."""
        tests = len(self.passed) + len(self.failed)
        return 100 * len(self.passed) / tests if tests else 0.0


def examine(
    task: Task, source: str, *, seed: int, isolation: Isolation | None = None, limits: Limits = LIMITS
) -> Examined:
    """Return which hidden tests of a task a file passes. `isolation` is the one in force unless a lower is given.

    Raises InfrastructureFailure where the sandbox itself fails; nothing that the file does raises here.
    """
    isolation = isolation or probe()
    cases = task.hidden(seed)
    if len(source) > _LONGEST_SOURCE:
        return _report(task, cases, {}, f"the file is longer than {_LONGEST_SOURCE:,} characters", isolation)
    outcome = _ran(task, source, cases, isolation, limits)
    said, trouble = _heard(outcome.stdout)
    if not trouble and len(said) < len(cases):
        trouble = _ending(outcome, limits) + f", in the test “{cases[_first_missing(said, len(cases))].test}”"
    return _report(task, cases, said, trouble, isolation)


def _ran(task: Task, source: str, cases: tuple[Case, ...], isolation: Isolation, limits: Limits) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="heldout-blank-") as name:
        place = Path(name)
        place.chmod(0o755)
        files = {
            "driver.py": Path(driver.__file__).read_text(encoding="utf-8"),
            "solution.py": source,
            "calls.json": json.dumps({"function": task.function, "calls": [one.arguments for one in cases]}),
        }
        for file, text in files.items():
            (place / file).write_text(text, encoding="utf-8", errors="replace")
            (place / file).chmod(0o644)
        inside = {file: f"/task/{file}" for file in files}
        job = Job(
            command=(interpreter(), "-I", "-S", inside["driver.py"], inside["solution.py"], inside["calls.json"]),
            limits=limits,
            read_only={path: place / file for file, path in inside.items()},
        )
        return run(job, isolation=isolation) if isolation.level else run_own(job)


def _heard(text: str) -> tuple[dict[int, tuple[str, Value]], str]:
    """Return how each call ended, by its number, and the line where the file could not even be loaded."""
    said: dict[int, tuple[str, Value]] = {}
    for line in text.splitlines():
        try:
            parts = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(parts, list):
            continue
        if len(parts) == 2 and parts[0] in ("syntax", "import") and not said:
            how = "a syntax error in" if parts[0] == "syntax" else "the file could not be loaded:"
            return {}, f"{how} {clip(str(parts[1]))}"
        if len(parts) == 3 and isinstance(parts[0], int) and isinstance(parts[1], str):
            said.setdefault(parts[0], (parts[1], parts[2]))
    return said, ""


def _first_missing(said: dict[int, tuple[str, Value]], count: int) -> int:
    return next(number for number in range(count) if number not in said)


def _ending(outcome: Outcome, limits: Limits) -> str:
    words = _ENDED.get(outcome.reason)
    if words:
        return words.format(**{name: getattr(limits, name) for name in limits.__slots__})
    return f"it ended with {outcome.reason}" if outcome.reason else "it ended early"


def _report(
    task: Task, cases: tuple[Case, ...], said: dict[int, tuple[str, Value]], trouble: str, isolation: Isolation
) -> Examined:
    happened: dict[str, str] = dict.fromkeys((one.test for one in cases), "")
    for number, case in enumerate(cases):
        how, value = said.get(number, ("", None))
        happened[case.test] = happened[case.test] or _verdict(case, how, value)
    return Examined(
        passed=tuple(test for test, what in happened.items() if not what),
        failed=tuple(
            Failure(test=test, looks_at=task.tests[test], happened=what) for test, what in happened.items() if what
        ),
        trouble=trouble,
        isolation=isolation,
    )


def _verdict(case: Case, how: str, value: Value) -> str:
    """Return in words why a call does not pass, or nothing."""
    if how == "returned":
        return "" if agrees(case.wanted, value, case.tolerance) else "the result is not the wanted one"
    if how in ("raised", "changed") and isinstance(value, str):
        return clip(value)
    return "it was not reached"
