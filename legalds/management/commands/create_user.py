"""``manage.py create_user NAME --group Operator``: a person who may enter the admin."""

import getpass
import sys
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction


class Command(BaseCommand):
    help = (
        "Make a user who may enter the admin, in the groups that are named. The password is asked for, or read as one "
        "line where the input is no terminal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--group", action="append", default=[], help="may be given several times")
        parser.add_argument("--email", default="")
        parser.add_argument("--api-only", action="store_true", help="no password and no admin: for a program's token")

    def handle(self, *args: Any, username: str, group: list[str], email: str, api_only: bool, **options: Any) -> None:
        groups = find_groups(group)
        user = User(username=username, email=email, is_staff=not api_only)
        try:
            user.full_clean(exclude=["password"])
            password = None if api_only else read_password()
            if password is not None:
                validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from None
        user.set_password(password)
        with transaction.atomic():
            user.save()
            user.groups.set(groups)
        names = ", ".join(entry.name for entry in groups) or "none: this user may do nothing yet"
        self.stdout.write(f"Made {username}. Groups: {names}.")


def find_groups(names: list[str]) -> list[Group]:
    known = {group.name: group for group in Group.objects.order_by("pk")}
    if unknown := [name for name in names if name not in known]:
        message = f"There is no group {', '.join(unknown)}. Known: {', '.join(known) or 'none'}."
        raise CommandError(message, returncode=2)
    return [known[name] for name in dict.fromkeys(names)]


def read_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first, second = getpass.getpass("Password: "), getpass.getpass("Password (again): ")
    if first != second:
        raise CommandError("The two passwords differ. Try again.", returncode=2)
    return first
