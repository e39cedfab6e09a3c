"""Items are matched by id whatever their order and type, and what does not fit together is refused with an example."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heldout.core.errors import BadInput
from heldout.tables.results import Asked, Matched, Side, matched, read_results


def match(*columns: dict[str, list], **asked: object) -> Matched:
    sides = []
    for place, one in enumerate(columns):
        loaded, roles = read_results(pa.table(one), Asked(**asked))  # type: ignore[arg-type]  # a test's shorthand
        sides.append(Side(name="ABC"[place], table=loaded.table, roles=roles, score=roles.scores[0]))
    return matched(sides)


def test_items_come_in_the_order_of_the_first_whatever_the_order_of_the_second():
    found = match({"id": [3, 1, 2], "correct": [1, 0, 1]}, {"id": [1, 2, 3], "correct": [0, 0, 1]})
    assert [found.id_of(item) for item in range(3)] == ["3", "1", "2"]
    assert found.own[0].scores.tolist() == [1, 0, 1]
    assert found.own[1].scores.tolist() == [1, 0, 0]


def test_a_whole_number_and_its_text_are_one_id():
    found = match({"id": [1, 2], "correct": [1, 0]}, {"id": ["2", "1"], "correct": [1, 0]})
    assert found.own[1].scores.tolist() == [0, 1]


def test_several_columns_make_one_id():
    one = {"task": ["a", "a", "b"], "doc_id": [0, 1, 0], "acc": [1, 2, 3]}
    two = {"task": ["b", "a", "a"], "doc_id": [0, 0, 1], "acc": [30, 10, 20]}
    found = match(one, two, by=("task", "doc_id"))
    assert found.own[1].scores.tolist() == [10, 20, 30]
    assert found.id_of(2) == "b / 0"


def test_items_that_one_side_lacks_are_counted_with_examples():
    found = match({"id": [1, 2, 3], "correct": [1, 1, 1]}, {"id": [2, 3, 9, 8], "correct": [0, 0, 0, 0]})
    assert found.items == 2
    assert [(own.missing, own.missing_examples) for own in found.own] == [(2, ("9", "8")), (1, ("1",))]


def test_runs_of_an_item_are_averaged_and_kept_by_run():
    one = {"id": [1, 1, 2, 2], "seed": [0, 1, 0, 1], "correct": [1, 0, 1, 1]}
    found = match(one, {"id": [2, 1], "correct": [1, 1]})
    assert found.own[0].scores.tolist() == [0.5, 1]
    assert found.own[0].runs.tolist() == [[1, 1], [0, 1]]
    assert found.own[1].runs is None


def test_runs_that_cover_other_items_are_averaged_without_being_kept():
    found = match({"id": [1, 1, 2], "seed": [0, 1, 0], "correct": [1, 0, 1]}, {"id": [2, 1], "correct": [1, 1]})
    assert found.own[0].scores.tolist() == [0.5, 1]
    assert found.own[0].runs is None


ONE = {"id": [1, 2, 3], "correct": [1, 0, 1], "doc": ["x", "x", "y"], "late": [0, 1, 1]}
BAD: dict[str, tuple[dict, dict, str]] = {
    "ids twice": ({"id": [1, 2, 2, 1, 3]}, {}, "2 ids stand more than once: 1, 2"),
    "a run twice": ({"id": [1, 1, 2], "epoch": [1, 1, 1]}, {}, r"1 run of an item stands more than once: 1 / 1"),
    "no common item": ({"id": [7, 8, 9]}, {}, r"no item is in all[^$]*begin with '1', '7'"),
    "no id": ({"id": [1, None, 3]}, {}, r"1 row has no id[^$]*first in row 1"),
    "texts": ({"correct": ["yes", "no", "no"]}, {}, "the score is no number: 'yes'"),
    "NaN": ({"correct": [1.0, float("nan"), 1.0]}, {}, r"1 score is missing, NaN or infinite[^$]*row 1[^$]*item 2"),
    "infinite": ({"correct": [1.0, 0.0, float("inf")]}, {}, r"1 score is missing, NaN or infinite[^$]*row 2"),
    "too large": ({"correct": [1.0, 1e200, 0.0]}, {}, "or beyond ±1e100"),
    "missing": ({"correct": [1, None, None]}, {}, "2 scores are missing"),
    "other clusters": (
        {"doc": ["x", "z", "y"]},
        {"cluster": "doc"},
        r"1 item is in different clusters: 2 has 'x' and 'z'",
    ),
    "no cluster": ({"doc": ["x", None, "y"]}, {"cluster": "doc"}, "1 row has no cluster"),
    "other labels": (
        {"late": [0, 0, 1]},
        {"label": "late", "metric": "roc_auc", "score": "correct"},
        "different labels",
    ),
    "text labels": (
        {"late": ["a", "b", "c"]},
        {"label": "late", "metric": "roc_auc", "score": "correct"},
        "label is no num",
    ),
    "other slices": ({"doc": ["x", "z", "y"]}, {"slices": ("doc",)}, "is in different slices"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_refused_with_an_example(case):
    changed, asked, said = BAD[case]
    two = {name: values for name, values in (ONE | changed).items() if len(values) == len((ONE | changed)["id"])}
    two |= {"correct": two.get("correct", [1] * len(two["id"]))}
    with pytest.raises(BadInput, match=said):
        match(ONE, two, **asked)


def test_other_documents_under_the_same_id_are_refused(tmp_path):
    from tests.tables.results.logs import lm_eval_samples, write_lines

    one = lm_eval_samples([1, 0])
    two = [sample | {"doc_hash": "another"} for sample in lm_eval_samples([1, 0])]
    sides = []
    for name, samples in (("a", one), ("b", two)):
        loaded, roles = read_results(write_lines(tmp_path / f"{name}.jsonl", samples), Asked())
        sides.append(Side(name=name, table=loaded.table, roles=roles, score="exact_match"))
    with pytest.raises(BadInput, match="2 items are other items under the same id"):
        matched(sides)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=30, unique_by=lambda text: text.strip()), st.randoms())
@settings(max_examples=60, deadline=None)
def test_any_texts_are_matched_as_a_dictionary_would(ids, random):
    ids = [text.strip() for text in ids]
    scores = dict(zip(ids, np.arange(len(ids), dtype=float).tolist(), strict=True))
    other = list(ids)
    random.shuffle(other)
    found = match({"id": ids, "acc": list(scores.values())}, {"id": other, "acc": [scores[one] for one in other]})
    assert found.items == len(ids)
    assert (found.own[0].scores == found.own[1].scores).all()


def test_ids_whose_first_halves_of_the_hash_collide_are_kept_apart(monkeypatch):
    import heldout.tables.results.keys as module

    def colliding(array):
        lanes = real(array)
        lanes[:, 0] = 7
        return lanes

    real = module.value_lanes
    monkeypatch.setattr(module, "value_lanes", colliding)
    found = match({"id": ["a", "b", "c"], "acc": [1, 2, 3]}, {"id": ["c", "a", "b"], "acc": [3, 1, 2]})
    assert (found.own[0].scores == found.own[1].scores).all()


def exact_pair(tmp_path, one, two):
    """Match two sources, given as frames or as (file name, text)."""
    sides = []
    for place, table in enumerate((one, two)):
        source = table
        if isinstance(table, tuple):
            source = tmp_path / f"{place}{table[0]}"
            source.write_text(table[1])
        loaded, roles = read_results(source, Asked(by=("id",)))
        sides.append(Side(name="AB"[place], table=loaded.table, roles=roles, score=roles.scores[0]))
    return matched(sides)


def csv(*ids):
    return ".csv", "id,correct\n" + "".join(f"{one},{place % 2}\n" for place, one in enumerate(ids))


def lines(*ids):
    return ".jsonl", "".join(f'{{"id": {one}, "correct": {place % 2}}}\n' for place, one in enumerate(ids))


def typed(kind, *ids):
    return pa.table({"id": pa.array(ids, kind), "correct": [0.0] * len(ids)})


BIG = 2**63
OTHER = {
    "uint64": (typed(pa.uint64(), BIG, 1), typed(pa.uint64(), BIG + 1, 2)),
    "decimals": (typed(pa.decimal128(38, 0), 2**60, 1), typed(pa.decimal128(38, 0), 2**60 + 1, 2)),
    "nanoseconds": (typed(pa.timestamp("ns"), 1000), typed(pa.timestamp("ns"), 1001)),
    "JSON": (lines(BIG, 1), lines(BIG + 1, 2)),
    "CSV": (csv(BIG, 1), csv(BIG + 1, 2)),
    "long digits in CSV": (csv("12345678901234567890123"), csv("12345678901234567890124")),
    "versions": (csv("1.10", "1.20"), csv("1.1", "1.2")),
    "leading zeros": (csv("007", "008"), csv("7", "8")),
    "exponents": (csv("1e3"), csv("1000")),
}
SAME = {
    "uint64 and JSON": (typed(pa.uint64(), BIG, BIG + 1), lines(BIG + 1, BIG)),
    "uint64 and CSV": (typed(pa.uint64(), BIG, 5), csv(BIG, 5)),
    "decimals and CSV": (typed(pa.decimal128(38, 0), 2**60, 2**60 + 1), csv(2**60 + 1, 2**60)),
    "nanoseconds": (typed(pa.timestamp("ns"), 1001, 2000), typed(pa.timestamp("ns"), 2000, 1001)),
    "nanoseconds and microseconds": (typed(pa.timestamp("ns"), 1001, 2000), typed(pa.timestamp("us"), 2)),
    "days": (typed(pa.date32(), 0, 1), csv("1970-01-01", "1970-01-02")),
    "floats that are whole": (typed(pa.float64(), 1.0, 2.0), csv("2", "1")),
    "floats": (typed(pa.float64(), 1.5, 2.0), csv("2", "1.5")),
    "leading zeros": (csv("007", "8"), lines('"8"', '"007"')),
    "one of JSON is long": (lines(2**60 + 1, 2**64), typed(pa.int64(), 2**60 + 1)),
    "numbers as texts": (lines(1.0, '"x"', 3), typed(pa.string(), "x", "1", "3")),
}


@pytest.mark.parametrize("case", OTHER)
def test_ids_that_differ_are_never_one(case, tmp_path):
    with pytest.raises(BadInput, match="no item is in all"):
        exact_pair(tmp_path, *OTHER[case])


@pytest.mark.parametrize("case", SAME)
def test_ids_that_are_the_same_are_one_whatever_their_type(case, tmp_path):
    one, two = SAME[case]
    found = exact_pair(tmp_path, one, two)
    assert found.items == min(own.items for own in found.own)


TEXTS = [f"q{place}" for place in range(40)]


@pytest.mark.parametrize(
    "ids",
    [
        pl.Series(TEXTS).cast(pl.Categorical),
        pl.Series(TEXTS, dtype=pl.Enum(TEXTS)),
        pl.Series(range(40)).cast(pl.UInt64),
        pl.Series(range(40)).cast(pl.Decimal(10, 2)),
        pl.Series(range(40)).cast(pl.Duration("ns")),
        pd.Series(pd.Categorical(range(40))),
        pd.Series(pd.Categorical(TEXTS)),
        pd.Series(pd.date_range("2020-01-01", periods=40, tz="Europe/Berlin")),
    ],
    ids=lambda series: str(series.dtype),
)
def test_ids_of_every_type_that_a_frame_has_are_matched(ids, tmp_path):
    frame = (pl.DataFrame if isinstance(ids, pl.Series) else pd.DataFrame)({"id": ids, "correct": [0, 1] * 20})
    assert exact_pair(tmp_path, frame, frame[::-1]).items == 40


def test_adjacent_ids_beyond_the_floats_are_kept_apart(tmp_path):
    found = exact_pair(tmp_path, typed(pa.uint64(), *range(BIG, BIG + 40)), typed(pa.uint64(), *range(BIG, BIG + 40)))
    assert found.items == 40


def test_floats_that_have_lost_their_last_digits_are_no_ids(tmp_path):
    with pytest.raises(BadInput, match=r"beyond 2\^53[^$]*row 1"):
        exact_pair(tmp_path, typed(pa.float64(), 1.0, 2.0**60), csv("1"))


def test_clusters_and_slices_are_the_same_as_number_and_as_text():
    one = {"id": [1, 2], "correct": [1, 0], "doc": [0, 1]}
    found = match(one, one | {"doc": ["0", "1"]}, cluster="doc", slices=("doc",))
    assert found.cluster.tolist() == [0, 1]
    assert found.slices["doc"].names == ("0", "1")
    with pytest.raises(BadInput, match="different clusters: 1 has '0' and '2'"):
        match(one, one | {"doc": ["2", "1"]}, cluster="doc")


def test_items_missing_among_several_are_counted_once_each():
    one, two, three = ({"id": ids, "correct": [1] * len(ids)} for ids in ([3, 4], [1, 2, 3], [2, 3, 5]))
    found = match(one, two, three)
    assert [own.missing for own in found.own] == [3, 2, 2]
