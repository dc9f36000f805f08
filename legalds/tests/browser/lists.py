"""The rows of an ordered list, as a hand finds and drags them."""

from providers.models import Model


def row(page, name):
    return page.locator("tbody", has=page.locator(f'.l-place[data-name="{name}"]'))


def drag(page, name, target, *, edge):
    """Press on the handle, move in steps to the upper or lower edge of the target row, let go: as a hand does."""
    start, end = (row(page, which).locator(".l-place").bounding_box() for which in (name, target))
    page.mouse.move(start["x"] + 8, start["y"] + start["height"] / 2)
    page.mouse.down()
    offset = row(page, target).bounding_box()["height"] / 3 * (-1 if edge == "top" else 1)
    aim = end["y"] + end["height"] / 2 + offset
    for wobble in (2, 1, 0):
        page.mouse.move(end["x"] + 10, aim + wobble, steps=5)
        page.wait_for_timeout(150)  # rows glide out of the way, and are no targets until they rest
    page.mouse.up()


def order_of(provider_id):
    return list(Model.objects.filter(provider_id=provider_id).values_list("model_id", flat=True))


def shown_order(page):
    return page.locator(".l-place").evaluate_all("places => places.map(place => place.dataset.name)")
