"""The wording of prompts, as it was at a time."""

from django.conf import settings
from django.db import models

from generation.engine.wording.texts import PromptTexts


class PromptVersion(models.Model):
    """One wording of all texts of a prompt. Append-only: a trigger refuses to change a row.

    ``content`` has the texts by name; the same content is there once. ``parent`` is the version that it was made from.
    """

    number = models.PositiveIntegerField(primary_key=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    note = models.TextField(blank=True, help_text="What is different, and why.")
    is_built_in = models.BooleanField(default=False, help_text="The wording that came with a release.")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "prompt_versions"
        ordering = ["-number"]
        default_permissions = ("add", "change", "view")

    def __str__(self) -> str:
        return f"prompt version {self.number}"

    @property
    def texts(self) -> PromptTexts:
        return PromptTexts.of(self.content)
