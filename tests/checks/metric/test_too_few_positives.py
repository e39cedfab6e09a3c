from dataclasses import replace

import numpy as np

from heldout.checks.metric.too_few_positives import too_few_positives
from heldout.core.finding import Certainty, Ending
from heldout.core.lift import LiftScale
from heldout.engine import run
from heldout.faults.metric import PLANTERS
from heldout.stats.detectable import detectable_beside

WORLD = PLANTERS["MET005"][0].build(0, 0.0)
FEW = PLANTERS["MET005"][0].build(0, 0.95)
SCALE = LiftScale.ERROR_REDUCTION
LIFT = PLANTERS["MET002"][0].build(0, 0.0)


def asked(**evidence):
    (finding,) = run([too_few_positives], evidence)
    return finding


def test_without_a_stated_target_too_few_positives_are_a_caution_and_no_problem():
    finding = asked(predictions=FEW["predictions"])
    assert finding.ending is Ending.CAUTION
    assert "as none is stated" in finding.answer.claim


def test_a_measured_lift_takes_the_place_of_the_scores_own_error():
    finding = asked(predictions=FEW["predictions"], target=LIFT["target"], lift=LIFT["lift"])
    assert finding.ending is Ending.CLEAR
    wide = replace(LIFT["lift"], standard_error=0.2)
    assert asked(predictions=FEW["predictions"], target=LIFT["target"], lift=wide).certainty is Certainty.SUSPECT
    other = replace(LIFT["target"], scale=LiftScale.ABSOLUTE)
    assert "absolute" in asked(predictions=FEW["predictions"], target=other, lift=LIFT["lift"]).answer.claim


def test_few_clusters_count_as_few_positives_do():
    rows = WORLD["predictions"]
    by_day = replace(rows, cluster=np.arange(4000) // 1000)
    finding = asked(predictions=by_day, target=WORLD["target"])
    assert finding.ending is not Ending.CLEAR
    assert {measure.name for measure in finding.answer.measures} >= {"positives", "clusters"}


def test_what_cannot_be_known_is_said():
    one_class = replace(FEW["predictions"], label=np.zeros(4000))
    finding = asked(predictions=one_class, target=WORLD["target"])
    assert finding.ending is Ending.CAUTION
    assert "not known" in finding.answer.claim


def test_the_claim_says_whether_the_rows_are_enough():
    assert asked(predictions=WORLD["predictions"], target=WORLD["target"]).answer.claim.startswith("Enough")
    few = asked(predictions=FEW["predictions"], target=WORLD["target"])
    assert few.answer.claim.startswith("Not enough")
    assert asked(predictions=FEW["predictions"]).answer.claim.startswith("Not enough")
    lift = detectable_beside("roc_auc", WORLD["predictions"].label, WORLD["predictions"].score, scale=SCALE).value
    edge = replace(WORLD["target"], target=lift)
    assert asked(predictions=WORLD["predictions"], target=edge).answer.claim.startswith("Whether")
