"""The sandbox over HTTP: its limits, its controls, what it records, and the command that starts it."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command

from providers.sandbox.behaviours import LISTED_ONLY, PLAIN
from providers.sandbox.limits import KeyLimit
from providers.sandbox.tally import most_in_window
from providers.sandbox.thread import RunningSandbox, running_sandbox
from providers.tests.sandbox.sandbox_calls import ask, chat


def test_the_window_slides_over_requests():
    limit = KeyLimit(requests_per_minute=2)
    assert [limit.wait_s(now, 0) for now in (0.0, 30.0, 40.0)] == [0, 0, 20]
    assert limit.wait_s(60.0, 0) == 0
    assert limit.wait_s(61.0, 0) == 29


def test_the_window_slides_over_tokens():
    limit = KeyLimit(tokens_per_minute=100, window_s=10)
    assert [limit.wait_s(now, tokens) for now, tokens in ((0.0, 60), (1.0, 40), (2.0, 50))] == [0, 0, 8]
    assert limit.wait_s(2.0, 90) == 9
    assert limit.wait_s(10.0, 60) == 0
    assert limit.wait_s(10.0, 101) == 10


def test_a_limit_holds_per_key_and_says_when_to_come_back(sandbox: RunningSandbox):
    sandbox.state.set_limit(requests_per_minute=2, window_s=30)
    assert [chat(sandbox)[0] for _ in range(3)] == [200, 200, 429]
    _, headers, _ = chat(sandbox)
    assert 0 < float(headers["Retry-After"]) <= 30
    assert headers["x-ratelimit-remaining-requests"] == "0"
    assert chat(sandbox, key="k2")[0] == 200


def test_a_rule_that_is_broken_once_is_kept_when_it_is_asked_again(sandbox: RunningSandbox):
    first, again = {"role": "user", "content": "hello"}, {"role": "assistant", "content": "an answer"}
    ends = []
    for messages in ([first], [first, again, first]):
        body = {"model": "break-once-chatter", "messages": messages}
        _, _, answer = ask(sandbox, "/v1/chat/completions", body)
        ends.append("I hope this helps." in answer["choices"][0]["message"]["content"])
    assert ends == [True, False]
    assert [call.behaviour for call in sandbox.calls] == ["break", "good"]


def test_calls_are_recorded_with_what_became_of_them(sandbox: RunningSandbox):
    chat(sandbox, "good")
    chat(sandbox, "503")
    _, _, found = ask(sandbox, "/sandbox/calls")
    told = [(call["model"], call["key"], call["status"]) for call in found["calls"]]
    assert told == [("good", "k1", 200), ("503", "k1", 503)]
    assert [call.behaviour for call in sandbox.calls] == ["good", "503"]


def test_calls_are_counted_by_model_and_by_key_with_what_became_of_them(sandbox: RunningSandbox):
    for model, key in (("good", "k1"), ("good", "k2"), ("503", "k1")):
        chat(sandbox, model, key)
    _, _, found = ask(sandbox, "/sandbox/counts")
    assert {name: (row["calls"], row["statuses"]) for name, row in found["models"].items()} == {
        "good": (2, {"200": 2}),
        "503": (1, {"503": 1}),
    }
    assert {name: row["behaviours"] for name, row in found["keys"].items()} == {
        "k1": {"503": 1, "good": 1},
        "k2": {"good": 1},
    }
    assert found["models"]["good"]["tokens"] == sum(call.tokens for call in sandbox.calls) > 0


def test_counts_tell_the_most_calls_in_any_window_asked_for(sandbox: RunningSandbox):
    chat(sandbox)
    time.sleep(0.1)
    chat(sandbox)
    told = [ask(sandbox, f"/sandbox/counts?window_s={s}")[2]["models"]["good"]["most_in_window"] for s in (0.05, 60)]
    assert told == [1, 2]


@pytest.mark.parametrize(("window_s", "most"), [(1.0, 2), (1.5, 3), (10.0, 5)])
def test_a_window_slides_and_leaves_its_end_out(window_s, most):
    assert most_in_window([0.0, 1.0, 2.0, 2.0, 9.9], window_s) == most


def test_bodies_are_not_kept_where_nobody_wants_them(sandbox: RunningSandbox):
    ask(sandbox, "/sandbox/recording", {"bodies": False})
    assert chat(sandbox)[0] == 200
    assert [(call.model, call.status, call.headers, call.body) for call in sandbox.calls] == [("good", 200, {}, {})]


def test_calls_can_be_asked_for_since_a_time(sandbox: RunningSandbox):
    chat(sandbox, "good")
    since = time.time()
    chat(sandbox, "503")
    _, _, found = ask(sandbox, f"/sandbox/calls?since={since}")
    assert [call["model"] for call in found["calls"]] == ["503"]


def test_behaviour_changes_at_run_time(sandbox: RunningSandbox):
    ask(sandbox, "/sandbox/behaviour", {"model": "gpt-x", "behaviour": "flaky-1"})
    assert [chat(sandbox, "gpt-x")[0] for _ in range(2)] == [500, 200]
    ask(sandbox, "/sandbox/behaviour", {"key": "k1", "behaviour": "401"})
    assert chat(sandbox, "gpt-x")[0] == 401
    assert ask(sandbox, "/v1/models")[0] == 401
    ask(sandbox, "/sandbox/behaviour", {"key": "k1", "behaviour": None})
    assert chat(sandbox, "gpt-x")[0] == 200


def test_reset_forgets_everything(sandbox: RunningSandbox):
    sandbox.state.set_behaviour("503", model="good")
    sandbox.state.set_limit(requests_per_minute=1)
    chat(sandbox)
    ask(sandbox, "/sandbox/reset", {})
    assert sandbox.calls == []
    assert ask(sandbox, "/sandbox/counts")[2] == {"models": {}, "keys": {}}
    assert [chat(sandbox)[0] for _ in range(2)] == [200, 200]


def test_latency_can_be_asked_for(sandbox: RunningSandbox):
    ask(sandbox, "/sandbox/latency", {"latency_ms": 50})
    assert sandbox.state.latency_s == 0.05
    assert chat(sandbox)[0] == 200


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("behaviour", {"model": "m", "behaviour": "nonsense"}),
        ("behaviour", {"behaviour": "500"}),
        ("behaviour", {"model": "m", "key": "k", "behaviour": "500"}),
        ("limits", {"key": "k", "requests": 3}),
        ("latency", {"latency_ms": "soon"}),
        ("recording", {"bodies": "no"}),
    ],
)
def test_an_order_without_sense_is_refused(sandbox: RunningSandbox, path, order):
    status, _, found = ask(sandbox, f"/sandbox/{path}", order)
    assert status == 400
    assert found["error"]["message"]


def test_a_request_without_sense_is_refused(sandbox: RunningSandbox):
    assert ask(sandbox, "/v1/chat/completions", {"model": "good"})[0] == 400
    assert ask(sandbox, "/v1/chat/completions", ["good"])[0] == 400


def test_an_unknown_model_is_not_found_and_known_ones_are_listed(sandbox: RunningSandbox):
    assert chat(sandbox, "gpt-4o")[0] == 404
    _, _, found = ask(sandbox, "/v1/models")
    assert {row["id"] for row in found["data"]} == PLAIN | LISTED_ONLY


def test_it_stops_with_a_call_in_flight():
    with running_sandbox() as running, ThreadPoolExecutor(1) as pool:
        call = pool.submit(chat, running, "hang")
        while not running.calls:
            time.sleep(0.01)
        running.stop()
        assert isinstance(call.exception(timeout=5), OSError)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.com", "::"])
def test_it_listens_on_loopback_only(host):
    with pytest.raises(CommandError, match="loopback only"):
        call_command("sandbox", host=host)


def test_a_taken_port_is_named(sandbox: RunningSandbox):
    with pytest.raises(CommandError, match="another --port"):
        call_command("sandbox", port=sandbox.port)


def test_the_command_prints_its_url_serves_and_stops():
    command = [sys.executable, "manage.py", "sandbox", "--latency-ms", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{url}/models") as response:
            assert response.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
