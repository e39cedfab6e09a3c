"""A bare repository that others push to: hardened, with our hooks, nothing in it ever thrown away."""

import os
import shlex
import shutil
import sys
from pathlib import Path

from heldout.core.errors import BadInput, InfrastructureFailure
from heldout.tools import process
from heldout.tools.git import push_hook
from heldout.tools.git.push_hook import MAX_REFS, REF, ZERO

__all__ = [
    "DEFAULT_BRANCH",
    "ENVIRONMENT",
    "MAX_PUSH_BYTES",
    "commits_between",
    "keep",
    "kept",
    "make_receiver",
    "refs",
    "size_of",
]

MAX_PUSH_BYTES = 200_000_000
SECONDS = 60
DEFAULT_BRANCH = "refs/heads/main"
PUBLIC = ("refs/heads", "refs/tags")
AUDIT = "refs/audit"
"""Where each tip that was ever pushed stays, hidden from those who fetch."""
CONFIG = f"""[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
	logAllRefUpdates = always
	fsync = all
	packedGitWindowSize = 16m
	packedGitLimit = 256m
	bigFileThreshold = 16m
[receive]
	denyNonFastForwards = true
	denyDeletes = true
	fsckObjects = true
	maxInputSize = {MAX_PUSH_BYTES}
	unpackLimit = 1
	autogc = false
	advertisePushOptions = false
[transfer]
	hideRefs = {AUDIT}
	fsckObjects = true
[gc]
	auto = 0
	pruneExpire = never
	reflogExpire = never
	reflogExpireUnreachable = never
	worktreePruneExpire = never
[maintenance]
	auto = false
[http]
	receivepack = true
	uploadpack = true
	getanyfile = false
[pack]
	threads = 1
	windowMemory = 64m
	deltaCacheSize = 64m
"""
HOOK = """#!/bin/sh
{guard}exec {python} -I -S {script} {name} "$@"
"""
GUARDS = {"pre-receive": "", "reference-transaction": '[ "$1" = committed ] || exit 0\n'}
ENVIRONMENT = {
    **process.QUIET,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


def make_receiver(repository: Path) -> None:
    """Make the bare repository, or set its configuration and hooks right again where it is there already.

    Raises BadInput where it borrows objects from elsewhere, InfrastructureFailure where git is not installed.
    """
    if not (repository / "HEAD").is_file():
        repository.parent.mkdir(parents=True, exist_ok=True)
        branch = DEFAULT_BRANCH.removeprefix("refs/heads/")
        said = _git("init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}", str(repository))
        if said.exit_code:
            raise InfrastructureFailure(f"git init failed in {repository}: {said.stderr.strip()[:500]}")
    for name in ("alternates", "http-alternates"):
        if os.path.lexists(repository / "objects" / "info" / name):
            raise BadInput(
                "the repository borrows objects from another one",
                where=str(repository / "objects" / "info" / name),
                expected="a repository that stands on its own",
                mend="git repack -a -d in it, then remove that file",
            )
    _write(repository / "config", CONFIG, 0o644)
    hooks = repository / "hooks"
    hooks.mkdir(exist_ok=True)
    for path in hooks.iterdir():
        if path.name not in GUARDS:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    script = shlex.quote(str(Path(push_hook.__file__).resolve()))
    for name, guard in GUARDS.items():
        text = HOOK.format(guard=guard, python=shlex.quote(sys.executable), script=script, name=name)
        _write(hooks / name, text, 0o755)


def refs(repository: Path) -> dict[str, str]:
    """Return the branches and tags of a receiving repository, each with the object that it names."""
    bounds = f"--count={MAX_REFS + 1}"
    said = _git("for-each-ref", bounds, "--format=%(objectname) %(refname)", *PUBLIC, at=repository)
    if said.exit_code:
        raise InfrastructureFailure(f"git for-each-ref failed in {repository}: {said.stderr.strip()[:500]}")
    found = {}
    for line in said.stdout.splitlines():
        identity, _, ref = line.partition(" ")
        if REF.fullmatch(ref):
            found[ref] = identity
    return found


def commits_between(repository: Path, old: str, new: str) -> int | None:
    """Return how many commits `new` has that `old` (zeros for none) has not, None where that cannot be told."""
    if new == ZERO:
        return 0
    past = [] if old == ZERO else [f"^{old}"]
    said = _git("rev-list", "--count", "--max-count=10001", new, *past, at=repository)
    return int(said.stdout) if said.exit_code == 0 and said.stdout.strip().isdigit() else None


def keep(repository: Path, number: int, ref: str, identity: str) -> None:
    """Keep an object as the tip that event `number` told of."""
    if identity != ZERO:
        _git(
            "-c",
            "core.hooksPath=/dev/null",
            "update-ref",
            f"{AUDIT}/{number}/{ref.removeprefix('refs/')}",
            identity,
            at=repository,
        )
    else:
        (repository / AUDIT / str(number)).mkdir(parents=True, exist_ok=True)


def kept(repository: Path, number: int) -> dict[str, str] | None:
    """Return the ref and tip that were kept for event `number`, or None where none was."""
    folder = repository / AUDIT / str(number)
    if not folder.is_dir():
        return None
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    return {f"refs/{path.relative_to(folder)}": path.read_text(encoding="ascii").strip() for path in files}


def size_of(repository: Path) -> int:
    """Return the bytes of all objects, those of pushes that were broken off too."""
    return sum(path.lstat().st_size for path in (repository / "objects").rglob("*") if path.is_file())


def _git(*arguments: str, at: Path | None = None) -> process.Completed:
    program = process.find("git")
    if program is None:
        raise InfrastructureFailure("git is not installed; install it with the system's package manager")
    directory = at.absolute() if at else Path("/")  # git is started there, and would look for a relative path in it
    where = [f"--git-dir={directory}"] if at else []
    return process.run(
        [str(program), *where, *arguments],
        directory=directory,
        environment=ENVIRONMENT,
        seconds=SECONDS,
        memory_mb=None,
    )


def _write(path: Path, text: str, mode: int) -> None:
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(text, encoding="utf-8")
    partial.chmod(mode)
    partial.replace(path)
