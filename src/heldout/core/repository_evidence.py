"""What programs and parsers make of a repository, for the checks that ask more than its files say."""

from dataclasses import dataclass

__all__ = ["CiConfig", "CiJob", "DockerfileLint", "LintWarning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LintWarning:
    """One warning of a linter: the file, its line (first is 1), the rule's code ("DL3008"), its level and message."""

    path: str
    line: int
    rule: str
    level: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DockerfileLint:
    """What `judge` (hadolint with its version) says of the Dockerfiles `files`; `unread` are (path, reason)."""

    judge: str
    files: tuple[str, ...]
    warnings: tuple[LintWarning, ...]
    unread: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CiJob:
    """A job of a CI configuration: its file and name, whether a push or a merge request starts it, what it runs.

    `commands` are lines of shell, in order, those of the local actions, templates, Makefile targets and scripts that it
    uses among them; `unknown` names what it uses that lies outside of the repository. `may_fail` tells that the run
    goes on when the job fails.
    """

    path: str
    name: str
    is_automatic: bool
    commands: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    may_fail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CiConfig:
    """The jobs of a repository's GitHub and GitLab configuration.

    `locks` are the repository's lock files: the one that submission.toml names, else those with a usual name. `others`
    are files of other CI systems, which are not read; `unread` are (path, reason).
    """

    jobs: tuple[CiJob, ...]
    locks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
