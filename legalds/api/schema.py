"""How drf-spectacular reads our views."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from legalds.api.pagination import NamedPagination


class Schema(AutoSchema):
    def _get_paginator(self) -> Any:
        """Our paginator takes the list's name from the view that it serves."""
        paginator = super()._get_paginator()  # type: ignore[no-untyped-call]
        if isinstance(paginator, NamedPagination):
            paginator.serve(self.view)
        return paginator
