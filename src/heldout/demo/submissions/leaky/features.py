"""Columns to a table of zeros and ones, by levels and quantiles that the training rows give."""

import tomllib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FEATURES = tomllib.loads((Path(__file__).parent / "submission.toml").read_text())["reported"]["features"]
QUANTILES = 16


def read(path, others=()):
    """The features of a Parquet file and `others`; a feature that the file does not have is null in every row."""
    there = pq.read_schema(path).names
    table = pq.read_table(path, columns=[*(name for name in FEATURES if name in there), *others], use_threads=False)
    for name in FEATURES:
        if name not in there:
            table = table.append_column(name, pa.nulls(table.num_rows))
    return table


def learn(table):
    """What `encode` needs: the levels of each text, the inner quantiles of each number, nothing of a null column."""
    known = {}
    for name in FEATURES:
        column = table.column(name)
        if pa.types.is_string(column.type):
            known[name] = sorted(column.drop_null().unique().to_pylist())
        else:
            numbers = column.drop_null().cast(pa.float64()).to_numpy()
            inner = np.linspace(0, 1, QUANTILES + 1)[1:-1]
            known[name] = np.unique(np.quantile(numbers, inner)).tolist() if len(numbers) else []
    return known


def encode(table, known):
    """One column of 1 for the constant, then one per level or quantile; a null is 0 in all of its feature's columns."""
    blocks = [np.ones((table.num_rows, 1), np.float32)]
    for name in FEATURES:
        column, levels = table.column(name), known[name]
        text = bool(levels) and isinstance(levels[0], str)
        block = np.zeros((table.num_rows, len(levels) + (not text)), np.float32)
        if text:
            place = column.combine_chunks().dictionary_encode()
            names = place.dictionary.to_pylist()
            where = np.array([levels.index(one) if one in levels else -1 for one in names] + [-1])
            code = where[place.indices.fill_null(len(names)).to_numpy()]
        else:
            values = column.cast(pa.float64()).to_numpy()
            code = np.where(np.isnan(values), -1, np.searchsorted(levels, values, side="right"))
        rows = np.flatnonzero(code >= 0)
        block[rows, code[rows]] = 1
        blocks.append(block)
    return np.hstack(blocks)
