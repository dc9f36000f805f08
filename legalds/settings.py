"""Settings of legalds, read once from the environment. Every variable is in .env.example."""

import os
from pathlib import Path
from typing import Any

from django.core.management.utils import get_random_secret_key

from legalds import embedded, env, theme
from legalds.security import csp

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_dotenv()

LEGALDS_DATA = embedded.data_folder(env.text("LEGALDS_DATA", ""))
IS_EMBEDDED = env.is_embedded()
DEBUG = env.flag("DEBUG", IS_EMBEDDED)

# --- secrets -----------------------------------------------------------------
# In development they live in the data folder, where `embedded.prepare` has put them; this file only reads.
_local = env.from_folder(embedded.read_secrets, LEGALDS_DATA) if DEBUG else None
SECRET_KEY = env.secret_key(
    "SECRET_KEY",
    # A command that needs no stored secret (check, collectstatic) runs before there are any.
    _local.secret_key if _local else get_random_secret_key() if DEBUG else None,
    is_strict=not DEBUG,
)
FERNET_KEYS = env.fernet_keys("FERNET_KEYS", "" if DEBUG else None, is_strict=not DEBUG)
if _local and _local.fernet_key not in FERNET_KEYS:
    # What was stored before somebody set FERNET_KEYS stays readable.
    FERNET_KEYS = [*FERNET_KEYS, _local.fernet_key]
FERNET_USE_HKDF = False  # keys are real Fernet keys, so that plain Fernet tokens stay readable

# --- storage -----------------------------------------------------------------
KEY_PREFIX = env.key_prefix("KEY_PREFIX", "legalds")
_servers = env.from_folder(embedded.read_servers, LEGALDS_DATA) if IS_EMBEDDED else None
if IS_EMBEDDED:
    REDIS_URL = _servers.redis_url if _servers else "redis://127.0.0.1:1/0"
    _database: dict[str, Any] = _servers.database() if _servers else {"ENGINE": "django.db.backends.dummy"}
else:
    REDIS_URL = env.redis_url("REDIS_URL")
    _database = env.database("DATABASE_URL")
if "dummy" not in _database["ENGINE"]:
    _database["OPTIONS"] = {"connect_timeout": 2, **_database.get("OPTIONS", {})}
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    _database["DISABLE_SERVER_SIDE_CURSORS"] = env.flag("DISABLE_SERVER_SIDE_CURSORS", False)
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "legalds.cache.JsonCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"{KEY_PREFIX}:cache",
        "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5},
    }
}

# --- applications ------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "ordered_model",
    "legalds",
    "providers",
    "samples",
    "generation",
]
MIDDLEWARE = [
    "legalds.api.methods.HeadAsGetMiddleware",
    "legalds.security.unusable.UnusableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "legalds.security.csp.ContentSecurityPolicyMiddleware",  # before WhiteNoise, so that files have a policy, too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "providers.configuration.middleware.AskedByMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "legalds" / "templates"],  # before the theme's own, some of which it replaces
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
ROOT_URLCONF = "legalds.urls"
APPEND_SLASH = True
LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG  # tests run without DEBUG and without collected files
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- security ----------------------------------------------------------------
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else None)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
# Behind plain http (a laptop, a private network) set HTTPS=0; anything else is served over TLS only.
HTTPS = env.flag("HTTPS", not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.whole_number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", False) else None
# Whom the limits on guesses count by: see legalds.security.client_address.
NUM_PROXIES = env.whole_number("NUM_PROXIES", 0)
SECURE_REDIRECT_EXEMPT = [r"^api/health$"]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": csp.PAGES}
DEFAULT_EXCEPTION_REPORTER_FILTER = "legalds.security.error_pages.ValuelessReporterFilter"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- API ---------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "legalds.api.authentication.HashedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["providers.permissions.RowPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["legalds.api.parsers.BodyParser"],
    "DEFAULT_FILTER_BACKENDS": ["legalds.api.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "legalds.api.pagination.NamedPagination",
    "DEFAULT_SCHEMA_CLASS": "legalds.api.schema.Schema",
    "EXCEPTION_HANDLER": "legalds.api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": False,
    "URL_FORMAT_OVERRIDE": None,  # ?format= names the kind of an exported file
}
SPECTACULAR_SETTINGS = {
    "TITLE": "legalds",
    "VERSION": "0.1.0",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "ReviewStatus": "samples.choices.ReviewStatus",
        "BatchStatus": "generation.choices.BatchStatus",
    },
}

# --- the engine --------------------------------------------------------------
GENERATION_LANES = env.whole_number("GENERATION_LANES", 100, at_least=1)
GENERATION_CALLS_PER_LANE = env.whole_number("GENERATION_CALLS_PER_LANE", 300, at_least=1)
# What a worker that is told to stop gives its calls in flight; then it needs some seconds to save what they brought.
SHUTDOWN_GRACE_S = env.whole_number("SHUTDOWN_GRACE_S", 25)

# --- samples -----------------------------------------------------------------
CHECK_DUPLICATES = env.flag("CHECK_DUPLICATES", True)
# Under 0.7 too many of those that are alike would not be found: see samples.quality.duplicates.signature.
DUPLICATE_SIMILARITY = env.number("DUPLICATE_SIMILARITY", 0.8, at_least=0.7, at_most=1.0)

# --- Celery ------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{KEY_PREFIX}:celery:",
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # A server that accepts and says nothing must not hold a web request or a lane for ever.
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
}
# Whoever writes into Redis must not run code here, as an unpickled message would.
CELERY_ACCEPT_CONTENT = CELERY_RESULT_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Each runs an event loop or more, and keeps one core busy at most. No more than 8 by themselves: each has connections
# to the database, of which PostgreSQL allows 100 as it comes.
CELERY_WORKER_CONCURRENCY = env.whole_number("WORKER_PROCESSES", min(8, max(3, (os.cpu_count() or 1) + 1)), at_least=1)
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = SHUTDOWN_GRACE_S + 8
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # a Redis that fails over answers errors, on a connection that stays
CELERY_BEAT_SCHEDULE = {"tick": {"task": "generation.tasks.tick", "schedule": 5.0, "options": {"expires": 5}}}

# --- logging -----------------------------------------------------------------
LOG_LEVEL = env.log_level("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        name: {"level": "WARNING"}
        for name in (
            # SDKs log request bodies and headers at DEBUG: prompts and keys have no place in a log.
            *("openai", "httpx", "httpx2", "httpcore", "aiohttp", "mistralai"),
            # Three lines for every round of the scheduler would bury what matters.
            *("celery.app.trace", "celery.worker.strategy", "celery.beat"),
        )
    },
}

# --- admin -------------------------------------------------------------------
UNFOLD = theme.UNFOLD
