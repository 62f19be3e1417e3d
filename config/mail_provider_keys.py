"""The keys by which django-anymail verifies the signatures of mail providers' webhooks."""

from environ import Env


def read(env: Env) -> dict[str, str]:
    """Return the keys that are set, as the `ANYMAIL` setting: an empty key would be used as one."""
    keys = {
        "MAILERSEND_SIGNING_SECRET": env.str("ANYMAIL_MAILERSEND_SIGNING_SECRET", default=""),
        "MAILGUN_WEBHOOK_SIGNING_KEY": env.str("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY", default=""),
        "MAILTRAP_TRACKING_SECRET": env.str("ANYMAIL_MAILTRAP_TRACKING_SECRET", default=""),
        "MANDRILL_WEBHOOK_KEY": env.str("ANYMAIL_MANDRILL_WEBHOOK_KEY", default=""),
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": env.str(
            "ANYMAIL_SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY", default=""
        ),
        "UNISENDER_GO_API_KEY": env.str("ANYMAIL_UNISENDER_GO_API_KEY", default=""),
    }
    return {name: key for name, key in keys.items() if key}
