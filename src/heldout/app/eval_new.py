"""The use case of `heldout eval new`: a table in; an eval whose holdout was audited and whose power is known out."""

import json
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from heldout.app.eval_asked import EvalAsked
from heldout.app.eval_holdout import audit_holdout
from heldout.app.eval_parts import Cut, cut
from heldout.app.eval_terms import checked, terms_of
from heldout.core.errors import BadInput
from heldout.core.progress import Progress, Step, as_progress
from heldout.evals.authoring.brief_text import write_brief
from heldout.evals.authoring.commitment import COMMITMENT, OPENING, commitment_of, opening_of
from heldout.evals.authoring.holdout import HoldoutFinding
from heldout.evals.authoring.kit import write_kit, write_schema
from heldout.evals.authoring.labels import constant_of, labels_of
from heldout.evals.authoring.pilot import pilot_of, run_baseline
from heldout.evals.authoring.power import Outlook, outlook
from heldout.evals.authoring.program import program_files, write_files
from heldout.evals.authoring.rescue import rescue_files, rescue_key
from heldout.evals.authoring.tables import write_parts
from heldout.evals.authoring.terms import Terms
from heldout.evals.brief import OpenBrief, open_brief
from heldout.evals.data import verify_data
from heldout.sandbox import probe
from heldout.stats import METRICS
from heldout.stats.sample import Undefined

__all__ = ["Authored", "author"]

