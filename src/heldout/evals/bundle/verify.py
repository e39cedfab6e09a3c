"""Works a bundle out again: each line says what was recomputed, what could only be hashed, and whether it agrees."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.core.finding import Finding
from heldout.evals.amend import amended
from heldout.evals.authoring.commitment import (
    COMMITMENT,
    OPENING,
    PLANTED,
    goalposts_of,
    read_opening,
    verify_commitment,
)
from heldout.evals.brief import Brief, OpenBrief, open_brief
from heldout.evals.bundle.layout import LIST, TRAIN, Bundle, differences, odd_parts, open_bundle
from heldout.evals.bundle.write import PLANTED_FILE
from heldout.evals.cards import read_card
from heldout.evals.grading.audit import axes, repository_findings, rescue_findings
from heldout.evals.grading.journal import sha256_of
from heldout.evals.grading.rescue import rescue_of
from heldout.evals.grading.scoring import LIMITS, QUESTION, SCORER
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import FIRST, Ledger, read_lines
from heldout.report.json import to_json
from heldout.sandbox import call
from heldout.stats import decide
from heldout.tools import git

__all__ = ["Line", "alike", "verify"]

How = Literal["recomputed", "hash only"]
CLOSE = 1e-9
"""Numbers that are worked out again on another machine may differ in their last bits."""
LARGEST = 1e300
"""Beside an infinite number everything would be close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was looked at: how, whether it agrees with the card, and what was seen."""

    what: str
    how: How
    agrees: bool
    seen: str


def verify(folder: Path, *, head: str | None = None) -> tuple[Line, ...]:
    """Return a line for everything that a bundle lets one check; of a record's folder, its ledger alone.

    `head` is the hash of the ledger's last line as a receipt said it: of this ledger or of an earlier state of it.
    Raises BadInput where the folder is neither.
    """
    if not (folder / LIST).exists() and (folder / "ledger.jsonl").is_file():
        return tuple(_guarded("ledger", ledger_lines(folder, head)))
    folder = folder.absolute()  # what recomputes a score is started elsewhere
    bundle = open_bundle(folder)
    if odd := odd_parts(folder):
        seen = f"{_first(odd)}; nothing else was looked at"
        return (Line(what="files", how="recomputed", agrees=False, seen=seen),)
    lines = [_files(bundle)]
    for part in (_ledger, _opening, _commit, _brief, _scored, _decided, _findings, _rescue, _axes, _amended):
        lines += _guarded(part.__name__.strip("_"), part(bundle, head))
    return tuple(lines)


def _guarded(name: str, lines: Iterator[Line]) -> Iterator[Line]:
    try:
        yield from lines
    except Exception as error:  # whatever a foreign bundle makes fail is a line that says so
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        yield Line(what=name, how="recomputed", agrees=False, seen=f"cannot be worked out again: {why}")


def _files(bundle: Bundle) -> Line:
    found = differences(bundle)
    seen = _first(found)
    count = f"{len(bundle.files):,} files, each with the hash that the list gives it"
    return Line(what="files", how="recomputed", agrees=not found, seen=seen or count)


def _first(found: Sequence[str]) -> str:
    return "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")


def _ledger(bundle: Bundle, head: str | None) -> Iterator[Line]:
    path = bundle.path("ledger.jsonl")
    if not path.is_file():
        seen = "the grading was made without a record" if head is None else f"no ledger, and so no line {head[:12]}"
        yield Line(what="ledger", how="hash only", agrees=head is None, seen=seen)
        return
    yield from ledger_lines(path.parent, head)
    graded = [event for event in Ledger(path.parent).events() if event.kind is Kind.GRADED and event.payload]
    card = bundle.files.get("card.json")
    is_said = bool(graded) and graded[-1].payload is not None and graded[-1].payload.get("card_sha256") == card
    seen = "the last grading of the ledger wrote this card" if is_said else "the ledger does not speak of this card"
    yield Line(what="card in the ledger", how="recomputed", agrees=is_said, seen=seen)


def ledger_lines(folder: Path, head: str | None) -> Iterator[Line]:
    """Check the chain of a ledger, its last line or the one of a receipt, and its payloads."""
    path = folder / "ledger.jsonl"
    if not path.read_bytes().endswith(b"\n"):
        yield Line(what="ledger", how="recomputed", agrees=False, seen="the last line is cut off")
        return
    events = Ledger(folder).events()
    seen = f"{len(read_lines(path)):,} lines, each with the hash of the one before"
    yield Line(what="ledger", how="recomputed", agrees=True, seen=seen)
    if head is not None:
        places = [event.n for event in events if event.head == head]
        seen = f"line {places[0] + 1} of {len(events)}" if places else f"no line has the hash {head[:64]}"
        yield Line(what="head", how="recomputed", agrees=bool(places) or (head == FIRST and not events), seen=seen)
    forgotten = [event.n for event in events if event.payload is None]
    seen = f"payloads with the hash that their line gives: {len(events) - len(forgotten)}"
    yield Line(what="payloads", how="recomputed", agrees=True, seen=seen)
    if forgotten:
        numbers = ", ".join(map(str, forgotten[:10])) + (f" and {len(forgotten) - 10} more" if forgotten[10:] else "")
        seen = f"deleted are the payloads of events {numbers}"
        yield Line(what="forgotten", how="hash only", agrees=True, seen=seen)


def _opening(bundle: Bundle, _head: str | None) -> Iterator[Line]:
    """Hold the eval to what was published before it was opened."""
    if not bundle.path(f"eval/{COMMITMENT}").is_file():
        yield Line(what="opening", how="hash only", agrees=True, seen="nothing was committed to before the eval")
        return
    published = bundle.plain(f"eval/{COMMITMENT}")["commitment"]
    if bundle.path("ledger.jsonl").is_file():
        opened = [event for event in Ledger(bundle.folder).events() if event.kind is Kind.OPENED and event.payload]
        said = (opened[0].payload or {}).get("commitment") if opened else None
        seen = f"the commitment {published[:12]} stands in the event of the opening" if opened else "it was forgotten"
        yield Line(what="commitment", how="recomputed", agrees=said in (published, None), seen=seen)
    path = bundle.path(f"eval/{OPENING}")
    if not path.is_file():
        yield Line(what="opening", how="hash only", agrees=True, seen="it is revealed when the eval is closed")
        return
    if bundle.kind == "sealed":
        _check_inside(bundle, open_brief(path.parent))
        found = verify_commitment(path, path.parent)
        seen = "; ".join(found[:3]) or "holdout, rubric, baseline and scoring code are those of the opening"
        yield Line(what="opening", how="recomputed", agrees=not found, seen=seen)
        return
    agrees = hashlib.sha256(path.read_bytes()).hexdigest() == published
    seen = f"the revealed opening has the published hash {published[:12]}; its parts are hashes"
    yield Line(what="opening", how="recomputed", agrees=agrees, seen=seen)


def _check_inside(bundle: Bundle, opened: OpenBrief) -> None:
    """Raise BadInput where a brief names files that are no part of the bundle: they would be read."""
    data, root = opened.brief.data, bundle.folder.resolve() / "eval"
    parts = [part for part in ("feedback", "final") if getattr(data, part) is not None]
    named = [opened.file(getattr(data, part).path) for part in parts]
    named += [opened.answers_file(part) for part in parts] + [opened.file(opened.brief.baseline.path)]
    for path in named:
        if not path.is_relative_to(root) or path == root:
            raise BadInput(f"the brief names {path}", expected="a file of the bundle")


def _commit(bundle: Bundle, _head: str | None) -> Iterator[Line]:
    content = bundle.path("commit").read_bytes()
    name = git.object_name("commit", content, like=bundle.commit)
    tree = git.tree_name(bundle.path("tree"), like=bundle.commit)
    agrees = name == bundle.commit == bundle.card().hashes.get("commit") and tree == git.tree_of_commit(content)
    seen = f"the files make the tree of commit {bundle.commit[:12]}" if agrees else f"the files make the tree {tree}"
    yield Line(what="commit", how="recomputed", agrees=agrees, seen=seen)


def _brief(bundle: Bundle, _head: str | None) -> Iterator[Line]:
    opened = open_brief(bundle.path("brief.toml"))
    agrees = opened.sha256 == bundle.card().hashes.get("brief")
    seen = f"version {opened.brief.eval.version}, SHA-256 {opened.sha256[:12]}"
    yield Line(what="brief in force", how="recomputed", agrees=agrees, seen=seen)
    path = bundle.path(f"eval/{OPENING}")
    if path.is_file():
        promised, found = read_opening(path).rubric, goalposts_of(opened.brief)
        moved = sorted(name for name in promised.keys() | found.keys() if promised.get(name) != found.get(name))
        seen = f"moved since the opening: {', '.join(moved)}" if moved else "those of the opening, amendments or not"
        yield Line(what="goalposts", how="recomputed", agrees=not moved, seen=seen)


def _scored(bundle: Bundle, _head: str | None) -> Iterator[Line]:
    card = bundle.card()
    if card.lift is None:
        yield Line(
            what="lift", how="recomputed", agrees=True, seen="no score: " + " ".join(card.decision.reasons)[:100]
        )
        return
    question = bundle.plain(f"score/{QUESTION}")
    if bundle.kind == "open":
        rows = bundle.plain("rows.json")["rows"]
        seen = (
            f"{len(rows):,} salted hashes of id and label, and the predictions that were scored, as the list has them"
        )
        yield Line(what="lift", how="hash only", agrees=len(rows) == card.lift.estimate.n, seen=seen)
        return
    table = {**question["table"], **{name: str(bundle.path(question["table"][name])) for name in HOLDOUT}}
    arrays = {side: [str(bundle.path(f"score/{name}")) for name in question[side]] for side in SIDES}
    asked = {key: value for key, value in question.items() if key != "salt"} | {"table": table} | arrays
    said = call(SCORER, asked, limits=LIMITS)
    agrees = alike(said["lift"], json.loads(json.dumps(asdict(card.lift))))
    estimate = said["lift"]["estimate"]
    seen = f"{estimate['value']:.6g} [{estimate['low']:.6g}, {estimate['high']:.6g}], n = {estimate['n']:,}"
    yield Line(what="lift", how="recomputed", agrees=agrees, seen=seen)
    yield from _promised(bundle, table, question.get("salt", ""))


HOLDOUT = ("features", "answers")
SIDES = ("candidate", "baseline", "reruns")


def _promised(bundle: Bundle, table: Any, salt: str) -> Iterator[Line]:
    """Hold the labels to the hashes that the candidate's bundle has, and to the brief."""
    rows = call(SCORER, {"question": "row_hashes", "table": table, "salt": salt}, limits=LIMITS)["rows"]
    agrees = rows == bundle.plain("rows.json")["rows"]
    yield Line(what="rows", how="recomputed", agrees=agrees, seen=f"{len(rows):,} salted hashes of id and label")
    hashes = bundle.card().hashes
    agrees = all(sha256_of(Path(table[name])) == hashes.get(f"final {name}") for name in HOLDOUT)
    yield Line(what="holdout", how="recomputed", agrees=agrees, seen="features and answers have the brief's hashes")
    train = bundle.path(TRAIN)
    if train.is_file():
        agrees = sha256_of(train) == hashes.get("training table")
        yield Line(what="training table", how="recomputed", agrees=agrees, seen="it has the hash that the card gives")


