"""The command line's manners: one message for bad usage, JSON that parses, a version, a quick start."""

import errno
import importlib
import json
import os
import re
import signal
import subprocess
import sys

import pytest

from heldout.engine import catalog

main = importlib.import_module("heldout.cli.main")


def heldout(*arguments):
    command = [sys.executable, "-m", "heldout", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_prints_its_version():
    assert heldout("--version").stdout.startswith("heldout 0.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nope"],
        ["--nope"],
        ["explain"],
        ["explain", "XYZ999"],
        ["checks", "nope"],
        ["audit", "x.csv"],
        ["eval", "grade"],
    ],
)
def test_bad_usage_is_one_message_exit_2_and_no_traceback(arguments):
    ran = heldout(*arguments)
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert "mend:" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_checks_lists_every_check_as_text_and_as_json():
    listed = json.loads(heldout("checks", "--json").stdout)
    assert [one["code"] for one in listed] == [check.code for check in catalog()]
    text = heldout("checks").stdout
    assert all(check.code in text for check in catalog())


def test_checks_can_be_listed_by_family_and_by_beginning():
    assert {one["family"] for one in json.loads(heldout("checks", "leakage", "--json").stdout)} == {"leakage"}
    assert {one["code"][:3] for one in json.loads(heldout("checks", "SPL", "--json").stdout)} == {"SPL"}


@pytest.mark.parametrize("check", catalog(), ids=lambda check: check.code)
def test_explain_shows_the_whole_page_of_a_check(check):
    (one,) = json.loads(heldout("explain", check.code, "--json").stdout)
    assert one["page"] == check.page
    assert "{" not in check.page, "a constant is quoted by its value"


@pytest.mark.parametrize("check", catalog(), ids=lambda check: check.code)
def test_a_page_names_only_commands_that_exist(check):
    commands = {command.name or command.callback.__name__ for command in main.app.registered_commands}
    commands |= {group.name for group in main.app.registered_groups}
    assert set(re.findall(r"`heldout (\w+)", check.page)) <= commands


def test_explain_prints_a_page_for_people():
    text = heldout("explain", "LEK001").stdout
    assert text.startswith("LEK001 leakage/near-copy")
    assert "Why it matters" in text


def test_importing_heldout_loads_none_of_its_heavy_parts():
    heavy = ["numpy", "pandas", "sklearn", "duckdb", "pyarrow", "altair", "typer", "pydantic", "scipy"]
    script = f"import sys, heldout; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_failure_of_the_tool_itself_is_exit_4_and_one_message(monkeypatch, capsys):
    def fails():
        raise RuntimeError("the disk is upside down")

    monkeypatch.setattr(main, "app", lambda **_: fails())
    monkeypatch.delenv("HELDOUT_DEBUG", raising=False)
    with pytest.raises(SystemExit) as leave:
        main.main()
    assert leave.value.code == 4
    assert "the tool itself failed: RuntimeError: the disk is upside down" in capsys.readouterr().err
    monkeypatch.setenv("HELDOUT_DEBUG", "1")
    with pytest.raises(RuntimeError):
        main.main()


def test_ctrl_c_is_answered_and_ends_with_130():
    slow = """
import importlib, sys, time
cli = importlib.import_module("heldout.cli.main")
@cli.app.command()
def wait():
    print("waiting", flush=True)
    time.sleep(60)
sys.argv = ["heldout", "wait"]
cli.main()
"""
    with subprocess.Popen(
        [sys.executable, "-c", slow], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as ran:
        assert ran.stdout.readline() == "waiting\n"
        ran.send_signal(signal.SIGINT)
        _, told = ran.communicate(timeout=30)
    assert ran.returncode == 130
    assert "interrupted" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(("name", "extra"), [("uv", "eval"), ("duckdb", "demo")])
def test_a_missing_extra_is_named_and_is_no_defect(name, extra):
    code, told = main._told(ModuleNotFoundError(f"No module named {name!r}", name=name))
    assert code == 2
    assert f"heldout[{extra}]" in told


def test_a_path_that_cannot_be_used_is_bad_input_and_a_full_disk_is_not(tmp_path):
    assert main._told(PermissionError(errno.EACCES, "Permission denied", str(tmp_path)))[0] == 2
    assert main._told(OSError(errno.ENOSPC, "No space left on device", str(tmp_path)))[0] == 4


def cut_off(*arguments):
    """Run a command whose reader is gone before it writes, as `head` is after its lines."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "heldout", *arguments]
    try:
        return subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writer)


@pytest.mark.parametrize(
    "arguments", [["checks"], ["checks", "--json"], ["explain", "LEK"], ["--help"], ["--version"], ["eval", "--help"]]
)
def test_a_reader_that_is_gone_ends_it_quietly_with_the_status_of_a_closed_pipe(arguments):
    ran = cut_off(*arguments)
    assert ran.stderr == ""
    assert ran.returncode == 128 + signal.SIGPIPE


def test_a_reader_that_is_gone_hides_no_mistake():
    ran = cut_off("explain", "XYZ999")
    assert ran.returncode == 2
    assert "mend:" in ran.stderr


def test_a_broken_pipe_to_another_program_is_no_reader_that_is_gone(monkeypatch, capfd):
    def fails(**_):
        try:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        except BrokenPipeError:
            sys.exit(1)

    monkeypatch.setattr(main, "app", fails)
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == 4
    assert "the tool itself failed" in capfd.readouterr().err


def test_without_stdout_it_works_all_the_same():
    command = f'exec "{sys.executable}" -m heldout checks 1>&-'
    ran = subprocess.run(command, shell=True, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
