"""What the project is put together from: apps, middleware in order, and templates."""

from typing import Any

INSTALLED_APPS = [
    "config",
    # Before the theme, whose templates it extends.
    "moderation.web.desk",
    # Without its own site, in whose place is the desk's.
    "unfold.apps.BasicAppConfig",
    "moderation.web.desk.base.apps.DeskAdminConfig",
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
    "config.request_ids.identify",
    # Before anything reads a header that only a proxy may set.
    "comments.http.forwarding.only_from_proxies",
    # Around all that answers, errors included.
    "config.content_security.isolation",
    "config.content_security.ContentSecurity",
    "django.middleware.security.SecurityMiddleware",
    "comments.http.query_limits.limit",
    "moderation.web.public_api.cache_middleware.short_cut",
    "comments.http.guesses.LimitGuesses",
    "moderation.web.public_api.lean_door.lean_door",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "moderation.web.desk.sign_in.second_factor.RequireSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "moderation.web.desk.base.row_limits.ShowLimits",
    "moderation.web.desk.base.time_zone.local_times",
    "moderation.web.desk.base.language.local_words",
]
TEMPLATES: list[dict[str, Any]] = [
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
