"""An eval from a table to what is forgotten, played once over HTTP with git and the command."""

import json
import random
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.life import NAME, SECRET, Life, play
from tests.life import heldout as run

import heldout
from heldout.core.errors import BadInput
from heldout.evals.authoring.commitment import OPENING, verify_commitment
from heldout.evals.bundle.verify import ledger_lines
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Ledger
from heldout.sandbox import probe

Change = Callable[[Path], None]
MUTATIONS = 2_000


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    isolation = probe()
    if isolation.level == 0:
        pytest.skip(f"no sandbox here: {isolation.explanation}")
    return play(tmp_path_factory.mktemp("life"))


def test_without_consent_the_clock_does_not_start(life: Life) -> None:
    assert "no consent" in life.ran["open without consent"].err
    opened = life.payloads(Kind.OPENED)
    assert len(opened) == 1
    assert opened[0]["agreed"] == {"time_zone": "Europe/Berlin", "waking": "08:00-22:00", "hours": 48.0}
    assert opened[0]["commitment"] == json.loads((life.folder / "commitment.json").read_text())["commitment"]


def test_six_pushes_are_received_and_each_pusher_gets_a_receipt(life: Life) -> None:
    pushes = [one for one in life.payloads(Kind.PUSH) if one["ref"] == "refs/heads/main"]
    assert len(pushes) == 6
    for name in "123456":
        assert re.search(r"receipt \d+ at .*head [0-9a-f]{64}", life.pushed[name].stderr)


def test_a_forced_push_and_a_deletion_are_refused_and_recorded(life: Life) -> None:
    said = [one["why"] for one in life.payloads(Kind.PUSH_REFUSED)]
    assert [str(why).split(";")[0] for why in said] == ["a force push", "a deletion"]
    assert "refused and recorded" in life.pushed["forced"].stderr


def test_a_silence_longer_than_the_cadence_is_counted_in_waking_hours(life: Life) -> None:
    (status,) = json.loads(life.ran["status"].out)
    (gap,) = status["gaps"]
    assert 14 <= gap["waking_hours"] <= 17.1, "27 hours have one night at least; it took a moment more"
    assert "1 times" not in life.pages["graded card", "organiser"]
    assert "once longer apart" in life.pages["graded card", "organiser"]


def test_a_question_is_answered_and_a_scope_makes_the_next_brief(life: Life) -> None:
    assert [one["text"] for one in life.payloads(Kind.ANSWER)] == ["A pipeline that is handed over."]
    (decided,) = life.payloads(Kind.RESCOPE_ANSWERED)
    assert (decided["accepted"], decided["brief_version"]) == (True, 2)
    card = json.loads(life.ran["card"].out)
    assert card["hashes"]["brief"] == decided["brief_sha256"]
    assert card["record"]["brief in force"] == "version 2"
    assert card["record"]["scope, version 2"].startswith("Alerts on drift alone. Trade-offs: Latency")


def test_it_is_said_what_became_of_feedback(life: Life) -> None:
    assert [one["text"] for one in life.payloads(Kind.FEEDBACK_ANSWERED)] == ["The README says how x is binned."]
    assert json.loads(life.ran["card"].out)["record"]["feedback"] == "1 given, 1 answered"


def test_an_interim_score_is_released_for_a_first_best(life: Life) -> None:
    (interim,) = life.payloads(Kind.INTERIM)
    assert interim["released"] is True
    assert "lift over the baseline on the feedback rows: +" in life.ran["interim"].out


def test_a_rater_sees_no_trace_of_the_accommodation(life: Life) -> None:
    assert SECRET in life.pages["closed page", "organiser"]
    assert SECRET in life.pages["closed page", "candidate"]
    seen = {what: text for (what, who), text in life.pages.items() if who == "rater"} | {
        "log": life.ran["log rater"].out
    }
    assert len(seen) > 12
    assert NAME not in "".join(text for what, text in seen.items() if what != "log"), "no sheet was ever locked"
    for what, text in seen.items():
        assert SECRET not in text, what
        assert "accommodat" not in text.lower(), what
        if not what.endswith("card"):
            assert not re.search(r"\d\d:\d\d:\d\d", text), f"{what}: hours beyond the agreed ones would tell of it"


def test_three_minutes_after_the_end_is_graded_with_the_delay_on_the_card(life: Life) -> None:
    (submitted,) = life.payloads(Kind.SUBMITTED)
    assert 3 <= float(str(submitted["late_minutes"])) < 8, "two hours and three minutes after the agreed 48"
    assert "minutes after the end" in life.pushed["submit"].stderr
    assert re.fullmatch(
        r"[3-7]\.\d minutes after the end: grace", json.loads(life.ran["card"].out)["record"]["handed in"]
    )


