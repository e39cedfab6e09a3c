"""The hooks of a receiving repository: `pre-receive` judges and notes what is asked, the other what was done.

git runs this file by itself (`python -I`), so it imports nothing of Heldout. Each note is one line of JSON in
`heldout/journal.jsonl` of the repository, on the disk before the hook ends.
"""

import datetime as dt
import fcntl
import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["JOURNAL", "LOCK", "MAX_PER_PUSH", "MAX_REFS", "REF", "ZERO", "main"]

JOURNAL, LOCK = "heldout/journal.jsonl", "heldout/lock"
ZERO = "0" * 40
REF = re.compile(r"refs/(heads|tags)/[A-Za-z0-9][A-Za-z0-9._/+@#=-]{0,149}")
MAX_PER_PUSH = 100
MAX_REFS = 1_000
"""Branches and tags, at most."""
LONGEST = 1_000
SECONDS = 120


def main(arguments: list[str]) -> int:
    """Run one hook; `arguments` are its name and what git gave it."""
    directory = Path(os.environ.get("GIT_DIR", "."))
    if arguments[0] == "reference-transaction":
        _note_committed(directory)
        return 0
    return _judge_attempts(directory)


def _judge_attempts(directory: Path) -> int:
    lines = [line for _ in range(MAX_PER_PUSH + 1) if (line := sys.stdin.buffer.readline(LONGEST))]
    if len(lines) > MAX_PER_PUSH:
        why: dict[int, str] = {0: f"a push of more than {MAX_PER_PUSH} refs"}
        asked = [(ZERO, ZERO, "")]
    else:
        asked = [_split(line) for line in lines]
        room = MAX_REFS - _count("for-each-ref", "--format=x", "refs/heads", "refs/tags")
        room -= sum(old == ZERO for old, _, _ in asked)
        full = f"more than {MAX_REFS} branches and tags" if room < 0 else ""
        why = {place: reason for place, one in enumerate(asked) if (reason := _why_not(*one) or full)}
    refused = bool(why)
    size = _received_bytes()
    push = os.environ.get("HELDOUT_PUSH") or secrets.token_hex(8)
    notes: list[dict[str, object]] = []
    for place, (old, new, ref) in enumerate(asked):
        said = why.get(place, "another ref of the same push was refused") if refused else None
        commits = None if refused else _count("rev-list", "--max-count=10001", new, "--not", "--all")
        note: dict[str, object] = {
            "is": "attempt",
            "push": push,
            "process": os.getppid(),
            "at": dt.datetime.now(dt.UTC).isoformat(),
        }
        notes.append({**note, "old": old, "new": new, "ref": ref, "commits": commits, "bytes": size, "why": said})
        if said:
            print(f"{_shown(ref)} is refused: {said}" if ref else f"refused: {said}", file=sys.stderr)  # noqa: T201 - git shows it to the pusher
    _append(directory, notes)
    return int(refused)


def _note_committed(directory: Path) -> None:
    done = [_split(line) for line in iter(lambda: sys.stdin.buffer.readline(LONGEST), b"")]
    kept = [{"is": "committed", "old": old, "new": new, "ref": ref} for old, new, ref in done if REF.fullmatch(ref)]
    if kept:
        _append(directory, kept)


def _why_not(old: str, new: str, ref: str) -> str:
    if not REF.fullmatch(ref):
        return "only branches and tags with plain names are kept (refs/heads/..., refs/tags/...)"
    if new == ZERO:
        return "a deletion; what was pushed is kept"
    if old != ZERO and ref.startswith("refs/tags/"):
        return "a tag that was pushed stays where it is; choose another name"
    if not _git("rev-parse", "--verify", "--quiet", f"{new}^{{commit}}")[0]:
        return "it stands for no commit"
    if old != ZERO and not _git("merge-base", "--is-ancestor", old, new)[0]:
        return "a force push; history that was pushed is kept (git revert undoes, git merge joins)"
    return ""


def _split(line: bytes) -> tuple[str, str, str]:
    parts = line.decode("utf-8", errors="replace").rstrip("\n").split(" ", 2)
    old, new, ref = (*parts, "", "", "")[:3]
    return old, new, ref


def _received_bytes() -> int:
    folder = os.environ.get("GIT_QUARANTINE_PATH", "")
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) if folder else 0


def _git(*arguments: str) -> tuple[bool, str]:
    done = subprocess.run(["git", *arguments], capture_output=True, timeout=SECONDS, check=False)  # noqa: S607 - git puts itself on the PATH
    return done.returncode == 0, done.stdout.decode(errors="replace")


def _count(*arguments: str) -> int:
    return _git(*arguments)[1].count("\n")


def _shown(text: str) -> str:
    return ascii(text)[1:-1][:200]


def _append(directory: Path, notes: Sequence[Mapping[str, object]]) -> None:
    content = "".join(json.dumps(note) + "\n" for note in notes).encode()
    (directory / JOURNAL).parent.mkdir(exist_ok=True)
    with (directory / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with (directory / JOURNAL).open("ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
