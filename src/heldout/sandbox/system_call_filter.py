"""The seccomp filter: system calls that training a model never needs and that kernel exploits love.

Everything else is allowed, so that threads, subprocesses and numerical libraries work as outside.
"""

import errno
import platform
import struct

__all__ = ["DENIED", "system_call_filter"]

# name: (number on x86_64, number on aarch64); None where the architecture lacks it
DENIED: dict[str, tuple[int | None, int | None]] = {
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "unshare": (272, 97),
    "setns": (308, 268),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "lookup_dcookie": (212, 18),
    "vhangup": (153, 58),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "uselib": (134, None),
}

# audit architecture, position in the table above, and the calls whose arguments decide
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_CLONE, _CLONE3, _IOCTL, _SOCKET = (56, 220), 435, (16, 29), (41, 198)
_X32_BIT = 0x40000000
_NAMESPACE_FLAGS = 0x7E020000  # CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}
_TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI and TIOCLINUX: typing into the terminal outside
_SOCKET_FAMILIES = (0, 1, 2, 10, 16)  # unspecified, unix, inet, inet6, netlink: all bound to the network namespace

# classic BPF: code, and where seccomp_data keeps what it loads (both architectures are little-endian)
_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24
_ALLOW, _KILL_PROCESS, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000


def system_call_filter(machine: str | None = None) -> bytes | None:
    """Return the filter as a classic BPF program, or None for an architecture whose numbers are not tabled."""
    known = _ARCHITECTURES.get(machine or platform.machine())
    if known is None:
        return None
    architecture, column = known
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_GREATER_EQUAL, 0, 1, _X32_BIT),
        _deny(errno.ENOSYS),
    ]
    for numbers in DENIED.values():
        number = numbers[column]
        if number is not None:
            program += [(_JUMP_EQUAL, 0, 1, number), _deny(errno.EPERM)]
    # its flags are behind a pointer that a filter cannot read; on ENOSYS the C library falls back to clone
    program += [(_JUMP_EQUAL, 0, 1, _CLONE3), _deny(errno.ENOSYS)]
    flags = (_JUMP_ANY_BIT, 0, 1, _NAMESPACE_FLAGS)
    program += _when(_CLONE[column], [(_LOAD, 0, 0, _FIRST_ARGUMENT), flags, _deny(errno.EPERM)])
    requests = [line for each in _TERMINAL_INPUT for line in ((_JUMP_EQUAL, 0, 1, each), _deny(errno.EPERM))]
    program += _when(_IOCTL[column], [(_LOAD, 0, 0, _SECOND_ARGUMENT), *requests])
    families = [line for each in _SOCKET_FAMILIES for line in ((_JUMP_EQUAL, 0, 1, each), (_RETURN, 0, 0, _ALLOW))]
    program += _when(_SOCKET[column], [(_LOAD, 0, 0, _FIRST_ARGUMENT), *families, _deny(errno.EAFNOSUPPORT)])
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("<HBBI", *line) for line in program)


def _deny(number: int) -> tuple[int, int, int, int]:
    return (_RETURN, 0, 0, _ERROR | number)


def _when(number: int, body: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Return `body` for one system call; it ends in an answer, since the loaded number is lost in it."""
    return [(_JUMP_EQUAL, 0, len(body) + 1, number), *body, (_RETURN, 0, 0, _ALLOW)]
