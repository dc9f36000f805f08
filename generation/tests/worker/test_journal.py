"""The file of a lane: what arrives stands in it at once, and no longer than it is needed."""

import errno
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from generation.choices import BatchStatus, ItemStatus
from generation.engine import judging
from generation.engine.parsing import parse_answer
from generation.models import Attempt, Batch, Item
from generation.tests.factories import make_batch, obeying_answer
from generation.tests.rules import rule
from generation.worker.items import claims
from generation.worker.results import files, journal, recovery
from generation.worker.results.journal import Journal
from generation.worker.results.lines import Source, read, results_of
from generation.worker.results.saving import Failed, InWork, Result
from generation.worker.running import upkeep
from providers.configuration.snapshot import read_installation
from providers.llm.errors import ErrorKind
from providers.llm.types import Completion, Usage
from providers.routing.call import Call
from samples.models import Sample
from samples.quality.draft import Draft
from samples.quality.findings import Severity

# Texts as short as these keep no rule: what a test asks of rules it says itself.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rules")]

GOOD = obeying_answer()
SHORT = {
    "question": "Is it so?",
    "answer": "It is so.",
    "case_citation": "A v B [2001] UKHL 1",
    "reasoning": "As it is.",
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.LEGALDS_DATA = tmp_path
    return tmp_path / files.FOLDER


@pytest.fixture
def lane():
    return Lane()


class Lane:
    """A running batch with three items in work, and the journal of who works on them."""

    def __init__(self):
        self.batch, self.token = make_batch(count=3, status=BatchStatus.RUNNING), uuid4()
        self.items = claims.claim(self.batch, self.token, 3)
        self.source = Source(self.batch.pk, self.batch.created_at, self.token)
        self.journal = Journal(self.source, read_installation())

    def answer(self, item, text=None, faults=0):
        """A call for the item is back; without a text it failed."""
        kind = None if text else ErrorKind.TIMEOUT
        call = Call(uuid4(), "a", "good", datetime.now(UTC), 0.25, kind, usage=Usage(10, 20))
        completion = Completion(text, call.usage, 0.25) if text else None
        self.journal.arrived(item, call, faults, completion)
        return call

    def die(self):
        """As a process does that is killed: its file is unlocked, and as it is."""
        if self.journal._file is not None:
            self.journal._file.close(keep=True)

    def state(self, item):
        return Item.objects.values_list("status", "faults").get(pk=item.pk)


def in_file(folder):
    [path] = folder.iterdir()
    return path.read_bytes().splitlines()


def test_an_answer_of_a_dead_lane_becomes_its_sample_though_the_lease_has_not_run_out(lane):
    item = lane.items[0]
    call = lane.answer(item, json.dumps(GOOD))
    lane.die()
    recovery.take_up()
    assert lane.state(item) == (ItemStatus.DONE, 0)
    assert Sample.objects.get().question == GOOD["question"]
    assert Attempt.objects.values_list("call_id", "outcome", "completion_tokens").get() == (call.id, "ok", 20)
    assert not files.left()


def test_a_faulty_answer_of_an_item_that_went_on_is_in_the_ledger_and_counts_against_it(lane):
    item = lane.items[0]
    lane.answer(item)
    lane.answer(item, "I would rather not.")
    lane.die()
    recovery.take_up()
    assert lane.state(item) == (ItemStatus.LEASED, 1)
    attempts = Attempt.objects.order_by("pk").values_list("outcome", "answer")
    assert list(attempts) == [("timeout", ""), ("bad_output", "I would rather not.")]
    assert Batch.objects.get(pk=lane.batch.pk).tokens == 60


def test_an_answer_that_breaks_a_rule_of_its_item_is_booked_as_rejected(lane, rules):
    rules(rule("words", found_in=lambda draft, asked: asked.words[0] > len(draft.answer.split())))
    item = lane.items[0]
    lane.answer(item, json.dumps(SHORT))
    lane.die()
    recovery.take_up()
    assert lane.state(item) == (ItemStatus.LEASED, 1)
    assert Attempt.objects.values_list("outcome", "rules").get() == ("bad_output", {"words": "words is broken"})
    assert not Sample.objects.exists()


def test_what_is_only_flagged_stands_on_the_sample(lane, rules):
    rules(rule("year", Severity.FLAG))
    lane.answer(lane.items[0], json.dumps(GOOD))
    lane.die()
    recovery.take_up()
    assert [finding["rule"] for finding in Sample.objects.get().findings] == ["year"]


def test_what_followed_a_faulty_answer_is_what_came_of_the_item(lane):
    item = lane.items[0]
    lane.answer(item, "I would rather not.")
    lane.answer(item, json.dumps(GOOD), faults=1)
    lane.die()
    recovery.take_up()
    assert lane.state(item) == (ItemStatus.DONE, 1)
    assert Attempt.objects.count() == 2


def test_an_answer_whose_reading_meets_a_bug_does_not_cost_the_others(lane, monkeypatch):
    def buggy(text, **how):
        if text == "poison":
            raise LookupError("a bug")
        return parse_answer(text, **how)

    monkeypatch.setattr(judging, "parse_answer", buggy)
    lane.answer(lane.items[0], "poison")
    lane.answer(lane.items[1], json.dumps(GOOD))
    lane.die()
    recovery.take_up()
    assert [lane.state(item)[0] for item in lane.items[:2]] == [ItemStatus.FAILED, ItemStatus.DONE]


def test_an_item_that_failed_has_failed_when_its_file_is_taken_up(lane):
    item = lane.items[0]
    call = lane.answer(item, "I would rather not.")
    lane.journal.ended(
        Result(item, (call.rejected(("no sample",), "I would rather not.", {}),), 6, Failed("no sample"))
    )
    lane.die()
    recovery.take_up()
    assert lane.state(item) == (ItemStatus.FAILED, 6)


def test_the_file_of_a_living_lane_is_left_alone(lane):
    lane.answer(lane.items[0], json.dumps(GOOD))
    recovery.take_up()
    assert (files.left(), Sample.objects.count()) == ([], 0)


def test_a_neighbour_takes_it_up_in_passing_and_nothing_is_asked_again(lane):
    lane.answer(lane.items[0], json.dumps(GOOD))
    lane.die()
    upkeep.recover_in_passing()
    Item.objects.filter(batch=lane.batch, status=ItemStatus.LEASED).hand_back()
    assert lane.items[0] not in claims.claim(lane.batch, uuid4(), 3)


def test_upkeep_takes_it_up_before_it_hands_back_what_the_dead_held(lane):
    lane.answer(lane.items[0], json.dumps(GOOD))
    lane.die()
    Item.objects.filter(batch=lane.batch).update(leased_until=datetime(2020, 1, 1, tzinfo=UTC))
    upkeep.keep_up_in_turn()
    assert lane.state(lane.items[0]) == (ItemStatus.DONE, 0)


def test_a_last_line_that_was_torn_is_passed_over(lane, folder):
    lane.answer(lane.items[0], json.dumps(GOOD))
    lane.answer(lane.items[1], json.dumps(GOOD))
    lane.die()
    [path] = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-40])
    recovery.take_up()
    assert Sample.objects.count() == 1
    assert list(folder.iterdir()) == []


