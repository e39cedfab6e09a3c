"""Broken briefs are told before anything is graded, and their mended twin is left alone."""

from pathlib import Path

import pytest
from tests.evals import broken

from heldout.app.trial_before import Foreseen, foresee
from heldout.core.progress import as_progress
from heldout.evals.brief import open_brief
from heldout.sandbox import probe


def foreseen(folder: Path, state: Path) -> Foreseen:
    if probe().level == 0:
        pytest.skip(probe().explanation)
    return foresee(open_brief(folder), state, isolation=probe(), seed=1, say=as_progress(None))


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trial") / "state"


def test_the_twin_of_all_of_them_has_no_flaw_and_power_at_its_target(tmp_path: Path, state: Path) -> None:
    said = foreseen(ready(tmp_path), state)

    assert said.flaws == ()
    assert said.outlook is not None
    assert said.outlook.chances[-1].power > 0.8


@pytest.mark.parametrize("what", broken.BEFORE)
def test_a_broken_brief_is_named_with_a_mend(tmp_path: Path, state: Path, what: str) -> None:
    change, _, kind = broken.BEFORE[what]
    folder = ready(tmp_path)
    change(folder)

    said = foreseen(folder, state)

    assert {flaw.kind.value for flaw in said.flaws if flaw.blocks} == {kind}, said.flaws
    assert all(flaw.mend and flaw.claim.endswith(".") for flaw in said.flaws)


@pytest.mark.parametrize("what", broken.BEFORE)
def test_its_mended_twin_has_no_flaw(tmp_path: Path, state: Path, what: str) -> None:
    _, twin, _ = broken.BEFORE[what]
    folder = ready(tmp_path)
    twin(folder)

    assert foreseen(folder, state).flaws == ()


def ready(place: Path) -> Path:
    folder = broken.sound(place / "eval")
    broken.in_brief(folder, "target = 0.05", "target = 0.15")
    return folder
