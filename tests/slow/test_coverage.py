"""Each method keeps its promise in worlds with a known truth; `python -m benchmarks coverage` prints the table."""

import pytest
from benchmarks.simulation.cells import coverage_cells, error_cells
from benchmarks.simulation.tally import Cell, broken_promise, tally_of

from heldout.core.estimate import counted

COVERED, TESTED = coverage_cells(), error_cells()

pytestmark = pytest.mark.slow


def once(cells):
    """Return the cells, each with its name as the test's; no name stands for two."""
    names = [cell.name for cell in cells]
    assert len(set(names)) == len(names)
    return pytest.mark.parametrize("cell", cells, ids=names)


@once(COVERED)
def test_an_interval_covers_as_promised(cell):
    assert broken_promise(tally_of(cell), len(COVERED)) is None


@once(TESTED)
def test_a_true_null_is_rejected_as_rarely_as_promised(cell):
    assert broken_promise(tally_of(cell), len(TESTED)) is None


@pytest.mark.parametrize("kind", ["guaranteed", "approximate", "test"])
def test_a_method_that_breaks_its_promise_is_told(kind):
    world = COVERED[0].world
    wrong = Cell(
        method="wrong",
        kind=kind,
        world=world,
        asks=lambda *_: 0.01 if kind == "test" else counted(2.0, n=1),
        worlds=200,
    )
    assert broken_promise(tally_of(wrong), len(COVERED))
