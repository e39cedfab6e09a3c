"""Foreign YAML becomes texts, lists and dicts, or a reason; never an object, and never all of the memory."""

import pytest

from heldout.tools.foreign_yaml import MAX_BYTES, Unreadable, documents, one_line

LAUGHS = b"a0: &a0 [x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 12)
)


def test_every_scalar_is_a_text() -> None:
    assert documents(b"a: 1\nb: [true, 2024-01-01, ~]\n---\nc") == [{"a": "1", "b": ["true", "2024-01-01", "~"]}, "c"]


def test_a_few_aliases_are_followed() -> None:
    assert documents(b"a: &x {b: c}\nd: *x\n") == [{"a": {"b": "c"}, "d": {"b": "c"}}]


def test_tags_make_no_objects() -> None:
    assert documents(b"a: !!python/object/apply:os.system ['true']\n") == [{"a": ["true"]}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LAUGHS, "unfolds into more than"),
        (b"[" * 5_000, "nests deeper"),
        (b"- " * 5_000 + b"x", "nests deeper"),
        (b"{a: " * 5_000, "nests deeper"),
        (b"x" * (MAX_BYTES + 1), "bytes, more than"),
        (b"- x\n" * 50_000, "unfolds"),
        (b"a: \xff\n", "not UTF-8"),
        (b"a: b: c\n", "mapping values are not allowed"),
        (b"\x00", "special characters"),
        (b"&a [*a]\n", "recursive"),
        (b"{[a]: b}\n", "unhashable"),
        (b"a: {{ .Values.x }}\n", "unhashable"),
        (b"a: *nowhere\n", "undefined alias"),
        (b"%YAML 9.0\n---\na\n", "incompatible"),
    ],
)
def test_a_hostile_file_gives_a_reason_in_one_printable_line(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said) as caught:
        documents(content)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 300


def test_a_message_becomes_one_line_of_printable_ascii() -> None:
    assert one_line("a\n\t\x1b[31mb  ü", 20) == "a \\x1b[31mb \\xfc"
