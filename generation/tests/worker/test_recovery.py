"""Answers that a dead process left in files are saved by whoever comes next, once."""

import errno
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.db.models.functions import Now
from psycopg.errors import UndefinedColumn

from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.tests.factories import make_batch
from generation.worker.items import claims
from generation.worker.results import files, recovery, saving
from generation.worker.results.journal import Journal
from generation.worker.results.lines import Source
from generation.worker.results.saving import Failed, HandedBack, Result
from generation.worker.running import pool
from providers.configuration.snapshot import read_installation
from providers.database import DatabaseAway
from providers.llm.errors import ErrorKind
from providers.llm.types import Usage
from providers.routing.call import Call
from samples.models import Sample
from samples.quality.draft import Draft

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = Draft("Q?\u2028\x85", "A.", "C", "R")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.LEGALDS_DATA = tmp_path
    return tmp_path / files.FOLDER


def call(**fields):
    values: dict[str, Any] = {"latency_s": 0.25, "usage": Usage(10, 20), "status": 200, "cost": Decimal("0.5")}
    return Call(uuid4(), "a", "good", datetime.now(UTC), **(values | fields))


def draft(number):
    return replace(DRAFT, question=f"Q{number}?\u2028\x85")


def made(count=3):
    """A running batch, the lease, and a result with two calls for each item."""
    batch, token = make_batch(count=count, status=BatchStatus.RUNNING), uuid4()
    items = claims.claim(batch, token, count)
    fault = {"kind": ErrorKind.TIMEOUT, "status": None, "detail": "No answer.", "cost": None}
    return batch, token, [Result(item, (call(**fault), call(is_switch=True)), 1, draft(item.number)) for item in items]


def leave(batch, token, results):
    """In a file, as a lane does that ends before it could save them."""
    journal = Journal(Source(batch.pk, batch.created_at, token), read_installation())
    for result in results:
        journal.ended(result)
    journal.close()


def test_what_was_kept_is_saved_as_if_it_had_never_been_in_a_file(folder):
    batch, token, results = made()
    leave(batch, token, results)
    recovery.take_up()
    batch.refresh_from_db()
    assert (batch.generated, batch.attempts, batch.tokens, batch.switches) == (3, 6, 180, 3)
    assert list(Sample.objects.values_list("question", flat=True)) == [draft(n).question for n in (3, 2, 1)]
    assert set(Attempt.objects.values_list("call_id", flat=True)) == {
        call.id for result in results for call in result.calls
    }
    assert list(folder.iterdir()) == []


def test_a_file_tells_who_answered_and_one_of_an_older_version_is_read_too(folder):
    batch, token, results = made(count=2)
    results = [replace(result, calls=(call(model_answered="good-2"),)) for result in results]
    leave(batch, token, results)
    [path] = folder.iterdir()
    new, old = (json.loads(line) for line in path.read_text().splitlines())
    del old["calls"][0]["model_answered"]
    path.write_text(f"{json.dumps(new)}\n{json.dumps(old)}\n")
    recovery.take_up()
    assert list(Sample.objects.order_by("pk").values_list("model_answered", flat=True)) == ["good-2", ""]


@pytest.mark.parametrize("end", [DRAFT, Failed("no"), HandedBack(), HandedBack(2.5)], ids=repr)
def test_a_file_reads_back_as_the_results_that_were_written(folder, monkeypatch, end):
    batch, token, results = made()
    results = [replace(result, end=end) for result in results]
    back: list[Result] = []

    def note(batch_id, lease_token, group):
        back.extend(group)
        return []

    monkeypatch.setattr(saving, "save_all", note)
    leave(batch, token, results)
    recovery.take_up()
    assert back == results


def test_only_the_owner_can_read_a_file(folder):
    batch, token, results = made(1)
    leave(batch, token, results)
    assert [path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())] == [0o700, 0o600]


def test_a_file_that_is_taken_up_twice_counts_once(folder):
    batch, token, results = made()
    leave(batch, token, results)
    path = next(folder.iterdir())
    content = path.read_bytes()
    recovery.take_up()
    path.write_bytes(content)
    recovery.take_up()
    batch.refresh_from_db()
    assert (batch.generated, batch.attempts, Sample.objects.count()) == (3, 6, 3)


