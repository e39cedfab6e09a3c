"""The verdict of an earlier audit: only what is new since then fails, and what is mended is told.

A problem is the same one where its check is the same and the baseline has a problem of at least its certainty that
names all of its columns. So a suspect column that is now strongly so is new, and one of two columns that were found
together is not.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from heldout.core.accept import Baseline, Mended, Standing
from heldout.core.errors import BadInput
from heldout.core.finding import Certainty, Ending, Finding
from heldout.report.json import VERSION

__all__ = ["Earlier", "read_baseline"]

MAX_BYTES = 64 * 2**20
UNTOLD = frozenset({Ending.NO_EVIDENCE, Ending.CRASHED})


class Part(BaseModel):
    """A part of a verdict's JSON: what is needed of it, strictly; other keys are those of other releases."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class OldWitness(Part):
    """Where a problem was seen."""

    kind: str
    where: str


class OldMend(Part):
    """The columns that a mend was about."""

    columns: tuple[str, ...] = ()


class OldAnswer(Part):
    """How a check ended."""

    ending: Ending
    claim: str
    certainty: Certainty | None
    witnesses: tuple[OldWitness, ...]
    mend: OldMend | None = None


class OldFinding(Part):
    """A finding of the baseline."""

    code: str
    name: str
    answer: OldAnswer
    standing: Standing = Standing.OPEN

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it was about, as `Finding.columns`."""
        named = [witness.where for witness in self.answer.witnesses if witness.kind == "column"]
        return tuple(dict.fromkeys(named or (self.answer.mend.columns if self.answer.mend else ())))


class OldVerdict(Part):
    """A verdict as an earlier run wrote it."""

    layout: str = Field(alias="schema")
    title: str
    findings: tuple[OldFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The problems of a baseline, and what a reader should know of it."""

    source: str
    title: str
    problems: tuple[OldFinding, ...]

    def known(self, finding: Finding) -> Finding:
        """Return a problem as known where the baseline has it, and no acceptance of it ran out since.

        What the baseline had accepted is not known by it: when the acceptance ends, the problem counts again.
        """
        if finding.standing is not Standing.OPEN or finding.certainty is None or finding.expired:
            return finding
        is_known = any(
            old.answer.certainty is not None
            and old.answer.certainty.rank >= finding.certainty.rank
            and old.standing is not Standing.ACCEPTED
            for old in self._like(finding)
        )
        return replace(finding, standing=Standing.KNOWN) if is_known else finding

    def since(self, findings: Sequence[Finding], title: str) -> tuple[Baseline, tuple[str, ...]]:
        """Return what is mended, and notes on what cannot be told."""
        mended, notes = [], []
        if title != self.title:
            notes.append(f"The baseline is “{self.title}”: problems are matched by check and columns all the same.")
        for old in self.problems:
            now = [finding for finding in findings if finding.code == old.code]
            problems = [finding for finding in now if finding.ending is Ending.PROBLEM]
            about = f"{old.code} {', '.join(old.columns)}".strip()
            if any(not old.columns or set(old.columns) & set(finding.columns) for finding in problems):
                continue
            if {finding.ending for finding in now} <= UNTOLD:
                notes.append(f"{about}: a problem of the baseline, whose check came to no answer this time.")
            else:
                mended.append(Mended(code=old.code, name=old.name, columns=old.columns, claim=old.answer.claim))
        return Baseline(source=self.source, title=self.title, mended=tuple(mended)), tuple(notes)

    def _like(self, finding: Finding) -> list[OldFinding]:
        same = [old for old in self.problems if old.code == finding.code]
        if not finding.columns:
            return [old for old in same if not old.columns]
        return [old for old in same if set(old.columns).issuperset(finding.columns)]


def read_baseline(path: Path, target: str) -> Earlier:
    """Read the JSON of an earlier verdict on the same target. Raises BadInput for anything else."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput("the baseline is too large", where=str(path), expected=f"at most {MAX_BYTES:,} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"the baseline cannot be read: {error.strerror}",
            where=str(path),
            expected="the JSON of an earlier audit",
            mend="write one with --out or --json",
        ) from error
    verdict = _verdict(content, path)
    if not verdict.title.endswith(f" for {target}"):
        raise BadInput(
            f"the baseline is of another question: {verdict.title}",
            where=str(path),
            expected=f"an audit for the target {target}",
            mend="write a new baseline for this target",
        )
    problems = tuple(finding for finding in verdict.findings if finding.answer.certainty is not None)
    return Earlier(source=path.name, title=verdict.title, problems=problems)


def _verdict(content: bytes, path: Path) -> OldVerdict:
    """Return the verdict that the bytes hold, or say what they are instead."""
    expected, mend = "report.json of --out, or what --json printed", "write the baseline again with --out or --json"
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the baseline is not JSON: {error}", where=str(path), expected=expected, mend=mend) from error
    layout = data.get("schema") if isinstance(data, dict) else None
    named = re.fullmatch(r"heldout\.verdict\.v(\d{1,6})", layout) if isinstance(layout, str) else None
    if named is None:
        raise BadInput(
            f"the baseline is no verdict: its schema is {layout!r}", where=str(path), expected=expected, mend=mend
        )
    if int(named[1]) > VERSION:
        raise BadInput(
            f"the baseline was written by a newer Heldout: {layout}",
            where=str(path),
            expected=f"heldout.verdict.v{VERSION} or older",
            mend="run the newer Heldout, or write the baseline again with this one",
        )
    try:
        return OldVerdict.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"the baseline does not keep to {layout}: {key}: {first['msg']}",
            where=str(path),
            expected=expected,
            mend=mend,
        ) from error
