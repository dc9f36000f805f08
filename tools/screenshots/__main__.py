"""Pictures of the admin, of made-up data in a folder of its own: ``python -m tools.screenshots``."""

import argparse
import os
import signal
import sys
from pathlib import Path

import django

from legalds import embedded, env

FOLDER = "screenshots"


def main(arguments: list[str] | None = None) -> None:
    wanted = parse(arguments)
    env.read_dotenv()
    folder = embedded.data_folder()
    if not env.is_embedded() or folder.name != FOLDER:
        sys.exit("This empties its database first, so it has data of its own: run `make screenshots`.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalds.settings")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with embedded.running(folder):
        django.setup()
        from tools.screenshots.album import take_pictures  # noqa: PLC0415  models need settings, those the servers

        for picture in take_pictures(wanted.out or folder / "images", wanted.only, is_full=wanted.full):
            sys.stdout.write(f"{picture}  {picture.stat().st_size // 1000} kB\n")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description="Pictures of the admin.")
    parser.add_argument("--out", type=Path, help=f"the folder for the pictures (default var/{FOLDER}/images)")
    parser.add_argument("--only", nargs="*", default=[], help="names of pages, such as home or batch (default all)")
    parser.add_argument("--full", action="store_true", help="each page in its whole height")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
