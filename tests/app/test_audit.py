"""The audit as a Python function: the same verdict on every frame, planted faults found, clean tables left alone."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

import heldout
from heldout.app.audit import EVIDENCE, audit_checks
from heldout.core.errors import BadInput
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.price import Basis
from heldout.core.verdict import Verdict

ROWS = 2400


@pytest.fixture
def world() -> pd.DataFrame:
    """Bookings of 240 users over 240 days, with two features that predict the target fairly."""
    rng = np.random.default_rng(0)
    x, z = rng.normal(size=(2, ROWS))
    y = (rng.random(ROWS) < 1 / (1 + np.exp(-1.5 * x))).astype(int)
    day = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(ROWS) // 10, unit="D")
    return pd.DataFrame({"x": x, "z": z, "user_id": rng.integers(0, 240, ROWS), "day": day, "y": y})


def finding(verdict: Verdict, code: str) -> Finding:
    return next(found for found in verdict.findings if found.code == code)


def as_duckdb(frame: pd.DataFrame) -> object:
    return duckdb.from_df(frame)


@pytest.mark.parametrize("convert", [pl.from_pandas, pa.Table.from_pandas, as_duckdb])
def test_every_kind_of_frame_gets_the_same_verdict(
    convert: Callable[[pd.DataFrame], object], world: pd.DataFrame
) -> None:
    leaky = world.assign(outcome=np.where(world["y"] == 1, "granted", "refused"))
    one, other = (heldout.audit(frame, target="y") for frame in (leaky, convert(leaky)))
    assert one.findings == other.findings
    assert finding(one, "LEK001").certainty is Certainty.PROVEN
    assert one.facts["split to use"] == other.facts["split to use"]


def test_asking_all_that_tables_can_answer_crashes_nothing(world: pd.DataFrame) -> None:
    world["ward"] = np.where(np.arange(ROWS) % 2, "A", "B")
    world["fold"] = np.arange(ROWS) % 5
    train, test = world[:1600], world[1600:]
    verdict = heldout.audit(
        train,
        test=test,
        target="y",
        time="day",
        entity="user_id",
        horizon="1d",
        fold="fold",
        reported=0.99,
        predictions=pd.DataFrame({"score": 1 / (1 + np.exp(-test["x"]))}),
        slices=["ward"],
        threshold=0.5,
        known_at_prediction=["x", "ward", "fold"],
        evaluations=1,
        corpus=[__file__],
        estimator=DecisionTreeClassifier(max_depth=3),
    )
    assert {found.code for found in verdict.findings} == {check.code for check in audit_checks()}
    endings = {found.code: found.ending for found in verdict.findings}
    assert Ending.CRASHED not in endings.values()
    assert Ending.NO_EVIDENCE not in endings.values()
    assert endings["SPL001"] is Ending.CLEAR  # split at a day's end
    assert finding(verdict, "SPL002").certainty is Certainty.PROVEN
    assert finding(verdict, "LEK003").answer.claim.startswith("z is used")
    score = verdict.score
    assert score is not None
    assert score.reported == 0.99
    assert score.basis is not Basis.PREDICTIONS, "a split that shares entities supports no score of these predictions"
    auc = roc_auc_score(test["y"], test["x"])
    assert f"{auc:.3f}" in score.headline
    assert verdict.facts["computed again"].startswith(f"roc_auc {auc:.3f}")
    assert "clustered by user_id" in score.headline
    assert "LEK003, SPL002" in score.headline


def test_each_check_asked_finds_its_evidence_by_name() -> None:
    needed = {need.name for check in audit_checks() for need in check.needs if not need.optional}
    assert needed == EVIDENCE - {"baselines", "schedules"}


def test_without_predictions_no_score_is_supported_and_the_headline_says_so(world: pd.DataFrame) -> None:
    verdict = heldout.audit(world, target="y", reported=0.97)
    assert verdict.score is not None
    assert verdict.score.supported is None
    assert "support no score" in verdict.score.headline
    assert finding(verdict, "MET001").certainty is Certainty.SUSPECT


def test_what_looks_like_time_or_entity_and_was_not_declared_is_named_beside_the_score(world: pd.DataFrame) -> None:
    train, test = world[:1500], world[1500:]
    predictions = pd.DataFrame({"score": 1 / (1 + np.exp(-test["x"]))})
    bare = heldout.audit(train, test=test, target="y", predictions=predictions)
    assert bare.score is not None
    assert "day looks like time (--time)" in bare.score.headline
    assert "user_id looks like an entity (--entity)" in bare.score.headline
    declared = heldout.audit(train, test=test, target="y", predictions=predictions, time="day", entity="user_id")
    assert declared.score is not None
    assert "Not examined" not in declared.score.headline


def test_a_list_whose_names_are_mostly_no_columns_is_refused(world: pd.DataFrame) -> None:
    with pytest.raises(BadInput, match="most columns known at prediction time are not in the table"):
        heldout.audit(world, target="y", known_at_prediction=["x", "xx", "usr_id"])


def test_predictions_are_rescored_without_the_copies(world: pd.DataFrame) -> None:
    train, fresh = world[:1600], world[1600:]
    copies = train[:400]
    test = pd.concat([fresh, copies], ignore_index=True)
    rng = np.random.default_rng(1)
    score = np.concatenate([rng.random(len(fresh)), copies["y"] * 0.8 + 0.1])  # right about what it learned by heart
    verdict = heldout.audit(train, test=test, target="y", predictions=pd.DataFrame({"score": score}))
    assert finding(verdict, "SPL003").certainty is Certainty.PROVEN
    assert verdict.score is not None
    assert verdict.score.supported is not None
    assert verdict.score.supported.n == 800
    assert verdict.score.supported.value == pytest.approx(0.5, abs=0.06)
    assert "no copies" in verdict.score.headline
    assert "n = 800, 66.7% of all" in verdict.facts["without copied rows"]


def test_copies_that_the_table_repeats_by_itself_are_priced_in_the_headline(world: pd.DataFrame) -> None:
    doubled = pd.concat([world, world[:1200]], ignore_index=True).sample(frac=1, random_state=0)
    test = doubled[2600:]
    predictions = pd.DataFrame({"score": np.linspace(0, 1, len(test))})
    verdict = heldout.audit(doubled[:2600], test=test, target="y", predictions=predictions)
    assert finding(verdict, "SPL003").ending is Ending.CAUTION
    assert verdict.score is not None
    assert verdict.score.supported is not None
    assert verdict.score.supported.n == 1000
    assert "Without the test rows that equal a train row it is" in verdict.score.headline


def test_a_score_on_too_few_rows_that_are_no_copies_is_withheld(world: pd.DataFrame) -> None:
    train = world[:1600]
    test = pd.concat([world[1600:1612], train[:400]], ignore_index=True)
    predictions = pd.DataFrame({"score": np.linspace(0, 1, len(test))})
    verdict = heldout.audit(train, test=test, target="y", predictions=predictions)
    assert verdict.score is not None
    assert verdict.score.supported is not None
    assert verdict.score.supported.value is None
    assert "are left without the copies" in str(verdict.score.supported.undefined_because)


def test_the_interval_is_wider_by_day_than_by_row_where_days_differ() -> None:
    rng = np.random.default_rng(3)
    day = np.repeat(np.arange(60), 40)
    base = np.repeat(rng.normal(size=60), 40)
    y = (rng.random(2400) < 1 / (1 + np.exp(-base))).astype(int)
    frame = pd.DataFrame({"x": base + rng.normal(size=2400) * 0.01, "day": day, "y": y})
    predictions = pd.DataFrame({"score": 1 / (1 + np.exp(-frame["x"]))})
    widths = []
    for declared in ({}, {"time": "day"}):
        verdict = heldout.audit(frame, test=frame, target="y", predictions=predictions, **declared)
        low, high = (float(end) for end in verdict.facts["computed again"].split("[")[1].split("]")[0].split(","))
        widths.append(high - low)
    assert widths[1] > 2 * widths[0]


@pytest.mark.parametrize("load", [load_breast_cancer, load_iris])
def test_clean_tables_have_no_problem_above_suspect(load: Callable[..., object]) -> None:
    frame = load(as_frame=True).frame
    assert not heldout.audit(frame, target="target").problems(Certainty.STRONG)
    rng = np.random.default_rng(0)
    is_train = rng.random(len(frame)) < 0.75
    assert not heldout.audit(frame[is_train], test=frame[~is_train], target="target").problems(Certainty.STRONG)


def test_columns_that_leak_are_not_recommended_for_splitting(world: pd.DataFrame) -> None:
    rng = np.random.default_rng(4)
    plain = world.drop(columns=["day", "user_id"])
    boats = rng.choice([f"b{i}" for i in range(20)], ROWS).astype(object)
    late = plain.assign(boat_id=np.where(plain["y"] == 1, boats, None))
    assert "each boat_id" in heldout.audit(plain.assign(boat_id=boats), target="y").facts["split to use"]
    verdict = heldout.audit(late, target="y")
    assert finding(verdict, "LEK002").certainty is Certainty.STRONG
    assert "boat_id" not in verdict.facts["split to use"]


def test_rows_without_a_target_are_said(world: pd.DataFrame) -> None:
    world["y"] = world["y"].astype(float).where(world["x"] < 2)
    assert "rows without a target left out" in heldout.audit(world, target="y").facts["table"]


def test_a_column_without_a_value_is_not_examined_and_said(world: pd.DataFrame) -> None:
    found = heldout.audit(world.assign(nothing=None), target="y")
    assert found.facts["note"] == "nothing holds no value and is not examined"
    assert found.exit_code() == heldout.audit(world, target="y").exit_code()
    assert "note" not in heldout.audit(world.assign(nothing=None), target="y", drop=["nothing"]).facts


def test_progress_names_each_step(world: pd.DataFrame) -> None:
    steps: list[str] = []
    heldout.audit(world, target="y", select=["leakage"], ignore=["LEK003"], progress=steps.append)
    assert any(step.startswith("asking LEK001") for step in steps)
    assert not any("LEK003" in step or "SPL" in step for step in steps)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"target": "why"}, "there is no target column 'why'"),
        ({"target": "y", "time": "days"}, "did you mean 'day'"),
        ({"target": "y", "entity": "user"}, "there is no entity column 'user'"),
        ({"target": "y", "drop": ["zz"]}, "there is no column to drop 'zz'"),
        ({"target": "y", "select": ["NOPE"]}, "no check is called 'NOPE'"),
        ({"target": "y", "reported": 97.0}, "the reported roc_auc is 97"),
        ({"target": "y", "reported": float("nan")}, "the reported roc_auc is nan"),
        ({"target": "y", "reported": 0.9, "metric": "rmse"}, "does not score this target"),
        ({"target": "x", "reported": 0.9, "metric": "auc"}, "does not score this target"),
        ({"target": "y", "interval": (0.1, 0.2)}, "an interval is given and no score"),
        ({"target": "y", "predictions": pd.DataFrame({"score": [0.5]})}, "no test rows with a target"),
        ({"target": "y", "known_at_prediction": ["a"]}, "none of the columns known"),
        ({"target": "y", "slices": ["z"]}, "no predictions to score there"),
        ({"target": "y", "threshold": 0.5}, "no predictions to score there"),
        ({"target": "y", "threshold_chosen_on": "test"}, "and no threshold"),
        ({"target": "y", "capacity": 0}, "the capacity is 0"),
        ({"target": "y", "costs": (0.0, 1.0)}, "the costs are 0 and 1"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, object], said: str, world: pd.DataFrame) -> None:
    with pytest.raises(BadInput, match=said):
        heldout.audit(world, **options)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda test: test.drop(columns="z"), "test lacks z"),
        (lambda test: test.assign(extra=1), "train lacks extra"),
        (lambda test: test.assign(z=test["z"].astype(str)), "z (numeric in train, text in test)"),
        (lambda test: test.assign(z=None), "z (numeric in train, no value in any row in test)"),
    ],
)
def test_tables_that_are_not_alike_are_refused(
    change: Callable[[pd.DataFrame], object], said: str, world: pd.DataFrame
) -> None:
    with pytest.raises(BadInput) as refused:
        heldout.audit(world[:1600], test=change(world[1600:]), target="y")
    assert said in refused.value.what


def test_a_test_table_may_lack_the_target(world: pd.DataFrame) -> None:
    verdict = heldout.audit(world[:1600], test=world[1600:].drop(columns="y"), target="y", time="day")
    assert finding(verdict, "SPL001").ending is Ending.CLEAR
    assert verdict.facts["test"].endswith("no target")


def test_importing_heldout_loads_no_use_case(tmp_path: Path) -> None:
    assert callable(heldout.audit)
    assert "audit" in dir(heldout) or "audit" in heldout.__all__
    with pytest.raises(AttributeError, match="no attribute 'audits'"):
        _ = heldout.audits


def test_a_table_of_nothing_but_the_target_is_refused() -> None:
    with pytest.raises(BadInput, match="the target and nothing else"):
        heldout.audit(pd.DataFrame({"y": [0, 1, 1]}), target="y")


def test_a_test_table_that_is_all_copies_has_no_prevalence_without_them(world: pd.DataFrame) -> None:
    test = world[:800]
    verdict = heldout.audit(world, test=test, target="y", predictions=pd.DataFrame({"score": test["y"] * 0.8}))
    told = verdict.facts["without copied rows"]
    assert told.startswith("undefined")
    assert "positives" not in told


def test_what_takes_long_to_load_is_not_loaded_before_it_is_used() -> None:
    heavy = ("altair", "duckdb", "pandas", "scipy.optimize", "scipy.spatial", "scipy.stats", "sklearn")
    told = f"import sys, heldout.app.audit; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout == "[]\n"
