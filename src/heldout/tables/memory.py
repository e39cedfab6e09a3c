"""How much memory a table may take, decided before it is read."""

import os
from pathlib import Path

from heldout.core.errors import BadInput

__all__ = ["DEFAULT_LIMIT_MB", "ROW_BYTES", "VARIABLE", "is_small", "limit_bytes", "refuse_above"]

DEFAULT_LIMIT_MB = 4096
"""What reading and profiling one table may take, unless less is free or the environment says otherwise."""

VARIABLE = "HELDOUT_MEMORY_MB"

FREE_SHARE = 0.8

SMALL_SHARE = 8
"""What takes less than the bound divided by this is read into memory; the rest stays on disk, column by column."""

ROW_BYTES = 64
"""What a row of any table takes whatever its columns: two hashes, the label twice, its fold, and a sort of these."""


def limit_bytes() -> int:
    """Return the bound: `HELDOUT_MEMORY_MB` where set, else the default or 80 % of what is free, the smaller."""
    said = os.environ.get(VARIABLE)
    if said is None:
        return min(DEFAULT_LIMIT_MB * 2**20, int(_free_bytes() * FREE_SHARE))
    if not said.isdigit() or int(said) == 0:
        raise BadInput(
            f"{VARIABLE} is {said!r}",
            where="the environment",
            expected="a whole number of megabytes, at least 1",
            mend=f"unset it, or set {VARIABLE}={DEFAULT_LIMIT_MB}",
        )
    return int(said) * 2**20


def is_small(needed: int) -> bool:
    """True where a table that takes so many bytes is read into memory as a whole."""
    return needed * SMALL_SHARE <= limit_bytes()


def refuse_above(needed: int, where: str, why: str) -> None:
    """Raise BadInput when a table needs more bytes than the bound; `why` says what the figure was computed from."""
    limit = limit_bytes()
    if needed > limit:
        megabytes = -(-needed // 2**20)
        raise BadInput(
            f"the table is too large: {why}",
            where=where,
            expected=f"at most {limit // 2**20:,} MB of working memory; this would take about {megabytes:,} MB",
            mend=f"give a sample of its rows or fewer columns, or set {VARIABLE}={megabytes} if the machine has that",
        )


def _free_bytes() -> int:
    free = 2**63
    for path, unit in (("/proc/meminfo", 1024), ("/sys/fs/cgroup/memory.max", 1)):
        try:
            text = Path(path).read_text()
        except OSError:  # not Linux, or no control group: the other sources decide
            continue
        words = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
        value = words.get("MemAvailable", text).split()[0]
        if value.isdigit():
            free = min(free, int(value) * unit)
    return free
