"""Passwords and tokens cannot be guessed for long; who knows the right one still gets in."""

import logging
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse
from redis import RedisError
from rest_framework.test import APIClient

from legalds.api import authentication
from legalds.models import ApiToken
from legalds.security import guesses, sign_in
from legalds.security.client_address import address_of
from legalds.security.guesses import Allowance, Guesser

pytestmark = pytest.mark.django_db
LOGIN = reverse("admin:login")
PASSWORD, WRONG = "a long pass phrase", "planted-wrong-password"
MOST = sign_in.USER_AT_ADDRESS.wrong


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings):
    """Counts of the test's own, at a moment early in every window; ``clock[0]`` may be moved."""
    moment = [1_800_000_000.0]
    monkeypatch.setattr(guesses, "_now", lambda: moment[0])
    own = f"{settings.KEY_PREFIX}:{uuid.uuid4().hex}"
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": own}}
    return moment


@pytest.fixture
def ann():
    return User.objects.create_superuser("ann", password=PASSWORD)


def enter(name="ann", password=PASSWORD, *, client=None, **meta):
    return (client or Client()).post(LOGIN, {"username": name, "password": password}, **meta)


def guess_wrong(times, name="ann", **meta):
    return [enter(name, WRONG, **meta).status_code for _ in range(times)]


def is_in(response):
    return response.status_code == 302


def test_a_few_wrong_passwords_are_wrong_and_the_next_is_refused_with_the_time_to_wait(ann):
    assert guess_wrong(MOST + 1) == [200] * MOST + [429]
    response = enter(password=WRONG)
    assert response.headers["Retry-After"] == str(sign_in.WINDOW_S)
    assert "Too many wrong sign-ins. Try again in 15 min." in response.content.decode()


def test_the_right_password_is_refused_in_the_window_and_taken_after_it(ann, clock):
    guess_wrong(MOST)
    assert enter().status_code == 429
    clock[0] += sign_in.WINDOW_S - 1
    assert enter().headers["Retry-After"] == "1"
    clock[0] += 1
    assert is_in(enter())


def test_right_passwords_are_not_counted(ann):
    assert all(is_in(enter()) for _ in range(MOST * 3))


def test_another_address_is_not_kept_out_by_those_wrong_guesses(ann):
    guess_wrong(MOST + 1)
    assert is_in(enter(REMOTE_ADDR="192.0.2.7"))


def test_another_user_at_the_same_address_is_not_kept_out(ann):
    guess_wrong(MOST + 1, name="ben")
    assert is_in(enter())


def test_one_address_that_tries_many_names_is_refused(ann):
    told = [enter(f"user{number}", WRONG).status_code for number in range(sign_in.ADDRESS.wrong + 1)]
    assert told == [200] * sign_in.ADDRESS.wrong + [429]


def test_a_browser_that_was_in_before_is_not_locked_out_by_others_at_its_address(ann):
    browser = Client()
    enter(client=browser)
    guess_wrong(MOST + 1)
    [enter(f"user{number}", WRONG) for number in range(sign_in.ADDRESS.wrong + 1)]
    assert enter().status_code == 429
    assert is_in(enter(client=browser))


def test_a_browser_that_was_in_before_cannot_guess_for_long_and_is_known_for_its_own_user_only(ann):
    browser = Client()
    enter(client=browser)
    most = sign_in.KNOWN_BROWSER.wrong
    told = [enter(password=WRONG, client=browser).status_code for _ in range(most + 1)]
    assert told == [200] * most + [429]
    told = [enter("ben", WRONG, client=browser).status_code for _ in range(MOST + 1)]
    assert told == [200] * MOST + [429]


def test_a_made_up_cookie_makes_no_known_browser(ann):
    browser = Client()
    browser.cookies[sign_in.COOKIE] = f"{sign_in._digest('ann')}:1:forged"
    told = [enter(password=WRONG, client=browser).status_code for _ in range(MOST + 1)]
    assert told[-1] == 429


