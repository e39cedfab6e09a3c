"""What can be told of a brief before any reference is graded: its holdout audited, its baseline run, its power."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from heldout.app.eval_holdout import audit_holdout
from heldout.core.brief_trial import Flaw, FlawKind
from heldout.core.progress import Progress
from heldout.evals.authoring.candidates import Pilot
from heldout.evals.authoring.holdout import HoldoutFinding
from heldout.evals.authoring.pilot import NOTHING, leaves_nothing, pilot_of, run_baseline
from heldout.evals.authoring.power import Outlook, outlook
from heldout.evals.brief import OpenBrief
from heldout.sandbox import Isolation

__all__ = ["Foreseen", "foresee"]

BEFORE = "before anything was graded"
IN_ORDER = ("SPL001", "SPL004")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What is wrong so far, and the chances of simulated candidates; None where the baseline or an audit ended it."""

    flaws: tuple[Flaw, ...]
    outlook: Outlook | None
    notes: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """True when a flaw has to be mended."""
        return any(flaw.blocks for flaw in self.flaws)


def foresee(
    opened: OpenBrief, state: Path, *, isolation: Isolation, seed: int, say: Progress, anyway: bool = False
) -> Foreseen:
    """Audit the holdout, run the baseline in the journal `state`, and tell the chances as `eval new` does.

    What an audit finds ends it, unless `anyway`; a baseline that cannot be run always does. Raises BadInput for a
    baseline that breaks the submission contract.
    """
    say("auditing the holdout")
    data = opened.brief.data
    entity = data.cluster if data.time is None else None
    audited = Foreseen(flaws=tuple(map(_as_flaw, audit_holdout(opened, entity=entity))), outlook=None)
    if audited.blocks and not anyway:
        return audited
    say("running the baseline")
    predicted, why = run_baseline(opened, state, isolation=isolation, grader_seed=seed, progress=say)
    if predicted is None:
        mend = "mend the baseline: it has to train and predict under the brief's own budget"
        flaw = Flaw(kind=FlawKind.BASELINE, claim=f"The baseline cannot be run: {why}.", mend=mend, seen=BEFORE)
        return Foreseen(flaws=(*audited.flaws, flaw), outlook=None)
    say("fitting the pilot, and telling the chance of each band")
    pilot = pilot_of(opened, predicted, seed=seed)
    said = outlook(pilot, opened.brief.lift_target, seed=seed)
    notes = tuple(note for note in said.notes if "seeds" not in note)
    return Foreseen(flaws=(*audited.flaws, *_refused(said), *_perfect(pilot)), outlook=said, notes=notes)


def _refused(said: Outlook) -> Sequence[Flaw]:
    if not said.refused:
        return ()
    kind, claim = FlawKind.POWER, f"{said.refused[:1].upper()}{said.refused[1:]}."
    if "undefined" in said.refused:
        kind = FlawKind.METRIC
    elif "not even the labels" in said.refused:
        kind, claim = FlawKind.BASELINE, f"{claim} The baseline leaves too little room."
    return (Flaw(kind=kind, claim=claim, mend="; or ".join(said.mends), seen=BEFORE),)


def _perfect(pilot: Pilot) -> Sequence[Flaw]:
    if not leaves_nothing(pilot):
        return ()
    claim = (
        f"A pilot ({pilot.of}) comes within {NOTHING:.0%} of a perfect score: some known column tells the answer, or "
        "the question is too easy to tell anybody apart."
    )
    mend = "look for the column that tells it, and take it out of data.known_at_prediction"
    return (Flaw(kind=FlawKind.DISGUISE, claim=claim, mend=mend, seen=BEFORE),)


def _as_flaw(finding: HoldoutFinding) -> Flaw:
    kind = FlawKind.TELLS_LABELS
    if finding.part == "known columns":
        kind = FlawKind.DISGUISE
    elif finding.code in IN_ORDER:
        kind = FlawKind.TIME_ORDER
    elif finding.code.startswith("SPL") or finding.code == "keys":
        kind = FlawKind.OVERLAP
    where = "" if finding.part == "known columns" else f" ({finding.part} rows)"
    claim = f"{finding.claim.removesuffix('.')}{where}."
    return Flaw(kind=kind, claim=claim, mend=finding.mend, blocks=finding.refuses, seen=BEFORE, code=finding.code)
