"""``python -m legalds.tests.api.fuzz``: random requests of all kinds against the API, as Admin and as Viewer.

It ends with 1 where any answer is a 5xx. The site runs on servers of its own, and what it calls ends at a closed port
of this machine.
"""

import argparse
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from legalds import embedded
from legalds.embedded import ports

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "var" / "fuzz"
ROLES = ("Admin", "Viewer")
NOWHERE = "http://127.0.0.1:9"
START_S = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50, help="of each operation and role, at most")
    parser.add_argument("--seconds", type=int, default=600, help="for each role, at most")
    parser.add_argument("--seed", type=int, help="draws the same cases again")
    wanted = parser.parse_args()
    isolate()
    with embedded.running(FOLDER):
        tokens = prepare()
        with served() as url:
            return max(fuzz(url, role, tokens[role], wanted) for role in ROLES)


def isolate() -> None:
    """Settings of this run alone. Whatever address a provider is given, its calls go to a closed port."""
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FERNET_KEYS", "ALLOWED_HOSTS", "NO_PROXY", "no_proxy"):
        os.environ.pop(name, None)
    os.environ.update(
        LEGALDS_DATA=str(FOLDER), LEGALDS_ENV_FILE=os.devnull, DEBUG="1", DJANGO_SETTINGS_MODULE="legalds.settings"
    )


def prepare() -> dict[str, str]:
    """Tables, a row of each kind, and a token for each role."""
    import django  # noqa: PLC0415 - once the servers run

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from generation.tests.factories import make_batch, make_sample  # noqa: PLC0415
    from legalds.models import ApiToken  # noqa: PLC0415
    from legalds.tests.people import person  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    call_command("seed_providers", verbosity=0)
    make_batch(failed=1)
    make_sample()
    return {role: ApiToken.objects.issue(person(role.lower(), role)) for role in ROLES}


@contextmanager
def served() -> Iterator[str]:
    """The site on a free port; what it has to say is in ``var/fuzz/site.log``."""
    bind = f"127.0.0.1:{ports.pick()}"
    proxies = dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), NOWHERE
    )
    command = [sys.executable, "-m", "legalds.web", bind]
    with (FOLDER / "site.log").open("w") as log:
        site = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **proxies}, stdout=log, stderr=log)
        try:
            wait_for(f"http://{bind}/api/health")
            yield f"http://{bind}"
        finally:
            site.terminate()
            site.wait()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def fuzz(url: str, role: str, token: str, wanted: argparse.Namespace) -> int:
    sys.stdout.write(f"--- as {role}\n")
    sys.stdout.flush()
    seed = ["--seed", str(wanted.seed)] if wanted.seed is not None else []
    # One worker: before Python 3.11.8, two threads that parse source at once can break each other (gh-106905).
    return subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/schema", *seed),
            *("--header", f"Authorization: Token {token}", "--checks", "not_a_server_error"),
            *("--phases", "fuzzing,coverage,stateful", "--max-examples", str(wanted.cases)),
            *("--max-time", str(wanted.seconds), "--continue-on-failure", "--workers", "1", "--request-timeout", "30"),
            *("--suppress-health-check", "all", "--generation-database", "none", "--warnings", "off", "--no-color"),
        ],
        cwd=FOLDER,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
