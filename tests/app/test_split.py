"""A split holds what its manifest says: checked on the files that it writes, not on what it believes."""

import json
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

import heldout
from heldout.core.errors import BadInput
from heldout.report.json import schema, to_json
from heldout.stats.metrics.hanley_mcneil import hanley_mcneil_standard_error
from heldout.tables.manifest import read_manifest, sha256_of

N = 3000


def visits(seed=0, rows=N, users=400):
    """Users with visits over 100 days, a label that goes with the user, and some equal rows."""
    rng = np.random.default_rng(seed)
    user, day = rng.integers(0, users, rows), rng.integers(0, 100, rows)
    risk = rng.normal(size=users)
    return pd.DataFrame(
        {
            "user": [f"u{u:03d}" for u in user],
            "ts": pd.Timestamp("2024-01-01") + pd.to_timedelta(day, unit="D"),
            "amount": rng.gamma(2.0, 10.0, rows).round(1),
            "late": (risk[user] + rng.normal(size=rows) > 0.8).astype(int),
        }
    )


def parts(made, frame):
    return {name: frame.iloc[rows] for name, rows in made.rows.items()}


def test_an_entity_is_on_one_side_and_sizes_and_classes_are_kept():
    frame = visits()
    made = heldout.split(frame, target="late", entity="user")
    train, test = parts(made, frame).values()
    assert not set(train.user) & set(test.user)
    assert len(test) / N == pytest.approx(0.2, abs=0.01)
    assert test.late.mean() == pytest.approx(frame.late.mean(), abs=0.02)
    assert len(train) + len(test) == N
    assert made.manifest.rule.kind == "group"
    described = {part.name: part for part in made.manifest.parts}
    assert described["test"].entities == test.user.nunique()
    assert described["test"].classes == {"0": int((test.late == 0).sum()), "1": int(test.late.sum())}
    assert f"{train.user.nunique():,} in train, {test.user.nunique():,} in test" in made.manifest.speech.valid_because


def test_time_splits_forward_and_horizon_and_embargo_lie_between():
    frame = visits()
    made = heldout.split(frame, target="late", time="ts", horizon="7d", embargo="1d")
    train, test = parts(made, frame).values()
    assert test.ts.min() - train.ts.max() >= pd.Timedelta("8D")
    assert len(test) / N == pytest.approx(0.2, abs=0.01)
    (gap,) = made.manifest.dropped
    between = (frame.ts > train.ts.max()) & (frame.ts < test.ts.min())
    assert (gap.reason, gap.rows) == ("gap", int(between.sum())) == ("gap", N - len(train) - len(test))
    assert str(train.ts.max().date()) in made.manifest.speech.valid_because
    assert made.manifest.rule.gap == 8 * 86_400e6


@pytest.mark.parametrize("rule", ["fewest", "new", "purge", "deal"])
def test_time_and_entity_hold_together_and_the_cost_is_told(rule):
    frame = visits(users=1500)
    made = heldout.split(frame, target="late", time="ts", entity="user", horizon="2d", entity_rule=rule)
    train, test = parts(made, frame).values()
    assert not set(train.user) & set(test.user)
    assert test.ts.min() - train.ts.max() >= pd.Timedelta("2D")
    dropped = {drop.reason: drop.rows for drop in made.manifest.dropped}
    assert sum(dropped.values()) == N - len(train) - len(test)
    assert f"{dropped['straddling_entity']:,} rows" in made.manifest.speech.measures
    if rule == "purge":
        assert set(test.index) == set(frame.index[frame.ts >= test.ts.min()])
    if rule == "new":
        before = set(frame.user[frame.ts < test.ts.min()])
        assert set(test.index) == set(frame.index[(frame.ts >= test.ts.min()) & ~frame.user.isin(before)])
    if rule == "fewest":
        costs = made.manifest.rule.costs
        assert set(costs) == {"new", "purge", "deal"}
        assert costs[made.manifest.rule.entity_rule] == min(costs.values()) == sum(dropped.values())


