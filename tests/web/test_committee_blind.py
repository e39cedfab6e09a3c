"""Until the lock nobody learns who made a work, or what another rater says: every route, as everybody, is looked at."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.evals.committee.graded import ADDRESS, AUTHOR, graded, opened, submitted
from tests.web.committee import convened, look, send, work_of
from tests.web.served import Answer, Served, serving

from heldout.evals.committee import declare_conflict, lock, save, works_of
from heldout.evals.record.kinds import Kind, Role
from heldout.web.rights import ROUTES, Right

KIM, OLA, NOOR = (Role.RATER, "Kim Lee"), (Role.RATER, "Ola Berg"), (Role.ADJUDICATOR, "Noor Adan")
ZOE, MILO = (Role.CANDIDATE, "zoe-candidate"), (Role.CANDIDATE, "milo-candidate")
ORGANISER, NOBODY = (Role.ORGANISER, ""), None
OLAS_REASON, OLAS_CONFLICT = "olas-own-words about the tests", "olas-own-conflict"
SECRET_FILE = f"# Delays\nBy {AUTHOR} <{ADDRESS}> for zoe-candidate, on 2026-03-02 14:30.\n"
AUTHORED = (AUTHOR, "Grace", "Hopper", ADDRESS, "grace.hopper", "navy.example.org", "Alan Turing", "alan@bletchley")
CANDIDATES = (ZOE[1], MILO[1])
OLAS = (OLAS_REASON, OLAS_CONFLICT, "Ola Berg")
HIDDEN = {
    KIM: (*AUTHORED, *CANDIDATES, *OLAS, "Noor Adan"),
    NOOR: (*AUTHORED, *CANDIDATES, *OLAS, "Kim Lee", "kims words"),
    ZOE: (MILO[1], *OLAS, "Kim Lee", "kims words", "Noor Adan", "work-"),
    ORGANISER: (OLAS_REASON, "kims words"),
    NOBODY: (*AUTHORED, *CANDIDATES, *OLAS, "Kim Lee", "kims words", "Noor Adan", "work-"),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Ola has said something of zoe's work and has a conflict about milo's; Kim has begun; nothing is locked."""
    site, tokens = convened(tmp_path_factory.mktemp("blind") / "eval", CANDIDATES, (KIM[1], OLA[1]))
    workspace = site.workspace
    submitted(workspace, ZOE[1], {"README.md": SECRET_FILE, f"{AUTHOR}/notes.py": "# Hopper wrote this\n"})
    record = workspace.candidate(ZOE[1])
    update = {"number": 1, "stated_at": "2026-03-02 14:30", "done": f"{AUTHOR} trained.", "next": "", "assumptions": ""}
    record.ledger.append(Kind.UPDATE, {**update, "metrics": []}, actor=Role.CANDIDATE)
    record.ledger.append(Kind.REPLIED, {"line": "", "text": f"Mail {ADDRESS}, says Hopper."}, actor=Role.CANDIDATE)
    record.ledger.append(Kind.ACCOMMODATED, {"hours": 12, "what": "secretquiet"}, actor=Role.ORGANISER)
    (record.folder / "graded" / ZOE[1] / "card.html").write_text(f"<title>{AUTHOR}</title>")
    save(workspace, OLA[1], work_of(workspace, ZOE[1]), "architecture", level="staff", reason=OLAS_REASON)
    declare_conflict(workspace, OLA[1], work_of(workspace, MILO[1]), why=OLAS_CONFLICT)
    save(workspace, KIM[1], work_of(workspace, MILO[1]), "monitoring", level="mid", reason="kims words")
    with serving(site, tokens) as served:
        yield served


def answers(served: Served, who: tuple[Role, str] | None) -> Iterator[tuple[str, Answer]]:
    """Ask for everything that there is, and for what is near to it, by token and by cookie."""
    token = served.tokens[who] if who else None
    works = [work_of(served.site.workspace, name) for name in CANDIDATES]
    for right in (right for right in ROUTES if right.path != "/logout"):
        for number, path in enumerate(paths(right, works)):
            for method in (right.method, "HEAD", "PUT")[: 1 if number else 3]:
                body = b"text=x&why=y&level=mid&reason=a+b+c" if method == "POST" else None
                kind = {"Content_Type": "application/x-www-form-urlencoded"} if body else {}
                yield f"{method} {path}", served.ask(method, path, token=token, body=body, **kind)
            if who and right.method == "GET" and number == 0:
                yield f"{path} by cookie", look(served, who, path)


def paths(right: Right, works: list[str]) -> Iterator[str]:
    for name in (*CANDIDATES, "nobody-at-all"):
        for work in (*works, "work-999"):
            path = right.path.format(name=name, work=work) + (f"?service={right.service}" if right.service else "")
            yield from (f"{path}?n={n}" for n in range(3)) if path.endswith("/file") else (path,)
            if "{work}" not in right.path:
                break
        if "{name}" not in right.path:
            break


