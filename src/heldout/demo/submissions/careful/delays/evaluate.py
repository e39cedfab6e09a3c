"""How good is it? Fit on January to August, score September: `python -m delays.evaluate`."""

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from delays import bins, model, places

REDRAWS = 500


def auc(late: np.ndarray, score: np.ndarray) -> float:
    """The chance that a late flight scores above one in time; ties count half."""
    _, place, ties = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    ones = late.sum()
    return float((ranks[late == 1].sum() - ones * (ones + 1) / 2) / (ones * (len(late) - ones)))


def main() -> None:
    """Print the AUC on September with a 95 % interval from redrawn days."""
    columns = [*bins.FEATURES, "date", "month", "late"]
    table = pq.read_table(places.DATA / "train.parquet", columns=columns)
    before, after = table.filter(pc.field("month") < 9), table.filter(pc.field("month") == 9)
    day = before.column("date").cast("int32").to_numpy()
    fitted = model.fit(bins.encode(before), before.column("late").to_numpy().astype("float32"), day, places.SEED)
    score, late = fitted.probability(bins.encode(after)), after.column("late").to_numpy()
    _, day = np.unique(after.column("date").cast("int32").to_numpy(), return_inverse=True)
    rows = [np.flatnonzero(day == one) for one in range(day.max() + 1)]
    draw = np.random.default_rng(places.SEED)
    redrawn = []
    for _ in range(REDRAWS):
        some = np.concatenate([rows[one] for one in draw.integers(0, len(rows), len(rows))])
        redrawn.append(auc(late[some], score[some]))
    low, high = np.quantile(redrawn, [0.025, 0.975])
    print(f"AUC {auc(late, score):.4f} [{low:.4f}, {high:.4f}] on {len(late):,} flights of {len(rows)} days")


if __name__ == "__main__":
    main()
