"""One item asked for in the words of a version, to see what comes of it."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from generation.choices import OUTCOMES
from generation.models.prompt_version import PromptVersion


class PromptTrial(models.Model):
    """A call that was made for no batch, with what was sent and what came back. Nothing of it becomes a sample.

    ``spec`` is that of the item, ``messages`` are those of the request. ``findings`` are what the rules said then, each
    with rule, severity, field and message.
    """

    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="trials")
    spec = models.JSONField(encoder=DjangoJSONEncoder)
    messages = models.JSONField()
    provider = models.CharField(max_length=50)
    model = models.CharField(max_length=200)
    model_answered = models.CharField(max_length=200, blank=True, default="")
    outcome = models.CharField(max_length=20, choices=OUTCOMES)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.TextField(blank=True, help_text="What went wrong, in words.")
    answer = models.TextField(blank=True, help_text="As the model wrote it.")
    is_cut_off = models.BooleanField(default=False)
    findings = models.JSONField(default=list)
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0)
    reasoning_tokens = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=8, null=True, blank=True)
    latency_ms = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "prompt_trials"
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["version", "-id"], name="prompt_trials_version")]

    def __str__(self) -> str:
        return f"trial {self.pk} of prompt version {self.version_id}: {self.outcome}"
