"""A reply is decided: the amended card, what stays, what is refused, and what a bundle makes of it again."""

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.app.graded import copied
from tests.web.served import serving

from heldout.app.eval_correct import Wish, decide_reply
from heldout.app.eval_finish import forget, reply
from heldout.app.eval_grade import bundle, card_of
from heldout.app.eval_open import tokens_of
from heldout.core.errors import BadInput
from heldout.core.finding import Ending
from heldout.evals.bundle import verify
from heldout.evals.cards import read_card, read_cards
from heldout.evals.record.kinds import KINDS, Kind, Role
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.web import site

WHY = "The lock is empty, and so is the list of what it needs."
CLEARS = Wish(code="DOC003", ending=Ending.CLEAR)


@pytest.fixture(scope="module")
def replied(graded_once: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = copied(graded_once, tmp_path_factory.mktemp("replied"))
    reply(workspace.candidate("ada"), "The README says it in its first line.", line="DOC003")
    reply(workspace.candidate("ada"), "My laptop was slow.", line="lift")
    return workspace


@pytest.fixture
def graded(replied: Workspace, tmp_path: Path) -> Workspace:
    return copied(replied, tmp_path)


@pytest.fixture
def ada(graded: Workspace) -> CandidateRecord:
    return graded.candidate("ada")


def accept(workspace: Workspace, record: CandidateRecord, number: int = 1, wish: Wish = CLEARS):
    return decide_reply(workspace, record, number, accept=True, why=WHY, by="the organiser", wish=wish)


def refuse(workspace: Workspace, record: CandidateRecord, number: int, why: str = "It says nothing of the lift."):
    return decide_reply(workspace, record, number, accept=False, why=why, by="the organiser", wish=Wish())


def folder_of(record: CandidateRecord) -> Path:
    return record.folder / "graded" / record.name


def test_an_accepted_reply_amends_the_card_and_leaves_the_graded_one(graded: Workspace, ada: CandidateRecord) -> None:
    before = (folder_of(ada) / "card.json").read_bytes()
    scores = {axis.name: axis.score.value for axis in read_card(folder_of(ada) / "card.json").axes}

    done = accept(graded, ada)
    refuse(graded, ada, 2)

    card = card_of(ada)
    assert (folder_of(ada) / "card.json").read_bytes() == before
    (line,) = [finding for finding in card.findings if finding.code == "DOC003"]
    assert line.ending is Ending.CLEAR
    one, other = card.corrections
    assert (one.before.ending, one.after.ending) == (Ending.PROBLEM, Ending.CLEAR)
    assert one.said == "The README says it in its first line."
    assert not other.accepted
    after = {axis.name: axis for axis in card.axes}
    assert after["architecture"].score.value == pytest.approx(
        scores["architecture"] + 1 / after["architecture"].score.n
    )
    assert after["monitoring"].score.value == scores["monitoring"]
    assert (card.decision, card.lift) == (done.card.decision, read_card(folder_of(ada) / "card.json").lift)
    assert read_cards([folder_of(ada)]) == (card,), "who compares cards gets the amended one"


def test_the_page_shows_both_versions_who_why_and_a_refusal_with_its_reason(
    graded: Workspace, ada: CandidateRecord
) -> None:
    accept(graded, ada)
    refuse(graded, ada, 2, why="It says nothing of the <lift>.")

    text = site.card_of(ada)
    assert text is not None
    assert "1 line was corrected after a reply (DOC003)" in text
    for said in ("No section of the documents seems to say", WHY, "by the organiser", "My laptop was slow."):
        assert said in text
    assert "was refused by the organiser: It says nothing of the &lt;lift&gt;." in text
    assert sorted(path.name for path in folder_of(ada).glob("*.html")) == ["amended.html", "card.html"]


def test_a_refusal_alone_amends_nothing_and_stays_visible(graded: Workspace, ada: CandidateRecord) -> None:
    refuse(graded, ada, 2)

    assert not card_of(ada).is_amended
    assert "was refused by" in (folder_of(ada) / "replied.md").read_text()
    assert not (folder_of(ada) / "amended.json").exists()
    assert read_cards([folder_of(ada)])[0].findings == card_of(ada).findings


def test_a_later_reply_stands_on_the_amended_card(graded: Workspace, ada: CandidateRecord) -> None:
    accept(graded, ada)
    reply(ada, "And thank you.")

    assert "And thank you." in (site.card_of(ada) or "")
    assert len(read_card(folder_of(ada) / "amended.json").replies) == 3


def test_both_bundles_make_the_amended_card_again_and_tell_a_changed_one(
    graded: Workspace, ada: CandidateRecord, tmp_path: Path
) -> None:
    for kind in ("sealed", "open"):
        bundle(graded, ada, kind)
    done = accept(graded, ada)
    for kind in ("sealed", "open"):
        lines = {line.what: line for line in verify(ada.folder / "bundles" / kind, head=done.receipt.head)}
        assert lines["amended card"].agrees
        assert lines["amended card"].how == "recomputed"
        assert [what for what, line in lines.items() if not line.agrees] in ([], ["commitment"])

    for name, change in {"another": (b"in its first line", b"in its other line"), "none": None}.items():
        folder = Path(shutil.copytree(ada.folder / "bundles" / "open", tmp_path / name))
        path = folder / "amended.json"
        if change is None:
            path.unlink()
        else:
            assert change[0] in path.read_bytes()
            path.write_bytes(path.read_bytes().replace(*change))
        wrong = {line.what: line.seen for line in verify(folder) if not line.agrees}
        assert "amended card" in wrong
        assert "files" in wrong


def test_what_was_decided_is_an_event_of_the_organiser_that_candidates_see(
    graded: Workspace, ada: CandidateRecord
) -> None:
    accept(graded, ada)

    (event,) = [event for event in ada.ledger.events() if event.kind is Kind.CORRECTED]
    assert (event.actor, event.payload["accepted"], event.payload["finding"]) == (Role.ORGANISER, True, "DOC003")
    assert Role.CANDIDATE in KINDS[Kind.CORRECTED].seen_by
    assert KINDS[Kind.CORRECTED].by == {Role.ORGANISER}


def test_a_text_alone_can_be_corrected_and_the_ending_stays(graded: Workspace, ada: CandidateRecord) -> None:
    accept(graded, ada, wish=Wish(code="DOC003", text="The README says what it is for, and not what it is not for."))

    (line,) = [finding for finding in card_of(ada).findings if finding.code == "DOC003"]
    assert (line.ending, line.answer.claim[:10]) == (Ending.PROBLEM, "The README")
    assert line.certainty is not None
    assert card_of(ada).axes == read_card(folder_of(ada) / "card.json").axes


WRONG: dict[str, tuple[Wish, str]] = {
    "no finding": (Wish(ending=Ending.CLEAR), "corrects a line"),
    "a foreign code": (Wish(code="XYZ999", ending=Ending.CLEAR), "no finding XYZ999"),
    "the lift": (Wish(code="lift", ending=Ending.CLEAR), "grade again"),
    "the band": (Wish(code="Band", text="It is a pass."), "rests on labels"),
    "nothing to change": (Wish(code="DOC003"), "nothing would change"),
    "a worse ending": (Wish(code="REP001", ending=Ending.CAUTION), "cannot make it caution"),
    "a problem": (Wish(code="REP001", ending=Ending.PROBLEM), "cannot make it problem"),
    "one that is not there": (Wish(code="DOC003", place=2, ending=Ending.CLEAR), "no finding 2"),
    "an endless text": (Wish(code="DOC003", text="x" * 3000), "3,000 characters"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_no_reply_can_correct_is_refused_and_writes_nothing(
    graded: Workspace, ada: CandidateRecord, what: str
) -> None:
    wish, said = WRONG[what]
    head, files = ada.ledger.head, sorted(folder_of(ada).iterdir())

    with pytest.raises(BadInput, match=re.escape(said)):
        accept(graded, ada, wish=wish)

    assert ada.ledger.head == head
    assert sorted(folder_of(ada).iterdir()) == files


@pytest.mark.parametrize("number", [0, 3, -1, 10**9])
def test_a_reply_that_nobody_made_is_refused(graded: Workspace, ada: CandidateRecord, number: int) -> None:
    with pytest.raises(BadInput, match="made no reply"):
        accept(graded, ada, number)


def test_a_reply_is_decided_once(graded: Workspace, ada: CandidateRecord) -> None:
    accept(graded, ada)
    head = ada.ledger.head
    for again in (lambda: accept(graded, ada), lambda: refuse(graded, ada, 1)):
        with pytest.raises(BadInput, match="was accepted already"):
            again()
    assert ada.ledger.head == head


def test_a_card_that_a_kill_kept_away_is_written_when_the_reply_is_decided_again(
    graded: Workspace, ada: CandidateRecord
) -> None:
    accept(graded, ada)
    for path in folder_of(ada).glob("amended.*"):
        path.unlink()
    with pytest.raises(BadInput, match="was accepted already"):
        accept(graded, ada)
    assert read_card(folder_of(ada) / "amended.json").is_amended


def test_a_refusal_changes_no_line_and_needs_a_reason(graded: Workspace, ada: CandidateRecord) -> None:
    with pytest.raises(BadInput, match="changes no line"):
        decide_reply(graded, ada, 1, accept=False, why=WHY, by="us", wish=CLEARS)
    with pytest.raises(BadInput, match="--why"):
        decide_reply(graded, ada, 1, accept=False, why="  ", by="us", wish=Wish())


def test_of_several_findings_of_one_code_it_has_to_be_said_which(graded: Workspace, ada: CandidateRecord) -> None:
    path = folder_of(ada) / "card.json"
    plain = json.loads(path.read_text())
    again = next(one for one in plain["findings"] if one["code"] == "DOC003")
    plain["findings"].append(json.loads(json.dumps(again).replace("No section", "Another section")))
    path.write_text(json.dumps(plain))

    with pytest.raises(BadInput, match="DOC003 has 2 findings"):
        accept(graded, ada)
    accept(graded, ada, wish=Wish(code="DOC003", place=2, ending=Ending.CLEAR))

    endings = [finding.ending for finding in card_of(ada).findings if finding.code == "DOC003"]
    assert endings == [Ending.PROBLEM, Ending.CLEAR]


def test_a_card_that_is_graded_anew_keeps_the_decision_and_not_the_change(
    graded: Workspace, ada: CandidateRecord
) -> None:
    accept(graded, ada)
    path = folder_of(ada) / "card.json"
    path.write_text(path.read_text().replace('"isolation": "', '"isolation": "anew: ', 1))

    card = card_of(ada)
    assert not card.is_amended
    assert [one.holds for one in card.corrections] == [False]
    accept(graded, ada)
    assert [one.holds for one in card_of(ada).corrections] == [False, True]


def test_a_candidate_chooses_the_line_on_their_page_and_nobody_else_is_asked(graded: Workspace) -> None:
    tokens = {
        role: tokens_of(graded).issue(role, name) for role, name in ((Role.CANDIDATE, "ada"), (Role.RATER, "kim"))
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    with serving(site.Site(workspace=graded, tokens=tokens_of(graded)), {}) as served:
        page = served.ask("GET", "/c/ada", token=tokens[Role.CANDIDATE]).text
        other = served.ask("GET", "/c/ada", token=tokens[Role.RATER]).text
        sent = served.ask(
            "POST", "/c/ada/reply", token=tokens[Role.CANDIDATE], body=b"line=ARC003&text=They+came+by+mail", **kind
        )

    assert sent.status == 303
    offered = re.findall(r'<option value="(\w*)">', page)
    codes = [finding.code for finding in card_of(graded.candidate("ada")).findings]
    assert offered[0] == ""
    assert set(offered) - set(codes) == {"", "band", "lift", "score"}
    assert "<option" not in other
    assert card_of(graded.candidate("ada")).replies[-1] == "ARC003: They came by mail"


def test_nothing_is_decided_after_forgetting(graded: Workspace, ada: CandidateRecord) -> None:
    accept(graded, ada)
    forget(graded, ada, why="asked for it")

    with pytest.raises(BadInput, match="deleted"):
        refuse(graded, ada, 2)
    assert not folder_of(ada).exists()
    with pytest.raises(BadInput):
        bundle(graded, ada, "open")
