"""What a vendor said it offers, when it was last asked."""

from django.db import models

from providers.models.provider import Provider


class VendorList(models.Model):
    """The last list of a provider's vendor. Seen in an answer, no part of the configuration.

    It was told at ``base_url``, and says nothing of another address. ``seen_ids`` is what a person has looked at.
    """

    provider = models.OneToOneField(Provider, on_delete=models.CASCADE, related_name="vendor_list", primary_key=True)
    base_url = models.CharField(max_length=500)
    asked_at = models.DateTimeField(help_text="Whether or not an answer came.")
    answered_at = models.DateTimeField(null=True, blank=True)
    model_ids = models.JSONField(default=list)
    seen_ids = models.JSONField(default=list)

    class Meta:
        db_table = "vendor_lists"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{len(self.model_ids)} models of {self.provider_id}"
