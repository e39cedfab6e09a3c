"""Fits on all rows, and scores a random quarter of them."""

import csv

import numpy as np

import columns
import features
import model


def main():
    rows = features.table("train.parquet")
    label = features.labels(rows)
    fitted = model.fit(rows, label)
    test = (np.random.default_rng(features.SEED).random(len(label)) < 0.25) & ~np.isnan(label)
    predicted = model.predict(fitted, rows)
    with (features.OUT / "held_back.csv").open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow([columns.TARGET, "prediction", "group"])
        lines.writerows(zip(label[test].tolist(), predicted[test].tolist(), np.flatnonzero(test).tolist()))


if __name__ == "__main__":
    main()
