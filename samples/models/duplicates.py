"""By what near duplicates are found. Rows of samples that are deleted go with them, by a trigger: a foreign key would
look up each of the rows when they are written."""

from django.db import models

from samples.models.sample import Sample


class Signature(models.Model):
    """Of each sample that somebody has looked at; empty where its text is too short to be compared."""

    sample = models.OneToOneField(
        Sample, primary_key=True, db_constraint=False, on_delete=models.DO_NOTHING, related_name="signature"
    )
    version = models.PositiveSmallIntegerField(help_text="Of the algorithm that made it.")
    signature = models.BinaryField()

    class Meta:
        db_table = "sample_signatures"
        default_permissions = ()
        indexes = [models.Index(fields=["version"], name="sample_signatures_version")]

    def __str__(self) -> str:
        return f"signature of sample {self.sample_id}"


class Band(models.Model):
    """One of the keys of a sample that repeats no other. Samples that are alike share one of them."""

    pk = models.CompositePrimaryKey("key", "sample_id")
    key = models.BigIntegerField()
    sample = models.ForeignKey(Sample, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        db_table = "sample_bands"
        default_permissions = ()

    def __str__(self) -> str:
        return f"band {self.key} of sample {self.sample_id}"
