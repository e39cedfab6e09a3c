"""The packets of a push: what is asked is read within bounds, and answers say it as git would."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.tools.git.packets import Asked, Command, Unreadable, answers, read_commands, refusal, with_messages

OLD, NEW = "0" * 40, "a" * 40
CAPABILITIES = "report-status side-band-64k"


def packet(text: str) -> bytes:
    return f"{len(text.encode()) + 4:04x}".encode() + text.encode()


def asked(*refs: str) -> bytes:
    lines = [f"{OLD} {NEW} {ref}" for ref in refs]
    return packet(f"{lines[0]}\0{CAPABILITIES}") + b"".join(map(packet, lines[1:])) + b"0000"


def test_commands_and_capabilities_are_read() -> None:
    found = read_commands(io.BytesIO(packet("shallow " + NEW) + asked("refs/heads/main", "refs/tags/x") + b"PACK"), 10)

    assert found.commands[1] == Command(old=OLD, new=NEW, ref="refs/tags/x")
    assert found.capabilities == {"report-status", "side-band-64k"}


def test_no_more_are_read_than_one_over_the_bound() -> None:
    stream = io.BytesIO(asked(*(f"refs/heads/b{number}" for number in range(1_000))))

    assert len(read_commands(stream, 100).commands) == 101
    assert stream.tell() < 12_000


@pytest.mark.parametrize(
    "content", [b"", b"00", b"0003", b"zzzz", b"0009abc", packet("push-cert\0x"), packet(f"{OLD} {NEW}"), b"+001"]
)
def test_what_is_no_list_of_commands_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_commands(io.BytesIO(content), 10)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(content: bytes) -> None:
    with contextlib.suppress(Unreadable):
        read_commands(io.BytesIO(content), 3)
    answers(content, Asked(capabilities=frozenset({"side-band-64k"})))


def test_a_refusal_is_read_back_as_one() -> None:
    push = read_commands(io.BytesIO(asked("refs/heads/main")), 10)

    answer = refusal(push, {"refs/heads/main": "too large"}, unpack="too large", messages=["why\x1b[31m not"])

    assert answers(answer, push) == {"refs/heads/main": "too large"}
    assert b"\x02why" in answer
    assert b"\x1b" not in answer


def test_messages_come_before_the_end_and_only_where_they_are_understood() -> None:
    push = read_commands(io.BytesIO(asked("refs/heads/main")), 10)
    answer = refusal(push, {"refs/heads/main": "x"}, unpack="ok", messages=[])

    assert with_messages(answer, push, ["receipt"]).endswith(packet("\x02receipt\n") + b"0000")
    assert with_messages(answer, Asked(commands=push.commands), ["receipt"]) == answer
