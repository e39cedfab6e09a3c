"""Limits of a job as resource limits of each of its processes."""

from heldout.sandbox.job import Limits

__all__ = ["MEGABYTE", "per_process"]

MEGABYTE = 1 << 20
_OPEN_FILES = 4096
_MAPPED_BUT_UNUSED = 4 << 30  # address space that thread stacks, arenas and libraries reserve and never touch


def per_process(limits: Limits, *, whole_job_is_limited: bool) -> dict[str, int]:
    """Return name -> most, for `resource.setrlimit`.

    Memory and number of processes are limited here only where no cgroup limits the whole job: their refusal is an
    error inside the job, which a cgroup's counter would not see.
    """
    memory = limits.memory_mb * MEGABYTE
    most = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": int(limits.cpu_seconds) + 2,
        "RLIMIT_FSIZE": max(limits.output_mb * MEGABYTE, memory),
        "RLIMIT_NOFILE": _OPEN_FILES,
    }
    if not whole_job_is_limited:
        most |= {
            "RLIMIT_DATA": memory,
            "RLIMIT_AS": memory + _MAPPED_BUT_UNUSED,
            "RLIMIT_NPROC": limits.processes,
        }
    return most
