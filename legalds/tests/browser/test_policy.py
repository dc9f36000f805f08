"""No page of the site asks for what its Content-Security-Policy forbids.

The fixture ``page`` looks at the end of each test; test_accessibility goes to every page.
"""

import pytest
from django.contrib import admin
from django.urls import reverse

from legalds.tests.browser.everywhere import PAGES
from legalds.tests.browser.pages import PROVIDERS, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_sign_in_works_in_a_browser(page, live_server):
    page.context.clear_cookies()
    visit(page, live_server, PROVIDERS)
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", "password")
    page.click("button[type=submit]")
    page.wait_for_url(live_server.url + reverse(PROVIDERS))


def test_a_script_that_was_smuggled_in_does_not_run(chromium, live_server, db):
    page = chromium.new_page()
    visit(page, live_server, "admin:login")
    page.evaluate('document.body.innerHTML = \'<img src="data:," onerror="window.isIn = 1">\'')
    page.evaluate(
        "document.body.append(document.createRange().createContextualFragment('<script>window.isIn = 1</script>'))"
    )
    page.wait_for_function("document.images[0].complete")
    assert page.evaluate("window.isIn") is None
    page.close()


def test_every_list_and_form_of_the_admin_is_among_the_pages():
    addresses = {address for address, _, _ in PAGES.values()}
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        assert {f"{name}_changelist", f"{name}_change"} <= addresses
