"""Texts that share most of their words in order: shingles, the smallest of their hashes, and Jaccard's share.

Broder 1997, Compression and Complexity of Sequences: the candidates share one of the smallest hashes, and each is
verified on all of its shingles. The chance level is that of train texts, drawn ones or those that test is near to:
a test of more letters after one template than train holds is near by the template.
"""

import re
import zlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from heldout.core.split_evidence import NearCopiesOf
from heldout.tables.arrays import from_numpy
from heldout.tables.table import codes

__all__ = ["near_texts_of"]

SHINGLE = 3
"""Words in a row."""

ALIKE = 0.8
"""Of the shingles of two texts, the share that both have."""

SKETCH = 8
FEWEST_WORDS = 8
LONG = 40
"""Characters of a text on average from which on a column holds texts."""

MOST_TRAIN = 20_000
MOST_ASKED = 2_000
MOST_CANDIDATES = 50
LONGEST = 5_000
EXAMPLES = 5
WORD = re.compile(r"\w+")

Rows = NDArray[np.int64]


def near_texts_of(name: str, train: pa.Array, test: pa.Array, asked: Rows) -> NearCopiesOf | None:
    """Count the texts among the `asked` test rows that are nearly one of train; None for a column of short texts."""
    if not (pa.types.is_dictionary(train.type) and pa.types.is_dictionary(test.type)) or not len(train.dictionary):
        return None
    look = train.dictionary.slice(0, 1000)
    if (pc.mean(pc.utf8_length(look)).as_py() or 0) < LONG:
        return None
    known = np.flatnonzero(codes(train) >= 0)[:MOST_TRAIN]
    wanted = asked[codes(test)[asked] >= 0][:MOST_ASKED]
    before, after = _texts(train, known), _texts(test, wanted)
    index = _Index(before)
    if not len(after) or not len(before):
        return None
    ours = index.near(after, None)
    drawn = np.arange(len(before))[:: max(len(before) // MOST_ASKED, 1)]
    elsewhere = index.near([before[row] for row in drawn], drawn)
    matches = ours.match[ours.is_near]
    beside = index.near([before[row] for row in matches], matches)
    chances = [(int(elsewhere.is_near.sum()), elsewhere.asked), (int((beside.match >= 0).sum()), ours.asked)]
    near, rows = max(chances, key=lambda pair: pair[0] / max(pair[1], 1))
    return NearCopiesOf(
        what="texts",
        columns=(name,),
        closeness=f"{ALIKE:.0%} of all runs of {SHINGLE} words in common",
        test_rows=ours.asked,
        near=int(ours.is_near.sum()),
        reference_rows=rows,
        reference_near=near,
        train_rows=len(train),
        looked_at=len(before),
        examples=tuple(int(wanted[row]) for row in np.flatnonzero(ours.is_near)[:EXAMPLES]),
    )


def _texts(array: pa.Array, rows: Rows) -> list[str]:
    texts: list[str] = array.dictionary.take(from_numpy(codes(array)[rows].astype(np.int64))).to_pylist()
    return texts


def _shingles(text: str) -> frozenset[int]:
    words = WORD.findall(text[:LONGEST].lower())
    if len(words) < FEWEST_WORDS:
        return frozenset()
    runs = (" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))
    return frozenset(zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Which texts are near (n,), the train row that is alike (n,), -1 for none, and how many equal none."""

    is_near: NDArray[np.bool_]
    match: Rows
    asked: int


class _Index:
    """The texts of train by the smallest hashes of their shingles."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.shingles = [_shingles(text) for text in texts]
        self.rows: dict[int, list[int]] = {}
        for row, shingles in enumerate(self.shingles):
            for smallest in sorted(shingles)[:SKETCH]:
                self.rows.setdefault(smallest, []).append(row)

    def near(self, texts: list[str], own: Rows | None) -> _Found:
        """Tell which texts are nearly one of train; `own` are the texts' own row numbers."""
        is_near, match, copies = np.zeros(len(texts), np.bool_), np.full(len(texts), -1), 0
        for place, text in enumerate(texts):
            shingles = _shingles(text)
            candidates = {row for key in sorted(shingles)[:SKETCH] for row in self.rows.get(key, ())[:MOST_CANDIDATES]}
            candidates -= set() if own is None else {int(own[place])}
            alike = [row for row in sorted(candidates) if self._is_alike(row, shingles)]
            is_copy = any(self.texts[row] == text for row in alike)
            copies += is_copy
            is_near[place] = bool(alike) and not is_copy
            match[place] = alike[0] if alike else -1
        return _Found(is_near=is_near, match=match, asked=len(texts) - copies)

    def _is_alike(self, row: int, shingles: frozenset[int]) -> bool:
        other = self.shingles[row]
        both = len(shingles & other)
        return both >= ALIKE * (len(shingles) + len(other) - both)
