"""Judges the checks of code by programs whose answers are known: leaky, mended, and awkward but clean."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from heldout.core.data_flow import read_flows
from heldout.core.finding import Certainty, Ending
from heldout.core.repository import Repository
from heldout.engine import catalog, run

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
CODES = tuple(
    check for check in catalog() if check.family == "code" and [need.name for need in check.needs] == ["repository"]
)


def expected():
    with (HERE / "expected.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def found(name):
    """Return the leaks of one program: (code, place) to certainty. A notebook's place is `cell:line`."""
    repository = Repository(commit="0", files={name: (CORPUS / name).read_bytes()})
    return {
        (leak.code, f"{site.cell}:{site.line}" if site.cell else str(site.line)): leak.certainty
        for leak in read_flows(repository).leaks
        for site in [leak.path[0][0]]
    }


@pytest.fixture(scope="module")
def judged():
    """Return for every program what was expected and what was found."""
    wanted = {}
    for row in expected():
        leaks = wanted.setdefault(row["file"], {})
        if row["code"]:
            leaks[row["code"], row["place"]] = Certainty(row["certainty"])
    return {name: (leaks, found(name)) for name, leaks in wanted.items()}


def test_the_table_names_each_program_once_and_none_that_is_not_there():
    assert {row["file"] for row in expected()} == {path.name for path in CORPUS.iterdir()}
    styles = Counter({row["file"]: row["style"] for row in expected()}.values())
    assert sum(styles.values()) >= 80
    assert min(styles["leaky"], styles["mended"], styles["awkward"]) >= 15


def test_nothing_is_told_of_programs_that_are_clean(judged):
    clean = {row["file"] for row in expected() if not row["code"]}
    assert {name: judged[name][1] for name in clean if judged[name][1]} == {}


def test_precision_is_one_for_proven_and_strong_and_recall_is_at_least_nine_tenths(judged, capsys):
    table = Counter()
    for wanted, got in judged.values():
        for code, place in wanted.keys() | got.keys():
            there, said = (code, place) in wanted, (code, place) in got
            table[code, "hit" if there and said else "missed" if there else "false"] += 1
            if said and not there:
                assert got[code, place] is Certainty.SUSPECT, (code, place)
    codes = sorted({code for code, _ in table})
    with capsys.disabled():
        print()
        for code in [*codes, "all"]:
            hit, missed, false = (
                sum(count for (one, kind), count in table.items() if kind == wanted and code in (one, "all"))
                for wanted in ("hit", "missed", "false")
            )
            print(f"{code}: precision {hit / (hit + false):.2f} recall {hit / (hit + missed):.2f} of {hit + missed}")
    hits, missed = (sum(count for (_, kind), count in table.items() if kind == one) for one in ("hit", "missed"))
    assert hits / (hits + missed) >= 0.9
    assert codes == [check.code for check in CODES]


def test_each_leak_is_as_certain_as_the_table_says(judged):
    differs = {
        (name, place): (certainty, got[place])
        for name, (wanted, got) in judged.items()
        for place, certainty in wanted.items()
        if place in got and got[place] is not certainty
    }
    assert differs == {}


def test_the_programs_of_a_corpus_answer_as_one_repository_as_each_does_alone(judged):
    files = {path.name: path.read_bytes() for path in CORPUS.iterdir()}
    reading = read_flows(Repository(commit="0", files=files))
    alone = {(name, code) for name, (_, got) in judged.items() for code, _ in got}
    assert {(leak.path[0][0].path, leak.code) for leak in reading.leaks} == alone


@pytest.mark.parametrize("check", CODES, ids=lambda check: check.code)
def test_a_problem_names_the_file_and_the_lines_of_its_path(check):
    name = next(row["file"] for row in expected() if row["code"] == check.code and row["file"].endswith(".py"))
    repository = Repository(commit="0", files={name: (CORPUS / name).read_bytes()})
    (finding,) = run([check], {"repository": repository})
    lines = (CORPUS / name).read_text().splitlines()
    assert finding.ending is Ending.PROBLEM
    assert name in finding.answer.claim
    assert all(0 < witness.line <= len(lines) and witness.note for witness in finding.answer.witnesses)
