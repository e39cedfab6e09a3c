"""The walkthrough of small graded submissions: answers that recompute, and nothing asked without its evidence."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from markdown_it import MarkdownIt
from sklearn.metrics import precision_score, roc_auc_score
from tests.evals.walkthrough.conftest import HOSTILE

from heldout.app.eval_walkthrough import write_sheets
from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.core.estimate import Estimate
from heldout.core.finding import Certainty, Ending, Finding, clear, problem
from heldout.core.walkthrough import Anchors, NotAsked, Question, Walkthrough, Worth
from heldout.evals.brief import AmendmentSection
from heldout.evals.bundle import open_bundle
from heldout.evals.bundle.layout import list_of
from heldout.evals.walkthrough import FEWEST, MOST, Asker, catalog, recompute, walkthrough
from heldout.evals.walkthrough.evidence import WorstSlice, gather
from heldout.evals.walkthrough.question import THEMES, put
from heldout.evals.walkthrough.sheet import chosen
from heldout.report.figures import short
from heldout.report.json import to_json
from heldout.report.walkthrough import interviewer_page, interviewer_text, practice_page, practice_text

Evidence = dict[str, Any]
Change = Callable[[Evidence], Evidence]
ASKERS = {one.name: one for one in catalog()}


@pytest.fixture(scope="session")
def sheets(bundles: Mapping[str, Path]) -> dict[str, Walkthrough]:
    return {name: walkthrough(folder) for name, folder in bundles.items()}


@pytest.fixture(scope="session")
def gathered(bundles: Mapping[str, Path]) -> dict[str, Evidence]:
    return {name: dict(gather(open_bundle(bundles[name]))[0]) for name in ("sound", "leaking")}


def finding(code: str, *, ending: Ending = Ending.PROBLEM, family: str = "architecture") -> Finding:
    said = (
        problem("It is so.", Certainty.PROVEN, to_do="Mend it.") if ending is Ending.PROBLEM else clear("It is fine.")
    )
    return Finding(code=code, name="it-is-so", family=family, answer=said)


def with_card(**changes: Any) -> Change:
    return lambda evidence: evidence | {"card": replace(evidence["card"], **changes)}


def with_finding(one: Finding) -> Change:
    def change(evidence: Evidence) -> Evidence:
        card: Card = evidence["card"]
        others = tuple(other for other in card.findings if other.code != one.code)
        return evidence | {"card": replace(card, findings=(*others, one))}

    return change


def without(*codes: str) -> Change:
    def change(evidence: Evidence) -> Evidence:
        card: Card = evidence["card"]
        left = tuple(one for one in card.findings if one.code not in codes)
        return evidence | {"card": replace(card, findings=left)}

    return change


def failed(evidence: Evidence) -> Evidence:
    card: Card = evidence["card"]
    broken = replace(card.runs[0], ending="exit code 1", cause="candidate")
    return evidence | {"card": replace(card, runs=(*card.runs, broken))}


def narrowed(evidence: Evidence) -> Evidence:
    agreed = AmendmentSection(version=2, narrowed="Drift alone.", tradeoffs="No latency.", accepted="2024-01-01")
    return evidence | {"brief": evidence["brief"].model_copy(update={"amendments": (agreed,)})}


def sliced(evidence: Evidence) -> Evidence:
    low = Estimate(value=0.6, low=0.51, high=0.69, n=300, method="t", level=0.99)
    rest = Estimate(value=0.81, low=0.78, high=0.84, n=2700, method="t", level=0.99)
    ratio = Estimate(value=2.1, low=1.4, high=3.1, n=3000, method="t", level=0.99)
    one = WorstSlice(column="group", value="a", rows=300, slices=5, inside=low, outside=rest, ratio=ratio)
    return evidence | {"worst_slice": one}


def same(evidence: Evidence) -> Evidence:
    return evidence


ASKED: Mapping[str, tuple[str, Change]] = {
    "failed-run": ("sound", failed),
    "leak": ("leaking", same),
    "reported": ("leaking", same),
    "split": ("leaking", same),
    "narrowed-scope": ("sound", narrowed),
    "worst-day": ("sound", same),
    "unwatched": ("leaking", same),
    "lift-rests-on": ("sound", same),
    "base-rate": ("sound", same),
    "roll-back": ("sound", same),
    "worst-slice": ("sound", sliced),
    "untested": ("sound", with_finding(finding("ARC003"))),
    "data-terms": ("sound", same),
    "cost-per-thousand": ("sound", same),
    "half-the-budget": ("sound", same),
    "same-seed": ("sound", same),
}
"""For each question the submission that raises it, or what makes it do so."""

GONE: Mapping[str, Change] = {
    "failed-run": same,
    "leak": without("LEK003"),
    "reported": with_card(reported=None),
    "narrowed-scope": same,
    "worst-day": with_card(alert_trial=None),
    "unwatched": with_finding(finding("MON001", ending=Ending.CLEAR, family="monitoring")),
    "lift-rests-on": with_card(lift=None),
    "base-rate": lambda evidence: evidence | {"period": None},
    "roll-back": with_card(lift=None),
    "worst-slice": lambda evidence: evidence | {"worst_slice": None},
    "split": lambda evidence: evidence | {"spans": None},
    "untested": without("ARC003", "ARC005", "ARC006", "MON005", "MON006", "MON007"),
    "data-terms": without("DOC004"),
    "cost-per-thousand": with_card(runs=()),
    "half-the-budget": with_card(runs=()),
    "same-seed": without("REP001"),
}
"""For each question what takes away what it speaks of; the sound submission itself where it has none of it."""


def raised(name: str, gathered: Mapping[str, Evidence]) -> tuple[Asker, Evidence]:
    whose, change = ASKED[name]
    return ASKERS[name], change(gathered[whose])


def test_every_question_of_the_catalog_is_tried_and_every_theme_is_known() -> None:
    assert set(ASKED) == set(GONE) == set(ASKERS)
    assert {one.theme for one in ASKERS.values()} == set(THEMES)


@pytest.mark.parametrize("name", ASKED)
def test_a_question_is_asked_where_its_evidence_is_there(name: str, gathered: Mapping[str, Evidence]) -> None:
    asked = put(*raised(name, gathered), {})

    assert isinstance(asked, Question)
    assert asked.text.endswith(("?", "."))
    assert "?" in asked.text
    assert asked.answer
    assert asked.sources
    assert len({asked.anchors.junior, asked.anchors.mid, asked.anchors.senior, asked.anchors.staff}) == 4
    assert all(one.estimate.n or one.estimate.undefined_because for one in asked.figures)


@pytest.mark.parametrize("name", ASKED)
def test_a_question_whose_evidence_is_absent_is_not_asked(name: str, gathered: Mapping[str, Evidence]) -> None:
    asker, evidence = raised(name, gathered)

    for need in asker.needs:
        gone = put(asker, evidence | {need: None}, {need: "it is not there"})
        assert isinstance(gone, NotAsked)
        assert gone.reason == "it is not there"
    start = gathered["sound"] if GONE[name] is same else evidence
    assert isinstance(put(asker, GONE[name](start), {}), NotAsked)


@pytest.mark.parametrize("name", ASKED)
def test_no_question_tells_a_figure_of_its_answer(name: str, gathered: Mapping[str, Evidence]) -> None:
    asked = put(*raised(name, gathered), {})

    assert isinstance(asked, Question)
    assert told(asked) == []


def told(asked: Question) -> list[str]:
    """Return the figures of an answer that stand in the question's own words, beyond those of one digit."""
    found = []
    for one in asked.figures:
        text = short(one.estimate, one.unit).partition(" [")[0]
        if len(re.findall(r"\d", text)) > 1 and re.search(rf"(?<![\d.]){re.escape(text)}(?![\d.])", asked.text):
            found.append(f"{one.name}: {text}")
    return found


