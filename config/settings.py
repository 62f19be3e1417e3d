"""Every setting; what operators choose is read from the environment, and loud when it is wrong.

`docs/configuration.md` lists the variables. `DATA_DIR/secrets.env` is read where it exists; the
environment wins over it.
"""

from pathlib import Path
from urllib.parse import urlsplit

from config import database, log_redaction, mail_provider_keys, private_files
from config.applications import INSTALLED_APPS as INSTALLED_APPS
from config.applications import MIDDLEWARE as MIDDLEWARE
from config.applications import TEMPLATES as TEMPLATES
from config.celery_settings import celery_settings
from config.content_security import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from config.desk import UNFOLD as UNFOLD
from config.environment import addresses, consistency, secrets, values
from config.environment.reader import environment
from config.openapi import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from config.rest_framework import KNOX_TOKEN_MODEL as KNOX_TOKEN_MODEL
from config.rest_framework import REST_FRAMEWORK as REST_FRAMEWORK
from config.rest_framework import REST_KNOX as REST_KNOX
from config.sign_in import allauth_settings

BASE_DIR = Path(__file__).resolve().parent.parent
read = environment.read

DATA_DIR = read("DATA_DIR", values.FOLDER, default=BASE_DIR / "data")
try:
    private_files.close(DATA_DIR)
except OSError as error:
    raise environment.wrong("DATA_DIR", f"can't be made: {error}") from None
environment.read_file(DATA_DIR / "secrets.env")

DEBUG = read("DEBUG", values.TRUTH, default=False)
SECRET_KEY = read("SECRET_KEY", values.TEXT if DEBUG else secrets.SIGNING_KEY)
SECRET_KEY_FALLBACKS = read(
    "SECRET_KEY_FALLBACKS", values.TEXTS if DEBUG else secrets.SIGNING_KEYS, default=[]
)
EMAIL_KEYS = read("EMAIL_KEYS", secrets.EMAIL_KEYS)

PORT = read("PORT", values.whole(1, 65_535, example=8000), default=8000)
PUBLIC_URL = read("PUBLIC_URL", addresses.PUBLIC_URL, default=f"http://127.0.0.1:{PORT}")
PUBLIC_HOST = str(urlsplit(PUBLIC_URL).hostname)
PUBLIC_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(PUBLIC_URL))
# A proxy that serves us below a path takes it off; links and redirects have it.
FORCE_SCRIPT_NAME = urlsplit(PUBLIC_URL).path or None
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = read(
    "ALLOWED_HOSTS",
    values.SERVED_HOSTS,
    default=["127.0.0.1", "localhost", "[::1]", values.served_host(PUBLIC_HOST)],
)
# Networks of your own proxies: what comes from there is believed about whom it comes from.
TRUSTED_PROXIES = read("TRUSTED_PROXIES", values.NETWORKS, default=[])
# The header in which they name the caller's address.
PROXY_HEADER = read("PROXY_HEADER", values.PROXY_HEADER, default="X-FORWARDED-FOR")

# Hosts, or host:port, that outgoing requests may reach although their addresses are private.
OUTGOING_ALLOW = read("OUTGOING_ALLOW", values.HOSTS_WITH_PORT, default=[])

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

