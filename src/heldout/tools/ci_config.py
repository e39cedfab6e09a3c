"""What the CI of a repository would run: GitHub workflows and GitLab CI, read as data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from heldout.core.makefile import find_makefile, recipes
from heldout.core.repository import Repository
from heldout.core.repository_evidence import CiConfig, CiJob
from heldout.tools.foreign_yaml import Unreadable, documents, one_line

__all__ = ["ci_config"]

WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
GITLAB = ".gitlab-ci.yml"
OTHERS = re.compile(
    r"(?:.*/)?Jenkinsfile|\.circleci/config\.ya?ml|\.travis\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|"
    r"\.drone\.ya?ml|\.woodpecker(?:\.ya?ml|/.*)|\.buildkite/.*|\.forgejo/workflows/.*|\.gitea/workflows/.*|appveyor\.yml|\.ci/.*"
)
LOCK = re.compile(
    r"(?:.*/)?(?:require[^/]*\.(?:txt|lock)|(?:poetry|uv|pdm|Pipfile)\.lock|conda-lock\.ya?ml|pylock\.toml)"
)
MAKES = re.compile(r"\bmake\s+(?:-\S+\s+)*([\w.-]+)")
SCRIPT = re.compile(r".*\.(?:sh|bash)|(?:.*/)?[^/.]+")
EVENTS = frozenset({"push", "pull_request", "pull_request_target", "merge_group"})
GITLAB_WORDS = frozenset(
    {"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script", "spec"}
)
BY_HAND = frozenset({"manual", "never", "delayed"})
MAX_FILES, MAX_JOBS, MAX_LINES, MAX_BYTES, MAX_COMMAND, DEPTH = 30, 200, 500, 100_000, 10_000, 4

Read = Mapping[str, Any]


def ci_config(repository: Repository) -> CiConfig:
    """Return the jobs of the GitHub workflows and of `.gitlab-ci.yml`, with local actions and templates put in place.

    Expressions are not evaluated: a condition other than `false` counts as met. At most 30 files and 200 jobs.
    Raises InfrastructureFailure where PyYAML is not installed.
    """
    unread = [(path, "too large to be read") for path in repository.omitted if _is_ours(path)]
    jobs: list[CiJob] = []
    paths = [path for path in sorted(repository.files) if _is_ours(path)]
    unread += [(path, f"is beyond the first {MAX_FILES} files") for path in paths[MAX_FILES:]]
    for path in paths[:MAX_FILES]:
        try:
            read = _read(repository, path)
        except Unreadable as error:
            unread.append((path, str(error)))
            continue
        jobs += _gitlab(path, read) if path == GITLAB else _github(repository, path, read)
    return CiConfig(
        jobs=tuple(replace(job, commands=_followed(repository, job.commands)) for job in jobs[:MAX_JOBS]),
        locks=_locks(repository),
        others=tuple(path for path in sorted(repository.files) if OTHERS.fullmatch(path))[:10],
        unread=tuple(sorted(unread)),
    )


def _locks(repository: Repository) -> tuple[str, ...]:
    build = (repository.submission or {}).get("build")
    lock = build.get("lock") if isinstance(build, Mapping) else None
    if isinstance(lock, str):
        return (lock.removeprefix("./"),)
    return tuple(path for path in sorted(repository.files) if LOCK.fullmatch(path))[:20]


def _followed(repository: Repository, commands: tuple[str, ...]) -> tuple[str, ...]:
    """Return the commands, each followed by those of the Makefile's target or the script that it starts."""
    name = find_makefile(repository)
    targets = recipes((repository.text(name) or "")[:MAX_BYTES]) if name else {}
    scripts: dict[str, list[str]] = {}
    followed: list[str] = []
    for command in commands:
        if len(followed) >= MAX_LINES:  # each command may name many scripts, and each of them many lines
            break
        forgiven = " || true" if command.endswith("|| true") else ""
        followed.append(command)
        for target in MAKES.findall(command[:MAX_COMMAND]):
            followed += [line + forgiven for line in targets.get(target, ())[:MAX_LINES]]
        for word in command[:MAX_COMMAND].split()[:50]:
            path = word.removeprefix("./")
            if path in repository.files and SCRIPT.fullmatch(path):
                if path not in scripts:
                    scripts[path] = _lines((repository.text(path) or "")[:MAX_BYTES])
                followed += [line + forgiven for line in scripts[path]]
    return tuple(followed[:MAX_LINES])


