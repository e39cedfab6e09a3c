"""The tree of one commit: as evidence in memory, or as plain files in a folder."""

import contextlib
import functools
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.repository import Repository
from heldout.tools.git.identity import tree_of_commit
from heldout.tools.git.objects import Objects
from heldout.tools.git.quarantine import quarantined

__all__ = ["commit_object", "export", "knows_commits", "notes", "snapshot"]

READ_BYTES = 1_000_000
"""Files above this are not read as evidence; a snapshot lists them as omitted."""

MAX_FILE_BYTES = 50_000_000
MAX_TOTAL_BYTES = 200_000_000
MAX_ENTRIES = 10_000
MAX_DEPTH = 40
MAX_PATH_BYTES = 1_000
MAX_COMMIT_BYTES = 1_000_000
MAX_TREE_BYTES = 10_000_000
MAX_CONTRACT_BYTES = 100_000
MAX_DOTS = 4_000
"""In a line of the contract: the time that Python's parser takes for a key grows with the square of its parts."""
FOLDER = "40000"
FILE_MODES = {"100644": 0o644, "100664": 0o644, "100755": 0o755}
ODD_MODES = {"120000": "a symbolic link", "160000": "a submodule"}
LFS = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: str
    mode: int
    content: bytes


def snapshot(path: Path, commit: str = "HEAD") -> tuple[Repository, str]:
    """Return the files of one commit of the repository at `path` as evidence, and the commit's full hash.

    Nothing of the repository is run, and its configuration is never read. Files above READ_BYTES are listed as
    omitted. Raises BadInput for what is no repository, and for a commit with links, submodules, odd names, or too
    much in it; InfrastructureFailure where git is not installed.
    """
    files: dict[str, bytes] = {}
    omitted: list[str] = []
    with _opened(path, commit) as (found, entries):
        for entry in entries:
            if len(entry.content) > READ_BYTES:
                omitted.append(entry.path)
            else:
                files[entry.path] = entry.content
    repository = Repository(
        commit=found,
        files=dict(sorted(files.items())),
        omitted=tuple(sorted(omitted)),
        submission=_contract(files.get("submission.toml")),
    )
    return repository, found


def export(path: Path, destination: Path, commit: str = "HEAD") -> str:
    """Write the files of one commit, without `.git`, into `destination`, and return the commit's full hash.

    `destination` does not exist yet, or is empty; it appears whole or not at all. Files are readable by everybody.
    Raises as `snapshot` does.
    """
    if os.path.lexists(destination) and not (destination.is_dir() and not any(destination.iterdir())):
        raise BadInput(f"{destination} is already there", expected="a folder that does not exist yet, or is empty")
    destination.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=destination.parent))
    try:
        with _opened(path, commit) as (found, entries):
            for entry in entries:
                _write(partial, entry)
        partial.chmod(0o755)
        partial.rename(destination)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return found


def commit_object(path: Path, commit: str = "HEAD") -> bytes:
    """Return the content of a commit object: tree, parents, people, times and message. Raises as `snapshot` does."""
    with quarantined(path) as git_directory, Objects(git_directory) as objects:
        return objects.read(objects.commit(commit), "commit", most=MAX_COMMIT_BYTES, path="the commit")


@contextlib.contextmanager
def knows_commits(path: Path) -> Iterator[Callable[[str], bool]]:
    """Yield what tells whether a hash, or the beginning of one, names a commit: one process for all of them."""
    with quarantined(path) as git_directory, Objects(git_directory) as objects:
        yield functools.cache(objects.is_commit)


def notes(path: Path, repository: Repository) -> tuple[str, ...]:
    """Return what a submitter should know about the work tree at `path`: a sentence per file, in order of path.

    Files of the commit that were changed or removed since, and files whose content is kept outside (Git LFS). Files
    that were never added are not looked for; of a bare repository nothing is said.
    """
    said = [
        f"{name} is a Git LFS pointer: its content is not part of the submission"
        for name, content in repository.files.items()
        if content.startswith(LFS)
    ]
    if (path / ".git").is_dir():
        for name, content in repository.files.items():
            now = _now(path / name)
            if now is None:
                said.append(f"{name} is in the commit, but no longer in the folder")
            elif now != content and not content.startswith(LFS):
                said.append(f"{name} has changes that are not in the commit")
    return tuple(sorted(said))


@contextlib.contextmanager
def _opened(path: Path, revision: str) -> Iterator[tuple[str, Iterator[_File]]]:
    with quarantined(path) as git_directory, Objects(git_directory) as objects:
        commit = objects.commit(revision)
        content = objects.read(commit, "commit", most=MAX_COMMIT_BYTES, path="the commit")
        tree = tree_of_commit(content)
        yield commit, _walk(objects, tree)


