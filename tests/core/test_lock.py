"""A lock is read strictly: a name, a version, a marker, hashes; and nothing that chooses a network or a file."""

import pytest

from heldout.core.lock import Requirement, read_requirements

A, B = "a" * 64, "b" * 64


def only(text: str) -> Requirement:
    (requirement,) = read_requirements(text)
    return requirement


def test_a_locked_requirement_gives_its_name_version_marker_and_hashes() -> None:
    text = f"""# made by a tool
Scikit_Learn[extra]==1.6.1 ; python_version >= "3.11" \\
    --hash=sha256:{A} \\
    --hash=sha256:{B}
    # via -r requirements.in
"""
    assert only(text) == Requirement(
        line=2,
        text=only(text).text,
        name="scikit-learn",
        extras="[extra]",
        versions="==1.6.1",
        marker='python_version >= "3.11"',
        hashes=(A, B),
    )
    assert only(text).is_pinned


def test_each_requirement_knows_the_line_where_it_starts() -> None:
    text = f"\n# one\nnumpy==2.0 \\\n  --hash=sha256:{A}\n\nscipy==1.15 --hash=sha256:{B}  # two\n"
    assert [(item.line, item.name, item.is_pinned) for item in read_requirements(text)] == [
        (3, "numpy", True),
        (6, "scipy", True),
    ]


@pytest.mark.parametrize(
    "text", ["numpy", "numpy>=2", "numpy==2.*", "numpy==2.0", "numpy>=2,<3", "numpy~=2.1 ; os_name=='nt'"]
)
def test_a_requirement_without_one_version_and_a_hash_is_understood_but_not_pinned(text: str) -> None:
    assert not only(text).refused
    assert not only(text).is_pinned


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://example.org/simple",
        "-i https://example.org/simple",
        "--extra-index-url=https://example.org",
        "--find-links /tmp",
        "--trusted-host example.org",
        "-e .",
        "-r other.txt",
        "-c constraints.txt",
        "--pre",
        "./package",
        "../package",
        "/etc/passwd",
        "package.whl/../x",
        "numpy @ https://example.org/numpy.whl",
        "numpy@file:///tmp/x",
        "git+https://example.org/numpy.git",
        "https://example.org/numpy.whl",
        f"numpy==2.0 --hash=md5:{'a' * 32}",
        f"numpy==2.0 --hash=sha256:{A[:-1]}",
        f"numpy==2.0 --hash=sha256:{A} --index-url=https://example.org",
        "numpy==2.0 --global-option=x",
        "numpy==${SECRET}",
        "$SECRET",
        "numpy==2.0 ;",
        "numpy==2.0 ; import os",
        "numpy==2.0 ; python_version<'3.12' scipy==1.0",
        "numpy==2.0 ; python_version",
        "numpy==2.0 scipy==1.0",
        "numpy 2.0",
        "\x1b[31mnumpy",
        "nümpy==1.0",
    ],
)
def test_a_line_that_is_anything_else_is_refused_with_a_reason(text: str) -> None:
    bad = [item for item in read_requirements(f"scipy==1.0\n{text}\n") if item.refused]
    assert [item.line for item in bad] == [2]


@pytest.mark.parametrize(
    "marker",
    [
        "python_version < '3.12'",
        'sys_platform=="linux" and (platform_machine == "x86_64" or platform_machine == "arm64")',
        "'linux' in sys_platform",
        "extra not in 'a b'",
    ],
)
def test_a_marker_is_kept_as_it_stands(marker: str) -> None:
    assert only(f"numpy==2.0 ; {marker}").marker == marker


def test_what_is_rendered_is_read_again_as_the_same() -> None:
    first = only(f"numpy == 2.0.1 ; python_version<'3.13' --hash=sha256:{A}")
    again = only(first.render())
    assert (again.name, again.versions, again.marker, again.hashes) == (
        "numpy",
        "==2.0.1",
        "python_version<'3.13'",
        (A,),
    )


def test_a_backslash_at_the_end_of_the_file_loses_nothing() -> None:
    assert only("numpy==2.0 \\").name == "numpy"


def test_an_enormous_file_is_refused_without_reading_it() -> None:
    assert "characters" in only("numpy==2.0\n" * 200_000).refused


def test_a_long_hostile_line_is_read_in_linear_time() -> None:
    hostile = ["a" * 500_000, "a==" + "1," * 200_000, "a ;" + " (" * 200_000, "a " * 300_000, "=" * 500_000]
    hostile += ["a" + " " * 500_000 + "b", "a==1" + " " * 500_000 + "b"]
    assert all(item.refused for text in hostile for item in read_requirements(text))


@pytest.mark.parametrize("comparison", ["inininininin", "'a' in 'a'in'a'", "extra in extra", "os_name==os_name"])
def test_a_marker_that_can_be_read_in_many_ways_is_refused_at_once(comparison: str) -> None:
    assert only(f"a ; {' and '.join([comparison] * (480 // (len(comparison) + 5)))} and !").refused


@pytest.mark.parametrize(
    "marker",
    ["foo == 'No space left on device'", "python_version ~= 'No space left on device'", "'a b' in 'Permission denied'"],
)
def test_a_marker_holds_no_sentence_that_an_installer_would_say_again(marker: str) -> None:
    assert only(f"numpy==2.0 ; {marker}").refused
