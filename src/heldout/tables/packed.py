"""The text of a file that may be gzipped or zipped: as a whole where it is small, else as a stream."""

import contextlib
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from heldout.core.errors import BadInput

__all__ = ["Text"]


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file that begins with these bytes."""

    path: Path
    start: bytes

    @contextlib.contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Open the text from its beginning. What cannot be unpacked raises BadInput, also later on."""
        with self.path.open("rb") as file:
            if self.start.startswith(b"\x1f\x8b"):
                with gzip.open(file) as unpacked:
                    yield cast(IO[bytes], _Guarded(cast(IO[bytes], unpacked), self.path, "gzip"))
            elif self.start.startswith(b"PK\x03\x04"):
                with _broken_said(self.path, "zip"):
                    archive = zipfile.ZipFile(file)
                    member = archive.open(_only_member(archive, self.path))
                with archive, member:
                    yield cast(IO[bytes], _Guarded(member, self.path, "zip"))
            else:
                yield file

    def content(self, bound: int, factor: int, size: int) -> bytes | None:
        """Return all of the text, or None where `factor` times its bytes are more than `bound`."""
        is_packed = self.start.startswith((b"\x1f\x8b", b"PK\x03\x04"))
        if not is_packed and size * factor > bound:
            return None
        most = bound // factor
        with self.opened() as file:
            content = file.read(most + 1) if is_packed else file.read()
        return None if len(content) > most and is_packed else content


class _Guarded(io.BufferedIOBase):
    """A stream out of an archive: what cannot be unpacked raises BadInput."""

    def __init__(self, file: IO[bytes], path: Path, kind: str) -> None:
        super().__init__()
        self.file, self.path, self.kind = file, path, kind

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        with _broken_said(self.path, self.kind):
            return self.file.read(-1 if size is None else size)

    def read1(self, size: int = -1) -> bytes:
        return self.read(size if size >= 0 else 2**20)


def _only_member(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) != 1:
        raise BadInput(
            f"the zip archive holds {len(members)} files",
            where=str(path),
            expected="one CSV file inside",
            mend="unpack it and name one",
        )
    return members[0]


@contextlib.contextmanager
def _broken_said(path: Path, kind: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise BadInput(
            f"the {kind} file cannot be unpacked: {error}",
            where=str(path),
            expected=f"a whole {kind} file without a password",
            mend="write or copy it again",
        ) from error
