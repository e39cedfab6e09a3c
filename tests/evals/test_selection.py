"""Selection rates: their intervals, what is undefined, and what would tell of single persons."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.core.selection import LEAST
from heldout.evals.group_file import GroupFile
from heldout.evals.selection import group_rates, hidden_cells
from heldout.stats import newcombe, risk_ratio_score, wilson


def rates(*groups: tuple[tuple[str, ...], int, int]):
    """Return the rates of groups given as (values, people, selected)."""
    rows, selected = {}, set()
    for values, people, chosen in groups:
        for number in range(people):
            name = f"{'-'.join(values)}-{number}"
            rows[name] = values
            selected |= {name} if number < chosen else set()
    columns = tuple(f"column {at}" for at in range(len(groups[0][0])))
    return group_rates(GroupFile(columns=columns, rows=rows), selected)


def test_rates_ratios_and_differences_have_their_intervals() -> None:
    (found,) = rates((("a",), 20, 12), (("b",), 10, 3))

    first, second = found.groups
    assert (first.is_highest, first.ratio.value, first.ratio.low, first.is_below) == (True, 1.0, None, False)
    assert second.rate == wilson(3, 10)
    assert second.ratio == risk_ratio_score(3, 10, 12, 20)
    assert second.difference == newcombe(3, 10, 12, 20)
    assert (second.is_below, second.says) == (True, "below four fifths of the highest rate")
    assert (found.n, found.selected) == (30, 15)


def test_nobody_selected_is_undefined_and_not_0() -> None:
    (found,) = rates((("a",), 9, 0), (("b",), 8, 0))

    for group in found.groups:
        assert group.ratio.value is None
        assert group.is_below is None
        assert "no ratio" in group.says
        assert group.rate.high > 0.2


def test_four_fifths_itself_is_not_below_it() -> None:
    (found,) = rates((("a",), 10, 5), (("b",), 10, 4))
    assert [group.is_below for group in found.groups] == [False, False]


def test_a_group_of_four_is_not_shown_and_does_not_follow_from_the_others() -> None:
    (found,) = rates((("a",), 30, 12), (("b",), 9, 3), (("c",), 4, 0))

    shown = {group.group: group.n for group in found.groups}
    assert shown == {"a": 30, "b": None, "c": None}, "with b shown, c would be the rest"
    assert [group.says[:14] for group in found.groups if group.n is None] == ["too few to say"] * 2
    assert (found.n, found.selected) == (43, 15)


def test_two_small_groups_that_make_five_together_take_no_other_with_them() -> None:
    (found,) = rates((("a",), 30, 12), (("b",), 3, 1), (("c",), 2, 0))
    assert {group.group: group.n for group in found.groups} == {"a": 30, "b": None, "c": None}


def test_two_columns_are_crossed_and_small_cells_follow_from_no_margin() -> None:
    cells = [(("w", "old"), 20, 5), (("w", "young"), 2, 2), (("m", "old"), 20, 10), (("m", "young"), 20, 8)]

    one, two, crossed = rates(*cells)

    assert crossed.column == "column 0 and column 1"
    assert {group.n for group in one.groups} == {22, 40}
    assert {group.n for group in two.groups} == {22, 40}
    assert {group.n for group in crossed.groups} == {None}, "each of the four would tell the small one"


def test_three_columns_are_not_crossed() -> None:
    cells = [(values, 6, 3) for values in itertools.product("ab", "cd", "ef")]
    assert [found.column for found in rates(*cells)] == ["column 0", "column 1", "column 2"]


@given(sizes=st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=4), min_size=2, max_size=4))
def test_no_small_cell_is_shown_or_follows_from_the_margins_by_subtraction(sizes: list[list[int]]) -> None:
    cells = {(str(row), str(at)): n for row, line in enumerate(sizes) for at, n in enumerate(line) if n}
    if not cells:
        return
    totals = [set(cells)]
    totals += [{cell for cell in cells if cell[side] == name} for side in (0, 1) for name in {c[side] for c in cells}]

    hidden = hidden_cells(cells, totals)

    assert {cell for cell, n in cells.items() if n < LEAST} <= hidden
    known = {cell for cell in cells if cell not in hidden}
    for total in totals:  # subtract what is known, again and again, as a reader would
        rest = total - known
        if len(rest) == 1 and cells[next(iter(rest))] < LEAST:
            assert set(cells) == hidden
        if rest and len(known) > 0 and total - hidden:
            assert sum(cells[cell] for cell in rest) >= LEAST


@pytest.mark.parametrize("people", [1, 4])
def test_a_single_small_group_is_all_that_there_is_and_stays_hidden(people: int) -> None:
    (found,) = rates((("a",), people, 1))
    assert [group.n for group in found.groups] == [None]
