"""A program runs within its bounds, and what it prints is kept within bounds too."""

import sys
from pathlib import Path

from heldout.tools import process


def run(code: str, directory: Path, *, seconds: int = 20, memory_mb: int | None = None) -> process.Completed:
    argv = [sys.executable, "-I", "-S", "-c", code]
    return process.run(argv, directory=directory, seconds=seconds, memory_mb=memory_mb)


def test_a_program_gives_its_exit_code_and_what_it_printed(tmp_path: Path) -> None:
    done = run("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", tmp_path)
    assert (done.exit_code, done.stdout, done.stderr, done.timed_out) == (3, "out\n", "err\n", False)


def test_a_program_sees_a_small_environment_and_not_ours(tmp_path: Path) -> None:
    done = run("import os; print(sorted(set(os.environ) - {'LC_CTYPE', '__CF_USER_TEXT_ENCODING'}))", tmp_path)
    assert done.stdout.strip() == "['HOME', 'LC_ALL', 'PATH']"


def test_a_program_that_outlives_its_time_is_killed_with_its_children(tmp_path: Path) -> None:
    code = "import os, time; os.fork(); time.sleep(60)"
    done = run(code, tmp_path, seconds=1)
    assert done.timed_out
    assert done.exit_code == -9


def test_a_flood_of_output_is_cut_and_does_not_block(tmp_path: Path) -> None:
    done = run("import sys; sys.stdout.write('x' * 5_000_000)", tmp_path)
    assert (done.exit_code, len(done.stdout)) == (0, process.OUTPUT_BYTES)


def test_memory_is_limited_where_the_system_knows_how(tmp_path: Path) -> None:
    code = "x = bytearray(600_000_000); print('held')"
    if sys.platform == "linux":
        assert "MemoryError" in run(code, tmp_path, memory_mb=300).stderr
    assert run(code, tmp_path).stdout == "held\n"


def test_a_program_that_is_nowhere_is_not_found() -> None:
    assert process.find("no-such-program-anywhere") is None
