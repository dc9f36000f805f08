"""Every page of the site by a name, and one row of each kind to show on it: for what must hold everywhere.

A page that is new is one line in PAGES: its address as a Django name, and the kind of row that its address ends in.
"""

from unittest.mock import patch

from django.contrib.auth.models import Group
from django.utils import timezone

from generation.choices import BatchStatus
from generation.models import Attempt, Item
from generation.tests.factories import make_attempt, make_batch
from legalds.home import views as home
from legalds.tests.browser.pages import apart, visit
from legalds.tests.people import person
from providers import actions
from providers.actions.limits import set_installation_limits
from providers.models import ConfigurationChange, Model
from samples.models import Difficulty, Jurisdiction, SampleType, Topic
from samples.tests.factories import make_sample
from samples.tests.seeding import seed

KEY = "planted-key-0123456789-wxyz"
HELD = [
    {"rule": "year", "severity": "flag", "field": "case_citation", "message": "its year is odd"},
    {"rule": "words", "severity": "reject", "field": "answer", "message": "it has 3 words"},
]
A_DAY = {"unit": "tokens", "amount": 200_000, "window": "1 day"}

# Name -> (name of the address, the row that it is about or None, its query).
PAGES: dict[str, tuple[str, str | None, str]] = {
    "home": ("index", None, ""),
    "an app": ("app_list", "app", ""),
    "providers": ("providers_provider_changelist", None, ""),
    "a provider": ("providers_provider_change", "provider", ""),
    "a new provider": ("providers_provider_add", None, ""),
    "a provider to delete": ("providers_provider_delete", "provider", ""),
    "overall limits": ("providers_provider_limits", None, ""),
    "an explained order": ("providers_provider_explain", None, "?provider=groq"),
    "models": ("providers_model_changelist", None, ""),
    "a model": ("providers_model_change", "model", ""),
    "a new model": ("providers_model_add", None, ""),
    "changes": ("providers_configurationchange_changelist", None, ""),
    "a change": ("providers_configurationchange_change", "change", ""),
    "batches": ("generation_batch_changelist", None, ""),
    "a running batch": ("generation_batch_change", "batch", ""),
    "a stopped batch": ("generation_batch_change", "stopped", ""),
    "failed items": ("generation_batch_failed", "batch", ""),
    "a new batch": ("generation_batch_add", None, ""),
    "samples": ("samples_sample_changelist", None, ""),
    "samples that are searched": ("samples_sample_changelist", None, "?q=contract&jurisdiction__exact=uk"),
    "no samples": ("samples_sample_changelist", None, "?q=nowhere"),
    "a sample": ("samples_sample_change", "sample", ""),
    "a sample to delete": ("samples_sample_delete", "sample", ""),
    "sample types": ("samples_sampletype_changelist", None, ""),
    "a sample type": ("samples_sampletype_change", "sample type", ""),
    "a new sample type": ("samples_sampletype_add", None, ""),
    "topics": ("samples_topic_changelist", None, ""),
    "a topic": ("samples_topic_change", "topic", ""),
    "jurisdictions": ("samples_jurisdiction_changelist", None, ""),
    "a jurisdiction": ("samples_jurisdiction_change", "jurisdiction", ""),
    "difficulties": ("samples_difficulty_changelist", None, ""),
    "a difficulty": ("samples_difficulty_change", "difficulty", ""),
    "users": ("auth_user_changelist", None, ""),
    "a user": ("auth_user_change", "user", ""),
    "a new user": ("auth_user_add", None, ""),
    "a user's password": ("auth_user_password_change", "user", ""),
    "groups": ("auth_group_changelist", None, ""),
    "a group": ("auth_group_change", "group", ""),
    "a new group": ("auth_group_add", None, ""),
    "one's own password": ("password_change", None, ""),
}


# Pages that answer with an error, or to somebody who is signed out.
ODD_PAGES = ("a page that is missing", "a page that breaks", "a page that one may not see", "a form too old", "sign in")


def make_everything():
    """Rows that fill every page: a provider that fails, one that is off, batches, samples, people."""
    seed()
    actions.create_provider({"id": "groq", "name": "Groq", "base_url": "https://api.example.com/v1"})
    actions.create_provider({"id": "other", "name": "Other", "base_url": "https://api.example.com/v1"})
    actions.set_secrets("groq", api_key=KEY)
    actions.update_provider("groq", {"limits": [A_DAY, {**A_DAY, "time_zone": "UTC", "scope": "model"}]})
    set_installation_limits([{**A_DAY, "unit": "money", "window": "1 month", "time_zone": "UTC"}])
    values = {"context_window": 128_000, "supports_json_schema": True, "is_thinking_model": True}
    for model_id in ("llama", "qwen"):
        actions.create_model("groq", {"model_id": model_id, **values})
    actions.set_provider_enabled("other", False)
    running = make_batch(status=BatchStatus.RUNNING, done=1, failed=1)
    stopped = make_batch(status=BatchStatus.STOPPED, done=1)
    route = {"provider": "groq", "model": "llama", "latency_ms": 300, "started_at": timezone.now()}
    for outcome, code, detail in (("ok", 200, ""), ("rate_limited", 429, "Slow down.")):
        item = Item.objects.filter(batch=running)[0]
        Attempt.objects.create(
            batch=running, item=item, outcome=outcome, status_code=code, detail=detail, is_switch=code == 200, **route
        )
    make_attempt(running, 2, "bad_output", rules={"words": "it has 3 words"}, is_first_answer=True)
    sample = make_sample(batch_id=running.pk, item_number=9, score=0.5, score_parts={"length": 0.5}, findings=HELD)
    group = Group.objects.first() or Group.objects.create(name="of our own")
    return {
        "provider": ("groq",),
        "model": (Model.objects.all()[0].pk,),
        "change": (ConfigurationChange.objects.all()[0].pk,),
        "app": ("providers",),
        "batch": (running.pk,),
        "stopped": (stopped.pk,),
        "sample": (sample.pk,),
        "sample type": (SampleType.objects.all()[0].pk,),
        "topic": (Topic.objects.all()[0].pk,),
        "jurisdiction": (Jurisdiction.objects.all()[0].pk,),
        "difficulty": (Difficulty.objects.all()[0].pk,),
        "user": (person("vera", "Viewer").pk,),
        "group": (group.pk,),
    }


def show(page, live_server, name):
    """Fill the site and open the page of this name."""
    rows = apart(make_everything)
    if name in PAGES:
        address, row, query = PAGES[name]
        visit(page, live_server, f"admin:{address}", *(rows[row] if row else ()), query=query)
    elif name == "a page that is missing":
        page.goto(live_server.url + "/nowhere")
    elif name == "a page that breaks":
        with patch.object(home, "state", side_effect=RuntimeError("a bug")):
            visit(page, live_server, "admin:index")
    elif name == "a page that one may not see":
        visit(page, live_server, "admin:samples_sample_add")
    elif name == "a form too old":
        visit(page, live_server, "admin:password_change")
        page.context.clear_cookies(name="csrftoken")
        page.locator("form[method=post] [type=submit]").last.click()
    else:
        page.context.clear_cookies()
        visit(page, live_server, "admin:login")
