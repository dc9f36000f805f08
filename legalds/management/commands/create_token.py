"""``manage.py create_token USERNAME``: prints a new API token, once; only its digest is stored."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from legalds.models import ApiToken


class Command(BaseCommand):
    help = "Print a new API token of a user. It is shown this once: only its digest is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--revoke", action="store_true", help="delete all tokens of the user instead")

    def handle(self, *args: Any, username: str, revoke: bool, **options: Any) -> None:
        user = find_user(username)
        if revoke:
            count, _ = ApiToken.objects.filter(user=user).delete()
            self.stderr.write(f"Deleted {count} token(s) of {username}.")
            return
        if not user.is_active:
            raise CommandError(f"User '{username}' is not active: switch it on in the admin first.", returncode=2)
        self.stdout.write(ApiToken.objects.issue(user))


def find_user(username: str) -> User:
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise CommandError(
            f"There is no user '{username}'. Make one with: manage.py create_user {username} --group Viewer --api-only",
            returncode=2,
        ) from None
