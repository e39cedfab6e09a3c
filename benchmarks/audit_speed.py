"""What `heldout audit` costs on 100,000 rows of 30 columns, against reading the file and doing nothing with it."""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from benchmarks.measure import measure, table

ROWS = 100_000


def planted(rows: int = ROWS) -> pa.Table:
    """A table of 20 numbers, 6 texts, 2 times, a key and a label, with one column that gives it away."""
    draw = np.random.default_rng(20260)
    label = (draw.random(rows) < 0.2).astype(np.int64)
    columns: dict[str, object] = {f"number_{i}": draw.normal(label * 0.1 * (i % 3), 1) for i in range(20)}
    columns |= {f"text_{i}": draw.choice([f"level {k}" for k in range(5**i + 1)], rows) for i in range(1, 7)}
    columns["day"] = np.datetime64("2025-01-01") + np.sort(draw.integers(0, 300, rows))
    columns["closed"] = np.where(label == 1, "2025-12-31", None)
    columns["customer"] = draw.integers(0, rows // 10, rows)
    return pa.table({**columns, "label": label})


def section() -> str:
    """Measure the audit of one table, and of a train and a test table, as CSV and as Parquet."""
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        data = planted()
        csv, parquet, train, test = (
            str(Path(scratch) / name) for name in ("a.csv", "a.parquet", "b.parquet", "c.parquet")
        )
        pyarrow.csv.write_csv(data, csv)
        pyarrow.parquet.write_table(data, parquet)
        pyarrow.parquet.write_table(data.slice(0, ROWS * 4 // 5), train)
        pyarrow.parquet.write_table(data.slice(ROWS * 4 // 5), test)
        heldout = [sys.executable, "-m", "heldout", "audit", "--target", "label", "--json"]
        whole = ["--train", train, "--test", test, "--time", "day", "--entity", "customer"]
        modules = "import sys, duckdb, numpy, pyarrow, scipy.special"
        floor = f"{modules}; duckdb.sql(f\"select * from '{{sys.argv[1]}}'\").fetch_arrow_table()"
        for name, command, bound in (
            ("reading the CSV with DuckDB, nothing else", [sys.executable, "-W", "ignore", "-c", floor, csv], ""),
            ("`heldout audit a.csv`", [*heldout, csv], "5 s wall"),
            ("`heldout audit a.parquet`", [*heldout, parquet], "5 s wall"),
            ("`heldout audit --train --test --time --entity`, 80,000 + 20,000 rows", [*heldout, *whole], ""),
        ):
            cost = measure(command, runs=3, accept=(0, 1))
            rows.append([name, f"{cost.cpu:.1f} s", f"{cost.wall:.1f} s", f"{cost.peak_mb:.0f} MB", bound])
    return table(["what", "CPU", "wall", "peak memory", "bound"], rows)
