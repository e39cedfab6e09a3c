"""From findings to a price: which mends are fitted, on which rows, by which estimator, and what is said of the rest."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import heldout
from heldout.app.asked import Asked
from heldout.app.audit_mends import found_of, mends_of
from heldout.app.audit_price import price_of
from heldout.app.audit_score import score_of
from heldout.app.audited import Audited, Reader, read_audited
from heldout.core.finding import Certainty, Ending, Finding, caution, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.price import Basis, Refit

ROWS = 1_200
STRONG, SUSPECT = Certainty.STRONG, Certainty.SUSPECT
LEAK = Mend(kind=MendKind.DROP_COLUMNS, columns=("leak",))
COPIES = Mend(kind=MendKind.DROP_COPIES)


@pytest.fixture
def world() -> pd.DataFrame:
    """Rows of 120 users over 60 days, with a fair feature, a leak, and a text column."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=ROWS)
    y = (rng.random(ROWS) < 1 / (1 + np.exp(-1.5 * x))).astype(int)
    day = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(ROWS) // 20, unit="D")
    user = rng.integers(0, 120, ROWS)
    return pd.DataFrame(
        {
            "x": x,
            "leak": y + rng.normal(size=ROWS) * 0.3,
            "town": np.where(x + rng.normal(size=ROWS) > 0, "north", "south"),
            "user": [f"u{number}" for number in user],
            "key": [f"u{number}_{row}" for row, number in enumerate(user)],
            "day": day,
            "y": y,
        }
    )


def found(mend: Mend | None, certainty: Certainty = STRONG, code: str = "LEK099") -> Finding:
    answer = problem("Something is wrong.", certainty, to_do="Mend it.", mend=mend)
    return Finding(code=code, name="planted", family="leakage", answer=answer)


def audited(data: pd.DataFrame, test: pd.DataFrame | None = None) -> Audited:
    read = Reader(drop=(), null_texts=(), header=True, separator=None, say=lambda _: None)
    return read_audited(read, data, test, target="y", positive=None, kind=None)


def fitted(
    tables: Audited, findings: Sequence[Finding], *, metric: str = "roc_auc", as_is: bool = False, **asked: Any
) -> Refit:
    options: dict[str, Any] = {"estimator": LogisticRegression()} | asked
    if "estimator" not in asked:
        options["estimator"] = pipeline()
    made = price_of(tables, Asked(**options), findings, metric, lambda _: None, as_is=as_is)
    assert isinstance(made, Refit)
    return made


def pipeline() -> object:
    columns = [("numbers", StandardScaler(), ["x", "leak"]), ("texts", OneHotEncoder(), ["town"])]
    return make_pipeline(ColumnTransformer(columns), LogisticRegression())


def test_the_users_pipeline_sees_the_values_as_read_and_may_name_a_column_that_left(world: pd.DataFrame) -> None:
    refit = fitted(audited(world), [found(LEAK)])
    assert not refit.is_proxy
    assert refit.model == "your Pipeline"
    assert (refit.price.low or 0.0) > 0.02
    assert refit.valid_split == "the same"
    score = score_of(None, None, (found(LEAK),), "roc_auc", refit=refit)
    assert score.basis is Basis.ESTIMATOR
    assert score.supported == refit.supported
    assert score.headline.startswith("Your Pipeline was fitted again")


def test_a_proxys_score_is_called_one(world: pd.DataFrame) -> None:
    refit = fitted(audited(world[:400]), [found(LEAK)], estimator=None)
    score = score_of(None, None, (found(LEAK),), "roc_auc", refit=refit)
    assert score.basis is Basis.PROXY
    assert "is no score of yours" in score.headline
    assert "--estimator" in score.headline


def test_an_estimator_that_fails_is_named_with_what_it_raised(world: pd.DataFrame) -> None:
    asked = Asked(estimator=LogisticRegression())  # texts are no numbers
    made = price_of(audited(world), asked, [found(LEAK)], "roc_auc", lambda _: None, as_is=False)
    assert isinstance(made, str)
    assert "Your estimator could not be fitted again: ValueError" in made
    assert made in score_of(None, None, (found(LEAK),), "roc_auc", refit=made).headline