def test_an_empty_form_counts_for_nothing(ann):
    for _ in range(MOST * 2):
        enter(password="")
    assert is_in(enter())


def test_what_is_wrong_is_logged_with_user_and_address_and_never_with_the_password(ann, caplog):
    with caplog.at_level(logging.DEBUG):
        guess_wrong(MOST + 3, name="ann\nforged line")
        enter("ann", WRONG, REMOTE_ADDR="192.0.2.7")
    ours = [record.getMessage() for record in caplog.records if record.name == "legalds.security.sign_in"]
    assert len(ours) == MOST + 2
    assert all("\n" not in line for line in ours)
    assert ours[-1] == "sign-in as 'ann' from 192.0.2.7: wrong"
    assert "too many" in ours[MOST]
    assert WRONG not in caplog.text


def test_guesses_at_once_get_no_further_than_one_after_the_other():
    guesser = Guesser(Allowance("test", 5, 60), ("a",))
    with ThreadPoolExecutor(10) as pool:
        refusals = list(pool.map(lambda _: guesses.guess(guesser), range(40)))
    assert refusals.count(None) == 5
    assert sum(refusal.is_first for refusal in refusals if refusal) == 1


def test_with_redis_away_people_get_in(ann, monkeypatch):
    class Away:
        def __getattr__(self, name):
            raise RedisError

    monkeypatch.setattr(guesses, "cache", Away())
    assert is_in(enter())
    assert enter(password=WRONG).status_code == 200


# --- tokens -------------------------------------------------------------------------------------------------------
def call(token="wrong-planted-token", **meta):
    return APIClient().get("/api/topics", HTTP_AUTHORIZATION=f"Token {token}", **meta)


@pytest.mark.parametrize("token", ["wrong-planted-token", "two words"])
def test_wrong_tokens_are_refused_for_a_while(token):
    most = authentication.TOKENS.wrong
    assert [call(token).status_code for _ in range(most + 1)] == [401] * most + [429]
    response = call(token)
    assert response.headers["Retry-After"] == "60"
    assert "Too many wrong tokens from this address" in response.json()["error"]["message"]
    assert call(token, REMOTE_ADDR="192.0.2.7").status_code == 401


def test_a_good_token_is_taken_whatever_its_neighbours_send(ann):
    for _ in range(authentication.TOKENS.wrong + 1):
        call()
    assert call(ApiToken.objects.issue(ann)).status_code == 200


def test_wrong_tokens_are_logged_with_the_address_and_never_themselves(ann, caplog):
    token = ApiToken.objects.issue(ann)
    User.objects.update(is_active=False)
    with caplog.at_level(logging.DEBUG):
        call(token)
        for _ in range(authentication.TOKENS.wrong + 5):
            call()
    ours = [record.getMessage() for record in caplog.records if record.name == "legalds.api.authentication"]
    assert ours[0] == "API token of user 'ann' refused: not active"
    assert len(ours) == 1 + authentication.TOKENS.wrong + 1
    assert all("from 127.0.0.1" in line for line in ours[1:])
    assert "planted-token" not in caplog.text
    assert token not in caplog.text


# --- where a request comes from -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8:1:2::3]:4711", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_address_is_the_one_that_the_outermost_trusted_proxy_heard_from(settings, proxies, forwarded, address):
    settings.NUM_PROXIES = proxies
    meta = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert address_of(RequestFactory().get("/", **meta)) == address


def test_a_request_without_any_address_has_one_all_the_same():
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) == "unknown"


def test_behind_a_proxy_one_client_does_not_keep_out_another(ann, settings):
    settings.NUM_PROXIES = 1
    told = guess_wrong(MOST + 1, HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.9")
    assert told[-1] == 429
    assert enter(HTTP_X_FORWARDED_FOR="192.0.2.7, 203.0.113.9").status_code == 429
    assert is_in(enter(HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.7"))
