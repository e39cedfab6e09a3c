"""The history of a repository as evidence: its commits, and every content that any of them brought, within bounds."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from heldout.core.collaboration_evidence import CommitFacts, History, PastFile
from heldout.core.errors import BadInput
from heldout.tools.git.objects import Objects
from heldout.tools.git.quarantine import quarantined

__all__ = ["history"]

MAX_COMMITS = 5_000
MAX_TIPS = 100
MAX_COMMIT_BYTES = 100_000
MAX_TREES = 50_000
MAX_TREE_BYTES = 10_000_000
MAX_FILES = 20_000
READ_BYTES = 1_000_000
"""Contents above this are counted and not read."""
MAX_TOTAL_BYTES = 50_000_000
"""Of contents, all together; the oldest first."""
MAX_DEPTH = 40
FOLDER = b"40000"
FILES = (b"100644", b"100664", b"100755")
MOST_SECONDS = 253_402_300_799
"""The last second of the year 9999; what states a later one states no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commit:
    name: str
    tree: str
    parents: tuple[str, ...]
    stated: int | None


def history(path: Path, tips: Sequence[str] = ("HEAD",)) -> History:
    """Return the commits that `tips` (HEAD, branches, tags, hashes) reach, oldest first, and what they brought.

    Nothing of the repository is run, and its configuration is never read. No names or addresses of people are kept.
    What is over the bounds is left out and said, the newest commits and the largest contents first; links and
    submodules have no content. Raises BadInput for what is no repository, or is damaged; InfrastructureFailure where
    git is not installed.
    """
    with quarantined(path) as git_directory, Objects(git_directory) as objects:
        named = [objects.commit(tip) for tip in tips[:MAX_TIPS]]
        walk = _Walk(objects=objects)
        if len(tips) > MAX_TIPS:
            walk.omitted.append(f"{len(tips) - MAX_TIPS:,} of the references were not followed.")
        commits = walk.commits(named)
        facts = [walk.facts(commit) for commit in commits]
        return History(commits=tuple(facts), files=walk.files(named[0], commits), omitted=tuple(walk.omissions()))


