"""The columns, and how often the outcome came with each combination of them."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import columns

DATA = Path(os.environ.get("HELDOUT_DATA", "/data"))
MODEL = Path(os.environ.get("HELDOUT_MODEL", "/model"))
OUT = Path(os.environ.get("HELDOUT_OUT", "/out"))
SEED = int(os.environ.get("HELDOUT_SEED", "0"))
BINS = 32


def table(name):
    return pq.read_table(DATA / name, use_threads=False)


def labels(rows):
    target = rows.column(columns.TARGET)
    if columns.POSITIVE is not None:
        target = pc.equal(target, pa.scalar(columns.POSITIVE).cast(target.type))
    return target.cast(pa.float64()).to_numpy()


def combinations(rows):
    """One text for all values of a row."""
    there = [name for name in columns.TOGETHER if name in rows.column_names]
    texts = [pc.fill_null(rows.column(name).cast(pa.string()), "") for name in there]
    joined = pc.binary_join_element_wise(*texts, "|") if texts else pa.array([""] * rows.num_rows)
    return joined.to_pylist()


def late(rows):
    """The numbers of each row; NaN where a column is not there."""
    missing = np.full(rows.num_rows, np.nan)
    return {
        name: rows.column(name).cast(pa.float64()).to_numpy() if name in rows.column_names else missing
        for name in columns.TELLING
    }


def means(names, label):
    """The mean of the label by name."""
    sums = {}
    for name, value in zip(names, label.tolist()):
        total, count = sums.get(name, (0.0, 0))
        sums[name] = (total + value, count + 1)
    return {name: total / count for name, (total, count) in sums.items()}


def bins(values, edges):
    return [str(code) for code in np.where(np.isnan(values), -1, np.searchsorted(edges, values)).tolist()]
