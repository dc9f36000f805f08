"""How far a batch is, how fast, and when it will be done, as the API shows it."""

from rest_framework import serializers

from generation.actions.batch_forecasts import BatchForecast
from generation.selectors.progress import Pace, Progress


class ProgressSerializer(serializers.Serializer[Progress]):
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    in_work = serializers.IntegerField(help_text="Held by a worker.")
    waiting = serializers.IntegerField(help_text="Still to be done, and not in work.")
    put_back = serializers.IntegerField(help_text="Those of the waiting that are not tried again before their time.")


class PaceSerializer(serializers.Serializer[Pace]):
    per_minute = serializers.FloatField(
        allow_null=True,
        help_text="Samples a minute over the last five minutes; null where none came in the last minute.",
    )


class BatchForecastSerializer(serializers.Serializer[BatchForecast]):
    done_at = serializers.DateTimeField(allow_null=True, help_text="Null where the limits never let it get done.")
    seconds_left = serializers.IntegerField(allow_null=True)
    limited_by = serializers.CharField(help_text="What holds it up for longest.")