def test_the_leak_is_asked_of_with_the_lines_that_name_its_column(gathered: Mapping[str, Evidence]) -> None:
    asked = put(*raised("leak", gathered), {})

    assert isinstance(asked, Question)
    lines = {(one.where, one.line): one.note for one in asked.sources if one.kind == "file"}
    assert {where for where, _ in lines} >= {"train.py", "predict.py"}
    assert all("after" in note for note in lines.values())
    assert asked.figures[0].name == "price of column after, mended first"


def test_a_sheet_has_six_to_eight_questions_on_as_many_themes_worst_first(sheets: Mapping[str, Walkthrough]) -> None:
    for name in ("sound", "leaking"):
        asked = sheets[name].questions
        assert FEWEST <= len(asked) <= MOST
        assert len({one.theme for one in asked}) == len(asked)
        assert [one.worth.rank for one in asked] == sorted(one.worth.rank for one in asked)
        left = {one.name for one in sheets[name].not_asked}
        assert left | {one.name for one in asked} == set(ASKERS)
    assert sheets["leaking"].questions[0].name == "leak"
    assert sheets["leaking"].questions[0].worth is Worth.PROBLEM


def test_two_submissions_get_different_sheets(sheets: Mapping[str, Walkthrough]) -> None:
    one, other = ({(q.text, q.answer) for q in sheets[name].questions} for name in ("sound", "leaking"))
    assert len(one & other) <= 1, "a question without figures may be the same"


