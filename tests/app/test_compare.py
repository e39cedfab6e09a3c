"""`heldout.compare` in Python: frames, directions, runs, metrics, several systems, slices and gates."""

from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import heldout
from heldout.app.compare_gate import gate_of
from heldout.app.compare_pairs import adjusted
from heldout.core.comparison import Comparison, Outcome, Require, ScoreKind
from heldout.core.errors import BadInput
from heldout.core.lift import LiftScale
from heldout.stats import paired_lift

RNG = np.random.default_rng(3)
N = 600
EASY = RNG.normal(size=N)
IDS = np.arange(N)
DAY = IDS // 10


def outcomes(shift: float, seed: int, n: int = N) -> np.ndarray:
    return (EASY[:n] + shift + np.random.default_rng(seed).normal(size=n) > 0).astype(int)


def frame(shift: float, seed: int, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"id": IDS, "correct": outcomes(shift, seed), "day": DAY} | columns)


BASE, BETTER, SAME = frame(0, 1), frame(0.5, 2), frame(0, 3)


def pair(found: Comparison):
    assert len(found.pairs) == 1
    return found.pairs[0]


def test_the_better_one_is_ahead_and_turned_round_it_is_behind() -> None:
    forward, back = heldout.compare(BASE, BETTER), heldout.compare(BETTER, BASE)
    assert (pair(forward).outcome, pair(back).outcome) == (Outcome.AHEAD, Outcome.BEHIND)
    assert pair(forward).difference.value == -pair(back).difference.value
    assert pair(forward).p_value == pytest.approx(pair(back).p_value)
    assert forward.kind is ScoreKind.BINARY
    assert forward.exit_code() == back.exit_code() == 0, "without a gate a comparison fails nothing"


def test_systems_alike_are_tied_and_the_detectable_difference_is_told() -> None:
    found = pair(heldout.compare(BASE, SAME))
    assert found.outcome is Outcome.TIED
    assert 0.03 < found.detectable < 0.15


def test_a_lower_loss_is_a_difference_above_0() -> None:
    one, two = (pd.DataFrame({"id": IDS, "log_loss": EASY**2 + step}) for step in (0.1, 0.0))
    found = heldout.compare(one, two.assign(log_loss=two["log_loss"] + RNG.normal(0, 0.01, N)))
    assert not found.higher_is_better
    assert pair(found).outcome is Outcome.AHEAD
    assert pair(found).difference.value == pytest.approx(0.1, abs=0.01)


def test_the_direction_of_an_unknown_score_has_to_be_said() -> None:
    one, two = (pd.DataFrame({"id": IDS, "score": EASY + step}) for step in (0, RNG.normal(0.2, 0.1, N)))
    with pytest.raises(BadInput, match="not known whether a higher score is better"):
        heldout.compare(one, two)
    assert pair(heldout.compare(one, two, higher_is_better=True)).outcome is Outcome.AHEAD
    assert pair(heldout.compare(one, two, higher_is_better=False)).outcome is Outcome.BEHIND


