"""How moderators sign in: the settings of Django and django-allauth that no operator chooses."""

from typing import Any

# The provider's id in the addresses of its pages: `/sign-in/with/company/login/callback/`.
PROVIDER_ID = "company"
FORMS = "moderation.web.desk.sign_in.forms"


def allauth_settings(*, oidc: dict[str, str], https: bool) -> dict[str, Any]:
    """Return the settings of allauth; `oidc` has issuer, client_id, secret and name."""
    return {
        **DJANGO,
        **ACCOUNT,
        **SECOND_FACTOR,
        **SINGLE_SIGN_ON,
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if https else "http",
        "ACCOUNT_RATE_LIMITS": {
            # What fails is counted by ourselves: moderation/web/desk/sign_in/limits.py.
            "login_failed": None,
            "reset_password": "20/m/ip",
        },
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": _providers(**oidc)}},
    }


def _providers(*, issuer: str, client_id: str, secret: str, name: str) -> list[dict[str, Any]]:
    if not issuer:
        return []
    provider = {"provider_id": PROVIDER_ID, "client_id": client_id, "secret": secret, "name": name}
    return [provider | {"settings": {"server_url": issuer, "oauth_pkce_enabled": True}}]


DJANGO = {
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "admin:index",
    "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
        )
    ]
    + [{"NAME": "moderation.review.passwords.EndReviewTokens"}],
    # Seconds for which the link of a mail sets a new password.
    "PASSWORD_RESET_TIMEOUT": 3600,
    # What sign-in counts is shared by all processes, outlives them, and is never a pickle.
    "CACHES": {"default": {"BACKEND": "comments.accounts.cache.DatabaseCache"}},
}
ACCOUNT = {
    "ACCOUNT_ADAPTER": "moderation.web.desk.sign_in.account.AccountAdapter",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
    "ACCOUNT_SIGNUP_ENABLED": False,
    # Accounts come from owners and commands, so their addresses are taken as given.
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_SESSION_REMEMBER": True,
    "ACCOUNT_FORMS": {"reset_password": f"{FORMS}.ResetPasswordForm"},
    # Django's own token is tied to the address, too, and leaves allauth's table of addresses empty.
    "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR": (
        "django.contrib.auth.tokens.PasswordResetTokenGenerator"
    ),
}
SECOND_FACTOR = {
    "MFA_ADAPTER": "comments.accounts.two_factor.SecondFactorAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes", "webauthn"],
    "MFA_FORMS": {
        "activate_totp": f"{FORMS}.ActivateTOTPForm",
        "add_webauthn": f"{FORMS}.AddWebAuthnForm",
        "authenticate": f"{FORMS}.AuthenticateForm",
        "reauthenticate": f"{FORMS}.ReauthenticateForm",
        "login_webauthn": f"{FORMS}.LoginWebAuthnForm",
        "authenticate_webauthn": f"{FORMS}.AuthenticateWebAuthnForm",
        "reauthenticate_webauthn": f"{FORMS}.ReauthenticateWebAuthnForm",
    },
    "MFA_TOTP_ISSUER": "Leave a Reply",
    # A clock may be wrong by one step of 30 seconds, and a code typed so late.
    "MFA_TOTP_TOLERANCE": 1,
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_ALLOW_UNVERIFIED_EMAIL": True,
}
SINGLE_SIGN_ON = {
    "SOCIALACCOUNT_ADAPTER": "moderation.web.desk.sign_in.openid_connect.ProviderAdapter",
    "SOCIALACCOUNT_STORE_TOKENS": False,
    # A link, since a form that is led on to another host breaks `form-action 'self'`.
    "SOCIALACCOUNT_LOGIN_ON_GET": True,
    "SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX": "",
}
