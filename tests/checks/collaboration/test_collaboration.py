"""What the checks of collaboration say where it is neither the planted fault nor its clean twin."""

from dataclasses import replace

from heldout.checks.collaboration.feedback_unanswered import feedback_unanswered
from heldout.checks.collaboration.history_rewritten import history_rewritten
from heldout.checks.collaboration.log_differs_from_rerun import log_differs_from_rerun
from heldout.checks.collaboration.one_big_commit import one_big_commit
from heldout.checks.collaboration.reported_differs_from_graded import reported_differs_from_graded
from heldout.checks.collaboration.secrets_in_history import secrets_in_history
from heldout.checks.collaboration.updates_have_gaps import updates_have_gaps
from heldout.core.check import Check
from heldout.core.collaboration_evidence import (
    CommitFacts,
    Conversation,
    FeedbackGiven,
    History,
    LoggedMetric,
    PastFile,
    RefusedPush,
    Silence,
)
from heldout.core.estimate import Estimate, undefined
from heldout.core.evidence import Reported
from heldout.core.finding import Answer, Certainty, Ending
from heldout.core.lift import Lift, LiftScale

QUIET = Conversation(cadence_hours=12.0, updates=0, silences=())
TOKEN = b"hub.login('hf_" + b"QzVbNmKjHgFdSaPoIuYtReWqZxCvBnMlKj')\n"


def lift(metric: str = "roc_auc", half: float | None = 0.01) -> Lift:
    graded = Estimate(value=0.7, low=0.7 - (half or 0), high=0.7 + (half or 0), n=1_000, method="t")
    if half is None:
        graded = undefined("too few clusters", n=10, method="t", value=0.7)
    return Lift(
        metric=metric,
        scale=LiftScale.RELATIVE,
        estimate=graded,
        standard_error=None,
        degrees_of_freedom=None,
        clusters=10,
        design_effect=None,
        largest_clusters_share=None,
        seeds=1,
        baseline_seeds=1,
        seed_variance=None,
        candidate=graded,
        baseline=graded,
    )


def ending(check: Check, **evidence: object) -> Answer:
    answer = check.function(**evidence)
    assert isinstance(answer, Answer)
    return answer


def test_a_gap_a_little_beyond_the_cadence_is_told_and_no_problem() -> None:
    silence = Silence(begins="2026-03-02T08:00", ends="2026-03-03T10:00", waking_hours=13.0)

    assert ending(updates_have_gaps, conversation=replace(QUIET, silences=(silence,))).ending is Ending.CAUTION
    assert ending(updates_have_gaps, conversation=QUIET).ending is Ending.NOT_APPLICABLE


def test_nothing_that_is_about_how_people_work_is_more_than_a_question() -> None:
    silence = Silence(begins="a", ends="b", waking_hours=1_000.0)
    feedback = tuple(FeedbackGiven(number=n, given="", answered=False, waking_hours=99.0) for n in range(50))
    pushes = tuple(RefusedPush(at="", ref="refs/heads/\x1b[31mmain", why="it would rewrite") for _ in range(50))
    worst = replace(QUIET, silences=(silence,), feedback=feedback, refused=pushes)
    late = CommitFacts(commit="c", stated=1, received=1.0, new_files=1, new_bytes=9)
    answers = [
        *(ending(check, conversation=worst) for check in (updates_have_gaps, history_rewritten, feedback_unanswered)),
        ending(one_big_commit, history=History(commits=(late,), files=()), conversation=worst),
    ]

    assert {answer.certainty for answer in answers} == {Certainty.SUSPECT}
    assert "\x1b" not in repr([answer.witnesses for answer in answers]).replace("\\x1b", "")


def test_feedback_that_came_at_the_end_is_told_and_no_problem() -> None:
    late = FeedbackGiven(number=1, given="", answered=False, waking_hours=2.0)

    assert ending(feedback_unanswered, conversation=replace(QUIET, feedback=(late,))).ending is Ending.CAUTION
    assert ending(feedback_unanswered, conversation=QUIET).ending is Ending.NOT_APPLICABLE


def test_a_token_under_the_name_of_a_test_is_a_question_and_in_code_it_is_strong() -> None:
    def history(path: str) -> History:
        file = PastFile(path=path, commit="c" * 40, content=TOKEN, is_current=False)
        commit = CommitFacts(commit="c" * 40, stated=None, received=None, new_files=1, new_bytes=9)
        return History(commits=(commit,), files=(file,))

    assert ending(secrets_in_history, history=history("src/train.py")).certainty is Certainty.STRONG
    assert ending(secrets_in_history, history=history("tests/test_hub.py")).certainty is Certainty.SUSPECT
    assert ending(secrets_in_history, history=history("requirements.lock")).certainty is Certainty.STRONG


def test_what_was_left_out_of_a_history_is_no_clear() -> None:
    file = PastFile(path="a.py", commit="c", content=b"x = 1\n", is_current=True)
    whole = History(commits=(), files=(file,))

    assert ending(secrets_in_history, history=whole).ending is Ending.CLEAR
    partly = ending(secrets_in_history, history=replace(whole, omitted=("3 contents were not read.",)))
    assert partly.ending is Ending.CAUTION
    assert "3 contents" in partly.claim


def test_a_history_without_receipts_is_not_judged_by_what_somebody_wrote_into_commits() -> None:
    one = CommitFacts(commit="c", stated=1, received=None, new_files=1, new_bytes=9)

    few = ending(one_big_commit, history=History(commits=(one,), files=()), conversation=QUIET)
    many = ending(one_big_commit, history=History(commits=(one,) * 9, files=()))

    assert (few.ending, many.ending) == (Ending.CAUTION, Ending.CLEAR)
    assert "not known" in few.claim


def test_a_log_on_the_worse_side_is_told_and_another_metric_or_no_interval_is_not_compared() -> None:
    def logged(value: float, metric: str = "val/ROC AUC") -> Conversation:
        one = LoggedMetric(file="EXPERIMENTS.md", line=3, metric=metric, value=value, commit="")
        return replace(QUIET, logged=(one,), submitted="a" * 40)

    assert ending(log_differs_from_rerun, conversation=logged(0.5), lift=lift()).ending is Ending.CAUTION
    assert ending(log_differs_from_rerun, conversation=logged(0.9), lift=lift()).ending is Ending.PROBLEM
    assert (
        ending(log_differs_from_rerun, conversation=logged(0.2), lift=lift("log_loss")).ending is Ending.NOT_APPLICABLE
    )
    better_loss = ending(log_differs_from_rerun, conversation=logged(0.2, "log_loss"), lift=lift("log_loss"))
    assert better_loss.ending is Ending.PROBLEM
    assert (
        ending(log_differs_from_rerun, conversation=logged(0.9), lift=lift(half=None)).ending is Ending.NOT_APPLICABLE
    )


def test_a_reported_score_with_a_wide_interval_of_its_own_agrees() -> None:
    narrow = Reported(metric="roc_auc", value=0.8)
    wide = Reported(metric="roc_auc", value=0.8, low=0.6, high=0.95)
    below = Reported(metric="roc_auc", value=0.6)

    assert ending(reported_differs_from_graded, reported=narrow, lift=lift()).ending is Ending.PROBLEM
    assert ending(reported_differs_from_graded, reported=wide, lift=lift()).ending is Ending.CLEAR
    assert ending(reported_differs_from_graded, reported=below, lift=lift()).ending is Ending.CAUTION
    other = Reported(metric="f1", value=0.8)
    assert ending(reported_differs_from_graded, reported=other, lift=lift()).ending is Ending.NOT_APPLICABLE
