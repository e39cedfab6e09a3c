"""Items are matched by id whatever their order and type, and what does not fit together is refused with an example."""

import numpy as np
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
        sides.append(Side(name="AB"[place], table=loaded.table, roles=roles, score=roles.scores[0]))
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
    "a run twice": ({"id": [1, 1, 2], "epoch": [1, 1, 1]}, {}, r"1 runs of an item stand more than once: 1 / 1"),
    "no common item": ({"id": [7, 8, 9]}, {}, r"no item is in all[^$]*begin with '1', '7'"),
    "no id": ({"id": [1, None, 3]}, {}, r"1 rows have no id[^$]*first in row 1"),
    "texts": ({"correct": ["yes", "no", "no"]}, {}, "the score is no number: 'yes'"),
    "NaN": ({"correct": [1.0, float("nan"), 1.0]}, {}, r"1 scores are missing, NaN or infinite[^$]*row 1[^$]*item 2"),
    "infinite": ({"correct": [1.0, 0.0, float("inf")]}, {}, r"1 scores are missing, NaN or infinite[^$]*row 2"),
    "too large": ({"correct": [1.0, 1e200, 0.0]}, {}, "or beyond ±1e100"),
    "missing": ({"correct": [1, None, None]}, {}, "2 scores are missing"),
    "other clusters": (
        {"doc": ["x", "z", "y"]},
        {"cluster": "doc"},
        r"1 items are in different clusters: 2 has 'x' and 'z'",
    ),
    "no cluster": ({"doc": ["x", None, "y"]}, {"cluster": "doc"}, "1 rows have no cluster"),
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
    "other slices": ({"doc": ["x", "z", "y"]}, {"slices": ("doc",)}, "are in different slices"),
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
