import numpy as np
from tests.worlds import audited_rows

from heldout.app.audit_split import SPLIT_EVIDENCE, split_evidence
from heldout.faults.split.rows import SplitRows, days


def test_near_copies_in_a_large_test_are_told_by_their_row_numbers():
    rng = np.random.default_rng(3)
    train, test = rng.normal(size=(2000, 6)), rng.normal(size=(120_000, 6))
    test[1::2] = train[rng.integers(0, 2000, 60_000)] + 0.001
    tables = [{f"x{i}": rows[:, i] for i in range(6)} | {"y": np.arange(len(rows)) % 2} for rows in (train, test)]
    world = audited_rows(SplitRows(train=tables[0], test=tables[1], target="y"))
    (found,) = split_evidence(*world, names=["near_copies"])["near_copies"].found
    assert found.test_rows == 2000
    assert 0.4 < found.near / found.test_rows < 0.6
    assert max(found.examples) > 100
    assert all(row % 2 for row in found.examples)


def test_one_table_has_only_the_evidence_that_takes_no_test():
    rows = {"ts": days(np.arange(300.0)), "x": np.arange(300.0), "y": np.arange(300) % 2, "fold": np.arange(300) % 3}
    declared = {"time": "ts", "horizon": "2d", "embargo": "1d", "fold": "fold"}
    evidence = split_evidence(*audited_rows(SplitRows(train=rows, target="y", **declared)))
    assert evidence.keys() == SPLIT_EVIDENCE
    there = {name for name, value in evidence.items() if value is not None}
    assert there == {"hidden_keys", "label_windows", "folds", "row_dependence", "shared_places"}


def test_a_test_without_labels_has_no_evidence_of_them():
    table = {"x": np.arange(300.0), "y": np.arange(300) % 2}
    audited, asked = audited_rows(SplitRows(train=table, test=table, target="y"))
    unlabelled = type(audited)(train=audited.train, label=audited.label, test=audited.test.without(["y"]))
    evidence = split_evidence(unlabelled, asked)
    assert evidence["label_shift"] is evidence["test_size"] is None
    assert evidence["covariate_shift"] is not None
