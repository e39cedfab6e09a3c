"""Every command that README.md shows is run, and prints what README.md says it prints."""

from pathlib import Path

from tests.pages import ROOT, examples, matches, run_examples

README = ROOT / "README.md"


def test_every_command_of_the_readme_prints_what_the_readme_says(tmp_path: Path) -> None:
    assert len(examples(README)) >= 4, "the README shows an example of each door"
    run_examples(README, tmp_path, links=("examples",))


def test_three_dots_stand_for_any_lines_and_for_nothing_else():
    assert matches(["a", "...", "d"], ["a", "b", "c", "d"])
    assert matches(["a", "...", "d"], ["a", "d"])
    assert not matches(["a", "...", "d"], ["a", "b", "c"])
    assert not matches(["a (b) 1.0"], ["a (b) 1x0"])
    assert matches(["a", "...", "b", "...", "b"], ["a", "b", "b"])
    assert not matches(["a", "...", "b", "...", "b"], ["a", "b"])
    assert matches(["...", "c", "..."], ["a", "b", "c"])
    assert not matches(["...", "..."] * 20 + ["z"], ["a"] * 200)
