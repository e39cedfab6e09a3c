from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.evals import tiny


@pytest.mark.parametrize("what", ["gone", "empty", "file", "list"])
def test_what_is_no_bundle_is_refused_on_one_screen(heldout_in_a_folder: Run, tmp_path: Path, what: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "bundle.json").write_text("{")

    code, out, err = heldout_in_a_folder("eval", "walkthrough", tmp_path / what)

    assert (code, out) == (2, "")
    assert "bundle" in err
    assert len(err.splitlines()) < 8
    assert not (tmp_path / "walkthrough").exists()


def test_an_eval_without_a_name_or_with_an_unknown_one_is_refused(heldout_in_a_folder: Run, tmp_path: Path) -> None:
    tiny.write_eval(tmp_path / "eval", rows=100, days=10)
    (tmp_path / "eval" / "record" / "ada").mkdir(parents=True)

    for arguments, expected in (((), "the folder of an eval"), (("bob",), "bob")):
        code, out, err = heldout_in_a_folder("eval", "walkthrough", "eval", *arguments)
        assert (code, out) == (2, "")
        assert expected in err


def test_a_bundle_of_what_was_not_graded_is_refused(heldout_in_a_folder: Run, tmp_path: Path) -> None:
    brief = tiny.write_eval(tmp_path / "eval", rows=100, days=10)
    tiny.write_repository(tmp_path / "work", tiny.tree())

    code, out, err = heldout_in_a_folder(
        "eval", "bundle", brief.parent, "work", "--graded", "cards", "--kind", "sealed", "--out", "bundle"
    )

    assert (code, out) == (2, "")
    assert "not graded yet" in err
    assert not (tmp_path / "bundle").exists()
