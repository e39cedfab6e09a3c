import pytest
from tests.repositories import repository_of

from heldout.core.makefile import find_makefile, has_more_targets, recipes

TEXT = """\
BIN := bin
X = a:b
.PHONY: test lint
test lint: build ; echo start
\t@$(BIN)/pytest \\
\t  -q
\t-rm x
# a comment
build:
\tmake all
value
\tnot a recipe
"""


def test_targets_have_their_lines_and_those_of_what_they_need():
    found = recipes(TEXT)
    assert found["build"] == ("make all",)
    assert found["test"] == found["lint"] == ("make all", "echo start", "$(BIN)/pytest  \t  -q", "rm x")
    assert "BIN" not in found
    assert "X" not in found


@pytest.mark.parametrize("text", ["include other.mk\n", "-include x\n", "%.pdf: %.md\n\tpandoc\n"])
def test_targets_that_may_be_elsewhere_are_told(text):
    assert has_more_targets(text)
    assert not has_more_targets(TEXT)


def test_a_makefile_is_found_as_make_does():
    assert find_makefile(repository_of({"Makefile": "", "GNUmakefile": ""})) == "GNUmakefile"
    assert find_makefile(repository_of({"a/makefile": ""}), "a") == "a/makefile"
    assert find_makefile(repository_of({"a.mk": ""})) is None


@pytest.mark.parametrize("text", ["a" * 200_000, "a: " * 50_000, "a " * 100_000 + ":", "\t" * 100_000, ":" * 100_000])
def test_a_hostile_makefile_is_read_in_bounded_time(text):
    recipes(text)
    has_more_targets(text)