def _decided(bundle: Bundle, _head: str | None) -> Iterator[Line]:
    card = bundle.card()
    if card.lift is None:
        return
    lowest = _opened(bundle).reproducibility.lowest
    decision = decide(card.lift, card.target, card.reproducibility, lowest)
    agrees = decision.band is card.decision.band
    yield Line(what="band", how="recomputed", agrees=agrees, seen=f"{decision.band.value}, from the card's interval")


def _findings(bundle: Bundle, _head: str | None) -> Iterator[Line]:
    card = bundle.card()
    found = repository_findings(bundle.path("tree"), bundle.commit)
    codes = {finding.code for finding in found}
    told = [_said(finding) for finding in card.findings if finding.code in codes]
    agrees = sorted(told) == sorted(_said(finding) for finding in found)
    seen = f"{len(found)} findings on the files, of {len(codes)} checks"
    yield Line(what="findings on the files", how="recomputed", agrees=agrees, seen=seen)
    codes |= _codes(card)
    rest = sum(finding.code not in codes for finding in card.findings)
    yield Line(what="other findings", how="hash only", agrees=True, seen=f"{rest} rest on runs, and stand as they are")


def _codes(card: Card) -> set[str]:
    """Return the codes of the checks that are worked out again with the planted leaks."""
    return set() if card.rescue is None else {finding.code for finding in rescue_findings(card.rescue)}


