"""The chain of events: what is appended is found again, whole, and any change of it is caught."""

import datetime as dt
import hashlib
import json
import random
import threading
from pathlib import Path

import pytest

from heldout.core.errors import BadInput
from heldout.evals.record.kinds import KINDS, Kind, Role
from heldout.evals.record.ledger import FIRST, Ledger, broken_at

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def filled(folder: Path, events: int = 5) -> Ledger:
    ledger = Ledger(folder, lambda: START)
    for number in range(events):
        ledger.append(Kind.UPDATE, {"text": f"update {number}"}, actor=Role.CANDIDATE)
    return ledger


def test_events_are_read_back_in_order_with_their_payloads(tmp_path: Path) -> None:
    events = filled(tmp_path).events()

    assert [event.n for event in events] == [0, 1, 2, 3, 4]
    assert [event.payload for event in events] == [{"text": f"update {number}"} for number in range(5)]


def test_a_receipt_holds_the_hash_of_the_line_that_was_written(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, lambda: START)

    receipt = ledger.append(Kind.OPENED, {"by": "us"}, actor=Role.ORGANISER)

    line = (tmp_path / "ledger.jsonl").read_bytes().rstrip(b"\n")
    assert receipt.head == hashlib.sha256(line).hexdigest() == ledger.head
    assert json.loads(line)["previous"] == FIRST


def test_every_byte_changed_breaks_the_chain_or_changes_the_head(tmp_path: Path) -> None:
    head = filled(tmp_path).head
    content = (tmp_path / "ledger.jsonl").read_bytes()
    rng = random.Random(5)

    for _ in range(300):
        place, value = rng.randrange(len(content)), rng.randrange(256)
        if content[place] == value:
            continue
        changed = content[:place] + bytes([value]) + content[place + 1 :]
        lines = changed.split(b"\n")
        last = hashlib.sha256(lines[-2]).hexdigest() if len(lines) > 1 else FIRST
        assert broken_at(changed) is not None or last != head


def test_equal_payloads_have_different_hashes_as_each_has_a_salt(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, lambda: START)
    for _ in range(2):
        ledger.append(Kind.ANSWER, {"text": "yes"}, actor=Role.ORGANISER)

    one, other = ledger.events()
    assert one.payload_sha256 != other.payload_sha256


def test_forgetting_a_payload_leaves_the_chain_whole(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    head = ledger.head

    assert ledger.forget(ledger.events()[2].payload_sha256)

    assert [event.payload is None for event in ledger.events()] == [False, False, True, False, False]
    assert ledger.head == head


def test_a_changed_payload_is_refused(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    path = next((tmp_path / "payloads").iterdir())
    path.write_bytes(path.read_bytes().replace(b"update", b"upsate"))

    with pytest.raises(BadInput, match="not what the ledger promised"):
        ledger.events()


def test_half_a_line_at_the_end_is_cut_off_by_the_next_event(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    with (tmp_path / "ledger.jsonl").open("ab") as file:
        file.write(b'{"n": 5, "at": "20')

    assert len(ledger.events()) == 5
    assert ledger.append(Kind.CLOSED, {}, actor=Role.ORGANISER).n == 5
    assert len(ledger.events()) == 6


def test_a_ledger_cut_within_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    path = tmp_path / "ledger.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    cut = b"".join(lines[:2] + lines[3:])
    path.write_bytes(cut)

    with pytest.raises(BadInput, match="line 3"):
        ledger.append(Kind.CLOSED, {}, actor=Role.ORGANISER)
    assert path.read_bytes() == cut


def test_a_clock_that_runs_back_does_not_reorder_events(tmp_path: Path) -> None:
    times = iter([START, START - dt.timedelta(hours=3), START + dt.timedelta(minutes=1)])
    ledger = Ledger(tmp_path, lambda: next(times))
    for _ in range(3):
        ledger.append(Kind.PUSH, {}, actor=Role.SERVER)

    assert [event.at for event in ledger.events()] == [START, START, START + dt.timedelta(minutes=1)]
    assert "clock_said" in json.loads((tmp_path / "ledger.jsonl").read_bytes().splitlines()[1])


def test_appends_from_many_threads_are_neither_lost_nor_doubled(tmp_path: Path) -> None:
    def work(number: int) -> None:
        ledger = Ledger(tmp_path)
        for _ in range(10):
            ledger.append(Kind.PUSH, {"by": number}, actor=Role.SERVER)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [event.n for event in Ledger(tmp_path).events()] == list(range(80))


def test_every_kind_has_a_rule_and_the_organiser_sees_all() -> None:
    assert set(KINDS) == set(Kind)
    assert all(Role.ORGANISER in rule.seen_by for rule in KINDS.values())
    assert Role.RATER not in KINDS[Kind.ACCOMMODATED].seen_by


def test_lines_that_are_lost_at_the_end_are_noticed_though_the_rest_is_whole(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for number in range(6):
        ledger.append(Kind.UPDATE, {"number": number}, actor=Role.CANDIDATE)
    path = tmp_path / "ledger.jsonl"
    content = path.read_bytes()

    for cut in (len(content) // 2, content[:-1].rfind(b"\n") + 1):
        path.write_bytes(content[:cut])
        with pytest.raises(BadInput, match="cut off: it had 6 lines"):
            ledger.events()
        with pytest.raises(BadInput, match="cut off"):
            ledger.append(Kind.UPDATE, {"number": 6}, actor=Role.CANDIDATE)
        assert path.read_bytes() == content[:cut], "what is left is kept as it is"


def test_a_writer_that_was_killed_before_it_counted_its_line_is_no_damage(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.append(Kind.UPDATE, {"number": 0}, actor=Role.CANDIDATE)
    counted = (tmp_path / "ledger.length").read_bytes()
    ledger.append(Kind.UPDATE, {"number": 1}, actor=Role.CANDIDATE)
    (tmp_path / "ledger.length").write_bytes(counted)

    assert ledger.append(Kind.UPDATE, {"number": 2}, actor=Role.CANDIDATE).n == 2
    assert len(ledger.events()) == 3


def test_a_change_of_lines_that_were_checked_before_is_caught_all_the_same(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    whole = (tmp_path / "ledger.jsonl").read_bytes()
    rng = random.Random(8)

    for _ in range(60):
        assert len(ledger.events()) == 5, "this process has checked it"
        place = rng.randrange(whole.rfind(b"\n", 0, -1))  # a byte of any line but the last
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        (tmp_path / "ledger.jsonl").write_bytes(changed)
        with pytest.raises(BadInput, match=r"damaged|cut off"):
            ledger.events()
        (tmp_path / "ledger.jsonl").write_bytes(whole)

    ledger.append(Kind.UPDATE, {"text": "one more"}, actor=Role.CANDIDATE)
    assert [event.n for event in ledger.events()] == [0, 1, 2, 3, 4, 5]
    (tmp_path / "ledger.jsonl").write_bytes((tmp_path / "ledger.jsonl").read_bytes().replace(b'"n": 5', b'"n": 6'))
    with pytest.raises(BadInput, match="line 6"):
        ledger.events()