def test_a_draft_needs_no_line_beside_the_answer_that_it_came_from(lane, folder):
    call = lane.answer(lane.items[0], json.dumps(GOOD))
    lane.journal.ended(Result(lane.items[0], (call,), 0, Draft("Q?", "A.", "C", "R")))
    assert len(in_file(folder)) == 1


def test_what_is_saved_is_dropped_and_the_file_goes_with_the_lane(lane, folder):
    lane.answer(lane.items[0], json.dumps(GOOD))
    lane.answer(lane.items[1], json.dumps(GOOD))
    lane.journal.saved([Result(lane.items[0], (), 0)])
    assert len(in_file(folder)) == 2
    lane.journal.saved([Result(lane.items[1], (), 0)])
    assert in_file(folder) == []
    lane.journal.close()
    assert list(folder.iterdir()) == []


def test_a_file_stays_small_while_some_item_is_always_in_work(lane, folder, monkeypatch):
    monkeypatch.setattr(journal, "SMALL", 5_000)
    first, sizes = lane.items[0], []
    lane.answer(first, "I would rather not.")
    for number in range(100_000, 100_100):
        item = Item(pk=number, batch=lane.batch)
        lane.answer(item, json.dumps(SHORT))
        lane.journal.saved([Result(item, (), 0)])
        [path] = folder.iterdir()
        sizes.append(path.stat().st_size)
    assert max(sizes) < 7_000
    assert read(in_file(folder)[0])[1].item_id == first.pk


