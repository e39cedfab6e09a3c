"""Accepted changes of scope: each makes the next version of the brief for one candidate, and touches no goalpost."""

import contextlib
import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.whole_file import write_whole
from heldout.evals.brief import Brief, OpenBrief, open_brief
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Receipt
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.evals.toml import line_of, read_toml

__all__ = ["AMENDABLE", "accept", "amended", "brief_in_force", "opened_in_force", "proposal_of", "refuse"]

AMENDABLE = ("deliverables", "window", "rubric")
"""The tables that an amendment may change; of rubric only texts, as its weights are among the goalposts."""

GUIDE = "docs/guide/eval.md"
MOST_VALUE_LINES = 500
Value = str | float | int
Changes = Mapping[str, Value]


def proposal_of(candidate: CandidateRecord, number: int) -> Mapping[str, Any]:
    """Return the last payload of a scope proposal. Raises BadInput where there is none, or it is decided already."""
    events = candidate.ledger.events()
    asked = {e.payload["number"]: e.payload for e in events if e.kind is Kind.RESCOPE_ASKED and e.payload}
    decided = {e.payload["number"] for e in events if e.kind is Kind.RESCOPE_ANSWERED and e.payload}
    if number in decided:
        raise BadInput(
            f"scope proposal {number} of {candidate.name} is decided already",
            expected="a proposal that is open",
            mend="the candidate writes another proposal with the next number",
        )
    if number not in asked:
        numbers = ", ".join(str(known) for known in sorted(set(asked) - decided)) or "none"
        raise BadInput(f"{candidate.name} has no scope proposal {number}", expected=f"an open one: {numbers}")
    return asked[number]


def accept(
    workspace: Workspace, candidate: CandidateRecord, number: int, *, why: str, changes: Changes | None = None
) -> Receipt:
    """Accept a proposal: write the next version of the candidate's brief, then the event with its hash.

    `changes` are new values by key ("deliverables.monitoring", "window.hours"). Raises BadInput where the proposal is
    not open or states no trade-offs, or a change touches anything but AMENDABLE; nothing is written then.
    """
    proposal = proposal_of(candidate, number)
    opened = opened_in_force(workspace, candidate)
    for key in ("narrowed", "tradeoffs"):
        if not str(proposal[key]).strip():
            raise BadInput(
                f"scope proposal {number} does not state its {key}",
                expected="what is narrowed, and what that costs",
                mend="ask the candidate to complete it in QUESTIONS.md",
            )
    amendment = {
        "narrowed": proposal["narrowed"],
        "tradeoffs": proposal["tradeoffs"],
        "accepted": workspace.now().astimezone(dt.UTC).isoformat(timespec="seconds"),
    }
    text = amended(opened.path.read_text(encoding="utf-8-sig"), changes or {}, amendment)
    version = opened.brief.eval.version + 1
    write_whole(candidate.folder / "briefs" / f"brief-{version}.toml", text.encode(), mode=0o644)
    payload: dict[str, Any] = {
        "number": number,
        "accepted": True,
        "why": why,
        "brief_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "brief_version": version,
    }
    if "window.hours" in (changes or {}):
        payload["hours"] = (changes or {})["window.hours"]
    return candidate.ledger.append(Kind.RESCOPE_ANSWERED, payload, actor=Role.ORGANISER)


def refuse(workspace: Workspace, candidate: CandidateRecord, number: int, *, why: str) -> Receipt:
    """Refuse a proposal: the brief stays. Raises BadInput where the proposal is not open."""
    proposal_of(candidate, number)
    opened = opened_in_force(workspace, candidate)
    payload = {
        "number": number,
        "accepted": False,
        "why": why,
        "brief_sha256": opened.sha256,
        "brief_version": opened.brief.eval.version,
    }
    return candidate.ledger.append(Kind.RESCOPE_ANSWERED, payload, actor=Role.ORGANISER)


