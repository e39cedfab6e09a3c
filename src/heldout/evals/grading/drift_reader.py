"""The reading process of a drift detector's answers: one JSON line a day, bounded, within limits."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.sandbox import serve

__all__ = ["answer"]

BYTES_PER_DAY = 20_000
KEYS = {"day", "alarm", "score", "columns"}


def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return by day whether it alarmed; raises BadInput for what breaks the contract.

    Each day is there once. `alarm` is true or false; `score` a number or null; `columns` a list of texts.
    """
    path, days = Path(request["answers"]), set(request["days"])
    size = path.stat().st_size
    if size > BYTES_PER_DAY * len(days):
        raise _refused(f"drift.jsonl is {size:,} bytes", f"at most {BYTES_PER_DAY * len(days):,}")
    alarms: dict[str, bool] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if line.strip():
            day, alarm = _line(line, number)
            if day not in days or day in alarms:
                raise _refused(f"line {number} of drift.jsonl names a day that is unknown or there twice")
            alarms[day] = alarm
    if missing := sorted(days - alarms.keys()):
        raise _refused(f"drift.jsonl lacks {missing[0]} (and {len(missing) - 1} more days)")
    return {"alarms": alarms}


def _line(line: bytes, number: int) -> tuple[str, bool]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise _refused(f"line {number} of drift.jsonl is no JSON") from None
    if not isinstance(said, dict) or not isinstance(said.get("day"), str) or not isinstance(said.get("alarm"), bool):
        raise _refused(f"line {number} of drift.jsonl has no day, or an alarm that is not true or false")
    score, columns = said.get("score"), said.get("columns", [])
    is_number = score is None or (isinstance(score, int | float) and not isinstance(score, bool))
    is_named = isinstance(columns, list) and all(isinstance(one, str) for one in columns)
    if not is_number or not is_named or said.keys() - KEYS:
        raise _refused(f"line {number} of drift.jsonl has other keys or types")
    return said["day"], said["alarm"]


def _refused(what: str, expected: str = '{"day": text, "alarm": true or false, "score": number or null}') -> BadInput:
    return BadInput(what, where="/out/drift.jsonl", expected=expected, mend="see docs/guide/monitoring-trial.md")


if __name__ == "__main__":
    serve(answer)
