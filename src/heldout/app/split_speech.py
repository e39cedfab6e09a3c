"""The paragraph that a person can say of a split, computed from its counts."""

import math
from collections.abc import Sequence

from heldout.core.profile import LabelKind
from heldout.core.split_manifest import DroppedRows, Resolution, SplitPart, SplitRule, SplitSpeech, TimedFold
from heldout.stats.metrics.hanley_mcneil import hanley_mcneil_standard_error
from heldout.stats.sample_size import design_effect, minimum_detectable_effect
from heldout.tables import counted

__all__ = ["key_of", "resolution_of", "speech_of"]

ASSUMED = 0.8
"""The AUC or accuracy that widths are told for; at .9 they are about a quarter narrower."""
Z95 = 1.959964
FEWEST = 5

MEASURES = {
    "random": "how a model does on further rows like these, from the same times and the same sources",
    "group": "how a model does on {unit} that it has never met, at the same time as those it learnt from",
    "forward": "how a model does later in time, on rows after all that it learnt from",
    "forward_group": "how a model does later in time on {unit} that it has never met",
}


def speech_of(
    rule: SplitRule,
    *,
    parts: Sequence[SplitPart],
    folds: Sequence[TimedFold],
    dropped: Sequence[DroppedRows],
    resolution: Resolution | None,
    found: Sequence[str],
) -> SplitSpeech:
    """Say what the split measures, why it is valid, what it can show, and what it does not measure."""
    unit = f"values of {key_of(rule)}" if rule.entity else ""
    measures = f"This split measures {MEASURES[rule.kind].format(unit=unit)}."
    if rule.followed:
        measures += f" Nothing was declared, and it follows what the table shows: {rule.followed}."
    if rule.entity_rule is not None:
        measures += f" {_entity_cost(rule, dropped)}"
    return SplitSpeech(
        measures=measures,
        valid_because=_valid(rule, parts, folds, dropped),
        resolves=_resolves(resolution),
        does_not_measure=_not_measured(rule, found),
    )


_ROWS = ("row", "rows")
ENTITY_RULES = {
    "new": "Of values of {key} on both sides the test rows were left out",
    "purge": "Of values of {key} on both sides the train rows were left out",
    "deal": "Each value of {key} was dealt to train or to test, and its rows on the other side were left out",
}


def _entity_cost(rule: SplitRule, dropped: Sequence[DroppedRows]) -> str:
    """Say how entities on both sides of a cut were parted, what it cost, and what else it could have cost."""
    cost = next((drop.rows for drop in dropped if drop.reason == "straddling_entity"), None)
    text = ENTITY_RULES[str(rule.entity_rule)].format(key=key_of(rule))
    text += "." if cost is None else f", which costs {counted(cost, *_ROWS)}."
    if len(rule.costs) > 1:
        others = [f"{name} {rows:,}" for name, rows in rule.costs.items()]
        text += f" This rule leaves out the fewest rows, with the gap: {', '.join(others)}."
    return text


def key_of(rule: SplitRule) -> str:
    """Return the key as a phrase."""
    return f"{rule.entity} without its last part" if rule.entity_part == "beginning" else str(rule.entity)


def _valid(
    rule: SplitRule, parts: Sequence[SplitPart], folds: Sequence[TimedFold], dropped: Sequence[DroppedRows]
) -> str:
    by_name = {part.name: part for part in parts}
    said = []
    if rule.test_from is not None and "test" in by_name:
        said.append(
            f"Train ends at {rule.train_until} and test begins at {rule.test_from}"
            + (", which keeps horizon and embargo apart" if rule.gap > 0 else ", and equal times are on one side")
        )
    if folds:
        said.append(
            f"Each of {len(folds)} folds is tested on rows after all that it learns from"
            + (", with horizon and embargo between them" if rule.gap > 0 else "")
        )
    if rule.entity is not None:
        train, test = (by_name[name].entities if name in by_name else None for name in ("train", "test"))
        told = f": {train:,} in train, {test:,} in test" if train is not None and test is not None else ""
        said.append(f"Every value of {key_of(rule)} is on one side{told}")
    if rule.copies_together:
        said.append("Equal rows are on one side")
    if rule.stratified_by:
        shares = _shares(by_name)
        kept = (
            "the classes stand in nearly the same shares"
            if rule.stratified_by == "classes"
            else ("low and high values of the target stand in nearly the same shares")
        )
        said.append(f"In all parts {kept}{shares}")
    left = [f"{counted(drop.rows, *_ROWS)} because {drop.why}" for drop in dropped]
    text = ". ".join(said) + "."
    return text + (f" Left out: {'; '.join(left)}." if left else " No row was left out.")


