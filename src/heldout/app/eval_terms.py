"""From what was asked, what the table shows and the presets to the terms of a brief."""

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.app.eval_asked import EvalAsked
from heldout.app.eval_parts import Cut
from heldout.core.errors import BadInput
from heldout.core.lift import LiftTarget
from heldout.evals.authoring.labels import labels_of
from heldout.evals.authoring.presets import KINDS, LEVELS
from heldout.evals.authoring.terms import Terms, Value, Window
from heldout.stats import METRICS

__all__ = ["checked", "terms_of"]

DEFAULT_METRICS = {True: "roc_auc", False: "root_mean_squared_error"}
EPSILON = 1e-6
LEAST_SHARE, MOST_HOLDOUT = 0.01, 0.9


def checked(asked: EvalAsked) -> None:
    """Raise BadInput for options that can be told wrong before the table is read."""
    for option, share in (("--feedback", asked.feedback), ("--final", asked.final)):
        if not (LEAST_SHARE <= share < 1 or (share == 0 and option == "--feedback")):
            raise BadInput(
                f"{option} is {share:g}",
                where=option,
                expected="a share of the rows between 0.01 and 1" + ("; 0 for none" if option == "--feedback" else ""),
                mend=f"for instance: {option} 0.2",
            )
    if asked.feedback + asked.final > MOST_HOLDOUT:
        raise BadInput(
            f"the holdout would be {asked.feedback + asked.final:.0%} of the rows",
            where="--feedback and --final",
            expected=f"{MOST_HOLDOUT:.0%} at most, so that something can be learned from the rest",
            mend="lower one of them",
        )
    if asked.metric is not None and asked.metric not in METRICS:
        raise BadInput(
            f"there is no metric {asked.metric!r}",
            where="--metric",
            expected=", ".join(METRICS),
            mend="choose one of them",
        )
    numbers = {"--minimum": asked.minimum, "--target-lift": asked.target_lift, "--hours": asked.hours}
    for option, number in numbers.items():
        if number is not None and not (
            math.isfinite(number) and (number > 0 or (number == 0 and option == "--minimum"))
        ):
            raise BadInput(
                f"{option} is {number:g}", where=option, expected="a number above 0", mend="give another one"
            )
    if asked.seed is not None and asked.seed < 0:
        raise BadInput(f"--seed is {asked.seed}", where="--seed", expected="a whole number, 0 or more")
    if asked.baseline is not None and not asked.baseline.is_dir():
        raise BadInput(
            "the baseline is not there",
            where=f"--baseline {asked.baseline}",
            expected="the folder of a submission",
            mend="check the path, or leave --baseline out: one is made that says the training rate",
        )


def terms_of(asked: EvalAsked, cut: Cut) -> Terms:
    """Return the terms of the brief; what was decided for the organiser is told in the cut's warnings."""
    train = cut.parts["train"]
    positive = _positive(asked, cut, pa.concat_tables(list(cut.parts.tables.values())).column(asked.target))
    metric = asked.metric or DEFAULT_METRICS[positive is not None]
    level, kind = LEVELS[asked.level], KINDS[asked.kind]
    minimum = level.minimum if asked.minimum is None else asked.minimum
    target = level.target if asked.target_lift is None else asked.target_lift
    if target < minimum:
        raise BadInput(
            f"the target {target:g} is below the minimum {minimum:g}",
            where="--target-lift and --minimum",
            expected="a target that is not below the minimum",
            mend="raise --target-lift or lower --minimum",
        )
    return Terms(
        title=asked.title or f"Predict {asked.target} of {asked.data.name.split('.')[0]}",
        objective=asked.objective,
        kind=asked.kind,
        level=asked.level,
        key=cut.parts.key,
        time=cut.time,
        cluster=cut.cluster,
        target=asked.target,
        positive=positive,
        rows_without_label=_rows_without_label(cut),
        known=_known(asked, cut),
        metric=metric,
        direction="higher" if METRICS[metric].higher_is_better else "lower",
        lift=LiftTarget(scale=asked.scale, minimum=minimum, target=target),
        window=Window(hours=asked.hours or level.hours * kind.hours, cadence=level.cadence),
        epsilon=EPSILON if positive is not None else _epsilon(labels_of(train.column(asked.target), None)),
        has_feedback="feedback" in cut.parts.tables,
    )


