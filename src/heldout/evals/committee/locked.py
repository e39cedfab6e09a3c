"""What stands after the lock, held to what the lock promised."""

from collections.abc import Mapping
from dataclasses import dataclass

from heldout.core.errors import BadInput
from heldout.evals.brief import Brief, open_brief
from heldout.evals.committee.levels import sha256_of_rubric, sha256_plain
from heldout.evals.committee.sheets import Lock, Sheet, State, sheets_of, state_of
from heldout.evals.committee.works import Work, works_of
from heldout.evals.record.workspace import Workspace

__all__ = ["Locked", "locked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """The works of a lock that are still there, and by work and rater the sheets that count."""

    brief: Brief
    state: State
    lock: Lock
    works: tuple[Work, ...]
    sheets: Mapping[str, Mapping[str, Sheet]]

    def work(self, name: str) -> Work:
        """Return a work of the lock. Raises BadInput for one that was not there then."""
        for work in self.works:
            if work.name == name:
                return work
        raise BadInput(
            f"{name[:80]} was not there when the sheets were locked",
            expected=f"one of: {', '.join(work.name for work in self.works)}",
            mend="heldout eval restart EVAL WORK --why TEXT opens the rating again for it",
        )


def locked(workspace: Workspace) -> Locked:
    """Return what stands after the lock.

    Raises BadInput before it, and where the rubric, the rule of decision, a card or a sheet is not what was locked.
    """
    state = state_of(workspace)
    state.refuse_open()
    lock = state.lock
    assert lock is not None
    brief = open_brief(workspace.folder).brief
    changed = []
    if sha256_of_rubric(brief) != lock.rubric_sha256:
        changed.append("the rubric of the brief (weights, anchors)")
    if sha256_plain(brief.decision) != lock.decision_sha256:
        changed.append("the rule of decision of the brief")
    works = tuple(work for work in works_of(workspace)[0] if work.name in lock.works)
    changed += [f"the card of {work.name}" for work in works if work.card_sha256 != lock.cards[work.name]]
    sheets = {work.name: sheets_of(workspace, work, state) for work in works}
    changed += [
        f"the sheet of {rater} on {name}"
        for name, promised in lock.sheets.items()
        for rater, sha256 in promised.items()
        if name in sheets and (rater not in sheets[name] or sheets[name][rater].sha256 != sha256)
    ]
    if changed:
        raise BadInput(
            f"{'; '.join(changed[:5])} changed since the lock of {lock.at:%Y-%m-%d %H:%M} UTC",
            expected="what the raters rated",
            mend="restore it; or begin anew, with all that was said kept: heldout eval restart EVAL --why TEXT",
        )
    counting = {name: {who: sheet for who, sheet in said.items() if sheet.counts} for name, said in sheets.items()}
    return Locked(brief=brief, state=state, lock=lock, works=works, sheets=counting)
