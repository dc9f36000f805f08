"""Every page scanned by axe, light and wide, dark and narrow: nothing serious and nothing critical.

As a page costs a second to show, what else must hold on every page is looked at on the way: its policy (by the fixture
``page``), and that who entered something is asked before leaving, and nobody else.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from legalds.tests.browser.everywhere import ODD_PAGES, PAGES, show
from legalds.tests.browser.leaving import ENTERED, enter, inputs_that_save, try_to_leave
from legalds.tests.browser.pages import visit
from legalds.tests.sweeps import sweep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GRAVE = ("serious", "critical")


def findings(page):
    """Each as ``rule: what is wrong, at which elements``."""
    # The theme's switch between light and dark fades: what is half faded is not what one reads.
    # So does what is being asked for anew.
    page.wait_for_function("!document.querySelector('.htmx-request')")
    page.wait_for_function("document.getAnimations().every(animation => animation.playState !== 'running')")
    violations = Axe().run(page).response["violations"]
    return [
        f"{entry['id']}: {node['failureSummary']} {node['html'][:300]}"
        for entry in violations
        if entry["impact"] in GRAVE
        for node in entry["nodes"]
    ]


def asks_who_entered_something_and_nobody_else(page, name):
    try_to_leave(page, expected=False)
    for number, field in enumerate(ENTERED.get(name, ())):
        if number:
            page.reload()
        enter(page, field)
        try_to_leave(page, expected=True)
    if name not in ENTERED:  # a page that is new with a form that saves belongs there
        assert inputs_that_save(page).count() == 0


@pytest.mark.parametrize("name", [*PAGES, *ODD_PAGES])
def test_a_page_can_be_read_and_used_by_everybody(page, live_server, name):
    show(page, live_server, name)
    expect(page.get_by_role("heading").first).to_be_attached()
    found = findings(page)
    assert not found, "\n\n".join(found)
    if name in PAGES:
        asks_who_entered_something_and_nobody_else(page, name)


@pytest.mark.parametrize("name", sweep([*PAGES, *ODD_PAGES], ("home", "providers", "a running batch", "a sample")))
def test_a_page_can_be_read_and_used_in_the_dark_on_a_phone(page, live_server, name):
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, live_server, name)
    if name in PAGES or name == "sign in":
        expect(page.locator("html.dark")).to_be_attached()
    found = findings(page)
    assert not found, "\n\n".join(found)


def test_a_link_beside_an_icon_is_called_by_its_text_alone(page, live_server):
    visit(page, live_server, "admin:index")
    expect(page.get_by_role("link", name="Providers", exact=True)).to_be_visible()
