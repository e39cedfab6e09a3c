"""A learner's file and what is said of it; each runs in a process of its own, at the level in force and at level 0."""

from dataclasses import replace

import pytest

from heldout.practice.blank import task_named, tasks
from heldout.practice.blank.examine import LIMITS, Examined, examine
from heldout.sandbox import Isolation, Limits, probe

TASK = task_named("stable-bucket")
ALONE = Isolation(level=0, explanation="Bubblewrap (bwrap) is not installed.", remedy="install it")
SHORT = replace(LIMITS, wall_seconds=3)


@pytest.fixture(params=["in force", "level 0"])
def isolation(request) -> Isolation:
    return ALONE if request.param == "level 0" else probe()


def examined(source: str, isolation: Isolation, limits: Limits = LIMITS) -> Examined:
    return examine(TASK, source, seed=1, isolation=isolation, limits=limits)


@pytest.mark.parametrize("task", tasks(), ids=lambda task: task.name)
def test_the_reference_of_each_task_passes_where_a_learner_runs_it(task) -> None:
    found = examine(task, task.reference, seed=11)
    assert (found.failed, found.trouble, found.score) == ((), "", 100)
    assert found.isolation == probe()


def test_the_reference_passes_and_the_level_is_said(isolation) -> None:
    found = examined(TASK.reference, isolation)
    assert found.score == 100
    assert found.isolation == isolation


def test_a_wrong_file_is_told_which_tests_failed_and_not_what_was_wanted(isolation) -> None:
    slip = next(one for one in TASK.slips if one.mistake == "little-endian")
    found = examined(slip.source(TASK.reference), isolation)
    failed = {one.test: one for one in found.failed}
    assert set(slip.fails) <= set(failed)
    assert failed["many ids"].looks_at == "twelve ids of one experiment"
    wanted = [str(case.wanted) for case in TASK.hidden(1) if case.test == "many buckets"]
    assert not any(number in str(found.failed) for number in wanted)


def test_a_syntax_error_is_one_line_with_its_place(isolation) -> None:
    found = examined("def bucket(name, salt, buckets):\n    return (1\n", isolation)
    assert found.trouble.startswith("a syntax error in line 2")
    assert "\n" not in found.trouble
    assert found.score == 0


@pytest.mark.parametrize("source", ["", "import nothing_like_this", "raise SystemExit", "bucket = 3", "1 / 0"])
def test_a_file_that_cannot_be_loaded_is_said(source) -> None:
    found = examined(source, ALONE)
    assert found.trouble.startswith("the file could not be loaded")
    assert found.score == 0


def test_an_exception_is_named_with_its_line(isolation) -> None:
    found = examined("def bucket(name, salt, buckets):\n    x = 1\n    return x // (buckets - buckets)\n", isolation)
    assert {one.happened for one in found.failed} == {"ZeroDivisionError: integer division or modulo by zero (line 3)"}
    assert found.trouble == ""


def test_an_endless_loop_is_ended_and_the_test_is_named(isolation) -> None:
    source = TASK.reference.replace("if buckets < 1:", "while buckets == 1:\n        pass\n    if buckets < 1:")
    found = examined(source, isolation, SHORT)
    assert found.trouble == "it took more than 3 seconds, in the test “one bucket”"
    assert "many ids" in found.passed
    assert {one.test for one in found.failed if one.happened == "it was not reached"} >= {"one bucket", "many buckets"}


def test_a_file_that_takes_all_memory_is_ended(isolation) -> None:
    found = examined("def bucket(name, salt, buckets):\n    return len(bytearray(4 << 40))\n", isolation)
    assert found.score == 0
    assert {one.happened.split(" (")[0] for one in found.failed} == {"MemoryError"}


@pytest.mark.parametrize(
    "source",
    [
        "import os, json\nfor n in range(40):\n    print(json.dumps([n, 'returned', 1]))\n"
        "    os.write(1, b'[0, \"passed\"]\\n')\ndef bucket(*_): print('passed'); return 'passed'",
        "import os\ndef bucket(*_):\n    print('all tests passed')\n    os._exit(0)",
        "import sys\ndef bucket(*_):\n    sys.exit(0)",
        "class All:\n    def __eq__(self, other): return True\ndef bucket(*_): return All()",
        "def bucket(*_): return float('nan')",
        "def bucket(*_): return True",
        "def bucket(*_):\n    x = []\n    x.append(x)\n    return x",
        "import os\nfor fd in range(3, 40):\n    try: os.write(fd, b'[1, \"returned\", null]\\n' * 50)\n"
        "    except OSError: pass\ndef bucket(*_): pass",
    ],
)  # fmt: skip
def test_nothing_that_a_file_prints_passes_a_test(source) -> None:
    found = examined(source, ALONE)
    assert set(found.passed) <= {"no bucket"}


def test_a_file_that_prints_without_end_is_ended(isolation) -> None:
    found = examined("def bucket(*_):\n    while True: print('x' * 10_000)\n", isolation, SHORT)
    assert found.trouble.startswith(("it printed more than", "it took more than"))
    assert found.score == 0


def test_a_function_that_changes_its_input_is_told_so() -> None:
    task = task_named("clustered-standard-error")
    source = task.reference.replace("    mean = ", "    values.sort()\n    mean = ")
    found = examine(task, source, seed=1, isolation=ALONE)
    assert "it changed its input" in {one.happened for one in found.failed}


def test_a_file_that_is_too_long_is_not_run() -> None:
    found = examined("#" * 100_001, ALONE)
    assert found.trouble == "the file is longer than 100,000 characters"
    assert found.score == 0


def test_a_file_in_any_letters_is_read() -> None:
    assert examined("# Žluťoučký kůň \ud800\n" + TASK.reference, ALONE).score == 100


@pytest.mark.parametrize("where", ["when it is loaded", "when it is called"])
def test_what_a_file_says_reaches_no_terminal_with_its_escapes(where) -> None:
    raises = "raise ValueError('\\x1b[31m\\x1b]0;owned\\x07 red ' + 'x' * 5000)"
    found = examined(raises if where == "when it is loaded" else f"def bucket(*_):\n    {raises}\n", ALONE)
    said = found.trouble or found.failed[0].happened
    assert "red" in said
    assert "\x1b" not in said
    assert len(said) < 1000
