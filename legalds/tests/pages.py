"""Pages as a browser reads them."""

from typing import Any


def markup(response: Any) -> str:
    """The page's markup with its white space as it counts: any run of it is one blank, and none stands before a >."""
    return " ".join(response.content.decode().split()).replace(" >", ">")
