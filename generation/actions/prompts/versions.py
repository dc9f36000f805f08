"""Versions of the prompts' wording: made, and made the current one, which new batches take."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Exists, Max

from generation.engine.wording.rules import text_problems, unknown_names
from generation.engine.wording.texts import NAMES, PromptTexts, built_in
from generation.models import PromptChoice, PromptVersion
from providers.configuration import actor
from providers.llm.text import storable

NOTE_MAX = 2_000
VERSIONS_LOCK = 7_314_003  # any number that no other advisory lock of this database uses
BUILT_IN_NOTE = "The wording that came with this release."
SEE_VERSIONS = "GET /api/prompts lists them."


def current_version() -> PromptVersion:
    """What new batches take. One query, once this release's own wording is written down."""
    return _last_choice().version


def built_in_version() -> PromptVersion:
    """The wording of this release, written down when it is first asked for.

    It is current from then on, unless a person has chosen another version: that one stays.
    """
    texts = built_in()
    found = PromptVersion.objects.filter(digest=texts.digest).first()
    if found is None:
        with transaction.atomic():
            _lock()
            found = PromptVersion.objects.filter(digest=texts.digest).first() or _write_built_in(texts)
    return found


def newer_built_in() -> PromptVersion | None:
    """A release's wording that came after a person had chosen the current version; None where nothing is to be told."""
    choice = _last_choice()
    if choice.is_automatic:
        return None
    built = built_in_version()
    is_news = choice.version_id != built.number and built.created_at > choice.at
    return built if is_news else None


def find_version(number: int) -> PromptVersion:
    """Raises ValidationError for one that there is not."""
    found = PromptVersion.objects.filter(number=number).first()
    if found is None:
        raise ValidationError({"prompt_version": f"There is no prompt version {number}. {SEE_VERSIONS}"})
    return found


def add_version(texts: Mapping[str, str], *, note: str = "", parent: int | None = None) -> PromptVersion:
    """A new version; it is not the current one by that. A text that is left out is taken from the parent.

    ``parent`` is the version that it was made from, by default the current one. Raises ValidationError with a message
    per text at fault.
    """
    made_from = current_version() if parent is None else _parent(parent)
    wanted = PromptTexts.of({**made_from.content, **texts})
    if errors := version_errors(wanted, note):
        raise ValidationError(errors)
    with transaction.atomic():
        _lock()
        if same := PromptVersion.objects.filter(digest=wanted.digest).first():
            said = f"These are the texts of version {same.number}, word for word. Make that one the current one."
            raise ValidationError({"texts": said})
        return _write(wanted, note=storable(note), parent=made_from)


def version_errors(texts: PromptTexts, note: str = "") -> dict[str, list[str]]:
    """Field -> why ``add_version`` would refuse it."""
    errors = {name: list(problems) for name, problems in text_problems(texts).items()}
    if len(note) > NOTE_MAX:
        errors["note"] = [f"Keep it under {NOTE_MAX:,} characters."]
    return errors


def choose_version(number: int) -> PromptVersion:
    """New batches take it from now on; those that there are keep theirs. Raises PromptVersion.DoesNotExist.

    Raises ValidationError where it does not fit this release, which fills in other names than that of its time did.
    """
    version = PromptVersion.objects.get(number=number)
    if unfit := unfit_words(version):
        raise ValidationError({"prompt_version": unfit})
    by = actor.asker()
    PromptChoice.objects.create(version=version, chosen_by_id=by.user_id, chosen_by_name=by.name)
    return version


def unfit_words(version: PromptVersion) -> str:
    """Why nothing can be asked in its words by this release; empty where it can.

    That a newer release fills in more than it has room for is no reason: it says less, and can be used.
    """
    problem = next(iter(unknown_names(version.texts)), "")
    said = f"Prompt version {version.number} does not fit this release. {problem} Make a new version from it."
    return said if problem else ""


def unfit_order(number: int | None) -> str:
    """Why no batch can be ordered with the version, by default the current one; empty where it can."""
    if number is None:
        return unfit_words(current_version())
    found = PromptVersion.objects.filter(number=number).first()
    return unfit_words(found) if found else f"There is no prompt version {number}. {SEE_VERSIONS}"


def _parent(number: int) -> PromptVersion:
    try:
        return PromptVersion.objects.get(number=number)
    except PromptVersion.DoesNotExist:
        raise ValidationError({"parent": f"There is no prompt version {number}. {SEE_VERSIONS}"}) from None


def _last_choice() -> PromptChoice:
    """There is one as soon as this release's own wording is written down; that is seen to first."""
    is_written = Exists(PromptVersion.objects.filter(digest=built_in().digest))
    choices = PromptChoice.objects.select_related("version").annotate(is_written=is_written)
    choice = choices.first()
    if choice is None or not choice.is_written:
        built_in_version()
        choice = choices.latest("id")
    return choice


def _write_built_in(texts: PromptTexts) -> PromptVersion:
    before = PromptVersion.objects.filter(is_built_in=True).first()
    version = _write(texts, note=BUILT_IN_NOTE, parent=before, is_built_in=True)
    last = PromptChoice.objects.first()
    if last is None or last.is_automatic:
        PromptChoice.objects.create(version=version, is_automatic=True)
    return version


def _write(texts: PromptTexts, *, note: str, parent: PromptVersion | None, is_built_in: bool = False) -> PromptVersion:
    """The caller holds the lock."""
    by = actor.asker() if not is_built_in else None
    highest: dict[str, Any] = PromptVersion.objects.aggregate(number=Max("number"))
    return PromptVersion.objects.create(
        number=(highest["number"] or 0) + 1,
        content={name: getattr(texts, name) for name in NAMES},
        digest=texts.digest,
        note=note,
        parent=parent,
        is_built_in=is_built_in,
        created_by_id=by.user_id if by else None,
        created_by_name=by.name if by else "",
    )


def _lock() -> None:
    """Numbers follow each other: one version is made after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [VERSIONS_LOCK])
