"""Real tables whose leaks are documented, where `HELDOUT_CASES` names the folder that holds them.

They may not be committed. Without them nothing is collected from here: the planted worlds of the other tests and the
tables of scikit-learn ask the same questions.
"""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from heldout.cli.main import main

FOLDER = os.environ.get("HELDOUT_CASES")

CASES: dict[str, tuple[str, list[str], int, set[str]]] = {
    "titanic_seaborn": ("titanic_seaborn/titanic.csv", ["--target", "survived"], 1, {"alive"}),
    "titanic3": ("titanic3/titanic3.csv", ["--target", "survived", "--na", "?"], 1, {"boat", "body"}),
    "hotel_bookings": (
        "hotel_bookings/hotel_bookings.csv",
        ["--target", "is_canceled", "--na", "NULL"],
        1,
        {"reservation_status", "reservation_status_date", "required_car_parking_spaces"},
    ),
    "adult": ("adult/adult-train.csv", ["--no-header", "--target", "15"], 0, set()),
}


def audited(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple:
    monkeypatch.setattr("sys.argv", ["heldout", "audit", *arguments, "--json"])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code, json.loads(capsys.readouterr().out)["findings"]


if FOLDER:

    @pytest.mark.parametrize("case", CASES)
    def test_the_documented_leaks_are_found_and_no_other(
        case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file, options, expected, columns = CASES[case]
        code, findings = audited([str(Path(FOLDER) / file), *options], monkeypatch, capsys)
        sure = [finding["answer"] for finding in findings if finding["answer"]["certainty"] in ("strong", "proven")]
        assert code == expected
        assert {witness["where"] for answer in sure for witness in answer["witnesses"]} == columns

    def test_a_random_split_of_wine_quality_tells_its_copies_with_an_interval(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        wine = pd.read_csv(Path(FOLDER) / "wine_quality/winequality-white.csv", header=None)
        order = np.random.default_rng(0).permutation(len(wine))
        for name, rows in (("train.csv", order[1200:]), ("test.csv", order[:1200])):
            wine.iloc[rows].to_csv(tmp_path / name, index=False, header=False)
        tables = ["--train", str(tmp_path / "train.csv"), "--test", str(tmp_path / "test.csv")]
        _, findings = audited([*tables, "--no-header", "--target", "12 >= 6"], monkeypatch, capsys)
        copies = next(finding["answer"] for finding in findings if finding["code"] == "SPL003")
        share = copies["measures"][0]["estimate"]
        assert copies["ending"] in ("problem", "caution")
        assert 0.2 < share["low"] < share["value"] < share["high"] < 0.4
