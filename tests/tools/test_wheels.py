"""Wheels come by hash from the user's own registry, whole or not at all, and each failure has its cause."""

import hashlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from heldout.core.errors import BadInput, CandidateFailure, InfrastructureFailure
from heldout.tools import wheels


def make_wheel(folder: Path, name: str, version: str, requires: str = "") -> str:
    """Write a wheel of nothing but its metadata, and return its SHA-256."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += f"Requires-Dist: {requires}\n" if requires else ""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registry of wheels in a folder, which the user has set up for pip."""
    folder = tmp_path / "registry"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for name, value in {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}.items():
        monkeypatch.setenv(name, value)
    make_wheel(folder, "pip", "99.0")
    return folder


def test_requirements_are_resolved_to_a_lock_with_all_that_they_need(registry: Path) -> None:
    a, b = make_wheel(registry, "Some_Thing", "1.2", "other>=2"), make_wheel(registry, "other", "2.5")
    make_wheel(registry, "other", "1.0")
    lock = wheels.resolve("some.thing\n")
    assert lock.splitlines()[1:] == [f"other==2.5 --hash=sha256:{b}", f"some-thing==1.2 --hash=sha256:{a}"]
    assert wheels.is_pinned(lock)


def test_requirements_of_nothing_resolve_to_an_empty_lock(registry: Path) -> None:
    lock = wheels.resolve("# nothing\n")
    assert wheels.parse(lock) == ()


def test_a_promised_hash_that_is_not_found_is_the_candidates_failure(registry: Path) -> None:
    digest = make_wheel(registry, "thing", "1.0")
    make_wheel(registry, "loose", "1.0")
    assert "thing==1.0" in wheels.resolve(f"thing==1.0 --hash=sha256:{digest}\nloose\n")
    with pytest.raises(CandidateFailure, match="another hash than promised"):
        wheels.resolve(f"thing==1.0 --hash=sha256:{'0' * 64}\nloose\n")


def test_the_wheels_of_a_lock_are_downloaded_once(registry: Path, tmp_path: Path) -> None:
    digest = make_wheel(registry, "thing", "1.0")
    make_wheel(registry, "thing", "2.0")
    lock = f"thing==1.0 \\\n  --hash=sha256:{'0' * 64} \\\n  --hash=sha256:{digest}  # twice\n"
    folder = wheels.download(lock, tmp_path / "cache")
    assert [path.name for path in folder.iterdir()] == ["thing-1.0-py3-none-any.whl"]
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [folder.name]
    (registry / "thing-1.0-py3-none-any.whl").unlink()
    assert wheels.download(f"# again\n{lock}", tmp_path / "cache") == folder


def test_a_cached_wheel_that_was_changed_is_downloaded_again(registry: Path, tmp_path: Path) -> None:
    lock = f"thing==1.0 --hash=sha256:{make_wheel(registry, 'thing', '1.0')}\n"
    (wheel,) = wheels.download(lock, tmp_path / "cache").iterdir()
    good = wheel.read_bytes()
    wheel.write_bytes(b"forged")
    (again,) = wheels.download(lock, tmp_path / "cache").iterdir()
    assert again.read_bytes() == good


def test_a_requirement_whose_marker_does_not_apply_has_no_wheel(registry: Path, tmp_path: Path) -> None:
    a, b = make_wheel(registry, "thing", "1.0"), make_wheel(registry, "old", "1.0")
    lock = f"thing==1.0 --hash=sha256:{a}\nold==1.0 ; python_version < '3' --hash=sha256:{b}\n"
    assert [path.name for path in wheels.download(lock, tmp_path).iterdir()] == ["thing-1.0-py3-none-any.whl"]


def test_a_lock_of_nothing_has_an_empty_folder(registry: Path, tmp_path: Path) -> None:
    assert list(wheels.download("", tmp_path).iterdir()) == []


