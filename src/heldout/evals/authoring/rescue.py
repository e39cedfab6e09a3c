"""The leaky project of a rescue eval, made for its table, and the private list of what was planted."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.types as pt

from heldout.evals.authoring.labels import labels_of
from heldout.evals.authoring.program import filled
from heldout.evals.authoring.terms import Terms, toml_value
from heldout.evals.planted import Key, Leak, Place

__all__ = ["rescue_files", "rescue_key"]

MOST_NUMBERS, MOST_TEXTS, MOST_LEVELS = 12, 3, 200
FEWEST = 20
FILES = ("features.py", "split.py", "model.py", "train.py", "predict.py")


class _Shown(TypedDict):
    file: str
    line: int
    places: tuple[Place, ...]


def _columns(terms: Terms, train: pa.Table) -> tuple[list[str], list[str], str | None]:
    """Return the numbers and texts that the project uses, and the number among them that is not known in time."""
    known, named = set(terms.known), {terms.key, terms.target, terms.time, terms.cluster}
    numbers = [
        name
        for name, kind in zip(train.column_names, train.schema.types, strict=True)
        if (pt.is_integer(kind) or pt.is_floating(kind)) and name not in named
    ]
    late = _most_telling(train, terms, [name for name in numbers if name not in known])
    used = [name for name in numbers if name in known][:MOST_NUMBERS]
    texts = [
        name
        for name in terms.known
        if pt.is_string(train.schema.field(name).type)
        and name not in named
        and len(train.column(name).unique()) <= MOST_LEVELS
    ][:MOST_TEXTS]
    if not texts and used:
        texts = [used.pop()]  # each of its values gets the mean of the target: all the more a copy of it
    return ([*used, late] if late else used), texts, late


def _most_telling(train: pa.Table, terms: Terms, names: Sequence[str]) -> str | None:
    """Return the number that goes along with the label most closely; row numbers and the like go with nothing."""
    label = labels_of(train.column(terms.target), terms.positive)
    best, most = None, 0.0
    for name in names:
        values = labels_of(train.column(name), None)
        both = ~np.isnan(values) & ~np.isnan(label)
        if both.sum() < FEWEST or not np.ptp(values[both]) or not np.ptp(label[both]):
            continue
        along = abs(float(np.corrcoef(values[both], label[both])[0, 1]))
        if along > most:
            best, most = name, along
    return best


def rescue_files(terms: Terms, train: pa.Table) -> dict[str, str]:
    """Return the files of the leaky project, by path; it needs Python alone."""
    numbers, texts, _ = _columns(terms, train)
    values = {
        "title": terms.title,
        "target": repr(terms.target),
        "positive": repr(terms.positive),
        "key": repr(terms.key),
        "numbers": ", ".join(map(repr, numbers)),
        "texts": ", ".join(map(repr, texts)),
        "is_classification": repr(terms.positive is not None),
    }
    files = {name: filled(f"rescue/{name}", values) for name in FILES}
    contract = filled(
        "program/submission.toml",
        {
            "metric": toml_value(terms.metric),
            "value": "0.0",
            "evaluated": toml_value("on a quarter of the training rows, drawn at random"),
            "features": ", ".join(map(toml_value, [*numbers, *texts])),
        },
    ).replace('split = "other"', 'split = "random"')
    return files | {
        "plain_parquet.py": filled("program/plain_parquet.py", {}),
        "README.md": filled("rescue/README.md", values),
        "submission.toml": contract,
        "requirements.lock": "",
    }


def rescue_key(terms: Terms, train: pa.Table, files: dict[str, str]) -> Key:
    """Return what was planted and where it shows: for the organiser, never for the kit."""
    _, texts, late = _columns(terms, train)
    place = _Places(files)
    order = tuple(dict.fromkeys(name for name in (terms.time, terms.cluster) if name))
    leaks = [
        Leak(
            kind="fit-before-split",
            what="fit before split: scales and rates see the test rows",
            function="main",
            columns=(),
            **place.shown(("train.py", "features.Scaler().fit(table)", "scaler.transform(table")),
        )
    ]
    if texts:
        leaks.append(
            Leak(
                kind="target-derived",
                what=f"target-derived: {', '.join(texts)} is the mean of the target, the row's own included",
                function="Scaler.fit",
                columns=tuple(texts),
                **place.shown(
                    ("features.py", "self.rates[name] = {", "self.rates[name] = {"),
                    ("features.py", "sums = {}", "self.rates[name] = {"),
                    ("features.py", "TEXTS = [", "TEXTS = ["),
                    ("features.py", "numbers.append(self.rates", "numbers.append(self.rates"),
                ),
            )
        )
    if late:
        leaks.append(
            Leak(
                kind="unavailable",
                what=f"unavailable: {late} is not known when a prediction is made",
                function="",
                columns=(late,),
                **place.shown(
                    ("features.py", "NUMBERS = [", "NUMBERS = ["),
                    ("submission.toml", "features = ", "features = "),
                    ("README.md", "Every column", "Every column"),
                ),
            )
        )
    if order:
        leaks.append(
            Leak(
                kind="random-split",
                what=f"random split, although rows share {order[0]}",
                function="split",
                columns=order,
                **place.shown(
                    ("split.py", "shuffle(order)", "shuffle(order)"),
                    ("split.py", "order = list(", "return order"),
                    ("train.py", "split.split(", "split.split("),
                    ("submission.toml", 'split = "random"', 'split = "random"'),
                ),
            )
        )
    return Key(leaks=tuple(leaks), project=files)


class _Places:
    """Finds lines of the project by what stands in them."""

    def __init__(self, files: dict[str, str]) -> None:
        self._lines = {name: text.splitlines() for name, text in files.items()}

    def shown(self, *signs: tuple[str, str, str]) -> _Shown:
        """Return places from (file, sign of the first line, sign of the last), and the first of them as the leak's."""
        places = tuple(
            Place(file=name, first=self._line(name, first), last=self._line(name, last)) for name, first, last in signs
        )
        return {"file": places[0].file, "line": places[0].first, "places": places}

    def _line(self, name: str, sign: str) -> int:
        return next(number for number, text in enumerate(self._lines[name], start=1) if sign in text)