def _shares(parts: dict[str, SplitPart]) -> str:
    train, test = parts.get("train"), parts.get("test")
    if not (train and test) or len(train.classes) != 2:
        return ""
    name = list(train.classes)[-1]
    told = [f"{part.classes[name] / part.rows:.1%} in {part.name}" for part in (train, test)]
    return f" ({name}: {', '.join(told)})"


def resolution_of(kind: LabelKind, rows: int, classes: Sequence[int], *, unit: str, sizes: Sequence[int]) -> Resolution:
    """Return what a score on `rows` test rows can show; `sizes` are the rows of each independent `unit`, or empty."""
    if kind is LabelKind.REGRESSION:
        metric, assumed, error = "relative root_mean_squared_error", 1.0, math.sqrt(0.5 / max(rows, 1))
        fewest = rows
        why = "" if rows > FEWEST else f"{counted(rows, *_ROWS)} show nothing"
    elif kind is LabelKind.BINARY:
        metric, assumed, fewest = "roc_auc", ASSUMED, min(classes, default=0)
        why = "" if fewest >= FEWEST else f"the rarer class has {counted(fewest, *_ROWS)} in test"
        error = 0.0 if why else hanley_mcneil_standard_error(ASSUMED, classes[1], classes[0])
    else:
        metric, assumed, error = "accuracy", ASSUMED, math.sqrt(ASSUMED * (1 - ASSUMED) / max(rows, 1))
        fewest = rows
        why = "" if rows > FEWEST else f"{counted(rows, *_ROWS)} show nothing"
    units = len(sizes) if sizes else rows
    effect = None
    if len(sizes) > 1:
        mean = sum(sizes) / len(sizes)
        spread = math.sqrt(sum((size - mean) ** 2 for size in sizes) / len(sizes)) / mean
        effect = design_effect(mean, 1.0, size_variation=spread)
    return Resolution(
        metric=metric,
        assumed=assumed,
        rows=rows,
        unit=unit or "rows",
        units=units,
        half_width=None if why else _rounded(Z95 * error),
        half_width_clustered=None if why or effect is None else _rounded(Z95 * error * math.sqrt(effect)),
        smallest_difference=None if why else _rounded(minimum_detectable_effect(error, fewest - 1)),
        undefined_because=why or None,
    )


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _resolves(found: Resolution | None) -> str:
    if found is None:
        return "There is no test part: what the folds can show is told by their scores."
    if found.half_width is None or found.smallest_difference is None:
        return f"It can show no score: {found.undefined_because}."
    if found.metric.startswith("relative"):
        told = f"a root mean squared error is known to about ± {found.half_width:.1%} of itself"
        smallest = f"{found.smallest_difference:.1%} of it"
    else:
        name = "an AUC" if found.metric == "roc_auc" else "an accuracy"
        told, smallest = f"{name} of {found.assumed:g} is known to ± {found.half_width:.2g}", ""
        smallest = f"{found.smallest_difference:.2g}"
    text = f"With {found.rows:,} test rows {told}, if the rows are independent"
    if found.half_width_clustered is not None:
        wide = found.half_width_clustered
        shown = f"{wide:.1%} of itself" if found.metric.startswith("relative") else f"{wide:.2g}"
        text += f"; if those of one {found.unit} ({found.units:,} in test) are all alike, to ± {shown}"
    return (
        f"{text}. Two models whose errors go half together have to differ by {smallest} to be told apart in 4 of 5"
        " cases, or by more where rows go together."
    )


NOT_MEASURED = {
    "random": ("later times", "keys (users, places, devices) that train does not hold"),
    "group": ("later times",),
    "forward": (
        "whether a model holds for keys (users, places, devices) that it never met: those may stand on both sides",
    ),
    "forward_group": ("later rows of those that train holds",),
}


def _not_measured(rule: SplitRule, found: Sequence[str]) -> str:
    text = f"It does not measure {' or '.join(NOT_MEASURED[rule.kind])}."
    if rule.kind in ("forward", "forward_group") and rule.horizon == 0:
        text += " No horizon was declared: labels are taken to be known at once."
    if found:
        text += f" Not held to, because it was not declared: {'; '.join(found)}."
    return text