def test_the_same_bundle_gives_the_same_bytes_wherever_it_lies(
    bundles: Mapping[str, Path], sheets: Mapping[str, Walkthrough], tmp_path: Path
) -> None:
    copy = shutil.copytree(bundles["sound"], tmp_path / "elsewhere")
    written = write_sheets(copy, tmp_path / "sheets")

    assert [path.name for path in written.interviewer] == ["interviewer.html", "interviewer.json", "interviewer.md"]
    assert [path.name for path in written.practice] == ["practice.html", "practice.md"]
    again = (interviewer_page, to_json, interviewer_text, practice_page, practice_text)
    for path, shown in zip((*written.interviewer, *written.practice), again, strict=True):
        assert path.read_text(encoding="utf-8") == shown(sheets["sound"])


def test_each_answer_recomputes_from_the_bundle(
    bundles: Mapping[str, Path], sheets: Mapping[str, Walkthrough], tmp_path: Path
) -> None:
    (tmp_path / "sheet.json").write_text(to_json(sheets["leaking"]))

    lines = recompute(bundles["leaking"], tmp_path / "sheet.json")

    assert [line.what for line in lines] == [one.name for one in sheets["leaking"].questions]
    assert {(line.how, line.agrees) for line in lines} == {("recomputed", True)}


def test_a_changed_answer_is_named_and_no_other(
    bundles: Mapping[str, Path], sheets: Mapping[str, Walkthrough], tmp_path: Path
) -> None:
    plain = json.loads(to_json(sheets["sound"]))
    place = next(at for at, one in enumerate(plain["questions"]) if one["name"] == "base-rate")
    plain["questions"][place]["figures"][0]["estimate"]["value"] += 0.001
    (tmp_path / "sheet.json").write_text(json.dumps(plain))

    lines = recompute(bundles["sound"], tmp_path / "sheet.json")

    assert [(line.what, line.seen) for line in lines if not line.agrees] == [("base-rate", "figures differ")]
    assert [line.what for line in lines] == [one.name for one in sheets["sound"].questions]


def test_of_an_open_bundle_what_takes_labels_is_not_asked_and_hash_only(
    bundles: Mapping[str, Path], sheets: Mapping[str, Walkthrough], tmp_path: Path
) -> None:
    left = {one.name: one.reason for one in sheets["open"].not_asked}
    of_labels = {one.name for one in ASKERS.values() if one.by_labels}
    assert of_labels <= set(left)
    assert "open" in left["base-rate"]
    (tmp_path / "sheet.json").write_text(to_json(sheets["sound"]))

    lines = recompute(bundles["open"], tmp_path / "sheet.json")

    hashed = {line.what for line in lines if line.how == "hash only"}
    assert hashed == of_labels & {one.name for one in sheets["sound"].questions}
    rest = [line for line in lines if line.how == "recomputed"]
    wrong = {line.what: line.seen for line in rest if not line.agrees}
    assert set(wrong) <= {"split"}, "an open bundle has no tables"
    assert {line.what for line in rest} >= {"reported"}


def test_figures_are_those_that_scikit_learn_gives(
    bundles: Mapping[str, Path], gathered: Mapping[str, Evidence]
) -> None:
    folder, evidence = bundles["sound"], gathered["sound"]
    features = pq.read_table(folder / "eval/data/final.parquet")
    answers = pq.read_table(folder / "eval/answers/final.parquet")
    assert features["id"].equals(answers["id"])
    day, late = np.asarray(features["day"]), np.asarray(answers["late"])
    runs = np.stack([np.load(path) for path in sorted((folder / "score").glob("candidate-*.npy"))])
    mean = runs.mean(axis=0)

    period, worst = evidence["period"], evidence["worst_day"]
    first, last = (int(one) for one in period.name.split(" to "))
    inside = (day >= first) & (day <= last)
    assert period.rows == inside.sum()
    assert period.rate.value == pytest.approx(late[inside].mean())
    assert period.inside.value == pytest.approx(np.mean([roc_auc_score(late[inside], run[inside]) for run in runs]))
    assert period.at_rate.value == pytest.approx(period.whole.value)
    weight = np.where(late == 1, late[inside].mean() / late.mean(), (1 - late[inside].mean()) / (1 - late.mean()))
    calls = mean >= period.threshold
    assert period.precision.value == pytest.approx(precision_score(late, calls))
    assert period.precision_at_rate.value == pytest.approx(precision_score(late, calls, sample_weight=weight))
    gaps = {one: (late - mean)[day == one].mean() - (late - mean).mean() for one in np.unique(day)}
    counted = {one: gap for one, gap in gaps.items() if (day == one).sum() >= 20}
    assert int(worst.day) == max(counted, key=lambda one: abs(counted[one]))
    assert worst.days == len(counted)
    assert evidence["spans"].later == len(day)
    movers, card = evidence["movers"], evidence["card"]
    assert movers.share == pytest.approx(card.lift.largest_clusters_share, abs=0.02)
    assert movers.rows == np.isin(day, [int(name) for name in movers.names]).sum()


