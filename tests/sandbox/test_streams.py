from hypothesis import given
from hypothesis import strategies as st

from heldout.sandbox.streams import Transcript


@given(parts=st.lists(st.binary(max_size=40), max_size=20), cap=st.integers(2, 100))
def test_beginning_and_end_are_kept_and_the_rest_is_counted(parts, cap):
    transcript = Transcript(cap)
    for part in parts:
        transcript.feed(bytes(byte % 26 + 97 for byte in part))
    whole = "".join(chr(byte % 26 + 97) for part in parts for byte in part)
    half = cap // 2
    assert transcript.length == len(whole)
    if len(whole) <= 2 * half:
        assert transcript.text() == whole
    else:
        note = f"\n[... {len(whole) - 2 * half} bytes left out ...]\n"
        assert transcript.text() == whole[:half] + note + whole[-half:]


def test_bytes_that_are_no_text_are_replaced():
    transcript = Transcript(10)
    transcript.feed(b"a\xffb")
    assert transcript.text() == "a�b"
