"""Works each answer of a sheet out again from the bundle, and says which ones differ."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from heldout.core.errors import BadInput
from heldout.core.plural import how_many
from heldout.core.walkthrough import NotAsked, Question, Walkthrough
from heldout.evals.bundle import Line, open_bundle
from heldout.evals.bundle.verify import alike
from heldout.evals.walkthrough.phrases import joined
from heldout.evals.walkthrough.question import catalog
from heldout.evals.walkthrough.sheet import walked

__all__ = ["read_sheet", "recompute"]

MOST_BYTES = 5_000_000
SHEET: TypeAdapter[Walkthrough] = TypeAdapter(Walkthrough)
HEAD = ("eval_title", "submission", "bundle")
PARTS = ("theme", "by_labels", "text", "answer", "figures", "sources", "anchors", "worth")


def recompute(folder: Path, sheet: Path) -> tuple[Line, ...]:
    """Return a line for each question of a sheet: whether the bundle in `folder` gives it again.

    In an open bundle an answer that takes labels is "hash only". Raises BadInput where the sheet is none, or is of
    another grading.
    """
    said, bundle = read_sheet(sheet), open_bundle(folder)
    if (said.card, said.commit) != (bundle.files.get("card.json"), bundle.commit):
        raise BadInput(
            "this sheet is of another grading",
            where=f"{sheet.name}: card {said.card[:12]}, commit {said.commit[:12]}",
            expected=f"a sheet of {bundle.candidate[:80]}, commit {bundle.commit[:12]}",
            mend="name the bundle that it was written from",
        )
    again, answers = walked(folder, said.bundle)
    return (*_head(said, again), *_lines(said, again, answers))


def _head(said: Walkthrough, again: Walkthrough) -> Iterator[Line]:
    """Yield a line where the sheet says another title, candidate or kind; a sealed sheet may meet an open bundle."""
    known = {part: {getattr(again, part)} for part in HEAD} | {"bundle": {again.bundle, "sealed"}}
    apart = [part for part in HEAD if getattr(said, part) not in known[part]]
    if apart:
        differ = "differs" if len(apart) == 1 else "differ"
        yield Line(what="head", how="recomputed", agrees=False, seen=f"{joined(apart)} {differ}")


def _lines(said: Walkthrough, again: Walkthrough, answers: Sequence[Question | NotAsked]) -> Iterator[Line]:
    there = {one.name: one for one in answers}
    by_labels = {one.name for one in catalog() if one.by_labels}
    names = [one.name for one in said.questions]
    for place, one in enumerate(said.questions):
        found = there.get(one.name)
        if one.name in names[:place]:
            yield Line(what=one.name, how="recomputed", agrees=False, seen="the sheet has it twice")
        elif again.bundle == "open" and said.bundle != "open" and one.name in by_labels:
            seen = "an open bundle has no labels to work it out from"
            yield Line(what=one.name, how="hash only", agrees=True, seen=seen)
        elif isinstance(found, Question):
            yield _line(one, found)
        else:
            seen = "there is no such question" if found is None else found.reason
            yield Line(what=one.name, how="recomputed", agrees=False, seen=seen)
    if again.bundle == said.bundle:
        for name in (one.name for one in again.questions if one.name not in names):
            yield Line(what=name, how="recomputed", agrees=False, seen="the bundle asks it, and the sheet does not")


def _line(said: Question, again: Question) -> Line:
    one, other = asdict(said), json.loads(json.dumps(asdict(again)))
    apart = [part for part in PARTS if not alike(json.loads(json.dumps(one[part])), other[part])]
    seen = f"{', '.join(apart)} differ" if apart else f"{how_many(len(again.figures), 'figure')} and the text"
    return Line(what=said.name, how="recomputed", agrees=not apart, seen=seen)


def read_sheet(path: Path) -> Walkthrough:
    """Return the sheet in a JSON file. Raises BadInput where it is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
        plain: dict[str, Any] = json.loads(path.read_bytes())
        return SHEET.validate_python({key: value for key, value in plain.items() if key != "schema"})
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else _first(error)
        raise BadInput(
            f"{path.name} is no sheet: {why}",
            where=str(path),
            expected="the interviewer.json that `heldout eval walkthrough` wrote",
            mend="name that file",
        ) from None


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        return f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"[:200]
    return str(error).splitlines()[0][:200]