def _rescue(bundle: Bundle, _head: str | None) -> Iterator[Line]:
    """Judge the rescue again, where its key is in the bundle; of an open one it is held to the revealed opening."""
    card, key = bundle.card(), bundle.path(f"eval/{PLANTED_FILE}")
    if card.rescue is None:
        if _opened(bundle).eval.kind == "rescue":
            seen = "what became of the planted leaks was not judged"
            yield Line(what="rescue", how="hash only", agrees=not key.is_file(), seen=seen)
        return
    if not key.is_file():
        seen = "the planted leaks are revealed when the eval is closed"
        yield Line(what="rescue", how="hash only", agrees=bundle.kind == "open", seen=seen)
        return
    if bundle.kind == "open":
        promised = read_opening(bundle.path(f"eval/{OPENING}")).holdout.get(PLANTED)
        agrees = promised == sha256_of(key)
        seen = f"their list {'has' if agrees else 'has not'} the hash that the opening names"
        yield Line(what="planted leaks", how="recomputed", agrees=agrees, seen=seen)
    again = rescue_of(bundle.path("tree"), bundle.commit, key).rescue
    told = [_said(finding) for finding in card.findings if finding.code in _codes(card)]
    agrees = again == card.rescue and sorted(told) == sorted(map(_said, rescue_findings(again)))
    named = "not counted" if again.named is None else str(again.named)
    seen = f"named {named} and mended {again.mended} of {again.planted} planted leaks"
    yield Line(what="rescue", how="recomputed", agrees=agrees, seen=seen)


