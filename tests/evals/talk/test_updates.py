"""UPDATES.md as people write it: what is recorded, and what is said of a defect."""

from hypothesis import given
from hypothesis import strategies as st

from heldout.evals.talk.updates import read_updates

WHOLE = b"""# Updates

<!-- newest last; for example
## 2020-01-01 00:00
- done: an example
-->

## 2026-03-02 14:30
- done: read the tables
  and plotted them
- next: a baseline
- assumptions: days are whole
- metric: roc_auc 0.71 @ 1a2b3c4
- metric: log_loss 0.52 @ 1a2b3c4d
- hours: 3.5

## Feedback 2
- done: the split is by day now
"""


def test_a_whole_update_is_read_with_all_that_it_says() -> None:
    said = read_updates(WHOLE)

    (update,) = said.updates
    assert said.messages == ()
    assert (update.stated_at, update.line) == ("2026-03-02 14:30", 8)
    assert (update.done, update.next) == ("read the tables\n  and plotted them", "a baseline")
    assert update.assumptions == "days are whole"
    assert [(m.name, m.value, m.commit, m.line) for m in update.metrics] == [
        ("roc_auc", 0.71, "1a2b3c4", 13),
        ("log_loss", 0.52, "1a2b3c4d", 14),
    ]
    assert update.hours == 3.5
    assert [(a.number, a.text, a.line) for a in said.answers] == [(2, "the split is by day now", 17)]


def test_marks_line_ends_case_bold_and_stars_do_not_matter() -> None:
    other = WHOLE.replace(b"- done", b"* **Done**").replace(b"- next", b"+ NEXT").replace(b"## Feed", b"### FEED")
    windows = b"\xef\xbb\xbf" + other.replace(b"\n", b"\r\n")

    said, plain = read_updates(windows), read_updates(WHOLE)

    assert said.updates == plain.updates
    assert said.answers == plain.answers


def test_each_defect_is_named_with_its_line_and_the_entry_is_kept_as_far_as_it_goes() -> None:
    said = read_updates(
        b"## 2026-02-30 10:00\n- done: a\n- nxt: b\n- metric: auc 0,81 @ abc1234\n- metric: auc 0.8\n- hours: many\n"
    )

    (update,) = said.updates
    assert update.stated_at == "2026-02-30 10:00"
    assert update.done == "a\n- nxt: b"
    assert [(m.name, m.value, m.commit) for m in update.metrics] == [("auc", 0.8, "")]
    assert update.hours is None
    assert {(message.line, message.what.split(" ")[0]) for message in said.messages} >= {(1, "the"), (4, "'auc")}
    assert any("did you mean next?" in str(message) and message.line == 3 for message in said.messages)
    assert any("tied to no commit" in message.what and message.line == 5 for message in said.messages)
    assert any("no number of hours" in message.what and message.line == 6 for message in said.messages)


def test_a_heading_in_a_fence_of_code_begins_no_update() -> None:
    said = read_updates(b"## 2026-03-02 10:00\n- done: this\n```\n## 2026-03-03 10:00\n- done: no\n```\n- next: x\n")

    (update,) = said.updates
    assert "## 2026-03-03 10:00" in update.done
    assert update.next == "x"


def test_a_fence_or_comment_that_nothing_closes_does_not_swallow_the_rest() -> None:
    for mark in (b"```", b"<!--"):
        said = read_updates(mark + b"\n## 2026-03-02 10:00\n- done: this\n- next: that\n")
        assert len(said.updates) == 1
        assert any("never closed" in message.what for message in said.messages)


def test_prose_without_a_field_is_taken_for_what_was_done() -> None:
    said = read_updates(b"## 2026-03-02 10:00\nRead the tables.\n- next: more\n")

    assert said.updates[0].done == "Read the tables."
    assert "its text is taken for it" in said.messages[0].what


def test_what_is_over_the_bounds_is_left_out_and_said() -> None:
    many = read_updates(b"## 2026-03-02 10:00\n- done: a\n" * 12_000)
    long = read_updates(b"## 2026-03-02 10:00\n- done: a\n" + b"x" * 3_000_000)

    assert len(many.updates) == 10_000
    assert "at most 10,000 entries" in str(many.messages[-1]) or "left out" in str(many.messages[-1])
    assert len(long.updates) == 1
    assert "3,000,030 bytes" in str(long.messages[0])


def test_a_million_bytes_of_the_worst_of_everything_are_read() -> None:
    for piece in (
        b"- a:\n",
        b"#",
        b"```\n",
        b"<!--\n",
        b"- metrc: 1\n",
        b"@",
        b"## 1\n",
        b"*",
        b"- metric: 1 @\n",
        b" ",
    ):
        read_updates(piece * (1_000_000 // len(piece)))
        read_updates(b"## 2026-03-02 10:00\n" + piece * (900_000 // len(piece)))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(content: bytes) -> None:
    said = read_updates(b"## 2026-03-02 10:00\n" + content)
    lines = content.count(b"\n") + content.count(b"\r") + 2
    assert all(message.line is None or 1 <= message.line <= lines for message in said.messages)


WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20)


@given(
    done=WORDS,
    following=WORDS,
    value=st.floats(-1e6, 1e6),
    commit=st.text("0123456789abcdef", min_size=7, max_size=40),
    order=st.permutations(range(3)),
    bullet=st.sampled_from(["-", "*", "+"]),
    end=st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_what_was_written_is_read_in_any_order_and_manner(
    done: str, following: str, value: float, commit: str, order: list[int], bullet: str, end: str
) -> None:
    fields = [f"done: {done}", f"Next: {following}", f"metric: m {value!r} @ {commit}"]
    text = end.join(["## 2026-03-02 10:00", *(f"{bullet} {fields[place]}" for place in order), ""])

    said = read_updates(text.encode())

    (update,) = said.updates
    assert said.messages == ()
    assert (update.done, update.next) == (done, following)
    assert (update.metrics[0].value, update.metrics[0].commit) == (value, commit)
