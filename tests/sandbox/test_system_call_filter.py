"""The filter for both architectures, run by a small interpreter; test_breaking_out runs one in the kernel."""

import errno
import struct

import pytest

from heldout.sandbox.system_call_filter import DENIED, system_call_filter

MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
ALLOW, KILL = 0x7FFF0000, 0x80000000


def decide(machine, number, *arguments, architecture=None):
    """Return what the filter answers to a system call: classic BPF, as far as it is used."""
    architecture = MACHINES[machine][0] if architecture is None else architecture
    data = struct.pack("<IIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    program = list(struct.iter_unpack("<HBBI", system_call_filter(machine)))
    at, loaded = 0, 0
    while True:
        code, if_true, if_false, value = program[at]
        at += 1
        match code:
            case 0x20:
                (loaded,) = struct.unpack_from("<I", data, value)
            case 0x15:
                at += if_true if loaded == value else if_false
            case 0x35:
                at += if_true if loaded >= value else if_false
            case 0x45:
                at += if_true if loaded & value else if_false
            case 0x06:
                return value


def error(name):
    return 0x00050000 | getattr(errno, name)


@pytest.mark.parametrize("machine", MACHINES)
def test_denied_calls_are_denied_and_others_allowed(machine):
    column = MACHINES[machine][1]
    denied = {numbers[column] for numbers in DENIED.values()}
    special = {(56, 220)[column], 435, (16, 29)[column], (41, 198)[column]}
    for number in range(600):
        if number not in special:
            assert decide(machine, number) == (error("EPERM") if number in denied else ALLOW), number


@pytest.mark.parametrize("machine", MACHINES)
def test_arguments_decide_where_they_matter(machine):
    column = MACHINES[machine][1]
    clone, ioctl, socket = (56, 220)[column], (16, 29)[column], (41, 198)[column]
    thread, fork = 0x3D0F00, 17
    assert decide(machine, clone, thread) == decide(machine, clone, fork) == ALLOW
    for namespace in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert decide(machine, clone, namespace | fork) == error("EPERM")
    assert decide(machine, 435) == error("ENOSYS")
    assert decide(machine, ioctl, 0, 0x5412) == decide(machine, ioctl, 0, 0x541C) == error("EPERM")
    assert decide(machine, ioctl, 0, 1 << 32 | 0x5412) == error("EPERM"), "the kernel reads 32 bits of the request"
    assert decide(machine, ioctl, 0, 0x5401) == ALLOW
    assert [decide(machine, socket, family) for family in (1, 2, 10, 16)] == [ALLOW] * 4
    assert [decide(machine, socket, family) for family in (17, 38, 40)] == [error("EAFNOSUPPORT")] * 3


def test_other_conventions_of_the_same_kernel_are_no_way_round():
    assert decide("x86_64", 101, architecture=0x40000003) == KILL, "32 bit"
    assert decide("x86_64", 0x40000000 | 1) == error("ENOSYS"), "x32"


def test_the_program_fits_the_kernel_and_is_none_for_an_unknown_architecture():
    for machine in MACHINES:
        assert len(system_call_filter(machine)) // 8 < 4096
    assert system_call_filter("riscv64") is None
