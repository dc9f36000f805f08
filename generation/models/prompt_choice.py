"""Which version of the prompts new batches take."""

from django.conf import settings
from django.db import models

from generation.models.prompt_version import PromptVersion


class PromptChoice(models.Model):
    """A version was made the current one; the newest row tells which it is now. Append-only.

    ``is_automatic``: nobody chose it, it came with a release while nobody had chosen another.
    """

    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="choices")
    at = models.DateTimeField(auto_now_add=True)
    is_automatic = models.BooleanField(default=False)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    chosen_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "prompt_choices"
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"prompt version {self.version_id} from {self.at:%Y-%m-%d %H:%M} on"
