"""An eval of two candidates, served for the tests of one file."""

from collections.abc import Iterator

import pytest
from tests.web.served import Served, open_for, serving, write_eval


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = write_eval(tmp_path_factory.mktemp("eval"))
    with serving(*open_for(folder, "ada", "bob")) as served:
        yield served
