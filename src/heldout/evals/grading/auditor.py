"""The process that puts the checks to a submission's files: parsing hostile text may cost any memory or time.

Runs in a process of its own (`sandbox.own`), without labels.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from heldout.core.repository import Repository
from heldout.engine import catalog, run
from heldout.sandbox import serve
from heldout.tools.git.commit import READ_BYTES

__all__ = ["answer", "read_files"]


def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the `checks` (codes) find in the files below `tree`, those of `commit`."""
    chosen = [check for check in catalog() if check.code in request["checks"]]
    repository = read_files(Path(request["tree"]), request["commit"])
    return {"findings": [asdict(finding) for finding in run(chosen, {"repository": repository})]}


def read_files(tree: Path, commit: str) -> Repository:
    """Return the files below `tree`, those of `commit`; contents that are too large are left out and named."""
    paths = {path.relative_to(tree).as_posix(): path for path in tree.rglob("*") if path.is_file()}
    sizes = {name: path.stat().st_size for name, path in sorted(paths.items())}
    files = {name: paths[name].read_bytes() for name, size in sizes.items() if size <= READ_BYTES}
    return Repository(
        commit=commit,
        files=files,
        omitted=tuple(name for name, size in sizes.items() if size > READ_BYTES),
        submission=tomllib.loads(files["submission.toml"].decode()) if "submission.toml" in files else None,
    )


if __name__ == "__main__":
    serve(answer)