def test_the_beginning_of_a_text_can_be_the_entity():
    frame = pd.DataFrame(
        {"name": [f"phon_R01_S{i // 6:02d}_{i % 6}" for i in range(240)], "y": np.arange(240) // 6 % 2}
    )
    frame["x"] = np.random.default_rng(0).normal(size=240)
    declared = heldout.split(frame, target="y", entity="name", entity_part="beginning")
    subject = frame.name.str.rpartition("_")[0]
    train, test = declared.rows.values()
    assert not set(subject[train]) & set(subject[test])
    assert "Every value of name without its last part is on one side: 32 in train, 8 in test" in (
        declared.manifest.speech.valid_because
    )
    found = heldout.split(frame, target="y")
    assert found.rows["test"].tolist() == test.tolist()
    assert "Nothing was declared, and it follows what the table shows: name without its last part" in (
        found.manifest.speech.measures
    )
    random = heldout.split(frame, target="y", at_random=True)
    assert random.manifest.rule.kind == "random"
    assert set(subject[random.rows["train"]]) & set(subject[random.rows["test"]])
    assert "Not held to, because it was not declared: name without its last part" in (
        random.manifest.speech.does_not_measure
    )


def test_without_structure_rows_go_at_random_with_their_classes_and_their_copies():
    table, y = load_wine(return_X_y=True, as_frame=True)
    frame = table.assign(kind=y)
    doubled = pd.concat([frame, frame.iloc[:60]], ignore_index=True)
    made = heldout.split(doubled, target="kind", at_random=True)
    train, test = parts(made, doubled).values()
    assert made.manifest.rule.kind == "random"
    assert not set(map(tuple, train.to_numpy())) & set(map(tuple, test.to_numpy()))
    shares = test.kind.value_counts(normalize=True) - doubled.kind.value_counts(normalize=True)
    assert shares.abs().max() < 0.02
    apart = heldout.split(doubled, target="kind", at_random=True, copies_together=False)
    train, test = parts(apart, doubled).values()
    assert set(map(tuple, train.to_numpy())) & set(map(tuple, test.to_numpy()))


def test_folds_are_a_column_and_those_of_a_chain_are_files(tmp_path: Path):
    frame = visits()
    made = heldout.split(frame, target="late", entity="user", test="20%", folds=4, out=tmp_path / "g")
    train, test = (pd.read_parquet(tmp_path / "g" / f"{name}.parquet") for name in ("train", "test"))
    assert train.groupby("user").fold.nunique().max() == 1
    assert sorted(train.fold.unique()) == [1, 2, 3, 4]
    assert (test.fold == 0).all()
    sizes = train.fold.value_counts()
    assert made.manifest.parts[0].folds == {str(fold): int(sizes[fold]) for fold in (1, 2, 3, 4)}
    assert (train.fold.to_numpy() == made.folds[made.rows["train"]]).all()

    heldout.split(frame, target="late", time="ts", horizon="3d", folds=4, out=tmp_path / "t")
    tested = []
    for fold in (1, 2, 3, 4):
        train, test = (pd.read_parquet(tmp_path / "t" / f"fold-{fold}" / f"{n}.parquet") for n in ("train", "test"))
        assert test.ts.min() - train.ts.max() >= pd.Timedelta("3D")
        tested.append(test)
    assert all(first.ts.max() < second.ts.min() for first, second in pairwise(tested))


def test_parquet_keeps_its_schema_and_every_row_is_in_its_part(tmp_path: Path):
    frame = visits().assign(tags=[["a"] * (i % 3) for i in range(N)], small=np.int8(3))
    table = pa.Table.from_pandas(frame)
    table = table.replace_schema_metadata({"owner": "us", **table.schema.metadata})
    pq.write_table(table, tmp_path / "data.parquet", row_group_size=700, compression="zstd")
    table = pq.read_table(tmp_path / "data.parquet")
    made = heldout.split(tmp_path / "data.parquet", target="late", entity="user", out=tmp_path / "out")
    for name, rows in made.rows.items():
        written = pq.read_table(tmp_path / "out" / f"{name}.parquet")
        assert written.schema.equals(table.schema, check_metadata=True)
        assert written.equals(table.take(pa.array(rows)))
        assert (
            pq.ParquetFile(tmp_path / "out" / f"{name}.parquet").metadata.row_group(0).column(0).compression == "ZSTD"
        )


def test_csv_keeps_its_texts_as_they_stand(tmp_path: Path):
    lines = ['id;"net; worth";y;note\r\n']
    lines += [
        f'{i:04d};1,{i % 10}0;{i % 2};"two\r\nlines ""{i}"""\r\n' if i % 3 else f"{i:04d};;{i % 2};\r\n"
        for i in range(200)
    ]
    lines[-1] = lines[-1].removesuffix("\r\n")
    (tmp_path / "data.csv").write_bytes("".join(lines).encode("utf-8-sig"))
    made = heldout.split(tmp_path / "data.csv", target="y", out=tmp_path / "out", at_random=True)
    for name, rows in made.rows.items():
        text = (tmp_path / "out" / f"{name}.csv").read_bytes().decode()
        assert text == lines[0] + "".join(lines[1 + row] for row in rows)
    made = heldout.split(tmp_path / "data.csv", target="y", folds=3, out=tmp_path / "folds", at_random=True)
    frame = pd.read_csv(tmp_path / "folds" / "folds.csv", sep=";", dtype=str)
    assert (frame.fold.astype(int).to_numpy() == made.folds).all()
    assert frame.iloc[1]["note"].replace("\r\n", "\n") == 'two\nlines "1"'


@pytest.mark.parametrize("ending", ["csv.gz", "csv.zip"])
def test_packed_text_is_split_to_plain_text(ending, tmp_path: Path):
    frame = visits(rows=300)
    frame.to_csv(tmp_path / f"data.{ending}", index=False)
    made = heldout.split(tmp_path / f"data.{ending}", target="late", time="ts", out=tmp_path / "out")
    test = pd.read_csv(tmp_path / "out" / "test.csv", parse_dates=["ts"])
    pd.testing.assert_frame_equal(test, frame.iloc[made.rows["test"]].reset_index(drop=True), check_dtype=False)


def test_a_format_can_be_chosen(tmp_path: Path):
    frame = visits(rows=300).assign(kind=pd.Categorical(["a", "b", "c"] * 100))
    frame.to_parquet(tmp_path / "data.parquet")
    heldout.split(tmp_path / "data.parquet", target="late", time="ts", out=tmp_path / "c", format="csv")
    assert pd.read_csv(tmp_path / "c" / "test.csv").columns.tolist() == frame.columns.tolist()
    frame.to_csv(tmp_path / "data.csv", index=False)
    heldout.split(tmp_path / "data.csv", target="late", time="ts", out=tmp_path / "p", format="parquet")
    assert pq.read_table(tmp_path / "p" / "test.parquet").schema.field("ts").type == pa.timestamp("us")


FRAMES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "pyarrow": pa.Table.from_pandas,
    "duckdb": lambda frame: duckdb.from_arrow(pa.Table.from_pandas(frame)),
}


