"""The keys by which django-anymail verifies the signatures of mail providers' webhooks."""

from config.environment import secrets
from config.environment.reader import Environment

KINDS = {
    "MAILERSEND_SIGNING_SECRET": secrets.GIVEN,
    "MAILGUN_WEBHOOK_SIGNING_KEY": secrets.GIVEN,
    "MAILTRAP_TRACKING_SECRET": secrets.GIVEN,
    "MANDRILL_WEBHOOK_KEY": secrets.GIVEN,
    "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": secrets.PUBLIC_KEY,
    "UNISENDER_GO_API_KEY": secrets.GIVEN,
}


def read(environment: Environment) -> dict[str, str]:
    """Return the keys that are set, as the `ANYMAIL` setting: an empty key would be used as one."""
    keys = {
        name: environment.read(f"ANYMAIL_{name}", kind, default="") for name, kind in KINDS.items()
    }
    return {name: key for name, key in keys.items() if key}
