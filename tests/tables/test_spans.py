import pytest

from heldout.core.errors import BadInput
from heldout.tables.spans import said_span, span_of

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("text", "seconds"), [("7d", 604_800), ("12h", 43_200), ("30 min", 1_800), ("2W", 1_209_600), ("1.5h", 5_400)]
)
def test_a_span_of_time_has_its_unit(text, seconds):
    assert span_of(text, is_time=True, called="horizon") == seconds * SECOND


def test_a_span_of_a_time_that_is_a_number_has_none():
    assert span_of("3", is_time=False, called="horizon") == 3


@pytest.mark.parametrize(("text", "is_time"), [("7", True), ("7d", False), ("a week", True), ("-3d", True), ("", True)])
def test_what_is_no_span_is_refused_by_the_name_of_what_it_is_for(text, is_time):
    with pytest.raises(BadInput, match="embargo"):
        span_of(text, is_time=is_time, called="embargo")


@pytest.mark.parametrize(
    ("seconds", "said"), [(40, "40 seconds"), (660, "11 minutes"), (7200, "2 hours"), (864_000, "10 days")]
)
def test_a_span_is_said_in_its_largest_whole_unit(seconds, said):
    assert said_span(seconds * SECOND) == said
