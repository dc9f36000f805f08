"""Settings of legalds, read once from the environment. Every variable is in .env.example."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from legalds import embedded, env

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_dotenv(BASE_DIR / ".env")

LEGALDS_DATA = Path(env.text("LEGALDS_DATA", str(BASE_DIR / "var"))).expanduser().resolve()
IS_EMBEDDED = not env.text("DATABASE_URL", "")
if IS_EMBEDDED and env.text("REDIS_URL", ""):
    raise ImproperlyConfigured(
        "REDIS_URL is set but DATABASE_URL is not: set both, or neither for the embedded servers."
    )
DEBUG = env.flag("DEBUG", IS_EMBEDDED)

# --- secrets -----------------------------------------------------------------
# In development they live in the data folder, where `embedded.prepare` has put them; this file only reads.
_local = embedded.read_secrets(LEGALDS_DATA) if DEBUG else None
SECRET_KEY = env.text(
    "SECRET_KEY",
    # A command that needs no stored secret (check, collectstatic) runs before there are any.
    _local.secret_key if _local else get_random_secret_key() if DEBUG else None,
    fix="Set a long random value, for example with `make env`.",
)
FERNET_KEYS = env.fernet_keys("FERNET_KEYS", _local.fernet_key if _local else "" if DEBUG else None)
FERNET_USE_HKDF = False  # keys are real Fernet keys, so that plain Fernet tokens stay readable

# --- storage -----------------------------------------------------------------
KEY_PREFIX = env.key_prefix("KEY_PREFIX", "legalds")
_servers = embedded.read_servers(LEGALDS_DATA) if IS_EMBEDDED else None
if IS_EMBEDDED:
    REDIS_URL = _servers.redis_url if _servers else "redis://127.0.0.1:1/0"
    _database = _servers.database() if _servers else {"ENGINE": "django.db.backends.dummy"}
else:
    REDIS_URL = env.redis_url("REDIS_URL")
    _database = env.database("DATABASE_URL")
if "dummy" not in str(_database["ENGINE"]):
    _database["OPTIONS"] = {**_database.get("OPTIONS", {}), "connect_timeout": 2}  # type: ignore[dict-item]
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"{KEY_PREFIX}:cache",
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
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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
WSGI_APPLICATION = "legalds.wsgi.application"
APPEND_SLASH = True
LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- security ----------------------------------------------------------------
if DEBUG:
    ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"])
else:
    ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", [])
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is not set. Name the hosts that this site answers to: a.example,b.example"
        )
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", [])
# Behind plain http (a laptop, a private network) set HTTPS=0; anything else is served over TLS only.
HTTPS = env.flag("HTTPS", not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.whole_number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", False) else None
SECURE_REDIRECT_EXEMPT = [r"^api/health$"]
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
        "legalds.authentication.HashedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "legalds.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "legalds",
    "VERSION": "0.1.0",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# --- Celery ------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{KEY_PREFIX}:celery:",
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {"tick": {"task": "generation.tasks.tick", "schedule": 5.0, "options": {"expires": 5}}}

# --- the engine --------------------------------------------------------------
GENERATION_LANES = env.whole_number("GENERATION_LANES", 2, at_least=1)
GENERATION_CALLS_PER_LANE = env.whole_number("GENERATION_CALLS_PER_LANE", 16, at_least=1)

# --- logging -----------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # SDKs log request bodies and headers at DEBUG: prompts and keys have no place in a log.
        name: {"level": "WARNING"}
        for name in ("openai", "httpx", "httpx2", "httpcore", "aiohttp", "mistralai")
    },
}

# --- admin -------------------------------------------------------------------
UNFOLD = {"SITE_TITLE": "legalds", "SITE_HEADER": "legalds"}
