"""What reads the bodies of requests: JSON alone."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BodyParser(JSONParser):
    """DRF's, with a refusal that says what to send; it names the place of the fault and repeats nothing of the body."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except ParseError as error:
            reason = error.__context__ or error
            raise ParseError(f"The body is not JSON ({reason}). Send a JSON object, such as {{}}.") from error
