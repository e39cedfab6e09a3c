"""What a typed sentence does to a point."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heldout.practice.answers import Standing, read
from heldout.practice.answers.corpus import labelled_points
from heldout.practice.answers.text import LONGEST_BYTES
from heldout.practice.blank import tasks
from heldout.practice.drill import Difficulty
from heldout.practice.point import Point, Probe, Said
from heldout.practice.session.dealt import deal

POINTS = {name: point for name, (_, point) in labelled_points().items()}
LIFT, USERS, CONSTANT, CANARY = (
    POINTS[name] for name in ("lift is supported", "users on both sides", "share of the constant", "canary is worse")
)


def standing(text: str, point: Point) -> Standing:
    return read(text, (point,)).heard[0].standing


@pytest.mark.parametrize(
    "text",
    [
        "The lift is not supported.",
        "The lift isn't supported.",
        "The lift isnt real",
        "The lift is unsupported.",
        "The gain is non-significant.",
        "The gain is insignificant, statistically.",
        "I don't think the lift is real.",
        "The gain hardly can be called real.",
        "The lift is not, in my opinion, supported.",
        "The numbers fail to establish a difference.",
        "Rather than a real lift, this is noise.",
        "The lift is never proven here.",
        "The lift is supported. That is wrong.",
        "The lift is supported, which is not true.",
        "They claim that the lift is significant. I disagree.",
        "The team says the lift is real, but it isn't.",
    ],
)
def test_a_denial_in_any_form_covers_a_denied_point(text) -> None:
    assert standing(text, LIFT) is Standing.COVERED


@pytest.mark.parametrize(
    "text",
    [
        "The lift is supported.",
        "No doubt the lift is real.",
        "Without doubt the lift is real",
        "It's not only the lift that is significant.",
        "The lift is never not supported.",
        "It isn't true that the lift is not supported.",
        "The lift is real and the lift is not real.",
        "The lift is not supported. No, on second thoughts the lift is real.",
    ],
)
def test_an_affirmation_or_both_contradicts_a_denied_point(text) -> None:
    assert standing(text, LIFT) is Standing.CONTRADICTED


@pytest.mark.parametrize(
    "text",
    [
        "According to the report the lift is significant.",
        'The team says: "the lift is real".',
        "Is the lift supported?",
        "If the lift were real we would see it in each segment.",
        "Maybe the lift is real.",
    ],
)
def test_what_others_say_what_is_asked_and_what_is_supposed_is_no_claim(text) -> None:
    heard = read(text, (LIFT,)).heard[0]
    assert heard.standing is Standing.UNCLEAR
    assert heard.probe == LIFT.probe
    assert heard.why


@pytest.mark.parametrize(
    "text",
    [
        "The same users are on both sides.",
        "USERS ARE IN BOTH SETS!!!",
        "It isn't the case that users don't appear on both sides.",
    ],
)
def test_an_affirmation_covers_a_point(text) -> None:
    assert standing(text, USERS) is Standing.COVERED


@pytest.mark.parametrize(
    "text",
    [
        "Users never appear in both.",
        "Neither users nor items are on both sides.",
        "Not one user is on both sides.",
        "Nobody among the users is in both sets",
        "The users are on both sides, but that is wrong.",
        "The team says that users are in both sets, but they are not.",
        "Users appear in both. They don't.",
        "It is a myth that users are in both sets.",
        "It would be wrong to say that users are on both sides.",
        "In no way are users on both sides.",
        "There are few users in both.",
    ],
)
def test_a_denial_contradicts_a_point(text) -> None:
    assert standing(text, USERS) is Standing.CONTRADICTED


@pytest.mark.parametrize(
    "text",
    [
        "Users are not, as far as I see, on both sides.",
        "Users on both sides? No.",
        "Users on both sides is not the issue.",
        "The split avoids users in both sets.",
        "I doubt that the same users are in both.",
        "Users are kept disjoint, the same users are in only one of both sets.",
        "There are zero users in both sets.",
        "Users in both sets would be a problem, but here the sets are disjoint.",
        "Had they split by row, users would be in both sets.",
        "Users are on either side, never both.",
        "The users of both sets were separated.",
    ],
)
def test_what_rules_cannot_weigh_is_never_credited(text) -> None:
    assert standing(text, USERS) is not Standing.COVERED


@pytest.mark.parametrize(
    "text",
    [
        "users, both, overlap, train, test",
        "users both sets overlap leakage",
        "the users the both the same the overlap",
        "users; both; overlap",
        "users\nboth\nsets",
        "not supported, lift, gain, not real",
    ],
)
def test_a_list_of_words_says_nothing_and_asks_nothing(text) -> None:
    for heard in read(text, (USERS, LIFT)).heard:
        assert heard.standing is Standing.MISSING
        assert heard.probe is None


@pytest.mark.parametrize(
    "text",
    [
        "A constant reaches 95.3%.",
        "A constant reaches ninety-five percent.",
        "A constant would get .953.",
        "A constant is right on 1,906 of 2,000.",
        "A constant is right on 1 906 out of 2 000 rows.",
        "A constant gets about 95 per cent.",
        "The constant gets 95.3%, and the model 94.6%.",
    ],
)
def test_a_number_may_be_said_in_many_ways(text) -> None:
    assert standing(text, CONSTANT) is Standing.COVERED


@pytest.mark.parametrize(
    "text",
    [
        "A constant reaches 88%.",
        "A constant reaches 0.953%.",
        "A constant gets 88%, and the model gets 95.3%.",
        "A constant reaches more than 95.3%.",
        "A constant reaches a third.",
        "A constant reaches quite a lot.",
    ],
)
def test_another_number_or_a_choice_of_numbers_is_not_credited(text) -> None:
    assert standing(text, CONSTANT) is Standing.UNCLEAR


def test_a_choice_of_numbers_earns_nothing() -> None:
    assert standing("A constant reaches 90, 91, 92, 93, 94, 95 or 96 percent.", CONSTANT) is Standing.MISSING


def test_a_denied_number_contradicts() -> None:
    assert standing("The constant doesn't reach 95.3%.", CONSTANT) is Standing.CONTRADICTED


@pytest.mark.parametrize("said", ["3 points", "about three points", "3pp", "3%", "0.03"])
def test_points_are_shares(said) -> None:
    assert standing(f"The canary's error rate is {said} above the control's.", CANARY) is Standing.COVERED


def test_points_below_are_not_points_above() -> None:
    for said in ("under", "below"):
        assert standing(f"The canary's error rate is 3 points {said} the control's.", CANARY) is not Standing.COVERED
    swapped = "The control has an error rate 3 points above the canary's."
    assert standing(swapped, CANARY) is not Standing.COVERED


def test_the_evidence_is_quoted_as_it_was_typed() -> None:
    text = "First of all, hello.  The LIFT isn’t “supported” — at all. Bye."
    (quote,) = read(text, (LIFT,)).heard[0].evidence
    assert quote in text


def test_a_point_may_be_made_over_two_neighbouring_sentences_and_not_over_three() -> None:
    point = Point(
        name="p",
        says="The seed is not set, so the runs differ.",
        anchors=(("seed*",), ("differ*",)),
        probe=Probe(ask="?", options=("a", "b"), right=0),
    )
    assert standing("It is the seed. The runs differ.", point) is Standing.UNCLEAR
    assert standing("It is the seed. The weather is fine. The runs differ.", point) is Standing.UNCLEAR
    assert read("It is the seed. The runs differ.", (point,)).heard[0].is_said
    assert not read("It is the seed. The weather is fine. The runs differ.", (point,)).heard[0].is_said


def test_what_lies_beyond_ten_thousand_bytes_is_not_read_and_that_is_said() -> None:
    long = "x" * LONGEST_BYTES + " The lift is not supported."
    told = read(long, (LIFT,))
    assert told.cut
    assert told.heard[0].standing is Standing.MISSING
    assert not read("The lift is not supported.", (LIFT,)).cut


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from([*'"(,.', "users", "both", "not", "never", "the", "95.3%", "n't", "is"])).map(" ".join)
)
def test_no_text_raises_and_the_same_text_is_read_the_same(text) -> None:
    points = (LIFT, USERS, CONSTANT)
    assert read(text, points) == read(text, points)
    assert len(read(text, points).heard) == len(points)


@pytest.mark.parametrize(
    "text",
    [
        "\ud800" * 9_000,
        "not " * 5_000,
        "users. both. " * 1_500,
        "9" * 20_000,
        "“" * 9_000,
        "²" * 9_000,
        "\0",
        "",
        "\ufdfa" * 9_000,
        "1,1" * 5_000,
    ],
    ids=lambda text: json.dumps(text[:4]),
)
def test_hostile_texts_are_read_to_their_end(text) -> None:
    assert all(heard.standing is not Standing.COVERED for heard in read(text, tuple(POINTS.values())[::5]).heard)


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("The control moves by -0.14 points.", Standing.COVERED),
        ("The control moves by −0.14 points.", Standing.COVERED),
        ("The control moves by minus 0.14 points.", Standing.COVERED),
        ("The control moves by +0.14 points.", Standing.UNCLEAR),
    ],
)
def test_a_number_is_read_with_its_sign(text, standing) -> None:
    probe = Probe(ask="By how much?", options=("-0.14", "0.14"), right=0)
    said = Said(value=-0.14, tolerance=0.01)
    point = Point(
        name="moves", says="The control moves by -0.14 points.", anchors=(("control",),), probe=probe, number=said
    )
    assert read(text, (point,)).heard[0].standing is standing


@pytest.mark.parametrize(
    "text",
    [
        "It is not true that paired, the models cannot be told apart.",
        "It is false that, paired, they can't be told apart.",
    ],
)
def test_a_denial_before_a_comma_and_another_behind_it_is_never_credited(text) -> None:
    point = Point(
        name="apart",
        says="Paired, the models cannot be told apart.",
        anchors=(("pair*",), ("told apart",)),
        probe=Probe(ask="?", options=("yes", "no"), right=1),
        denied=True,
    )
    assert read(text, (point,)).heard[0].standing is not Standing.COVERED


CLUSTERS = next(one for one in tasks() if one.name == "clustered-standard-error").point


@pytest.mark.parametrize("text", ["With few clusters it is too small.", "Few clusters make it too small."])
def test_few_where_it_is_the_point_denies_nothing(text: str) -> None:
    assert standing(text, CLUSTERS) is Standing.COVERED


@pytest.mark.parametrize(
    "text",
    [
        "The standard error is not to be trusted with few clusters.",
        "I would watch few-cluster cases.",
        "I would watch how few clusters there are.",
    ],
)
def test_nobody_is_contradicted_for_naming_few_clusters(text: str) -> None:
    assert standing(text, CLUSTERS) in (Standing.COVERED, Standing.UNCLEAR)


def test_what_is_enough_to_guess_the_label_is_no_guess() -> None:
    site = deal("splits/site-on-both-sides", 3, Difficulty.MIDDLE, True).drill().points[0]
    said = "The rate is nearly the same on both sides (89% and 88%), so knowing the plant is enough to guess the label."
    assert "a guess" not in read(said, (site,)).heard[0].why


@pytest.mark.parametrize(
    "text",
    [
        "Where more users were treated, untreated users bought less.",
        "The control does worse in cities with more treated users.",
    ],
)
def test_a_control_that_buys_less_where_more_are_treated_is_heard(text: str) -> None:
    point = deal("experiments/control-pays-for-treatment", 8, Difficulty.MIDDLE, True).drill().points[0]
    assert standing(text, point) is not Standing.CONTRADICTED
    assert read(text, (point,)).heard[0].is_said


def test_a_control_that_does_not_buy_less_is_not_credited() -> None:
    point = deal("experiments/control-pays-for-treatment", 8, Difficulty.MIDDLE, True).drill().points[0]
    assert standing("The control does not do worse where more are treated.", point) is not Standing.COVERED
