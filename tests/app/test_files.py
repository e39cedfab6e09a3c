"""Files are written whole or not at all, through links, and never in the place of a device."""

import os
import stat
import threading
from pathlib import Path

import pytest

from heldout.app.files import replace_text
from heldout.core.errors import BadInput


def test_a_file_is_replaced_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.ics"
    path.write_text("old")
    replace_text(path, "BEGIN\r\nEND\r\n")
    assert path.read_bytes() == b"BEGIN\r\nEND\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "page.html").symlink_to(tmp_path / "there" / "page.html")
    replace_text(tmp_path / "page.html", "new")
    assert (tmp_path / "page.html").is_symlink()
    assert (tmp_path / "there" / "page.html").read_text() == "new"


def test_a_device_stays_one_and_a_pipe_is_written_to(tmp_path: Path) -> None:
    replace_text(Path(os.devnull), "nothing")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    pipe, heard = tmp_path / "pipe", []
    os.mkfifo(pipe)
    listener = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    listener.start()
    replace_text(pipe, "said")
    listener.join()
    assert heard == ["said"]


@pytest.mark.parametrize("kind", ["a folder", "a circle", "a full device", "below a file", "a name that is too long"])
def test_what_cannot_be_written_is_one_message_and_leaves_nothing(tmp_path: Path, kind: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    path = {
        "a folder": tmp_path / "folder",
        "a circle": tmp_path / "circle",
        "a full device": Path("/dev/full"),
        "below a file": tmp_path / "file" / "page.html",
        "a name that is too long": tmp_path / ("x" * 300),
    }[kind]
    with pytest.raises(BadInput, match="cannot be written") as caught:
        replace_text(path, "new")
    assert caught.value.mend == "name another file"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["circle", "file", "folder"]
    assert (tmp_path / "file").read_text() == "kept"
