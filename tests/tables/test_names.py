"""Lists of names, from a text file or from a brief."""

import pytest

from heldout.core.errors import BadInput
from heldout.tables import read_names


def test_names_are_read_from_lines_commas_and_quotes_but_not_from_comments(tmp_path):
    path = tmp_path / "known.txt"
    path.write_text("# known\nhour, 'carrier'\n\"origin\"\n", encoding="utf-8")
    assert read_names(path) == {"hour", "carrier", "origin"}


def test_names_are_read_from_a_brief(tmp_path):
    path = tmp_path / "brief.toml"
    path.write_text('[data]\nknown_at_prediction = ["hour", "carrier"]\n', encoding="utf-8")
    assert read_names(path) == {"hour", "carrier"}


@pytest.mark.parametrize("text", ["", "[data]\n", "[data]\nknown_at_prediction = [1]\n", "data = 1\n", "[data\n"])
def test_a_brief_that_names_none_is_refused(text, tmp_path):
    path = tmp_path / "brief.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="known when a prediction is made"):
        read_names(path)
