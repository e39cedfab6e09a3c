"""Draws a marketplace's orders from a seed: late or not, with the truth planted, in as many rows as are asked for."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from heldout.core.errors import BadInput

__all__ = ["FEWEST", "KNOWN", "MOST", "Truth", "write_orders"]

FEWEST, MOST = 2_000, 7_000_000
KNOWN = (
    *("ordered_on", "hour", "seller", "customer", "category", "region", "carrier", "price", "weight_kg"),
    "promised_days",
)
"""What is known when an order is placed; `courier_scans` and `refund_cents` are written while it is under way."""

FINAL = 0.2
"""The share of the rows, the last ones, whose labels are held out."""

CHUNK = 250_000
DAYS = 180
FIRST = np.datetime64("2025-01-06", "D")
CATEGORIES = ("books", "electronics", "fashion", "food", "furniture", "garden", "sports", "toys")
REGIONS = ("north", "east", "south", "west", "centre", "islands", "coast", "hills")
CARRIERS = ("albatross", "heron", "kestrel", "swift")
SELLERS = 4_000
BINS = 2_000
STRIDE = 7_368_787
"""A prime above MOST, so that stepping by it names each row once; keys in this order tell nothing of the time."""

SCHEMA = pa.schema(
    [
        ("order", pa.int64()),
        ("ordered_on", pa.date32()),
        *((name, pa.int32()) for name in ("hour", "seller", "customer")),
        *((name, pa.string()) for name in ("category", "region", "carrier")),
        *((name, pa.float64()) for name in ("price", "weight_kg")),
        *((name, pa.int32()) for name in ("promised_days", "courier_scans", "refund_cents", "late")),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What was planted: rows of each part, the share of late orders, and the ROC AUC of the chances that decided.

    Nobody beats that ROC AUC but by luck.
    """

    train: int
    final: int
    late: float
    best_roc_auc: float


def write_orders(folder: Path, *, rows: int, seed: int) -> Truth:
    """Write `data/{train,final}.parquet` and `answers/final.parquet` into `folder`, and return what was planted.

    The last fifth of the days is final. Sellers, carriers in regions, the promise, the weight and the day make an order
    late. Equal rows and seeds give equal tables. They are written in row groups of 250,000, so that memory does not
    grow with the rows. Raises BadInput for fewer than 2,000 rows or more than 7 million.
    """
    if not FEWEST <= rows <= MOST:
        raise BadInput(
            f"{rows:,} rows", where="--rows", expected=f"{FEWEST:,} to {MOST:,}", mend="for example --rows 2000000"
        )
    world = _World(seed, rows)
    tally = np.zeros((2, BINS))
    for part in ("data", "answers"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    first_final = round(rows * (1 - FINAL))
    held = ["order", *KNOWN]
    with contextlib.ExitStack() as stack:
        train = stack.enter_context(_writer(folder / "data" / "train.parquet", SCHEMA.names))
        final = stack.enter_context(_writer(folder / "data" / "final.parquet", held))
        answers = stack.enter_context(_writer(folder / "answers" / "final.parquet", ["order", "late"]))
        for begin, end in _chunks(rows, first_final):
            table, chance = world.drawn(begin, end)
            _count(tally, table, chance)
            if begin < first_final:
                train.write_table(table, row_group_size=CHUNK)
                continue
            final.write_table(table.select(held), row_group_size=CHUNK)
            mixed = pa.array(np.random.default_rng([seed, 2, begin]).permutation(table.num_rows))
            answers.write_table(table.select(["order", "late"]).take(mixed), row_group_size=CHUNK)
    return Truth(
        train=first_final, final=rows - first_final, late=float(tally[1].sum() / rows), best_roc_auc=_auc(tally)
    )


def _chunks(rows: int, first_final: int) -> Iterator[tuple[int, int]]:
    for first, last in ((0, first_final), (first_final, rows)):
        yield from ((begin, min(begin + CHUNK, last)) for begin in range(first, last, CHUNK))


def _writer(path: Path, names: Sequence[str]) -> pq.ParquetWriter:
    # plainly, so that a baseline needs no library to read it
    schema = pa.schema([SCHEMA.field(name) for name in names])
    return pq.ParquetWriter(path, schema, compression="none", use_dictionary=False, store_schema=False)


def _count(tally: NDArray[np.float64], table: pa.Table, chance: NDArray[np.float64]) -> None:
    label = table.column("late").to_numpy()
    bins = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    for kind in (0, 1):
        tally[kind] += np.bincount(bins[label == kind], minlength=BINS)


class _World:
    """The effects that all orders of a seed share."""

    def __init__(self, seed: int, rows: int) -> None:
        self._seed, self._rows = seed, rows
        rng = np.random.default_rng([seed, 0])
        self._seller = rng.normal(0, 0.9, SELLERS)
        self._route = rng.normal(0, 0.6, (len(CARRIERS), len(REGIONS)))
        self._category = rng.normal(0, 0.3, len(CATEGORIES))
        self._day = rng.normal(0, 0.3, DAYS)

    def drawn(self, begin: int, end: int) -> tuple[pa.Table, NDArray[np.float64]]:
        """Return the orders from `begin` to before `end` in time, mixed, and the chance that decided each."""
        rng = np.random.default_rng([self._seed, 1, begin])
        size = end - begin
        place = begin + rng.permutation(size)
        minute = place / self._rows * DAYS * 24 * 60
        day = np.minimum((minute / (24 * 60)).astype(np.int64), DAYS - 1)
        seller = (SELLERS * rng.beta(0.8, 2.0, size)).astype(np.int64)
        category, region, carrier = (rng.integers(0, len(names), size) for names in (CATEGORIES, REGIONS, CARRIERS))
        weight, promised = np.round(rng.gamma(1.5, 2.0, size), 2), rng.integers(1, 8, size)
        logit = -2.0 + self._seller[seller] + self._route[carrier, region] + self._category[category] + self._day[day]
        logit += 0.12 * (weight - 3) - 0.25 * (promised - 4) + 0.4 * (day % 7 >= 5)
        chance = 1 / (1 + np.exp(-logit))
        late = rng.random(size) < chance
        columns = {
            "order": place * STRIDE % self._rows,
            "ordered_on": FIRST + day,
            "hour": (minute / 60 % 24).astype(np.int32),
            "seller": seller.astype(np.int32),
            "customer": rng.integers(0, 600_000, size, dtype=np.int32),
            "category": _named(CATEGORIES, category),
            "region": _named(REGIONS, region),
            "carrier": _named(CARRIERS, carrier),
            "price": np.round(rng.lognormal(3.2, 0.9, size), 2),
            "weight_kg": weight,
            "promised_days": promised.astype(np.int32),
            # the temptation: both are written while the order is under way, most of all where it is late
            "courier_scans": (promised + rng.poisson(2, size) + late * rng.poisson(4, size)).astype(np.int32),
            "refund_cents": (late * (rng.random(size) < 0.6) * rng.integers(100, 2_000, size)).astype(np.int32),
            "late": late.astype(np.int32),
        }
        return pa.table(columns, schema=SCHEMA), chance


def _named(names: tuple[str, ...], place: NDArray[np.int64]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), pa.array(names)).cast(pa.string())


def _auc(tally: NDArray[np.float64]) -> float:
    """Return the ROC AUC from counts by bin of the chance, (2, bins) with the late ones second."""
    below = np.cumsum(tally[0]) - tally[0]
    return float((tally[1] * (below + tally[0] / 2)).sum() / (tally[0].sum() * tally[1].sum()))
