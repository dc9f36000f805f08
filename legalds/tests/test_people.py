"""Groups, users, and what is said to who may not."""

import io
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from legalds.tests.people import client_of, make_groups, person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def groups():
    make_groups()


def permissions_of(name):
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


# --- the groups ---------------------------------------------------------------


def test_each_group_may_what_the_one_before_may_and_more():
    viewer, operator, admin = (permissions_of(name) for name in ("Viewer", "Operator", "Admin"))
    assert viewer < operator < admin
    assert all(codename.startswith("view_") for codename in viewer)
    assert operator - viewer == {"add_batch", "change_batch", "review_sample"}
    assert {"change_providerconfig", "add_provider", "delete_model", "view_user"} <= admin
    assert not {"add_user", "change_user", "delete_user", "change_group"} & admin


def test_what_a_person_changed_in_a_group_stays():
    Group.objects.get(name="Viewer").permissions.clear()
    Group.objects.get(name="Operator").delete()
    call_command("migrate", verbosity=0)
    assert permissions_of("Viewer") == set()
    assert not Group.objects.filter(name="Operator").exists()


def test_a_group_of_that_name_that_was_there_before_is_left_alone():
    Group.objects.all().delete()
    Group.objects.create(name="Admin")
    make_groups()
    assert permissions_of("Admin") == set()
    assert permissions_of("Operator")


def test_the_reverse_takes_only_groups_that_nobody_is_in():
    person("ann", "Operator")
    import_module("legalds.migrations.0002_groups").remove_groups(apps, SimpleNamespace(connection=connection))
    assert list(Group.objects.values_list("name", flat=True)) == ["Operator"]


# --- the page for who may not ----------------------------------------------------


def test_a_refusal_names_the_permission_the_groups_and_whom_to_ask(admin_user):
    response = client_of(person("ann", "Viewer")).get(reverse("admin:providers_provider_add"))
    html = response.content.decode()
    assert response.status_code == 403
    assert "Can add provider" in html
    assert "<dd>Admin</dd>" in html
    assert "<dd>Viewer</dd>" in html
    assert "<dd>admin</dd>" in html


@pytest.mark.parametrize(
    ("name", "method", "permission"),
    [
        ("admin:providers_model_changelist", "get", "view_model"),
        ("admin:generation_batch_add", "post", "add_batch"),
        ("admin:auth_group_changelist", "get", "view_group"),
    ],
)
def test_a_refusal_names_the_permission_of_its_page(name, method, permission):
    html = getattr(client_of(person("ann")), method)(reverse(name)).content.decode()
    assert f".{permission}<" in html


def test_a_refusal_of_the_api_names_the_permission_and_the_groups():
    response = client_of(person("ann", "Viewer")).post("/api/providers", {}, "application/json")
    assert response.status_code == 403
    assert response.json()["error"]["message"] == (
        "You need the permission providers.add_provider. The group has it: Admin. "
        "Ask an administrator to put you into one."
    )


# --- the pages of users -------------------------------------------------------------


def typed(**more):
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    return {"username": "ann", **passwords, **more}


def test_a_user_is_made_with_a_group_in_one_step(admin_client):
    group = Group.objects.get(name="Operator")
    admin_client.post(reverse("admin:auth_user_add"), typed(groups=[group.pk], is_staff="on"))
    ann = User.objects.get(username="ann")
    assert (ann.is_staff, ann.is_superuser, list(ann.groups.all())) == (True, False, [group])


def test_a_new_user_may_enter_unless_it_is_unticked(admin_client):
    form = admin_client.get(reverse("admin:auth_user_add")).context["adminform"].form
    assert form["is_staff"].value() is True


@pytest.mark.parametrize(
    ("groups", "staff", "said"),
    [
        (["Viewer"], {}, "not enter this admin: staff status is off"),
        ([], {"is_staff": "on"}, "is in no group, and so sees nothing there"),
    ],
)
def test_what_is_probably_not_meant_is_said(admin_client, groups, staff, said):
    chosen = list(Group.objects.filter(name__in=groups).values_list("pk", flat=True))
    answer = admin_client.post(reverse("admin:auth_user_add"), typed(groups=chosen, **staff), follow=True)
    assert said in answer.content.decode()


def test_who_may_change_users_cannot_raise_himself_nor_touch_a_superuser(admin_user):
    ann = person("ann")
    ann.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client, own = client_of(ann), reverse("admin:auth_user_change", args=[ann.pk])
    sent = {"username": "ann", "is_active": "on", "is_staff": "on", "is_superuser": "on", "email": "ann@example.com"}
    sent |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert client.post(own, sent).status_code == 302
    ann.refresh_from_db()
    assert (ann.email, ann.is_superuser) == ("ann@example.com", False)
    for page in ("auth_user_password_change", "auth_user_delete"):
        assert client.get(reverse(f"admin:{page}", args=[admin_user.pk])).status_code == 403


def test_the_list_of_users_does_not_ask_more_when_it_grows(admin_client, django_assert_max_num_queries):
    for number in range(50):
        person(f"user{number}", "Viewer")
    with django_assert_max_num_queries(9):
        html = admin_client.get(reverse("admin:auth_user_changelist")).content.decode()
    assert "Viewer" in html


# --- the command ----------------------------------------------------------------------


def create(monkeypatch, *args, password=PASSWORD):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("create_user", *args)


def test_a_user_is_made_by_a_command(monkeypatch, capsys):
    create(monkeypatch, "ann", "--group", "Operator")
    ann = User.objects.get(username="ann")
    assert (ann.is_staff, ann.check_password(PASSWORD), ann.groups.get().name) == (True, True, "Operator")
    assert capsys.readouterr().out == "Made ann. Groups: Operator.\n"


def test_a_program_gets_neither_password_nor_admin(monkeypatch):
    create(monkeypatch, "robot", "--group", "Viewer", "--api-only")
    robot = User.objects.get(username="robot")
    assert (robot.is_staff, robot.has_usable_password()) == (False, False)


@pytest.mark.parametrize(
    ("args", "password", "said"),
    [
        (("ann", "--group", "Boss"), PASSWORD, "Known: Viewer, Operator, Admin"),
        (("ann",), "short", "too short"),
        (("taken",), PASSWORD, "already exists"),
        (("two words",), PASSWORD, "valid username"),
    ],
)
def test_a_wrong_order_is_refused_and_makes_nobody(monkeypatch, args, password, said):
    person("taken")
    with pytest.raises(CommandError, match=said):
        create(monkeypatch, *args, password=password)
    assert User.objects.count() == 1
