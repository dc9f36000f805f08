"""To whom an address sends a key."""

PORTS = {"http": ":80", "https": ":443"}


def origin(url: str) -> str:
    """Scheme, host and port of a base URL, spelled one way; what follows them is the same server's.

    Takes any text: what is no address is told apart from every other one.
    """
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0].lower().removesuffix(PORTS.get(scheme, "/"))
    return f"{scheme}://{authority}"
