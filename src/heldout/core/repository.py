"""A submission's tree as evidence: names and bytes, read once, never run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["Repository", "shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """The files of one commit: path (POSIX, relative) to bytes, with `omitted` paths that were too large to read.

    `submission` is the parsed `submission.toml` as plain data, or None where there is none.
    """

    commit: str
    files: Mapping[str, bytes]
    omitted: tuple[str, ...] = ()
    submission: Mapping[str, object] | None = None

    def text(self, path: str) -> str | None:
        """Return the file's text with undecodable bytes replaced, or None when it is not there."""
        content = self.files.get(path)
        return None if content is None else content.decode("utf-8", errors="replace")

    def command(self, phase: str) -> tuple[str, ...]:
        """Return the argv that `submission.toml` gives for a phase ("train", "predict"); empty when it gives none."""
        table = (self.submission or {}).get(phase)
        command = table.get("command") if isinstance(table, Mapping) else None
        return tuple(str(word) for word in command) if isinstance(command, list | tuple) else ()

    def matching(self, *suffixes: str) -> Iterator[str]:
        """Yield the sorted paths that end in one of `suffixes`, case-insensitively."""
        yield from (path for path in sorted(self.files) if path.lower().endswith(suffixes))


def shown(text: str, most: int = 100) -> str:
    """Return a name or a line out of a repository as a claim quotes it: printable ASCII, `most` characters at most."""
    return ascii(text)[1:-1][:most]
