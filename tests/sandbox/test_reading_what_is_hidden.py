"""Attacks that look for labels, secrets and other people's files; each control works without the defence."""

import os
from pathlib import Path

FIND = """
    import os, sys
    name = sys.argv[1]
    try:
        print(open(name).read())
    except OSError as error:
        print(error.strerror)
    for folder, _, files in os.walk("/"):
        if os.path.basename(name) in files:
            print("found in", folder)
"""


def test_labels_are_not_found_by_their_path_nor_anywhere_else(inside, given, secret):
    attacked = inside(FIND, secret, read_only={"/data": given}, wall_seconds=120)  # it walks a whole disk, in company
    assert attacked.succeeded
    assert attacked.stdout.strip() == "No such file or directory"
    control = inside(FIND, "/data/features.csv", read_only={"/data": given}, wall_seconds=120)
    assert "found in /data" in control.stdout


THROUGH_PROCESSES = """
    import glob, sys
    for way in glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/cwd"):
        try:
            print(open(way + sys.argv[1]).read())
        except OSError:
            pass
"""


def test_labels_are_not_reached_through_the_directories_of_other_processes(inside, outside, secret):
    assert "secret-label" not in inside(THROUGH_PROCESSES, secret).stdout
    assert "secret-label" in outside(THROUGH_PROCESSES, secret)


DESCRIPTORS = """
    import os
    for number in os.listdir("/proc/self/fd"):
        try:
            print(number, os.pread(int(number), 1000, 0))
        except OSError:
            print(number)
"""


def test_no_descriptor_of_the_supervisor_crosses(inside, secret):
    held = os.open(secret, os.O_RDONLY)
    os.set_inheritable(held, True)
    try:
        attacked, control = inside(DESCRIPTORS), inside(DESCRIPTORS, without=["close_fds"])
    finally:
        os.close(held)
    assert attacked.succeeded
    assert [line.split()[0] for line in attacked.stdout.splitlines()] == ["0", "1", "2", "3"]  # 3 lists the directory
    assert "secret-label" in control.stdout


ENVIRONMENTS = """
    import glob, os
    print(sorted(os.environ))
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            print(open(path).read())
        except OSError:
            pass
"""


def test_the_supervisors_environment_is_neither_inherited_nor_in_process_1(inside, outside, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "secret-token")
    attacked = inside(ENVIRONMENTS, environment={"GIVEN": "1"})
    assert attacked.succeeded
    assert "GIVEN" in attacked.stdout
    assert "SECRET" not in attacked.stdout
    assert "secret-token" in inside(ENVIRONMENTS, without=["empty environment"]).stdout
    assert "SECRET_TOKEN" in outside("import os; print(list(os.environ))")


COMMAND_LINES = """
    import glob
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        if path != "/proc/2/cmdline":  # our own, which holds this script
            print(open(path).read().split("\\0"))
"""


def test_process_titles_show_no_arguments(inside, given):
    attacked = inside(COMMAND_LINES, read_only={"/given-marker": given})
    assert "bwrap" in attacked.stdout
    assert "given-marker" not in attacked.stdout
    assert "given-marker" in inside(COMMAND_LINES, read_only={"/given-marker": given}, without=["--args"]).stdout


def test_the_mount_table_names_what_was_given_and_nothing_else(inside, outside, given, secret):
    script = "print(open('/proc/self/mountinfo').read())"
    attacked = inside(script, read_only={"/data": given})
    assert " /data " in attacked.stdout
    assert secret.name not in attacked.stdout
    shown = {line.split()[4] for line in attacked.stdout.splitlines() if line}
    beyond = {line.split()[4] for line in outside(script).splitlines() if line} - shown
    assert beyond, "the control: the host's own mounts are seen outside"


LEAVE = """
    for folder in ("/tmp", "/dev/shm"):
        open(folder + "/left-behind", "w").write("x")
"""
LOOK = """
    import os
    print([folder for folder in ("/tmp", "/dev/shm") if os.path.exists(folder + "/left-behind")])
"""


def test_nothing_of_an_earlier_run_is_left_to_a_later_one(inside, outside, tmp_path):
    assert inside(LEAVE).succeeded
    assert inside(LOOK).stdout.strip() == "[]"
    assert inside(LEAVE + LOOK).stdout.strip() == "['/tmp', '/dev/shm']", (
        "the control: the files are there while it runs"
    )


KERNEL = """
    import os
    looked_for = ("/sys/kernel", "/dev/kmsg", "/boot", "/var/log", "/run", "/home")
    found = [path for path in looked_for if os.path.exists(path)]
    try:
        open("/proc/kmsg")
        found.append("/proc/kmsg")
    except OSError:
        pass
    print(found)
"""


def test_the_kernels_log_and_the_hosts_other_directories_are_not_there(inside, outside):
    assert inside(KERNEL).stdout.strip() == "[]"
    assert "/sys/kernel" in outside(KERNEL)


READ_ALL = """
    import os
    print(os.getuid(), os.getgid(), os.getgroups())
    for name in sorted(os.listdir("/data")):
        try:
            print(open("/data/" + name).read())
        except OSError as error:
            print(error.strerror)
"""


def test_a_private_file_of_root_stays_private_though_its_directory_is_given(inside, given):
    (given / "private.txt").write_text("for root alone")
    (given / "private.txt").chmod(0o600)
    attacked = inside(READ_ALL, read_only={"/data": given})
    assert attacked.stdout.startswith("1000 1000 ")
    if os.geteuid() == 0:
        assert "Permission denied" in attacked.stdout
        assert "for root alone" in inside(READ_ALL, read_only={"/data": given}, without=["own user"]).stdout
    else:  # the job is the same user: what is given is readable
        assert "for root alone" in attacked.stdout


def test_what_is_given_cannot_be_written(inside, outside, given):
    script = "import sys; open(sys.argv[1] + '/written', 'w')"
    attacked = inside(script, "/data", read_only={"/data": given})
    assert attacked.reason == "exit code 1"
    assert "Read-only file system" in attacked.stderr
    outside(script, given)
    assert Path(given, "written").exists()