def test_nothing_is_fitted_where_nothing_is_to_mend_and_nothing_was_reported(world: pd.DataFrame) -> None:
    tables = audited(world)
    assert price_of(tables, Asked(), [], "roc_auc", lambda _: None, as_is=False) is None
    refit = fitted(tables, [], as_is=True)
    assert refit.prices == ()
    assert refit.supported == refit.as_given
    score = score_of(None, None, (), "roc_auc", refit=refit)
    assert score.supported is None, "what nothing was taken out of is no better than the score reported"


def test_a_problem_that_no_refit_takes_out_leaves_no_supported_score(world: pd.DataFrame) -> None:
    findings = (found(LEAK), found(None, code="LEK098"))
    refit = fitted(audited(world), findings)
    assert refit.not_priced == ("LEK098: no refit takes it out",)
    score = score_of(None, None, findings, "roc_auc", refit=refit)
    assert score.supported is None
    assert score.refit == refit


def test_checks_that_ask_for_the_same_mend_share_its_price(world: pd.DataFrame) -> None:
    refit = fitted(audited(world), [found(LEAK, SUSPECT, "LEK001"), found(LEAK, STRONG, "LEK002")])
    (priced,) = refit.prices
    assert priced.codes == ("LEK001", "LEK002")
    assert priced.certainty is STRONG


def test_many_columns_are_priced_one_by_one_up_to_a_number_and_the_others_together() -> None:
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 300)
    frame = pd.DataFrame({f"c{i}": y + rng.normal(size=300) for i in range(9)} | {"x": rng.normal(size=300), "y": y})
    findings = [found(Mend(kind=MendKind.DROP_COLUMNS, columns=(f"c{i}",))) for i in range(9)]
    refit = fitted(audited(frame), findings, estimator=LogisticRegression())
    assert len(refit.prices) == 5
    assert sum(priced.what == "without c4, c5, c6 and 2 more" for priced in refit.prices) == 1


@pytest.mark.parametrize(
    ("mend", "words", "n"),
    [
        (Mend(kind=MendKind.SPLIT_BY_GROUP, columns=("user",)), "each user on one side", ROWS),
        (
            Mend(kind=MendKind.SPLIT_BY_GROUP, columns=("key",), is_beginning=True),
            "each key without its last part on one side",
            ROWS,
        ),
        (Mend(kind=MendKind.SPLIT_FORWARD, columns=("day",), gap="2d"), "train before test by day, 2d apart", ROWS / 5),
        (Mend(kind=MendKind.SPLIT_FORWARD), "train before test by row order", ROWS / 5),
    ],
)
def test_a_split_is_mended_and_scored_on_the_same_rows(mend: Mend, words: str, n: float, world: pd.DataFrame) -> None:
    refit = fitted(audited(world), [found(mend)])
    assert refit.valid_split == words
    assert refit.as_given.n == refit.supported.n == refit.price.n == n
    assert refit.clusters.startswith("clustered by")
    assert bool(refit.notes) == (n < ROWS)


def test_a_declared_time_makes_the_split_of_one_table_valid(world: pd.DataFrame) -> None:
    refit = fitted(audited(world), [found(LEAK)], time="day", entity="user", embargo="1d")
    assert [priced.codes for priced in refit.prices if priced.certainty is None] == [()]
    assert refit.valid_split == "train before test by day, 1d apart"
    assert refit.clusters == "clustered by user"
    only_entity = fitted(audited(world), [found(LEAK)], entity="user")
    assert only_entity.valid_split == "each user on one side"


def test_declared_folds_are_the_split_as_given(world: pd.DataFrame) -> None:
    folded = world.assign(part=np.arange(ROWS) % 3)
    refit = fitted(audited(folded), [found(LEAK)], fold="part")
    assert refit.given_split == "the folds of part"


