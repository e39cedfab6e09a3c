"""The checks of a split on small tables, from rows to answer."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from tests.worlds import as_evidence

from heldout.core.evidence import Predictions, Reported
from heldout.core.finding import Certainty, Ending
from heldout.core.mend import Mend, MendKind
from heldout.engine import catalog, run
from heldout.faults.split.rows import SplitRows, days

CHECKS = {check.code: check for check in catalog() if check.family == "split"}
NAMES = {
    "SPL004": "label_gap",
    "SPL005": "hidden_keys",
    "SPL006": "near_copies",
    "SPL007": "label_shift",
    "SPL008": "covariate_shift",
    "SPL009": "test_size",
    "SPL010": "label_windows",
    "SPL011": "folds",
    "SPL012": "row_dependence",
    "SPL013": "shared_places",
}


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def asked(code, train, test=None, *, evidence=None, **declared):
    rows = SplitRows(train=train, test=test or {}, target="y", **declared)
    return run([CHECKS[code]], {**as_evidence({NAMES[code]: rows}), **(evidence or {})})


def parted(rng, columns, share=0.25):
    is_test = rng.random(len(columns["y"])) < share
    return ({name: values[rows] for name, values in columns.items()} for rows in (~is_test, is_test))


# SPL004


@pytest.mark.parametrize(
    ("begin", "declared", "ending"),
    [
        (7, {"horizon": "7d"}, Ending.CLEAR),
        (3, {"horizon": "7d"}, Ending.PROBLEM),
        (7, {"horizon": "7d", "embargo": "3d"}, Ending.PROBLEM),
        (10, {"horizon": "7d", "embargo": "3d"}, Ending.CLEAR),
        (1, {"embargo": "3d"}, Ending.PROBLEM),
        (6.99, {"horizon": "7d"}, Ending.CAUTION),
        (-50, {"horizon": "7d"}, Ending.NOT_APPLICABLE),
    ],
)
def test_the_gap_is_held_to_horizon_and_embargo(rng, begin, declared, ending):
    train = {"ts": days(np.linspace(0, 100, 1000)), "y": rng.integers(0, 2, 1000)}
    test = {"ts": days(100 + begin + np.linspace(0.001, 300, 1000)), "y": rng.integers(0, 2, 1000)}
    (finding,) = asked("SPL004", train, test, time="ts", **declared)
    assert finding.ending is ending


def test_a_short_gap_is_mended_by_one_as_long_as_horizon_and_embargo(rng):
    train = {"ts": np.arange(1000), "y": rng.integers(0, 2, 1000)}
    test = {"ts": np.arange(1003, 1500), "y": rng.integers(0, 2, 497)}
    (finding,) = asked("SPL004", train, test, time="ts", horizon="10", embargo="2")
    assert finding.certainty is Certainty.PROVEN
    assert finding.answer.mend == Mend(kind=MendKind.SPLIT_FORWARD, columns=("ts",), gap="12")
    assert "8 of 497" in finding.answer.claim


# SPL005


def people(rng, rows=2000, many=100):
    who = rng.integers(0, many, rows)
    return who, (rng.random(many) < 0.4)[who].astype(int)


def test_subjects_hidden_in_the_name_of_a_recording_are_found_with_their_mend(rng):
    who, label = people(rng)
    names = np.array([f"phon_R{w:03d}_{i}" for i, w in enumerate(who % 100)])
    order = np.argsort(who, kind="stable")
    number = np.zeros(len(who), int)
    number[order] = np.concatenate([np.arange(n) for n in np.bincount(who)])
    names = np.array([f"phon_R{w:03d}_{k}" for w, k in zip(who, number, strict=True)])
    train, test = parted(rng, {"name": names, "x": rng.normal(size=len(who)), "y": label})
    (finding,) = asked("SPL005", train, test)
    assert finding.certainty is Certainty.STRONG
    assert finding.answer.mend == Mend(kind=MendKind.SPLIT_BY_GROUP, columns=("name",), is_beginning=True)


def test_a_category_that_predicts_the_label_is_no_entity(rng):
    region, label = people(rng, 6000, 400)
    flipped = np.where(rng.random(6000) < 0.2, 1 - label, label)
    train, test = parted(rng, {"region_name": np.array([f"r{i}" for i in region]), "y": flipped})
    assert {finding.certainty for finding in asked("SPL005", train, test)} == {None}
    train, test = parted(rng, {"shade": np.array([f"s{i}" for i in region]), "y": flipped})
    assert {finding.ending for finding in asked("SPL005", train, test)} == {Ending.CAUTION}


def test_a_key_of_something_is_suspect_and_one_of_somebody_strong(rng):
    who, label = people(rng)
    for name, certainty in (("patient", Certainty.STRONG), ("device_id", Certainty.SUSPECT)):
        train, test = parted(rng, {name: who, "y": label})
        assert asked("SPL005", train, test)[0].certainty is certainty


def test_customers_whose_labels_do_not_agree_are_clear(rng):
    train, test = parted(rng, {"customer_id": rng.integers(0, 300, 9000), "y": rng.integers(0, 2, 9000)})
    assert [finding.ending for finding in asked("SPL005", train, test)] == [Ending.CLEAR]


def test_a_declared_entity_is_another_checks(rng):
    who, label = people(rng)
    train, test = parted(rng, {"patient": who, "y": label})
    assert asked("SPL005", train, test, entity="patient")[0].ending is Ending.NOT_APPLICABLE


def test_one_table_is_told_what_a_random_split_would_share(rng):
    who, label = people(rng)
    (finding,) = asked("SPL005", {"patient": who, "y": label})
    assert finding.ending is Ending.CAUTION
    assert "random split" in finding.answer.claim


# SPL007, SPL008


@pytest.mark.parametrize(
    ("before", "after", "ending"),
    [
        (0.3, 0.3, Ending.CLEAR),
        (0.3, 0.5, Ending.PROBLEM),
        (0.01, 0.03, Ending.PROBLEM),
        (0.3, 0.352, Ending.CAUTION),
        (0.3, 0.34, Ending.CLEAR),
    ],
)
def test_a_prevalence_that_moves_is_a_question_never_more(before, after, ending):
    train, test = (
        {"x": np.arange(20_000.0), "y": (np.arange(20_000) < p * 20_000).astype(int)} for p in (before, after)
    )
    (finding,) = asked("SPL007", train, test)
    assert finding.ending is ending
    assert finding.certainty in (None, Certainty.SUSPECT)


def test_one_class_of_several_that_moves_is_named(rng):
    train, test = (
        {"x": np.zeros(5000), "y": rng.choice(["a", "b", "c"], 5000, p=p)} for p in ([0.4, 0.4, 0.2], [0.4, 0.1, 0.5])
    )
    (finding,) = asked("SPL007", train, test)
    assert finding.ending is Ending.PROBLEM
    assert "y is " in finding.answer.claim


def test_columns_are_ranked_by_how_far_they_moved_and_others_not_named(rng):
    def table(moved):
        return {
            "still": rng.normal(size=20_000),
            "little": rng.normal(0.5 * moved, 1, 20_000),
            "much": rng.normal(2 * moved, 1, 20_000),
            "y": rng.integers(0, 2, 20_000),
        }

    (finding,) = asked("SPL008", table(0), table(1))
    assert finding.certainty is Certainty.SUSPECT
    assert [witness.where for witness in finding.answer.witnesses] == ["much", "little"]


def test_seasons_are_no_news_of_a_forward_split_and_are_of_a_random_one(rng):
    def table(begin, end, rows):
        at = np.sort(rng.uniform(begin, end, rows))
        warmth = np.sin(at * 2 * np.pi / 365) + 0.2 * rng.normal(size=rows)
        return {"ts": days(at), "warmth": warmth, "y": rng.integers(0, 2, rows)}

    train, test = table(0, 730, 8000), table(730, 821, 2000)
    assert asked("SPL008", train, test, time="ts")[0].ending is not Ending.PROBLEM
    without = [
        {name: rng.permutation(values) for name, values in part.items() if name != "ts"} for part in (train, test)
    ]
    assert asked("SPL008", *without)[0].ending is Ending.PROBLEM


# SPL009


def sized(rows):
    return {"x": np.zeros(rows), "y": (np.arange(rows) % 5 == 0).astype(int)}


@pytest.mark.parametrize(
    ("rows", "metric", "value", "ending"),
    [
        (200, "roc_auc", 0.8, Ending.PROBLEM),
        (20_000, "roc_auc", 0.8, Ending.CLEAR),
        (20_000, "roc_auc", 0.812345, Ending.CAUTION),
        (100, "accuracy", 0.9, Ending.PROBLEM),
        (10_000, "accuracy", 0.9, Ending.CLEAR),
        (500, "recall", 0.6, Ending.PROBLEM),
        (100, "f1", 0.7, Ending.PROBLEM),
    ],
)
def test_a_reported_score_is_held_to_what_its_rows_carry(rows, metric, value, ending):
    reported = Reported(metric=metric, value=value)
    (finding,) = asked("SPL009", sized(500), sized(rows), evidence={"reported": reported})
    assert finding.ending is ending
    assert finding.certainty in (None, Certainty.SUSPECT)


def test_a_small_test_without_a_score_is_a_caution():
    assert asked("SPL009", sized(500), sized(60))[0].ending is Ending.CAUTION
    assert asked("SPL009", sized(500), sized(5000))[0].ending is Ending.CLEAR


def test_entities_count_where_one_is_declared():
    train, test = (part | {"who": np.arange(len(part["y"])) % 30} for part in (sized(500), sized(5000)))
    assert asked("SPL009", train, test, entity="who")[0].ending is Ending.CAUTION


def test_predictions_bring_their_own_interval(rng):
    label = rng.integers(0, 2, 400).astype(float)
    scores = Predictions(metric="roc_auc", label=label, score=rng.random(400), cluster=None)
    (finding,) = asked("SPL009", sized(500), sized(400), evidence={"predictions": scores})
    assert "constant" in finding.answer.claim


def test_the_error_of_a_regression_takes_its_predictions(rng):
    table = {"x": np.zeros(500), "y": rng.normal(size=500)}
    assert asked("SPL009", table, table)[0].ending is Ending.NOT_APPLICABLE
    label = rng.normal(10, 1, 500)
    scores = Predictions(
        metric="root_mean_squared_error", label=label, score=label + rng.normal(size=500), cluster=None
    )
    assert asked("SPL009", table, table, evidence={"predictions": scores})[0].ending is Ending.CLEAR


# SPL010 to SPL013


def test_overlaps_within_one_series_are_told_with_what_rows_are_worth(rng):
    train = {"ts": days(np.arange(1000.0)), "y": rng.integers(0, 2, 1000)}
    (finding,) = asked("SPL010", train, time="ts", horizon="20d")
    assert finding.ending is Ending.CAUTION
    assert 50 < finding.answer.measures[1].estimate.value < 55


def test_a_random_split_of_such_a_series_is_proven_and_a_forward_one_is_not(rng):
    columns = {"ts": days(np.arange(1000.0)), "y": rng.integers(0, 2, 1000)}
    (finding,) = asked("SPL010", *parted(rng, columns), time="ts", horizon="20d")
    assert finding.certainty is Certainty.PROVEN
    assert finding.answer.mend.gap == "20d"
    forward = ({name: values[rows] for name, values in columns.items()} for rows in (slice(0, 700), slice(720, 1000)))
    assert asked("SPL010", *forward, time="ts", horizon="20d")[0].ending is Ending.CAUTION


def test_folds_that_hold_up_are_clear_and_others_are_told_apart(rng):
    who = rng.integers(0, 100, 3000)
    table = {"who": who, "fold": who % 5, "x": rng.normal(size=3000), "y": rng.integers(0, 2, 3000)}
    assert [f.ending for f in asked("SPL011", table, entity="who", fold="fold")] == [Ending.CLEAR]
    (finding,) = asked("SPL011", table, entity="who")
    assert (finding.ending, "--fold" in finding.answer.claim) == (Ending.CAUTION, True)
    findings = asked("SPL011", table | {"fold": rng.integers(0, 5, 3000)}, entity="who", fold="fold")
    assert findings[0].certainty is Certainty.PROVEN
    undeclared = asked("SPL011", table | {"fold": rng.integers(0, 5, 3000)}, entity="who")
    assert {finding.ending for finding in undeclared} == {Ending.CAUTION}
    (finding,) = asked("SPL011", table | {"split": rng.choice(["train", "test"], 3000), "fold": rng.normal(size=3000)})
    assert "--train and --test" in finding.answer.claim


def repeating(rng, rows=6000, share=0.7):
    fresh = rng.random(rows) >= share
    fresh[0] = True
    label = rng.integers(0, 2, rows)[np.maximum.accumulate(np.where(fresh, np.arange(rows), 0))]
    return {"ts": days(np.arange(rows).astype(float)), "x": rng.normal(size=rows), "y": label}


def test_a_declared_time_is_told_why_it_flatters_and_left_to_the_check_that_counts(rng):
    columns = repeating(rng)
    (finding,) = asked("SPL012", *parted(rng, columns))
    assert (finding.certainty, finding.answer.mend.columns) == (Certainty.STRONG, ("ts",))
    (finding,) = asked("SPL012", *parted(rng, columns), time="ts")
    assert (finding.ending, "SPL001" in finding.answer.claim) == (Ending.CAUTION, True)


def test_rows_without_times_are_told_by_their_order_and_never_more(rng):
    columns = {name: values for name, values in repeating(rng).items() if name != "ts"}
    for tables in ((columns,), tuple(parted(rng, columns))):
        (finding,) = asked("SPL012", *tables)
        assert finding.ending is Ending.CAUTION
    labels = np.sort(columns["y"])
    assert asked("SPL012", columns | {"y": labels})[0].ending is Ending.NOT_APPLICABLE


def test_a_trend_is_no_dependence_of_neighbours(rng):
    label = (rng.random(40_000) < np.linspace(0.3, 0.5, 40_000)).astype(int)
    columns = {"ts": days(np.arange(40_000.0)), "y": label}
    assert asked("SPL012", *parted(rng, columns))[0].ending is Ending.CLEAR


def test_a_date_that_tells_the_label_is_no_order_in_which_rows_depend(rng):
    opened = rng.normal(size=20_000)
    label = (opened + 0.5 * rng.normal(size=20_000) > 0.5).astype(int)
    columns = {"opened": days(np.round(1000 + 120 * opened)), "x": rng.normal(size=20_000), "y": label}
    (finding,) = asked("SPL012", *parted(rng, columns))
    assert (finding.ending, "course" in finding.answer.claim) == (Ending.CAUTION, True)


def test_sites_that_go_with_a_number_are_suspect_and_residuals_are_told(rng):
    site = rng.integers(0, 60, 4000)
    columns = {"hospital": site, "x": rng.normal(size=4000), "y": rng.normal(size=60)[site] + rng.normal(size=4000)}
    train, test = parted(rng, columns)
    score = Predictions(metric="root_mean_squared_error", label=test["y"], score=np.zeros(len(test["y"])), cluster=None)
    (finding,) = asked("SPL013", train, test, evidence={"predictions": score})
    assert finding.certainty is Certainty.SUSPECT
    assert "residuals" in finding.answer.measures[-1].name
    assert finding.answer.measures[-1].estimate.value > 0.3


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer, load_diabetes])
def test_a_random_split_of_a_clean_real_table_has_no_problem(rng, load):
    frame: pd.DataFrame = load(as_frame=True).frame.rename(columns={"target": "y"})
    columns = {str(name): frame[name].to_numpy() for name in frame.columns}
    if len(np.unique(columns["y"])) <= 3:
        columns["y"] = np.array([f"c{value}" for value in columns["y"]])
    train, test = parted(rng, columns, 0.3)
    for code in ("SPL005", "SPL006", "SPL007", "SPL008", "SPL009", "SPL012", "SPL013"):
        for finding in asked(code, train, test):
            assert finding.ending not in (Ending.PROBLEM, Ending.CRASHED), finding.answer.claim
