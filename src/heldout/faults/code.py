"""Programs whose test rows leak into what they fit or choose: as scripts, functions and notebooks."""

import json
from collections.abc import Callable, Mapping

import numpy as np

from heldout.faults.planter import Planter, World
from heldout.faults.repositories import changed, clean_repository
from heldout.faults.rescues import rescue

__all__ = ["PLANTERS"]

TABLES = ("churn", "claims", "loans", "readings", "visits")
MODELS = ("LogisticRegression", "RandomForestClassifier", "SVC", "HistGradientBoostingClassifier")
HEAD = """import numpy as np
import pandas as pd
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import train_test_split
from {module} import {model}

table = pd.read_csv("{table}.csv")
"""
PARTS = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state={seed})\n"
SPLIT = 'X, y = table.drop(columns="label"), table["label"]\n' + PARTS
SCORE = "model = {model}().fit(X_train, y_train)\nprint(roc_auc_score(y_test, model.predict(X_test)))\n"
FITTED = "model = {model}().fit(X_train, y_train)\np = model.predict_proba(X_test)[:, 1]\n"
HOLD = "X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.2)\n"
FINAL = "print(f1_score(y_test, {chosen}))\n"

Texts = tuple[str, str]
"""A program with the fault, and its clean twin."""

SCALED: Texts = (
    'from sklearn.preprocessing import StandardScaler\n\nX, y = table.drop(columns="label"), table["label"]\n'
    "X = StandardScaler().fit_transform(X)\n" + PARTS + SCORE,
    "from sklearn.preprocessing import StandardScaler\n\n" + SPLIT + "scaler = StandardScaler().fit(X_train)\n"
    "X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)\n" + SCORE,
)
PIPED: Texts = (
    "from sklearn.decomposition import PCA\nfrom sklearn.model_selection import cross_val_score\n\n"
    'X, y = table.drop(columns="label"), table["label"]\n'
    "print(cross_val_score({model}(), PCA(5).fit_transform(X), y).mean())\n",
    "from sklearn.decomposition import PCA\nfrom sklearn.model_selection import cross_val_score\n"
    "from sklearn.pipeline import make_pipeline\n\n"
    'X, y = table.drop(columns="label"), table["label"]\n'
    "print(cross_val_score(make_pipeline(PCA(5), {model}()), X, y).mean())\n",
)
LOOP = """best = 0
for size in (1, 3, 9, 27):
    model = {model}(size).fit(X_train, y_train)
    score = roc_auc_score({truth}, model.predict({rows}))
    if score > best:
        best, chosen = score, model
"""
KEPT: Texts = (
    SPLIT + LOOP.replace("{truth}", "y_test").replace("{rows}", "X_test") + "print(best)\n",
    SPLIT
    + HOLD
    + LOOP.replace("{truth}", "y_val").replace("{rows}", "X_val")
    + FINAL.replace("{chosen}", "chosen.predict(X_test)"),
)
CUT: Texts = (
    SPLIT + FITTED + "cuts = np.linspace(0, 1, 50)\nfound = [f1_score(y_test, p > cut) for cut in cuts]\n"
    "print(max(found), cuts[np.argmax(found)])\n",
    SPLIT
    + HOLD
    + FITTED
    + "q = model.predict_proba(X_val)[:, 1]\ncuts = np.linspace(0, 1, 50)\n"
    + "best = cuts[np.argmax([f1_score(y_val, q > cut) for cut in cuts])]\n"
    + FINAL.replace("{chosen}", "p > best"),
)
SAMPLED: Texts = (
    'from imblearn.over_sampling import SMOTE\n\nX, y = table.drop(columns="label"), table["label"]\n'
    "X, y = SMOTE().fit_resample(X, y)\n" + PARTS + SCORE,
    "from imblearn.over_sampling import SMOTE\n\n"
    + SPLIT
    + "X_train, y_train = SMOTE().fit_resample(X_train, y_train)\n"
    + SCORE,
)
ENCODED: Texts = (
    'table["rate"] = table.groupby("town")["label"].transform("mean")\n' + SPLIT + SCORE,
    'table["count"] = table.groupby("town")["label"].transform("count")\n'
    + SPLIT
    + 'rate = y_train.groupby(X_train["town"]).mean()\n'
    + 'X_train["rate"], X_test["rate"] = X_train["town"].map(rate), X_test["town"].map(rate)\n'
    + SCORE,
)
STOPPED: Texts = (
    "from xgboost import XGBClassifier\n\n" + SPLIT + "model = XGBClassifier(early_stopping_rounds=20)\n"
    "model.fit(X_train, y_train, eval_set=[(X_test, y_test)])\nprint(roc_auc_score(y_test, model.predict(X_test)))\n",
    "from xgboost import XGBClassifier\n\n" + SPLIT + "model = XGBClassifier(n_estimators=300)\n"
    "model.fit(X_train, y_train, eval_set=[(X_test, y_test)])\nprint(roc_auc_score(y_test, model.predict(X_test)))\n",
)
WHOLE: Texts = (
    SPLIT + "model = {model}().fit(X, y)\nprint(roc_auc_score(y_test, model.predict(X_test)))\n",
    SPLIT + SCORE + "model.fit(X, y)\n",
)
SORTED = 'table = table.sort_values("timestamp")\ntable["before"] = table["load"].shift(1)\n'
ORDERED: Texts = (
    SORTED + SPLIT + SCORE,
    SORTED
    + 'X, y = table.drop(columns="label"), table["label"]\n'
    + PARTS.replace("random_state={seed}", "shuffle=False")
    + SCORE,
)