PRIVATE = 0o700
SEED_BITS = 128
"""Of the drawn seed. Whoever guesses it undoes the order of rows, so that it must not be found by trying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authored:
    """What was written, or why nothing was: `refused` names "holdout" or "power", and `folder` is None then.

    `rows` counts the rows by part, `findings` are those of the holdout's audit, `outlook` the chances of each band.
    """

    folder: Path | None
    refused: Literal["", "holdout", "power"]
    rows: dict[str, int]
    findings: tuple[HoldoutFinding, ...]
    outlook: Outlook | None
    warnings: tuple[str, ...]
    brief_sha256: str = ""
    commitment: str = ""


def author(asked: EvalAsked, out: Path, *, progress: Progress | Step | None = None) -> Authored:
    """Split a table into train, feedback and final rows, audit the holdout, tell the chances, and write the eval.

    `out` gets `brief.toml` with its schema, `data/`, the private `answers/` and `opening.json`, `baseline/`,
    `commitment.json` and `kit/`; whole, or not at all. A holdout that tells its labels, or with power below 0.8 at the
    target, is refused: nothing is written then. Raises BadInput for what cannot be an eval.
    """
    say = as_progress(progress)
    out = out.absolute()
    _refuse_occupied(out)
    checked(asked)
    seed = secrets.randbits(SEED_BITS) if asked.seed is None else asked.seed
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-part-"))
    except OSError as error:
        raise BadInput(
            f"the eval cannot be written: {error.strerror}",
            where=str(error.filename or out),
            expected="a folder that can be written",
            mend="name another one with --out",
        ) from error
    try:
        return _Author(asked=asked, out=out, scratch=scratch, seed=seed, say=say).made()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Author:
    asked: EvalAsked
    out: Path
    scratch: Path
    seed: int
    say: Progress

    @property
    def folder(self) -> Path:
        return self.scratch / "eval"

    def made(self) -> Authored:
        asked, say = self.asked, self.say
        say(f"splitting {asked.data}")
        parts = cut(asked, self.scratch, seed=self.seed)
        terms = terms_of(asked, parts)
        grader_seed = secrets.randbits(31)
        opened = self._written(terms, parts)
        rows = {name: table.num_rows for name, table in parts.parts.tables.items()}
        say("auditing the holdout")
        findings = audit_holdout(opened, entity=parts.entity, horizon=asked.horizon)
        result = Authored(
            folder=None, refused="", rows=rows, findings=findings, outlook=None, warnings=tuple(parts.warnings)
        )
        if any(finding.refuses for finding in findings):
            return replace(result, refused="holdout")
        told, warnings = self._outlook(opened, grader_seed)
        result = replace(result, outlook=told, warnings=(*result.warnings, *warnings))
        if told.refused:
            return replace(result, refused="power")
        say("writing the commitment and the kit")
        commitment = self._closed(opened, terms, parts, grader_seed)
        self.folder.chmod(0o755)
        for path in self.folder.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        if self.out.exists():
            self.out.rmdir()  # it is empty
        self.folder.rename(self.out)
        return replace(result, folder=self.out, brief_sha256=opened.sha256, commitment=commitment)

    def _written(self, terms: Terms, parts: Cut) -> OpenBrief:
        """Write tables, brief and baseline, and read them back as everybody else will."""
        generator = np.random.default_rng([self.seed, 1])
        write_parts(parts.parts, self.folder, shown=terms.shown, target=terms.target, generator=generator)
        for name, text in parts.manifests.items():
            (self.folder / "answers" / name).write_text(text, encoding="utf-8")
        if self.asked.baseline is None:
            label = labels_of(parts.parts["train"].column(terms.target), terms.positive)
            said = "on the training rows that it was learned from"
            value = _constant_score(label, terms.metric)
            write_files(
                self.folder / "baseline", program_files(terms, value=value, evaluated=said, title="The baseline")
            )
        else:
            ignored = shutil.ignore_patterns(".git", "__pycache__", ".venv")
            shutil.copytree(self.asked.baseline, self.folder / "baseline", ignore=ignored, symlinks=True)
        write_brief(terms, self.folder)
        write_schema(self.folder)
        opened = open_brief(self.folder)
        verify_data(opened)
        return opened

    def _outlook(self, opened: OpenBrief, grader_seed: int) -> tuple[Outlook, tuple[str, ...]]:
        predicted: NDArray[np.float64] | None = None
        warnings: tuple[str, ...] = ()
        if self.asked.baseline is not None:
            isolation = probe()
            why = isolation.explanation
            if isolation.level:
                self.say("running the baseline")
                predicted, why = run_baseline(
                    opened,
                    self.scratch / "runs",
                    isolation=isolation,
                    grader_seed=grader_seed,
                    progress=self.say,
                )
                if predicted is None:
                    raise BadInput(
                        f"the baseline failed: {why}",
                        where=f"--baseline {self.asked.baseline}",
                        expected="a submission that trains and predicts under the brief's budget",
                        mend=f"mend it; the column that names a row is {opened.brief.data.key} (--key), and "
                        "`heldout eval check` says what a submission has to hold",
                    )
            else:
                warnings = (f"The baseline was not run, and the training rate stands for it in the chances: {why}",)
        self.say("fitting the pilot, and telling the chance of each band")
        pilot = pilot_of(opened, predicted, seed=self.seed)
        return outlook(pilot, opened.brief.lift_target, seed=self.seed), warnings

    def _closed(self, opened: OpenBrief, terms: Terms, parts: Cut, grader_seed: int) -> str:
        """Write opening, commitment and kit; return the published hash."""
        if terms.kind == "rescue":
            train = parts.parts["train"]
            key = rescue_key(terms, train, rescue_files(terms, train))
            assert opened.planted_file is not None
            opened.planted_file.write_text(key.written(), encoding="utf-8")
        opening = opening_of(self.folder, author_seed=self.seed, grader_seed=grader_seed)
        path = self.folder / OPENING
        path.touch(mode=0o600)
        path.write_bytes(opening.written())
        commitment = commitment_of(opening)
        (self.folder / COMMITMENT).write_text(json.dumps(commitment, indent=1) + "\n", encoding="utf-8")
        write_kit(opened, terms)
        (self.folder / "answers").chmod(PRIVATE)
        return str(commitment["commitment"])


def _constant_score(label: NDArray[np.float64], metric: str) -> float:
    known = label[~np.isnan(label)]
    try:
        return METRICS[metric].value(known, np.full(known.size, constant_of(label)))
    except Undefined:
        return 0.0


def _refuse_occupied(out: Path) -> None:
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists():
        raise BadInput(
            "the eval cannot be written: there is something already",
            where=str(out),
            expected="a folder that is new or empty",
            mend="name another one with --out; an eval that candidates work on is never written again",
        )
