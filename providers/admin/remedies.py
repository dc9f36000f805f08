"""The buttons and links that mend what is told of a provider or a model, for who may use them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from providers.models import Model
from providers.routing.limits.budget import EVERYTHING
from providers.status.explanation import ends_at
from providers.status.troubles import Trouble

LONG = timedelta(seconds=59)


@dataclass(frozen=True, slots=True)
class Links:
    """Scope -> the page on which this person may change it, and what *Try again now* sends of it."""

    pages: Mapping[str, str] = field(default_factory=dict)
    again: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownTrouble:
    """``url`` is where its remedy is done, ``again_url`` what ends it at once; empty for who may not."""

    words: str
    scope: str
    advice: str
    ends_at: datetime | None
    remedy: str
    url: str
    again_url: str
    again_id: str

    @property
    def until(self) -> datetime | None:
        """Worth telling beside the words, which say for how long."""
        is_long = self.ends_at is not None and self.ends_at - timezone.now() >= LONG
        return self.ends_at if is_long else None


def links_of(request: HttpRequest, provider_ids: Collection[str]) -> Links:
    """One query at most."""
    pages: dict[str, str] = {}
    again: dict[str, tuple[str, str]] = {}
    if request.user.has_perm("providers.change_provider"):
        url = reverse("admin:providers_provider_again")
        pages |= {pk: reverse("admin:providers_provider_change", args=[pk]) for pk in provider_ids}
        again |= {pk: (url, pk) for pk in provider_ids}
        pages[EVERYTHING] = reverse("admin:providers_provider_limits")
    if request.user.has_perm("providers.change_model") and provider_ids:
        url = reverse("admin:providers_model_again")
        rows = Model.objects.filter(provider_id__in=provider_ids).values_list("provider_id", "model_id", "pk")
        for provider_id, model_id, pk in rows:
            scope = f"{provider_id}/{model_id}"
            pages[scope] = reverse("admin:providers_model_change", args=[pk])
            again[scope] = (url, str(pk))
    return Links(pages, again)


def shown(trouble: Trouble, links: Links) -> ShownTrouble:
    page = links.pages.get(trouble.at, "") if trouble.remedy else ""
    again_url, again_id = links.again.get(trouble.scope, ("", "")) if trouble.can_end else ("", "")
    return ShownTrouble(
        trouble.words.rstrip("."),
        trouble.scope,
        trouble.advice,
        ends_at(trouble.wait_s),
        trouble.remedy if page else "",
        f"{page}#id_{trouble.setting}" if page else "",
        again_url,
        again_id,
    )


def provider_ids_of(troubles: Iterable[Trouble]) -> set[str]:
    return {trouble.scope.partition("/")[0] for trouble in troubles if trouble.scope}
