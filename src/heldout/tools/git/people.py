"""Who is named in a repository's history: authors, committers, and those whom messages name with an address."""

import re
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from heldout.tools.git.objects import Objects
from heldout.tools.git.quarantine import quarantined

__all__ = ["People", "people"]

MAX_COMMITS = 5_000
MAX_COMMIT_BYTES = 1_000_000
MOST = 200
"""Names, and addresses, that are kept."""
SIGNED = re.compile(r"^(?:author |committer |[A-Za-z-]{2,30}-by: ?)([^<\n]{0,200})<([^>\n]{0,200})>", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Names and e-mail addresses, each once; `is_whole` is False where a bound left some of the history unread."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]
    is_whole: bool


def people(path: Path, commit: str = "HEAD") -> People:
    """Return who is named in the commits that `commit` reaches. Raises as `snapshot` does."""
    names: dict[str, None] = {}
    addresses: dict[str, None] = {}
    with quarantined(path) as git_directory, Objects(git_directory) as objects:
        waiting = deque([objects.commit(commit)])
        seen: set[str] = set()
        while waiting and len(seen) < MAX_COMMITS:
            name = waiting.popleft()
            if name in seen:
                continue
            seen.add(name)
            content = objects.read(name, "commit", most=MAX_COMMIT_BYTES, path=f"commit {name[:12]}")
            text = content.decode("utf-8", errors="replace")
            head = text.partition("\n\n")[0].split("\n")
            waiting.extend(line.removeprefix("parent ") for line in head if line.startswith("parent "))
            for who, address in SIGNED.findall(text):
                names[who.strip()] = None
                addresses[address.strip()] = None
    is_whole = not waiting and len(names) <= MOST and len(addresses) <= MOST
    return People(
        names=tuple(name for name in names if name)[:MOST],
        addresses=tuple(address for address in addresses if address)[:MOST],
        is_whole=is_whole,
    )
