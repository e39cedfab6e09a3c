"""The audit of a holdout: each planted way to read its labels is refused, and its clean twin is not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.app import authored

from heldout.app.eval_holdout import audit_holdout
from heldout.evals.authoring.holdout import HoldoutFinding, labelled
from heldout.evals.brief import OpenBrief, open_brief

Fault = Callable[[OpenBrief], None]


@pytest.fixture
def opened(tmp_path: Path) -> OpenBrief:
    """A clean eval of the test's own, with ids that the organiser gave, times and entities."""
    made = authored.write(tmp_path, authored.clean(), key="code", time="when")
    assert made.folder is not None
    return open_brief(made.folder)


def refused(opened: OpenBrief, **asked: str) -> tuple[HoldoutFinding, ...]:
    return tuple(finding for finding in audit_holdout(opened, **asked) if finding.refuses)


def rewrite(opened: OpenBrief, table: pa.Table, part: str = "final") -> None:
    pq.write_table(table, opened.file(f"data/{part}.parquet"))


def final(opened: OpenBrief) -> tuple[pa.Table, np.ndarray]:
    table = labelled(opened, "final")
    return table.drop_columns(["y"]), table.column("y").to_numpy()


def rename(opened: OpenBrief, keys: list[str]) -> None:
    """Give the final rows other ids, in features and answers alike."""
    table, label = final(opened)
    place = table.column_names.index("code")
    rewrite(opened, table.set_column(place, "code", pa.array(keys)))
    pq.write_table(pa.table({"code": keys, "y": label}), opened.answers_file("final"))


def test_a_clean_holdout_is_not_refused(opened: OpenBrief) -> None:
    assert refused(opened) == ()


@pytest.mark.parametrize("seed", range(5))
def test_a_holdout_whose_ids_count_time_or_nothing_is_not_refused(opened: OpenBrief, seed: int) -> None:
    table, label = final(opened)
    rng = np.random.default_rng(seed)
    by_time = np.argsort(np.argsort(table.column("when").to_numpy()))
    rename(opened, [f"k{number:06d}" for number in (by_time if seed % 2 else rng.permutation(label.size))])
    assert refused(opened) == ()


@pytest.mark.parametrize(
    "name",
    [
        lambda label, number: f"{'pos' if label else 'neg'}{number:06d}",
        lambda label, number: f"k{number:06d}{label}",
        lambda label, number: f"k{2 * number + label:07d}",
        lambda label, number: f"k{number:06d}{'x' * label}",
        lambda label, number: f"k{number + 100_000 * label:06d}",
    ],
    ids=["prefix", "last character", "parity", "length", "given class by class"],
)
def test_ids_that_tell_the_label_are_refused_with_a_way_out(opened: OpenBrief, name: Callable[[int, int], str]) -> None:
    _, label = final(opened)
    numbers = np.random.default_rng(3).permutation(label.size)
    rename(opened, [name(int(one), int(number)) for one, number in zip(label, numbers, strict=True)])
    found = refused(opened)
    assert found
    assert {finding.part for finding in found} == {"final"}
    assert all("--key" in finding.mend for finding in found)


def test_whole_numbers_whose_remainder_is_the_label_are_refused(tmp_path: Path) -> None:
    frame = authored.clean()
    frame["number"] = np.random.default_rng(1).permutation(len(frame)) * 2 + frame.y
    made = authored.write(tmp_path, frame, key="number", time="when")
    assert made.refused == "holdout"
    assert any("number" in finding.claim for finding in made.findings)
    frame["number"] = np.random.default_rng(1).permutation(len(frame)) * 2 + frame.kind.isin(["a", "b"])
    assert authored.write(tmp_path / "twin", frame, key="number", time="when").refused == ""


@pytest.mark.parametrize("order", ["sorted by the label", "the label in turn"])
def test_an_order_of_rows_that_tells_the_label_is_refused(opened: OpenBrief, order: str) -> None:
    table, label = final(opened)
    by_label = np.argsort(label, kind="stable")
    if order == "the label in turn":
        ones, zeros = np.flatnonzero(label == 1), np.flatnonzero(label == 0)
        size = min(ones.size, zeros.size)
        by_label = np.column_stack([zeros[:size], ones[:size]]).ravel()
    rewrite(opened, table.take(pa.array(by_label)))
    assert any("shuffle" in finding.mend for finding in refused(opened))


def test_an_order_by_time_is_not_refused(opened: OpenBrief) -> None:
    table, _ = final(opened)
    rewrite(opened, table.sort_by("when"))
    assert refused(opened) == ()


@pytest.mark.parametrize("where", ["file", "column", "index"])
def test_metadata_of_the_holdouts_files_are_refused(opened: OpenBrief, where: str) -> None:
    table, label = final(opened)
    if where == "file":
        table = table.replace_schema_metadata({"labels": ",".join(map(str, label))})
    elif where == "column":
        said = table.schema.field("x").with_metadata({"note": "the first 400 are positive"})
        table = table.cast(table.schema.set(table.column_names.index("x"), said))
    else:
        table = pa.Table.from_pandas(table.to_pandas().iloc[::2], preserve_index=True)
    rewrite(opened, table)
    found = refused(opened)
    assert {finding.code for finding in found} >= {"metadata"}
    rewrite(opened, final(opened)[0].replace_schema_metadata(None).select(list(opened.brief.available)))
    if where == "file":
        assert refused(opened) == ()


def test_copies_of_training_rows_are_refused(opened: OpenBrief) -> None:
    table, label = final(opened)
    train = labelled(opened, "train")
    copied = train.select([name for name in table.column_names if name != "code"]).slice(0, table.num_rows // 5)
    whole = pa.concat_tables([copied, table.drop_columns(["code"]).slice(copied.num_rows)])
    keyed = whole.append_column("code", table.column("code"))
    pq.write_table(
        pa.table(
            {
                "code": table.column("code"),
                "y": [*train.column("y").to_pylist()[: copied.num_rows], *label[copied.num_rows :].tolist()],
            }
        ),
        opened.answers_file("final"),
    )
    rewrite(opened, keyed.select(table.column_names))
    assert {"SPL001", "SPL003"} <= {finding.code for finding in refused(opened)}


def test_ids_in_two_parts_are_refused(opened: OpenBrief) -> None:
    table, _ = final(opened)
    taken = labelled(opened, "train").column("code").to_pylist()[: table.num_rows]
    rename(opened, taken)
    assert "keys" in {finding.code for finding in refused(opened)}


def test_entities_on_both_sides_are_refused_when_they_were_declared(tmp_path: Path) -> None:
    made = authored.write(tmp_path, authored.clean(), time="when")
    assert made.folder is not None
    opened = open_brief(made.folder)
    assert "SPL002" in {finding.code for finding in refused(opened, entity="user")}
    apart = authored.write(tmp_path / "apart", authored.clean(), entity="user", feedback=0.2)
    assert apart.refused == ""


def test_a_known_column_that_copies_the_label_is_refused_and_named(tmp_path: Path) -> None:
    frame = authored.clean()
    frame["copy"] = frame.y * 3 + 1
    frame["about"] = frame.y + np.random.default_rng(0).normal(0, 3, len(frame))
    known = ("when", "user", "x", "kind")
    made = authored.write(tmp_path, frame, time="when", known=(*known, "copy"))
    assert made.refused == "holdout"
    assert made.folder is None
    assert not (tmp_path / "eval").exists()
    finding = next(finding for finding in made.findings if finding.refuses)
    assert "copy" in finding.claim
    assert "--known" in finding.mend
    assert authored.write(tmp_path / "twin", frame, time="when", known=(*known, "about")).refused == ""
