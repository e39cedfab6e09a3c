"""Attacks by processes that outlive the job and by what lies in its output directory, each with its control."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

DAEMON = """
    import os, sys
    if not os.fork():
        os.setsid()
        if not os.fork():
            null = os.open("/dev/null", os.O_RDWR)
            for number in range(3):
                os.dup2(null, number)
            os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)", sys.argv[1]])
        os._exit(0)
    os.wait()
    import time
    time.sleep(0.2)
"""


def processes_with(marker):
    """Return the ids of the processes that have `marker` in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def marked(name):
    return f"{name}-{os.getpid()}-{time.monotonic_ns()}"


def test_a_daemon_does_not_outlive_its_job(inside):
    marker = marked("daemon")
    assert inside(DAEMON, marker).succeeded
    assert processes_with(marker) == []
    subprocess.run([sys.executable, "-c", textwrap.dedent(DAEMON), marker], check=True)
    (left,) = processes_with(marker)
    os.kill(left, signal.SIGKILL)


def test_a_daemon_cannot_change_the_files_after_the_end(inside, out):
    script = """
        import os, time
        open("/out/result", "w").write("first")
        if not os.fork():
            os.setsid()
            while True:
                open("/out/result", "w").write("forged" * 1000)
    """
    # the end of the first process is the end of all; what is read then stays as it is
    assert inside(script, writable={"/out": out}).succeeded
    taken = (out / "result").read_text()
    time.sleep(0.2)
    assert (out / "result").read_text() == taken


SUPERVISE = """
    import sys
    from heldout.sandbox import Job, Limits, interpreter, run
    limits = Limits(wall_seconds=60, cpu_seconds=60, memory_mb=256)
    script = "import os, time; os.fork(); print('on', flush=True); time.sleep(60)"
    run(Job(command=(interpreter(), "-c", script, sys.argv[1]), limits=limits))
"""


def wait_until(true):
    until = time.monotonic() + 20
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


def groups_of(process):
    return [path for path in Path("/sys/fs/cgroup").rglob(f"heldout-{process}-*") if path.is_dir()]


def test_nothing_survives_the_supervisors_death_and_the_next_start_clears_its_groups(inside, isolation):
    marker = marked("orphan")
    supervisor = subprocess.Popen([sys.executable, "-c", textwrap.dedent(SUPERVISE), marker])
    assert wait_until(lambda: len(processes_with(marker)) == 3), "the supervisor, the command and its child"
    if isolation.level == 2:
        assert groups_of(supervisor.pid)
    supervisor.kill()
    supervisor.wait()
    assert wait_until(lambda: processes_with(marker) == [])
    assert inside("pass").succeeded
    assert groups_of(supervisor.pid) == []


TRAPS = """
    import os, socket, sys
    os.chdir("/out")
    for make in (
        lambda: os.symlink(sys.argv[1], "link"),
        lambda: os.symlink("/", "folder"),
        lambda: open("one", "w").write("x"),
        lambda: os.link("one", "two"),
        lambda: os.mkfifo("pipe"),
        lambda: socket.socket(socket.AF_UNIX).bind("socket"),
        lambda: open("new\\nline", "w").close(),
        lambda: open(b"\\xff", "w").close(),
        lambda: open("back\\\\slash", "w").close(),
        lambda: os.mknod("device", 0o20666, os.makedev(1, 3)),
    ):
        try:
            make()
        except OSError as error:
            print(error.strerror)
    open("program", "w").close()
    os.chmod("program", 0o6777)
    os.mkdir("closed")
    open("closed/predictions.csv", "w").write("id,p")
    os.chmod("closed/predictions.csv", 0)
    os.chmod("closed", 0)
"""


def test_only_plain_files_are_taken_and_links_are_never_followed(inside, out, secret):
    ended = inside(TRAPS, secret, writable={"/out": out})
    assert ended.succeeded
    assert ended.stdout == "Operation not permitted\n", "the device"
    assert dict(ended.refused) == {
        "/out/link": "not a regular file: symbolic link",
        "/out/folder": "not a regular file: symbolic link",
        "/out/one": "has more than one name (hard link)",
        "/out/two": "has more than one name (hard link)",
        "/out/pipe": "not a regular file: named pipe",
        "/out/socket": "not a regular file: socket",
        "/out/new\\nline": "its name is not printable text",
        "/out/\\udcff": "its name is not printable text",
        "/out/back\\slash": "its name is not printable text",
    }
    assert {path.name for path in out.iterdir()} == {"closed", "program"}
    assert (out / "closed" / "predictions.csv").read_text() == "id,p"
    assert (out / "program").stat().st_mode & 0o7777 == 0o755


def test_a_naive_copy_follows_the_link_that_the_collection_refuses(tmp_path, secret):
    """The control of the test above."""
    (tmp_path / "left").mkdir()
    (tmp_path / "left" / "predictions.csv").symlink_to(secret)
    shutil.copytree(tmp_path / "left", tmp_path / "taken")
    assert "secret-label" in (tmp_path / "taken" / "predictions.csv").read_text()


DEEP = """
    import os
    os.chdir("/out")
    for _ in range(5000):
        os.mkdir("d")
        os.chdir("d")
"""


def test_five_thousand_nested_directories_are_cleared_away(inside, out):
    ended = inside(DEEP, writable={"/out": out}, output_files=6000)
    assert ended.succeeded
    ((path, reason),) = ended.refused
    assert path == "/out" + "/d" * 32
    assert reason == "nested 32 directories deep or more"


def test_copying_nested_directories_plainly_fails(tmp_path):
    """The control of the test above."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        here, last = os.open("d", os.O_RDONLY, dir_fd=here), here
        os.close(last)
    os.close(here)
    with pytest.raises(RecursionError):
        shutil.copytree(tmp_path / "d", tmp_path / "copy")
    subprocess.run(["rm", "-rf", tmp_path / "d", tmp_path / "copy"], check=True)
