"""A person's own code at level 0: no sandbox, but limits, and nothing left running."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from heldout.sandbox import Job, Limits, run_own

LIMITS = Limits(wall_seconds=5, cpu_seconds=5, memory_mb=256, log_kb=64)


def job(program: str, **more) -> Job:
    return Job(command=(sys.executable, "-I", "-S", "-c", program), limits=replace(LIMITS, **more))


def test_it_says_what_was_printed_and_how_it_ended() -> None:
    outcome = run_own(job("import sys; print('out'); print('err', file=sys.stderr)"))
    assert (outcome.stdout, outcome.stderr, outcome.exit_code, outcome.succeeded) == ("out\n", "err\n", 0, True)
    assert run_own(job("raise SystemExit(3)")).reason == "exit code 3"


def test_it_sees_nothing_of_the_environment_and_has_a_directory_of_its_own() -> None:
    outcome = run_own(job("import os; print(sorted(set(os.environ) - {'LC_CTYPE'}), os.listdir())"))
    assert outcome.stdout == "[] []\n"


def test_files_are_read_where_they_lie_outside(tmp_path) -> None:
    (tmp_path / "a.py").write_text("print('here')")
    command = (sys.executable, "-I", "-S", "/task/a.py")
    outcome = run_own(Job(command=command, limits=LIMITS, read_only={"/task/a.py": tmp_path / "a.py"}))
    assert outcome.stdout == "here\n"


def test_limits_end_it() -> None:
    assert run_own(job("import time; time.sleep(60)", wall_seconds=1)).reason == "wall time"
    assert run_own(job("while True: pass", cpu_seconds=1, wall_seconds=20)).reason == "cpu time"
    assert run_own(job("while True: print('x' * 1000)")).reason == "log size"
    assert "MemoryError" in run_own(job("bytearray(1 << 40)")).stderr


def test_its_children_end_with_it(tmp_path) -> None:
    pid = tmp_path / "pid"
    program = f"import os, time\nchild = os.fork()\nif child: open({str(pid)!r}, 'w').write(str(child))\ntime.sleep(60)"
    run_own(job(program, wall_seconds=2))
    child = Path(f"/proc/{pid.read_text()}/stat")
    for _ in range(100):
        if not child.exists() or child.read_text().split(")")[1].split()[0] == "Z":
            return
        time.sleep(0.05)
    os.kill(int(pid.read_text()), 9)
    pytest.fail("the child outlived it")


def test_nothing_is_collected() -> None:
    with pytest.raises(ValueError, match="level 0"):
        run_own(Job(command=("/usr/bin/true",), limits=LIMITS, writable={"/out": Path("/tmp")}))
