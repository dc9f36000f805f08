"""What the tables of the taxonomy have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

from samples.models.sample import Sample
from samples.taxonomy.plain import as_plain, read_plain

NAME_MAX = 200
LINE_MAX = 500
MOST = 100_000
valid_word = RegexValidator(
    r"^[a-z0-9][a-z0-9_-]*\Z", "Use small letters, digits, hyphens and underscores, such as england_wales."
)


def lines(**options: Any) -> Any:
    """A column for a list of short texts."""
    return ArrayField(models.CharField(max_length=LINE_MAX), default=list, blank=True, **options)


def bounds(**options: Any) -> Any:
    """A column for the least and the most; null as the second is no most."""
    number = models.PositiveIntegerField(null=True, blank=True, validators=[MaxValueValidator(MOST)])
    return ArrayField(number, size=2, **options)


class Term(models.Model):
    """One value that people edit. ``word`` is what orders, items and samples hold of it; ``position`` is its place in
    its list, 0 first. What is off is not ordered any more; samples of it stay.

    A subclass has the column ``word``, and names the value that it stands for, the column of samples that holds its
    word, its columns of bounds, those of them that may have no most, and the columns that are not called as the
    value's field is.
    """

    VALUE: ClassVar[Any]
    SAMPLE_COLUMN: ClassVar[str]
    BOUNDS: ClassVar[Sequence[str]] = ()
    OPEN_BOUNDS: ClassVar[Sequence[str]] = ()
    COLUMNS: ClassVar[Mapping[str, str]] = {"id": "word"}

    word: Any
    aliases = lines(help_text="Other names by which orders and filters find it, one on a line.")
    enabled = models.BooleanField(default=True, help_text="What is off is not ordered any more. Samples of it stay.")
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return str(getattr(self, "name", self.word))

    @property
    def value(self) -> Any:
        """As prompts, plans and rules take it."""
        names = (field.name for field in fields(self.VALUE))
        return read_plain(self.VALUE, {name: getattr(self, self.COLUMNS.get(name, name)) for name in names})

    @classmethod
    def columns_of(cls, value: Any) -> dict[str, Any]:
        """What a row for the value holds."""
        return {cls.COLUMNS.get(name, name): entry for name, entry in as_plain(value).items()}

    def why_kept(self, word: str) -> str:
        """Why the word cannot go; empty where nothing has it."""
        has_samples = Sample.objects.filter(**{self.SAMPLE_COLUMN: word}).exists()
        return f"there are samples of '{word}'" if has_samples else ""

    def clean(self) -> None:
        self._clean_word()
        self._clean_names()
        for name in self.BOUNDS:
            self._clean_bounds(name)

    def _clean_word(self) -> None:
        rows: Any = type(self)._default_manager
        was = rows.filter(pk=self.pk).values_list("word", flat=True).first()
        if was is not None and was != self.word and (why := self.why_kept(was)):
            remedy = f"Keep '{was}', or add another one and switch this one off."
            raise ValidationError({"word": f"It cannot be changed any more: {why}. {remedy}"})

    def _clean_names(self) -> None:
        """No other row is found by one of its names."""
        rows: Any = type(self)._default_manager
        taken = {_folded(name): row for row in rows.exclude(pk=self.pk) for name in (row.word, *row.aliases)}
        for field, names in {"word": [self.word], "aliases": self.aliases}.items():
            clash = next((name for name in names if _folded(name) in taken), None)
            if clash is not None:
                other = taken[_folded(clash)]
                raise ValidationError(
                    {field: f"'{clash}' is a name of {other} ({other.word}) already. Choose another."}
                )

    def _clean_bounds(self, name: str) -> None:
        given = getattr(self, name)
        if given is None:
            return
        if len(given) != 2 or given[0] is None:
            raise ValidationError({name: "Give two numbers: the least and the most."})
        least, most = given
        if most is None and name not in self.OPEN_BOUNDS:
            raise ValidationError({name: "The most is missing. Give two numbers: the least and the most."})
        if most is not None and most < least:
            raise ValidationError({name: f"The most, {most}, is less than the least, {least}. Swap them."})


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