def _is_ours(path: str) -> bool:
    return path == GITLAB or WORKFLOW.fullmatch(path) is not None


def _read(repository: Repository, path: str) -> Read:
    found = documents(repository.files[path])
    return _mapping(found[0]) if found else {}


def _mapping(value: Any) -> Read:
    return value if isinstance(value, Mapping) else {}


def _lines(value: Any) -> list[str]:
    """Return the lines of a text, or of a list of texts or of lists of them (YAML's merged scripts)."""
    if isinstance(value, list):
        return [line for item in value for line in _lines(item)][:MAX_LINES]
    text = value.replace("\\\n", " ") if isinstance(value, str) else ""
    return [line.strip() for line in text.splitlines() if line.strip()][:MAX_LINES]


def _github(repository: Repository, path: str, read: Read) -> Iterator[CiJob]:
    events = read.get("on", ())
    starts = {events} if isinstance(events, str) else {event for event in events if isinstance(event, str)}
    called = "workflow_call" in starts and not starts & EVENTS
    for name, said in _mapping(read.get("jobs")).items():
        job = _mapping(said)
        commands, unknown = _steps(repository, job, DEPTH)
        if not called:
            yield CiJob(
                path=path,
                name=one_line(name, 100),
                is_automatic=bool(starts & EVENTS) and not _is_off(job.get("if")),
                commands=tuple(commands[:MAX_LINES]),
                unknown=tuple(unknown[:10]),
                may_fail=job.get("continue-on-error") == "true",
            )


def _steps(repository: Repository, job: Read, depth: int) -> tuple[list[str], list[str]]:
    """Return the commands of a job or a composite action, and what it uses from elsewhere."""
    commands, unknown = list[str](), list[str]()
    steps = job.get("steps")
    for step in map(_mapping, [job, *(steps if isinstance(steps, list) else ())]):
        if _is_off(step.get("if")):
            continue
        lines = _lines(step.get("run"))
        commands += [f"{line} || true" for line in lines] if step.get("continue-on-error") == "true" else lines
        uses = step.get("uses")
        if isinstance(uses, str) and uses.startswith("./") and depth:
            for inner in _local(repository, uses):
                found, others = _steps(repository, inner, depth - 1)
                commands, unknown = commands + found, unknown + others
        elif isinstance(uses, str):
            unknown.append(one_line(uses, 100))
    return commands, unknown


def _is_off(condition: Any) -> bool:
    return isinstance(condition, str) and condition.replace("$", "").strip("{} ").lower() == "false"


def _local(repository: Repository, uses: str) -> Iterator[Read]:
    """Yield what a local action or reusable workflow runs: its `runs`, or each of its jobs."""
    place = uses.removeprefix("./").rstrip("/")
    for path in (place, f"{place}/action.yml", f"{place}/action.yaml"):
        if path in repository.files:
            try:
                read = _read(repository, path)
            except Unreadable:
                continue
            yield from (_mapping(job) for job in [read.get("runs"), *_mapping(read.get("jobs")).values()])


def _gitlab(path: str, read: Read) -> Iterator[CiJob]:
    default = _mapping(read.get("default"))
    include = read.get("include")
    unknown = [one_line(item, 100) for item in (include if isinstance(include, list) else [include]) if item]
    for name, said in read.items():
        if name in GITLAB_WORDS or name.startswith(".") or not isinstance(said, Mapping):
            continue
        job = _extended(read, said, DEPTH)
        before = next((one["before_script"] for one in (job, default, read) if "before_script" in one), None)
        rules = job.get("rules")
        rules = [_mapping(rule) for rule in rules] if isinstance(rules, list) else []
        is_manual = job.get("when") in BY_HAND or (rules and all(rule.get("when") in BY_HAND for rule in rules))
        yield CiJob(
            path=path,
            name=one_line(name, 100),
            is_automatic=not is_manual,
            commands=(*_lines(before), *_lines(job.get("script")))[:MAX_LINES],
            unknown=tuple(unknown[:10]),
            may_fail=job.get("allow_failure") == "true",
        )


def _extended(read: Read, job: Read, depth: int) -> Read:
    parents = job.get("extends", ())
    for parent in [parents] if isinstance(parents, str) else list(parents)[:10] if isinstance(parents, list) else []:
        above = read.get(parent) if isinstance(parent, str) else None
        if depth and isinstance(above, Mapping):
            job = {**_extended(read, above, depth - 1), **job}
    return job
