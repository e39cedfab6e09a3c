"""Runs many independent jobs in processes within a time limit, and keeps each result, so that a later run goes on."""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

from benchmarks.worlds.state import ROOT, state_of

__all__ = ["results_of"]

Job = tuple[str, str, Any]
"""Its name, the name of jobs that cost as much, and what the work is given."""


def results_of(
    jobs: Iterable[Job],
    work: Callable[[Any], dict[str, Any]],
    *,
    name: str,
    of: Iterable[str],
    minutes: float,
    folder: Path = ROOT / ".cache" / "benchmarks",
) -> Mapping[str, dict[str, Any]]:
    """Return results by name of job: those kept of this state of the code, and those that the minutes allow.

    They are kept in NAME-STATE.jsonl of the folder, STATE a hash of the code of the modules `of` and what they import.
    Jobs are begun in their order; one that is not expected to end in time, by the longest of its cost so far, is passed
    over. There are as many processes as this one may use cores (taskset).
    """
    path = folder / f"{name}-{state_of(of)}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    results = _kept(path)
    longest: dict[str, float] = {}
    for result in results.values():
        longest[result["size"]] = max(longest.get(result["size"], 0.0), result["wall"])
    print(f"{len(results)} results kept in {path}", file=sys.stderr, flush=True)
    waiting = [job for job in jobs if job[0] not in results]
    end = time.monotonic() + 60 * minutes
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    workers = len(os.sched_getaffinity(0))
    with (
        ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool,
        path.open("a", encoding="utf-8") as file,
    ):
        running: dict[Future[dict[str, Any]], Job] = {}
        while waiting or running:
            while waiting and len(running) < workers:
                job = waiting.pop(0)
                if time.monotonic() + longest.get(job[1], 0.0) < end:
                    running[pool.submit(_timed, work, job)] = job
            for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                key, size, _ = running.pop(future)
                results[key] = future.result()
                longest[size] = max(longest.get(size, 0.0), results[key]["wall"])
                file.write(json.dumps(results[key]) + "\n")
                file.flush()
    return results


def _timed(work: Callable[[Any], dict[str, Any]], job: Job) -> dict[str, Any]:
    name, size, given = job
    begin = time.monotonic()
    return {"job": name, "size": size} | work(given) | {"wall": round(time.monotonic() - begin, 2)}


def _kept(path: Path) -> dict[str, dict[str, Any]]:
    """Read the results of former runs, without a last line that was not finished."""
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, encoding="utf-8")
    results = [json.loads(line) for line in whole.splitlines()]
    return {result["job"]: result for result in results}