@pytest.mark.parametrize("library", FRAMES)
def test_every_source_gives_the_same_rows(library, tmp_path: Path):
    frame = visits(rows=600)
    frame.to_csv(tmp_path / "data.csv", index=False)
    expected = heldout.split(tmp_path / "data.csv", target="late", entity="user").rows["test"].tolist()
    made = heldout.split(FRAMES[library](frame), target="late", entity="user", out=tmp_path / "out")
    assert made.rows["test"].tolist() == expected
    assert pq.read_table(tmp_path / "out" / "test.parquet").num_rows == len(expected)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**16), how=st.sampled_from(["random", "group", "forward", "both", "folds"]))
def test_the_order_of_the_rows_does_not_matter(seed, how):
    frame = visits(seed, rows=400, users=60)
    asked = {
        "random": {"at_random": True},
        "group": {"entity": "user"},
        "forward": {"time": "ts", "horizon": "2d"},
        "both": {"time": "ts", "entity": "user", "entity_rule": "deal"},
        "folds": {"entity": "user", "folds": 3},
    }[how]
    order = np.random.default_rng(seed).permutation(len(frame))
    first = heldout.split(frame, target="late", seed=seed, **asked)
    second = heldout.split(frame.iloc[order], target="late", seed=seed, **asked)
    for name, rows in first.rows.items():
        assert sorted(order[second.rows[name]].tolist()) == rows.tolist()
    if how == "folds":
        assert (second.folds == first.folds[order]).all()


