import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from tests.evals import tiny
from tests.evals.conftest import Grader

from heldout.app.grade import STATE, Graded, grade_submission
from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.core.estimate import Estimate
from heldout.core.finding import Certainty, Ending
from heldout.core.lift import Band
from heldout.evals.grading.runs import seeds_of
from heldout.report.json import schema

LEAKY = {"column": "after", "features": ("x", "after"), "split": "random", "value": 0.99}


def careful(grade: Grader) -> Graded:
    return grade(tiny.tree(), "careful")


def leaky(grade: Grader) -> Graded:
    return grade(tiny.tree(**LEAKY), "leaky")


def finding(card: Card, code: str) -> tuple[Ending, Certainty | None]:
    found = next(finding for finding in card.findings if finding.code == code)
    return found.ending, found.certainty


def held(estimate: Estimate) -> tuple[float, float, float]:
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low, estimate.value, estimate.high


def test_a_good_submission_reaches_the_target(grade: Grader) -> None:
    card = careful(grade).card
    assert card.decision.band is Band.TARGET
    assert card.reproducibility == "bitwise"
    assert card.lift is not None
    assert card.lift.seeds == card.lift.baseline_seeds == 2
    assert card.lift.clusters > 100
    low, _, _ = held(card.lift.estimate)
    assert low > 0.05
    assert card.supported == card.lift.candidate
    assert card.prices == ()
    assert finding(card, "LEK003") == (Ending.CLEAR, None)


def test_the_card_is_written_as_html_json_and_markdown(grade: Grader) -> None:
    files = careful(grade).files
    plain = json.loads(files["json"].read_text(encoding="utf-8"))
    jsonschema.validate(plain, schema("card"))
    assert plain["decision"]["band"] == "target"
    assert plain["hashes"]["commit"]
    assert "<script" not in files["html"].read_text(encoding="utf-8")
    assert "careful" in files["markdown"].read_text(encoding="utf-8")


def test_every_run_is_on_the_card(grade: Grader) -> None:
    phases = [run.phase for run in careful(grade).card.runs]
    assert phases.count("careful: train") == phases.count("careful: predict") == 2
    assert phases.count("baseline: train") == phases.count("baseline: predict") == 2
    assert "careful: train (again, 1)" in phases
    assert "careful: predict (rows in another order)" in phases
    assert {run.cause for run in careful(grade).card.runs} == {None}


def test_a_column_that_is_not_available_is_proven_and_priced_with_the_split(grade: Grader) -> None:
    card = leaky(grade).card
    assert finding(card, "LEK003") == (Ending.PROBLEM, Certainty.PROVEN)
    assert finding(card, "SPL001") == (Ending.PROBLEM, Certainty.PROVEN)
    prices = {price.what: price for price in card.prices}
    assert set(prices) == {"column after", "random split"}
    for estimate in (prices["column after"].first_in, prices["column after"].last_in):
        low, value, _ = held(estimate)
        assert low > 0.05
        assert 0.1 < value < 0.25
    low, _, high = held(prices["random split"].first_in)
    assert low < 0.02
    assert high > -0.02
    assert "it gives 0.99" in card.reported_evaluation


def test_without_the_column_and_the_random_split_there_is_nothing_to_price(grade: Grader) -> None:
    card = careful(grade).card
    assert card.prices == ()
    assert "Repeated" not in card.reported_evaluation
    assert finding(card, "SPL001")[0] is Ending.NO_EVIDENCE


def test_runs_that_differ_for_one_seed_cost_the_class_whatever_the_lift(grade: Grader) -> None:
    card = grade(tiny.tree(seed="os.urandom(8)"), "shaky").card
    assert card.decision.band is Band.FAIL
    assert "reproducibility class" in card.decision.reasons[0]
    assert card.reproducibility in ("statistical", "fails")
    assert sum("(again," in run.phase and "train" in run.phase for run in card.runs) == 4
    assert finding(card, "REP001")[0] is Ending.PROBLEM
    best = careful(grade).card.lift
    assert card.lift is not None
    assert best is not None
    assert held(card.lift.estimate)[1] == pytest.approx(held(best.estimate)[1], abs=0.01)


def test_predictions_that_ignore_the_seed_leave_its_variance_unmeasured(grade: Grader) -> None:
    card = grade(tiny.tree(seed="7"), "seedless").card
    assert card.lift is not None
    assert card.lift.seed_variance is None
    assert any("ignore the seed" in reason for reason in card.decision.reasons)
    assert not any("ignore the seed" in reason for reason in careful(grade).card.decision.reasons)


def test_a_submission_that_looks_at_a_rows_place_is_told(grade: Grader) -> None:
    files = tiny.tree()
    files["predict.py"] = files["predict.py"].replace("rate +", "rate + 1e-4 * (table['id'].index(key) % 7) +")
    card = grade(files, "placed").card
    assert any("in another order" in reason for reason in card.decision.reasons)
    assert not any("in another order" in reason for reason in careful(grade).card.decision.reasons)


