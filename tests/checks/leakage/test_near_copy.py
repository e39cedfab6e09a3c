import numpy as np
import pytest
from tests.worlds import profiled

from heldout.checks.leakage.near_copy import near_copy
from heldout.core.finding import Certainty, Ending
from heldout.engine import run
from heldout.faults.planter import Table

RNG = np.random.default_rng(11)
N = 3000
LABEL = RNG.integers(0, 2, N)


@pytest.fixture
def rng():
    return np.random.default_rng(12)


def asked(target=LABEL, **columns):
    return run([near_copy], {"profile": profiled(Table(columns={**columns, "y": target}, target="y"))})


def flagged(findings):
    return {
        finding.answer.witnesses[0].where: finding.certainty for finding in findings if finding.ending is Ending.PROBLEM
    }


def with_errors(values, errors):
    values = np.array(values)
    values[:errors] = np.roll(values, 1)[:errors]
    return values


def test_a_renamed_label_is_proven_and_its_pairs_are_told(rng):
    (finding,) = asked(alive=np.where(LABEL, "yes", "no"), noise=rng.normal(size=N))
    assert finding.certainty is Certainty.PROVEN
    assert finding.answer.witnesses[0].note == "no → 0; yes → 1"


def test_a_status_of_three_values_is_proven(rng):
    status = np.where(LABEL == 0, "done", np.where(rng.random(N) < 0.1, "no-show", "cancelled"))
    assert flagged(asked(status=status)) == {"status": Certainty.PROVEN}


def test_a_copy_with_a_few_errors_is_strong():
    assert flagged(asked(nearly=with_errors(np.where(LABEL, "yes", "no"), 4))) == {"nearly": Certainty.STRONG}


def test_a_status_that_is_missing_for_one_class_counts_its_gaps_as_a_value():
    closed = np.where(LABEL == 1, "closed", None)
    assert flagged(asked(closed=closed)) == {"closed": Certainty.PROVEN}


def test_a_copy_with_some_gaps_is_proven_on_the_rows_where_it_is_there(rng):
    copy = np.where(rng.random(N) < 0.2, None, np.where(LABEL, "yes", "no"))
    (finding,) = asked(copy=copy)
    assert finding.certainty is Certainty.PROVEN
    assert finding.answer.measures[0].estimate.n < N


def test_a_multiclass_copy_is_proven_and_a_column_that_tells_one_class_is_not_a_copy(rng):
    classes = rng.integers(0, 3, N)
    findings = asked(classes, copy=np.array(["a", "b", "c"])[classes], first=(classes == 0).astype(int))
    assert flagged(findings) == {"copy": Certainty.PROVEN}


@pytest.mark.parametrize("kind", ["text", "number"])
def test_an_id_that_determines_the_label_row_by_row_does_not_win(kind, rng):
    key = np.arange(N) if kind == "number" else np.array([f"id{i}" for i in range(N)])
    assert flagged(asked(key=rng.permutation(key))) == {}


def test_a_number_that_orders_the_label_perfectly_is_suspect_and_no_more(rng):
    assert flagged(asked(score=LABEL * 10 + rng.normal(size=N))) == {"score": Certainty.SUSPECT}


def test_a_good_innocent_column_is_clear(rng):
    (finding,) = asked(good=LABEL * 2.0 + rng.normal(size=N))  # an AUC near .92
    assert finding.ending is Ending.CLEAR


def test_a_constant_beside_a_rare_class_is_no_copy_although_it_agrees_on_nearly_all_rows(rng):
    rare = (np.arange(20_000) < 60).astype(int)
    flag = (rng.random(20_000) < 0.001).astype(int)
    assert flagged(asked(rare, flag=flag)) == {}


def test_a_column_that_agrees_on_97_of_100_rows_is_no_copy():
    assert flagged(asked(flag=with_errors(np.where(LABEL, "yes", "no"), 180))) == {}


def test_a_column_that_tells_half_of_a_rare_class_is_no_copy_although_it_agrees_on_nearly_all_rows():
    row = np.arange(20_000)
    assert flagged(asked((row < 60).astype(int), flag=(row < 30).astype(int))) == {}


def test_three_rows_of_a_class_that_a_column_tells_may_be_luck():
    row = np.arange(1000)
    assert flagged(asked((row < 3).astype(int), flag=np.where(row < 3, "yes", "no"))) == {}


def test_a_numeric_label_under_another_name_is_proven_and_with_errors_strong(rng):
    y = np.round(rng.normal(size=N), 4)
    findings = asked(y, same=y, nearly=with_errors(y, 2), other=rng.normal(size=N))
    assert flagged(findings) == {"same": Certainty.PROVEN, "nearly": Certainty.STRONG}


def test_a_column_of_mostly_zeros_is_no_copy_of_a_label_of_mostly_zeros(rng):
    y = np.where(np.arange(N) < 12, rng.normal(size=N), 0.0)
    y[:40] += np.arange(40) / 1000
    column = np.where(rng.random(N) < 0.001, 1.0, 0.0)
    assert flagged(asked(y, column=column)) == {}


def test_a_copy_on_few_rows_that_chance_could_explain_is_not_proven():
    label = np.array([0, 1] * 3)
    findings = asked(label, copy=np.where(label, "yes", "no"), x=np.arange(6), z=np.arange(6))
    assert flagged(findings) == {}


def test_few_rows_are_cautioned_and_not_passed(rng):
    label = rng.integers(0, 2, 60)
    (finding,) = asked(label, good=label * 10 + rng.normal(size=60))
    assert finding.ending is Ending.CAUTION


def test_the_surest_come_first(rng):
    findings = asked(score=LABEL * 10 + rng.normal(size=N), copy=np.where(LABEL, "yes", "no"))
    assert list(flagged(findings).values()) == [Certainty.PROVEN, Certainty.SUSPECT]
