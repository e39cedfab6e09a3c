"""An eval from a table to what is forgotten, played once; each test looks at a part of it."""

import json
import random
import re
import shutil
from pathlib import Path

import pytest
from tests.life import NAME, SECRET, Life, play

from heldout.core.errors import BadInput
from heldout.evals.bundle.verify import ledger_lines
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Ledger
from heldout.sandbox import probe


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    isolation = probe()
    if isolation.level == 0:
        pytest.skip(f"no sandbox here: {isolation.explanation}")
    return play(tmp_path_factory.mktemp("life"))


def test_it(life: Life) -> None:
    for name, ran in life.ran.items():
        print("=====", name, ran.code, ran.out, ran.err)
    for name, ran in life.pushed.items():
        print("=====", name, ran.returncode, ran.stdout, ran.stderr)
    for key, text in life.pages.items():
        print("=====", key, text[:200])
