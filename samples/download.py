"""Samples as a file that a browser saves, streamed."""

from django.http import StreamingHttpResponse

from samples.export import Format, stream
from samples.models import Sample
from samples.querysets import SampleQuerySet


def file_response(samples: SampleQuerySet[Sample], file_format: Format) -> StreamingHttpResponse:
    response = StreamingHttpResponse(stream(samples, file_format), content_type=file_format.content_type)
    response["Content-Disposition"] = f'attachment; filename="samples.{file_format.ending}"'
    return response
