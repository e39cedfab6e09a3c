"""The clean worlds are what they are said to be: of their size and prevalence, tempting, and clean."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from benchmarks.worlds.bases import base_of, bases_for, numbers_of
from benchmarks.worlds.cells import CELLS, PLANNED, Cell, clean_world, jobs
from benchmarks.worlds.real import real_kinds, real_world
from benchmarks.worlds.synthetic import SYNTHETIC, synthetic_world
from benchmarks.worlds.world import LARGEST_AUC, auc_of, label_of, strength_for

REAL = real_kinds(500, 0.5)
KINDS = [*((synthetic_world, kind) for kind in SYNTHETIC), *((real_world, kind) for kind in REAL)]
every_kind = pytest.mark.parametrize(("draw", "kind"), KINDS, ids=[kind for _, kind in KINDS])


def drawn(draw, kind, rows=500, columns=40, prevalence=0.5, seed=0):
    return draw(np.random.default_rng(seed), rows, columns, prevalence, kind)


def is_between(low, values, high):
    return bool(np.all((np.asarray(values) >= low) & (np.asarray(values) <= high)))


@pytest.mark.parametrize(
    ("kind", "columns", "prevalence"),
    [
        (kind, columns, prevalence)
        for columns, prevalence in [(10, 0.5), (40, 0.05), (40, 0.01)]
        for kind in (*SYNTHETIC, *real_kinds(500, prevalence))  # of a rare class a small table has no test part
    ],
)
def test_a_world_has_its_rows_its_columns_and_its_prevalence(kind, columns, prevalence):
    draw = synthetic_world if kind in SYNTHETIC else real_world
    world = drawn(draw, kind, columns=columns, prevalence=prevalence)
    assert world.kind == kind
    assert world.rows == 500
    assert world.labels.sum() == round(prevalence * 500)
    for table in (world.train, world.test or world.train):
        assert len(set(table.column_names)) == table.num_columns == columns
        assert table.column_names == world.train.column_names
    assert set(np.unique(world.train["label"])) == {0, 1}


@every_kind
def test_a_seed_gives_the_same_world_and_another_seed_another(draw, kind):
    one, same, other = (drawn(draw, kind, seed=seed) for seed in (3, 3, 4))
    assert one.train.equals(same.train)
    assert one.test is same.test is None or one.test.equals(same.test)
    assert one.declared == same.declared
    assert not one.train.equals(other.train)


@every_kind
def test_no_column_and_no_honest_score_tells_more_than_clean_tables_allow(draw, kind):
    world = drawn(draw, kind, rows=20_000, prevalence=0.3)
    assert is_between(0.6, world.auc, LARGEST_AUC + 0.01)
    parts = [world.train] if world.test is None else [world.train, world.test]
    table = pa.concat_tables(parts, promote_options="none").unify_dictionaries()
    for name in set(table.column_names) - {"label"}:
        column = table[name].combine_chunks()
        if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
            continue
        numbers = numbers_of(column)
        known = ~np.isnan(numbers)
        power = auc_of(numbers[known], world.labels[known])
        assert is_between(1 - LARGEST_AUC - 0.02, power, LARGEST_AUC + 0.02), name


def test_worlds_reach_the_auc_of_the_best_clean_tables():
    best = [drawn(synthetic_world, "strong column", rows=20_000, columns=10, seed=seed).auc for seed in range(12)]
    assert max(best) > 0.93
    assert is_between(0.73, best, LARGEST_AUC + 0.01)


@pytest.mark.parametrize("prevalence", [0.5, 0.05, 0.01])
def test_a_strength_gives_the_auc_that_was_asked_for(prevalence):
    rng = np.random.default_rng(1)
    score, noise = rng.standard_normal(100_000), rng.logistic(size=100_000)
    strength = strength_for(score, noise, prevalence, 0.9)
    assert auc_of(score, label_of(strength * score + noise, prevalence)) == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("kind", ["drift", "autocorrelation"])
@pytest.mark.parametrize("seed", range(4))
def test_a_later_part_is_later(kind, seed):
    world = drawn(synthetic_world, kind, rows=2000, seed=seed)
    assert world.declared == {"time": "when"}
    assert pc.max(world.train["when"]).as_py() < pc.min(world.test["when"]).as_py()


def test_each_customer_is_on_one_side():
    world = drawn(synthetic_world, "entities", rows=2000)
    assert not set(world.train["customer"].to_pylist()) & set(world.test["customer"].to_pylist())
    assert len(set(world.train["customer"].to_pylist())) < world.train.num_rows / 2


def test_labels_and_columns_remember_where_they_are_said_to():
    world = drawn(synthetic_world, "autocorrelation", rows=20_000)
    label = world.train["label"].to_numpy()
    assert np.corrcoef(label[:-1], label[1:])[0, 1] > 0.1


def test_gaps_lean_to_a_class_and_come_in_blocks():
    rates = []
    for seed in range(3):
        world = drawn(synthetic_world, "leaning gaps", rows=20_000, prevalence=0.05, seed=seed)
        masks = {name: pc.is_null(world.train[name]).to_numpy() for name in world.train.column_names}
        masks = {name: mask for name, mask in masks.items() if name.startswith("form_")}
        rates += [world.labels[mask].mean() / world.labels[~mask].mean() for mask in masks.values()]
        assert len({mask.tobytes() for mask in masks.values()}) < len(masks)
    assert is_between(1 / 8, rates, 8)
    assert max(rates) > 2
    assert min(rates) < 1 / 2


def test_a_year_of_flights_holds_no_flight_twice_and_is_in_order():
    base = base_of("flights", "logistic")
    table = base.columns
    assert table.num_rows > 500_000
    key = ["scheduled", "carrier", "flight", "origin"]
    assert table.group_by(key).aggregate([]).num_rows == table.num_rows
    assert np.all(np.diff(table["scheduled"].to_numpy().astype(np.int64)) >= 0)
    assert not {"arr_delay", "dep_delay", "dep_time", "arr_time", "air_time"} & set(table.column_names)


def test_a_later_part_of_the_flights_is_later():
    world = drawn(real_world, "flights, split forward", rows=2000)
    assert pc.max(world.train["scheduled"]).as_py() < pc.min(world.test["scheduled"]).as_py()


@pytest.mark.parametrize("name", ["breast cancer", "diabetes", "wine"])
def test_rows_that_a_table_lacks_are_no_copies_and_as_fine_as_its_own(name):
    world, real = drawn(real_world, name, rows=5000, columns=70), base_of(name, "trees").columns
    table = world.train.select([c for c in real.column_names if c in world.train.column_names])
    assert table.num_columns == real.num_columns
    assert table.group_by(table.column_names).aggregate([]).num_rows == 5000
    for column in table.column_names:
        ours, theirs = table[column].to_numpy(), real[column].to_numpy()
        assert is_between(theirs.min(), ours, theirs.max())
        assert np.std(ours) == pytest.approx(np.std(theirs), rel=0.2)


def test_rows_that_a_table_has_are_drawn_once():
    world = drawn(real_world, "digits", rows=500, columns=70)
    real = base_of("digits", "logistic").columns
    ours = world.train.select(real.column_names)
    assert ours.group_by(real.column_names).aggregate([]).num_rows == 500
    assert ours.join(real, real.column_names, join_type="left semi").num_rows == 500


def test_half_of_the_worlds_of_each_cell_are_real_and_any_first_part_gives_each_cell_its_share():
    places = [place for _, _, place in jobs()]
    assert len(places) == len(set(places)) == 3 * sum(PLANNED.values()) > 1000
    for cell in CELLS:
        kinds = [cell.kinds[number % len(cell.kinds)] for number in range(len(cell.kinds))]
        assert sum(kind in SYNTHETIC for kind in kinds) == len(kinds) / 2
        ours = [
            number
            for *key, number in places[: len(places) // 2]
            if tuple(key) == (cell.rows, cell.columns, cell.prevalence)
        ]
        assert len(ours) == pytest.approx(PLANNED[cell.rows, cell.columns] / 2, abs=1)


def test_a_number_names_a_world():
    cell = Cell(rows=500, columns=10, prevalence=0.05)
    assert clean_world(cell, 7).train.equals(clean_world(cell, 7).train)
    assert not clean_world(cell, 7).train.equals(clean_world(cell, 8).train)


def test_large_worlds_come_from_tables_that_can_fill_them():
    assert "flights" in bases_for(500_000)
    assert "flights" not in bases_for(600_000)
    assert "adult" not in bases_for(500_000)