@pytest.mark.parametrize("who", HIDDEN, ids=lambda who: who[0].value if who else "nobody")
def test_no_answer_holds_what_the_caller_may_not_know_before_the_lock(
    served: Served, who: tuple[Role, str] | None
) -> None:
    seen = 0
    for asked, answer in answers(served, who):
        told = f"{answer.status} {answer.headers} {answer.body.decode('utf-8', 'replace')}"
        found = [word for word in HIDDEN[who] if word in told]
        assert found == [], asked
        seen += answer.status == 200
    assert seen > 5, "something was there to be looked at"
    assert not served.site.is_locked()


def test_what_a_rater_is_shown_has_the_work_and_not_its_author(served: Served) -> None:
    work = work_of(served.site.workspace, ZOE[1])
    page, file = look(served, KIM, f"/works/{work}").text, look(served, KIM, f"/works/{work}/file?n=1").text

    assert "[name] trained." in page
    assert "[address]" in page
    assert "By [name] &lt;[address]&gt; for [name]" in file
    assert "2026-03-02" not in page
    assert "secretquiet" not in page
    assert not re.search(r"\d\d:\d\d", page), "an hour would tell of an accommodation"
    assert " checked" not in page, "Ola's level is not Kim's"


def test_a_rater_sees_their_own_words_and_nobody_elses(served: Served) -> None:
    milos = work_of(served.site.workspace, MILO[1])

    assert "kims words" in look(served, KIM, f"/works/{milos}").text
    assert OLAS_REASON in look(served, OLA, f"/works/{work_of(served.site.workspace, ZOE[1])}").text
    assert OLAS_CONFLICT in look(served, OLA, f"/works/{milos}").text


def test_the_organiser_sees_how_far_each_is_and_no_level(served: Served) -> None:
    page = look(served, ORGANISER, "/committee").text

    assert "1 of 4 levels" in page
    assert OLAS_CONFLICT in page, "the organiser reads why a sheet was closed"
    assert not re.search(r"\b(junior|senior|staff)\b", page)


def test_a_form_of_one_rater_says_nothing_for_another(served: Served) -> None:
    work = work_of(served.site.workspace, ZOE[1])
    before = served.site.workspace.candidate(ZOE[1]).folder / "committee" / "ledger.jsonl"
    length = before.stat().st_size

    answer = send(served, KIM, f"/works/{work}/leaf", **{"rater": "Ola Berg", "architecture.reason": ""})

    assert answer.status == 200
    assert before.stat().st_size == length, "an empty field of Kim's is no event, and Ola's stands"


def test_the_ledger_of_a_candidate_holds_nothing_of_the_committee(served: Served) -> None:
    events = served.ask("GET", f"/c/{ZOE[1]}/events.json", token=served.tokens[ZOE]).text
    kinds = {event["kind"] for event in json.loads(events)["events"]}

    assert not kinds & {"rated", "conflict", "invited", "sheet_final"}


def test_a_candidate_who_was_graded_after_the_lock_stays_unknown_to_those_who_will_rate_them(tmp_path: Path) -> None:
    site, tokens = convened(tmp_path / "eval", (ZOE[1],), (KIM[1], OLA[1]))
    lock(site.workspace, by="Org", why="early")
    opened(site.workspace, MILO[1])
    submitted(site.workspace, MILO[1])
    graded(site.workspace, MILO[1])
    (site.workspace.candidate(MILO[1]).folder / "graded" / MILO[1] / "card.html").write_text("a card")
    (late,) = [work.name for work in works_of(site.workspace)[0] if work.candidate == MILO[1]]
    with serving(site, tokens) as served:
        for who in (KIM, NOOR):
            for path in (f"/c/{MILO[1]}", f"/c/{MILO[1]}/card", f"/c/{MILO[1]}/events.json", f"/committee/{late}"):
                assert look(served, who, path).status == 404, path
            assert (
                served.ask("GET", f"/git/{MILO[1]}/info/refs?service=git-upload-pack", token=tokens[who]).status == 404
            )
            for path in ("/", "/committee", "/works" if who == KIM else "/"):
                page = look(served, who, path)
                assert (page.status, MILO[1] in page.text) == (200, False), path
            assert look(served, who, f"/c/{ZOE[1]}").status == 200
        assert look(served, ORGANISER, f"/c/{MILO[1]}/card").status == 200


def test_a_repository_that_cannot_be_read_names_its_candidate_to_the_organiser_alone(tmp_path: Path) -> None:
    site, tokens = convened(tmp_path / "eval", CANDIDATES, (KIM[1], OLA[1]))
    work = work_of(site.workspace, ZOE[1])
    shutil.rmtree(site.workspace.candidate(ZOE[1]).repository / "objects")
    with serving(site, tokens) as served:
        told = [look(served, KIM, path) for path in (f"/works/{work}", f"/works/{work}/file?n=0")]
        told.append(send(served, KIM, f"/works/{work}/leaf", **{"architecture.level": "mid"}))
    assert [answer.status for answer in told] == [503, 503, 400]
    for answer in told:
        assert not any(word in answer.text for word in (*HIDDEN[KIM], str(tmp_path))), answer.text
