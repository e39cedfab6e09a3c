"""What a well-behaved job finds inside, and how its end is told."""

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from heldout.core.errors import Cause, InfrastructureFailure
from heldout.sandbox import Isolation, Job, Limits, interpreter, run

LIMITS = Limits(wall_seconds=20, cpu_seconds=20, memory_mb=256)


def job(*command, **more):
    return Job(command=command, limits=LIMITS, **more)


def test_threads_subprocesses_pools_and_numerical_libraries_work(inside, answer):
    packages = Path(np.__file__).parent.parent
    script = """
        import json, subprocess, sys, threading
        from multiprocessing import Pool
        from joblib import Parallel, delayed
        from sklearn.datasets import make_classification
        from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
        if __name__ == "__main__":
            said = []
            thread = threading.Thread(target=said.append, args=("thread",))
            thread.start()
            thread.join()
            said.append(subprocess.run(["echo", "shell"], capture_output=True, text=True).stdout.strip())
            with Pool(2) as pool:
                said += pool.map(abs, [-1, -2])
            said += Parallel(n_jobs=2)(delayed(abs)(x) for x in (-3, -4))
            x, y = make_classification(500, random_state=0)
            for model in (HistGradientBoostingClassifier(max_iter=5), RandomForestClassifier(20, n_jobs=2)):
                said.append(bool(model.fit(x, y).score(x, y) > 0.7))
            print(json.dumps(said))
    """
    found = inside(
        script,
        read_only={"/packages": packages},
        environment={"PYTHONPATH": "/packages"},
        wall_seconds=60,
        memory_mb=2000,
    )
    assert answer(found) == ["thread", "shell", 1, 2, 3, 4, True, True]


def test_the_command_sees_its_inputs_environment_and_directory(inside, answer, given):
    script = "import json, os; print(json.dumps([os.getcwd(), open('features.csv').read(), os.environ['SEED']]))"
    command = (interpreter(), "-c", script)
    ended = run(job(*command, read_only={"/data": given}, environment={"SEED": "7"}, directory="/data"))
    assert answer(ended) == ["/data", "id,x\n1,2\n", "7"]


def test_files_and_folders_come_out_with_their_content(inside, out, tmp_path):
    script = """
        import os
        os.makedirs("/out/a/b")
        open("/out/a/b/c.txt", "w").write("inner")
        open("/model/weights.bin", "wb").write(bytes(3_000_000))
    """
    assert inside(script, writable={"/out": out, "/model": tmp_path / "model"}).succeeded
    assert (out / "a" / "b" / "c.txt").read_text() == "inner"
    assert (tmp_path / "model" / "weights.bin").read_bytes() == bytes(3_000_000)


def test_a_given_file_may_lie_below_a_private_directory(inside, tmp_path):
    hidden = tmp_path / "private"
    hidden.mkdir()
    (hidden / "input.csv").write_text("read me")
    hidden.chmod(0o700)
    assert (
        inside("print(open('/input.csv').read())", read_only={"/input.csv": hidden / "input.csv"}).stdout == "read me\n"
    )


@pytest.mark.parametrize(
    ("script", "reason", "cause", "code"),
    [
        ("pass", "", None, 0),
        ("import sys; sys.exit(3)", "exit code 3", Cause.CANDIDATE, 3),
        ("import os; os.abort()", "signal 6", Cause.CANDIDATE, None),
        ("import os; os.kill(os.getpid(), 9)", "signal 9", Cause.UNKNOWN, None),
    ],
)
def test_the_end_is_told_with_its_cause(inside, script, reason, cause, code):
    ended = inside(script)
    assert (ended.reason, ended.cause, ended.exit_code) == (reason, cause, code)


@pytest.mark.parametrize(("command", "why"), [("/no/such", "No such file"), ("/etc/passwd", "Permission denied")])
def test_a_command_that_cannot_be_run_is_the_candidates_failure(isolation, command, why):
    ended = run(job(command))
    assert (ended.reason, ended.cause) == ("exit code 127", Cause.CANDIDATE)
    assert f"cannot run '{command}': {why}" in ended.stderr


def test_a_mount_that_cannot_be_made_is_our_failure(isolation, given):
    with pytest.raises(InfrastructureFailure, match=r"could not be set up: .*proc"):
        run(job("/bin/true", read_only={"/proc/nowhere": given}))


@pytest.mark.parametrize("inside_path", ["data", "/data/../etc"])
def test_paths_inside_are_absolute(isolation, given, inside_path):
    with pytest.raises(InfrastructureFailure, match="absolute"):
        run(job("/bin/true", read_only={inside_path: given}))


def test_an_input_that_is_not_there_is_named(isolation, tmp_path):
    with pytest.raises(InfrastructureFailure, match=r"nothing to mount at .*absent"):
        run(job("/bin/true", read_only={"/data": tmp_path / "absent"}))


def test_an_input_that_the_jobs_own_user_cannot_read_is_named(isolation, given):
    given.chmod(0o700)
    if os.geteuid() != 0:  # the job is the same user
        assert run(job("/bin/ls", "/data", read_only={"/data": given})).stdout == "features.csv\n"
        return
    with pytest.raises(InfrastructureFailure, match=r"given is not readable by other users.*chmod"):
        run(job("/bin/true", read_only={"/data": given}))


def test_nothing_runs_without_isolation(given):
    none = Isolation(level=0, explanation="Bubblewrap (bwrap) is not installed.", remedy="install it")
    with pytest.raises(InfrastructureFailure, match=r"not run without isolation.*not installed.*To mend: install it"):
        run(job("/bin/true"), isolation=none)


def test_jobs_run_beside_each_other_without_meeting(inside):
    script = """
        import os, sys, time
        open("/tmp/mine", "x").write(sys.argv[1])
        time.sleep(0.3)
        print(open("/tmp/mine").read(), sorted(int(name) for name in os.listdir("/proc") if name.isdecimal()))
    """
    with ThreadPoolExecutor(3) as pool:
        ended = list(pool.map(lambda number: inside(script, number), range(3)))
    assert [each.stdout for each in ended] == ["0 [1, 2]\n", "1 [1, 2]\n", "2 [1, 2]\n"]


def children() -> set[int]:
    """The processes whose parent this one is, ended ones too; other tests of this process may have their own."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(path.parent.name))
    return found


def test_many_jobs_leave_no_descriptor_and_no_child_behind(inside):
    before = set(Path("/proc/self/fd").iterdir()), children()
    for _ in range(3):
        assert inside("pass").succeeded
    assert (set(Path("/proc/self/fd").iterdir()), children()) == before