def test_train_and_test_are_scored_on_the_test_rows_and_copies_leave_train(world: pd.DataFrame) -> None:
    train, test = world[:800].drop(columns="key"), world[800:].drop(columns="key")
    both = pd.concat([train, test[:200]])
    refit = fitted(audited(both, test), [found(COPIES, code="SPL003")])
    assert refit.given_split == "train and test as given"
    assert refit.as_given.n == refit.supported.n == 400
    assert refit.clusters == "clustered by equal rows"
    grouped = fitted(audited(train, test), [found(Mend(kind=MendKind.SPLIT_BY_GROUP, columns=("user",)))])
    assert grouped.supported.n == 400
    forward = fitted(audited(train, test), [found(Mend(kind=MendKind.SPLIT_FORWARD, columns=("day",)))])
    assert forward.supported.n == 80


@pytest.mark.parametrize(
    ("mend", "said"),
    [
        (COPIES, "no row equals another one exactly"),
        (Mend(kind=MendKind.SPLIT_BY_GROUP, columns=("gone",)), "there is no such column"),
        (Mend(kind=MendKind.DROP_COLUMNS, columns=("gone",)), "does not use it anyway"),
        (Mend(kind=MendKind.SPLIT_FORWARD, columns=("town",)), "holds"),
    ],
)
def test_what_cannot_be_priced_is_said(mend: Mend, said: str, world: pd.DataFrame) -> None:
    refit = fitted(audited(world), [found(LEAK), found(mend, code="SPL099")])
    assert len(refit.prices) == 1
    (left,) = refit.not_priced
    assert said in left
    assert "SPL099" in left


def test_a_metric_that_is_not_computed_here_is_replaced_and_supports_nothing(world: pd.DataFrame) -> None:
    refit = fitted(audited(world), [found(LEAK)], metric="ndcg")
    assert refit.metric == "roc_auc"
    assert "ndcg is not computed here" in refit.notes[0]
    assert score_of(None, None, (found(LEAK),), "ndcg", refit=refit).supported is None


def test_a_large_table_is_fitted_on_a_stated_sample_of_whole_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heldout.app.audit_price.MOST_ROWS", 1_000)
    rng = np.random.default_rng(2)
    user = rng.integers(0, 1_000, 4_000)
    y = rng.integers(0, 2, 4_000)
    frame = pd.DataFrame({"x": y + rng.normal(size=4_000), "user": user, "y": y})
    by_user = found(Mend(kind=MendKind.SPLIT_BY_GROUP, columns=("user",)))
    refit = fitted(audited(frame), [by_user], estimator=LogisticRegression())
    assert refit.rows == 4_000
    assert 800 < refit.fitted_rows < 1_200


def test_no_price_is_told_where_none_is_asked(world: pd.DataFrame) -> None:
    steps: list[str] = []
    verdict = heldout.audit(world, target="y", reported=0.99, price=False, progress=steps.append)
    assert verdict.score is not None
    assert verdict.score.refit is None
    assert not any("refit" in step for step in steps)
    heldout.audit(world[:300], target="y", reported=0.99, progress=steps.append)
    assert any(step.startswith("refit 1 of") for step in steps)


def test_a_table_of_few_rows_is_not_fitted_and_that_is_said(world: pd.DataFrame) -> None:
    made = price_of(audited(world[:40]), Asked(), [found(LEAK)], "roc_auc", lambda _: None, as_is=False)
    assert made == "40 rows have a target, and a refit takes 50."


BY_KEY = Mend(kind=MendKind.SPLIT_BY_GROUP, columns=("key",), is_beginning=True)
BY_DAY = Mend(kind=MendKind.SPLIT_FORWARD, columns=("day",))


def cautioned(mend: Mend, code: str = "SPL099") -> Finding:
    return Finding(code=code, name="planted", family="split", answer=caution("Rows belong together.", mend=mend))


