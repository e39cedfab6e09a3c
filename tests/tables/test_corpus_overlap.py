"""Texts in a corpus: the same answers as sets of words in Python, in every format, across the cuts of the pieces."""

import gzip
import json
import os
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.core.errors import BadInput
from heldout.tables import corpus, read_table
from heldout.tables.corpus_overlap import corpus_overlap_of, text_columns
from heldout.tables.ngrams import LONG, runs_of, words_of

FOLDER = os.environ.get("HELDOUT_CASES")


def texts(seed, count, words=30):
    rng = np.random.default_rng(seed)
    return [" ".join(f"word{i}" for i in rng.integers(0, 400, words)) for _ in range(count)]


def table(items):
    return read_table(pa.table({"prompt": items, "id": list(range(len(items)))}))


def in_python(items, sources):
    def grams(text):
        words = re.findall(r"[a-z0-9\x80-\U0010ffff]+", re.sub("[A-Z]", lambda match: match[0].lower(), text))
        return {tuple(words[i : i + LONG]) for i in range(len(words) - LONG + 1)}

    known = set().union(*map(grams, sources))
    return sum(bool(grams(item) & known) for item in items)


WRITERS = {
    "c.txt": lambda path, many: path.write_text("\n".join(many)),
    "c.jsonl": lambda path, many: path.write_text("\n".join(json.dumps({"text": text, "id": 1}) for text in many)),
    "c.jsonl.gz": lambda path, many: path.write_bytes(
        gzip.compress("\n".join(json.dumps({"question": text}) for text in many).encode())
    ),
    "c.parquet": lambda path, many: pq.write_table(pa.table({"text": many}), path),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("piece", [700, 4 * 2**20])
def test_copies_are_found_in_every_format_and_across_the_cuts(name, piece, tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "PIECE", piece)
    monkeypatch.setattr(corpus, "OVERLAP", 500)
    items = texts(0, 60)
    copied = [items[row].title().replace(" ", "; ") for row in (3, 17, 40)]
    part = " ".join(items[50].split()[5:20])
    WRITERS[name](tmp_path / name, [*texts(1, 100), copied[0], part, *copied[1:], *texts(2, 20)])
    found = corpus_overlap_of(table(items), ["prompt"], [str(tmp_path / name)])
    assert (found.items, found.verbatim, found.shared) == (60, 3, 4)
    assert found.examples == (3, 17, 40)


@given(st.lists(st.text(alphabet="ab .\n\x1eé", max_size=120), min_size=1, max_size=5), st.integers(0, 3))
def test_shared_runs_are_those_that_python_finds(items, seed):
    sources = ["a b a b é a a b é é b a b a a", *items[:1], *np.random.default_rng(seed).permutation(items)[:1]]
    words = [words_of(text.replace("\x1e", " ").encode()) for text in items]
    known = np.concatenate([runs_of(words_of(text.replace("\x1e", " ").encode()), LONG) for text in sources])
    shared = sum(bool(np.isin(runs_of(one, LONG), known).any()) for one in words)
    assert shared == in_python([text.replace("\x1e", " ") for text in items], sources)


def test_no_run_of_words_crosses_from_one_text_to_the_next():
    one, other = texts(5, 2, words=10)
    assert not runs_of(words_of(f"{one}\x1e{other}".encode()), LONG).any()
    assert runs_of(words_of(f"{one} {other}".encode()), LONG).all()


def test_short_texts_are_counted_apart_and_columns_of_names_are_no_texts():
    items = [*texts(0, 5), "a short one that is no item, though it is no name"]
    rows = read_table(pa.table({"prompt": items, "name": ["Ann", "Bob", "Cyd", "Dan", "Eve", "Fay"]}))
    assert text_columns(rows, ["prompt", "name"]) == ("prompt",)
    found = corpus_overlap_of(rows, ["prompt"], [])
    assert (found.items, found.too_short) == (5, 1)


def test_the_chance_level_is_how_texts_meet_each_other():
    polite = " please answer with the letter of the best of these four choices and nothing else"
    items = [text + polite * (place < 20) for place, text in enumerate(texts(0, 40))]
    found = corpus_overlap_of(table(items), ["prompt"], [])
    assert found.reference_shared == 20
    assert found.reference_verbatim == found.shared == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.txt", None, "cannot be read"),
        ("c.jsonl", b'{"text": "a"}\n{"text": ', "line 2"),
        ("c.parquet", b"PAR1 and nothing more", "damaged"),
    ],
)
def test_a_corpus_that_cannot_be_read_is_refused(name, content, said, tmp_path):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=said):
        corpus_overlap_of(table(texts(0, 3)), ["prompt"], [str(tmp_path / name)])


if FOLDER:

    def test_a_real_benchmark_meets_its_training_half_as_rarely_as_itself_until_it_is_copied_in(tmp_path):
        def read(part):
            lines = (Path(FOLDER) / "gsm8k" / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
            return [json.loads(line)["question"] for line in lines]

        items, train = read("test"), read("train")
        (tmp_path / "train.txt").write_text("\n".join(train), encoding="utf-8")
        found = corpus_overlap_of(table(items), ["prompt"], [str(tmp_path / "train.txt")])
        assert found.shared == in_python(items, train) <= 0.005 * found.items
        assert found.verbatim == 0
        (tmp_path / "copied.txt").write_text("\n".join([*train, *items[:40]]), encoding="utf-8")
        assert corpus_overlap_of(table(items), ["prompt"], [str(tmp_path / "copied.txt")]).verbatim == 40