DATABASE = read("DATABASE_URL", addresses.DATABASE_URL, default=database.default(DATA_DIR))
# Whether a pooler in transaction mode, such as pgbouncer, stands before PostgreSQL.
DATABASE_POOLER = read("DATABASE_POOLER", values.TRUTH, default=False)
DATABASES = {"default": database.with_options(DATABASE, pooled=DATABASE_POOLER)}
# A streaming replica of it, from which some of what readers and moderators see is read.
REPLICA = read("REPLICA_URL", addresses.REPLICA_URL, default=None)
if REPLICA:
    DATABASES["replica"] = database.replica(REPLICA, pooled=DATABASE_POOLER)
    DATABASE_ROUTERS = ["comments.databases.router.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "comments.User"
# Whether who owns a site may make further ones; superusers may anyway.
OWNERS_ADD_SITES = read("OWNERS_ADD_SITES", values.TRUTH, default=False)
# Whether everybody who signs in with a password must have a second factor.
REQUIRE_TWO_FACTOR = read("REQUIRE_TWO_FACTOR", values.TRUTH, default=False)
# After so many wrong passwords from one network, an account is closed to it for so many minutes,
# and for twice as many after each further one: moderation/web/desk/sign_in/limits.py.
SIGN_IN_TRIES = read("SIGN_IN_TRIES", values.whole(1, 1000, example=5), default=5)
SIGN_IN_LOCK_MINUTES = read("SIGN_IN_LOCK_MINUTES", values.whole(1, 10_080, example=15), default=15)
# An OpenID Connect provider by which moderators sign in; without an issuer there is none.
OIDC = {
    "issuer": read("OIDC_ISSUER", addresses.OIDC_ISSUER, default=""),
    "client_id": read("OIDC_CLIENT_ID", values.LABEL_TEXT, default=""),
    "secret": read("OIDC_CLIENT_SECRET", secrets.GIVEN, default=""),
    "name": read("OIDC_NAME", values.LABEL_TEXT, default="Single sign-on"),
}
globals().update(allauth_settings(oidc=OIDC, https=HTTPS))
# The login that `seed_demo` makes on the first start; without a password it makes one up.
ADMIN_EMAIL = read("ADMIN_EMAIL", values.MAIL_ADDRESS, default="admin@example.com")
ADMIN_PASSWORD = read("ADMIN_PASSWORD", secrets.PASSWORD, default="")

# What people read is in these languages: the views for readers negotiate it
# (comments/http/languages.py), and a middleware does so for the desk.
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
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True

STATIC_URL = "static/"  # below FORCE_SCRIPT_NAME
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
# Other services may live under this host, and a browser's list of hosts is left slowly: by choice.
SECURE_HSTS_INCLUDE_SUBDOMAINS = read("HSTS_INCLUDE_SUBDOMAINS", values.TRUTH, default=False)
SECURE_HSTS_PRELOAD = read("HSTS_PRELOAD", values.TRUTH, default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # Of Django, which wants both.
# Believed because `only_from_proxies` takes the header away from everybody else.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Clients of the dialects follow no redirects.
SECURE_REDIRECT_EXEMPT = [
    r"^healthz$",
    r"^readyz$",
    r"^metrics$",
    r"^1\.[12]/",
    r"^v1alpha1/",
    r"^batch(/|$)",
    r"^(v1/)?moderations$",
    r"^\$discovery/",
    r"^coral/",
]
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_PERMISSIONS = private_files.FILE
FILE_UPLOAD_DIRECTORY_PERMISSIONS = private_files.FOLDER
# A request larger than this is refused before it is read (bytes).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "moderation.web.desk.site.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Without a server, mails are files in DATA_DIR/mail: nothing is lost, and nobody is notified.
EMAIL = read(
    "EMAIL_URL", addresses.EMAIL_URL, default=addresses.mail(f"filemail:///{DATA_DIR}/mail")
)
globals().update(EMAIL)
# Seconds that a mail server may take to answer.
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = read(
    "DEFAULT_FROM_EMAIL",
    values.NAMED_MAIL_ADDRESS,
    default=f"Leave a Reply <comments@{PUBLIC_HOST}>",
)
# What mail providers show when they tell of bounces and complaints; empty: nobody may.
MAIL_EVENTS_KEY = read("MAIL_EVENTS_KEY", secrets.TOKEN, default="")
# For anymail, which verifies the signatures of their webhooks.
ANYMAIL = mail_provider_keys.read(environment)
# Days after which the texts of mails that were sent are cleared.
MAIL_KEEP_DAYS = read("MAIL_KEEP_DAYS", values.DAYS, default=7)

REDIS_URL = read("REDIS_URL", addresses.REDIS_URL, default="")
globals().update(celery_settings(redis_url=REDIS_URL, data_dir=DATA_DIR))
# Requests a minute that each key of a site may make.
KEY_LIMIT = read("KEY_LIMIT", values.whole(1, 10_000_000, example=6000), default=6000)
# Requests a minute that all keys of a site may make together.
SITE_LIMIT = read("SITE_LIMIT", values.whole(1, 10_000_000, example=30_000), default=30_000)
# Comments of new authors in ten minutes from which flood mode switches itself on; 0: by hand alone.
FLOOD_LEAST = read("FLOOD_LEAST", values.whole(0, 1_000_000, example=200), default=200)
# How many times what is usual in ten minutes it must be.
FLOOD_TIMES = read("FLOOD_TIMES", values.whole(1, 1000, example=10), default=10)
# Minutes of calm after which it switches itself off.
FLOOD_CALM_MINUTES = read("FLOOD_CALM_MINUTES", values.whole(10, 1440, example=30), default=30)
# How many hashes a reader's browser makes at most meanwhile, before a comment is posted.
FLOOD_WORK = read("FLOOD_WORK", values.whole(1000, 100_000_000, example=500_000), default=500_000)
# Memory for pages of threads in each web process, in megabytes.
READ_CACHE_MB = read("READ_CACHE_MB", values.whole(1, 65_536, example=32), default=32)
# Seconds a worker has for the comments it took; then another worker may take them.
SCREENING_LEASE = read("SCREENING_LEASE", values.whole(1, 3600, example=30), default=30)
# Seconds for which a moderator's decision waits before anybody outside hears of it.
UNDO_SECONDS = read("UNDO_SECONDS", values.whole(0, 3600, example=20), default=20)
# Days for which a plugin may come back to a comment that it had checked.
AKISMET_KEEP_DAYS = read("AKISMET_KEEP_DAYS", values.DAYS, default=60)
# The spam score, 0 to 1, from which an Akismet client is advised to discard a comment unseen.
AKISMET_DISCARD_AT = read("AKISMET_DISCARD_AT", values.PROBABILITY, default=0.99)
# Days for which events that webhooks were told of are kept, to be looked at and sent again.
EVENT_KEEP_DAYS = read("EVENT_KEEP_DAYS", values.DAYS, default=30)
# Days after its last comment for which near-duplicates of a campaign are recognised.
CAMPAIGN_KEEP_DAYS = read("CAMPAIGN_KEEP_DAYS", values.DAYS, default=30)
# Days for which comparisons with a site's present service are kept.
COMPARISON_KEEP_DAYS = read("COMPARISON_KEEP_DAYS", values.DAYS, default=90)
# Days after the last decision about it for which a refused or deleted comment is kept.
REFUSED_KEEP_DAYS = read("REFUSED_KEEP_DAYS", values.DAYS, default=365)
# Days for which digests of the readers' addresses and networks are kept.
NETWORK_KEEP_DAYS = read("NETWORK_KEEP_DAYS", values.DAYS, default=180)
# What monitoring sends to read /metrics; empty: only this machine may read them.
METRICS_TOKEN = read("METRICS_TOKEN", secrets.TOKEN, default="")
# Where the classifier's artifact lies; empty for the released one.
CLASSIFIER_DIR = read("CLASSIFIER_DIR", values.EXISTING_FOLDER, default="")
# Whether a small encoder reads again what the classifier's words leave in doubt.
SECOND_READER = read("SECOND_READER", values.TRUTH, default=True)

# Where errors are reported to, and traces sent to; empty: nowhere.
SENTRY_DSN = read("SENTRY_DSN", addresses.SENTRY_DSN, default="")
OTEL_EXPORTER_OTLP_ENDPOINT = read(
    "OTEL_EXPORTER_OTLP_ENDPOINT", addresses.OTLP_ENDPOINT, default=""
)

LOGGING_CONFIG = "config.log_redaction.configure"
LOGGING = log_redaction.logging_settings(
    read("LOG_LEVEL", values.LOG_LEVEL, default="INFO"),
    read("LOG_FORMAT", values.LOG_FORMAT, default="TEXT").lower(),
)

consistency.check(
    environment,
    debug=DEBUG,
    hosts=ALLOWED_HOSTS,
    public_url=PUBLIC_URL,
    outgoing=OUTGOING_ALLOW,
)
