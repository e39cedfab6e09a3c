"""Attacks on the network, the kernel's rarer system calls and the terminal, each with its control."""

import errno
import json
import platform
import socket
import threading

import pytest

from heldout.sandbox.system_call_filter import DENIED

NETWORK = """
    import json, socket, sys
    port, name = int(sys.argv[1]), "\\0" + sys.argv[2]
    ways = {
        "loopback": (socket.AF_INET, ("127.0.0.1", port)),
        "abstract": (socket.AF_UNIX, name),
        "internet": (socket.AF_INET, ("192.0.2.1", 80)),
        "metadata": (socket.AF_INET, ("169.254.169.254", 80)),
        "internet 6": (socket.AF_INET6, ("2001:db8::1", 80)),
    }
    found = {}
    for way, (family, address) in ways.items():
        try:
            with socket.socket(family) as client:
                client.settimeout(1)
                client.connect(address)
                found[way] = "connected"
        except OSError as error:
            found[way] = type(error).__name__
    try:
        socket.getaddrinfo("example.org", 80)
        found["names"] = "resolved"
    except OSError as error:
        found["names"] = type(error).__name__
    try:
        socket.socket(40, socket.SOCK_STREAM)
        found["virtual machine"] = "made"
    except OSError as error:
        found["virtual machine"] = error.errno
    print(json.dumps(found))
"""


@pytest.fixture
def host_listens():
    """A TCP port on the loopback and an abstract socket, as services of the host have them."""
    name = f"heldout-test-{threading.get_ident()}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0" + name)
        abstract.listen()
        yield tcp.getsockname()[1], name


def test_no_network_is_reached(inside, answer, host_listens):
    found = answer(inside(NETWORK, *host_listens))
    assert found.pop("virtual machine") == errno.EAFNOSUPPORT
    assert found.pop("names") == "gaierror"
    assert set(found) == {"loopback", "abstract", "internet", "metadata", "internet 6"}
    assert "connected" not in found.values()
    control = answer(inside(NETWORK, *host_listens, without=["--unshare-net"]))
    assert (control["loopback"], control["abstract"]) == ("connected", "connected")


CALLS = """
    import ctypes, errno, json, sys
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    found = {}
    for name, number in json.loads(sys.argv[1]).items():
        ctypes.set_errno(0)
        libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
        found[name] = errno.errorcode.get(ctypes.get_errno(), "")
    print(json.dumps(found))
"""


def test_dangerous_system_calls_are_denied(inside, answer):
    column = {"x86_64": 0, "aarch64": 1}[platform.machine()]
    numbers = {name: each[column] for name, each in DENIED.items() if each[column] is not None}
    found = answer(inside(CALLS, json.dumps(numbers | {"clone3": 435})))
    assert found.pop("clone3") == "ENOSYS"
    assert set(found.values()) == {"EPERM"}
    control = answer(inside(CALLS, json.dumps(numbers), without=["--seccomp"]))
    assert {"ptrace", "keyctl", "io_uring_register", "process_vm_readv", "mount", "unshare"} <= {
        name for name, said in control.items() if said not in {"EPERM", "ENOSYS"}
    }


NESTED = """
    import ctypes, errno, os
    libc = ctypes.CDLL(None, use_errno=True)
    def said(result):
        return "made" if result >= 0 else errno.errorcode[ctypes.get_errno()]
    child = os.fork()
    if not child:
        print(said(libc.unshare(0x10000000)), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    child = libc.syscall(number, 0x10000000 | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    print(said(child))
"""


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ([], ["EPERM", "EPERM"]),
        (["--seccomp"], ["ENOSPC", "ENOSPC"]),
        (["--disable-userns"], ["EPERM", "EPERM"]),
        (["--seccomp", "--disable-userns"], ["made", "made"]),
    ],
    ids=["both", "disabled", "filtered", "neither: the control"],
)
def test_no_user_namespace_is_made_by_two_defences_each_alone(inside, without, said):
    assert inside(NESTED, without=without).stdout.split() == said


TERMINAL = """
    import errno, fcntl, os, termios
    leader, follower = os.openpty()
    if not os.fork():
        os.setsid()
        fcntl.ioctl(follower, termios.TIOCSCTTY, 0)
        try:
            fcntl.ioctl(follower, termios.TIOCSTI, b"x")
            print("typed", flush=True)
        except OSError as error:
            print(errno.errorcode[error.errno], flush=True)
        os._exit(0)
    os.wait()
"""


def test_nothing_is_typed_into_a_terminal(inside):
    assert inside(TERMINAL).stdout == "EPERM\n"
    # a kernel with dev.tty.legacy_tiocsti=0 refuses with EIO by itself
    assert inside(TERMINAL, without=["--seccomp"]).stdout in {"typed\n", "EIO\n"}


POWERS = """
    for line in open("/proc/self/status"):
        if line.startswith(("CapPrm", "CapEff", "CapBnd", "NoNewPrivs", "Seccomp:")):
            print(*line.split())
"""


def test_a_job_has_no_capability_and_can_gain_none(inside):
    lines = dict(line.split() for line in inside(POWERS).stdout.splitlines())
    assert lines["CapEff:"] == lines["CapPrm:"] == lines["CapBnd:"] == "0" * 16
    assert (lines["NoNewPrivs:"], lines["Seccomp:"]) == ("1", "2")