def _script(texts: Texts) -> Callable[[int, float], World]:
    return lambda seed, effect: _world(seed, effect, texts, _as_script)


def _notebook(texts: Texts) -> Callable[[int, float], World]:
    return lambda seed, effect: _world(seed, effect, texts, _as_notebook)


def _world(seed: int, effect: float, texts: Texts, written: Callable[[int, str], tuple[str, str]]) -> World:
    """Return a clean repository with so many programs that have the fault; with none, one program that has it not."""
    rng = np.random.default_rng(seed)
    names = {
        "table": str(rng.choice(TABLES)),
        "model": str(rng.choice(MODELS)),
        "module": "sklearn.all",
        "seed": str(seed),
    }
    programs = [texts[0]] * round(effect) or [texts[1]]
    files = {}
    for number, program in enumerate(programs):
        text = HEAD + program
        for name, value in names.items():
            text = text.replace(f"{{{name}}}", value)
        ending, content = written(seed, text)
        files[f"evaluate_{number}{ending}"] = content
    return {"repository": changed(clean_repository(seed), files=files)}


def _as_script(seed: int, text: str) -> tuple[str, str]:
    """Return the program as it is, or inside a function that it calls itself."""
    if seed % 2:
        return ".py", text
    body = "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
    return ".py", f"def main():\n{body}\n\nif __name__ == '__main__':\n    main()\n"


def _as_notebook(seed: int, text: str) -> tuple[str, str]:
    """Return the program as a notebook of two cells and a magic."""
    head, _, rest = text.partition("\n\n")
    sources = ["%matplotlib inline\n!pip list", f"{head}\n", rest]
    cells = [{"cell_type": "code", "execution_count": seed, "source": source, "outputs": []} for source in sources]
    return ".ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _left(seed: int, effect: float) -> World:
    """So many leaks are left; in the clean twin, of one it cannot be told for every other seed."""
    return {"rescue": rescue(seed, left=round(effect), unknown=0 if effect else seed % 2)}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "COD001": (
        Planter(fault="A scaler is fitted before the split.", effect="programs", build=_script(SCALED)),
        Planter(fault="A projection is fitted before the cross-validation.", effect="programs", build=_notebook(PIPED)),
    ),
    "COD002": (
        Planter(fault="A loop keeps the model that suits the test rows.", effect="programs", build=_script(KEPT)),
    ),
    "COD003": (
        Planter(fault="A threshold is chosen on the test rows.", effect="programs", build=_script(CUT)),
        Planter(fault="A notebook chooses its threshold on the test rows.", effect="programs", build=_notebook(CUT)),
    ),
    "COD004": (Planter(fault="Rows are mixed before the split.", effect="programs", build=_notebook(SAMPLED)),),
    "COD005": (Planter(fault="A group's mean label becomes a feature.", effect="programs", build=_script(ENCODED)),),
    "COD006": (
        Planter(fault="A model stops by its score on the test rows.", effect="programs", build=_script(STOPPED)),
        Planter(fault="A model is fitted on all rows and scored on some.", effect="programs", build=_notebook(WHOLE)),
    ),
    "COD007": (Planter(fault="Rows in order of time are split by chance.", effect="programs", build=_script(ORDERED)),),
    "COD008": (Planter(fault="Planted leaks stay in the code.", effect="leaks", build=_left),),
}
