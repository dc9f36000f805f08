"""``python -m legalds.embedded start|stop|status``: for the Makefile and for people."""

import argparse
import sys
from collections.abc import Callable

from legalds.embedded.errors import EmbeddedError
from legalds.embedded.report import ACTIONS


def main(write: Callable[[str], object] = sys.stdout.write) -> int:
    parser = argparse.ArgumentParser(prog="python -m legalds.embedded", description="The embedded servers.")
    parser.add_argument("action", choices=ACTIONS)
    try:
        for line in ACTIONS[parser.parse_args().action]():
            write(f"{line}\n")
    except EmbeddedError as error:
        sys.stderr.write(f"legalds: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
