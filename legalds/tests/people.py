"""People for tests: in one of the groups that the site begins with, or in none."""

from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

GROUPS = ("Viewer", "Operator", "Admin")


def make_groups():
    """As the migrations do; a test that empties the tables empties these, too."""
    editor = SimpleNamespace(connection=connection)
    import_module("legalds.migrations.0002_groups").make_groups(apps, editor)
    import_module("legalds.migrations.0003_prompt_rights").give_rights(apps, editor)


def person(name, *groups, **fields):
    make_groups()
    user = User.objects.create_user(name, password="password", **{"is_staff": True, **fields})
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def client_of(user):
    client = Client()
    client.force_login(user)
    return client