def test_hostile_words_of_a_submission_are_quoted_and_shown_as_they_stand(sheets: Mapping[str, Walkthrough]) -> None:
    sheet = sheets["leaking"]
    assert any("alert(1)" in one.text for one in sheet.questions)
    for page in (interviewer_page(sheet), practice_page(sheet)):
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert "\u202e" not in page
    for text in (interviewer_text(sheet), practice_text(sheet)):
        shown = MarkdownIt("commonmark").render(text)
        assert not re.search("<(?:a|img|script)", shown)
        assert "&lt;script&gt;" in shown
    assert all(one.text.count("”") == one.text.count("“") for one in sheet.questions)
    assert HOSTILE not in "".join(one.text for one in sheet.questions)


def test_the_practice_sheet_has_the_questions_and_no_figure_of_an_answer(sheets: Mapping[str, Walkthrough]) -> None:
    for name in ("sound", "leaking"):
        sheet = sheets[name]
        for text in (practice_page(sheet), practice_text(sheet)):
            asked = "".join(one.text for one in sheet.questions)
            for one in sheet.questions:
                assert not any(line in text for line in one.answer)
                for anchor in (one.anchors.mid, one.anchors.senior):
                    assert anchor not in text
                for figure in one.figures:
                    value = short(figure.estimate, figure.unit)
                    assert "[" not in value or value in asked or value not in text


def test_of_equal_themes_one_is_asked_and_of_too_many_the_first() -> None:
    anchors = {level: level for level in ("junior", "mid", "senior", "staff")}
    plain = {"text": "Why?", "answer": ("So.",), "figures": (), "sources": ()}

    def asked(name: str, theme: str, worth: Worth) -> Question:
        return Question(name=name, theme=theme, worth=worth, anchors=Anchors(**anchors), **plain)  # type: ignore[arg-type]  # plain data

    many = [asked(theme, theme, Worth.ALWAYS) for theme in THEMES]
    kept, left = chosen([asked("second", "data", Worth.PROBLEM), *many])

    assert kept[0].name == "second"
    assert len(kept) == MOST
    reasons = {one.name: one.reason for one in left}
    assert reasons["data"] == "second asks about it already"
    assert reasons["reproducibility"] == f"{MOST} others come first"


SPOILT: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "no bundle": (lambda folder: (folder / "bundle.json").unlink(), "this is no bundle"),
    "a changed file": (lambda folder: (folder / "tree" / "train.py").write_text("0"), "train.py is changed"),
    "a missing file": (lambda folder: (folder / "card.json").unlink(), "card.json is missing"),
    "a link": (lambda folder: (folder / "more").symlink_to("/etc/passwd"), "more is a link"),
    "a list that is none": (lambda folder: (folder / "bundle.json").write_text("[1]"), "cannot be read"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_damaged_bundle_is_refused_with_a_message_and_nothing_is_written(
    bundles: Mapping[str, Path], tmp_path: Path, how: str
) -> None:
    copy = shutil.copytree(bundles["sound"], tmp_path / "copy")
    spoil, expected = SPOILT[how]
    spoil(copy)

    with pytest.raises(BadInput, match=re.escape(expected)):
        write_sheets(copy, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_card_that_a_forger_broke_and_listed_again_is_bad_input(bundles: Mapping[str, Path], tmp_path: Path) -> None:
    for name, content in (("card.json", b"{}"), ("score/question.json", b"{}"), ("tree/submission.toml", b"a = [")):
        copy = shutil.copytree(bundles["sound"], tmp_path / name.replace("/", "-"))
        (copy / name).write_bytes(content)
        plain = json.loads((copy / "bundle.json").read_text())
        (copy / "bundle.json").write_text(json.dumps(plain | {"files": list_of(copy)}))
        with pytest.raises(BadInput):
            walkthrough(copy)


def test_a_sheet_that_is_none_or_of_another_grading_is_refused(
    bundles: Mapping[str, Path], sheets: Mapping[str, Walkthrough], tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.json"
    for content in ("{", "[]", '{"questions": 3}', to_json(sheets["sound"]).replace('"staff"', '"chief"')):
        sheet.write_text(content)
        with pytest.raises(BadInput, match="no sheet"):
            recompute(bundles["sound"], sheet)
    sheet.write_text(to_json(sheets["leaking"]))
    with pytest.raises(BadInput, match="another grading"):
        recompute(bundles["sound"], sheet)
    with pytest.raises(BadInput, match="no sheet"):
        recompute(bundles["sound"], tmp_path / "gone.json")


def test_sheets_are_not_written_into_the_bundle_that_they_rest_on(bundles: Mapping[str, Path]) -> None:
    with pytest.raises(BadInput, match="in the bundle"):
        write_sheets(bundles["sound"], bundles["sound"] / "sheets")
