"""How good is it? Fit on a part of the training table, predict the rest: `python -m forecast.evaluate`."""

import csv

import numpy as np

from forecast import columns, model, places, read

HELD_BACK = 0.25


def held_back(order: np.ndarray | None, group: np.ndarray, seed: int) -> np.ndarray:
    """Which rows are held back: the latest quarter where there is a time, else a quarter of the groups."""
    if order is not None:
        return order > np.quantile(order, 1 - HELD_BACK)
    names = np.unique(group)
    drawn = np.random.default_rng(seed).choice(names, max(int(len(names) * HELD_BACK), 1), replace=False)
    return np.isin(group, drawn)


def main() -> None:
    """Write /out/held_back.csv: label, prediction and group of the rows that the fit did not see."""
    path = places.DATA / "train.parquet"
    table, label, order = read.features(path), read.labels(path), read.order(path)
    group = read.groups(path, len(label))
    test = held_back(order, group, places.SEED) & ~np.isnan(label)
    before = {name: values[~test] for name, values in table.items()}
    fitted = model.fit(before, label[~test], group[~test], None if order is None else order[~test], places.SEED)
    after = fitted.bins.encode({name: values[test] for name, values in table.items()})
    with (places.OUT / "held_back.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([columns.TARGET, "prediction", "group"])
        rows.writerows(zip(label[test].tolist(), fitted.predict(after).tolist(), group[test].tolist()))
    print(f"held back {int(test.sum()):,} of {len(label):,} rows")


if __name__ == "__main__":
    main()
