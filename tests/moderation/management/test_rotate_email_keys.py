"""`rotate_email_keys`: the former key can go afterwards, whatever was encrypted under it."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import call_command
from django.db.models import TextField
from django.db.models.functions import Cast

from comments.accounts import api_keys, shared_secrets
from comments.accounts.shared_secrets import SecretUse
from comments.models import IdempotencyKey, Picture, Site
from comments.privacy import email_addresses
from moderation.management.commands.rotate_email_keys import ENCRYPTED
from moderation.models import AkismetCheck, ExternalModerator, Webhook
from moderation.notifications.webhooks import signatures
from tests.factories import NOW, AuthorFactory, UserFactory
from tests.moderation.web.desk.sign_in.people import protect

# How a token of Fernet begins: its version, and a time before the year 2106.
TOKEN = "gAAAAA"


@pytest.fixture
def stocked(site: Site) -> Site:
    """A site with a row of every kind in which something is encrypted."""
    for secret in ("former", "new"):
        shared_secrets.replace(site, SecretUse.SIGN_ON, secret)
        shared_secrets.replace(site, SecretUse.CORAL, secret)
    AuthorFactory(site=site)
    protect(UserFactory())
    secret = email_addresses.encrypt(signatures.new_secret())
    at = {"site": site, "url": "https://theirs.example/", "secret": secret, "created_at": NOW}
    for endpoint in (
        Webhook.objects.create(**at, events=["*"]),
        ExternalModerator.objects.create(**at),
    ):
        signatures.rotate(endpoint, now=NOW)
    Picture.objects.create(site=site, url="https://a.example/1.png", url_digest="x", used_at=NOW)
    token = email_addresses.encrypt("{}")
    IdempotencyKey.objects.create(scope="x", key="x", status_code=201, answer=token)
    key = api_keys.issue(site, scopes=["akismet"], name="x", now=NOW).key
    AkismetCheck.objects.create(key=key, is_spam=False, created_at=NOW, callback_key=token)
    return site


def encrypted() -> Iterator[tuple[str, str]]:
    """Yield every Fernet token in the database, with where it stands."""
    models = (apps.get_app_config(app).get_models() for app in ("comments", "moderation"))
    for model in chain.from_iterable(models):
        # As text: an encrypted field would decrypt, or try to.
        stored = {f"{f.name}_": Cast(f.name, TextField()) for f in model._meta.concrete_fields}
        for row in model._base_manager.annotate(**stored).values(*stored):
            for name, value in row.items():
                if value and value.startswith(TOKEN):
                    yield f"{model.__name__}.{name.removesuffix('_')}", value


def test_nothing_stays_under_the_former_key(stocked: Site, settings: Any) -> None:
    before = {place for place, _ in encrypted()}
    assert {f"{m.__name__}.{c}" for m, columns in ENCRYPTED.items() for c in columns} <= before
    settings.EMAIL_KEYS = [Fernet.generate_key().decode(), *settings.EMAIL_KEYS]
    call_command("rotate_email_keys")
    settings.EMAIL_KEYS = settings.EMAIL_KEYS[:1]
    for _, token in encrypted():
        email_addresses.decrypt(token)
    assert {place for place, _ in encrypted()} == before
    site = Site.objects.get(pk=stocked.pk)
    assert shared_secrets.valid(site, SecretUse.SIGN_ON) == ["new", "former"]
    assert Picture.objects.get().url == "https://a.example/1.png"


def test_a_secret_whose_key_is_gone_stays_as_it_is(site: Site, settings: Any) -> None:
    shared_secrets.replace(site, SecretUse.CORAL, "x")
    stored = Site.objects.get().coral_secret
    settings.EMAIL_KEYS = [Fernet.generate_key().decode()]
    call_command("rotate_email_keys")
    assert Site.objects.get().coral_secret == stored
