"""The supported score by refit: planted worlds whose clean score is known, and what must hold of any prices."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.naive_bayes import GaussianNB

from heldout.core.estimate import Estimate
from heldout.engine.pricing import Evaluation, Found, Repair, Repriced, price
from heldout.engine.refit import Fitter, Task
from heldout.engine.splits import Given
from heldout.stats.metrics.named import metric_named
from heldout.tables.matrix import Matrix

ROWS = 2_400


def evaluation(
    features: dict[str, NDArray[np.float64]],
    label: NDArray[np.float64],
    *,
    metric: str = "roc_auc",
    task: Task = "binary",
    estimator: object = None,
    cluster: NDArray[np.int64] | None = None,
    is_test: NDArray[np.bool_] | None = None,
    seed: int = 0,
) -> Evaluation:
    values = np.column_stack(list(features.values()))
    matrix = Matrix(values=values, names=tuple(features), categorical=np.zeros(len(features), np.bool_))
    stratum = np.zeros(len(label), np.int64) if task == "regression" else label.astype(np.int64)
    fitter = Fitter(
        features=matrix,
        label=label.astype(float),
        task=task,
        estimator=estimator,
        needs_probability=metric_named(metric).needs_probability,
    )
    return Evaluation(
        fitter=fitter, given=Given(stratum=stratum, is_test=is_test), metric=metric, cluster=cluster, seed=seed
    )


def world(seed: int, rows: int = ROWS) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(2, rows))
    label = (rng.random(rows) < 1 / (1 + np.exp(-1.2 * x))).astype(float)
    return {"x": x, "z": z}, label


def covers(estimate: Estimate, value: float) -> bool:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= value <= estimate.high


def dropped(*names: str) -> list[Repair]:
    return [Repair(name=f"without {name}", columns=frozenset({name})) for name in names]


def test_without_the_leak_the_score_is_that_of_the_model_that_never_had_it() -> None:
    features, label = world(0)
    rng = np.random.default_rng(9)
    leaky = features | {"leak": label + rng.normal(size=ROWS) * 0.4}
    made = price(evaluation(leaky, label, estimator=LogisticRegression()), dropped("leak"))
    fresh, truth = world(1, 50_000)
    clean = LogisticRegression().fit(np.column_stack(list(features.values())), label)
    expected = roc_auc_score(truth, clean.predict_proba(np.column_stack(list(fresh.values())))[:, 1])
    assert covers(made.supported, expected)
    assert made.as_given.value is not None
    assert made.as_given.value > 0.95
    assert covers(made.price, made.as_given.value - expected)
    assert made.prices[0].first_in == made.prices[0].last_in == made.price


def test_what_only_the_group_tells_is_worth_nothing_to_new_groups() -> None:
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(120), 20)
    mark, sign = rng.normal(size=(120, 3))[group], rng.integers(0, 2, 120)[group]
    label = np.where(rng.random(ROWS) < 0.9, sign, 1 - sign).astype(float)
    features = {f"m{i}": mark[:, i] for i in range(3)}
    made = price(evaluation(features, label, cluster=group), [Repair(name="by group", groups=group)])
    assert made.as_given.value is not None
    assert made.as_given.value > 0.85
    assert covers(made.supported, 0.5)
    assert made.price.low is not None
    assert made.price.low > 0.2
    assert made.supported.n == made.as_given.n == ROWS


def test_rows_learned_by_heart_are_worth_nothing_without_their_copies() -> None:
    rng = np.random.default_rng(3)
    once = rng.normal(size=(ROWS // 2, 2))
    noise = rng.integers(0, 2, ROWS // 2).astype(float)
    code = np.tile(np.arange(ROWS // 2), 2)
    features = {"a": np.tile(once[:, 0], 2), "b": np.tile(once[:, 1], 2)}
    made = price(evaluation(features, np.tile(noise, 2), cluster=code), [Repair(name="without copies", copies=code)])
    assert made.as_given.value is not None
    assert made.as_given.value > 0.6
    assert covers(made.supported, 0.5)
    assert made.price.low is not None
    assert made.price.low > 0.05


def test_neighbours_that_share_the_label_are_worth_nothing_later() -> None:
    rng = np.random.default_rng(4)
    label = np.repeat(rng.integers(0, 2, ROWS // 20), 20).astype(float)
    moment = np.arange(ROWS, dtype=float)
    features = {"phase": moment + rng.normal(size=ROWS), "noise": rng.normal(size=ROWS)}
    block = (moment // 20).astype(np.int64)
    made = price(evaluation(features, label, cluster=block), [Repair(name="forward", moment=moment)])
    assert made.as_given.value is not None
    assert made.as_given.value > 0.9
    assert covers(made.supported, 0.5)
    assert made.supported.n == made.as_given.n == ROWS // 5
    assert made.as_given_everywhere.n == ROWS
    assert not made.scored[: ROWS * 4 // 5].any()


def test_with_nothing_to_mend_the_supported_score_is_that_as_given() -> None:
    features, label = world(5)
    made = price(evaluation(features, label), [])
    assert made.supported == made.as_given
    assert made.price.value == 0
    assert made.prices == ()
    assert made.if_suspects_too is None
    assert made.refits == 1


def test_a_useless_column_has_no_price_beyond_its_interval() -> None:
    features, label = world(6)
    made = price(evaluation(features, label), dropped("z"))
    assert made.price.value is not None
    assert abs(made.price.value) < 0.02


def test_the_seed_decides_everything() -> None:
    features, label = world(7, 300)
    one, same, other = (price(evaluation(features, label, seed=seed), dropped("z")) for seed in (1, 1, 2))
    assert one.supported == same.supported
    assert one.prices == same.prices
    assert one.supported != other.supported


def test_columns_that_tell_the_same_are_worth_little_alone_and_much_together() -> None:
    features, label = world(8)
    rng = np.random.default_rng(8)
    leak = label + rng.normal(size=ROWS) * 0.2
    made = price(evaluation(features | {"one": leak, "two": leak}, label), dropped("one", "two"))
    assert all(abs(priced.first_in.value or 0.0) < 0.005 for priced in made.prices)
    assert all((priced.last_in.value or 0.0) > 0.1 for priced in made.prices)
    assert (made.price.value or 0.0) > 0.1
    assert_adds_up(made)


def assert_adds_up(made: Repriced) -> None:
    assert sum(priced.shapley or 0.0 for priced in made.prices) == pytest.approx(made.price.value, abs=1e-12)


@pytest.mark.parametrize(("leaks", "refits"), [(3, 8), (5, 16)])
def test_the_means_over_orders_add_up_to_the_price_of_all(leaks: int, refits: int) -> None:
    features, label = world(10)
    rng = np.random.default_rng(10)
    more = {f"l{i}": label + rng.normal(size=ROWS) * (i + 1) for i in range(leaks)}
    made = price(evaluation(features | more, label, estimator=LogisticRegression()), dropped(*more))
    assert made.refits == refits
    assert_adds_up(made)
    assert all(priced.is_exact == (leaks == 3) for priced in made.prices)


def test_suspects_are_mended_beside_and_not_in_the_supported_score() -> None:
    features, label = world(11)
    rng = np.random.default_rng(11)
    more = {"sure": label + rng.normal(size=ROWS) * 0.3, "perhaps": label + rng.normal(size=ROWS)}
    made = price(
        evaluation(features | more, label, estimator=LogisticRegression()), dropped("sure"), dropped("perhaps")
    )
    alone = price(evaluation(features | more, label, estimator=LogisticRegression()), dropped("sure"))
    assert made.supported == alone.supported
    assert made.if_suspects_too is not None
    assert made.if_suspects_too.value is not None
    assert made.supported.value is not None
    assert made.if_suspects_too.value < made.supported.value - 0.02


@pytest.mark.parametrize("metric", ["root_mean_squared_error", "r_squared"])
def test_a_price_is_above_zero_whichever_way_the_metric_is_better(metric: str) -> None:
    rng = np.random.default_rng(12)
    x, label = rng.normal(size=(2, ROWS))
    features = {"x": x, "leak": label + rng.normal(size=ROWS) * 0.1}
    made = price(evaluation(features, label, metric=metric, task="regression"), dropped("leak"))
    assert made.price.low is not None
    assert made.price.low > 0


@pytest.mark.parametrize("metric", ["accuracy", "log_loss"])
def test_several_classes_are_priced_in_right_calls_or_log_loss(metric: str) -> None:
    rng = np.random.default_rng(13)
    label = rng.integers(0, 3, 600).astype(float)
    features = {"x": rng.normal(size=600), "leak": label + rng.normal(size=600) * 0.1}
    plain = evaluation(features, label, metric=metric, task="multiclass", estimator=GaussianNB())
    made = price(plain, dropped("leak"))
    assert made.price.low is not None
    assert made.price.low > 0
    if metric == "accuracy":
        assert covers(made.supported, 1 / 3)


def test_a_test_table_is_scored_on_its_own_rows_alone() -> None:
    features, label = world(14)
    is_test = np.arange(ROWS) >= 1_800
    made = price(evaluation(features, label, is_test=is_test), dropped("z"))
    assert made.as_given.n == made.supported.n == 600


def test_what_leaves_nothing_to_learn_from_is_undefined_and_says_why() -> None:
    features, label = world(15, 300)
    plain = evaluation(features, label, estimator=LogisticRegression())
    made = price(plain, dropped("x", "z"))
    assert made.supported.value is None
    assert "no column is left" in str(made.supported.undefined_because)
    assert made.price.value is None
    assert made.prices[0].first_in.value is not None
    assert made.prices[0].shapley is None
    one_moment = [Repair(name="forward", moment=np.zeros(300))]
    assert price(plain, one_moment).supported.value is None


def test_each_refit_is_said_before_it_runs() -> None:
    features, label = world(16, 300)
    said: list[str] = []
    price(evaluation(features, label, estimator=LogisticRegression()), dropped("z"), say=said.append)
    assert said == ["refit 1 of 2: as given", "refit 2 of 2: without z"]


def test_what_is_found_is_priced_apart_on_its_own_rows_and_clusters() -> None:
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(120), 20)
    mark, sign = rng.normal(size=(120, 3))[group], rng.integers(0, 2, 120)[group]
    label = np.where(rng.random(ROWS) < 0.9, sign, 1 - sign).astype(float)
    features = {f"m{i}": mark[:, i] for i in range(3)} | {"leak": label + rng.normal(size=ROWS) * 0.5}
    by_group = Found(repair=Repair(name="by group", groups=group), cluster=group)
    forward = Found(repair=Repair(name="forward", moment=np.arange(ROWS, dtype=float)), cluster=group)
    said: list[str] = []
    made = price(evaluation(features, label), dropped("leak"), found=[by_group, forward], say=said.append)
    plain = price(evaluation(features, label), dropped("leak"))
    assert (made.supported, made.price, made.prices) == (plain.supported, plain.price, plain.prices)
    assert said[-1].endswith("forward, which was found (all mended)")
    groups, late = made.found
    assert groups.after_all is not None
    assert groups.after_all.low is not None
    assert groups.after_all.low > max(0.2, groups.alone.value or 0), "the leak tells the answer of a new group too"
    assert groups.mended.n == groups.as_given.n == ROWS
    assert late.mended.n == late.as_given.n == late.alone.n == ROWS // 5
    assert made.as_given.n == ROWS, "the forward split of what was found takes no row from the others"


def test_what_is_found_has_no_second_price_where_there_is_nothing_to_mend() -> None:
    features, label = world(5)
    groups = np.arange(ROWS) // 20
    made = price(
        evaluation(features, label), [], found=[Found(repair=Repair(name="by", groups=groups), cluster=groups)]
    )
    assert made.refits == 2
    assert made.found[0].after_all is None
    assert covers(made.found[0].alone, 0)
