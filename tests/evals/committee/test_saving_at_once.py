"""Twenty raters who save at once, and writers that are killed: what was acknowledged is there, and the chain whole."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.evals.committee.graded import WHY, invited

from heldout.evals.bundle.verify import ledger_lines
from heldout.evals.committee import LEAVES, LEVELS, save
from heldout.evals.committee.place import Place
from heldout.evals.committee.sheets import sheets_of, state_of
from heldout.evals.committee.works import works_of
from heldout.evals.record.workspace import Workspace

RATERS = [f"Rater {number}" for number in range(20)]
PROGRAM = """
import sys
from pathlib import Path
from heldout.evals.committee import save
from heldout.evals.record.workspace import Workspace
folder, rater, work, count = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(count)):
    leaf = ("architecture", "monitoring")[number % 2]
    mark = save(Workspace(folder=Path(folder)), rater, work, leaf, level="mid", reason=f"reason number {number}")
    print(number, mark.n, flush=True)
"""
KILLS = 4


def writer(workspace: Workspace, rater: str, work: str, count: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", PROGRAM, str(workspace.folder), rater, work, str(count)]
    return subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def assert_whole(workspace: Workspace) -> None:
    for work in works_of(workspace)[0]:
        folder = work.record.folder / "committee"
        if (folder / "ledger.jsonl").is_file():
            assert all(line.agrees for line in ledger_lines(folder, None))


def test_twenty_raters_save_at_once_and_every_save_is_there(workspace: Workspace) -> None:
    invited(workspace, *RATERS)
    works = [work.name for work in works_of(workspace)[0]]
    jobs = [(rater, work, leaf, turn) for turn in range(2) for leaf in LEAVES for work in works for rater in RATERS]

    def one(job: tuple[str, str, str, int]) -> int:
        rater, work, leaf, turn = job
        return save(workspace, rater, work, leaf, level=LEVELS[turn], reason=f"{WHY} {turn}").n

    with ThreadPoolExecutor(20) as pool:
        numbers = list(pool.map(one, jobs))

    assert Counter(numbers) == Counter([*range(len(jobs) // 2)] * 2), "each save has its own place, by work"
    state = state_of(workspace)
    for work in works_of(workspace)[0]:
        sheets = sheets_of(workspace, work, state)
        assert all(len(sheets[rater].marks) == len(LEAVES) for rater in RATERS)
    assert_whole(workspace)


def test_processes_save_at_once(workspace: Workspace) -> None:
    invited(workspace, *RATERS[:3])
    work = works_of(workspace)[0][0]
    processes = [writer(workspace, rater, work.name, 5) for rater in RATERS[:3]]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    out = [process.communicate("go\n", timeout=120)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0] * 3
    assert sorted(int(n) for said in out for n in said[1::2]) == list(range(15))
    assert_whole(workspace)


def test_nothing_that_was_acknowledged_is_lost_to_a_kill(workspace: Workspace) -> None:
    invited(workspace, *RATERS[:2])
    work, rng = works_of(workspace)[0][0], random.Random(7)
    acknowledged: set[tuple[str, int]] = set()
    for turn in range(KILLS):
        rater = RATERS[turn % 2]
        process = writer(workspace, rater, work.name, 10_000)
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        process.stdin.write("go\n")
        process.stdin.flush()
        process.stdout.readline()
        time.sleep(rng.random() * 0.15)
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[0]
        whole = said[: said.rfind("\n") + 1].split("\n")[:-1]
        acknowledged |= {(rater, int(line.split()[1])) for line in whole}
        assert process.returncode == -signal.SIGKILL
        assert save(workspace, rater, work.name, "collaboration", level="mid", reason=f"{WHY} {turn}").n >= 0
    events = Place(workspace=workspace).ledger_of(work.record).events()
    there = {((event.payload or {})["rater"], event.n) for event in events}
    assert acknowledged
    assert acknowledged <= there
    assert_whole(workspace)


def test_a_half_written_line_is_cut_off_by_the_next_save(workspace: Workspace) -> None:
    invited(workspace, "Kim")
    work = works_of(workspace)[0][0]
    save(workspace, "Kim", work.name, "monitoring", level="mid", reason=WHY)
    path: Path = work.record.folder / "committee" / "ledger.jsonl"
    with path.open("ab") as file:
        file.write(b'{"n": 1, "at": "20')
    assert save(workspace, "Kim", work.name, "monitoring", level="senior", reason=WHY).n == 1
    assert_whole(workspace)