def test_the_manifest_describes_the_files_and_reads_back(tmp_path: Path):
    frame = visits()
    frame.to_parquet(tmp_path / "data.parquet")
    made = heldout.split(tmp_path / "data.parquet", target="late", time="ts", entity="user", out=tmp_path / "out")
    path = tmp_path / "out" / "manifest.json"
    data = json.loads(path.read_text())
    Draft202012Validator(schema("split")).validate(data)
    assert data["input"]["sha256"] == sha256_of(tmp_path / "data.parquet")
    for part in made.manifest.parts:
        file = tmp_path / "out" / part.file
        assert part.sha256 == sha256_of(file)
        written = pd.read_parquet(file)
        assert (part.rows, part.entities) == (len(written), written.user.nunique())
        assert (part.first, part.last) == (str(written.ts.min().date()), str(written.ts.max().date()))
    assert read_manifest(path) == made.manifest
    assert to_json(read_manifest(path)) == path.read_text()


def test_the_same_split_twice_is_left_alone_and_a_damaged_one_is_made_again(tmp_path: Path):
    frame, out = visits(rows=300), tmp_path / "out"
    asked = {"target": "late", "time": "ts", "out": out}
    first = heldout.split(frame, **asked)
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    second = heldout.split(frame, **asked)
    assert (first.was_there, second.was_there) == (False, True)
    assert second.manifest == first.manifest
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == before
    (out / "test.parquet").write_bytes(b"half")
    third = heldout.split(frame, **asked)
    assert not third.was_there
    assert sha256_of(out / "test.parquet") == first.manifest.parts[1].sha256
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_nothing_is_left_where_writing_stops(tmp_path: Path):
    lines = ["a,y\n", *(f"{i},{i % 2}\n" for i in range(50)), 'x"y,1\n', 'z"w,0\n']
    (tmp_path / "data.csv").write_text("".join(lines))
    made = heldout.split(tmp_path / "data.csv", target="y", out=tmp_path / "ok", at_random=True)
    assert sum(len((tmp_path / "ok" / f"{n}.csv").read_text().splitlines()) for n in made.rows) == 54

    def stop(step: str) -> None:
        if step.startswith("writing"):
            (tmp_path / "data.csv").write_text("".join(lines[:20]))

    with pytest.raises(BadInput, match="records"):
        heldout.split(tmp_path / "data.csv", target="y", out=tmp_path / "out", at_random=True, progress=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "ok"]