def test_two_that_come_at_once_do_not_both_take_a_file_up(monkeypatch):
    batch, token, results = made()
    leave(batch, token, results)
    save_all, saved, both_here = saving.save_all, [], threading.Event()

    def slow(*args):
        saved.append(args)
        both_here.wait(5)
        return save_all(*args)

    def first():
        try:
            recovery.take_up()
        finally:
            connection.close()

    monkeypatch.setattr(saving, "save_all", slow)
    thread = threading.Thread(target=first)
    thread.start()
    while not saved:
        pass
    recovery.take_up()
    both_here.set()
    thread.join(5)
    assert len(saved) == 1
    assert not files.left()


def test_a_damaged_line_is_kept_aside_and_the_others_are_saved(folder):
    batch, token, results = made()
    leave(batch, token, results)
    path = next(folder.iterdir())
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([lines[0], lines[1][:40], lines[2]]))
    recovery.take_up()
    assert Batch.objects.get(pk=batch.pk).generated == 2
    assert [(left.suffix, left.read_bytes()) for left in folder.iterdir()] == [(files.ASIDE, lines[1][:40] + b"\n")]


def test_a_file_stays_while_the_database_is_away(folder, monkeypatch):
    batch, token, results = made(1)
    leave(batch, token, results)

    def away(*args):
        raise OperationalError("the database is away")

    monkeypatch.setattr(saving, "save_all", away)
    with pytest.raises(OperationalError):
        recovery.take_up()
    assert files.left()


def test_a_worker_process_that_starts_saves_them_as_soon_as_the_database_is_there(monkeypatch):
    batch, token, results = made(1)
    leave(batch, token, results)
    save_all, refusals = saving.save_all, iter([True])

    def flaky(*args):
        if next(refusals, False):
            raise OperationalError("the database is away")
        return save_all(*args)

    monkeypatch.setattr(saving, "save_all", flaky)
    monkeypatch.setattr(pool, "RETRY_S", 0.01)
    pool.recover()
    assert Batch.objects.get(pk=batch.pk).generated == 1


def test_the_results_of_a_batch_that_is_gone_are_kept_for_a_person(folder):
    batch, token, results = made()
    leave(batch, token, results)
    Batch.objects.filter(pk=batch.pk).delete()
    recovery.take_up()
    assert (Sample.objects.count(), [path.suffix for path in folder.iterdir()]) == (0, [files.ASIDE])


def test_results_of_another_database_are_not_taken_for_those_of_a_batch_of_the_same_number(folder):
    batch, token, results = made()
    leave(batch, token, results)
    Batch.objects.filter(pk=batch.pk).update(created_at=Now())
    recovery.take_up()
    assert (Sample.objects.count(), [path.suffix for path in folder.iterdir()]) == (0, [files.ASIDE])


def test_an_item_that_was_done_again_by_then_keeps_its_sample_and_the_call_is_booked():
    batch, token, results = made(1)
    leave(batch, token, results)
    other = Result(results[0].item, (call(),), 0, DRAFT)
    saving.save(batch.pk, token, [other])
    recovery.take_up()
    batch.refresh_from_db()
    assert (batch.generated, batch.attempts, Sample.objects.count()) == (1, 3, 1)
    assert Item.objects.get(batch=batch).status == ItemStatus.DONE


def test_before_the_database_is_prepared_for_this_version_files_wait(folder, monkeypatch):
    batch, token, results = made(1)
    leave(batch, token, results)

    def not_migrated():
        raise ProgrammingError("installation") from UndefinedColumn()

    monkeypatch.setattr(recovery, "read_installation", not_migrated)
    with pytest.raises(DatabaseAway, match="not been prepared"):
        recovery.take_up()
    monkeypatch.undo()
    assert [path.suffix for path in folder.iterdir()] == [files.WAITING]


def test_where_files_cannot_be_locked_none_is_taken_up_and_no_lane_kept_from_work(folder, monkeypatch, caplog):
    batch, token, results = made(1)
    leave(batch, token, results)

    def unsupported(handle, how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", unsupported)
    files._tell_once.cache_clear()
    recovery.take_up()
    recovery.take_up()
    assert files.left() == []
    assert caplog.text.count("cannot be locked (No locks available)") == 1
    assert len(list(folder.iterdir())) == 1
