from dataclasses import replace

import numpy as np

from heldout.checks.metric.slices_differ import slices_differ
from heldout.core.evidence import Slices
from heldout.core.finding import Certainty, Ending
from heldout.engine import run
from heldout.faults.metric import PLANTERS

FAILING = PLANTERS["MET006"][0].build(0, 1.0)
REVERSAL = PLANTERS["MET006"][1].build(0, 1.0)


def asked(**evidence):
    return run([slices_differ], evidence)


def test_the_failing_slice_is_named_with_its_score():
    (finding,) = asked(**FAILING)
    assert finding.certainty is Certainty.SUSPECT
    assert "site is west" in finding.answer.claim
    assert finding.answer.measures[0].name == "roc_auc where site is west"


def test_rows_without_a_slice_and_slices_of_few_rows_count_nowhere():
    codes = FAILING["slices"].codes["site"].copy()
    codes[codes == 3] = np.where(np.arange((codes == 3).sum()) < 30, 3, -1)
    slices = replace(FAILING["slices"], codes={"site": codes})
    (finding,) = asked(predictions=FAILING["predictions"], slices=slices)
    assert finding.certainty is None
    assert "west" not in {witness.note for witness in finding.answer.witnesses}


def test_a_reversal_is_found_from_either_side_and_not_without_the_rival():
    first, _ = asked(**REVERSAL)
    assert first.certainty is Certainty.STRONG
    assert first.answer.claim.startswith("The score is better over all rows and worse in each of the 2 slices")
    swapped = {"predictions": REVERSAL["rival"], "rival": REVERSAL["predictions"], "slices": REVERSAL["slices"]}
    assert asked(**swapped)[0].answer.claim.startswith("The rival is better")
    assert len(asked(predictions=REVERSAL["predictions"], slices=REVERSAL["slices"])) == 1


def test_a_slice_in_which_the_metric_does_not_exist_stops_no_other():
    label = FAILING["predictions"].label.copy()
    label[FAILING["slices"].codes["site"] == 0] = 0
    (finding,) = asked(predictions=replace(FAILING["predictions"], label=label), slices=FAILING["slices"])
    assert finding.certainty is Certainty.SUSPECT


def test_no_slice_of_enough_rows_is_no_answer():
    rows = {"site": np.arange(6000) % 2000}
    slices = Slices(codes=rows, names={"site": tuple(str(code) for code in range(2000))})
    assert asked(predictions=FAILING["predictions"], slices=slices)[0].ending is Ending.NOT_APPLICABLE
    one = Slices(codes={"all": np.zeros(6000, int)}, names={"all": ("all",)})
    assert asked(predictions=FAILING["predictions"], slices=one)[0].ending is Ending.CAUTION