def test_what_the_test_part_can_show_is_computed_from_its_counts():
    frame = visits()
    made = heldout.split(frame, target="late", entity="user")
    test = frame.iloc[made.rows["test"]]
    error = hanley_mcneil_standard_error(0.8, int(test.late.sum()), int((test.late == 0).sum()))
    found = made.manifest.resolution
    assert found.half_width == pytest.approx(1.96 * error, rel=0.01)
    sizes = test.user.value_counts()
    assert found.half_width_clustered == pytest.approx(1.96 * error * ((sizes**2).sum() / sizes.sum()) ** 0.5, rel=0.01)
    assert (found.metric, found.rows, found.units) == ("roc_auc", len(test), test.user.nunique())
    assert f"± {found.half_width:.2g}" in made.manifest.speech.resolves
    numbers = load_diabetes(return_X_y=True, as_frame=True)[0].assign(y=load_diabetes().target)
    said = heldout.split(numbers, target="y").manifest.speech.resolves
    assert "a root mean squared error is known to about ± 14.7% of itself" in said


def test_the_speech_is_the_same_every_time_and_speaks_of_no_person():
    table, y = load_breast_cancer(return_X_y=True, as_frame=True)
    first, second = (heldout.split(table.assign(y=y), target="y").manifest.speech for _ in range(2))
    assert first == second
    assert first.measures.startswith("This split measures how a model does on further rows like these")
    assert "It does not measure later times or keys" in first.does_not_measure


def test_rows_that_cannot_be_placed_are_left_out_and_told():
    frame = visits().astype({"late": object})
    frame.loc[:9, "late"], frame.loc[10:14, "ts"], frame.loc[15:21, "user"] = None, pd.NaT, None
    made = heldout.split(frame, target="late", time="ts", entity="user")
    reasons = {drop.reason: drop.rows for drop in made.manifest.dropped}
    assert (reasons["no_label"], reasons["no_time"], reasons["no_entity"]) == (10, 5, 7)
    assert not set(np.concatenate(list(made.rows.values()))) & set(range(22))


def test_a_giant_entity_goes_to_train_and_the_test_part_keeps_its_size():
    frame = visits()
    frame.loc[: int(0.7 * N), "user"] = "giant"
    made = heldout.split(frame, target="late", entity="user")
    train, test = parts(made, frame).values()
    assert "giant" in set(train.user)
    assert len(test) / N == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("how", ["declared", "found"])
def test_audits_read_the_manifest_beside_the_parts(how, tmp_path: Path):
    visits().to_parquet(tmp_path / "data.parquet")
    made = heldout.split(
        tmp_path / "data.parquet", target="late", time="ts", entity="user", horizon="2d", out=tmp_path / "out"
    )
    train, test = (tmp_path / "out" / f"{name}.parquet" for name in ("train", "test"))
    given = {"manifest": tmp_path / "out" / "manifest.json"} if how == "declared" else {}
    verdict = heldout.audit(train, test=test, **given)
    endings = {finding.name: finding.ending.value for finding in verdict.findings}
    assert (endings["entity-straddles-split"], endings["test-not-after-train"]) == ("clear", "clear")
    assert verdict.facts["split"] == "train and test of a forward group split of data.parquet; their hashes hold"
    assert made.manifest.request.target in verdict.title
    with pytest.raises(BadInput, match="are no pair"):
        heldout.audit(test, test=train, **given)
    frame = pd.read_parquet(test)
    frame.iloc[:-1].to_parquet(test)
    with pytest.raises(BadInput, match=r"test\.parquet has changed since the split was made"):
        heldout.audit(train, test=test, **given)


def test_an_audit_of_parts_with_folds_leaves_the_fold_column_out(tmp_path: Path):
    visits().to_parquet(tmp_path / "data.parquet")
    heldout.split(tmp_path / "data.parquet", target="late", entity="user", test=0.2, folds=3, out=tmp_path / "out")
    verdict = heldout.audit(tmp_path / "out" / "train.parquet", test=tmp_path / "out" / "test.parquet")
    assert "4 columns" in verdict.facts["train"]


def test_another_manifest_beside_a_table_is_none_of_ours(tmp_path: Path):
    visits().to_parquet(tmp_path / "data.parquet")
    (tmp_path / "manifest.json").write_text('{"schema": "another"}')
    assert "split" not in heldout.audit(tmp_path / "data.parquet", target="late").facts
