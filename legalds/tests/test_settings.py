"""Settings, read in a process of their own from a bare environment."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DATABASE_URL": "postgres://somebody:secret@db.example:5432/legalds",
    "REDIS_URL": "redis://:secret@redis.example:6379/0",
    "SECRET_KEY": "k7Jw0-" * 12 + "Zq!x9",
    "FERNET_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "legalds.example",
}


def manage(tmp_path: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        "PATH": os.environ["PATH"],
        "LEGALDS_ENV_FILE": os.devnull,
        "LEGALDS_DATA": str(tmp_path / "var"),
        **variables,
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def setting(tmp_path: Path, name: str, **variables: str) -> str:
    code = f"from django.conf import settings; print(settings.{name})"
    environment = {
        "LEGALDS_ENV_FILE": os.devnull,
        "LEGALDS_DATA": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "legalds.settings",
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_the_deployment_check_is_clean_in_production(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


MISTAKES = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set", "make env"),
    ({"FERNET_KEYS": ""}, "FERNET_KEYS is not set", "generate_key"),
    ({"FERNET_KEYS": " , "}, "FERNET_KEYS holds no key", "generate_key"),
    ({"FERNET_KEYS": "short"}, "FERNET_KEYS: key 1 is not a Fernet key", "generate_key"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is too short", "make env"),
    ({"SECRET_KEY": "django-insecure-q8x2v7m4k9"}, "SECRET_KEY is the one that Django's startproject", "make env"),
    ({"FERNET_KEYS": "A" * 43 + "="}, "FERNET_KEYS: key 1 is not random", "make env"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set", "a.example"),
    ({"ALLOWED_HOSTS": "https://a.example"}, "ALLOWED_HOSTS holds something that is no host", "a.example"),
    ({"REDIS_URL": ""}, "DATABASE_URL is set but REDIS_URL is not", "set both, or neither"),
    ({"DATABASE_URL": ""}, "REDIS_URL is set but DATABASE_URL is not", "set both, or neither"),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must look like", "redis://"),
    ({"REDIS_URL": "redis://:pass#word@h:6379/0"}, "REDIS_URL must look like", "%23"),
    ({"REDIS_URL": "redis://:pass?word@h:6379/0"}, "REDIS_URL must look like", "%23"),
    ({"DATABASE_URL": "sqlite:///db"}, "DATABASE_URL must look like", "PostgreSQL only"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must look like", "postgres://"),
    ({"DATABASE_URL": "postgres://a:b@h:port/x"}, "DATABASE_URL must look like", "postgres://"),
    ({"DEBUG": "perhaps"}, "DEBUG must be", "true or false"),
    ({"HTTPS": "perhaps"}, "HTTPS must be", "true or false"),
    ({"HSTS_SECONDS": "long"}, "HSTS_SECONDS must be", "whole number"),
    ({"KEY_PREFIX": "a b"}, "KEY_PREFIX may hold", "letters, digits"),
    ({"CSRF_TRUSTED_ORIGINS": "a.example"}, "CSRF_TRUSTED_ORIGINS must be", "https://a.example"),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be", "INFO"),
    ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE must be", "Europe/London"),
    ({"GENERATION_LANES": "0"}, "GENERATION_LANES must be", "at least 1"),
    ({"DUPLICATE_SIMILARITY": "0.5"}, "DUPLICATE_SIMILARITY must be", "from 0.7 to 1"),
    ({"DUPLICATE_SIMILARITY": "nan"}, "DUPLICATE_SIMILARITY must be", "from 0.7 to 1"),
    ({"DUPLICATE_SIMILARITY": "80 %"}, "DUPLICATE_SIMILARITY must be", "such as 0.8"),
    ({"WORKER_PROCESSES": "many"}, "WORKER_PROCESSES must be", "whole number"),
]


@pytest.mark.parametrize(("change", "name", "fix"), MISTAKES, ids=[f"{next(iter(m[0].items()))}" for m in MISTAKES])
def test_a_mistake_is_named_with_its_fix(tmp_path, change, name, fix):
    message = setting(tmp_path, "DEBUG", **{**PRODUCTION, **change})
    assert name in message
    assert fix in message


def test_a_mistake_ends_manage_py_with_one_line_and_exit_code_2(tmp_path):
    done = manage(tmp_path, "migrate", **{**PRODUCTION, "SECRET_KEY": ""})
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"Configuration error: SECRET_KEY [^\n]+\n", done.stderr)


def test_debug_is_off_with_a_database_url_and_on_without(tmp_path):
    assert setting(tmp_path, "DEBUG", **PRODUCTION) == "False"
    assert setting(tmp_path, "DEBUG") == "True"
    assert setting(tmp_path, "DEBUG", **{**PRODUCTION, "DEBUG": "1"}) == "True"


def test_behind_a_pooler_server_side_cursors_can_be_switched_off(tmp_path):
    name = 'DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"]'
    assert setting(tmp_path, name, **PRODUCTION) == "False"
    assert setting(tmp_path, name, **PRODUCTION, DISABLE_SERVER_SIDE_CURSORS="1") == "True"


def test_an_address_may_name_several_hosts_of_which_the_one_that_takes_writes_is_wanted(tmp_path):
    address = "postgres://somebody:secret@a.example,b.example/legalds?target_session_attrs=read-write"
    database = setting(tmp_path, 'DATABASES["default"]', **{**PRODUCTION, "DATABASE_URL": address})
    assert "'HOST': 'a.example,b.example'" in database
    assert "'target_session_attrs': 'read-write'" in database


@pytest.mark.parametrize("command", [["check"], ["makemigrations", "--check", "--dry-run"]])
def test_a_command_that_needs_no_database_starts_nothing(tmp_path, command):
    done = manage(tmp_path, *command)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "var").exists()


def test_a_worker_without_servers_says_how_to_start_them(tmp_path):
    environment = {"PATH": os.environ["PATH"], "LEGALDS_ENV_FILE": os.devnull, "LEGALDS_DATA": str(tmp_path / "var")}
    command = [sys.executable, "-m", "celery", "-A", "legalds", "worker"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "start them with `make servers`" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_variable_that_is_read_stands_in_the_example(tmp_path):
    read = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "legalds" / "settings.py").read_text())
    example = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(read) | {"DATABASE_URL", "REDIS_URL"} <= set(example)