def brief_in_force(workspace: Workspace, candidate: CandidateRecord) -> Path:
    """Return the brief that scores a candidate: that of the last accepted amendment, else the eval's own.

    Raises BadInput where an amended brief is missing, or is not the one that was accepted.
    """
    answered = [event for event in candidate.ledger.events() if event.kind is Kind.RESCOPE_ANSWERED]
    if any(event.payload is None for event in answered):  # forgotten; the briefs hold no text of the person's own name
        kept = sorted((candidate.folder / "briefs").glob("brief-*.toml"), key=_version)
        return kept[-1] if kept else workspace.folder / "brief.toml"
    accepted = [event.payload for event in answered if event.payload and event.payload["accepted"]]
    if not accepted:
        return workspace.folder / "brief.toml"
    path = candidate.folder / "briefs" / f"brief-{accepted[-1]['brief_version']}.toml"
    found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "nothing"
    if found != accepted[-1]["brief_sha256"]:
        raise BadInput(
            "the brief in force is not the one that was accepted",
            where=str(path),
            expected=f"SHA-256 {accepted[-1]['brief_sha256']}",
            mend=f"restore the file; its SHA-256 is now {found}",
        )
    return path


def opened_in_force(workspace: Workspace, candidate: CandidateRecord) -> OpenBrief:
    """Return the brief in force, its paths relative to the eval's folder. Raises BadInput."""
    return open_brief(brief_in_force(workspace, candidate), workspace.folder)


def amended(text: str, changes: Changes, amendment: Mapping[str, str]) -> str:
    """Return the text of a brief with `changes`, its version one higher, and the amendment at its end.

    What is not changed stays byte for byte, comments too. Raises BadInput for a key that may not be changed, a value
    that the brief cannot take, and a brief that is written in a way that this cannot change.
    """
    before = tomllib.loads(text)
    version = int(before["eval"].get("version", 1)) + 1
    wanted: dict[str, Value] = {"eval.version": version}
    for key, value in changes.items():
        _check_amendable(key, value, before)
        wanted[key] = value
    for key, value in wanted.items():
        text = _replaced(text, key, value)
    section: dict[str, Value] = {"version": version, **amendment}
    lines = [f"{key} = {_toml(value)}" for key, value in section.items()]
    text = "\n".join([text.rstrip("\n"), "", "[[amendments]]", *lines, ""])
    _check_only(before, text, wanted, section)
    read_toml(text.encode(), Brief, source="the amended brief", guide=GUIDE)
    return text


def _check_amendable(key: str, value: Value, before: Mapping[str, Any]) -> None:
    table, _, name = key.partition(".")
    is_text = isinstance(value, str) and isinstance(before.get(table, {}).get(name, ""), str)
    if table not in AMENDABLE or not name or "." in name or (table == "rubric" and not is_text):
        raise BadInput(
            f"{key} cannot be amended: goalposts stay where they were committed to",
            expected="deliverables, window, and texts of the rubric",
            mend="open another eval to change holdout, metric, lift, weights or scoring",
        )


def _replaced(text: str, key: str, value: Value) -> str:
    """Return the text with the value of one key of a table replaced, or added below the table's head."""
    table, _, name = key.partition(".")
    lines = text.split("\n")
    where = line_of(text, (table, name))
    if where is None:
        raise _unwritable(key)
    at = where - 1
    new = f"{name} = {_toml(value)}"
    if lines[at].lstrip().startswith("["):
        return "\n".join([*lines[: at + 1], new, *lines[at + 1 :]])
    for end in range(at + 1, min(len(lines), at + MOST_VALUE_LINES) + 1):
        with contextlib.suppress(tomllib.TOMLDecodeError):
            tomllib.loads("\n".join(lines[at:end]))
            return "\n".join([*lines[:at], new, *lines[end:]])
    raise _unwritable(key)


def _check_only(
    before: Mapping[str, Any], text: str, wanted: Mapping[str, Value], amendment: Mapping[str, Value]
) -> None:
    """Hold what was written to what was wanted, key by key: text was edited, and only this says that it came out."""
    expected = json.loads(json.dumps(before, default=str))
    for key, value in wanted.items():
        table, _, name = key.partition(".")
        expected.setdefault(table, {})[name] = value
    expected["amendments"] = [*expected.get("amendments", []), dict(amendment)]
    try:
        found = json.loads(json.dumps(tomllib.loads(text), default=str))
    except tomllib.TOMLDecodeError:
        found = None
    if found != expected:
        raise _unwritable(", ".join(wanted))


def _unwritable(keys: str) -> BadInput:
    return BadInput(
        f"the brief is written in a way that cannot be amended: {keys}",
        expected="tables with a head of their own, [deliverables] and [window], and one key a line",
        mend="write these tables so before the eval is opened",
    )


def _toml(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _version(path: Path) -> int:
    digits = path.stem.removeprefix("brief-")
    return int(digits) if digits.isdigit() else 0
