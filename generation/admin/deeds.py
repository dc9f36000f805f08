"""What the buttons of a batch's page do. Each is done in place, or, without a script, followed by the page anew."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from generation import actions
from generation.forms import CapsForm
from generation.models import Batch

Deed = Callable[..., Batch]


class Deeds:
    """Stop, resume, retry: for the ModelAdmin of batches, whose pages and permissions it uses."""

    admin_site: Any
    has_change_permission: Any
    log_change: Any
    batch_or_404: Callable[[HttpRequest, int], Batch]
    refreshed: Callable[[HttpRequest, Batch], dict[str, Any]]

    def deed_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        stop = self.deed(lambda _, pk: actions.stop_batch(pk), "stopped")
        retry = self.deed(lambda _, pk: actions.retry_failed(pk), "trying its failed items again")
        retry_one = self.deed(
            lambda _, pk, number: actions.retry_failed(pk, [number]), "trying item {number} again", is_of_item=True
        )
        return [
            path("<int:pk>/stop/", wrap(stop), name="generation_batch_stop"),
            path("<int:pk>/resume/", wrap(self.deed(resume, "going on")), name="generation_batch_resume"),
            path("<int:pk>/retry/", wrap(retry), name="generation_batch_retry"),
            path("<int:pk>/items/<int:number>/retry/", wrap(retry_one), name="generation_batch_retry_one"),
        ]

    def deed(self, action: Deed, words: str, *, is_of_item: bool = False) -> Callable[..., HttpResponse]:
        @require_POST
        def view(request: HttpRequest, pk: int, **of_item: int) -> HttpResponse:
            batch = self.batch_or_404(request, pk)
            if not self.has_change_permission(request, batch):
                raise PermissionDenied
            said, is_done = _attempt(
                lambda: action(request, pk, **of_item), f"Batch {pk} is {words}.".format(**of_item)
            )
            if is_done:
                self.log_change(request, batch, said)
            if request.headers.get("HX-Request"):
                return self._answer_in_place(request, pk, said, is_done=is_done, of_item=of_item)
            (messages.success if is_done else messages.error)(request, said)
            return HttpResponseRedirect(reverse("admin:generation_batch_change", args=[pk]))

        return view

    def _answer_in_place(
        self, request: HttpRequest, pk: int, said: str, *, is_done: bool, of_item: dict[str, int]
    ) -> HttpResponse:
        batch = self.batch_or_404(request, pk)
        context = {**self.refreshed(request, batch), "said": said, "is_refusal": not is_done, "is_whole": True}
        response = TemplateResponse(request, "generation/admin/refreshed.html", context)
        if is_done and not of_item:
            response["HX-Trigger"] = "batch-failed-changed"
        return response


def resume(request: HttpRequest, pk: int) -> Batch:
    """Go on, under the caps that were sent with it, if any."""
    form = CapsForm(request.POST)
    if not form.is_valid():
        raise ValidationError(
            [f"{form[name].label}: {' '.join(problems)}" for name, problems in form.errors.items()]  # type: ignore[arg-type]
        )
    return actions.resume_batch(pk, form.change)


def _attempt(action: Callable[[], Batch], words: str) -> tuple[str, bool]:
    """What to say, and whether it was done."""
    try:
        action()
    except actions.BatchConflict as conflict:
        return conflict.message, False
    except ValidationError as refusal:
        return " ".join(refusal.messages), False
    return words, True
