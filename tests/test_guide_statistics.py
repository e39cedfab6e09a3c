"""The programs that the guide to statistics shows run, and every function that it names exists."""

import re
from pathlib import Path

import pytest

from heldout import stats

GUIDE = (Path(__file__).parents[1] / "docs" / "guide" / "statistics.md").read_text(encoding="utf-8")
BY_HAND = GUIDE.partition("## Reference")[0]
PROGRAMS = re.findall(r"```python\n(.*?)```", BY_HAND, re.DOTALL)


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_a_program_of_the_guide_runs(number, capsys):
    exec(compile(PROGRAMS[number], f"program {number + 1} of the guide", "exec"), {})
    printed = capsys.readouterr().out
    assert printed
    assert "None" not in printed


def test_the_guide_names_only_functions_that_exist():
    rows = [line for line in BY_HAND.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) > 12
    named = {name for row in rows for name in re.findall(r"`([a-z_0-9]+)[(`]", row.split("|")[2])}
    parameters = {"cluster"}
    assert [name for name in named - parameters if not hasattr(stats, name)] == []
