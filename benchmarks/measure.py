"""How a command is measured: a fresh process, its CPU seconds (user + system, children included), wall, peak memory."""

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Cost", "machine", "measure", "table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Medians over repetitions of one command."""

    cpu: float
    wall: float
    peak_mb: float
    runs: int


def measure(command: Sequence[str], *, runs: int = 3, accept: Sequence[int] = (0,)) -> Cost:
    """Run `command` `runs` times and return its median cost; raises RuntimeError for an unexpected exit code.

    Python may keep what it compiled, as it does for users: a variable that forbids it is not handed on.
    """
    costs = []
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(runs):
        begin = time.monotonic()
        child = subprocess.Popen(list(command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=surroundings)
        _, status, usage = os.wait4(child.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code not in accept:
            raise RuntimeError(f"{command} ended with {code}: {child.stderr.read().decode()[-2000:]}")
        child.stderr.close()
        child.returncode = code
        costs.append((usage.ru_utime + usage.ru_stime, time.monotonic() - begin, usage.ru_maxrss / 1024))
    cpu, wall, peak = (statistics.median(column) for column in zip(*costs, strict=True))
    return Cost(cpu=cpu, wall=wall, peak_mb=peak, runs=runs)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def machine() -> str:
    """Return one line about this machine."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}"