@dataclass(slots=True, kw_only=True)
class _Walk:
    """Reads commits, trees and contents, each once, and counts what it left out."""

    objects: Objects
    omitted: list[str] = field(default_factory=list)
    found: dict[str, PastFile] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    trees: set[str] = field(default_factory=set)
    total: int = 0
    large: int = 0
    left: int = 0
    left_trees: int = 0

    def commits(self, tips: Sequence[str]) -> list[_Commit]:
        """Return the commits that the tips reach, each after its parents, as far as the bound lets them be read."""
        found: dict[str, _Commit] = {}
        waiting = deque(dict.fromkeys(tips))
        while waiting and len(found) < MAX_COMMITS:
            name = waiting.popleft()
            if name not in found:
                found[name] = self._commit(name)
                waiting.extend(parent for parent in found[name].parents if parent not in found)
        if any(name not in found for name in waiting):
            self.omitted.append(f"Commits older than the last {MAX_COMMITS:,} were not read.")
        return list(_parents_first(found))

    def facts(self, commit: _Commit) -> CommitFacts:
        """Read what a commit brought that none before it had, and return what can be said of the commit."""
        files, new_bytes = 0, 0
        for path, blob in self._new_blobs(commit.tree):
            files += 1
            new_bytes += self._keep(path, blob, commit.name)
        return CommitFacts(
            commit=commit.name,
            parents=commit.parents,
            stated=commit.stated,
            received=None,
            new_files=files,
            new_bytes=new_bytes,
        )

    def files(self, tip: str, commits: Sequence[_Commit]) -> tuple[PastFile, ...]:
        """Return all contents that were read, and say of each whether the tip still has it."""
        self.trees.clear()
        left = self.left_trees
        tree = next((commit.tree for commit in commits if commit.name == tip), None)
        current = {blob for _, blob in self._blobs(tree)} if tree else set()
        self.left_trees = left
        return tuple(replace(file, is_current=blob in current) for blob, file in self.found.items())

    def omissions(self) -> Iterator[str]:
        """Yield what was left out, in sentences."""
        yield from self.omitted
        if self.large:
            yield f"{self.large:,} contents above {READ_BYTES:,} bytes were not read."
        if self.left:
            yield f"{self.left:,} contents were left out, above {MAX_TOTAL_BYTES:,} bytes or {MAX_FILES:,} in all."
        if self.left_trees:
            yield f"{self.left_trees:,} folders were left out, above {MAX_TREES:,} in all or {MAX_DEPTH} deep."

    def _commit(self, name: str) -> _Commit:
        body = self.objects.read(name, "commit", most=MAX_COMMIT_BYTES, path=f"commit {name[:12]}")
        head = body.split(b"\n\n", 1)[0].split(b"\n")
        said = [line.split(b" ", 1) for line in head if b" " in line]
        parents = tuple(rest.decode("ascii", errors="replace") for key, rest in said if key == b"parent")
        tree = next((rest.decode("ascii", errors="replace") for key, rest in said if key == b"tree"), "")
        committer = next((rest for key, rest in said if key == b"committer"), b"")
        return _Commit(name=name, tree=tree, parents=parents, stated=_seconds(committer))

    def _new_blobs(self, tree: str) -> Iterator[tuple[str, str]]:
        for path, blob in self._blobs(tree):
            if blob not in self.sizes:
                self.sizes[blob] = 0
                yield path, blob

    def _blobs(self, root: str) -> Iterator[tuple[str, str]]:
        """Yield (path, blob) of the files in a tree; folders that were seen before are not walked again."""
        waiting = [("", root, 0)]
        while waiting:
            folder, tree, depth = waiting.pop()
            if tree in self.trees:
                continue
            if depth > MAX_DEPTH or len(self.trees) >= MAX_TREES:
                self.left_trees += 1
                continue
            self.trees.add(tree)
            content = self.objects.read(tree, "tree", most=MAX_TREE_BYTES, path=folder or "the tree")
            for mode, name, identity in _entries(content, len(root) // 2):
                path = f"{folder}/{name}" if folder else name
                if mode == FOLDER:
                    waiting.append((path, identity, depth + 1))
                elif mode in FILES:
                    yield path, identity

    def _keep(self, path: str, blob: str, commit: str) -> int:
        """Read a content and return its size in bytes; 0 for one that is left out for the number of them."""
        if len(self.found) >= MAX_FILES or self.total >= MAX_TOTAL_BYTES:
            self.left += 1
            return 0
        size, content = self.objects.read_small(blob, "blob", most=READ_BYTES, path=path)
        self.total += size
        if content is None:
            self.large += 1
        else:
            self.found[blob] = PastFile(path=path, commit=commit, content=content, is_current=False)
        return size


def _parents_first(found: dict[str, _Commit]) -> Iterator[_Commit]:
    """Yield commits so that each comes after its parents; among those that could come, the one stated earliest."""
    done: set[str] = set()
    for first in sorted(found.values(), key=lambda commit: (commit.stated or 0, commit.name)):
        stack = [(first, iter(first.parents))]
        if first.name in done:
            continue
        done.add(first.name)
        while stack:
            commit, parents = stack[-1]
            parent = next((name for name in parents if name in found and name not in done), None)
            if parent is None:
                stack.pop()
                yield commit
            else:
                done.add(parent)
                stack.append((found[parent], iter(found[parent].parents)))


def _entries(content: bytes, width: int) -> Iterator[tuple[bytes, str, str]]:
    """Yield (mode, name, object) of a tree. Names are evidence here and make no files, so that odd ones may pass."""
    at = 0
    while at < len(content):
        space, null = content.find(b" ", at), content.find(b"\0", at)
        if not at < space < null or null + 1 + width > len(content):
            raise BadInput("a tree of the history is damaged", expected="a sound repository", mend="git fsck")
        name = content[space + 1 : null][:255].decode("utf-8", errors="replace")
        yield content[at:space].lstrip(b"0"), name, content[null + 1 : null + 1 + width].hex()
        at = null + 1 + width


def _seconds(line: bytes) -> int | None:
    """Return the time in a line `name <address> seconds offset`, or None."""
    words = line.rsplit(b" ", 2)
    text = words[1] if len(words) == 3 else b""
    seconds = int(text) if text.isdigit() and len(text) <= 12 else None
    return seconds if seconds is not None and seconds <= MOST_SECONDS else None
