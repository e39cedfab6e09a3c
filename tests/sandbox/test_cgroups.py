"""Finding a place for control groups, in tables and trees as the kernel shows them."""

import fcntl
import os
import signal
import subprocess
from pathlib import Path

import pytest

from heldout.core.errors import InfrastructureFailure
from heldout.sandbox.cgroups import Group, Hierarchy, find_hierarchy, sweep
from heldout.sandbox.job import Limits

LIMITS = Limits(wall_seconds=1, cpu_seconds=1, memory_mb=64, processes=10)


@pytest.fixture
def find(tmp_path):
    def from_tables(mounts, own):
        (tmp_path / "mountinfo").write_text(mounts)
        (tmp_path / "cgroup").write_text(own)
        return find_hierarchy(tmp_path / "mountinfo", tmp_path / "cgroup")

    return from_tables


def test_version_1_is_found_below_our_own_group(tmp_path, find):
    (tmp_path / "memory" / "ours").mkdir(parents=True)
    mounts = "".join(
        f"{number} 1 0:{number} / {tmp_path}/{name} rw - cgroup cgroup rw,{name}\n"
        for number, name in enumerate(("memory", "pids", "cpuacct"))
    )
    found = find(mounts, "4:memory:/ours\n3:pids:/\n2:cpuacct:/not/shown/here\n")
    assert found.version == 1
    assert found.directories == {
        "memory": tmp_path / "memory" / "ours",
        "pids": tmp_path / "pids",
        "cpuacct": tmp_path / "cpuacct",
    }


def test_version_2_is_found_at_the_nearest_group_that_hands_its_controllers_on(tmp_path, find):
    own = tmp_path / "user.slice" / "session.scope"
    own.mkdir(parents=True)
    (own.parent / "cgroup.subtree_control").write_text("cpu memory pids\n")
    (own / "cgroup.subtree_control").mkdir()  # stands for a group with processes: writing fails
    found = find(f"1 1 0:1 / {tmp_path} rw - cgroup2 cgroup2 rw\n", "0::/user.slice/session.scope\n")
    assert found.version == 2
    assert set(found.directories.values()) == {own.parent}


def test_where_nothing_hands_controllers_on_it_is_said(tmp_path, find):
    with pytest.raises(InfrastructureFailure, match="no control group here"):
        find(f"1 1 0:1 / {tmp_path} rw - cgroup2 cgroup2 rw\n", "0::/\n")


def test_without_cgroups_it_is_said(find):
    with pytest.raises(InfrastructureFailure, match="no cgroup file system"):
        find("1 1 0:1 / /proc rw - proc proc rw\n", "")


@pytest.fixture
def version_2(tmp_path):
    """A tree of plain files that reads as version 2 does; what the kernel enforces is not shown by it."""
    return Hierarchy(version=2, directories=dict.fromkeys(("memory", "pids", "cpuacct"), tmp_path))


def test_version_2_counters_are_read_as_the_kernel_writes_them(version_2):
    group = Group(version_2, LIMITS)
    (directory,) = group.directories
    assert (directory / "memory.max").read_text() == str(64 << 20)
    assert int((directory / "pids.max").read_text()) >= 10
    (directory / "cpu.stat").write_text("usage_usec 2500000\nuser_usec 1\nsystem_usec 1\n")
    (directory / "memory.events").write_text("low 0\nhigh 0\nmax 4\noom 1\noom_kill 2\noom_group_kill 0\n")
    (directory / "pids.events").write_text("max 0\n")
    assert group.cpu_seconds() == 2.5
    assert group.out_of_memory()
    assert group.reached_its_memory_limit()
    assert not group.refused_a_process()
    assert group.peak_memory_mb() is None, "kernels before 5.19 do not keep it"
    (directory / "memory.peak").write_text(str(32 << 20))
    assert group.peak_memory_mb() == 32
    (directory / "memory.events").write_text("oom 0\noom_kill 1\n")
    assert not group.reached_its_memory_limit(), "it was the machine that ran out"
    for path in directory.iterdir():
        path.unlink()
    group.close()
    assert not directory.exists()


def test_a_sweep_removes_what_nobody_holds_and_kills_what_is_in_it(tmp_path, version_2):
    held, left = tmp_path / "heldout-1-held", tmp_path / "heldout-2-left"
    held.mkdir()
    left.mkdir()
    lock = os.open(held, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with subprocess.Popen(["sleep", "60"]) as process:
        (left / "cgroup.procs").write_text(f"{process.pid}\n0\n")
        remover = subprocess.Popen(
            ["sh", "-c", f"sleep 0.3; rm {left}/cgroup.procs"]
        )  # the kernel empties it by itself
        sweep(version_2)
        assert process.wait() == -signal.SIGKILL
        remover.wait()
    assert held.is_dir()
    assert not left.exists()
    os.close(lock)


def test_groups_of_this_machine_are_usable_where_level_2_is_in_force(isolation):
    if isolation.level < 2:
        assert "No control group" in isolation.explanation
        return
    with Group(find_hierarchy(), LIMITS) as group:
        assert all(Path(path).exists() for path in group.joins)
        assert not group.out_of_memory()
        assert not group.refused_a_process()
        directories = group.directories
    assert not any(directory.exists() for directory in directories)
