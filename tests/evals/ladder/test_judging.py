"""Each kind of broken brief that only gradings show, as cards would tell it, beside its mended twin."""

from dataclasses import replace

import pytest

from heldout.core.brief_trial import Flaw, FlawKind, Rung, Use
from heldout.core.estimate import Estimate, counted
from heldout.core.lift import Band, Lift, LiftScale, LiftTarget
from heldout.evals.authoring.power import Chances
from heldout.evals.ladder.judging import chances_of, flaws_of, resolves, separated
from heldout.evals.ladder.references import LADDER

TARGET = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)
LIFTS = {"baseline": 0.0, "leaking": -0.1, "mediocre": 0.001, "sound": 0.09, "strong": 0.1}
BANDS = {"sound": Band.TARGET, "strong": Band.TARGET}


def estimate(value: float, half: float) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half, n=1000, method="made")


def lift(
    value: float, error: float = 0.01, *, clusters: int = 61, metric: str = "roc_auc", candidate: float = 0.7
) -> Lift:
    return Lift(
        metric=metric,
        scale=LiftScale.RELATIVE,
        estimate=estimate(value, 2 * error),
        standard_error=error,
        degrees_of_freedom=clusters - 1.0,
        clusters=clusters,
        design_effect=2.0,
        largest_clusters_share=0.2,
        seeds=3,
        baseline_seeds=3,
        seed_variance=None,
        candidate=counted(candidate, n=1000),
        baseline=counted(0.64, n=1000),
    )


def rung(name: str, **changed: object) -> Rung:
    made = lift(LIFTS[name])
    band = BANDS.get(name, Band.FAIL)
    whole = Rung(
        name=name,
        what=LADDER[name],
        band=band,
        why=(),
        lift=made,
        reported=0.7,
        reproducibility="bitwise",
        axes={},
        chances=chances_of(made, TARGET, "bitwise", "tolerance", band),
        uses=(Use(what="memory", used=100.0, limit=2048.0, phase="train"),),
        findings=(),
        seconds=10.0,
    )
    return replace(whole, **changed)  # type: ignore[arg-type]  # a test names fields


def ladder(**changed: dict[str, object]) -> list[Rung]:
    return [rung(name, **changed.get(name, {})) for name in LADDER]


def flaws(rungs: list[Rung], **given: dict[str, tuple[Estimate, Estimate]]) -> list[Flaw]:
    return flaws_of(
        rungs, TARGET, lowest="tolerance", proper=given.get("proper", {}), feedback=given.get("feedback", {})
    )


def kinds(found: list[Flaw]) -> set[FlawKind]:
    return {flaw.kind for flaw in found if flaw.blocks}


def test_a_ladder_that_lands_as_its_craft_says_has_no_flaw() -> None:
    better = {
        "sound": (estimate(0.05, 0.01), estimate(0.01, 0.002)),
        "strong": (estimate(0.06, 0.01), estimate(0.02, 0.002)),
    }
    alike = {"strong": (estimate(0.08, 0.03), estimate(0.1, 0.02))}

    assert flaws(ladder(), proper=better, feedback=alike) == []


def test_a_target_beyond_the_whole_interval_of_the_best_is_out_of_reach() -> None:
    passes = {name: {"lift": lift(0.03, 0.004), "band": Band.PASS} for name in ("sound", "strong")}

    (found,) = flaws(ladder(**passes))

    assert (found.kind, found.blocks) == (FlawKind.TARGET, True)
    assert "0.05" in found.claim


def test_a_target_inside_of_the_interval_is_told_and_does_not_block() -> None:
    passes = {name: {"lift": lift(0.045, 0.01), "band": Band.PASS} for name in ("sound", "strong")}

    (found,) = flaws(ladder(**passes))

    assert (found.kind, found.blocks) == (FlawKind.TARGET, False)


