"""Pages with something to enter, and whether the browser would ask who leaves them."""

ENTERED = {  # every page with a form that saves, and inputs of it
    "a provider": (
        "[name=api_key]",
        "[name=name]",
        "[name=requests_per_minute]",
        "[name=copy-api_key]",
        "[name=limits-amount]",
    ),
    "overall limits": ("[name=limits-amount]",),
    "a new provider": (
        "[name=name]",
        "[name=api_key]",
    ),
    "a model": (
        "[name=display_name]",
        "[name=max_tokens]",
    ),
    "a new model": ("[name=model_id]",),
    "a stopped batch": (
        "[name=token_cap]",
        "[name=cost_cap]",
    ),
    "a new batch": ("[name=instruction]",),
    "a sample": ("[name=note]",),
    "a sample type": (
        "[name=sections]",
        "[name=words_least]",
    ),
    "a new sample type": ("[name=name]",),
    "a topic": ("[name=sub_issues]",),
    "a jurisdiction": ("[name=citation_examples]",),
    "a difficulty": ("[name=complexity]",),
    "a user": ("[name=email]",),
    "a new user": ("[name=username]",),
    "a user's password": ("[name=password1]",),
    "a group": ("[name=name]",),
    "a new group": ("[name=name]",),
    "one's own password": ("[name=old_password]",),
}


def try_to_leave(page, expected):
    """Whether the page would ask: the event that a browser sends it first, without going."""
    asks = page.evaluate("!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    assert asks is expected


def enter(page, field):
    """Type something; where the field stands in a part that is folded up, that is opened first."""
    found = page.locator(f"#main {field}").first
    found.evaluate("(input) => input.closest('details') && (input.closest('details').open = true)")
    found.fill("7")


def inputs_that_save(page):
    saving = 'form[method="post"]:not([hx-post], #changelist-form, #logout-form)'
    typed = ":is(textarea, input:not([type=hidden], [type=submit]), select)"
    return page.locator(f"{saving} {typed}")
