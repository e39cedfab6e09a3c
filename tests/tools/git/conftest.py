"""A repository to submit, made by git itself, and git as anybody would call it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]

WHO = {"NAME": "Ada", "EMAIL": "ada@example.org", "DATE": "2024-01-01T00:00:00Z"}


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Return `git(*arguments, cwd=..., stdin=...)` -> stdout, without this machine's configuration."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO.items()},
    }

    def call(*arguments: str, cwd: Path, stdin: bytes = b"") -> str:
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=cwd,
            env=environment,
            input=stdin,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    return call


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Path:
    """A work tree with one commit: a program, a script in a folder, and a contract."""
    path = tmp_path / "submission"
    (path / "tools").mkdir(parents=True)
    (path / "train.py").write_text("print('train')\n")
    (path / "tools" / "run.sh").write_text("#!/bin/sh\n")
    (path / "tools" / "run.sh").chmod(0o755)
    (path / "submission.toml").write_text('[build]\nlock = "requirements.lock"\n')
    git("init", "--quiet", "--initial-branch=main", cwd=path)
    git("add", "--all", cwd=path)
    git("commit", "--quiet", "--message=First", cwd=path)
    return path
