import numpy as np
import pytest
from tests.worlds import audited_rows

from heldout.faults.split.rows import SplitRows
from heldout.tables.near_copies import near_copies_of


@pytest.fixture
def rng():
    return np.random.default_rng(9)


def found(train, test):
    tables = [{**part, "y": np.arange(len(next(iter(part.values())))) % 2} for part in (train, test)]
    audited, _ = audited_rows(SplitRows(train=tables[0], test=tables[1], target="y"))
    return near_copies_of(audited.train, audited.test, audited.label, ignored=()).found


def numbers(values):
    return {f"x{i}": values[:, i] for i in range(values.shape[1])}


def test_rows_with_noise_are_near_and_equal_rows_are_left_to_the_count_of_copies(rng):
    train, test = rng.normal(size=(2000, 6)), rng.normal(size=(500, 6))
    test[:50] = train[:50] + 0.001
    test[50:90] = train[50:90]
    (one,) = found(numbers(train), numbers(test))
    assert one.near == 50
    assert one.test_rows == 460
    assert one.examples == (0, 1, 2, 3, 4)


def test_a_dense_place_makes_no_near_copies(rng):
    train, test = rng.normal(size=(3000, 6)), 0.01 * rng.normal(size=(500, 6))
    train[:300] *= 0.01
    (one,) = found(numbers(train), numbers(test))
    assert one.near <= 1


def test_a_table_with_near_copies_of_its_own_has_them_as_its_chance_level(rng):
    values = np.repeat(rng.normal(size=(1500, 6)), 2, axis=0) + 0.001 * rng.normal(size=(3000, 6))
    is_test = rng.random(3000) < 0.3
    (one,) = found(numbers(values[~is_test]), numbers(values[is_test]))
    ours, chance = one.near / one.test_rows, one.reference_near / one.reference_rows
    assert ours == pytest.approx(chance, abs=0.06)
    assert chance > 0.5


def test_few_columns_and_few_values_are_not_compared(rng):
    few = numbers(rng.normal(size=(500, 3))), numbers(rng.normal(size=(200, 3)))
    coarse = numbers(rng.integers(0, 5, (500, 8)).astype(float)), numbers(rng.integers(0, 5, (200, 8)).astype(float))
    assert found(*few) == found(*coarse) == ()


def test_keys_row_numbers_and_missing_values_do_not_disturb(rng):
    train, test = rng.normal(size=(2000, 5)), rng.normal(size=(400, 5))
    test[:40] = train[:40] + 0.001
    train[100:200, 0] = np.nan
    tables = [numbers(values) | {"user_id": np.arange(len(values)) * 7} for values in (train, test)]
    (one,) = found(*tables)
    assert one.columns == ("x0", "x1", "x2", "x3", "x4")
    assert one.near == 40


def test_a_test_of_more_rows_on_a_line_than_train_has_their_chance_level(rng):
    def rows(many, on_a_line):
        values = rng.normal(size=(many, 5))
        values[:on_a_line, 1:] = 0.0
        return numbers(values)

    (one,) = found(rows(3000, 300), rows(1000, 600))
    ours, chance = one.near / one.test_rows, one.reference_near / one.reference_rows
    assert ours > 0.1
    assert chance > ours - 0.05


def test_a_test_of_more_letters_after_one_template_has_their_chance_level(rng):
    template = " ".join(f"common{i}" for i in range(30))

    def letters(many, after_template):
        same = [f"{template} {i} {rng.integers(1000)}" for i in range(after_template)]
        return np.array([*same, *texts(rng, many - after_template)], dtype=object)

    (one,) = found({"message": letters(500, 30)}, {"message": letters(300, 150)})
    assert one.near > 100
    assert one.reference_near / one.reference_rows > one.near / one.test_rows - 0.05


def texts(rng, rows):
    return np.array([" ".join(f"w{i}" for i in row) for row in rng.integers(0, 500, (rows, 40))], dtype=object)


def test_a_text_with_one_word_replaced_is_near_and_a_text_with_many_is_not(rng):
    train, test = texts(rng, 400), texts(rng, 200)
    test[:20] = [" ".join([*text.split()[:12], "other", *text.split()[13:]]) for text in train[:20]]
    test[20:40] = [
        " ".join([*text.split()[:12], *new.split()[12:]]) for text, new in zip(train[20:40], test[20:40], strict=True)
    ]
    test[40:50] = train[40:50]
    (one,) = found({"message": train}, {"message": test})
    assert (one.what, one.columns, one.near) == ("texts", ("message",), 20)
    assert one.test_rows == 190


def test_case_and_signs_make_no_other_text(rng):
    train, test = texts(rng, 300), texts(rng, 100)
    test[:5] = [f"{text.upper()}!" for text in train[:5]]
    (one,) = found({"message": train}, {"message": test})
    assert one.near == 5


def test_short_texts_are_no_texts(rng):
    train, test = rng.choice(["red", "green", "blue"], 300), rng.choice(["red", "green", "blue"], 100)
    assert found({"colour": train}, {"colour": test}) == ()
