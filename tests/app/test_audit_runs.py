"""An audit asks the checks on time, texts, reuse and runs as far as the user declared what they need."""

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeClassifier

import heldout
from heldout.core.errors import BadInput
from heldout.core.finding import Certainty, Ending

ROWS = 1000


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    label = (np.cumsum(rng.random(ROWS) > 0.7) % 2).astype(int)
    asked_at = pd.Timestamp("2021-01-01") + pd.to_timedelta(np.arange(ROWS) * 3607, unit="s")
    words = [" ".join(f"w{i}" for i in rng.integers(0, 300, 20)) for _ in range(ROWS)]
    return pd.DataFrame(
        {
            "asked_at": asked_at,
            "closed_at": asked_at + pd.to_timedelta(rng.integers(100, 10**6, ROWS), unit="s"),
            "next_state": pd.Series(label).shift(-1),
            "usage": np.where(rng.random(ROWS) < 0.1, np.nan, rng.normal(label, 1.0)),
            "region": rng.choice(["north", "south"], ROWS),
            "prompt": words,
            "y": label,
        }
    )


def answered(verdict, code):
    return next(finding for finding in verdict.findings if finding.code == code)


def test_declared_time_corpus_evaluations_and_estimator_are_each_asked(frame, tmp_path):
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("\n".join(frame.prompt[:100]))
    verdict = heldout.audit(
        frame,
        target="y",
        time="asked_at",
        corpus=[corpus],
        evaluations=60,
        reported=0.8,
        metric="accuracy",
        estimator=DecisionTreeClassifier(max_depth=4),
        select=["leakage"],
    )
    assert not [finding for finding in verdict.findings if finding.ending is Ending.CRASHED]
    for code in ("LEK010", "LEK011", "LEK012", "LEK013"):
        assert answered(verdict, code).certainty is Certainty.PROVEN, code
    assert answered(verdict, "LEK010").answer.witnesses[0].where == "next_state"
    assert answered(verdict, "LEK014").ending is Ending.CLEAR
    assert answered(verdict, "LEK015").ending is Ending.CLEAR


def test_what_was_not_declared_is_not_asked(frame):
    verdict = heldout.audit(frame, target="y", select=["leakage"])
    for code in ("LEK011", "LEK012", "LEK013", "LEK014", "LEK015"):
        assert answered(verdict, code).ending is Ending.NO_EVIDENCE, code
    assert answered(verdict, "LEK010").certainty is Certainty.SUSPECT


def test_texts_of_the_test_table_are_those_that_are_looked_for(frame, tmp_path):
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("\n".join(frame.prompt[:500]))
    verdict = heldout.audit(frame[:500], target="y", test=frame[500:], corpus=[corpus], select=["LEK013"])
    assert answered(verdict, "LEK013").ending is Ending.CLEAR


def test_no_evaluation_is_refused(frame):
    with pytest.raises(BadInput, match="evaluations"):
        heldout.audit(frame, target="y", evaluations=0)