def test_the_planted_truth_reaches_the_target(life: Life) -> None:
    card = json.loads(life.ran["card"].out)
    assert card["decision"]["band"] == "target"
    assert card["lift"]["candidate"]["value"] > 0.74, "x tells of y"
    assert card["reproducibility"] == "bitwise"
    assert life.ran["grade"].code == 0


def test_the_reply_stands_beside_the_card(life: Life) -> None:
    for what in ("page", "card"):
        assert "it needs Python alone" in life.pages[f"closed {what}", "organiser"]
    assert [one["line"] for one in life.payloads(Kind.REPLIED)] == ["REP001"]
    written = life.place / "closed" / "record" / NAME / "graded" / NAME
    assert "it needs Python alone" in (written / "replied.html").read_text()


def test_nothing_is_taken_after_the_end(life: Life) -> None:
    assert "the eval was closed" in life.pushed["after the end"].stderr
    assert life.events[-1].kind is Kind.CLOSED


def test_both_bundles_agree_with_the_last_receipt(life: Life) -> None:
    how = {}
    for kind in ("sealed", "open"):
        lines = json.loads(life.ran[f"verify {kind}"].out)
        assert [line for line in lines if not line["agrees"]] == []
        assert {line["what"] for line in lines} >= {
            "head",
            "opening",
            "brief in force",
            "goalposts",
            "lift",
            "band",
            "axes",
        }
        how[kind] = {line["what"]: line["how"] for line in lines}
    assert how["sealed"]["lift"] == how["sealed"]["opening"] == "recomputed"
    assert how["open"]["lift"] == "hash only"


def a_label(folder: Path) -> None:
    path = folder / "answers" / "final.parquet"
    table = pyarrow.parquet.read_table(path)
    labels = table.column("y").to_pylist()
    labels[0] = 1 - labels[0]
    place = table.column_names.index("y")
    pyarrow.parquet.write_table(table.set_column(place, "y", pa.array(labels, table.schema.field("y").type)), path)


