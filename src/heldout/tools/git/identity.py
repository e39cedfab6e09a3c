"""What git calls a tree or a commit, worked out from plain files, so that a bundle can be held to its commit."""

import hashlib
import stat
from pathlib import Path

__all__ = ["object_name", "tree_name", "tree_of_commit"]

WIDTH_SHA256 = 64


def object_name(kind: str, content: bytes, *, like: str) -> str:
    """Return the name of a git object; `like` is a name of the repository's hash, SHA-1 or SHA-256."""
    algorithm = hashlib.sha256 if len(like) == WIDTH_SHA256 else hashlib.sha1
    return algorithm(f"{kind} {len(content)}\0".encode() + content).hexdigest()  # git's own hash, not a signature


def tree_name(folder: Path, *, like: str) -> str:
    """Return git's name of a folder of regular files; empty folders are not there for git."""
    entries = []
    for path in folder.iterdir():
        if path.is_dir():
            if any(inner.is_file() for inner in path.rglob("*")):
                entries.append((f"{path.name}/", "40000", path.name, tree_name(path, like=like)))
        else:
            mode = "100755" if path.stat().st_mode & stat.S_IXUSR else "100644"
            entries.append((path.name, mode, path.name, object_name("blob", path.read_bytes(), like=like)))
    ordered = sorted(entries, key=lambda entry: entry[0].encode())
    content = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(found) for _, mode, name, found in ordered)
    return object_name("tree", content, like=like)


def tree_of_commit(content: bytes) -> str:
    """Return the tree that the content of a commit object names."""
    return content.split(b"\n", 1)[0].removeprefix(b"tree ").decode("ascii", errors="replace")
