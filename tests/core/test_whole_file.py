"""A file is there whole or not at all, and a write that fails leaves nothing beside it."""

from pathlib import Path

import pytest

from heldout.core.whole_file import write_whole, written_beside


def test_the_new_file_takes_the_old_ones_place_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "made" / "file"
    write_whole(path, b"old")
    assert path.stat().st_mode & 0o777 == 0o600
    write_whole(path, b"new", mode=0o644)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o644)
    assert [one.name for one in path.parent.iterdir()] == ["file"]


def test_until_the_block_ends_the_old_file_stands(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with written_beside(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_write_that_is_broken_off_leaves_the_old_file_and_no_part(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def broken_off() -> None:
        with written_beside(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        broken_off()
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
