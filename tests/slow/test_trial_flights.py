"""The trial of the flights brief: sound and strong land above baseline, leaking and mediocre. Real flights, sandbox."""

from pathlib import Path

import pytest

from heldout.app.demo import SEED
from heldout.app.eval_trial import try_brief
from heldout.core.brief_trial import BriefTrial, Readiness
from heldout.core.lift import Band
from heldout.demo import write_eval
from heldout.sandbox import probe

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("flights"), pytest.mark.timeout(3000)]
ORDER = list(Band)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> BriefTrial:
    if probe().level == 0:
        pytest.skip(probe().explanation)
    place: Path = tmp_path_factory.mktemp("flights")
    write_eval(place / "eval")
    return try_brief(place / "eval", out=place / "trial", seed=SEED).trial


def test_sound_and_strong_land_above_the_others_and_strong_not_below_sound(trial: BriefTrial) -> None:
    rank = {rung.name: ORDER.index(rung.band) for rung in trial.rungs}

    assert min(rank["sound"], rank["strong"]) > max(rank["baseline"], rank["leaking"], rank["mediocre"])
    assert rank["strong"] >= rank["sound"]
    assert trial.readiness is Readiness.READY, trial.flaws


def test_the_chance_of_each_band_is_told_for_each(trial: BriefTrial) -> None:
    for rung in trial.rungs:
        assert sum(rung.chances.values()) == pytest.approx(1), rung.name
    assert trial.separated is not None
    assert trial.separated > 0.5


def test_no_check_finds_a_problem_on_the_references_that_were_made_well(trial: BriefTrial) -> None:
    found = {rung.name: [finding.answer.claim for finding in rung.findings] for rung in trial.rungs}

    assert found["sound"] == []
    assert found["strong"] == []