def test_what_cautions_ask_for_is_priced_apart_and_supports_nothing(world: pd.DataFrame) -> None:
    refit = fitted(audited(world), [cautioned(BY_KEY), cautioned(BY_DAY)], estimator=None)
    assert refit.prices == ()
    assert [(one.what, one.price.n) for one in refit.found] == [
        ("each key without its last part on one side", ROWS),
        ("train before test by day", ROWS / 5),
    ]
    assert [one.clusters for one in refit.found] == [
        "clustered by the group that is kept together",
        "clustered by day of day",
    ]
    score = score_of(None, None, (), "roc_auc", refit=refit)
    assert (score.supported, score.basis) == (None, Basis.NONE)
    with_leak = fitted(audited(world), [found(LEAK), cautioned(BY_KEY)], estimator=None)
    assert with_leak.supported == with_leak.as_given or with_leak.price.value
    assert with_leak.found[0].after_all is not None


def test_a_structure_that_is_declared_or_a_problem_is_not_found_once_more(world: pd.DataFrame) -> None:
    refit = fitted(audited(world), [cautioned(BY_DAY)], time="day", estimator=None)
    assert refit.found == ()
    assert [priced.codes for priced in refit.prices] == [()]
    wanted = mends_of([found(BY_KEY)])
    assert found_of([cautioned(BY_KEY)], wanted) == ()
    assert len(found_of([cautioned(BY_DAY)], wanted)) == 1
    row_order = cautioned(Mend(kind=MendKind.SPLIT_FORWARD))
    assert len(found_of([row_order])) == 1
    assert [one.mend for one in found_of([row_order, cautioned(BY_KEY)])] == [BY_KEY], "groups stand together in a file"


def test_hidden_subjects_and_the_order_of_a_table_are_priced_by_an_audit_of_it() -> None:
    rng = np.random.default_rng(0)
    subject = np.repeat(np.arange(60), 8)
    y = rng.integers(0, 2, 60)[subject]
    voice = rng.normal(size=(60, 2))[subject] + rng.normal(size=(480, 2)) * 0.2
    names = [f"rec_S{one:02d}_{place % 8}" for place, one in enumerate(subject)]
    table = pd.DataFrame({"name": names, "a": voice[:, 0], "b": voice[:, 1], "y": y})
    verdict = heldout.audit(table.sample(frac=1, random_state=0), target="y", metric="balanced_accuracy")
    assert verdict.problems(STRONG) == ()
    assert verdict.score is not None
    assert verdict.score.refit is not None
    (hidden,) = verdict.score.refit.found
    assert hidden.codes == ("SPL005",)
    assert (hidden.price.low or 0) > 0.1
    unlike = heldout.audit(table.assign(y=rng.integers(0, 2, 480)), target="y", metric="balanced_accuracy")
    assert unlike.score is not None
    assert unlike.score.refit is not None
    assert unlike.score.refit.found == (), "labels that do not go by subject tie no rows together"


def test_copies_under_a_random_split_are_a_caution_with_a_price() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1_500, 2))
    once = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": rng.integers(0, 2, 1_500)})
    rows = pd.concat([once, once.sample(500, random_state=0)]).sample(frac=1, random_state=1)
    verdict = heldout.audit(rows[400:], test=rows[:400], target="y", metric="roc_auc")
    (copies,) = [one for one in verdict.findings if one.code == "SPL003"]
    assert copies.ending is Ending.CAUTION
    assert verdict.score is not None
    assert verdict.score.refit is not None
    (priced,) = verdict.score.refit.found
    assert priced.what == "without train rows that equal a test row"
    assert (priced.price.low or 0) > 0.03


def test_a_structure_whose_price_has_no_interval_is_a_note_and_takes_no_score_away(world: pd.DataFrame) -> None:
    by_row = cautioned(Mend(kind=MendKind.SPLIT_FORWARD))
    refit = fitted(audited(world.sort_values("y")), [found(LEAK), by_row], estimator=None)
    assert refit.found == ()
    assert refit.not_priced == ()
    assert "Found and not priced: train before test by row order (SPL099)" in " ".join(refit.notes)
