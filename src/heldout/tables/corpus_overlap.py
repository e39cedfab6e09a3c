"""Which texts of a table stand in a corpus word for word."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.profile import ColumnKind
from heldout.core.runs_evidence import CorpusOverlap
from heldout.tables.arrays import from_numpy, raw_values
from heldout.tables.corpus import PIECE, pieces_of, refuse_unreadable
from heldout.tables.ngrams import LONG, SEPARATOR, SHORT, Words, runs_of, words_of
from heldout.tables.sampling import SAMPLE_ROWS
from heldout.tables.table import Table, codes, kind_of

__all__ = ["corpus_overlap_of", "text_columns"]

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

LEAST_BYTES = 40
"""A column whose texts are shorter on average holds names and not texts."""

MOST_BYTES = 32 * 2**20
"""Texts of a larger test table are drawn at random up to this size."""

COVERED = 0.9
"""Share of a text's runs of 8 words that stand in the corpus, from which it is a verbatim copy."""

SIEVE_BITS = 24
EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Items:
    """Texts of at least LONG words: the row that each comes from, and the hashes of its runs with the text's number."""

    rows: Places
    too_short: int
    short: Hashes
    short_item: Places
    long: Hashes
    long_item: Places


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hashed:
    """The hashes of the runs in some texts with the number of their text, and the words of each text."""

    short: Hashes
    short_text: Places
    long: Hashes
    long_text: Places
    counts: Places


