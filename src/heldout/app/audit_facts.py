"""What an audit looked at, and what it found about entities, time and the split, as facts to read."""

from collections.abc import Mapping

from heldout.app.audit_score import Rescored
from heldout.app.audited import Audited
from heldout.core.profile import LabelKind
from heldout.report.figures import said
from heldout.tables import Label, SplitAdvice, Table, shortened

__all__ = ["facts_of"]


def facts_of(
    audited: Audited, advice: SplitAdvice, scored: Rescored | None, row_ids: tuple[str, ...]
) -> Mapping[str, str]:
    """Return the facts in reading order: the tables, the target, what was not examined, the score, the split."""
    facts = {}
    if audited.test is None:
        facts["table"] = _size(audited.train, audited.label)
    else:
        facts["train"] = _size(audited.train, audited.label)
        facts["test"] = _size(audited.test, audited.test_label)
    facts["target"] = _target(audited.label)
    notes = dict.fromkeys([*audited.train.notes, *(audited.test.notes if audited.test else ())])
    if notes:
        facts["note"] = "; ".join(notes)
    if row_ids:
        facts["row numbers"] = f"{shortened(row_ids)} (left out when rows are compared)"
    if scored is not None:
        facts |= _scores(scored)
    return facts | _structure(advice)


def _size(table: Table, label: Label | None) -> str:
    size = f"{table.rows:,} rows, {len(table.columns):,} columns"
    if label is None:
        return f"{size}, no target"
    return f"{size}, {label.missing:,} rows without a target left out" if label.missing else size


def _target(label: Label) -> str:
    if label.kind is LabelKind.REGRESSION:
        return f"{label.name} (regression)"
    known = label.codes[label.known]
    counts = [f"{name}: {int((known == code).sum()):,}" for code, name in enumerate(label.classes)]
    positive = f"; positive is {label.classes[-1]}" if label.kind is LabelKind.BINARY else ""
    return f"{label.name} ({shortened(counts)}{positive})"


def _scores(scored: Rescored) -> dict[str, str]:
    facts = {"computed again": f"{scored.evidence.metric} {said(scored.everywhere)}, {scored.clusters}"}
    if scored.kept < 1:
        facts["without copied rows"] = f"{said(scored.elsewhere)}, {scored.kept:.1%} of all"
        if scored.prevalence is not None:
            before, after = scored.prevalence
            facts["without copied rows"] += f"; positives go from {before:.1%} to {after:.1%}"
    return facts


def _structure(advice: SplitAdvice) -> dict[str, str]:
    found = advice.structure
    facts = {}
    if found.entities:
        facts["looks like entities"] = "; ".join(hint.text for hint in found.entities)
    if found.times:
        facts["looks like time"] = shortened(found.times)
    if found.row_order:
        facts["row order"] = found.row_order
    if found.repeated:
        share = found.repeated / found.rows
        facts["repeated rows"] = f"{found.repeated:,} of {found.rows:,} ({share:.1%}) equal another"
    facts["split to use"] = f"{advice.split} ({advice.why})"
    return facts
