"""Every setting, read from the environment and loud when it is wrong.

`docs/configuration.md` lists the variables. `DATA_DIR/secrets.env` is read where it exists; the
environment wins over it.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from config import mail_provider_keys
from config.content_security import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from config.desk import UNFOLD as UNFOLD
from config.openapi import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from config.sign_in import allauth_settings

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
if (DATA_DIR / "secrets.env").exists():
    env.read_env(DATA_DIR / "secrets.env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
EMAIL_KEYS = env.list("EMAIL_KEYS", default=[])
if not SECRET_KEY or not EMAIL_KEYS:
    raise ImproperlyConfigured(
        "SECRET_KEY and EMAIL_KEYS are not set. For a first start, "
        f"`python -m config.secrets {DATA_DIR}` makes them; docs/configuration.md tells more."
    )

PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
if urlsplit(PUBLIC_URL).scheme not in ("http", "https") or not urlsplit(PUBLIC_URL).hostname:
    raise ImproperlyConfigured(f"PUBLIC_URL must be an http(s) address, not {PUBLIC_URL!r}.")
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", urlsplit(PUBLIC_URL).hostname]
)
# Networks whose X-Forwarded-For is believed: addresses or CIDR blocks of your own proxies.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# Hosts, or host:port, that outgoing requests may reach although their addresses are private.
OUTGOING_ALLOW = [host.lower() for host in env.list("OUTGOING_ALLOW", default=[])]

INSTALLED_APPS = [
    # Before the theme, whose templates it extends.
    "moderation.web.desk",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.humanize",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "comments",
    "moderation",
    "moderation.notifications.mail",
    "moderation.web.pages",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "moderation.web.public_api.cache_middleware.short_cut",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "moderation.web.desk.sign_in.second_factor.RequireSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/db.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions queue for the write lock instead of failing half-way. A commit is
    # flushed to the disk before the reader hears 201: an accepted comment survives a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "comments.User"
# Whether everybody who signs in with a password must have a second factor.
REQUIRE_TWO_FACTOR = env.bool("REQUIRE_TWO_FACTOR", default=False)
# After so many wrong passwords from one network, an account is closed to it for so many minutes.
SIGN_IN_TRIES = env.int("SIGN_IN_TRIES", default=5)
SIGN_IN_LOCK_MINUTES = env.int("SIGN_IN_LOCK_MINUTES", default=15)
# An OpenID Connect provider by which moderators sign in; without an issuer there is none.
OIDC = {
    "issuer": env.str("OIDC_ISSUER", default="").rstrip("/"),
    "client_id": env.str("OIDC_CLIENT_ID", default=""),
    "secret": env.str("OIDC_CLIENT_SECRET", default=""),
    "name": env.str("OIDC_NAME", default="Single sign-on"),
}
if OIDC["issuer"] and not OIDC["client_id"]:
    raise ImproperlyConfigured("OIDC_ISSUER is set, but OIDC_CLIENT_ID is not.")
globals().update(
    allauth_settings(tries=SIGN_IN_TRIES, lock_minutes=SIGN_IN_LOCK_MINUTES, oidc=OIDC, https=HTTPS)
)
# The login that `seed_demo` makes on the first start; without a password it makes one up.
ADMIN_EMAIL = env.str("ADMIN_EMAIL", default="admin@example.com")
ADMIN_PASSWORD = env.str("ADMIN_PASSWORD", default="")

# What readers see is in these languages. The moderators' desk speaks English: the views for readers
# negotiate it (comments/http/languages.py), no middleware does.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
    ("ja", "日本語"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# Static files are served from the packages they come with; `collectstatic` adds compressed ones.
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_NAME = "leave_a_reply_session"
CSRF_COOKIE_NAME = "leave_a_reply_csrf"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# Clients of the dialects follow no redirects.
SECURE_REDIRECT_EXEMPT = [
    r"^healthz$",
    r"^readyz$",
    r"^metrics$",
    r"^1\.[12]/",
    r"^v1alpha1/",
    r"^v1/moderations$",
    r"^\$discovery/",
    r"^coral/",
]
X_FRAME_OPTIONS = "DENY"
# A request larger than this is refused before it is read (bytes).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["comments.http.requests.BoundedJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "comments.http.openapi.ApiSchema",
    "EXCEPTION_HANDLER": "comments.http.problems.handle",
    "UNAUTHENTICATED_USER": None,
    # `?format=` is ours to use: there is one representation of everything.
    "URL_FORMAT_OVERRIDE": None,
}
REST_KNOX = {"TOKEN_TTL": None}
# Without a server, mails are files in DATA_DIR/mail: nothing is lost, and nobody is notified.
globals().update(env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR}/mail"))
# Seconds that a mail server may take to answer.
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"Leave a Reply <comments@{urlsplit(PUBLIC_URL).hostname}>"
)
# What mail providers show when they tell of bounces and complaints; empty: nobody may.
MAIL_EVENTS_KEY = env.str("MAIL_EVENTS_KEY", default="")
# For anymail, which verifies the signatures of their webhooks.
ANYMAIL = mail_provider_keys.read(env)
# Days after which the texts of mails that were sent are cleared.
MAIL_KEEP_DAYS = env.int("MAIL_KEEP_DAYS", default=7)

REDIS_URL = env.str("REDIS_URL", default="")
# Requests a minute that each key of a site may make.
KEY_LIMIT = env.int("KEY_LIMIT", default=6000)
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_DEFAULT_QUEUE = "screening"
# Other people's machines and large files take their time: they must not hold up the screening.
CELERY_TASK_QUEUES = [Queue("screening"), Queue("outgoing")]
CELERY_TASK_ROUTES = {
    "moderation.tasks.ask": {"queue": "outgoing"},
    "moderation.tasks.call_back": {"queue": "outgoing"},
    "moderation.tasks.deliver": {"queue": "outgoing"},
    "moderation.tasks.deliver_alarms": {"queue": "outgoing"},
    "moderation.tasks.send_mails": {"queue": "outgoing"},
    "moderation.tasks.run_transfer": {"queue": "outgoing"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Beat's own default keeps its schedule in a pickle. Ours is short periods only: nothing to keep.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
# A reader waits while a wake-up is sent, so a broker that is away is given up on at once.
CELERY_TASK_PUBLISH_RETRY = False
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 600,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "retry_on_timeout": False,
    }
else:
    BROKER_DIR = DATA_DIR / "broker"
    BROKER_DIR.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost/"
    CELERY_BROKER_TRANSPORT = "config.embedded_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False

# Memory for pages of threads in each web process, in megabytes.
READ_CACHE_MB = env.int("READ_CACHE_MB", default=32)
# Seconds a worker has for the comments it took; then another worker may take them.
SCREENING_LEASE = env.int("SCREENING_LEASE", default=90)
# Seconds for which a moderator's decision waits before anybody outside hears of it.
UNDO_SECONDS = env.int("UNDO_SECONDS", default=20)
# Days for which a plugin may come back to a comment that it had checked.
AKISMET_KEEP_DAYS = env.int("AKISMET_KEEP_DAYS", default=60)
# The spam score, 0 to 1, from which an Akismet client is advised to discard a comment unseen.
AKISMET_DISCARD_AT = env.float("AKISMET_DISCARD_AT", default=0.99)
# Days for which comparisons with a site's present service are kept.
COMPARISON_KEEP_DAYS = env.int("COMPARISON_KEEP_DAYS", default=90)
# What monitoring sends to read /metrics; empty: only this machine may read them.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Where the classifier's artifact lies; empty for the released one.
CLASSIFIER_DIR = env.str("CLASSIFIER_DIR", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
