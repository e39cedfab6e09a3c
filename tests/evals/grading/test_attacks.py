"""Rows 1, 16, 20, 26 and 29 of the attack table on a whole grading, each beside what it does without the defence."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
from tests.evals import tiny
from tests.evals.conftest import Grader

from heldout.core.finding import Ending
from heldout.core.lift import Band
from heldout.evals.grading.scorer import answer

FORGED = """
import json
for name in ("score.json", "reward.txt", "card.json"):
    with open("/out/" + name, "w") as file:
        json.dump({"roc_auc": 1.0, "band": "target"}, file)
"""
PATCHED = """
import builtins, json, sys, types
fake = types.ModuleType("sklearn.metrics")
fake.roc_auc_score = lambda *_: 1.0
sys.modules["sklearn.metrics"] = fake
for folder in ("/out", "/model"):
    try:
        with open(folder + "/sitecustomize.py", "w") as file:
            file.write("raise SystemExit(1)")
        with open(folder + "/numpy.py", "w") as file:
            file.write("raise SystemExit(1)")
    except OSError:
        pass
"""
PICKLED = """
import os, pickle, sys
class Payload:
    def __reduce__(self):
        return os.mkdir, ({mark!r},)
with open("/out/predictions.csv", "wb") as file:
    file.write(pickle.dumps(Payload()))
sys.exit()
"""
STEALING = """
import sys
sys.path.insert(0, {here!r})
import plain_parquet
try:
    answers = plain_parquet.read({answers!r})
except OSError:
    answers = None
if answers:
    with open({out!r}, "w") as file:
        file.write("id,prediction\\n")
        file.writelines(f"{{key}},{{label}}\\n" for key, label in zip(answers["id"], answers["late"]))
    sys.exit()
"""


def test_row_16_a_forged_score_is_never_read(grade: Grader) -> None:
    forged = grade(tiny.tree(column="group", before_predict=FORGED), "forging").card
    plain = grade(tiny.tree(column="group"), "plain").card
    assert forged.decision.band is plain.decision.band is not Band.TARGET
    assert forged.lift == plain.lift


def test_row_20_a_patched_metric_stays_in_the_submissions_own_process(grade: Grader) -> None:
    patched = grade(tiny.tree(column="group", before_predict=PATCHED, before_train=PATCHED), "patching").card
    assert patched.lift == grade(tiny.tree(column="group"), "plain").card.lift
    control = PATCHED + "import sklearn.metrics\nprint(sklearn.metrics.roc_auc_score([0, 1], [1, 0]))"
    said = subprocess.run([sys.executable, "-c", control], capture_output=True, text=True, check=True)
    assert said.stdout == "1.0\n"


def test_row_26_a_pickle_in_place_of_predictions_is_refused_and_not_run(grade: Grader, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    card = grade(tiny.tree(before_predict=PICKLED.format(mark=str(mark))), "pickling").card
    assert card.decision.band is Band.FAIL
    assert "predictions refused" in card.runs[-1].ending
    assert not mark.exists()


def test_row_1_the_answers_are_not_there_to_be_read(grade: Grader, eval_folder: Path, tmp_path: Path) -> None:
    answers, here = str(eval_folder / "answers" / "final.parquet"), str(Path(tiny.__file__).parent)
    stealing = STEALING.format(answers=answers, here=here, out="/out/predictions.csv")
    card = grade(tiny.tree(before_predict=stealing), "stealing").card
    assert card.lift == grade(tiny.tree(), "careful").card.lift
    control = STEALING.format(answers=answers, here=here, out=str(tmp_path / "predictions.csv"))
    subprocess.run([sys.executable, "-c", control], check=True)
    stolen = (tmp_path / "predictions.csv").read_text().splitlines()
    assert len(stolen) == pyarrow.parquet.read_metadata(answers).num_rows + 1


def test_row_63_sources_that_cost_any_memory_or_time_to_read_cost_the_grader_neither(grade: Grader) -> None:
    """A dotted import takes memory with the square of its length, and kills whoever parses it without a limit."""
    dotted = "import " + ".".join(["a"] * 190_000)
    card = grade({**tiny.tree(), "dotted.py": dotted}, "costly").card
    assert card.lift is not None, (card.decision.reasons, [run.ending for run in card.runs])
    assert card.lift == grade(tiny.tree(), "careful").card.lift
    of_files = {finding.code: finding.ending for finding in card.findings if finding.code in ("ARC002", "DOC001")}
    assert of_files["DOC001"] is Ending.CLEAR
    assert len(of_files) == 2
    limited = "import ast, resource, sys; resource.setrlimit(resource.RLIMIT_DATA, (1 << 30,) * 2)"
    control = f"{limited}; ast.parse(sys.stdin.read())"
    said = subprocess.run([sys.executable, "-c", control], input=dotted, capture_output=True, text=True, check=False)
    assert "MemoryError" in said.stderr


def test_row_34_a_nan_that_reaches_the_scorer_is_no_score(tmp_path: Path, eval_folder: Path) -> None:
    rows = pyarrow.parquet.read_metadata(eval_folder / "data" / "final.parquet").num_rows
    np.save(tmp_path / "nan.npy", np.full(rows, np.nan))
    request = {
        "question": "prices",
        "metric": "roc_auc",
        "tables": {
            "t": {
                "features": str(eval_folder / "data" / "final.parquet"),
                "answers": str(eval_folder / "answers" / "final.parquet"),
                "key": "id",
                "target": "late",
                "positive": 1,
                "cluster": "day",
            }
        },
        "cells": {"c": {"table": "t", "predictions": str(tmp_path / "nan.npy")}},
        "differences": {},
    }
    with pytest.raises(ValueError, match="finite"):
        answer(json.loads(json.dumps(request)))
