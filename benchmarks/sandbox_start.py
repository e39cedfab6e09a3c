"""What it costs to start a job in the sandbox: a program that does nothing, forty times, in one process."""

import statistics
import time

from benchmarks.measure import table
from heldout.sandbox import Job, Limits, probe, run

JOBS = 40


def section() -> str:
    """Measure the median and the 95th percentile of starting /usr/bin/true at this machine's level."""
    job = Job(command=("/usr/bin/true",), limits=Limits(wall_seconds=10, cpu_seconds=10, memory_mb=256))
    times = []
    for _ in range(JOBS):
        begin = time.monotonic()
        if not run(job).succeeded:
            raise RuntimeError("the sandbox does not work here")
        times.append(time.monotonic() - begin)
    slow = statistics.quantiles(times, n=20)[-1]
    return table(
        ["level", "median", "95th percentile", "jobs"],
        [[probe().level, f"{statistics.median(times):.3f} s", f"{slow:.3f} s", JOBS]],
    )
