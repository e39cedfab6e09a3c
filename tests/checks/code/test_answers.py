import json

import pytest

from heldout.checks.code.fit_before_split import fit_before_split
from heldout.checks.code.selection_on_test import selection_on_test
from heldout.checks.code.test_used_in_training import test_used_in_training
from heldout.core.finding import Certainty, Ending
from heldout.core.repository import Repository
from heldout.engine import run

HEAD = """import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split, cross_val_score
from sklearn.preprocessing import StandardScaler
df = pd.read_csv("a.csv")
X, y = df.drop(columns="y"), df["y"]
"""
SPLIT = "a, b, ya, yb = train_test_split(X, y)\n"
SCORE = "print(LogisticRegression().fit(a, ya).score(b, yb))\n"


def asked(files, check=fit_before_split):
    content = {path: text.encode() for path, text in files.items()}
    return run([check], {"repository": Repository(commit="0", files=content)})


def notebook(*sources, language="python"):
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {"kernelspec": {"language": language}}})


def test_a_clean_program_is_clear_and_says_what_was_followed():
    (finding,) = asked({"a.py": HEAD + SPLIT + SCORE})
    assert finding.ending is Ending.CLEAR
    assert "splits: 1, fits: 1, scores: 1" in finding.answer.claim


@pytest.mark.parametrize("files", [{}, {"a.py": "x = 1\n"}, {"a.md": "# x"}, {"a.py": HEAD}])
def test_a_repository_that_splits_and_fits_nothing_is_not_asked(files):
    (finding,) = asked(files)
    assert finding.ending is Ending.NOT_APPLICABLE


def test_a_call_that_cannot_be_followed_is_named_and_is_never_clear():
    program = HEAD + "from secret import mix\nX = mix(X)\n" + SPLIT + SCORE
    (finding,) = asked({"a.py": program})
    assert finding.ending is Ending.CAUTION
    assert [witness.line for witness in finding.answer.witnesses] == [8]


def test_a_file_that_cannot_be_parsed_is_named_and_the_others_are_read():
    (finding,) = asked({"a.py": HEAD + SPLIT + SCORE, "b.py": "def broken(:\n"})
    assert finding.ending is Ending.CAUTION
    assert finding.answer.witnesses[0].where == "b.py"


def test_a_leak_is_found_through_modules_of_the_repository():
    files = {
        "src/shop/features.py": "from sklearn.preprocessing import StandardScaler\n\n\ndef scaled(frame):\n"
        "    return StandardScaler().fit_transform(frame)\n",
        "src/shop/__init__.py": "",
        "src/shop/train.py": HEAD + "from shop.features import scaled\nX = scaled(X)\n" + SPLIT + SCORE,
    }
    (finding,) = asked(files)
    assert finding.certainty is Certainty.PROVEN
    assert finding.answer.witnesses[0].where == "src/shop/features.py"
    assert finding.answer.witnesses[1].where == "src/shop/train.py"


def test_a_leak_in_a_notebook_names_cell_and_line():
    text = notebook("%pip install x\n" + HEAD, ["X = StandardScaler().fit_transform(X)\n", SPLIT], "!ls\n" + SCORE)
    (finding,) = asked({"a.ipynb": text})
    assert "a.ipynb, cell 2, line 1" in finding.answer.claim
    assert finding.answer.witnesses[0].line is None
    assert finding.answer.witnesses[0].note.startswith("cell 2, line 1")


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"cells": 3}', '{"cells": [3]}', "[" * 5000, notebook("x = 1", language="R")]
)
def test_a_notebook_that_cannot_be_read_is_named(text):
    (finding,) = asked({"a.ipynb": text, "b.py": HEAD + SPLIT + SCORE})
    assert finding.ending is Ending.CAUTION
    assert finding.answer.witnesses[0].where == "a.ipynb"


def test_a_flag_that_is_off_leaks_nothing_and_one_that_nobody_knows_is_a_question():
    scaled = "if {}:\n    X = StandardScaler().fit_transform(X)\n"
    (off,) = asked({"a.py": HEAD + "FLAG = False\n" + scaled.format("FLAG") + SPLIT + SCORE})
    (unknown,) = asked({"a.py": HEAD + "import sys\n" + scaled.format("len(sys.argv) > 1") + SPLIT + SCORE})
    assert off.ending is Ending.CLEAR
    assert unknown.certainty is Certainty.SUSPECT


def test_a_scaler_of_the_training_rows_before_a_search_on_them_is_a_question_where_a_test_is_kept():
    inner = "from sklearn.model_selection import GridSearchCV\ns = StandardScaler()\n"
    inner += "a, b = s.fit_transform(a), s.transform(b)\n"
    (finding,) = asked(
        {
            "a.py": HEAD
            + SPLIT
            + inner
            + "g = GridSearchCV(LogisticRegression(), {}).fit(a, ya)\nprint(g.score(b, yb))\n"
        }
    )
    assert finding.certainty is Certainty.SUSPECT


def test_another_experiment_in_the_same_file_excuses_nothing():
    scaled = "print(cross_val_score(LogisticRegression(), StandardScaler().fit_transform(X), y))\n"
    other = 'X = pd.read_csv("other.csv")\ny = pd.read_csv("labels.csv")\n'
    (finding,) = asked({"a.py": HEAD + scaled + other + SPLIT + SCORE})
    assert finding.certainty is Certainty.PROVEN


def test_a_file_of_its_own_is_a_test_that_leaves_the_other_part_for_validation():
    stopped = "from xgboost import XGBClassifier\nm = XGBClassifier(early_stopping_rounds=9)\n"
    stopped += "m.fit(a, ya, eval_set=[(b, yb)])\nprint(m.score(b, yb))\n"
    last = 'final = pd.read_csv("final.csv")\nprint(m.score(final.drop(columns="y"), final["y"]))\n'
    (alone,) = asked({"a.py": HEAD + SPLIT + stopped}, test_used_in_training)
    (kept,) = asked({"a.py": HEAD + SPLIT + stopped + last}, test_used_in_training)
    assert alone.certainty is Certainty.PROVEN
    assert kept.ending is Ending.CLEAR


def test_two_models_on_the_same_test_rows_are_a_comparison_and_three_a_question():
    model = "print(LogisticRegression(C={}).fit(a, ya).score(b, yb))\n"
    two = HEAD + SPLIT + model.format(1) + model.format(2)
    (clear,) = asked({"a.py": two}, selection_on_test)
    (question,) = asked({"a.py": two + model.format(3)}, selection_on_test)
    assert clear.ending is Ending.CLEAR
    assert question.certainty is Certainty.SUSPECT


def test_names_out_of_a_repository_are_shown_as_plain_text():
    (finding,) = asked({"a\x1b[31m.py": HEAD + "X = StandardScaler().fit_transform(X)\n" + SPLIT + SCORE})
    assert finding.ending is Ending.PROBLEM
    assert finding.answer.claim.isprintable()
