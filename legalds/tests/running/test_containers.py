"""docker-compose.yml and Dockerfile, read as data: no Docker engine is needed."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from legalds.dotenv import write
from legalds.healthcheck import CHECKS
from legalds.running.processes import commands

ROOT = Path(__file__).resolve().parents[3]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
RUNS = commands("0.0.0.0:8000", "/data/beat-schedule")


@pytest.mark.parametrize("service", RUNS)
def test_a_service_runs_what_the_run_command_runs(service):
    assert shlex.split(SERVICES[service]["command"]) == ["python", *RUNS[service]]


def test_the_image_serves_by_itself_what_the_web_service_serves():
    command = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert command
    assert yaml.safe_load(command[1]) == ["python", *RUNS["web"]]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_a_health_check(name):
    test = SERVICES[name]["healthcheck"]
    assert test.get("test") or (name == "migrate" and test["disable"])


@pytest.mark.parametrize("name", RUNS)
def test_a_health_check_asks_for_its_own_service(name):
    assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "python", "-m", "legalds.healthcheck", name]
    assert name in CHECKS


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_takes_its_secrets_from_the_environment_and_has_no_default_for_them(name):
    for variable, value in SERVICES[name]["environment"].items():
        if variable.endswith("_API_KEY"):
            assert value == f"${{{variable}:-}}"  # a vendor's key is optional
        elif re.search(r"PASSWORD|SECRET|KEYS|AUTH|_URL", variable):
            assert re.search(r"\$\{\w+:\?is missing, run make env first\}", value)


def test_every_secret_that_compose_asks_for_is_one_that_make_env_writes(tmp_path):
    write(tmp_path / ".env")
    asked = re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text())
    written = re.findall(r"^(\w+)=.", (tmp_path / ".env").read_text(), re.MULTILINE)
    assert set(asked) <= set(written)
    assert "DATABASE_URL" not in written


def test_the_env_file_is_private_and_never_replaced(tmp_path):
    write(tmp_path / ".env")
    before = (tmp_path / ".env").read_text()
    with pytest.raises(FileExistsError):
        write(tmp_path / ".env")
    assert (tmp_path / ".env").read_text() == before
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


def test_the_image_runs_as_an_unprivileged_user():
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users == ["legalds"]
    assert not SERVICES.keys() & {name for name, service in SERVICES.items() if service.get("user") == "root"}


def test_the_image_takes_nothing_but_what_is_named():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert not {"!.env", "!var", "!.git"} & set(ignored)
