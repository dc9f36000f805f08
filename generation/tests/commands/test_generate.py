"""``manage.py generate``, as a person or a script calls it."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import CommandError, call_command
from kombu.exceptions import OperationalError as BrokerError
from rich.console import Console

from generation import terminal
from generation.choices import BatchStatus
from generation.models import Batch
from generation.terminal import follow
from generation.tests.factories import make_batch
from generation.tests.worker.worker_process import environment
from providers.models import Model


def broken(*args, **kwargs):
    raise BrokerError("connection refused")


def generate(capsys, *words):
    """Exit code and standard output."""
    try:
        call_command("generate", *words)
    except SystemExit as stop:
        return stop.code, capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_inline_makes_all_and_exits_with_zero(vendors, capsys):
    vendors(a=["good"])
    code, output = generate(capsys, "--count", "3", "--inline", "--json")
    report = json.loads(output)
    assert code == 0
    assert {name: report[name] for name in ("status", "requested", "generated", "failed", "attempts")} == {
        "status": "completed",
        "requested": 3,
        "generated": 3,
        "failed": 0,
        "attempts": 3,
    }
    assert report["batch"] == Batch.objects.get().pk
    assert report["seconds"] > 0
    assert (report["cached_tokens"], report["reasoning_tokens"]) == (0, 0)


def test_the_mix_is_taken_from_the_options(vendors, capsys):
    vendors(a=["good"])
    words = ("--topic", "TUPE", "--difficulty", "expert", "--sample-type", "simple_qa", "--jurisdiction", "uk")
    generate(capsys, "--count", "1", "--inline", "--json", *words)
    batch = Batch.objects.get()
    mix = (batch.topics, batch.difficulties, batch.sample_types, batch.jurisdictions)
    assert mix == (["TUPE"], ["expert"], ["simple_qa"], ["uk"])


def test_weights_are_taken_from_the_options(vendors, capsys):
    vendors(a=["good"])
    generate(capsys, "--count", "4", "--inline", "--json", "--weight", "uk:3,us:1", "--weight", "simple_qa:2")
    assert Batch.objects.get().weights == {"jurisdictions": {"uk": 3, "us": 1}, "sample_types": {"simple_qa": 2}}


@pytest.mark.parametrize("way", ["--inline", "--dry-run"])
def test_a_weight_that_is_none_is_refused_with_the_remedy(vendors, capsys, way):
    vendors(a=["good"])
    with pytest.raises(CommandError, match="'mars' is no jurisdiction") as error:
        call_command("generate", "--count", "4", way, "--json", "--weight", "mars:3")
    assert error.value.returncode == 2
    assert list(json.loads(capsys.readouterr().out)["errors"]) == ["weights"]


def test_a_batch_that_is_not_done_in_time_exits_with_three_and_can_be_resumed(vendors, capsys):
    vendors(a=["slow-500ms"])
    code, output = generate(capsys, "--count", "200", "--inline", "--json", "--timeout", "1")
    report = json.loads(output)
    assert (code, report["status"]) == (3, "stopped")
    assert 0 < report["generated"] < 200


def test_a_batch_with_failures_exits_with_one(vendors, capsys):
    vendors(a=["malformed"])
    code, output = generate(capsys, "--count", "1", "--inline", "--json")
    assert (code, json.loads(output)["status"]) == (1, "failed")


def test_ctrl_c_stops_the_batch_and_reports_what_it_has(vendors):
    sandbox = vendors(a=["slow-300ms"])
    command = [sys.executable, "manage.py", "generate", "--count", "500", "--inline", "--json"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, cwd=settings.BASE_DIR) as process:
        while len(sandbox.calls) < 20:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=15)
    batch = Batch.objects.get()
    assert (process.returncode, json.loads(output)["batch"]) == (130, batch.pk)
    assert (batch.status, batch.status_reason) == ("stopped", "interrupted")
    assert batch.generated == len(sandbox.calls)


def test_with_redis_away_the_batch_is_stored_and_the_answer_says_so(vendors, capsys, monkeypatch):
    vendors(a=["good"])
    monkeypatch.setattr(current_app, "send_task", broken)
    monkeypatch.setattr(current_app.control, "ping", broken)
    code, output = generate(capsys, "--count", "2", "--json")
    assert (code, json.loads(output)["status"]) == (0, "pending")


def test_a_refused_order_is_one_json_object_too(vendors, capsys):
    vendors(a=["good"])
    with pytest.raises(CommandError):
        call_command("generate", "--count", "0", "--json")
    refusal = json.loads(capsys.readouterr().out)
    assert (refusal["status"], refusal["requested"], list(refusal["errors"])) == ("refused", 0, ["count"])


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--count", "0"), "count"),
        (("--count", "1", "--topic", "nope"), "topics"),
        (("--count", "1", "--provider", "nope"), "provider"),
        (("--count", "10000000"), "count"),
        (("--count", "1", "--timeout", "0"), "timeout"),
        (("--count", "1", "--when-full", "run"), "when_full"),
        (("--count", "1", "--token-cap", "0"), "token_cap"),
        (("--count", "1", "--cost-cap", "-1"), "cost_cap"),
        (("--count", "1", "--cost-cap", "much"), "cost-cap"),
        (("--count", "many"), "count"),
    ],
)
def test_bad_input_exits_with_two_names_the_option_and_writes_nothing(vendors, words, named):
    vendors(a=["good"])
    with pytest.raises(CommandError, match=named) as error:
        call_command("generate", "--inline", *words)
    assert not Batch.objects.exists()
    assert error.value.returncode == 2 or words[-1] in ("many", "much")  # argparse itself exits with 2


def test_caps_and_what_to_do_where_a_route_is_full_are_taken_from_the_options(vendors, capsys):
    vendors(a=["good"])
    Model.objects.update(input_price=1, output_price=2)
    words = ("--when-full", "stay", "--token-cap", "100000", "--cost-cap", "2.50")
    generate(capsys, "--count", "1", "--inline", "--json", *words)
    batch = Batch.objects.get()
    assert (batch.when_full, batch.token_cap, batch.cost_cap) == ("stay", 100_000, Decimal("2.5"))


@pytest.mark.django_db
def test_a_batch_at_its_cap_is_not_waited_for():
    batch = make_batch(status=BatchStatus.PAUSED, needs_tokens=1, needs_cost=0)
    started = time.monotonic()
    assert follow(batch.pk, Console(stderr=True), deadline=started + 30).is_at_cap
    assert time.monotonic() - started < 10


def test_a_ctrl_c_that_a_library_swallows_is_raised_at_the_next_look(monkeypatch, transactional_db):
    asked = []

    def follow_with_a_swallowed_interrupt(batch_id, console, *, deadline, is_over):
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        asked.append(batch_id)
        is_over()

    monkeypatch.setattr(terminal, "follow", follow_with_a_swallowed_interrupt)  # the moment cannot be met from outside
    batch = make_batch(status=BatchStatus.COMPLETED, done=3)
    with pytest.raises(KeyboardInterrupt):
        terminal.work_off_and_follow(batch.pk, Console(quiet=True), deadline=time.monotonic() + 5)
    assert asked == [batch.pk]


@pytest.mark.parametrize(("words", "urgency"), [((), "normal"), (("--urgency", "urgent"), "urgent")])
def test_a_batch_is_as_urgent_as_it_is_ordered(vendors, capsys, words, urgency):
    vendors(a=["good"])
    generate(capsys, "--count", "1", "--inline", "--json", *words)
    assert Batch.objects.get().urgency_word == urgency


def test_an_urgency_that_there_is_not_is_refused(vendors):
    vendors(a=["good"])
    with pytest.raises(CommandError, match="Choose one of: low, normal, urgent") as error:
        call_command("generate", "--count", "1", "--urgency", "now")
    assert error.value.returncode == 2