@pytest.mark.parametrize(
    ("name", "changes", "ending"),
    [
        ("crashing", {"before_train": "raise SystemExit(3)\n"}, "exit code 3"),
        ("early", {"before_predict": "raise SystemExit(0)\n"}, "no predictions were written"),
        ("hungry", {"before_train": "x = bytearray(4 << 30)\n"}, ""),
    ],
)
def test_a_run_that_fails_by_itself_fails_with_a_card(
    grade: Grader, name: str, changes: dict[str, str], ending: str
) -> None:
    card = grade(tiny.tree(**changes), name).card
    assert card.decision.band is Band.FAIL
    assert card.lift is None
    assert card.supported is None
    assert card.reproducibility == "not measured"
    assert ending in card.runs[-1].ending
    assert card.runs[-1].cause == "candidate"


def test_a_run_that_fails_for_an_unknown_cause_withholds_the_score(grade: Grader) -> None:
    card = grade(tiny.tree(before_train="import os\nos.kill(os.getpid(), 9)\n"), "vanishing").card
    assert card.decision.band is Band.UNDECIDED
    assert "withheld" in card.decision.reasons[0]
    assert "no fault" not in card.decision.reasons[0]
    assert (card.runs[-1].phase, card.runs[-1].cause) == ("vanishing: train", "unknown")


def test_a_run_that_ends_itself_while_prices_are_measured_does_not_unsettle_the_band(grade: Grader) -> None:
    ending = "import os, plain_parquet\nif len(plain_parquet.read('/data/train.parquet')['id']) < 2700:\n"
    card = grade(tiny.tree(**LEAKY, before_train=f"{ending}    os.kill(os.getpid(), 9)\n"), "shy").card
    priced = leaky(grade).card
    assert priced.prices
    assert not card.prices
    assert (card.decision.band, card.lift) == (priced.decision.band, priced.lift)
    assert "prices are withheld" in card.decision.reasons[-1]


def test_what_a_submission_says_stands_in_quotation_marks(grade: Grader) -> None:
    spoof = "once”. The grader repeated it: 0.99 [0.98, 1.00]"
    files = tiny.tree(
        before_train=f"import os, sys\nprint({spoof!r}, file=sys.stderr, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    files["submission.toml"] = files["submission.toml"].replace("on a quarter of the training rows", spoof)
    card = grade(files, "speaking").card
    for text in (card.reported_evaluation, card.decision.reasons[0]):
        assert text.endswith(f"“{spoof.replace('”', chr(39))}”.")


def test_a_baseline_that_fails_withholds_the_score(tmp_path: Path, grade: Grader) -> None:
    brief = tiny.write_eval(tmp_path / "eval", rows=300, days=30)
    (brief.parent / "baseline" / "train.py").write_text("raise SystemExit(1)\n")
    repository = tiny.write_repository(tmp_path / "careful", tiny.tree())
    card = grade_submission(brief, repository, out=tmp_path / "out", seed=1).card
    assert card.decision.band is Band.UNDECIDED
    assert "withheld" in card.decision.reasons[0]
    assert "the baseline failed" in card.decision.reasons[0]


def test_a_submission_named_like_the_graders_own_folder_is_refused(tmp_path: Path, eval_folder: Path) -> None:
    repository = tiny.write_repository(tmp_path / STATE, tiny.tree())
    with pytest.raises(BadInput, match=STATE):
        grade_submission(eval_folder, repository, out=tmp_path / "out", seed=1)
    assert not (tmp_path / "out").exists()


def test_a_private_umask_is_no_obstacle(tmp_path: Path, grade: Grader) -> None:
    brief = tiny.write_eval(tmp_path / "eval", rows=300, days=30)
    repository = tiny.write_repository(tmp_path / "careful", tiny.tree())
    before = os.umask(0o077)
    try:
        card = grade_submission(brief, repository, out=tmp_path / "out", seed=1).card
    finally:
        os.umask(before)
    assert card.lift is not None
    assert (tmp_path / "out" / STATE).stat().st_mode & 0o777 == 0o700


def test_the_graders_seed_fixes_the_seeds_of_the_runs(grade: Grader) -> None:
    assert seeds_of(1, 3) == seeds_of(1, 3)
    assert len({*seeds_of(1, 3), *seeds_of(2, 3)}) == 6
    assert {run.seed for run in careful(grade).card.runs} == set(seeds_of(1, 2))


def test_the_supervisor_and_the_reader_never_import_the_answers() -> None:
    for module in ("heldout.app.grade", "heldout.evals.grading.reader", "heldout.evals.grading.folds"):
        code = f"import sys, {module}; print('heldout.evals.answers' in sys.modules)"
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert said.stdout.strip() == "False", module
    code = "import sys, heldout.evals.grading.scorer; print('heldout.evals.answers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"
