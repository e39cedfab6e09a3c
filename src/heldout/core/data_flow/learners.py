"""Methods of learners: what they are fitted on, what that puts into the rows that they transform, whom they predict."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from heldout.core.data_flow.containers import choose, scores_in
from heldout.core.data_flow.events import Crossed, Dealt, Refitted
from heldout.core.data_flow.machine import Call, Instance, Machine
from heldout.core.data_flow.names import (
    BY_CHANCE,
    ENCODERS,
    HARMLESS,
    OVERSAMPLERS,
    PIPELINES,
    SEARCHES,
    SELECTORS,
    TRANSFORMERS,
)
from heldout.core.data_flow.rows import Part, Site, Step
from heldout.core.data_flow.subscripts import narrow
from heldout.core.data_flow.values import ANYTHING, NOTHING, Fitted, Kind, Lesson, Taint, Value, combine, flat

__all__ = ["METHODS", "cross", "deal", "method", "stopping"]

STOPPERS = ("EarlyStopping", "ModelCheckpoint", "early_stopping", "ReduceLROnPlateau", "EarlyStoppingCallback")
STOPS_BY_ITSELF = ("CatBoostClassifier", "CatBoostRegressor", "CatBoost")
EVALUATED = ("eval_set", "validation_data", "evals", "valid_sets", "eval_sets", "val_data", "X_val", "eval_data")


@dataclass(frozen=True, slots=True)
class Nature:
    """What a transformer learns when it is fitted."""

    lesson: Lesson
    what: str
    sure: bool
    supervised: bool


def nature(m: Machine, instance: Instance | None) -> Nature | None:
    """Return what a learner puts into the rows that it transforms; None when that is nothing worth telling."""
    if instance is None:
        return Nature(Lesson.FIT, "a transformer", sure=False, supervised=False)
    what = instance.what
    if what in HARMLESS:
        return None
    if what in ENCODERS:
        return Nature(Lesson.ENCODER, what, sure=True, supervised=True)
    if what in PIPELINES:
        inner = [nature(m, m.heap[part.ident]) for part in instance.parts if part.ident in m.heap]
        known = [one for one in inner if one is not None]
        return max(known, key=lambda one: (one.sure, one.supervised)) if known else None
    return Nature(Lesson.FIT, what, sure=what in TRANSFORMERS or what in SELECTORS, supervised=what in SELECTORS)


def method(m: Machine, base: Value, name: str, given: Call) -> Value:
    """Return what a method of a learner gives; what it is not known for keeps the rows that it is handed."""
    handler = METHODS.get(name)
    if handler is not None:
        return handler(m, base, given)
    rows = [value for value in flat(given.all()) if value.is_rows]
    if not rows:
        return base if name.startswith("set_") or name in ("compile", "to", "eval", "train", "cuda") else ANYTHING
    instance = m.heap.get(base.ident)
    m.unknown(given.site, f"a method {name} of {instance.what if instance else 'something unknown'}")
    return replace(combine(*rows), murky=frozenset({given.site}))


def _features(given: Call) -> Value:
    found = given.argument(0, "X", "x", "X_train", "data", "dtrain", "input_x", "train_set")
    if found is not None and found.kind is Kind.SEQUENCE:
        return combine(*found.items) if found.items else found.rest or ANYTHING
    return found or ANYTHING


def _fit(m: Machine, base: Value, given: Call) -> Value:
    features, label = _features(given), given.argument(1, "y", "Y", "y_train")
    if label is not None and label.is_rows and label.name:
        m.events.labels.add(label.name)
    m.touch(features)
    instance = m.heap.get(base.ident)
    what = instance.what if instance else "a learner"
    stopped = stopping(m, instance, given)
    inherited = {
        taint
        for value in flat(instance.made_by.values() if instance else ())
        for taint in value.taints
        if taint.lesson in (Lesson.SEARCH, Lesson.CHOICE)
    }
    fit = Fitted(
        given.site,
        what,
        features.rows,
        features.taints | inherited,
        stopped_on=stopped,
        stopped_at=given.site if stopped else None,
        serial=m.tick(),
        loops=m.loops,
    )
    m.events.fitted.append(fit)
    if instance is None:
        m.heap[base.ident] = Instance("a learner", fits=(fit,))
    else:
        m.change(base.ident, fits=(fit,))
    if what in SEARCHES:
        cross(m, given.site, what, features)
    return base if base.kind is Kind.OBJECT else Value(Kind.OBJECT, ident=base.ident, name=base.name)


def stopping(m: Machine, instance: Instance | None, given: Call) -> frozenset[Part]:
    """Return the rows by whose score a fit decides when to stop; none where it merely watches them."""
    made_by = instance.made_by if instance else {}
    watched = [given.named[name] for name in EVALUATED if name in given.named]
    rows = [value for value in flat(watched) if value.is_rows]
    if not rows:
        return frozenset()
    several = {**made_by, **given.named}
    rounds = several.get("early_stopping_rounds")
    parts = [m.heap[one.ident].what for one in flat(several.values()) if one.ident in m.heap]
    stops = rounds is not None and (rounds.kind is not Kind.CONSTANT or rounds.const is not None)
    stops = stops or any(what in STOPPERS for what in parts)
    best = several.get("use_best_model")
    by_itself = instance is not None and instance.what in STOPS_BY_ITSELF and (best is None or best.const is not False)
    if not (stops or by_itself):
        return frozenset()
    trained = _features(given).rows
    return frozenset[Part]().union(*(value.rows for value in rows)) - trained


def cross(m: Machine, site: Site, what: str, features: Value) -> None:
    """Note a cross-validation inside one call."""
    m.touch(features)
    if features.rows:
        m.events.crossed.append(Crossed(site, what, features, m.entry))


def _transform(m: Machine, base: Value, given: Call) -> Value:
    features = _features(given)
    instance = m.heap.get(base.ident)
    learned = nature(m, instance)
    if instance is None or learned is None or not features.is_rows:
        return replace(features, kind=Kind.DATA) if features.is_rows else features
    taints = {
        Taint(learned.lesson, fit.site, learned.what, fit.rows, learned.sure, learned.supervised, fit.maybe)
        for fit in instance.fits
        if fit.rows
    }
    before = {taint for fit in instance.fits for taint in fit.taints}
    return replace(features, kind=Kind.DATA, taints=features.taints | taints | before)


def _fit_transform(m: Machine, base: Value, given: Call) -> Value:
    fitted = _fit(m, base, given)
    instance = m.heap.get(fitted.ident)
    learned = nature(m, instance)
    features = _features(given)
    if learned is not None and learned.sure and features.rows:
        m.events.refitted.append(Refitted(given.site, learned.what, features.rows))
    return _transform(m, fitted, given)


def _resample(m: Machine, base: Value, given: Call) -> Value:
    features = _features(given)
    label = given.argument(1, "y") or ANYTHING
    instance = m.heap.get(base.ident)
    what = instance.what if instance else "a resampler"
    if label.name:
        m.events.labels.add(label.name)
    if what.startswith("Random") and "Under" in what:
        return Value(Kind.SEQUENCE, items=(features, label))
    taint = Taint(Lesson.RESAMPLED, given.site, what, features.rows, sure=what in OVERSAMPLERS)
    items = tuple(replace(value, taints=value.taints | {taint}) for value in (features, label))
    return Value(Kind.SEQUENCE, items=items)


def predicted(m: Machine, base: Value, features: Value) -> Value:
    """Return what a learner says of rows."""
    instance = m.heap.get(base.ident)
    return replace(
        features,
        kind=Kind.DATA,
        models=frozenset(instance.fits) if instance else frozenset(),
        ident=base.ident,
        name="",
        judged=False,
    )


def _predict(m: Machine, base: Value, given: Call) -> Value:
    features = _features(given)
    return predicted(m, base, features) if features.is_rows else ANYTHING


def _score(m: Machine, base: Value, given: Call) -> Value:
    features = _features(given)
    return m.score(given, [predicted(m, base, features)]) if features.is_rows else ANYTHING


def _fit_predict(m: Machine, base: Value, given: Call) -> Value:
    return _predict(m, _fit(m, base, given), given)


def _split(m: Machine, base: Value, given: Call) -> Value:
    """Return the pairs of row numbers that a splitter gives."""
    rows = given.argument(0, "X") or ANYTHING
    instance = m.heap.get(base.ident)
    if not rows.is_rows:
        return ANYTHING
    what = instance.what if instance else ""
    shuffles = instance.made_by.get("shuffle") if instance else None
    by_chance = what in BY_CHANCE and ("Shuffle" in what or (shuffles is not None and shuffles.const is not False))
    m.touch(rows)
    m.events.dealt.append(Dealt(given.site, rows, by_chance, given.argument(2, "groups") is not None, m.entry))
    return Value(Kind.SEQUENCE, rest=Value(Kind.SEQUENCE, items=deal(rows, f"folds at {given.site}", given.site)))


def deal(rows: Value, split: str, site: Site) -> tuple[Value, Value]:
    """Return the row numbers of the train and the test side of a fold."""
    plain = replace(rows, kind=Kind.DATA, index=True, taints=frozenset(), name="")
    sides = (Step(split, (side, ""), dealt=True, folds=True, site=site) for side in ("train", "test"))
    one, two = (narrow(plain, (step,)) for step in sides)
    return one, two


def _optimize(m: Machine, _: Value, given: Call) -> Value:
    """Follow the objective that a search is handed: what it returns is what the search chooses by."""
    return optimized(m, given)


def optimized(m: Machine, given: Call) -> Value:
    """Return what a search gives: its choice, where the objective is a score."""
    for value in flat(given.all()):
        if value.kind is Kind.FUNCTION:
            empty = replace(given, positional=(ANYTHING,), named={})
            m.loops += 1
            m.guards.append(True)
            try:
                scores = scores_in((m.invoke(value, empty),))
            finally:
                m.loops -= 1
                m.guards.pop()
            if scores:
                return choose(m, given, scores, "a search over")
    return NOTHING


METHODS: Mapping[str, Callable[[Machine, Value, Call], Value]] = {
    "fit": _fit,
    "partial_fit": _fit,
    "adapt": _fit,
    "fit_on_texts": _fit,
    "fit_generator": _fit,
    "train_on_batch": _fit,
    "fit_transform": _fit_transform,
    "transform": _transform,
    "texts_to_sequences": _transform,
    "texts_to_matrix": _transform,
    "fit_resample": _resample,
    "fit_sample": _resample,
    "predict": _predict,
    "predict_proba": _predict,
    "predict_log_proba": _predict,
    "predict_classes": _predict,
    "decision_function": _predict,
    "fit_predict": _fit_predict,
    "score": _score,
    "evaluate": _score,
    "split": _split,
    "optimize": _optimize,
}
