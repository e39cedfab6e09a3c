import pytest

from heldout.core.column_names import words_of
from heldout.core.outcome_words import outcome_word, planned_of, repeats


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dep_delay", ("dep", "delay")),
        ("ChgOffPrinGr", ("chg", "off", "prin", "gr")),
        ("DEFAULT PAYMENT", ("default", "payment")),
        ("JPEGImage2", ("jpeg", "image", "2")),
        ("", ()),
    ],
)
def test_a_name_is_parted_into_its_words(name, words):
    assert words_of(name) == words


@pytest.mark.parametrize(
    "name",
    [
        "DATEOFTERMINATION",
        "chgoff_date",
        "ChargeOff",
        "recoveries",
        "refundedAmount",
        "dep_delay",
        "pledged",
        "discharge_disposition_id",
        "closed_at",
        "approval date",
        "last_pymnt_amnt",
        "duration",
    ],
)
def test_names_of_what_is_written_after_the_outcome_speak_of_it(name):
    word, is_mild = outcome_word(name)
    assert word
    assert not is_mild


@pytest.mark.parametrize(
    "name",
    [
        "marital_status",
        "smoking_status",
        "checking_status",
        "initial_list_status",
        "verification_status",
        "final_weight",
        "previous_cancellations",
        "poutcome",
        "duration_in_month",
        "paid_plan",
        "credit_duration",
        "arrival_date_month",
        "age",
        "grade",
        "test_result",
        "estimated_delay",
        "sched_arr_time",
        "recovered_last_year",
    ],
)
def test_innocent_names_speak_of_no_outcome(name):
    assert outcome_word(name) == ("", False)


@pytest.mark.parametrize(
    ("name", "word"),
    [("order_status", "status"), ("TermReason", "reason"), ("final price", "final"), ("approved_limit", "approved")],
)
def test_what_is_often_innocent_speaks_mildly(name, word):
    assert outcome_word(name) == (word, True)


def test_a_plan_is_told_from_what_became_of_it():
    assert planned_of("expectedArrival") == ("arrival",)
    assert planned_of("arrival") is None
    assert planned_of("plan") is None


@pytest.mark.parametrize(
    ("name", "other", "answer"),
    [
        ("Churn Reason", "Churn", True),
        ("reservation_status_date", "reservation_status", True),
        ("loan_amnt", "loan_status", False),
        ("previous_bookings_not_canceled", "is_canceled", False),
        ("price_per_room", "price", False),
        ("x", "y", False),
    ],
)
def test_a_name_repeats_another_by_all_its_telling_words(name, other, answer):
    assert repeats(name, other) is answer