@pytest.mark.parametrize("limit", ["wall time", "cpu time", "memory"])
def test_a_budget_that_only_the_baseline_meets(limit: str) -> None:
    ended = {"ended": f"train ended with {limit}", "cause": "candidate", "lift": None, "band": Band.FAIL}

    found = flaws(ladder(sound=ended, strong=ended))

    assert kinds(found) == {FlawKind.BUDGET}, "that they do not pass follows from it"
    assert any(limit in flaw.mend for flaw in found)


def test_a_budget_that_ends_the_strong_reference_alone_is_told_and_does_not_block() -> None:
    ended = {"ended": "train ended with cpu time", "cause": "candidate", "lift": None, "band": Band.FAIL}

    found = flaws(ladder(strong=ended))

    assert kinds(found) == set()
    assert [flaw.kind for flaw in found] == [FlawKind.BUDGET]


def test_a_limit_that_is_nearly_used_up_is_told() -> None:
    near = {"uses": (Use(what="CPU time", used=55.0, limit=60.0, phase="train"),)}

    (found,) = flaws(ladder(strong=near))

    assert (found.kind, found.blocks) == (FlawKind.BUDGET, False)
    assert "92%" in found.claim


def test_a_metric_that_cannot_tell_what_a_proper_score_tells() -> None:
    blind = {name: {"lift": lift(0.0, metric="accuracy"), "band": Band.FAIL} for name in LADDER}
    proper = {name: (estimate(0.0, 0.001), estimate(0.01, 0.002)) for name in ("sound", "strong")}

    assert kinds(flaws(ladder(**blind), proper=proper)) == {FlawKind.METRIC}
    assert FlawKind.METRIC not in kinds(flaws(ladder(), proper=proper)), (
        "a rank metric at this n lacks power, not sight"
    )


def test_a_metric_that_no_row_moves_has_no_interval_and_sees_nothing() -> None:
    still = Estimate(value=0.0, low=None, high=None, n=1000, method="made", undefined_because="no row moves it")
    blind = {name: {"lift": lift(0.0, metric="accuracy"), "band": Band.UNDECIDED} for name in LADDER}

    assert kinds(flaws(ladder(**blind), proper={"strong": (still, estimate(0.01, 0.002))})) == {FlawKind.METRIC}
    assert FlawKind.METRIC not in kinds(flaws(ladder(**blind), proper={"strong": (still, estimate(0.0, 0.002))}))


def test_a_metric_that_says_the_opposite_of_a_proper_score() -> None:
    proper = {"strong": (estimate(-0.05, 0.01), estimate(0.01, 0.002))}

    assert FlawKind.METRIC in kinds(flaws(ladder(), proper=proper))


def test_a_minimum_that_the_mediocre_one_passes() -> None:
    found = flaws(ladder(mediocre={"lift": lift(0.06), "band": Band.TARGET}))

    assert kinds(found) == {FlawKind.SEPARATION}
    assert "raise lift.minimum above 0.06" in found[0].mend


def test_too_few_rows_to_lift_sound_work_above_the_rest() -> None:
    undecided = {name: {"lift": lift(0.06, 0.05), "band": Band.UNDECIDED} for name in ("mediocre", "sound", "strong")}

    assert kinds(flaws(ladder(**undecided))) == {FlawKind.SEPARATION}


def test_sound_work_that_is_left_undecided_above_the_rest_is_not_told_from_it() -> None:
    undecided = {name: {"lift": lift(0.06, 0.05), "band": Band.UNDECIDED} for name in ("sound", "strong")}

    (found,) = flaws(ladder(**undecided))

    assert (found.kind, found.blocks) == (FlawKind.SEPARATION, True)


def test_a_strong_reference_below_the_sound_one() -> None:
    assert kinds(flaws(ladder(strong={"band": Band.PASS}))) == {FlawKind.SEPARATION}


def test_a_perfect_score_for_both_has_nothing_left_to_tell() -> None:
    perfect = {name: {"lift": lift(0.55, candidate=0.999)} for name in ("sound", "strong")}

    assert kinds(flaws(ladder(**perfect))) == {FlawKind.DISGUISE}


