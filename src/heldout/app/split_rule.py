"""Which rule a split follows: what was declared, else what the table shows; and what it refuses before rows move."""

import re
from dataclasses import dataclass

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind, LabelKind
from heldout.core.split_manifest import SplitRequest
from heldout.splits import ENTITY_RULES, FEWEST, Kind
from heldout.tables import Label
from heldout.tables.durations import parse_duration
from heldout.tables.split_advice import SplitAdvice
from heldout.tables.table import kind_of
from heldout.tables.to_split import PARTS, SplitSource

__all__ = ["FEWEST_OF_A_CLASS", "Chosen", "chosen_rule", "gap_of", "refuse_bad_request", "refuse_rare_classes", "share"]

FEWEST_OF_A_CLASS = 5
"""With fewer rows of a class a part of a fifth would hold none."""

MOST_FOLDS = 100
PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The rule with its columns; `followed` says why where nothing was declared, `found` what is not held."""

    kind: Kind
    time: str | None
    entity: str | None
    entity_part: str
    followed: str = ""
    found: tuple[str, ...] = ()


def share(test: str | float) -> float:
    """Return a share such as "20%" or .2 as a number between 0 and 1; raises BadInput for anything else."""
    text = str(test)
    match = PERCENT.fullmatch(text)
    try:
        value = float(match[1]) / 100 if match else float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1:
        raise BadInput(
            f"the test part is {text!r} of the rows",
            where="--test",
            expected="a share between 0 % and 100 %, such as 20% or 0.2",
            mend="for instance: --test 20%",
        )
    return value


def refuse_bad_request(asked: SplitRequest) -> None:
    """Raise BadInput for options that do not go together."""
    rules = (*ENTITY_RULES, FEWEST)
    if asked.entity_part not in PARTS or asked.entity_rule not in rules:
        raise BadInput(
            f"there is no entity part {asked.entity_part!r} with the rule {asked.entity_rule!r}",
            expected=f"a part among {', '.join(PARTS)}, and a rule among {', '.join(rules)}",
        )
    if asked.folds is not None and not 2 <= asked.folds <= MOST_FOLDS:
        raise BadInput(f"{asked.folds} folds are asked for", where="--folds", expected=f"2 to {MOST_FOLDS}")
    if asked.seed < 0:
        raise BadInput(f"the seed is {asked.seed}", where="--seed", expected="a whole number, 0 or more")
    for option, value in (("horizon", asked.horizon), ("embargo", asked.embargo)):
        if value is not None and asked.time is None:
            raise BadInput(
                f"there is --{option} and no time column",
                expected="--time, the column that says when a row happened",
                mend="name it with --time",
            )
    if asked.entity_part != "whole" and asked.entity is None:
        raise BadInput("there is --entity-part and no entity column", mend="name the column with --entity")
    if asked.at_random and (asked.time or asked.entity):
        raise BadInput(
            "there is --at-random beside --time or --entity", expected="one of them", mend="leave --at-random out"
        )


def chosen_rule(asked: SplitRequest, advice: SplitAdvice | None, source: SplitSource) -> Chosen:
    """Return what was declared; without a declaration what the table shows: times before a key, else at random."""
    found = _unheld(asked, advice)
    if asked.time or asked.entity:
        kind: Kind = "forward_group" if asked.time and asked.entity else "forward" if asked.time else "group"
        return Chosen(kind=kind, time=asked.time, entity=asked.entity, entity_part=asked.entity_part, found=found)
    shown = advice.structure if advice else None
    if shown is not None and not asked.at_random:
        if shown.holds_times and _is_time(source, shown.times[0]):
            why = f"the column {shown.times[0]} holds times"
            rest = tuple(text for text in found if not text.startswith(f"{shown.times[0]} "))
            return Chosen(
                kind="forward", time=shown.times[0], entity=None, entity_part="whole", followed=why, found=rest
            )
        if shown.entities:
            key = shown.entities[0]
            part = "beginning" if key.is_beginning else "whole"
            why = f"{key.key} looks like a key: {key.why}"
            rest = tuple(text for text in found if not text.startswith(f"{key.key} "))
            return Chosen(kind="group", time=None, entity=key.column, entity_part=part, followed=why, found=rest)
    return Chosen(kind="random", time=None, entity=None, entity_part="whole", found=found)


def _is_time(source: SplitSource, name: str) -> bool:
    return kind_of(source.column(name, called="time column").column(name)) is ColumnKind.TIME


def _unheld(asked: SplitRequest, advice: SplitAdvice | None) -> tuple[str, ...]:
    """Return what the table shows and nobody declared, a phrase each."""
    if advice is None:
        return ()
    shown, found = advice.structure, []
    if asked.time is None:
        found += [f"{name} looks like a time" for name in shown.times[:1]]
        explained = shown.is_sorted or shown.times or shown.entities or asked.entity
        if shown.row_order and not explained:
            found.append(f"the rows stand in an order that matters: {shown.row_order}")
    if asked.entity is None:
        found += [f"{key.text.replace(' (', ' looks like a key (', 1)}" for key in shown.entities[:1]]
    return tuple(found)


def gap_of(asked: SplitRequest, *, is_time: bool) -> tuple[float, float]:
    """Return horizon and embargo in the unit of the times."""
    horizon, embargo = (
        0.0 if text is None else parse_duration(text, is_time=is_time, called=called)
        for text, called in ((asked.horizon, "horizon"), (asked.embargo, "embargo"))
    )
    return horizon, embargo


def refuse_rare_classes(label: Label, folds: int | None, where: str) -> None:
    """Raise BadInput for a class too rare to stand in every part."""
    if label.kind is LabelKind.REGRESSION:
        return
    fewest = max(FEWEST_OF_A_CLASS, folds or 0)
    counts = {name: int((label.codes == code).sum()) for code, name in enumerate(label.classes)}
    rare = {name: rows for name, rows in counts.items() if rows < fewest}
    if rare:
        name, rows = min(rare.items(), key=lambda item: item[1])
        raise BadInput(
            f"the class {name!r} of {label.name!r} has {rows:,} row{'s' * (rows != 1)}",
            where=where,
            expected=f"{fewest} rows or more of each class, so that each part can hold some",
            mend="leave the class out or join it to another, or compare: "
            f"--target '{label.columns[0]} == \"{max(counts, key=lambda one: counts[one])}\"'",
        )
