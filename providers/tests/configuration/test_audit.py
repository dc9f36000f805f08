"""The trail of configuration changes: what leaves a row, what it says, and that it stays."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from legalds.models import ApiToken
from providers import actions
from providers.choices import AuditAction, Subject, Way
from providers.configuration import audit
from providers.models import ConfigurationChange, ConfigurationVersion, Provider
from providers.tests.admin.admin_pages import press
from providers.tests.factories import make_model, make_provider, pk_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
KEY = "sk-planted-0123456789-abcd"
OTHER_KEY = "sk-planted-0123456789-wxyz"


@pytest.fixture
def groq():
    return make_provider("groq", models=["llama", "qwen", "gemma"])


@pytest.fixture
def trail(groq):
    """What was recorded since the provider was made, oldest first: (about, action, {field: (from, to)})."""
    start = newest().pk

    def read():
        rows = ConfigurationChange.objects.filter(pk__gt=start).order_by("pk")
        return [(row.subject, row.deed, details_of(row)) for row in rows]

    return read


def newest():
    row = ConfigurationChange.objects.first()
    assert row is not None
    return row


def details_of(row):
    return {entry["field"]: (entry["from"], entry["to"]) for entry in row.parts}


def test_what_is_created_is_told_with_its_values():
    make_provider("groq", requests_per_minute=30)
    row = ConfigurationChange.objects.get()
    assert (row.subject, row.provider, row.deed) == (Subject.PROVIDER, "groq", AuditAction.CREATED)
    assert details_of(row)["requests_per_minute"] == (None, 30)
    assert "tokens_per_minute" not in details_of(row)


def test_a_change_tells_from_and_to_of_what_changed_only(trail):
    actions.update_provider("groq", {"name": "Groq", "requests_per_minute": 60, "champion_model": "qwen"})
    wanted = {"requests_per_minute": (None, 60), "champion_model": (None, "qwen")}
    assert trail() == [("provider", "changed", wanted)]


@pytest.mark.parametrize(
    "change_nothing",
    [
        lambda: actions.update_provider("groq", {"name": "Groq", "enabled": True}),
        lambda: actions.update_provider("groq", {"order": 7}),
        lambda: actions.update_model(pk_of("groq", "llama"), {"fallback_priority": 0, "enabled": True}),
        lambda: actions.move_model(pk_of("groq", "llama"), before=pk_of("groq", "qwen")),
        lambda: actions.reorder_models("groq", ["llama"]),
        lambda: actions.set_secrets("groq", api_key=None, config=None),
    ],
)
def test_a_change_of_nothing_leaves_no_row(trail, change_nothing):
    change_nothing()
    assert trail() == []


def test_a_price_told_in_other_digits_is_no_change(trail):
    pk = pk_of("groq", "llama")
    actions.update_model(pk, {"input_price": 0.50})
    actions.update_model(pk, {"input_price": 0.5})
    assert trail() == [("model", "changed", {"input_price": (None, "0.5")})]


def test_switches_moves_and_deletions_are_called_so(trail):
    pk = pk_of("groq", "gemma")
    actions.set_model_enabled(pk, False)
    actions.set_model_enabled(pk, True)
    actions.set_priority(pk, 0)
    actions.move_model(pk, after=pk_of("groq", "llama"))
    actions.reorder_models("groq", ["qwen"])
    assert [(about, action) for about, action, _ in trail()] == [
        ("model", "switched_off"),
        ("model", "switched_on"),
        ("model", "moved"),
        ("model", "moved"),
        ("provider", "reordered"),
    ]
    assert trail()[2][2] == {"fallback_priority": (2, 0)}
    assert trail()[4][2] == {"model_order": (["llama", "gemma", "qwen"], ["qwen", "llama", "gemma"])}


def test_deleting_the_champion_tells_that_its_provider_has_none(trail):
    actions.update_provider("groq", {"champion_model": "qwen"})
    actions.delete_model(pk_of("groq", "qwen"))
    [_, (about, action, was), provider] = trail()
    assert (about, action, was) == ("model", "deleted", {"fallback_priority": (1, None)})
    assert provider == ("provider", "changed", {"champion_model": ("qwen", None)})


def test_a_deleted_provider_keeps_its_rows_and_tells_what_went_with_it(trail):
    actions.set_secrets("groq", api_key=KEY)
    actions.delete_provider("groq")
    row = newest()
    assert (row.provider, row.deed) == ("groq", AuditAction.DELETED)
    assert details_of(row)["models"] == (["llama", "qwen", "gemma"], None)
    assert details_of(row)["api_key"] == ("...abcd", None)


def test_a_key_is_told_by_its_last_four_and_its_fingerprint(trail):
    for key in (KEY, OTHER_KEY, OTHER_KEY, None):
        actions.set_secrets("groq", api_key=key)
    told = [(action, details["api_key"]) for _, action, details in trail()]
    assert told == [
        ("key_set", (None, "...abcd")),
        ("key_replaced", ("...abcd", "...wxyz")),
        ("key_replaced", ("...wxyz", "...wxyz")),
        ("key_removed", ("...wxyz", None)),
    ]
    assert all(len(details["fingerprint"][0] or details["fingerprint"][1]) == 16 for _, _, details in trail())


def test_of_secret_settings_only_the_action_is_told(trail):
    typed: list[object] = [{"headers": {"X-A": KEY}}, {"headers": {}}, None]
    for settings in typed:
        actions.set_secrets("groq", config=settings)
    assert trail() == [("secrets", action, {}) for action in ("settings_set", "settings_replaced", "settings_removed")]


def test_a_moved_address_tells_that_it_took_the_secrets_along(trail):
    actions.set_secrets("groq", api_key=KEY, config={"a": 1})
    actions.update_provider("groq", {"base_url": "https://elsewhere.example.com/v1"})
    assert [action for _, action, _ in trail()][2:] == ["changed", "key_removed", "settings_removed"]


def test_encrypting_anew_is_told_of_who_has_secrets(trail):
    actions.set_secrets("groq", config={"a": 1})
    actions.set_secrets(make_provider("other").pk)
    call_command("reencrypt_secrets")
    row = newest()
    assert (row.provider, row.deed, row.command) == ("groq", AuditAction.REENCRYPTED, "reencrypt_secrets")
    assert ConfigurationChange.objects.filter(deed=AuditAction.REENCRYPTED).count() == 1


def test_extra_settings_are_told_by_their_parts_and_never_what_looks_secret(trail):
    before = {"timeout_s": 60, "headers": {"X-Title": "a", "X-Team-Token": KEY}, "max_tokens": 5}
    Provider.objects.filter(pk="groq").update(extra_config=before)  # as it once could be set
    actions.update_provider("groq", {"extra_config": {"timeout_s": 30, "headers": {"X-Title": "b"}, "max_tokens": 6}})
    assert trail()[0][2] == {
        "extra_config.timeout_s": (60, 30),
        "extra_config.headers.X-Title": ("a", "b"),
        "extra_config.headers.X-Team-Token": ("(not shown)", None),
        "extra_config.max_tokens": (5, 6),
    }
    assert "planted" not in str(trail())


def test_a_refused_change_leaves_no_row(trail):
    with pytest.raises(ValidationError):
        actions.update_provider("groq", {"base_url": "nowhere"})
    assert trail() == []


# --- who, and by which way ----------------------------------------------------


def test_the_admin_names_the_person(admin_client, groq):
    url = reverse("admin:providers_provider_switch")
    press(admin_client, url, {"id": "groq", "enabled": False})
    row = newest()
    assert (row.deed, row.way, row.actor_name, row.actor.username) == (
        AuditAction.SWITCHED_OFF,
        Way.ADMIN,
        "admin",
        "admin",
    )


def test_the_api_names_the_person_of_the_token(client, groq):
    ann = User.objects.create_superuser("ann")
    headers = {"Authorization": f"Token {ApiToken.objects.issue(ann)}"}
    client.patch("/api/providers/groq", {"name": "G"}, "application/json", headers=headers)
    row = newest()
    assert (row.way, row.actor_name, row.actor_id) == (Way.API, "ann", ann.pk)


def test_a_command_names_itself_and_seeding_is_one_row_for_each():
    call_command("seed_providers")
    rows = ConfigurationChange.objects.all()
    assert {(row.way, row.command, row.actor_name) for row in rows} == {(Way.COMMAND, "seed_providers", "")}
    assert rows.filter(subject=Subject.PROVIDER, deed=AuditAction.SEEDED).count() == 5
    assert rows.filter(subject=Subject.MODEL, deed=AuditAction.SEEDED).count() == rows.count() - 5 == 34
    assert "champion_model" in details_of(rows.filter(subject=Subject.PROVIDER)[0])


def test_a_dry_run_and_a_seed_of_nothing_leave_no_row():
    call_command("seed_providers", dry_run=True)
    assert not ConfigurationChange.objects.exists()
    call_command("seed_providers")
    count = ConfigurationChange.objects.count()
    call_command("seed_providers")
    assert ConfigurationChange.objects.count() == count


def test_a_reset_tells_what_it_gave_back():
    actions.seed({})
    actions.update_provider("groq", {"enabled": False})
    model = pk_of("groq", "gemma2-9b-it")
    actions.update_model(model, {"requests_per_minute": 1, "fallback_priority": 0})
    start = newest().pk
    actions.seed({}, reset=["groq"])
    told = {row.subject: row for row in ConfigurationChange.objects.filter(pk__gt=start)}
    assert details_of(told["provider"])["enabled"] == (False, True)
    assert told["model"].model_pk == model


# --- it stays -------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql", ["UPDATE configuration_changes SET actor_name = 'x'", "DELETE FROM configuration_changes"]
)
def test_the_database_lets_nobody_change_the_trail(groq, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_user_who_is_deleted_leaves_the_name(admin_client, admin_user, groq):
    url = reverse("admin:providers_provider_switch")
    press(admin_client, url, {"id": "groq", "enabled": False})
    admin_user.delete()
    row = newest()
    assert (row.actor, row.actor_name) == (None, "admin")


def test_an_action_costs_one_insert(groq, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as asked:
        actions.set_secrets("groq", api_key=KEY, config={})
    assert sum('INSERT INTO "configuration_changes"' in query["sql"] for query in asked) == 1


def test_seeding_inserts_the_trail_at_once(django_assert_max_num_queries):
    with django_assert_max_num_queries(1500) as asked:
        actions.seed({})
    assert sum('INSERT INTO "configuration_changes"' in query["sql"] for query in asked) == 1


def test_the_trail_itself_is_no_change_of_the_configuration(groq):
    version = ConfigurationVersion.objects.get().version
    audit.record(audit.reencrypted("groq"))
    assert ConfigurationVersion.objects.get().version == version


def test_the_last_change_of_a_kind_is_found(groq):
    actions.set_secrets("groq", api_key=KEY)
    make_model("groq", "phi")
    assert audit.last_change("groq") == newest()
    assert (
        getattr(audit.last_change("groq", AuditAction.KEY_SET, AuditAction.KEY_REPLACED), "deed", None)
        == AuditAction.KEY_SET
    )
    assert audit.last_change("groq", AuditAction.KEY_REMOVED) is None