def test_a_wheel_with_another_hash_is_the_candidates_failure_and_leaves_nothing(registry: Path, tmp_path: Path) -> None:
    make_wheel(registry, "thing", "1.0")
    with pytest.raises(CandidateFailure, match="DO NOT MATCH THE HASHES"):
        wheels.download(f"thing==1.0 --hash=sha256:{'0' * 64}\n", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("name", ["nowhere", "ConnectionError", "Retrying.Retry"])
def test_an_unknown_package_is_the_candidates_failure_whatever_its_name(
    registry: Path, tmp_path: Path, name: str
) -> None:
    with pytest.raises(CandidateFailure, match="No matching distribution"):
        wheels.resolve(f"{name}\n")
    with pytest.raises(CandidateFailure, match="No matching distribution"):
        wheels.download(f"{name}==1.0 --hash=sha256:{'0' * 64}\n", tmp_path)


def test_a_marker_that_cannot_be_compared_is_the_candidates_failure(registry: Path) -> None:
    with pytest.raises(CandidateFailure):
        wheels.resolve("thing ; os_name ~= 'linux'\n")


def test_a_source_archive_is_never_built(registry: Path, tmp_path: Path) -> None:
    (registry / "thing-1.0.tar.gz").write_bytes(b"x")
    with pytest.raises(CandidateFailure):
        wheels.resolve("thing\n")


def test_requirements_that_contradict_each_other_are_the_candidates_failure(registry: Path) -> None:
    make_wheel(registry, "thing", "1.0", "other>=2")
    make_wheel(registry, "other", "1.0")
    make_wheel(registry, "other", "2.0")
    with pytest.raises(CandidateFailure, match="ResolutionImpossible"):
        wheels.resolve("thing\nother<2\n")


def test_a_registry_that_is_down_is_the_infrastructures_failure(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(InfrastructureFailure):
        wheels.resolve("numpy\n")


def test_a_registry_that_has_nothing_at_all_is_the_infrastructures_failure(registry: Path) -> None:
    (registry / "pip-99.0-py3-none-any.whl").unlink()
    with pytest.raises(InfrastructureFailure, match="does not answer"):
        wheels.resolve("numpy\n")


@pytest.mark.parametrize(
    "line", ["--index-url https://example.org", "-e .", "-r other.txt", "./x.whl", "a @ file:///etc", "--find-links /"]
)
def test_a_line_that_chooses_a_network_or_a_file_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    for use in (wheels.parse, wheels.is_pinned, wheels.resolve, lambda text: wheels.download(text, tmp_path)):
        with pytest.raises(BadInput) as caught:
            use(f"# first\n{line}\n")
        assert "line 2" in caught.value.where


def test_a_lock_that_is_not_pinned_is_not_downloaded(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="numpy has no exact version with a hash"):
        wheels.download("numpy==2.0\n", tmp_path)
    assert not wheels.is_pinned("numpy==2.0\n")


def test_a_download_that_was_killed_leaves_no_half_filled_folder(registry: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    lock = f"thing==1.0 --hash=sha256:{make_wheel(registry, 'thing', '1.0')}\n"
    code = (
        "import sys, pathlib; from heldout.tools import wheels; wheels.download(sys.argv[1], pathlib.Path(sys.argv[2]))"
    )
    with subprocess.Popen([sys.executable, "-c", code, lock, str(cache)], start_new_session=True) as child:
        while child.poll() is None and not list(cache.glob(".partial-*")):
            time.sleep(0.005)
        os.killpg(child.pid, signal.SIGKILL)
    assert [path for path in cache.iterdir() if not path.name.startswith(".partial-")] == []
    (wheel,) = wheels.download(lock, cache).iterdir()
    assert wheel.name == "thing-1.0-py3-none-any.whl"


def test_what_a_killed_download_left_behind_is_swept_a_day_later(registry: Path, tmp_path: Path) -> None:
    for name, age in ((".partial-old", 2 * wheels.STALE_SECONDS), (".partial-new", 0)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    wheels.download("", tmp_path)
    assert not (tmp_path / ".partial-old").exists()
    assert (tmp_path / ".partial-new").exists()
