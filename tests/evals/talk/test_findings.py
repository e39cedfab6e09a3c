"""FINDINGS.md is read row by row: places as people write them, and messages that name the line to mend."""

import random

import pytest

from heldout.core.rescue_evidence import MOST_PLACES
from heldout.evals.talk.document import MAX_BYTES
from heldout.evals.talk.findings import MOST_LINES, Fault, read_findings

HEAD = """# Findings

| finding | file | line | how it was told | worth in roc_auc | how it was mended |
|---|---|---|---|---|---|
"""


def one(file: str, line: str) -> Fault:
    (fault,) = read_findings(f"{HEAD}| it leaks | {file} | {line} | read | 0.1 | mended |\n".encode()).faults
    return fault


@pytest.mark.parametrize(
    ("file", "line", "place"),
    [
        ("train.py", "26", ("train.py", 26, 26, "")),
        ("`kit/project/train.py`", "26-28", ("train.py", 26, 28, "")),
        ("./project/src/a.py", "L3–L9", ("src/a.py", 3, 9, "")),
        ("train.py:26", "", ("train.py", 26, 26, "")),
        ("train.py", "28 to 26", ("train.py", 26, 28, "")),
        ("train.py", "`main()`", ("train.py", None, None, "main")),
        ("features.py", "Scaler.fit", ("features.py", None, None, "Scaler.fit")),
        ("train.py", "1-500", ("train.py", 1, MOST_LINES, "")),
        ("train.py", "somewhere in the middle", ("", None, None, "")),
        ("", "12", ("", None, None, "")),
    ],
)
def test_a_place_is_read_as_people_write_it(file: str, line: str, place: tuple[object, ...]) -> None:
    fault = one(file, line)
    assert (fault.file, fault.first, fault.last, fault.function) == place
    assert fault.line == 5


def test_columns_stand_in_any_order_and_other_tables_are_left_alone() -> None:
    text = "| step | hours |\n|---|---|\n| read | 2 |\n\n"
    text += "| Line | File | Fault |\n|:-|-:|--|\n| 3 | a.py | x \\| y |\n| | | |\n"
    read = read_findings(text.encode())
    assert [(fault.file, fault.first, fault.what) for fault in read.faults] == [("a.py", 3, "x | y")]
    assert [message.line for message in read.messages if "no column" in message.what] == [1]


def test_messages_name_the_line_to_mend() -> None:
    rows = "| scaler | train.py | 26 | | 0.1 | |\n| split | somewhere | | read | 0.2 | x |\n"
    rows += "| a | b.py | 1-40 | c | d | e |\n"
    said = [str(message) for message in read_findings((HEAD + rows).encode()).messages]
    assert said[0].startswith("FINDINGS.md, line 5: the row does not say: how it was told, how it was mended")
    assert said[1].startswith("FINDINGS.md, line 6: the row names no place: 'somewhere', ''")
    assert said[2].startswith(f"FINDINGS.md, line 7: the row names 40 lines; the first {MOST_LINES} count")


def test_the_template_as_it_is_says_nothing_and_is_not_blamed() -> None:
    read = read_findings(HEAD.encode())
    assert (read.faults, read.messages) == ((), ())


def test_a_list_of_every_line_is_told_that_it_names_nothing() -> None:
    rows = "".join(f"| x | a.py | {line} | y | z | w |\n" for line in range(1, MOST_PLACES + 2))
    (message,) = read_findings((HEAD + rows).encode()).messages
    assert f"there are {MOST_PLACES + 1} places; a list of more than {MOST_PLACES} counts as naming none" in str(
        message
    )


def test_hostile_bytes_end_in_messages() -> None:
    rng = random.Random(4)
    for content in (
        HEAD.encode() + b"|" * 500_000,
        HEAD.encode() + b"| a | \x1b[31m<script> | \xff\xfe | b | c | d |\n",
        HEAD.encode() + b"| a | b.py | 1 | c | d | e |\n" * 60_000,
        b"|" + b"-" * 1_200_000,
        bytes(rng.randbytes(MAX_BYTES // 4)),
        b"\0" * 1000,
    ):
        read = read_findings(content)
        assert len(read.faults) <= 10_000
        assert len(read.messages) <= 101
        assert "\x1b" not in "".join(map(str, read.messages))
