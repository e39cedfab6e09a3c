import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heldout.stats.agreement import dawid_skene, majority_vote
from heldout.stats.sample import BadSample, Undefined


def labelled(seed, items=150, raters=6, q=3, per_item=5, right=0.7):
    rng = np.random.default_rng(seed)
    true = rng.choice(q, items, p=np.arange(q, 0, -1) / (q * (q + 1) / 2))
    item = np.repeat(np.arange(items), per_item)
    rater = np.concatenate([rng.choice(raters, per_item, replace=False) for _ in range(items)])
    skill = np.linspace(right - 0.2, right + 0.2, raters)[rater]
    rating = np.where(rng.random(item.size) < skill, true[item], rng.integers(0, q, item.size))
    return true, item, rater, rating


def slow_posterior(item, rater, rating, prevalence, confusion):
    post = np.tile(prevalence, (item.max() + 1, 1))
    for i, r, c in zip(item, rater, rating, strict=True):
        post[i] *= confusion[r, :, c]
    return post / post.sum(axis=1, keepdims=True)


def test_the_fit_is_a_fixed_point_of_both_steps():
    _, item, rater, rating = labelled(0)
    fit = dawid_skene(item, rater, rating, smoothing=0, tolerance=1e-10)
    assert fit.converged
    wanted = slow_posterior(item, rater, rating, fit.prevalence, fit.confusion)
    assert fit.posterior == pytest.approx(wanted, abs=1e-6)
    assert fit.prevalence == pytest.approx(fit.posterior.mean(axis=0))
    for r in range(6):
        counts = np.zeros((3, 3))
        for i, c in zip(item[rater == r], rating[rater == r], strict=True):
            counts[:, c] += fit.posterior[i]
        assert fit.confusion[r] == pytest.approx(counts / counts.sum(axis=1, keepdims=True))
        assert fit.evidence[r] == pytest.approx(counts.sum(axis=1))


def test_the_log_likelihood_is_that_of_the_ratings_and_more_iterations_raise_it():
    _, item, rater, rating = labelled(1)
    fit = dawid_skene(item, rater, rating, smoothing=0, tolerance=1e-12)
    joint = np.tile(fit.prevalence, (150, 1))
    for i, r, c in zip(item, rater, rating, strict=True):
        joint[i] *= fit.confusion[r, :, c]
    assert fit.log_likelihood == pytest.approx(np.log(joint.sum(axis=1)).sum())
    early = [dawid_skene(item, rater, rating, smoothing=0, max_iterations=n).log_likelihood for n in (1, 2, 5, 20)]
    assert early == sorted(early)
    assert not dawid_skene(item, rater, rating, max_iterations=2).converged


def test_it_finds_classes_better_than_the_majority_and_knows_who_confuses_them():
    true, item, rater, rating = labelled(2, items=2000, raters=10, right=0.55)
    fit, votes = dawid_skene(item, rater, rating), majority_vote(item, rating)
    assert np.mean(fit.labels == true) > np.mean(votes.labels == true) + 0.005
    skill = np.linspace(0.35, 0.75, 10)
    assert fit.confusion[:, 0, 0] == pytest.approx(skill + (1 - skill) / 3, abs=0.08)
    assert fit.prevalence == pytest.approx([1 / 2, 1 / 3, 1 / 6], abs=0.04)


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_order_of_rows_and_names_do_not_matter(seed):
    _, item, rater, rating = labelled(seed, items=30)
    order = np.random.default_rng(seed).permutation(item.size)
    there = dawid_skene(item, rater, rating)
    names = np.array(["a", "b", "c"])
    back = dawid_skene([f"i{x:03d}" for x in item[order]], rater[order] * 10**17, names[rating[order]])
    assert back.posterior == pytest.approx(there.posterior, abs=1e-4)
    assert back.raters.tolist() == [int(r) * 10**17 for r in there.raters]
    assert back.items[0] == "i000"


def test_rows_of_every_matrix_sum_to_one_also_without_evidence():
    for smoothing in (0, 0.01, 1):
        fit = dawid_skene([1, 1, 2, 2, 2], ["x", "y", "x", "y", "z"], ["a", "a", "b", "b", "b"], smoothing=smoothing)
        assert np.isfinite(fit.confusion).all()
        assert fit.confusion.sum(axis=2) == pytest.approx(np.ones((3, 2)))
        assert fit.posterior.sum(axis=1) == pytest.approx([1, 1])
        assert fit.evidence[2, 0] == pytest.approx(0, abs=0.05)
    assert fit.fewest_ratings == 2


def test_a_rater_may_rate_an_item_again_and_one_class_is_itself():
    again = dawid_skene([1, 1, 1], ["x", "x", "y"], ["a", "a", "b"])
    assert again.evidence.sum() == pytest.approx(3)
    one = dawid_skene([1, 1, 2], ["x", "y", "x"], [4, 4, 4])
    assert one.prevalence.tolist() == [1]
    assert one.labels.tolist() == [4, 4]


def test_the_majority_marks_its_ties():
    votes = majority_vote(["q", "p", "q", "q", "p"], [3, 1, 2, 3, 2])
    assert votes.items.tolist() == ["p", "q"]
    assert votes.labels.tolist() == [1, 3]
    assert votes.tied.tolist() == [True, False]
    assert votes.counts.tolist() == [2, 3]
    assert votes.shares == pytest.approx(np.array([[0.5, 0.5, 0], [0, 1 / 3, 2 / 3]]))


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: dawid_skene([1, 2], [1, 2], [1]), BadSample, "shapes"),
        (lambda: dawid_skene([], [], []), BadSample, "empty"),
        (lambda: dawid_skene([1, 1], ["x", "y"], [1, None]), BadSample, "rating is missing\n  where: row 1"),
        (lambda: dawid_skene([1, 1], [None, "y"], [1, 1]), BadSample, "rater is missing\n  where: row 0"),
        (lambda: dawid_skene([1, 1], ["x", "y"], [1.5, np.inf]), BadSample, "rating: .*finite\n  where: row 1"),
        (lambda: dawid_skene([1, 1], ["x", ""], [1, 1]), BadSample, "rater: .*empty text"),
        (lambda: dawid_skene([1, 1], ["x", 1], [1, 1]), BadSample, "rater: ratings hold int, str"),
        (lambda: dawid_skene([1, 2], [1, 1], [1, 2]), Undefined, "one rater"),
        (lambda: dawid_skene([1, 1], [1, 2], [1, 2], smoothing=-1), BadSample, "smoothing"),
        (lambda: dawid_skene([1, 1], [1, 2], [1, 2], smoothing=np.nan), BadSample, "smoothing"),
        (lambda: dawid_skene([1, 1], [1, 2], [1, 2], tolerance=0), BadSample, "tolerance"),
        (lambda: dawid_skene([1, 1], [1, 2], [1, 2], max_iterations=0), BadSample, "iterations"),
        (lambda: majority_vote([1, 2], [1]), BadSample, "shapes"),
        (lambda: dawid_skene(np.arange(10**4), np.arange(10**4), np.arange(10**4)), BadSample, "too many"),
    ],
)
def test_bad_input_is_refused_with_its_column(call, error, said):
    with pytest.raises(error, match=said):
        call()