def _walk(objects: Objects, root: str) -> Iterator[_File]:
    entries, total = 0, 0
    waiting = [("", root, 0)]
    while waiting:
        folder, tree, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise BadInput(f"{folder} is too deep", expected=f"at most {MAX_DEPTH} folders in each other")
        content = objects.read(tree, "tree", most=MAX_TREE_BYTES, path=folder or "the tree")
        seen: set[str] = set()
        for mode, name, identity in _entries(content, len(root) // 2, folder):
            path = f"{folder}/{name}" if folder else name
            entries += 1
            if entries > MAX_ENTRIES:
                raise _over(
                    path, f"entry number {MAX_ENTRIES + 1:,} of the commit", f"{MAX_ENTRIES:,} files and folders"
                )
            if name in seen or len(path.encode()) > MAX_PATH_BYTES:
                raise BadInput(f"{path[:200]} is there twice or too long a path", mend="git fsck")
            seen.add(name)
            if mode == FOLDER:
                waiting.append((path, identity, depth + 1))
                continue
            if mode not in FILE_MODES:
                raise BadInput(
                    f"{path} is {ODD_MODES.get(mode, f'an entry of mode {mode}')}",
                    expected="regular files and folders only",
                    mend="commit the file itself in its place",
                )
            blob = objects.read(identity, "blob", most=MAX_FILE_BYTES, path=path)
            total += len(blob)
            if total > MAX_TOTAL_BYTES:
                raise _over(path, "over the whole commit's size", f"{MAX_TOTAL_BYTES:,} bytes")
            yield _File(path=path, mode=FILE_MODES[mode], content=blob)


def _over(path: str, what: str, most: str) -> BadInput:
    return BadInput(
        f"{path} is {what}",
        expected=f"at most {most}",
        mend="remove data, models and outputs from the commit (git rm --cached, .gitignore)",
    )


def _entries(content: bytes, width: int, folder: str) -> Iterator[tuple[str, str, str]]:
    at = 0
    while at < len(content):
        space, null = content.find(b" ", at), content.find(b"\0", at)
        if not at < space < null or null + 1 + width > len(content):
            raise BadInput(f"the tree of {folder or 'the commit'} is damaged", mend="git fsck")
        mode = content[at:space].decode("ascii", errors="replace")
        yield mode.lstrip("0"), _name(content[space + 1 : null], folder), content[null + 1 : null + 1 + width].hex()
        at = null + 1 + width


def _name(raw: bytes, folder: str) -> str:
    """Return an entry's name, when it is one that every file system, terminal and page can show as it is."""
    shown = ascii(raw.decode("utf-8", errors="replace"))[1:-1][:200]
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = ""
    if not name or not name.isprintable() or "/" in name or len(raw) > 255:
        raise BadInput(
            f"the name {shown} in {folder or 'the top folder'} cannot be used",
            expected="names in UTF-8, at most 255 bytes, without control characters",
            mend="rename the file",
        )
    if name in (".", "..") or name.lower().rstrip(". ") in (".git", "git~1"):
        raise BadInput(f"the name {shown} in {folder or 'the top folder'} is not allowed", mend="remove it")
    return name


def _write(directory: Path, entry: _File) -> None:
    target = directory / entry.path
    for folder in reversed(target.relative_to(directory).parents[:-1]):
        if not (directory / folder).is_dir():
            (directory / folder).mkdir()
            (directory / folder).chmod(0o755)
    try:
        with target.open("xb") as writer:
            writer.write(entry.content)
    except FileExistsError:
        raise BadInput(f"{entry.path} is there twice, on this file system", mend="rename one of them") from None
    target.chmod(entry.mode)


def _now(path: Path) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    with os.fdopen(descriptor, "rb") as reader:
        try:
            return reader.read(READ_BYTES + 1)
        except OSError:
            return None


def _contract(content: bytes | None) -> dict[str, object] | None:
    if content is None:
        return None
    if len(content) > MAX_CONTRACT_BYTES:
        raise BadInput("submission.toml is too large", expected=f"at most {MAX_CONTRACT_BYTES:,} bytes")
    if any(line.count(b".") > MAX_DOTS for line in content.split(b"\n")):
        raise BadInput("submission.toml is not TOML: a key has too many parts", mend="see docs/guide/submission.md")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadInput("submission.toml is not UTF-8", where=f"byte {error.start}", mend="save it as UTF-8") from None
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, a number of thousands of digits, nesting
        raise BadInput(f"submission.toml is not TOML: {error}", mend="see docs/guide/submission.md") from None