def test_a_baseline_that_does_not_repeat_itself() -> None:
    assert kinds(flaws(ladder(baseline={"reproducibility": "fails"}))) == {FlawKind.BASELINE}


def test_feedback_rows_that_say_the_opposite_block_and_others_are_told() -> None:
    opposite = {"strong": (estimate(-0.1, 0.02), estimate(0.1, 0.02))}
    apart = {"strong": (estimate(0.2, 0.02), estimate(0.1, 0.02))}

    assert kinds(flaws(ladder(), feedback=opposite)) == {FlawKind.FEEDBACK}
    assert [(flaw.kind, flaw.blocks) for flaw in flaws(ladder(), feedback=apart)] == [(FlawKind.FEEDBACK, False)]


def test_chances_sum_to_one_and_a_class_below_the_lowest_fails_for_sure() -> None:
    chances = chances_of(lift(0.05, 0.01), TARGET, "bitwise", "tolerance", Band.TARGET)

    assert sum(chances.values()) == pytest.approx(1)
    assert chances[Band.TARGET] == pytest.approx(0.5, abs=0.02), "its truth stands at the target"
    assert chances_of(lift(0.5), TARGET, "fails", "tolerance", Band.FAIL)[Band.FAIL] == 1.0
    assert chances_of(lift(0.5, clusters=12), TARGET, "bitwise", "tolerance", Band.UNDECIDED)[Band.UNDECIDED] == 1.0


def test_the_chance_of_separation_is_counted_from_pass_up() -> None:
    sure = {name: dict.fromkeys(Band, 0.0) | {rung(name).band: 1.0} for name in LADDER}
    doubtful = sure["sound"] | {Band.TARGET: 0.25, Band.UNDECIDED: 0.75}
    half = dict.fromkeys(Band, 0.0) | {Band.FAIL: 0.5, Band.UNDECIDED: 0.5}

    def made(**changed: dict[Band, float]) -> float | None:
        return separated([rung(name, chances=(sure | changed)[name]) for name in LADDER])

    assert made() == 1.0
    passing = dict.fromkeys(Band, 0.0) | {Band.PASS: 0.5, Band.FAIL: 0.5}
    assert made(sound=doubtful) == pytest.approx(0.25), "undecided is no pass"
    assert made(mediocre=half) == 1.0, "and is below one"
    assert made(sound=sure["sound"] | {Band.TARGET: 0.5, Band.PASS: 0.5}, mediocre=passing) == pytest.approx(0.75)
    assert made(strong=doubtful) == pytest.approx(0.25), "strong below sound does not count"
    assert separated([]) is None


def test_the_smallest_lift_that_passes_falls_with_the_error_and_power_at_it_is_enough() -> None:
    def measured(error: float) -> list[Chances]:
        return [
            Chances(true_lift=true, name="", bands={}, standard_error=error, rows=1000, clusters=61, made="")
            for true in (0.0, 0.02, 0.05)
        ]

    fine, power = resolves(measured(0.005), lift(0.09, 0.005), TARGET)
    coarse, weak = resolves(measured(0.02), lift(0.09, 0.02), TARGET)

    assert fine is not None
    assert coarse is not None
    assert 0.02 < fine < 0.04 < coarse
    assert fine == pytest.approx(0.02 + 0.005 * (1.67 + 0.85), abs=0.002), "the t test's quantiles at power 0.8"
    assert power > 0.8 > weak
    assert resolves(measured(0.01), lift(0.09, 0.01, clusters=12), TARGET) == (None, 0.0)


def test_a_leak_that_passes_blocks_and_mediocre_work_that_passes_below_sound_is_told() -> None:
    passing = {"lift": lift(0.04), "band": Band.PASS}

    assert kinds(flaws(ladder(leaking=passing))) == {FlawKind.SEPARATION}
    (told,) = flaws(ladder(mediocre=passing))
    assert (told.kind, told.blocks) == (FlawKind.SEPARATION, False)
