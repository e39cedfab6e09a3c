import os

import pytest

from heldout.core.errors import InfrastructureFailure
from heldout.sandbox.collection import collect
from heldout.sandbox.job import Limits


@pytest.fixture
def take(tmp_path):
    """Collect from tmp_path/left into tmp_path/taken within the given limits."""
    (tmp_path / "left").mkdir()

    def run(**limits):
        source = os.open(tmp_path / "left", os.O_RDONLY)
        try:
            most = Limits(wall_seconds=1, cpu_seconds=1, memory_mb=1, **limits)
            return collect({"/out": (source, tmp_path / "taken")}, most)
        finally:
            os.close(source)

    return run


def names(directory):
    return {path.name for path in directory.iterdir()}


def test_size_is_capped_over_all_files(tmp_path, take):
    for name in "abc":
        (tmp_path / "left" / name).write_bytes(bytes(400_000))
    assert take(output_mb=1) == (("/out/c", "exceeds what is left of the allowed size"),)
    assert names(tmp_path / "taken") == {"a", "b"}


def test_number_is_capped_and_directories_count(tmp_path, take):
    (tmp_path / "left" / "a").mkdir()
    (tmp_path / "left" / "a" / "b").touch()
    (tmp_path / "left" / "c").touch()
    ((path, reason),) = take(output_files=2)
    assert path == "/out/c"
    assert "more files than allowed" in reason
    assert names(tmp_path / "taken") == {"a"}


def test_a_path_too_long_for_a_host_is_refused(tmp_path, take):
    deep = tmp_path / "left"
    for _ in range(5):
        deep /= "n" * 250
        deep.mkdir()
    ((path, reason),) = take()
    assert len(path) > 1024
    assert "longer than 1024 bytes" in reason


def test_names_of_the_greatest_length_and_of_any_script_are_taken(tmp_path, take):
    wanted = {"n" * 255, "предсказания.csv", "予" * 85}
    for name in wanted:
        (tmp_path / "left" / name).touch()
    assert take() == ()
    assert names(tmp_path / "taken") == wanted


def test_a_receiving_side_that_fails_is_our_failure_not_the_candidates(tmp_path, take):
    (tmp_path / "taken").write_text("in the way")
    with pytest.raises(InfrastructureFailure, match="cannot make"):
        take()
    (tmp_path / "taken").unlink()
    (tmp_path / "taken" / "a").mkdir(parents=True)
    (tmp_path / "left" / "a").write_text("a file where a directory is")
    with pytest.raises(InfrastructureFailure, match="cannot write"):
        take()
    assert names(tmp_path / "taken") == {"a"}, "nothing half-written is left"
