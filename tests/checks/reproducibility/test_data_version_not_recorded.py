import pytest
from tests.repositories import asked

from heldout.checks.reproducibility.data_version_not_recorded import data_version_not_recorded
from heldout.core.finding import Certainty, Ending

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "files",
    [
        {"train.csv.dvc": "outs:\n"},
        {"dvc.lock": ""},
        {"EXPERIMENTS.md": f"data: train.parquet, SHA-256 {DIGEST}\n"},
        {"README.md": "Trained on the dataset of snapshot 2026-09-01.\n"},
        {"params.yaml": "data_version: v1\ntable: a.csv  # version 3\n"},
        {"train.py": "import hashlib\nhashlib.sha256(open('a', 'rb').read())\n"},
        {"train.py": f"DATA = '{DIGEST}'\n"},
    ],
)
def test_a_record_of_the_data_is_clear_and_shown(files):
    finding = asked(data_version_not_recorded, files)
    assert finding.ending is Ending.CLEAR
    assert finding.answer.witnesses[0].where in files


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": "Trained on train.csv.\n"},
        {"requirements.lock": f"data==1.0 --hash=sha256:{DIGEST}\n", "requirements.txt": f"table {DIGEST}\n"},
        {"README.md": f"FROM train@sha256:{DIGEST}\n"},
        {"tests/test_a.py": "import hashlib\nhashlib.md5(b'')\n"},
        {"a.md": b"\xff\xfe" * 1_000, "b.json": b"data " * 100_000, "c.py": b"#" + b"0" * 90_000},
    ],
)
def test_hashes_of_other_things_are_no_record(files):
    assert asked(data_version_not_recorded, files).certainty is Certainty.SUSPECT
