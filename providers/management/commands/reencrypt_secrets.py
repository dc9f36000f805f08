"""``manage.py reencrypt_secrets``: the middle step of rotating FERNET_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from providers.actions import reencrypt_secrets
from providers.configuration import actor


class Command(BaseCommand):
    help = "Write every stored secret anew under the first key of FERNET_KEYS, so that the old ones can be taken away."

    @actor.by_command("reencrypt_secrets")
    def handle(self, *args: Any, **options: Any) -> None:
        done, unreadable = reencrypt_secrets()
        self.stdout.write(f"Encrypted under the first key of FERNET_KEYS: {', '.join(done) or 'none'}.")
        if unreadable:
            raise CommandError(
                f"No key of FERNET_KEYS decrypts the secrets of: {', '.join(unreadable)}. "
                "Add the key that they were stored under, or enter them anew."
            )
