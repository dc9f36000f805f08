"""Django's pages and mails about a bug, without what people typed and without passwords.

DEBUG is on by default, and there Django shows all of it: the key that was just posted, in the form and in the variables
of every frame that it passed through. Whom the page is for may read the code; the values stay in the process.
"""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

URL_PASSWORD = re.compile(r"(://[^/\s:@]*):[^/\s@]+@")


class ValuelessReporterFilter(SafeExceptionReporterFilter):
    """Names of fields, names and types of variables, settings without passwords; with DEBUG, too."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request is not None else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return {name: f"<{type(value).__name__}>" for name, value in tb_frame.f_locals.items()}.items()

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        """Settings and what the server was told of the request: the addresses among them hold passwords."""
        cleansed = super().cleanse_setting(key, value)
        if isinstance(cleansed, str):
            return URL_PASSWORD.sub(rf"\1:{self.cleansed_substitute}@", cleansed)
        return cleansed