def text_columns(table: Table, names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that hold texts of some length."""
    return tuple(name for name in names if _is_long(table.column(name)))


def _is_long(array: pa.Array) -> bool:
    if kind_of(array) is not ColumnKind.TEXT:
        return False
    return bool(pc.mean(pc.binary_length(array.dictionary)).as_py() >= LEAST_BYTES)


def corpus_overlap_of(table: Table, columns: Sequence[str], corpus: Sequence[str], *, seed: int = 0) -> CorpusOverlap:
    """Compare the different texts of `columns` with the files of `corpus`, which are read in pieces."""
    rng = np.random.default_rng(seed)
    items = _items_of(table, columns, rng)
    short, long = _Sought(items.short), _Sought(items.long)
    words = 0
    refuse_unreadable(corpus)
    for path in corpus if len(items.rows) else ():
        for piece in pieces_of(Path(path)):
            found = words_of(piece)
            words += int((found.hashes != 0).sum())
            _mark(found, short, long)
    half = rng.random(len(items.rows)) < 0.5
    shared, verbatim = _touched(items, short.found[short.place], long.found[long.place])
    across = [_in_both(*part, half) for part in ((short, items.short_item), (long, items.long_item))]
    reference_shared, reference_verbatim = _touched(items, *across)
    return CorpusOverlap(
        columns=tuple(columns),
        corpus=tuple(Path(path).name for path in corpus),
        corpus_words=words,
        items=len(items.rows),
        too_short=items.too_short,
        shared=int(shared.sum()),
        verbatim=int(verbatim.sum()),
        reference_shared=int(reference_shared.sum()),
        reference_verbatim=int(reference_verbatim.sum()),
        examples=tuple(int(row) for row in np.sort(items.rows[verbatim])[:EXAMPLES]),
    )


class _Sought:
    """Hashes to look for: `keys` (k,) sorted, `place` (n,) of each hash among them, `found` (k,) so far."""

    def __init__(self, hashes: Hashes) -> None:
        self.keys, self.place = np.unique(hashes, return_inverse=True)
        self.found = np.zeros(len(self.keys), np.bool_)
        self.sieve = np.zeros(2**SIEVE_BITS, np.bool_)
        self.sieve[_sieved(self.keys)] = True

    def mark(self, hashes: Hashes) -> Places:
        """Mark those of the keys that are among `hashes`, and return the places (m,) of these in `hashes`."""
        likely = np.flatnonzero(self.sieve[_sieved(hashes)])
        place = np.searchsorted(self.keys, hashes[likely])
        place[place == len(self.keys)] = 0
        hit = self.keys[place] == hashes[likely] if len(self.keys) else np.zeros(len(likely), np.bool_)
        self.found[place[hit]] = True
        met: Places = likely[hit]
        return met


def _sieved(hashes: Hashes) -> Places:
    return (hashes >> np.uint64(64 - SIEVE_BITS)).astype(np.int64)


def _mark(words: Words, short: _Sought, long: _Sought) -> None:
    """Look for short runs everywhere, and for long ones where all the short runs in them were met."""
    hashes = runs_of(words, SHORT)
    met = np.zeros(len(hashes) + LONG, np.int64)
    met[short.mark(hashes)] = 1
    sums = np.concatenate([[0], np.cumsum(met)])
    within = LONG - SHORT + 1
    candidates = np.flatnonzero(sums[within:] - sums[:-within] == within)
    if len(candidates):
        longer = runs_of(words, LONG)
        long.mark(longer[candidates[candidates < len(longer)]])


def _items_of(table: Table, columns: Sequence[str], rng: np.random.Generator) -> _Items:
    texts: list[bytes] = []
    rows: list[int] = []
    for name in columns:
        array = table.column(name)
        first_row, levels = _different(array, rng, MOST_BYTES // len(columns))
        rows += first_row.tolist()
        texts += [text.encode("utf-8", "replace") for text in levels.to_pylist()]
    parts = [_hashed(texts, start, stop) for start, stop in _batches(texts)]
    if not parts:
        none, nowhere = np.zeros(0, np.uint64), np.zeros(0, np.int64)
        return _Items(rows=nowhere, too_short=0, short=none, short_item=nowhere, long=none, long_item=nowhere)
    counts = np.concatenate([part.counts for part in parts])
    number = np.cumsum(counts >= LONG) - 1
    short, long = (np.concatenate([getattr(part, name) for part in parts]) for name in ("short", "long"))
    short_text = np.concatenate([part.short_text for part in parts])
    kept = counts[short_text] >= LONG
    return _Items(
        rows=np.array(rows, np.int64)[counts >= LONG],
        too_short=int((counts < LONG).sum()),
        short=short[kept],
        short_item=number[short_text[kept]],
        long=long,
        long_item=number[np.concatenate([part.long_text for part in parts])],
    )


def _different(array: pa.Array, rng: np.random.Generator, most: int) -> tuple[Places, pa.Array]:
    """Return the different texts of a column, at most SAMPLE_ROWS and `most` bytes of them, and a row of each."""
    row_codes = codes(array)
    used, first = np.unique(row_codes, return_index=True)
    used, first = used[used >= 0], first[used >= 0]
    lengths = raw_values(pc.binary_length(array.dictionary)).astype(np.int64)[used]
    drawn = rng.permutation(len(used))[:SAMPLE_ROWS]
    drawn = np.sort(drawn[np.cumsum(lengths[drawn]) <= most])
    return first[drawn], array.dictionary.take(from_numpy(used[drawn].astype(np.int64)))


def _batches(texts: Sequence[bytes]) -> list[tuple[int, int]]:
    ends, size = [], 0
    for at, text in enumerate(texts, 1):
        size += len(text)
        if size >= PIECE or at == len(texts):
            ends.append(at)
            size = 0
    return list(zip([0, *ends[:-1]], ends, strict=True)) if ends else []


def _hashed(texts: Sequence[bytes], start: int, stop: int) -> _Hashed:
    gap = bytes([SEPARATOR])
    words = words_of(gap.join(text.replace(gap, b" ") for text in texts[start:stop]) + gap)
    is_gap = words.hashes == 0
    text = start + np.cumsum(is_gap) - is_gap
    short, long = runs_of(words, SHORT), runs_of(words, LONG)
    in_short, in_long = np.flatnonzero(short != 0), np.flatnonzero(long != 0)
    return _Hashed(
        short=short[in_short],
        short_text=text[in_short],
        long=long[in_long],
        long_text=text[in_long],
        counts=np.bincount(text[~is_gap] - start, minlength=stop - start),
    )


def _touched(
    items: _Items, short_found: NDArray[np.bool_], long_found: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which items have a long run that was found, and which have nearly all their short runs found."""
    count = len(items.rows)
    shared = np.bincount(items.long_item[long_found], minlength=count) > 0
    runs = np.bincount(items.short_item, minlength=count)
    covered = np.bincount(items.short_item[short_found], minlength=count)
    return shared, shared & (covered >= COVERED * runs)


def _in_both(sought: _Sought, item: Places, half: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell of each run whether an item of the other half has it."""
    size = len(sought.keys)
    sides = [np.bincount(sought.place[half[item] == side], minlength=size) > 0 for side in (False, True)]
    return np.where(half[item], sides[0][sought.place], sides[1][sought.place])
