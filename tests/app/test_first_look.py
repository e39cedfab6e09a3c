"""The first look of an audit: told before the file is read, provisional, and never in the way."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import heldout


class Told:
    """Keeps what an audit tells, in order."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.counted: list[tuple[int, int, str]] = []

    def __call__(self, step: str, /) -> None:
        self.steps.append(step)

    def advance(self, done: int, total: int, unit: str = "") -> None:
        self.counted.append((done, total, unit))

    def found(self, sentence: str) -> None:
        self.steps.append(f"found: {sentence}")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, 21_000)
    frame = pd.DataFrame({"x": rng.normal(size=21_000), "leak": label + rng.normal(0, 0.1, 21_000), "y": label})
    frame.assign(empty=np.where(np.arange(21_000) < 20_990, np.nan, 1.0)).to_parquet(tmp_path / "t.parquet")
    frame.to_csv(tmp_path / "t.csv", index=False)
    return tmp_path


@pytest.mark.parametrize("name", ["t.parquet", "t.csv"])
def test_a_leak_is_told_before_the_file_is_read(name: str, large: Path) -> None:
    told = Told()
    verdict = heldout.audit(str(large / name), target="y", looks_first=True, progress=told)
    expected = "found: first look (10,000 rows): leak alone nearly tells y. LEK001 suspect, provisional"
    assert told.steps[0] == expected
    assert told.steps[1] == f"reading {large / name}"
    assert verdict == heldout.audit(str(large / name), target="y"), "nothing of the look enters the verdict"


def test_it_is_silent_where_it_is_not_asked_for_where_nothing_is_found_and_where_it_cannot_read(large: Path) -> None:
    told = Told()
    heldout.audit(str(large / "t.csv"), target="y", progress=told)
    heldout.audit(str(large / "t.csv"), target="y", drop=["leak"], looks_first=True, progress=told)
    heldout.audit(str(large / "t.csv"), target="y", select=["SPL"], looks_first=True, progress=told)
    ordered = pd.read_csv(large / "t.csv").sort_values("y")  # one class alone among the first rows
    ordered["y"] = np.arange(21_000) >= 20_500
    ordered.to_csv(large / "t.csv", index=False)
    heldout.audit(str(large / "t.csv"), target="y", looks_first=True, progress=told)
    assert not [step for step in told.steps if step.startswith("found")]


def test_checks_are_counted_and_a_plain_function_gets_the_sentences(large: Path) -> None:
    told, steps = Told(), list[str]()
    heldout.audit(str(large / "t.csv"), target="y", progress=told)
    checks = [count for count in told.counted if count[2] == "checks"]
    total = checks[0][1]
    assert checks == [(done, total, "checks") for done in range(total)]
    heldout.audit(str(large / "t.csv"), target="y", looks_first=True, progress=steps.append)
    assert steps[0].startswith("first look")
    assert steps[1:] == told.steps