def test_clusters_widen_the_interval_of_items_that_move_together() -> None:
    moves = np.repeat(RNG.normal(0, 0.3, N // 10), 10)
    one = pd.DataFrame({"id": IDS, "accuracy": EASY, "day": DAY})
    two = one.assign(accuracy=EASY + moves + RNG.normal(0, 0.05, N))
    apart, clustered = pair(heldout.compare(one, two)), pair(heldout.compare(one, two, cluster="day"))
    assert clustered.design_effect > 8
    assert clustered.unit == "clusters of day"
    assert (clustered.difference.high - clustered.difference.low) > 2.5 * (apart.difference.high - apart.difference.low)


@pytest.mark.parametrize("make", [pl.from_pandas, lambda frame: pa.Table.from_pandas(frame, preserve_index=False)])
def test_every_kind_of_frame_gives_the_same_comparison(make) -> None:
    assert heldout.compare(make(BASE), make(BETTER)).pairs == heldout.compare(BASE, BETTER).pairs


def test_a_metric_of_predictions_is_the_paired_lift_on_the_absolute_scale() -> None:
    late = (EASY + RNG.normal(size=N) > 1).astype(int)
    weak, strong = EASY + RNG.normal(0, 2, N), EASY + RNG.normal(0, 0.5, N)
    one, two = (
        pd.DataFrame({"id": IDS, "probability": 1 / (1 + np.exp(-x)), "late": late, "day": IDS // 4})
        for x in (weak, strong)
    )
    found = heldout.compare(one, two.sample(frac=1, random_state=0), metric="roc_auc", label="late", cluster="day")
    lift = paired_lift(late, strong, weak, metric="roc_auc", scale=LiftScale.ABSOLUTE, cluster=IDS // 4)
    assert found.score == "roc_auc"
    assert found.kind is ScoreKind.METRIC
    assert pair(found).difference.value == pytest.approx(lift.estimate.value)
    assert (pair(found).difference.low, pair(found).difference.high) == pytest.approx(
        (lift.estimate.low, lift.estimate.high)
    )
    assert found.systems[1].score.value == pytest.approx(lift.candidate.value)


def test_a_metric_on_too_few_of_a_class_has_no_interval_and_a_slice_of_one_class_says_why() -> None:
    late = np.r_[np.ones(8), np.zeros(292), np.ones(40), np.zeros(260)]
    group = np.r_[np.full(300, "few"), np.full(40, "all late"), np.full(260, "none late")]
    one, two = (pd.DataFrame({"id": IDS, "score": RNG.uniform(size=N), "late": late, "group": group}) for _ in range(2))
    slices = pair(heldout.compare(one, two, metric="roc_auc", label="late", slices="group")).slices
    why = {one.value: one.difference.undefined_because for one in slices}
    assert "smaller class has 8 rows" in why["few"]
    assert "class" in why["all late"]
    assert all(one.outcome is Outcome.UNDECIDED for one in slices)


def test_epochs_are_averaged_and_add_nothing_while_seeds_add_their_variance() -> None:
    rows = []
    for run, shift in enumerate((-0.3, 0.0, 0.3)):
        rows.append(frame(shift, run).assign(run_of=run))
    runs = pd.concat(rows)
    epochs = heldout.compare(BASE, runs.rename(columns={"run_of": "epoch"}))
    seeds = heldout.compare(BASE, runs.rename(columns={"run_of": "seed"}))
    assert epochs.systems[1].runs == seeds.systems[1].runs == 3
    assert epochs.systems[1].run_variance is None
    assert seeds.systems[1].run_variance > 0
    assert seeds.pairs[0].standard_error > epochs.pairs[0].standard_error
    assert "averaged" in seeds.facts["repeated by"]


def test_a_seeds_metric_is_the_mean_of_the_runs_and_not_the_metric_of_their_mean() -> None:
    late = (EASY > 0.5).astype(int)
    runs = [EASY + np.random.default_rng(seed).normal(0, 1, N) for seed in range(3)]
    two = pd.concat([pd.DataFrame({"id": IDS, "score": run, "late": late, "seed": s}) for s, run in enumerate(runs)])
    one = pd.DataFrame({"id": IDS, "score": RNG.normal(size=N), "late": late})
    found = heldout.compare(one, two, metric="roc_auc", label="late")
    lift = paired_lift(late, np.array(runs), one["score"], metric="roc_auc", scale=LiftScale.ABSOLUTE)
    assert found.systems[1].score.value == pytest.approx(lift.candidate.value)
    assert found.pairs[0].standard_error == pytest.approx(lift.standard_error)


def seeds(shifts: tuple[float, ...], **columns: object) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    runs = [frame(0, 1, accuracy=EASY + shift + rng.normal(size=N), **columns) for shift in shifts]
    return pd.concat([run.drop(columns="correct").assign(seed=seed) for seed, run in enumerate(runs)])


def test_an_incomplete_run_is_refused_as_its_variance_would_vanish() -> None:
    whole = seeds((-0.3, 0.0, 0.3))
    with pytest.raises(BadInput, match="the runs of A do not cover the same items: 1 item has fewer than 3 rows"):
        heldout.compare(whole[:-1], whole)
    draws = (one.rename(columns={"seed": "epoch"}) for one in (whole[:-1], whole))
    assert heldout.compare(*draws).systems[0].runs == 3
    others = whole[whole["id"] != N - 1]
    assert heldout.compare(whole[:-1], others).systems[0].run_variance > 0, "the incomplete item is in one file alone"


def test_slices_know_the_variance_of_runs_as_the_whole_does() -> None:
    one, two = (seeds(shifts, half=IDS % 2) for shifts in ((-0.5, 0.5), (0.6, 1.0)))
    found = pair(heldout.compare(one, two, slices="half"))
    assert found.outcome is Outcome.TIED
    assert len(found.slices) == 2
    assert all(part.difference.low < 0 < part.difference.high for part in found.slices)
    late = (EASY > 0).astype(int)
    one, two = (table.assign(late=np.tile(late, 2)) for table in (one, two))
    by_metric = heldout.compare(one, two, slices="half", metric="mean_absolute_error", label="late", score="accuracy")
    whole = by_metric.pairs[0].difference
    for part in by_metric.pairs[0].slices:
        assert part.difference.high - part.difference.low > 0.8 * (whole.high - whole.low)


def test_one_run_against_several_is_said() -> None:
    one, two = seeds((0.0,)), seeds((-0.3, 0.3))
    notes = pair(heldout.compare(one, two, names=("once", "twice"))).notes
    assert any(note.startswith("once has one run, so how its score varies") for note in notes)
    assert not any("has one run" in note for note in pair(heldout.compare(two, two + 0)).notes)


def test_a_gate_in_clusters_takes_the_test_as_well_as_the_interval() -> None:
    one = pd.DataFrame({"id": IDS, "correct": 1, "day": DAY})
    two = one.assign(correct=np.where(np.isin(IDS, [0, 10]), 0, 1))
    found = heldout.compare(two, one, cluster="day", require="better")
    assert pair(found).outcome is Outcome.UNDECIDED
    assert "only 2 of 60 clusters differ" in found.gate.reasons[0]
    assert found.exit_code() == 3
    found = heldout.compare(BASE, BETTER, cluster="day", require="better")
    assert found.exit_code() == 0
    unlikely = replace(pair(found), one_sided_p_value=0.2)
    gate = gate_of(Require.BETTER, 0.0, [unlikely], found.systems, allow_missing=True)
    assert gate.holds is False
    assert "but the one-sided test gives p = 0.2, and 0.025 is asked for" in gate.reasons[0]
    worse = replace(pair(found), one_sided_p_value=None, p_value=0.2, adjusted_p_value=None)
    assert adjusted([worse], 0.95)[0].outcome is Outcome.TIED


def test_equal_numbers_pass_no_gate() -> None:
    one = pd.DataFrame({"id": [1, 2], "f1": [0.5, 0.5]})
    found = heldout.compare(one, one.copy(), require="not-worse", margin=0.001)
    assert found.exit_code() == 3
    assert pair(found).equivalence.holds is None


def test_slices_of_several_pairs_are_corrected_together() -> None:
    group = IDS % 6
    found = heldout.compare(*(frame(0, seed, group=group) for seed in range(40, 45)), slices="group")
    slices = [one for each in found.pairs for one in each.slices]
    assert len(slices) == 60
    raw = np.array([one.p_value for one in slices])
    order = np.argsort(raw)
    expected = np.minimum.accumulate((raw[order] * 60 / np.arange(1, 61))[::-1])[::-1].clip(max=1)
    assert np.array([one.adjusted_p_value for one in slices])[order] == pytest.approx(expected)


def test_the_title_names_the_reference_that_was_asked_for() -> None:
    found = heldout.compare(BASE, SAME, BETTER, names=("base", "same", "better"), against="better")
    assert found.title == "base, same against better"
    assert len(heldout.compare(BASE, SAME, names=("x" * 10**6, "y")).title) < 100


def test_all_pairs_of_several_systems_are_compared_with_holms_correction() -> None:
    found = heldout.compare(BASE, SAME, BETTER, names=("base", "same", "better"))
    assert [(one.reference, one.candidate) for one in found.pairs] == [
        ("base", "same"),
        ("base", "better"),
        ("same", "better"),
    ]
    assert all(one.adjusted_p_value >= one.p_value for one in found.pairs)
    against = heldout.compare(BASE, SAME, BETTER, names=("base", "same", "better"), against="better")
    assert [one.candidate for one in against.pairs] == ["base", "same"]
    assert all(one.outcome is Outcome.BEHIND for one in against.pairs)


def test_a_pair_whose_adjusted_p_is_above_alpha_is_tied() -> None:
    systems = [frame(0.0, seed) for seed in range(10, 18)]
    found = heldout.compare(*systems)
    assert len(found.pairs) == 28
    assert all(one.outcome is Outcome.TIED for one in found.pairs if one.adjusted_p_value > 0.05)


def test_one_file_may_hold_several_systems_by_rows_or_by_columns() -> None:
    long = pd.concat([BASE.assign(model="old"), BETTER.assign(model="new")])
    wide = pd.DataFrame({"id": IDS, "old": BASE["correct"], "new": BETTER["correct"]})
    expected = pair(heldout.compare(BASE, BETTER, names=("old", "new")))
    assert pair(heldout.compare(long, system="model")) == expected
    assert pair(heldout.compare(wide, scores=("old", "new"), higher_is_better=True)) == expected
    with pytest.raises(BadInput, match="columns do not say what they are"):
        heldout.compare(wide, scores=("old", "new"))


def test_slices_find_where_the_difference_is_and_leave_small_ones_out() -> None:
    topic = np.where(IDS < 300, "a", np.where(IDS < 590, "b", "rare"))
    only_a = BASE["correct"].where(topic != "a", outcomes(1.5, 9))
    found = heldout.compare(BASE, BASE.assign(correct=only_a, topic=topic), slices="topic")
    by_value = {one.value: one for one in pair(found).slices}
    assert by_value["a"].outcome is Outcome.AHEAD
    assert by_value["b"].outcome is Outcome.TIED
    assert found.slices_left_out == 1
    assert sum(one.items for one in by_value.values()) == 590


def test_slices_of_noise_are_called_different_in_few_worlds() -> None:
    called = 0
    for seed in range(40):
        group = np.random.default_rng(seed).integers(0, 12, N)
        one, two = frame(0, 100 + seed, group=group), frame(0, 200 + seed)
        slices = pair(heldout.compare(one, two, slices="group")).slices
        called += any(one.outcome is not Outcome.TIED for one in slices)
    assert called <= 6


def test_a_column_of_too_many_values_is_no_slice() -> None:
    with pytest.raises(BadInput, match=r"'id' has 600 different values\n  where: the pandas frame[^$]*at most 200"):
        heldout.compare(BASE, BETTER, slices="id")


def test_flips_count_the_items_and_show_the_largest_differences_first() -> None:
    one = pd.DataFrame({"id": list("abcdef"), "accuracy": [0.0, 0, 0, 1, 1, 1]})
    two = pd.DataFrame({"id": list("abcdef"), "accuracy": [0.2, 0.9, 0, 1, 0.5, 0.4]})
    flips = pair(heldout.compare(one, two)).flips
    assert (flips.candidate_better, flips.reference_better, flips.equal) == (2, 2, 2)
    assert [flip.item for flip in flips.for_candidate] == ["b", "a"]
    assert [(flip.item, flip.reference, flip.candidate) for flip in flips.for_reference] == [
        ("f", 1, 0.4),
        ("e", 1, 0.5),
    ]


def test_flips_of_a_metric_show_the_label_that_makes_one_better() -> None:
    late = (EASY > 0).astype(int)
    one, two = (pd.DataFrame({"id": IDS, "score": RNG.uniform(size=N), "late": late}) for _ in range(2))
    flips = pair(heldout.compare(one, two, metric="roc_auc", label="late")).flips
    assert all((flip.candidate > flip.reference) is (flip.label == 1) for flip in flips.for_candidate)
    assert pair(heldout.compare(BASE, BETTER)).flips.for_candidate[0].label is None


def test_what_several_pairs_resolve_is_corrected_for_them() -> None:
    alone, among = heldout.compare(BASE, SAME), heldout.compare(BASE, SAME, BETTER)
    assert among.pairs[0].detectable > 1.1 * pair(alone).detectable


def test_five_clusters_are_noted_where_they_carry_more_than_their_share() -> None:
    rng = np.random.default_rng(2)
    few, many = np.arange(120) // 10, np.arange(600) // 10
    for day, scale, noted in ((few, 1.0, False), (many, 1.0, False), (many, np.where(many < 3, 60.0, 1.0), True)):
        easy = rng.normal(size=day.size)
        one = pd.DataFrame({"id": np.arange(day.size), "f1": easy, "day": day})
        moved = rng.normal(size=60)[day] * scale
        notes = pair(heldout.compare(one, one.assign(f1=easy + moved), cluster="day")).notes
        assert any(note.startswith("five clusters") for note in notes) is noted


def test_files_that_are_the_same_byte_for_byte_are_told(tmp_path) -> None:
    for name in ("a", "b"):
        BASE.to_csv(tmp_path / f"{name}.csv", index=False)
    BETTER.to_csv(tmp_path / "c.csv", index=False)
    assert "are the same, byte for byte" in heldout.compare(tmp_path / "a.csv", tmp_path / "b.csv").facts["note"]
    assert "note" not in heldout.compare(tmp_path / "a.csv", tmp_path / "c.csv").facts


GATES: dict[str, tuple[pd.DataFrame, pd.DataFrame, dict, int]] = {
    "better holds": (BASE, BETTER, {"require": "better"}, 0),
    "better is not shown": (BASE, SAME, {"require": "better"}, 1),
    "better is refuted": (BETTER, BASE, {"require": "better"}, 1),
    "better by a margin that is too large": (BASE, BETTER, {"require": "better", "margin": 0.5}, 1),
    "not worse holds": (BASE, BETTER, {"require": "not-worse", "margin": 0.01}, 0),
    "not worse within a wide margin": (BASE, SAME, {"require": "not-worse", "margin": 0.2}, 0),
    "not worse within a narrow margin": (BASE, SAME, {"require": "not-worse", "margin": 0.001}, 1),
    "an item is missing": (BASE, BETTER[1:], {"require": "better"}, 1),
    "a missing item is allowed": (BASE, BETTER[1:], {"require": "better", "allow_missing": True}, 0),
    "no interval": (
        BASE.assign(all=1),
        BETTER.assign(all=1),
        {"require": "better", "cluster": "all"},
        3,
    ),
}


@pytest.mark.parametrize("case", GATES)
def test_a_gate_leaves_with_its_code_and_says_why(case: str) -> None:
    one, two, asked, code = GATES[case]
    found = heldout.compare(one, two, **asked)
    assert found.exit_code() == code
    assert found.gate.reasons
    assert found.gate.holds is {0: True, 1: False, 3: None}[code]


def test_a_gate_over_several_systems_asks_every_candidate() -> None:
    found = heldout.compare(BASE, BETTER, SAME, names=("base", "better", "same"), require="better")
    assert found.exit_code() == 1
    assert [one.candidate for one in found.pairs] == ["better", "same"]


def test_the_gate_better_passes_a_system_that_is_no_better_in_few_worlds() -> None:
    passed = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        easy = rng.normal(size=150)
        one, two = (
            pa.table({"id": np.arange(150), "correct": (easy + rng.normal(size=150) > 0).astype(int)}) for _ in range(2)
        )
        passed += heldout.compare(one, two, require="better").exit_code() == 0
    assert passed <= 12, "one-sided error of .025: 5 of 200 expected"


def test_equal_results_are_tied_and_not_worse() -> None:
    found = heldout.compare(BASE, BASE.copy(), require="not-worse", margin=0.02)
    assert pair(found).outcome is Outcome.TIED
    assert found.exit_code() == 0


def test_equivalence_within_a_margin_is_told() -> None:
    big = np.arange(20_000)
    one, two = (pa.table({"id": big, "correct": RNG.integers(0, 2, 20_000)}) for _ in range(2))
    assert pair(heldout.compare(one, two, margin=0.03)).equivalence.holds
    assert not pair(heldout.compare(BASE, SAME, margin=0.01)).equivalence.holds


def test_the_same_input_gives_the_same_result_whatever_the_order_of_the_second() -> None:
    shuffled = BETTER.sample(frac=1, random_state=4)
    assert heldout.compare(BASE, BETTER, cluster="day").pairs == heldout.compare(BASE, shuffled, cluster="day").pairs


def test_names_come_from_what_tells_the_sources_apart(tmp_path) -> None:
    for folder in ("before", "after"):
        (tmp_path / folder).mkdir()
        BASE.to_csv(tmp_path / folder / "results.csv", index=False)
        BASE.to_csv(tmp_path / f"{folder}.csv.gz", index=False)
    by_folder = heldout.compare(tmp_path / "before/results.csv", tmp_path / "after/results.csv")
    by_file = heldout.compare(tmp_path / "before.csv.gz", str(tmp_path / "after.csv.gz"))
    assert [one.name for one in by_folder.systems] == [one.name for one in by_file.systems] == ["before", "after"]
    assert [one.name for one in heldout.compare(BASE, SAME).systems] == ["A", "B"]


def test_the_repeat_column_may_be_on_one_side_and_not_on_none() -> None:
    runs = pd.concat([BETTER.assign(draw=0), BETTER.assign(draw=1)])
    assert heldout.compare(BASE, runs, repeat="draw").systems[1].runs == 2
    with pytest.raises(BadInput, match="no column 'draw' to tell runs apart"):
        heldout.compare(BASE, BETTER, repeat="draw")