def test_only_its_owner_can_read_it(lane, folder):
    lane.answer(lane.items[0], json.dumps(GOOD))
    assert [path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())] == [0o700, 0o600]


def test_a_full_disk_is_told_once_and_what_it_refused_is_written_when_there_is_room(lane, folder, monkeypatch, caplog):
    lane.answer(lane.items[0], json.dumps(GOOD))
    write, is_full = os.write, [True]

    def partly(handle, content):
        if is_full and len(content) < 100:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, content[:50]) if is_full else write(handle, content)

    monkeypatch.setattr(os, "write", partly)
    monkeypatch.setattr(journal, "RETRY_S", 0.0)
    for item in lane.items[1:]:
        lane.answer(item, json.dumps(GOOD))
    assert len(in_file(folder)) == 1
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    is_full.clear()
    lane.answer(lane.items[0], "I would rather not.")
    lane.die()
    entries = [read(line)[1] for line in in_file(folder)]
    assert [result.item.pk for result in results_of(entries)] == [item.pk for item in lane.items]


def test_a_folder_that_cannot_be_written_costs_a_lane_nothing(lane, settings, tmp_path, caplog):
    settings.LEGALDS_DATA = tmp_path / "file" / "folder"
    (tmp_path / "file").write_text("in the way")
    lane.answer(lane.items[0], json.dumps(GOOD))
    lane.journal.saved([Result(lane.items[0], (), 0)])
    lane.journal.close()
    recovery.take_up()
    assert "cannot be written" in caplog.text


def test_the_file_of_another_installation_is_left_where_it_is_and_the_log_says_so(lane, folder, caplog):
    lane.journal = Journal(lane.source, uuid4().hex)
    lane.answer(lane.items[0], json.dumps(GOOD))
    lane.die()
    for _ in range(2):
        recovery.take_up()
    assert (len(list(folder.glob("*.jsonl"))), Sample.objects.count()) == (1, 0)
    assert caplog.text.count("another installation") == 1


def test_a_file_that_cannot_be_removed_keeps_no_lane_from_its_work(lane, folder, monkeypatch, caplog):
    lane.answer(lane.items[0], json.dumps(GOOD))
    lane.die()

    def refuses(path, **how):
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.unlink", refuses)
        recovery.take_up()
    assert "cannot be removed" in caplog.text
    assert Sample.objects.count() == 1


def test_lines_of_an_item_give_its_result_in_their_order(lane):
    item = lane.items[0]
    first = lane.answer(item, "I would rather not.")
    second = lane.answer(item, None, faults=1)
    lane.die()
    [path] = files.left()
    [result] = results_of(read(line)[1] for line in path.read_bytes().splitlines())
    assert (result.faults, result.end) == (1, InWork())
    assert [replace(call, detail="", answer="", kind=None) for call in result.calls] == [
        first,
        replace(second, kind=None),
    ]


def test_a_good_answer_after_which_another_was_asked_for_was_rejected_and_its_text_is_kept(lane):
    """As one is that repeats a sample."""
    item = lane.items[0]
    lane.answer(item, json.dumps(GOOD))
    lane.answer(item, json.dumps({**GOOD, "question": "Is it not so?"}), faults=1)
    lane.die()
    recovery.take_up()
    [rejected, taken] = Attempt.objects.order_by("pk")
    assert (rejected.outcome, json.loads(rejected.answer)["question"]) == (ErrorKind.BAD_OUTPUT, GOOD["question"])
    assert (taken.outcome, Sample.objects.get().question) == ("ok", "Is it not so?")
    assert lane.state(item) == (ItemStatus.DONE, 1)
