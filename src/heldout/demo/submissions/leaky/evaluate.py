"""python evaluate.py: AUC on a random fifth of the training flights."""

import os

import numpy as np

import features
import model


def auc(y, score):
    _, place, ties = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(ties) - (ties - 1) / 2)[place]
    n = y.sum()
    return (rank[y == 1].sum() - n * (n + 1) / 2) / (n * (len(y) - n))


def main():
    table = features.read(f"{os.environ.get('HELDOUT_DATA', '/data')}/train.parquet", ["late"])
    rows = np.random.default_rng(0).permutation(table.num_rows)
    test, train = table.take(rows[: len(rows) // 5]), table.take(rows[len(rows) // 5 :])
    known = features.learn(train)
    weights = model.fit(features.encode(train, known), train.column("late").to_numpy())
    score = model.predict(features.encode(test, known), weights)
    print(f"AUC {auc(test.column('late').to_numpy(), score):.4f} on {len(score):,} flights")


if __name__ == "__main__":
    main()
