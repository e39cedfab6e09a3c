"""What to run in the sandbox, within which limits, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from heldout.core.errors import Cause

__all__ = ["Isolation", "Job", "Limits", "Outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one job. Wall time is the supervisor's monotonic clock; memory the whole job's where cgroups allow."""

    wall_seconds: float
    cpu_seconds: float
    memory_mb: int
    processes: int = 256
    output_mb: int = 512
    output_files: int = 1000
    log_kb: int = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One command to run inside.

    `command` is the argv inside; `read_only` maps inside paths to host files or directories; `writable` maps inside
    directories to host directories that receive their regular files after the last process is gone; `environment` is
    all that the command sees of an environment; `directory` is its working directory.
    """

    command: tuple[str, ...]
    limits: Limits
    read_only: Mapping[str, Path] = field(default_factory=dict)
    writable: Mapping[str, Path] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: str = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """The isolation level in force on this machine: 0 (none: refused), 1 or 2, why, and how to reach the next.

    `is_own_code` says that whoever asks wrote the code and runs it on their own machine: then level 0 is not refused.
    """

    level: int
    explanation: str
    remedy: str = ""
    is_own_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a job ended.

    `reason` is empty when it finished with exit code 0, else one of "exit code N", "signal N", "wall time", "cpu time",
    "memory", "processes", "disk", "log size"; `cause` is None, or who made it fail. `peak_memory_mb` is that of the
    whole job, None where no control group counts it. `stdout` and `stderr` are capped and decoded with replacement.
    `refused` lists (path, reason) for files in a writable directory that were not collected.
    """

    reason: str
    cause: Cause | None
    exit_code: int | None
    wall_seconds: float
    cpu_seconds: float
    peak_memory_mb: float | None
    stdout: str
    stderr: str
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def succeeded(self) -> bool:
        """True when the command ended with exit code 0 within its limits."""
        return not self.reason
