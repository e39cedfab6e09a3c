"""Briefs that are broken in one way, each beside its mended twin: the tiny eval with tables or terms changed."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from tests.evals import tiny

Change = Callable[[Path], None]
Edit = Callable[[pa.Table], pa.Table]


def sound(folder: Path, **given: int) -> Path:
    """Write a brief that is in order, and return its folder."""
    tiny.write_eval(folder, **given)
    return folder


def table(folder: Path, name: str) -> pa.Table:
    return pyarrow.parquet.read_table(folder / f"{name}.parquet")


def rewrite(folder: Path, name: str, edit: Edit) -> None:
    """Change a table, and its hash in the brief with it."""
    path = folder / f"{name}.parquet"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    tiny.write_plainly(edit(pyarrow.parquet.read_table(path)), path)
    in_brief(folder, before, hashlib.sha256(path.read_bytes()).hexdigest())


def in_brief(folder: Path, old: str, new: str) -> None:
    text = (folder / "brief.toml").read_text()
    assert text.count(old) == 1, old
    (folder / "brief.toml").write_text(text.replace(old, new))


def sorted_by_label(folder: Path) -> None:
    """The rows of the holdout lie in the order of their labels."""
    label = dict(
        zip(*(table(folder, "answers/final").column(name).to_pylist() for name in ("id", "late")), strict=True)
    )

    def edit(final: pa.Table) -> pa.Table:
        order = np.argsort([label[key] for key in final.column("id").to_pylist()], kind="stable")
        return final.take(pa.array(order))

    rewrite(folder, "data/final", edit)


def rows_in_both(folder: Path) -> None:
    """A tenth of the training rows stand in the holdout too, with a day of its own."""
    train = table(folder, "data/train")
    some = train.slice(0, train.num_rows // 10)
    day = table(folder, "data/final").column("day").to_numpy()
    days = pa.array(np.resize(day, some.num_rows))
    for name, columns in (("data/final", ["id", "day", "x", "group"]), ("answers/final", ["id", "late"])):
        copies = some.set_column(1, "day", days).select(columns)
        rewrite(folder, name, lambda whole, copies=copies: pa.concat_tables([whole, copies.cast(whole.schema)]))


def rows_moved(folder: Path) -> None:
    """The same tenth stands in the holdout, and no longer in the training table."""
    rows_in_both(folder)
    rewrite(folder, "data/train", lambda train: train.slice(train.num_rows // 10))


def entities_apart(folder: Path) -> None:
    """Without a time, rows are of places, and no place of the training table is in the holdout."""
    in_brief(folder, 'time = "day"\n', "")


def entities_in_both(folder: Path) -> None:
    """Without a time, rows are of places, and each place of the training table is in the holdout too."""
    in_brief(folder, 'time = "day"\n', "")
    rewrite(
        folder,
        "data/final",
        lambda final: final.set_column(1, "day", pa.array(final.column("day").to_numpy() % 60)),
    )


def sorted_by_id(folder: Path) -> None:
    """The rows of the holdout lie in the order of their ids, which say nothing."""
    rewrite(folder, "data/final", lambda final: final.sort_by("id"))


def final_a_month_later(folder: Path) -> None:
    """All final rows happened a month after the last training row."""

    def edit(final: pa.Table) -> pa.Table:
        return final.set_column(1, "day", pa.array(final.column("day").to_numpy() + 30))

    rewrite(folder, "data/final", edit)


def final_before_train(folder: Path) -> None:
    """A fifth of the final rows happened before the training rows did."""

    def edit(final: pa.Table) -> pa.Table:
        day = final.column("day").to_numpy().copy()
        day[::5] = day[::5] % 50
        return final.set_column(1, "day", pa.array(day))

    rewrite(folder, "data/final", edit)


def target_in_disguise(folder: Path, noise: float = 0.02) -> None:
    """A column that is called known is the label with a little noise."""
    rng = np.random.default_rng(3)
    labels = table(folder, "answers/final")
    label = dict(zip(labels.column("id").to_pylist(), labels.column("late").to_pylist(), strict=True))

    def edit(rows: pa.Table) -> pa.Table:
        known = [label[key] for key in rows.column("id").to_pylist()] if "late" not in rows.column_names else None
        late = np.array(known if known is not None else rows.column("late").to_pylist(), dtype=float)
        return rows.append_column("score", pa.array(late + rng.normal(0, noise, late.size)))

    for name in ("data/train", "data/final"):
        rewrite(folder, name, edit)
    in_brief(folder, '"day", "x", "group"]', '"day", "x", "group", "score"]')


def a_telling_column(folder: Path) -> None:
    """A known column goes along with the label, under more noise than it tells."""
    target_in_disguise(folder, noise=1.0)


def sixty_days(folder: Path) -> None:
    """The final rows are of sixty days."""
    few_days(folder, days=60)


def few_days(folder: Path, days: int = 12) -> None:
    """The final rows are of twelve days."""

    def edit(final: pa.Table) -> pa.Table:
        day = final.column("day").to_numpy()
        return final.set_column(1, "day", pa.array(day.min() + day % days))

    rewrite(folder, "data/final", edit)


def baseline_that_fails(folder: Path) -> None:
    """The baseline needs a file that is not there."""
    path = folder / "baseline" / "train.py"
    path.write_text('open("/work/settings.json")\n' + path.read_text())


def baseline_that_brings_its_file(folder: Path) -> None:
    """The baseline needs a file that it brings."""
    baseline_that_fails(folder)
    (folder / "baseline" / "settings.json").write_text("{}\n")


BEFORE: dict[str, tuple[Change, Change, str]] = {
    "rows in the order of labels": (sorted_by_label, sorted_by_id, "holdout tells its labels"),
    "rows in both parts": (rows_in_both, rows_moved, "train and holdout overlap"),
    "entities in both parts": (entities_in_both, entities_apart, "train and holdout overlap"),
    "final rows before training rows": (final_before_train, final_a_month_later, "times are out of order"),
    "the target as a column": (target_in_disguise, a_telling_column, "a known column is the target in disguise"),
    "twelve days": (few_days, sixty_days, "too little power"),
    "a baseline that fails": (
        baseline_that_fails,
        baseline_that_brings_its_file,
        "the baseline cannot be relied on",
    ),
}
"""What is caught before anything is graded, its mended twin, and what it is called."""
