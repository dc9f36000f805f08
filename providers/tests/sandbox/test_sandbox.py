"""The sandbox: what its names promise, its limits, its controls."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command

from providers.sandbox.answers import answer_text, completion_body
from providers.sandbox.behaviours import LISTED_ONLY, PLAIN, Behaviour, parse
from providers.sandbox.limits import KeyLimit
from providers.sandbox.samples import sample as synthetic
from providers.sandbox.state import State
from providers.sandbox.tally import most_in_window
from providers.sandbox.thread import RunningSandbox, running_sandbox


def ask(running: RunningSandbox, path: str, body: object = None, key: str = "k1"):
    """Status, headers and object of a plain HTTP call."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(running.root + path, data, headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.headers, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, json.load(error)


def chat(running: RunningSandbox, model: str = "good", key: str = "k1", prompt: str = "hello"):
    body = {"model": model, "messages": [{"role": "user", "content": prompt}]}
    return ask(running, "/v1/chat/completions", body, key)


@pytest.mark.parametrize(
    ("name", "behaviour"),
    [
        ("good", Behaviour("good")),
        ("cerebras-a--503", Behaviour("status", 503)),
        ("429-2s", Behaviour("status", 429, 2.0)),
        ("503-500ms", Behaviour("status", 503, 0.5)),
        ("slow", Behaviour("good", seconds=1.0)),
        ("a--b--slow-2s", Behaviour("good", seconds=2.0)),
        ("billing-400", Behaviour("billing-400", 400)),
        ("quota-429", Behaviour("quota-429", 429)),
        ("hang", Behaviour("hang")),
        ("sized-3000", Behaviour("good", chars=3000)),
    ],
)
def test_a_name_says_what_the_model_does(name, behaviour):
    plan = parse(name)
    assert plan
    assert plan.at(0, 0.0) == behaviour


@pytest.mark.parametrize(
    "name", ["gpt-4o", "", "200", "600", "mix", "mix-nope:10", "mix-500:60-429:50", "flaky-x", "down-5"]
)
def test_an_unknown_name_has_no_plan(name):
    assert parse(name) is None


def test_a_mix_holds_its_shares_in_any_fifty_calls():
    plan = parse("label--mix-500:10-malformed:10-429-2s:4")
    assert plan
    words = [plan.at(call, 0.0) for call in range(300)]
    for start in range(250):
        window = words[start : start + 50]
        counts = [window.count(kind) for kind in (Behaviour("status", 500), Behaviour("malformed"), Behaviour("good"))]
        assert counts == [5, 5, 38]


def test_an_odd_share_holds_in_any_hundred_calls():
    plan = parse("mix-500:7")
    assert plan
    words = [plan.at(call, 0.0).status for call in range(200)]
    assert {words[start : start + 100].count(500) for start in range(100)} == {7}


def test_flaky_and_down_models_recover():
    flaky, down = parse("flaky-2"), parse("down-5s")
    assert flaky
    assert down
    assert [flaky.at(call, 0.0).status for call in range(3)] == [500, 500, 200]
    assert [down.at(9, age_s).status for age_s in (0.0, 4.9, 5.0)] == [503, 503, 200]


def test_samples_are_whole_synthetic_and_repeatable():
    first = synthetic("prompt one")
    assert set(first) == {"question", "answer", "case_citation", "reasoning"}
    assert all(first.values())
    assert "synthetic" in first["answer"]
    assert 2000 < len(json.dumps(first)) < 4600
    assert first == synthetic("prompt one")


def test_two_prompts_give_clearly_different_samples():
    words = [set(zip(*[iter_words(f"prompt {n}")[k:] for k in range(3)], strict=False)) for n in range(20)]
    overlaps = [len(a & b) / len(a | b) for a in words for b in words if a is not b]
    assert max(overlaps) < 0.5


def iter_words(prompt: str) -> list[str]:
    return re.findall(r"\w+", synthetic(prompt)["answer"])


@pytest.mark.parametrize(
    ("word", "pattern"),
    [
        ("fenced", r"```json\n\{.*\}\n```"),
        ("thinking", r"<think>.*</think>\s*\{.*\}"),
        ("unclosed-thinking", r"<think>(?!.*</think>).*\{.*\}"),
        ("prose", r"Certainly!.*\{.*\}.*"),
        ("truncated", r"\{.*[^}]"),
        ("malformed", r"[^{}]*"),
        ("wrong-schema", r'\{"title".*\}'),
        ("empty", ""),
    ],
)
def test_each_dress_looks_as_named(word, pattern):
    assert re.fullmatch(pattern, answer_text(word, "p"), re.DOTALL)


def test_only_a_truncated_answer_ends_by_length():
    bodies = {word: completion_body(Behaviour(word), "m", "p") for word in ("good", "truncated")}
    reasons = {word: body["choices"][0]["finish_reason"] for word, body in bodies.items()}
    assert reasons == {"good": "stop", "truncated": "length"}


def test_varied_answers_differ_in_length_and_stay_the_same_for_a_prompt():
    lengths = [len(answer_text("varied", f"prompt {n}")) for n in range(100)]
    assert min(lengths) < 2000
    assert max(lengths) > 6000
    assert lengths == [len(answer_text("varied", f"prompt {n}")) for n in range(100)]


@pytest.mark.parametrize("chars", [2000, 3000, 9000])
def test_a_sized_answer_is_about_as_long_as_its_name_says(chars):
    plan = parse(f"label--sized-{chars}")
    assert plan
    body = completion_body(plan.at(0, 0.0), "m", "p")
    assert len(body["choices"][0]["message"]["content"]) == pytest.approx(chars, rel=0.2)


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


def test_a_state_counts_each_model_by_itself():
    state = State(clock=lambda: 0.0)
    words = [state.behaviour_of(model, "k") for model in ("a--flaky-1", "b--flaky-1", "a--flaky-1")]
    assert [word.status for word in words if word] == [500, 500, 200]
