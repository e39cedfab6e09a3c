"""Words in names of columns that tend to be written after the outcome, and those that speak against it."""

import re

from heldout.core.column_names import words_of

__all__ = ["PLANNED", "outcome_word", "planned_of", "repeats"]

AFTER = re.compile(
    r"^(outcome|settle|recovered|recoveries|charged?off|chgoff|write?off|terminat|discharg|cancel|refund|dispositi|"
    r"verdict|convict|died|dead|death|decease|surviv|refus|reject|pledg|backer|disput|repaid|pymnt|prncp|payoff|"
    r"churn|attrit|resign|quit$|delay|arrived|delivered|winner|defaulted)"
)
"""Beginnings of words that name an outcome or what follows it."""

LONG = re.compile(
    r"outcome|settlement|recover(y|ies)|chargeoff|chgoff|terminat|discharg|cancel|refund|dispositi|attrition"
)
"""The longer of these are found inside words too, as names are written without a sign between their words."""

MILD = re.compile(
    r"^(status$|result$|reason|closed|closing|resolved|resolution|final|actual|completed|completion|finished|approved|"
    r"approval|granted|awarded|paid$)"
)
"""What may have ended, been agreed or been paid before (an approved limit, closed tickets): more power is asked for."""

PAST = frozenset(
    words_of(
        "previous prev prior past hist history historical earlier initial first poutcome before pre baseline ever lag "
        "lagged yesterday parent father mother spouse family planned sched scheduled expected estimated est weight "
        "pedigree plan test lab exam blood admission"
    )
)
"""Words that say that a column speaks of what was before, or is measured."""

ATTRIBUTE = frozenset(
    words_of(
        "marital smoking smoker employment employ checking savings account job work home housing residence health "
        "disability military veteran insurance immigration citizen citizenship student education living relationship "
        "socioeconomic economic pregnancy menopausal vaccination ownership verification list visa alcohol tobacco "
        "receptor tumor node nutritional month months credit loan term mths years year user member subscription "
        "subscriber glucose visit contact contract course program purpose policy"
    )
)
"""What has a status, a result or a duration that is no outcome: what somebody is, or what was agreed."""

PLANNED = frozenset(words_of("sched scheduled planned plan expected exp est estimated promised due quoted forecast"))
STAMPS = frozenset(words_of("at date datetime timestamp dt"))
"""Beside closed or approved they say when that was: the row had ended by then."""
SPANS = frozenset(words_of("year month week quarter season period"))
"""After the word last they speak of the past; a last payment does not."""
ACTUAL = frozenset({"actual", "real", "realised", "realized"})
GENERIC = frozenset(
    words_of(
        "is has was had will flag label target class y value status type code id the a of total amount amt number num "
        "count cnt date day time name rate level score group category state result outcome price cost sale sales "
        "income quality new in at on to by for"
    )
)
"""Words of a target's name that say nothing of what it is about."""


def outcome_word(name: str) -> tuple[str, bool]:
    """Return the word of a name that speaks of an outcome, "" without one; and whether it does so mildly.

    >>> outcome_word("TermReason"), outcome_word("marital_status"), outcome_word("MIS_Status")
    (('reason', True), ('', False), ('status', True))
    """
    words = words_of(name)
    if PAST & set(words) or ("last" in words and SPANS & set(words)):
        return "", False
    sure = next((word for word in words if AFTER.match(word) or LONG.search(word)), "")
    joined = LONG.search("".join(words))
    if sure or joined:
        return sure or (joined[0] if joined else ""), False
    mild = [word for word in words if MILD.match(word)]
    if ATTRIBUTE & set(words):
        mild = [word for word in mild if word not in ("status", "result")]
    elif "duration" in words:
        return "duration", False
    return (mild[0], not STAMPS & set(words)) if mild else ("", False)


def planned_of(name: str) -> tuple[str, ...] | None:
    """Return the words of the plan's object, None where the name speaks of no plan.

    >>> planned_of("sched_dep_time"), planned_of("dep_time")
    (('dep', 'time'), None)
    """
    words = words_of(name)
    rest = tuple(word for word in words if word not in PLANNED)
    return rest if rest and len(rest) < len(words) else None


def repeats(name: str, other: str) -> bool:
    """Tell whether `name` holds every telling word of `other`: of a target, or of a column that gives it away.

    >>> repeats("Churn Score", "Churn Label"), repeats("loan_amnt", "loan_status"), repeats("age", "is_late")
    (True, False, False)
    """
    words = set(words_of(name))
    if PAST & words:
        return False
    whole = words_of(other)
    telling = [word for word in whole if word not in GENERIC and not word.isdigit()]
    is_status = "status" in whole and "status" not in words  # what has a status is no outcome
    return bool(telling) and not is_status and all(len(word) > 2 and word in words for word in telling)
