"""What web, worker and beat check before they serve."""

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from legalds import embedded

EXIT_CODE = 3


def require_servers() -> None:
    """End the process with one line where the configuration is wrong or the embedded servers are down."""
    try:
        is_down = settings.IS_EMBEDDED and None in embedded.status(settings.LEGALDS_DATA).values()
    except (ImproperlyConfigured, embedded.EmbeddedError) as error:
        embedded.say(f"Configuration error: {error}")
        sys.exit(EXIT_CODE)
    if is_down:
        embedded.say(
            f"no servers run in {settings.LEGALDS_DATA}: start them with `make servers`, start everything with "
            "`make run`, or set DATABASE_URL and REDIS_URL."
        )
        sys.exit(EXIT_CODE)
