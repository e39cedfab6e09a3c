"""What the group file has to say, and what is refused with its row and column."""

from pathlib import Path

import pytest

from heldout.core.errors import BadInput
from heldout.evals.group_file import read_group_file

KNOWN = {"ada", "bea", "cyd", "dov"}


def read(folder: Path, text: str | bytes, asked=("ada", "bea", "cyd")):
    path = folder / "groups.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_group_file(path, asked=asked, known=KNOWN)


def test_groups_are_read_by_column_and_who_has_no_card_is_left_out(tmp_path: Path) -> None:
    rows = ['candidate,gender,"age  band"', 'ada,w,"40, or more"', "bea,m,under 40", "cyd,w, under  40 ", "dov,m,x", ""]
    text = "\ufeff" + "".join(f"{row}\r\n" for row in rows)

    found = read(tmp_path, text)

    assert found.columns == ("gender", "age band")
    assert found.rows == {"ada": ("w", "40, or more"), "bea": ("m", "under 40"), "cyd": ("w", "under 40")}


WRONG = {
    "an unknown candidate": ("candidate,group\nada,w\neve,m\n", "eve is no candidate", "row 3, column candidate"),
    "one twice": ("candidate,group\nada,w\nbea,m\nada,m\ncyd,w\n", "ada is there twice", "row 4, column candidate"),
    "one missing": ("candidate,group\nada,w\nbea,m\n", "cyd is missing", "column candidate"),
    "two missing": ("candidate,group\nada,w\n", "bea, cyd are missing", "column candidate"),
    "an empty group": ("candidate,group\nada,w\nbea, \ncyd,m\n", "an empty cell", "row 3, column group"),
    "an endless group": (f"candidate,group\nada,{'w' * 90}\n", "a group of 90 characters", "row 2, column group"),
    "a ragged row": ("candidate,group\nada,w,x\n", "the row has 3 cells", "row 2"),
    "no group column": ("candidate\nada\n", "the columns are candidate", "row 1"),
    "another first column": ("name,group\nada,w\n", "the columns are name, group", "row 1"),
    "a column twice": ("candidate,group,group\nada,w,w\n", "column 2 is called", "row 1"),
    "a column without a name": ("candidate,group,\nada,w,w\n", "column 3 is called", "row 1"),
    "no row": ("candidate,group\n", "has no row", "groups.csv"),
    "nothing": ("", "has no row", "groups.csv"),
    "no text": (b"candidate,group\nada,\xff\n", "no CSV in UTF-8", "groups.csv"),
    "an open quote": ('candidate,group\nada,"w\n', "no CSV in UTF-8", "groups.csv"),
    "too much": ("candidate,group\n" + "ada,w\n" * 200_000, "more than 1,000,000 bytes", "groups.csv"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused_with_its_row_and_column(tmp_path: Path, what: str) -> None:
    text, said, where = WRONG[what]
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text)
    assert said in refused.value.what
    assert where in refused.value.where


def test_too_many_groups_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(60)]
    path = tmp_path / "many.csv"
    path.write_text("candidate,group\n" + "".join(f"{name},g{name}\n" for name in names))
    with pytest.raises(BadInput, match="60 groups"):
        read_group_file(path, asked=names, known=set(names))
    with pytest.raises(BadInput, match="cannot be read"):
        read_group_file(tmp_path / "none.csv", asked=names, known=set(names))