def _said(finding: Finding) -> str:
    return json.dumps([finding.code, finding.ending.value, finding.answer.claim])


def _axes(bundle: Bundle, _head: str | None) -> Iterator[Line]:
    card = bundle.card()
    again = axes(_opened(bundle), card.findings)
    agrees = again == card.axes
    scores = ", ".join(f"{axis.name} {_share(axis.score.value)}" for axis in again)
    yield Line(what="axes", how="recomputed", agrees=agrees, seen=scores)


def _amended(bundle: Bundle, _head: str | None) -> Iterator[Line]:
    """Make the amended card again: the graded one, and what the ledger says of replies to it."""
    path = bundle.path("amended.json")
    if not bundle.path("ledger.jsonl").is_file():
        if path.is_file():
            yield Line(what="amended card", how="recomputed", agrees=False, seen="there is no ledger to amend it by")
        return
    again = amended(bundle.card(), bundle.files["card.json"], Ledger(bundle.folder).events())
    count = sum(one.accepted and one.holds for one in again.corrections)
    if not path.is_file():
        if count:
            seen = f"the ledger accepts {count} {_corrections(count)}, and there is no amended card"
            yield Line(what="amended card", how="recomputed", agrees=False, seen=seen)
        return
    agrees = count > 0 and to_json(read_card(path)) == to_json(again)
    seen = f"the graded card with the {count} {_corrections(count)} that the ledger accepts"
    yield Line(what="amended card", how="recomputed", agrees=agrees, seen=seen)


def _corrections(count: int) -> str:
    return "correction" if count == 1 else "corrections"


def _share(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.2f}"


def _opened(bundle: Bundle) -> Brief:
    return open_brief(bundle.path("brief.toml")).brief


def alike(one: Any, other: Any) -> bool:
    """Tell whether plain data are equal, numbers to nine digits."""
    if isinstance(one, dict) and isinstance(other, dict):
        return set(one) == set(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, Sequence) and isinstance(other, Sequence) and not isinstance(one, str):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    if one == other:
        return True
    if not (isinstance(one, float) or isinstance(other, float)):
        return False
    try:
        return bool(abs(one - other) <= CLOSE * min(max(1.0, abs(one), abs(other)), LARGEST))
    except (TypeError, OverflowError):  # no number beside a number, or one that no float can hold
        return False
