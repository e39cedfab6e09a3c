"""Does the interval of the supported score hold what it promises, for small tables and groups?"""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from tests.engine.test_pricing import evaluation

from heldout.engine.pricing import Repair, price
from heldout.stats import clopper_pearson

pytestmark = pytest.mark.slow

WORLDS = 100
GROUPS = 40


def drawn(rng: np.random.Generator, groups: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of groups that differ in level: one fair feature, one that marks the group, and the label."""
    group = np.repeat(np.arange(groups), size)
    level, mark = rng.normal(size=(2, groups))[:, group]
    x = rng.normal(size=len(group))
    label = (rng.random(len(group)) < 1 / (1 + np.exp(-1.5 * x - 0.7 * level))).astype(float)
    return np.column_stack([x, mark]), label, group


def test_the_interval_of_the_supported_score_covers_the_score_on_new_groups() -> None:
    covered = 0
    for seed in range(WORLDS):
        rng = np.random.default_rng(seed)
        features, label, group = drawn(rng, GROUPS, 10)
        leak = label + rng.normal(size=len(label)) * 0.3
        columns = {"x": features[:, 0], "mark": features[:, 1], "leak": leak}
        repairs = [Repair(name="by group", groups=group), Repair(name="no leak", columns=frozenset({"leak"}))]
        world = evaluation(columns, label, metric="accuracy", estimator=LogisticRegression(), cluster=group)
        made = price(world, repairs).supported
        fresh, truth, _ = drawn(rng, 2_000, 10)
        learned = LogisticRegression().fit(features, label)
        expected = float((learned.predict(fresh) == truth).mean())
        assert made.low is not None
        assert made.high is not None
        covered += made.low <= expected <= made.high
    share = clopper_pearson(covered, WORLDS)
    print(f"covered {covered} of {WORLDS}")
    assert (share.high or 0.0) >= 0.95
