"""What `manage.py check` says of an installation's settings, beside what stops the start."""

import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.utils.translation import gettext

from config.environment import addresses
from config.environment.reader import environment
from config.environment.secrets import is_placeholder
from moderation.screening import classifier


@register(Tags.compatibility)
def mistyped_names(**_: Any) -> list[CheckMessage]:
    """Warn of variables that nothing reads but that look like ones of ours."""
    return [
        checks.Warning(
            gettext("Nothing reads %(name)s.") % {"name": name},
            hint=gettext("Is it %(name)s?") % {"name": right},
            id="config.W001",
        )
        for name, right in environment.mistyped().items()
    ]


@register(Tags.compatibility, deploy=True)
def second_reader_is_there(**_: Any) -> list[CheckMessage]:
    """Warn where words alone judge comments although a second reader is wanted."""
    try:
        why = classifier.second_reader_away()
    except classifier.ClassifierAway as away:
        why = str(away)
    if not (settings.SECOND_READER and why):
        return []
    text = gettext("There is no second reader: comments are judged by their words alone.")
    hint = gettext("%(why)s Or set SECOND_READER=false.") % {"why": why}
    return [checks.Warning(text, hint=hint, id="config.W007")]


@register(Tags.security, deploy=True)
def served_to_the_world(**_: Any) -> list[CheckMessage]:
    """Warn of an address that only this machine reaches, or that everybody can listen to."""
    if settings.HTTPS:
        return []
    text = gettext("PUBLIC_URL does not start with https://.")
    hint = gettext("Set PUBLIC_URL to the https:// address that readers see.")
    return [checks.Warning(text, hint=hint, id="config.W002")]


@register(Tags.security, deploy=True)
def proxies_are_named(**_: Any) -> list[CheckMessage]:
    """Warn where HTTPS ends at a proxy that is not named: everybody would be that proxy."""
    if settings.TRUSTED_PROXIES or not settings.HTTPS:
        return []
    text = gettext(
        "PUBLIC_URL is https://, but TRUSTED_PROXIES does not say by which proxy it is served."
    )
    hint = gettext(
        "Without it every reader has the proxy's address, and is redirected in a circle."
    )
    return [checks.Warning(text, hint=hint, id="config.W003")]


@register(Tags.security, deploy=True)
def passwords_are_none_of_examples(**_: Any) -> list[CheckMessage]:
    """Warn of addresses of servers with a password that stands in examples."""
    names = ("DATABASE_URL", "REPLICA_URL", "REDIS_URL", "EMAIL_URL")
    passwords = {name: addresses.password_of(environment.text(name)) for name in names}
    return [
        checks.Warning(
            gettext("The password in %(name)s stands in examples.") % {"name": name},
            id="config.W004",
        )
        for name, password in passwords.items()
        if password and is_placeholder(password)
    ]


@register(Tags.security, deploy=True)
def mail_is_sent(**_: Any) -> list[CheckMessage]:
    """Warn where mail is only kept: nobody who forgot a password gets a new one."""
    if urlsplit(environment.text("EMAIL_URL")).scheme in addresses.PORTS:
        return []
    text = gettext("Mail is kept in files and not sent.")
    hint = gettext("Set EMAIL_URL to a mail server.")
    return [checks.Warning(text, hint=hint, id="config.W005")]


@register(Tags.security, deploy=True)
def data_is_closed(**_: Any) -> list[CheckMessage]:
    """Warn of a data folder that others may look into, and that is not ours to close."""
    mode = settings.DATA_DIR.stat().st_mode
    if not mode & 0o077:
        return []
    text = gettext("Others may read in DATA_DIR.")
    hint = gettext("Its owner closes it: %(command)s")
    hint %= {"command": f"chmod 700 {os.fspath(settings.DATA_DIR)}"}
    return [checks.Warning(text, hint=hint, id="config.W006")]
