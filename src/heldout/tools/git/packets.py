"""Reads and writes the packets of git's smart protocol, as far as a server has to know who asked for what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from heldout.report.text import clip

__all__ = ["Asked", "Command", "Unreadable", "answers", "read_commands", "refusal", "with_messages"]

FLUSH = b"0000"
LARGEST = 65_520
LONGEST_MESSAGE = 1_000
SIDE_BAND = "side-band-64k"
DATA, MESSAGE = b"\x01", b"\x02"
SHALLOW = 1_000
"""Lines that tell of a shallow clone, at most; they stand before the commands."""


class Unreadable(ValueError):
    """What was sent is no list of commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One ref that a pusher wants changed; a hash of zeros stands for none."""

    old: str
    new: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a pusher asks for, and what its git understands."""

    commands: tuple[Command, ...] = ()
    capabilities: frozenset[str] = field(default_factory=frozenset)


def read_commands(stream: BinaryIO, most: int) -> Asked:
    """Return the commands at the beginning of a push: `most` + 1 of them at most. Raises Unreadable."""
    commands: list[Command] = []
    capabilities: frozenset[str] = frozenset()
    shallow = 0
    while len(commands) <= most and (line := _packet(stream)) is not None:
        if line.startswith(b"shallow ") and shallow < SHALLOW:
            shallow += 1
            continue
        text, _, features = line.partition(b"\0")
        if not commands:
            capabilities = frozenset(features.decode("utf-8", errors="replace").split())
        commands.append(_command(text.rstrip(b"\n")))
    return Asked(commands=tuple(commands), capabilities=capabilities)


def refusal(asked: Asked, why: Mapping[str, str], *, unpack: str, messages: Iterable[str]) -> bytes:
    """Return the answer that refuses every command, as git itself would: a reason for each ref, and messages."""
    lines = [f"unpack {unpack}", *(f"ng {command.ref} {why[command.ref]}" for command in asked.commands)]
    report = b"".join(_written(line.encode() + b"\n") for line in lines) + FLUSH
    if not any(feature.startswith("report-status") for feature in asked.capabilities):
        report = b""
    if SIDE_BAND not in asked.capabilities:
        return report
    parts = [report[at : at + LARGEST - 5] for at in range(0, len(report), LARGEST - 5)]
    return _messages(messages) + b"".join(_written(DATA + part) for part in parts) + FLUSH


def with_messages(answer: bytes, asked: Asked, messages: Sequence[str]) -> bytes:
    """Return git's answer to a push with lines of ours at its end, which the pusher's git shows as `remote: ...`."""
    if SIDE_BAND not in asked.capabilities or not answer.endswith(FLUSH):
        return answer
    return answer.removesuffix(FLUSH) + _messages(messages) + FLUSH


def answers(answer: bytes, asked: Asked) -> dict[str, str]:
    """Return git's reason for each ref that it refused, out of its answer to a push."""
    report = _data(answer) if SIDE_BAND in asked.capabilities else answer
    refused: dict[str, str] = {}
    unpack = ""
    for line in _packets(report):
        text = line.decode("utf-8", errors="replace").rstrip("\n")
        if text.startswith("unpack ") and text != "unpack ok":
            unpack = text.removeprefix("unpack ")
        elif text.startswith("ng "):
            ref, _, reason = text.removeprefix("ng ").partition(" ")
            refused[ref] = f"{reason}: {unpack}" if unpack and reason == "unpacker error" else reason
    return refused


def _messages(messages: Iterable[str]) -> bytes:
    lines = (clip(message, LONGEST_MESSAGE).encode(errors="replace") for message in messages)
    return b"".join(_written(MESSAGE + line + b"\n") for line in lines)


def _written(content: bytes) -> bytes:
    return f"{len(content) + 4:04x}".encode() + content


def _packet(stream: BinaryIO) -> bytes | None:
    """Return the next packet, or None for the flush that ends a list."""
    header = stream.read(4)
    try:
        size = int(header, 16) if len(header) == 4 and header.isalnum() else -1
    except ValueError:
        size = -1
    if size == 0:
        return None
    if not 4 < size <= LARGEST:
        raise Unreadable("a packet without a proper length")
    content = stream.read(size - 4)
    if len(content) != size - 4:
        raise Unreadable("the list of commands ends in the middle")
    return content


def _command(text: bytes) -> Command:
    try:
        old, new, ref = text.decode("utf-8").split(" ", 2)
    except ValueError:  # UnicodeDecodeError is one
        raise Unreadable("a line that is no command") from None
    if any(len(name) != 40 or set(name) - set("0123456789abcdef") for name in (old, new)):
        raise Unreadable("a command without the names of two objects")
    return Command(old=old, new=new, ref=ref)


def _packets(content: bytes) -> Iterable[bytes]:
    at = 0
    while at + 4 <= len(content):
        try:
            size = int(content[at : at + 4], 16)
        except ValueError:
            return
        if size < 4:
            at += 4
            continue
        yield content[at + 4 : at + size]
        at += size


def _data(answer: bytes) -> bytes:
    return b"".join(packet[1:] for packet in _packets(answer) if packet[:1] == DATA)
