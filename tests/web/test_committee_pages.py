"""The committee day by forms alone, as a browser without scripts sends them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.report.hostile import HOSTILE
from tests.web.committee import Tokens, convened, look, send, whole_sheet, work_of
from tests.web.served import Served, serving

from heldout.app.eval_open import tokens_of
from heldout.evals.committee import LEAVES, lock, sheets_of, state_of, work_named
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.workspace import Workspace
from heldout.web import Site

KIM, OLA, NOOR = (Role.RATER, "Kim Lee"), (Role.RATER, "Ola Berg"), (Role.ADJUDICATOR, "Noor Adan")
ORGANISER, ADA, BOB = (Role.ORGANISER, ""), (Role.CANDIDATE, "ada"), (Role.CANDIDATE, "bob")
HOSTILE_TEXT = HOSTILE.replace("\udcff", "\ufffd")
RULE = '[decision.floor]\nmonitoring = "mid"\n'


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Tokens]:
    return convened(tmp_path_factory.mktemp("written") / "eval", ("ada", "bob"), (KIM[1], OLA[1]), decision=RULE)


@pytest.fixture
def served(written: tuple[Site, Tokens], tmp_path: Path) -> Iterator[Served]:
    """A copy of its own for each test."""
    folder = Path(shutil.copytree(written[0].workspace.folder, tmp_path / "eval"))
    site = Site(workspace=Workspace(folder=folder), tokens=tokens_of(Workspace(folder=folder)))
    with serving(site, written[1]) as served:
        yield served


def mark(served: Served, who: tuple[Role, str], work: str, leaf: str) -> tuple[str | None, str]:
    workspace = served.site.workspace
    found = sheets_of(workspace, work_named(workspace, work), state_of(workspace))[who[1]].marks[leaf]
    return found.level, found.reason


def finished(served: Served, *, differs: bool = True) -> tuple[str, str]:
    """Let both raters finish both works, which locks; return the works of ada and bob."""
    works = work_of(served.site.workspace, "ada"), work_of(served.site.workspace, "bob")
    for who, level in ((KIM, "mid"), (OLA, "senior" if differs else "mid")):
        for work in works:
            send(served, who, f"/works/{work}/final", **whole_sheet("mid") | {"architecture.level": level})
    assert served.site.is_locked()
    return works


def test_one_leaf_is_saved_by_itself_and_answered_with_what_is_missing(served: Served) -> None:
    work = work_of(served.site.workspace, "ada")

    answer = send(served, KIM, f"/works/{work}/leaf", **{"monitoring.level": "mid", "monitoring.reason": "two of them"})

    assert (answer.status, answer.headers.get_content_type()) == (200, "text/plain")
    assert answer.text.splitlines()[:2] == [
        "Saved: monitoring.",
        "architecture: a level and a reason of 3 words or more",
    ]
    assert mark(served, KIM, work, "monitoring") == ("mid", "two of them")


def test_the_whole_form_is_saved_without_any_script(served: Served) -> None:
    work = work_of(served.site.workspace, "ada")
    said = "It has\n  two tests, <b>and</b> a 👩‍💻 wrote them."

    answer = send(served, KIM, f"/works/{work}/sheet", **whole_sheet("senior", said))

    assert (answer.status, answer.headers["Location"]) == (303, f"/works/{work}?saved")
    assert mark(served, KIM, work, "architecture") == ("senior", said)
    page = look(served, KIM, f"/works/{work}?saved").text
    assert page.count(" checked") == len(LEAVES)
    assert "Saved." in page
    assert "It has\n  two tests, &lt;b&gt;and&lt;/b&gt; a 👩‍💻 wrote them.</textarea>" in page, "sign for sign"


def test_a_sheet_is_final_only_when_nothing_is_missing_and_can_be_taken_back(served: Served) -> None:
    work = work_of(served.site.workspace, "ada")

    early = send(served, KIM, f"/works/{work}/final", **whole_sheet() | {"monitoring.reason": "too short"})
    assert early.status == 409
    assert "no reason for monitoring" in early.text
    assert "\ntoo short</textarea>" in early.text, "what was typed is still there"
    assert send(served, KIM, f"/works/{work}/final", **whole_sheet()).status == 303
    page = look(served, KIM, f"/works/{work}").text
    assert "is final" in page
    assert "<textarea" not in page
    again = send(served, KIM, f"/works/{work}/leaf", **{"monitoring.level": "junior", "monitoring.reason": "x y z"})
    assert (again.status, mark(served, KIM, work, "monitoring")[0]) == (409, "mid")
    assert send(served, KIM, f"/works/{work}/open").status == 303
    assert "<textarea" in look(served, KIM, f"/works/{work}").text


def test_a_conflict_closes_the_sheet_once_it_is_confirmed(served: Served) -> None:
    work = work_of(served.site.workspace, "ada")
    send(served, KIM, f"/works/{work}/sheet", **whole_sheet())

    unsure = send(served, KIM, f"/works/{work}/conflict", why="We shared an office.")
    assert unsure.status == 409
    assert "We shared an office.</textarea>" in unsure.text
    assert send(served, KIM, f"/works/{work}/conflict", why="", sure="yes").status == 409
    assert send(served, KIM, f"/works/{work}/conflict", why="We shared an office.", sure="yes").status == 303
    page = look(served, KIM, f"/works/{work}").text
    assert "counts nowhere" in page
    assert "the README says so" not in page
    assert look(served, KIM, f"/works/{work}/file?n=0").status == 404
    assert "We shared an office." in look(served, ORGANISER, "/committee").text


def test_what_is_typed_while_the_lock_falls_is_shown_and_not_lost_from_sight(served: Served) -> None:
    work = work_of(served.site.workspace, "ada")
    lock(served.site.workspace, by="Olga", why="it is late")

    for action in ("sheet", "final"):
        answer = send(served, KIM, f"/works/{work}/{action}", **whole_sheet("mid", "typed a moment too late"))
        assert answer.status == 409
        assert "were locked" in answer.text
        assert answer.text.count("typed a moment too late") == len(LEAVES)
    told = send(served, KIM, f"/works/{work}/leaf", **{"monitoring.reason": "too late"})
    assert (told.status, "were locked" in told.text) == (409, True)


@pytest.mark.parametrize("work", ["work-9999", "ada", "..%2f..", "%00", "lock"])
def test_a_work_that_is_none_is_not_there(served: Served, work: str) -> None:
    assert look(served, KIM, f"/works/{work}").status == 404
    for action in ("leaf", "sheet", "final", "open", "conflict"):
        answer = send(served, KIM, f"/works/{work}/{action}", **whole_sheet(), why="a b c", sure="yes")
        assert answer.status == 404, action


def test_after_the_lock_all_sheets_stand_side_by_side_with_differences_marked(served: Served) -> None:
    work, _ = finished(served)

    for path in (f"/works/{work}", f"/committee/{work}"):
        page = look(served, KIM, path).text
        assert page.count('<tr class="differs">') == 2, "both raters on the one leaf on which they differ"
        assert "Raters differ on architecture." in page
        assert "Raters do not differ on monitoring." in page
        assert "Ola Berg" in page
    assert look(served, KIM, "/c/ada").status == 200
    assert "textarea" not in look(served, KIM, f"/committee/{work}").text, "raters set nothing any more"


def test_why_a_share_of_equal_levels_has_no_interval_is_said_once(served: Served) -> None:
    finished(served, differs=False)

    page = look(served, ORGANISER, "/committee").text

    assert page.count("no interval: questions of one work go together") == 1
    assert page.count('<td data-label="pairs with the same level">100 %</td>') == 1 + len(LEAVES)


def test_the_organiser_locks_early_with_name_and_reason(served: Served) -> None:
    work = work_of(served.site.workspace, "ada")
    send(served, KIM, f"/works/{work}/final", **whole_sheet())
    page = look(served, ORGANISER, "/committee").text
    assert "Kim Lee: 1 sheet, " in page
    assert "Ola Berg: 2 sheets, " in page

    thin = send(served, ORGANISER, "/committee/lock", by="Olga", why="")
    assert (thin.status, "fewer than 2 final sheets" in thin.text) == (409, True)
    assert send(served, ORGANISER, "/committee/lock", by="", why="it is late").status == 409
    assert not served.site.is_locked()
    assert send(served, ORGANISER, "/committee/lock", by="Olga", why="it is late").status == 303
    page = look(served, ORGANISER, "/committee").text
    assert "by Olga" in page
    assert "it is late" in page
    assert f"Ola Berg on {work}" in page, "who was not final is named"


def test_an_adjudicator_sets_what_is_open_and_the_organiser_decides_and_releases(served: Served) -> None:
    work, bobs = finished(served)
    assert "open" in look(served, NOOR, "/committee").text
    assert "levels are open" in look(served, ORGANISER, "/committee").text
    waiting = look(served, ORGANISER, f"/committee/{work}").text
    assert "Release the decision" not in waiting

    why = {"reason": "the split argues for it"}
    assert send(served, NOOR, f"/committee/{work}/level", leaf="architecture", level="", **why).status == 409
    wrong = send(served, NOOR, f"/committee/{work}/level", leaf="architecture", level="senior", reason="no")
    assert (wrong.status, "fewer than 3 words" in wrong.text) == (409, True)
    for one in (work, bobs):
        said = {"leaf": "architecture", "level": "senior", "by": "Mallory", **why}
        assert send(served, NOOR, f"/committee/{one}/level", **said).status == 303
    page = look(served, KIM, f"/committee/{work}").text
    assert "senior</strong> in place of no level, by Noor Adan (adjudicator)" in page
    assert "Mallory" not in page, "an adjudicator sets levels under their own name"

    said = {"what": "band", "value": "target", "by": "Olga", "reason": "The outage was ours."}
    assert send(served, ORGANISER, f"/committee/{work}/ruling", **said).status == 303
    for bad in ({"value": "best"}, {"reason": "no"}, {"by": ""}, {"what": "multiplier", "value": "nan"}):
        assert send(served, ORGANISER, f"/committee/{work}/ruling", **said | bad).status == 409
    assert "The rule gives pass; Olga decided target" in look(served, ORGANISER, f"/committee/{work}").text
    assert "The outage" not in look(served, ADA, "/c/ada").text
    assert send(served, ORGANISER, f"/committee/{work}/release").status == 409
    assert send(served, ORGANISER, f"/committee/{work}/release", sure="yes").status == 303
    told = look(served, ADA, "/c/ada").text
    assert "The rule gives pass; Olga decided target: The outage was ours." in told
    assert "What was automated" in told
    for name in (*(who[1] for who in (KIM, OLA, NOOR)), "the split argues", "the README says so", "work-"):
        assert name not in told
    assert "Decision" not in look(served, BOB, "/c/bob").text
    assert len(served.events("ada", Kind.DECIDED)) == 1
    assert "target, released" in look(served, ORGANISER, "/committee").text


def test_what_raters_wrote_is_shown_and_does_nothing(served: Served) -> None:
    work = work_of(served.site.workspace, "ada")
    written = f"{HOSTILE_TEXT} </textarea></form><script>alert(1)</script>"
    send(served, OLA, f"/works/{work}/final", **whole_sheet("mid", written))
    lock(served.site.workspace, by="Olga", why=f"late {HOSTILE_TEXT}")

    for who, path in ((KIM, f"/works/{work}"), (ORGANISER, f"/committee/{work}"), (NOOR, "/committee")):
        page = look(served, who, path).text
        assert "<script>alert" not in page
        assert not {"\x1b", "\u202e", "\x9b", "\x00"} & set(page)


def test_a_form_that_is_too_large_is_refused_and_one_of_the_longest_reasons_is_not(served: Served) -> None:
    work = work_of(served.site.workspace, "ada")

    assert send(served, KIM, f"/works/{work}/sheet", **whole_sheet("mid", "語 " * 2_500)).status == 303
    assert send(served, KIM, f"/works/{work}/sheet", **whole_sheet("mid", "語 " * 9_000)).status == 413
    assert send(served, KIM, f"/works/{work}/sheet", **whole_sheet("mid", "a " * 2_600)).status == 409
    assert mark(served, KIM, work, "monitoring")[1] == ("語 " * 2_500).strip()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
def test_another_site_rates_nothing(served: Served, origin: str | None) -> None:
    from urllib.parse import urlencode

    from tests.web.committee import FORM
    from tests.web.served import raw

    from heldout.web.pages import COOKIE

    work = work_of(served.site.workspace, "ada")
    headers = {**FORM, "Cookie": f"{COOKIE}={served.tokens[KIM]}"} | ({"Origin": origin} if origin else {})
    body = urlencode(whole_sheet()).encode()

    for path in (f"/works/{work}/sheet", f"/works/{work}/leaf", f"/works/{work}/final"):
        assert raw(served.port, "POST", path, body, headers).status == 403
    assert not (served.site.workspace.candidate("ada").folder / "committee" / "ledger.jsonl").exists()


def test_a_guest_with_a_rater_token_who_was_not_invited_is_told_so(served: Served) -> None:
    token = served.site.tokens.issue(Role.RATER, "guest")

    answer = served.ask("GET", "/works", token=token)

    assert (answer.status, "were not invited" in answer.text) == (403, True)
    assert served.ask("GET", "/c/ada", token=token).status == 404