def _epsilon(label: NDArray[np.float64]) -> float:
    """Return a millionth of the labels' spread, to one digit."""
    spread = float(np.nanstd(label)) or 1.0
    return float(f"{EPSILON * spread:.0e}")


def _positive(asked: EvalAsked, cut: Cut, column: pa.ChunkedArray) -> Value | None:
    """Return the positive class in the column's own type, None for a regression."""
    is_binary = cut.is_classification if asked.metric is None else METRICS[asked.metric].task == "binary"
    if not is_binary:
        if asked.positive is not None:
            raise BadInput(
                f"--positive is given, and {asked.metric or asked.target} is about numbers",
                where="--positive",
                expected="no positive class for a regression",
                mend="leave --positive out, or name a --metric of classes",
            )
        if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
            raise BadInput(
                f"the target {asked.target} holds no numbers, and {asked.metric} is about numbers",
                where="--metric",
                expected="a metric of classes, such as roc_auc",
                mend="leave --metric out",
            )
        return None
    values = [value for value in pc.unique(column.combine_chunks()).to_pylist() if value is not None]
    if asked.positive is not None:
        found = next((value for value in values if _text(value) == asked.positive), None)
        if found is None:
            raise _no_class(asked, values, f"no row has the target {asked.positive!r}")
        return _plain(found)
    ones = [value for value in values if value is True or (not isinstance(value, str) and value == 1)]
    if len(values) == 2 and len(ones) == 1 and not any(isinstance(value, str) for value in values):
        return _plain(ones[0])
    raise _no_class(asked, values, "the positive class is not given")


def _plain(value: object) -> Value:
    if not isinstance(value, str | int | float | bool):
        raise BadInput(
            f"a class such as {value!r} cannot stand in a brief",
            where="--target",
            expected="texts, numbers or truth values",
            mend="write the column as one of these",
        )
    return value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _no_class(asked: EvalAsked, values: list[object], what: str) -> BadInput:
    shown = ", ".join(sorted(map(_text, values))[:20])
    return BadInput(
        what, where=f"{asked.data}, column {asked.target}", expected=f"one of {shown}", mend="name it with --positive"
    )


def _known(asked: EvalAsked, cut: Cut) -> tuple[str, ...]:
    names = cut.parts["train"].column_names
    empty = [name for name in names if any(_is_empty(table, name) for table in cut.parts.tables.values())]
    apart = {cut.parts.key, asked.target, *cut.numbering, *empty}
    if not asked.known:
        rest = tuple(name for name in names if name not in apart)
        left = f" Left out, because they only number the rows: {', '.join(cut.numbering)}." if cut.numbering else ""
        left += f" Left out, because they hold no value in a whole part: {', '.join(empty)}." if empty else ""
        cut.warnings.append(
            f"All {len(rest)} columns but the target are taken to be known when a prediction is made. If one of them "
            f"is written later, the eval is worth nothing: name those that are known with --known.{left}"
        )
        return _some(rest, asked)
    unknown = [name for name in asked.known if name not in names]
    if unknown:
        raise BadInput(
            f"--known names {unknown[0]!r}, which is no column"
            + (f" (and {len(unknown) - 1} more)" if unknown[1:] else ""),
            where=f"{asked.data}, --known",
            expected=f"some of {', '.join(names[:30])}",
            mend="write the names as they stand in the table",
        )
    if asked.target in asked.known:
        raise BadInput(
            f"--known names the target, {asked.target}",
            where="--known",
            expected="columns that are there before the outcome",
            mend="leave it out",
        )
    if said := [name for name in asked.known if name in empty]:
        raise BadInput(
            f"{said[0]} holds no value in a whole part of the rows",
            where=f"{asked.data}, --known",
            expected="columns that are known in the training rows and in the holdout",
            mend="leave it out of --known",
        )
    return _some(tuple(name for name in dict.fromkeys(asked.known) if name != cut.parts.key), asked)


def _is_empty(table: pa.Table, name: str) -> bool:
    return bool(table.column(name).null_count == table.num_rows)


def _some(known: tuple[str, ...], asked: EvalAsked) -> tuple[str, ...]:
    if not known:
        raise BadInput(
            "no column is known when a prediction is made",
            where=f"{asked.data}, --known",
            expected="one column at least to predict from",
            mend="name it with --known",
        )
    return known


def _rows_without_label(cut: Cut) -> str:
    if "no_label" not in cut.dropped:
        return "There are none."
    return f"They are in no part. {cut.dropped['no_label']}."