def in_the_brief(old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        text = (folder / "brief.toml").read_text()
        assert text.count(old) == 1
        (folder / "brief.toml").write_text(text.replace(old, new))

    return change


def the_baseline(folder: Path) -> None:
    with (folder / "baseline" / "train.py").open("a") as file:
        file.write("\n# worse\n")


CHANGES: dict[str, tuple[Change, str]] = {
    "a label of the holdout": (a_label, "holdout: the final answers has changed"),
    "the lift that is asked for": (
        in_the_brief("minimum = 0.02", "minimum = 0.01"),
        "rubric: section lift has changed",
    ),
    "a weight": (
        in_the_brief("\narchitecture = 0.4\n", "\narchitecture = 0.39999999999\n"),
        "rubric: section rubric has changed",
    ),
    "the baseline": (the_baseline, "baseline: train.py has changed"),
}
TOGETHER = ("a label of the holdout", "a weight", "the baseline")
"""As many as `verify` tells in one line."""


@pytest.mark.parametrize("what", CHANGES)
def test_each_goalpost_that_moved_after_the_opening_is_named(life: Life, tmp_path: Path, what: str) -> None:
    change, said = CHANGES[what]
    shutil.copytree(life.place / "graded", tmp_path / "eval", ignore=shutil.ignore_patterns("record"))
    assert verify_commitment(tmp_path / "eval" / OPENING, tmp_path / "eval") == []

    change(tmp_path / "eval")

    assert verify_commitment(tmp_path / "eval" / OPENING, tmp_path / "eval") == [f"{said} since the opening"]


def changed_and_told(life: Life, tmp_path: Path, said: Sequence[str], **path: str) -> None:
    """Close and verify an eval that was changed, and hold both to what they say of it."""
    closed = run("close", "eval", NAME, cwd=tmp_path, **path)
    verified = run("verify", f"eval/record/{NAME}/bundles/sealed", cwd=tmp_path, **path)

    assert (closed.code, verified.code) == (1, 1), closed.err + verified.err
    for one in said:
        assert f"differs: {one} since the opening" in closed.out
        assert [line for line in verified.out.splitlines() if line.startswith("DIFFERS") and one in line]


def test_closing_and_verifying_name_goalposts_that_moved(life: Life, tmp_path: Path) -> None:
    shutil.copytree(life.place / "graded", tmp_path / "eval")
    for what in TOGETHER:
        CHANGES[what][0](tmp_path / "eval")

    changed_and_told(life, tmp_path, [CHANGES[what][1] for what in TOGETHER])


def test_closing_and_verifying_name_a_source_file_that_scores_otherwise(life: Life, tmp_path: Path) -> None:
    shutil.copytree(life.place / "graded", tmp_path / "eval")
    shutil.copytree(Path(heldout.__file__).parent, tmp_path / "other" / "heldout")
    with (tmp_path / "other" / "heldout" / "stats" / "sample.py").open("a") as file:
        file.write("# kinder\n")

    said = "scoring: heldout/stats/sample.py has changed"
    changed_and_told(life, tmp_path, [said], PYTHONPATH=str(tmp_path / "other"))


def test_goalposts_that_an_amended_brief_moved_are_named(life: Life, tmp_path: Path) -> None:
    bundle = tmp_path / "sealed"
    shutil.copytree(life.place / "graded" / "record" / NAME / "bundles" / "sealed", bundle)
    text = (bundle / "brief.toml").read_text()
    assert "[[amendments]]" in text
    (bundle / "brief.toml").write_text(text.replace("minimum = 0.02", "minimum = 0.01"))

    lines = json.loads(run("verify", "sealed", "--json", cwd=tmp_path).out)

    (line,) = [line for line in lines if line["what"] == "goalposts"]
    assert not line["agrees"]
    assert line["seen"] == "moved since the opening: section lift"


def test_goalposts_that_stay_are_not_blamed(life: Life, tmp_path: Path) -> None:
    shutil.copytree(life.place / "graded", tmp_path / "moved")

    assert run("close", "moved", NAME, cwd=tmp_path).code == 0
    assert run("verify", f"moved/record/{NAME}/bundles/sealed", cwd=tmp_path).code == 0


def test_forgetting_leaves_the_chain_and_nothing_that_was_said(life: Life) -> None:
    assert "agrees (hash only) forgotten" in life.ran["verify what is left"].out
    assert f"line {len(life.events)} of {len(life.events) + 1}" in life.ran["verify what is left"].out
    left = [path for path in (life.folder / "record" / NAME).rglob("*") if path.is_file()]
    said = b"".join(path.read_bytes() for path in left)
    for text in (SECRET, "binned", "pipeline that is handed over", "Rates by bins"):
        assert text.encode() not in said
    assert sorted(event.kind for event in Ledger(life.place / "copied").events() if event.payload) == [Kind.FORGOTTEN]


def test_pages_and_commands_say_what_was_forgotten(life: Life) -> None:
    assert "forgotten" in life.pages["forgotten overview", "organiser"]
    assert life.pages["forgotten page", "organiser"].count("What it said was deleted.") == len(life.events)
    assert "Token" in life.pages["forgotten page", "candidate"], "the candidate's token is worth nothing any more"
    assert life.ran["log of what is left"].out.count("forgotten") >= len(life.events)


def test_every_sampled_change_of_the_ledger_is_seen(life: Life, tmp_path: Path) -> None:
    record = life.place / "closed" / "record" / NAME
    shutil.copytree(record / "payloads", tmp_path / "payloads")
    content = (record / "ledger.jsonl").read_bytes()
    rng = random.Random(5)

    def is_seen(written: bytes) -> bool:
        (tmp_path / "ledger.jsonl").write_bytes(written)
        try:
            return any(not line.agrees for line in ledger_lines(tmp_path, life.head))
        except BadInput:
            return True

    assert not is_seen(content)
    for _ in range(MUTATIONS):
        place = rng.randrange(len(content))
        value = rng.choice([byte for byte in range(256) if byte != content[place]])
        assert is_seen(content[:place] + bytes([value]) + content[place + 1 :]), place
    lengths = range(0, len(content), 11)
    assert all(is_seen(content[:length]) for length in lengths)
    for at in range(len(life.events)):  # the chain written anew from each event on, with one said otherwise
        again = Ledger(tmp_path / f"again{at}")
        for event in life.events:
            changed = {"why": "nothing happened"} if event.n == at else {}
            again.append(event.kind, {**(event.payload or {}), **changed}, actor=event.actor)
        assert [line.what for line in ledger_lines(again.folder, life.head) if not line.agrees] == ["head"]
    print(f"seen: {MUTATIONS} changed bytes, {len(lengths)} cuts, {len(life.events)} chains written anew")
