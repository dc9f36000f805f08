"""No page of the site asks for what its Content-Security-Policy forbids. The fixture ``page`` looks at the end."""

import pytest
from django.contrib import admin
from playwright.sync_api import expect

from legalds.tests.browser.everywhere import ODD_PAGES, PAGES, show
from legalds.tests.browser.pages import visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("name", [*PAGES, *ODD_PAGES])
def test_a_page_keeps_to_the_policy(page, live_server, name):
    show(page, live_server, name)
    expect(page.get_by_role("heading").first).to_be_attached()


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
