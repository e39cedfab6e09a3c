"""A graded submission's bundle is worked out again, and every change to it is seen."""

import io
import json
import os
import pickle
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.evals import tiny
from tests.evals.conftest import Grader

from heldout.core.errors import BadInput
from heldout.evals.brief import open_brief
from heldout.evals.bundle import Line, Parts, open_bundle, verify, write_bundle
from heldout.evals.bundle.layout import list_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Ledger
from heldout.tools import git

Made = tuple[Path, Path, str]


@pytest.fixture(scope="module")
def made(eval_folder: Path, grade: Grader, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a sealed and an open bundle of one grading, and the head of its ledger."""
    folder = tmp_path_factory.mktemp("bundles")
    graded = grade(tiny.tree(), "bundled")
    repository = next(tmp_path_factory.getbasetemp().glob("repository*/bundled"))
    ledger = Ledger(folder / "record")
    ledger.append(Kind.OPENED, {"consent": "given"}, actor=Role.ORGANISER)
    for number in range(4):
        ledger.append(Kind.UPDATE, {"done": f"part {number}"}, actor=Role.CANDIDATE)
    card = {"card_sha256": list_of(graded.files["json"].parent)["card.json"], "band": graded.card.decision.band.value}
    head = ledger.append(Kind.GRADED, card, actor=Role.SERVER).head
    commit = graded.card.hashes["commit"]
    parts = Parts(
        candidate="bundled",
        opened=open_brief(eval_folder),
        original=open_brief(eval_folder),
        record=ledger.folder,
        published=(),
        briefs=(),
        commit=commit,
        commit_object=git.commit_object(repository, commit),
        tree=graded.grading.tree,
        score=graded.grading.score,
        card=graded.files["json"],
        page=graded.files["html"],
        salt="grains",
    )
    return write_bundle(folder / "sealed", parts, "sealed"), write_bundle(folder / "open", parts, "open"), head


@pytest.fixture
def changed(made: Made, tmp_path: Path) -> Iterator[Callable[[str, bytes], tuple[Line, ...]]]:
    """Return a function that changes a file of a copy, mends the list as a forger would, and verifies."""

    def run(name: str, content: bytes) -> tuple[Line, ...]:
        copy = tmp_path / "copy"
        shutil.copytree(made[0], copy)
        (copy / name).write_bytes(content)
        said = json.loads((copy / "bundle.json").read_text())
        said["files"] = list_of(copy)
        (copy / "bundle.json").write_text(json.dumps(said))
        return verify(copy, head=made[2])

    return run


def wrong(lines: tuple[Line, ...]) -> list[str]:
    return [line.what for line in lines if not line.agrees]


def test_a_sealed_bundle_is_recomputed_and_agrees(made: Made) -> None:
    lines = verify(made[0], head=made[2])

    assert wrong(lines) == []
    recomputed = {line.what for line in lines if line.how == "recomputed"}
    expected = {"files", "ledger", "head", "commit", "brief in force", "lift", "rows", "band", "axes"}
    assert expected | {"findings on the files"} <= recomputed


def test_an_open_bundle_agrees_and_says_what_it_could_only_hash(made: Made) -> None:
    lines = verify(made[1], head=made[2])

    assert wrong(lines) == []
    assert {line.what: line.how for line in lines}["lift"] == "hash only"


def test_an_open_bundle_holds_no_id_label_or_salt(made: Made) -> None:
    names = set(open_bundle(made[1]).files)

    assert not any(name.startswith(("eval/data", "eval/answers")) for name in names)
    question = json.loads((made[1] / "score" / "question.json").read_text())
    assert "salt" not in question
    assert "grains" not in "".join(path.read_text(errors="replace") for path in made[1].rglob("*") if path.is_file())


def test_both_bundles_promise_the_same_rows(made: Made) -> None:
    assert (made[0] / "rows.json").read_bytes() == (made[1] / "rows.json").read_bytes()


def test_a_better_lift_on_the_card_is_seen(made: Made, changed: Callable[[str, bytes], tuple[Line, ...]]) -> None:
    card = json.loads((made[0] / "card.json").read_text())
    card["lift"]["estimate"]["value"] += 0.01

    assert {"lift", "card in the ledger"} <= set(wrong(changed("card.json", json.dumps(card).encode())))


def test_another_band_is_seen(made: Made, changed: Callable[[str, bytes], tuple[Line, ...]]) -> None:
    card = json.loads((made[0] / "card.json").read_text())
    card["decision"]["band"] = "fail" if card["decision"]["band"] != "fail" else "target"

    assert "band" in wrong(changed("card.json", json.dumps(card).encode()))


def test_a_changed_program_is_seen(changed: Callable[[str, bytes], tuple[Line, ...]]) -> None:
    assert "commit" in wrong(changed("tree/train.py", b"print('better')\n"))


def test_a_changed_prediction_is_seen(made: Made, changed: Callable[[str, bytes], tuple[Line, ...]]) -> None:
    content = bytearray((made[0] / "score" / "candidate-0.npy").read_bytes())
    content[-800:] = content[-1600:-800]

    assert "lift" in wrong(changed("score/candidate-0.npy", bytes(content)))


def test_a_changed_holdout_is_seen(made: Made, changed: Callable[[str, bytes], tuple[Line, ...]]) -> None:
    content = (made[0] / "eval" / "answers" / "final.parquet").read_bytes()

    assert wrong(changed("eval/answers/final.parquet", content.replace(b"late", b"lata")))


def test_a_changed_brief_is_seen(made: Made, changed: Callable[[str, bytes], tuple[Line, ...]]) -> None:
    text = (made[0] / "brief.toml").read_bytes()

    assert "brief in force" in wrong(changed("brief.toml", text.replace(b"minimum = 0.02", b"minimum = 0.01")))


@pytest.mark.parametrize("how", ["missing", "foreign", "link"])
def test_a_missing_or_foreign_file_is_seen(made: Made, tmp_path: Path, how: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(made[0], copy)
    if how == "missing":
        (copy / "tree" / "predict.py").unlink()
    elif how == "foreign":
        (copy / "payloads" / "more.json").write_text("{}")
    else:
        (copy / "tree" / "passwords").symlink_to("/etc/passwd")

    assert "files" in wrong(verify(copy))


def test_sampled_changes_of_the_ledger_are_all_seen(made: Made, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(made[0] / "payloads", copy / "payloads")
    content = (made[0] / "ledger.jsonl").read_bytes()
    rng = random.Random(11)

    def is_seen(written: bytes) -> bool:
        from heldout.evals.bundle.verify import ledger_lines

        (copy / "ledger.jsonl").write_bytes(written)
        try:
            return any(not line.agrees for line in ledger_lines(copy, made[2]))
        except BadInput:
            return True

    assert not is_seen(content)
    for _ in range(2000):
        place = rng.randrange(len(content))
        value = rng.choice([byte for byte in range(256) if byte != content[place]])
        assert is_seen(content[:place] + bytes([value]) + content[place + 1 :]), place
    for length in range(0, len(content), 7):
        assert is_seen(content[:length]), length


def test_a_rewritten_chain_is_seen_by_the_head_of_a_receipt(made: Made, tmp_path: Path) -> None:
    from heldout.evals.bundle.verify import ledger_lines

    again = Ledger(tmp_path)
    for event in Ledger(made[0]).events():
        again.append(event.kind, event.payload or {}, actor=event.actor)

    assert [line.what for line in ledger_lines(tmp_path, made[2]) if not line.agrees] == ["head"]


def test_what_is_no_bundle_is_refused_with_a_message(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no bundle"):
        verify(tmp_path)
    (tmp_path / "bundle.json").write_text("{")
    with pytest.raises(BadInput, match=r"bundle\.json cannot be read"):
        verify(tmp_path)
    (tmp_path / "bundle.json").write_text(
        json.dumps({"kind": "open", "candidate": "", "commit": "", "files": {"../x": ""}})
    )
    with pytest.raises(BadInput, match="out of the bundle"):
        verify(tmp_path)


HOSTILE = {
    "a table elsewhere": lambda said: said["table"].__setitem__("features", "../../../etc/passwd"),
    "answers at an absolute path": lambda said: said["table"].__setitem__("answers", "/etc/passwd"),
    "an array elsewhere": lambda said: said.__setitem__("candidate", ["../../secret.npy"]),
    "an array at an absolute path below": lambda said: said.__setitem__("baseline", ["a/../../../b.npy"]),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_question_names_no_file_out_of_the_bundle(
    made: Made, changed: Callable[[str, bytes], tuple[Line, ...]], what: str
) -> None:
    question = json.loads((made[0] / "score" / "question.json").read_text())
    HOSTILE[what](question)

    said = {line.what: line for line in changed("score/question.json", json.dumps(question).encode())}

    assert not said["scored"].agrees
    assert "leads out of the bundle" in said["scored"].seen


def test_links_pipes_and_files_too_large_end_the_verification_before_they_are_read(made: Made, tmp_path: Path) -> None:
    odd: dict[str, Callable[[Path], object]] = {
        "a link": lambda copy: (copy / "score" / "more.npy").symlink_to("/etc/passwd"),
        "a special file": lambda copy: ((copy / "commit").unlink(), os.mkfifo(copy / "commit")),
        "more than": lambda copy: os.truncate(copy / "card.json", 10**12),
    }
    for number, (said, spoil) in enumerate(odd.items()):
        copy = tmp_path / str(number)
        shutil.copytree(made[0], copy)
        spoil(copy)
        (line,) = verify(copy)
        assert not line.agrees
        assert said in line.seen


def test_folders_too_deep_are_bad_input(made: Made, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(made[0], copy)
    (copy / "tree" / "/".join(["d"] * 200)).mkdir(parents=True)

    with pytest.raises(BadInput, match="too deep"):
        verify(copy)


def test_a_pickle_in_place_of_an_array_is_never_opened(
    made: Made, changed: Callable[[str, bytes], tuple[Line, ...]], tmp_path: Path
) -> None:
    class Runs:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(tmp_path / "ran"),)

    array = io.BytesIO()
    np.save(array, np.array([Runs()], dtype=object), allow_pickle=True)

    assert "scored" in wrong(changed("score/candidate-0.npy", array.getvalue()))
    assert "scored" in wrong(verify_again(tmp_path / "copy", pickle.dumps(Runs())))
    assert not (tmp_path / "ran").exists()


def verify_again(copy: Path, content: bytes) -> tuple[Line, ...]:
    (copy / "score" / "candidate-0.npy").write_bytes(content)
    return verify(copy)


def test_a_ledger_with_odd_lines_is_said_to_be_damaged(
    made: Made, changed: Callable[[str, bytes], tuple[Line, ...]]
) -> None:
    first, *rest = (made[0] / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    for number, line in enumerate(
        (
            first.replace(b'"n": 0', b'"n": NaN'),
            b"[" * 100_000 + b"\n",
            first.replace(b"+00:00", b""),
            first.replace(b'"payload": "', b'"payload": "../../'),
        )
    ):
        lines = changed("ledger.jsonl", line + b"".join(rest)) if not number else ()
        if number:
            copy = made[0].parent / f"ledger-{number}"
            shutil.copytree(made[0], copy)
            (copy / "ledger.jsonl").write_bytes(line + b"".join(rest))
            lines = verify(copy)
        assert "damaged" in next(one.seen for one in lines if one.what == "ledger")
