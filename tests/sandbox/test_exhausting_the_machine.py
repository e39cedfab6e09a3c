"""Attacks on memory, processes, disk, log and time, each with a control that goes through without its limit."""

import json
import subprocess
import sys
import textwrap
import time

import pytest

from heldout.core.errors import Cause

ONE_BIG = """
    block = bytearray(300 << 20)
    print("had it")
"""


def test_a_memory_bomb_is_stopped(inside, isolation):
    attacked = inside(ONE_BIG, memory_mb=100)
    assert "had it" not in attacked.stdout
    assert attacked.cause is Cause.CANDIDATE
    if isolation.level == 2:
        assert attacked.reason == "memory"
        assert attacked.peak_memory_mb == pytest.approx(100, rel=0.1)
    else:
        assert attacked.reason == "exit code 1"
        assert "MemoryError" in attacked.stderr
        assert attacked.peak_memory_mb is None
    assert inside(ONE_BIG, memory_mb=100, level=1, without=["RLIMIT_DATA", "RLIMIT_AS"]).stdout == "had it\n"


MANY_SMALL = """
    import os, time
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            block = bytearray(60 << 20)
            time.sleep(1)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    print("all is well")
"""


def test_memory_is_counted_over_all_processes_even_if_the_first_ends_well(inside, isolation):
    attacked = inside(MANY_SMALL, memory_mb=120)
    if isolation.level == 2:
        assert (attacked.reason, attacked.cause) == ("memory", Cause.CANDIDATE)
    else:
        assert "Memory is limited per process only" in isolation.explanation
    assert inside(MANY_SMALL, memory_mb=120, level=1).succeeded, "the control: no process alone breaks the limit"


FORKS = """
    import os, time
    started = 0
    try:
        for _ in range(100):
            if not os.fork():
                time.sleep(3)
                os._exit(0)
            started += 1
    except OSError:
        print("refused")
    print(started, flush=True)
    os._exit(0)
"""


def test_a_fork_bomb_is_stopped(inside, isolation):
    attacked = inside(FORKS, processes=20)
    if isolation.level == 2:
        assert (attacked.reason, attacked.cause) == ("processes", Cause.CANDIDATE)
    else:
        assert attacked.stdout.startswith("refused\n")
    control = inside(FORKS, processes=20, level=1, without=["RLIMIT_NPROC"])
    assert control.stdout == "100\n"


FILL = """
    import sys
    try:
        with open(sys.argv[1] + "/filling", "wb") as file:
            for _ in range(100):
                file.write(bytes(1 << 20))
        print("written")
    except OSError as error:
        print(error.strerror)
"""


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_scratch_space_ends(inside, folder):
    assert inside(FILL, folder, memory_mb=80).stdout == "No space left on device\n"
    assert inside(FILL, folder, memory_mb=400).stdout == "written\n"


@pytest.mark.parametrize("folder", ["/", "/dev"])
def test_the_root_and_the_devices_cannot_be_filled(inside, folder):
    assert inside(FILL, folder).stdout == "Read-only file system\n"
    assert inside(FILL, folder, without=["--remount-ro"]).stdout == "written\n"


def test_output_space_ends(inside, out):
    attacked = inside(FILL, "/out", writable={"/out": out}, output_mb=10)
    assert attacked.stdout == "No space left on device\n"
    assert inside(FILL, "/out", writable={"/out": out}, output_mb=110).stdout == "written\n"
    assert (out / "filling").stat().st_size == 100 << 20


MANY_FILES = """
    import sys
    try:
        for number in range(500):
            open(f"/out/{number}", "w").close()
        print("written")
    except OSError as error:
        print(error.strerror)
"""


def test_a_flood_of_files_is_stopped(inside, isolation, out):
    attacked = inside(MANY_FILES, writable={"/out": out}, output_files=100)
    if isolation.level == 2:
        assert attacked.stdout == "No space left on device\n"
    else:
        assert (attacked.reason, attacked.cause) == ("disk", Cause.CANDIDATE)
    assert len(list(out.iterdir())) <= 100
    control = inside(MANY_FILES, writable={"/out": out}, output_files=600)
    assert control.succeeded
    assert len(list(out.iterdir())) == 500


SPARSE = """
    import os
    descriptor = os.open("/out/sparse", os.O_CREAT | os.O_WRONLY)
    try:
        os.ftruncate(descriptor, 1 << 40)
        print("made")
    except OSError as error:
        print(error.strerror)
"""


def test_a_sparse_file_of_a_terabyte_is_refused_twice(inside, out):
    assert inside(SPARSE, writable={"/out": out}).stdout == "File too large\n"
    control = inside(SPARSE, writable={"/out": out}, without=["RLIMIT_FSIZE"])
    assert control.stdout == "made\n"
    assert control.refused == (("/out/sparse", "exceeds what is left of the allowed size"),)
    assert (out / "sparse").stat().st_size == 0, "what the first attempt left"


CHATTER = """
    import sys
    for _ in range(int(sys.argv[1])):
        print("x" * 1023)
"""


def test_a_flood_of_output_is_stopped_and_its_log_capped(inside):
    attacked = inside(CHATTER, 1_000_000_000, log_kb=64)
    assert (attacked.reason, attacked.cause) == ("log size", Cause.CANDIDATE)
    assert len(attacked.stdout) < 70_000
    assert "bytes left out" in attacked.stdout
    control = inside(CHATTER, 2000, log_kb=2000)
    assert control.succeeded
    assert len(control.stdout) == 2000 * 1024


STUBBORN = """
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("deaf", flush=True)
    while True:
        pass
"""


def test_a_busy_loop_that_ignores_requests_ends_at_the_wall_time(inside):
    attacked = inside(STUBBORN, wall_seconds=1)
    assert (attacked.reason, attacked.cause, attacked.exit_code) == ("wall time", Cause.CANDIDATE, None)
    assert attacked.stdout == "deaf\n"
    plain = textwrap.dedent(STUBBORN)
    with subprocess.Popen([sys.executable, "-c", plain], stdout=subprocess.PIPE, text=True) as control:
        assert control.stdout.readline() == "deaf\n"
        control.terminate()
        time.sleep(0.2)
        assert control.poll() is None, "the control: a polite request does not end it"
        control.kill()


def test_waiting_ends_at_the_wall_time(inside):
    assert inside("import time; time.sleep(60)", wall_seconds=0.5).reason == "wall time"
    assert inside("import time; time.sleep(0.6)").succeeded


BURN = """
    import os, sys, time
    for _ in range(int(sys.argv[1]) - 1):
        if not os.fork():
            break
    while sum(os.times()[:2]) < float(sys.argv[2]):
        pass
    try:
        os.wait()
    except ChildProcessError:
        pass
"""


def test_cpu_time_is_limited_for_one_process_and_for_all_together(inside):
    assert inside(BURN, 1, 30, cpu_seconds=0.5).reason == "cpu time"
    together = inside(BURN, 4, 0.3, cpu_seconds=0.6)
    assert (together.reason, together.cause) == ("cpu time", Cause.CANDIDATE)
    assert inside(BURN, 4, 0.3).succeeded


def test_the_files_of_a_stopped_job_are_taken_over(inside, out):
    script = """
        import json, time
        json.dump([1], open("/out/so-far.json", "w"))
        time.sleep(60)
    """
    assert inside(script, writable={"/out": out}, wall_seconds=1).reason == "wall time"
    assert json.loads((out / "so-far.json").read_text()) == [1]
