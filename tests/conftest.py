"""Fixtures that every kind of test may use, and which files begin."""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from whitenoise.middleware import WhiteNoiseMiddleware

from comments.accounts import api_keys
from comments.http import rate_limits
from comments.models import Role, Site, User, site_lookup
from ml.explain import Explanation
from moderation.rules.verdicts import Category
from moderation.screening import blind_audit, classifier
from tests.factories import MembershipFactory, SiteFactory
from tests.receiver import made, receiver, verifier, webhook
from tests.services.copies import COPIES

# How fast the machine is at the moment is no property of the code. Both of Hypothesis's limits are
# of wall-clock time: one for each example, and one for drawing the first of them, in which it also
# builds its tables of Unicode where the checkout is new.
# And all examples of a test share its fixtures, which its author knows.
settings.register_profile(
    "other_examples",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# The same tree gives the same verdict: examples depend on the test alone. `make fuzz` draws others.
settings.register_profile("tests", settings.get_profile("other_examples"), derandomize=True)
settings.load_profile("tests")

__all__ = ["made", "receiver", "verifier", "webhook"]

# Their tests are few, and take seconds each.
LONG = ("tests/services/", "tests/browser/", "tests/ml/", "tests/moderation/web/dialects/")

WORDS = {
    "spammy": {Category.SPAM: 0.6},
    "viagra": {Category.SPAM: 0.95},
    "idiot": {Category.TOXICITY: 0.7},
    "vile": {Category.TOXICITY: 0.97},
}


class FakeClassifier:
    """Scores by single words, so that a test says what it is about."""

    version = "fake-1"
    thresholds: ClassVar = {
        Category.SPAM: {"hold_at": 0.5, "reject_at": 0.9},
        Category.TOXICITY: {"hold_at": 0.5, "reject_at": 0.9},
    }

    manifest: ClassVar = {
        "test": {"SPAM": {"hold_at": {"recall": 0.946}, "reject_at": {"recall": 0.855}}},
        "calm_caught": {"SPAM": {"hold_at": 0.0074, "reject_at": 0.0009}},
    }

    def score(self, records: Sequence[Mapping[str, str]]) -> list[dict[str, float]]:
        return [self._score(record["text"]) for record in records]

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(self.thresholds)

    def explain(self, record: Mapping[str, str], category: str) -> Explanation:
        text = record["text"]
        spans = [
            (text.index(word), text.index(word) + len(word), 2.0)
            for word, scores in WORDS.items()
            if word in text and category in scores
        ]
        return Explanation(tuple(spans), {}, -3.0)

    def _score(self, text: str) -> dict[str, float]:
        row = {Category.SPAM.value: 0.02, Category.TOXICITY.value: 0.03}
        for word, scores in WORDS.items():
            if word in text:
                row |= {category.value: score for category, score in scores.items()}
        return row


def pytest_configure(config: pytest.Config) -> None:
    """Give all processes of this run one folder for the databases that they copy."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="leave-a-reply-")
        os.environ[COPIES] = folder.name
        config.add_cleanup(folder.cleanup)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, lest one process end long after the others.

    A file is one process's. `--no-loadscope-reorder` has them handed out in this order.
    """
    if hasattr(config, "workerinput"):
        sizes = Counter(item.path for item in items)
        items.sort(key=lambda item: (not item.nodeid.startswith(LONG), -sizes[item.path]))


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once() -> Iterator[None]:
    """Look for static files once: each test client has middleware of its own, which would."""
    find = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, dict[str, Any]] = {}

    def find_once(middleware: WhiteNoiseMiddleware) -> None:
        if (prefix := middleware.static_prefix) not in found:
            find(middleware)
            found[prefix] = dict(middleware.files)
        middleware.files.update(found[prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Digest passwords at once: that it takes long is on purpose, and has tests of its own."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def nothing_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no comment for the blind audit, which nobody could foretell."""
    monkeypatch.setattr(blind_audit, "lot", lambda comment, purpose: 100.0)


@pytest.fixture(autouse=True)
def fake_classifier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the real classifier out of tests about everything else."""
    if "real_classifier" not in request.keywords:
        monkeypatch.setattr(classifier, "classifier", FakeClassifier)
        monkeypatch.setattr(classifier, "second_reader_away", lambda: "")


@pytest.fixture(autouse=True)
def fresh_rate_limits() -> None:
    """What an address or a key did in one test counts in no other."""
    rate_limits._counters.cache_clear()


@pytest.fixture(autouse=True)
def no_site_recalled() -> None:
    """Each test begins like a process that has seen no site."""
    site_lookup._remembered.clear()


@pytest.fixture
def no_classifier(fake_classifier: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the classifier away."""

    def away() -> None:
        raise classifier.ClassifierAway("it is away")

    monkeypatch.setattr(classifier, "classifier", away)
    monkeypatch.setattr(classifier, "second_reader_away", away)


@pytest.fixture
def no_second_reader(fake_classifier: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the second reader away: the words alone decide."""
    monkeypatch.setattr(classifier, "second_reader_away", lambda: "it is away")


@pytest.fixture
def site(db: None) -> Site:
    return SiteFactory(slug="gazette")


@pytest.fixture
def still_clock() -> Iterator[None]:
    """Stop the clock: what is allowed in a minute does not come back while it is used up."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


class Api:
    """Speaks JSON to the API, as one caller."""

    def __init__(self, base: str, **headers: str) -> None:
        self.base, self.client = base, Client(headers=headers)

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(path: str, data: Any = None, **options: Any) -> Any:
            if method != "get":
                options.setdefault("content_type", "application/json")
                data = "" if data is None else data
            return getattr(self.client, method)(self.base + path, data, **options)

        return call


@pytest.fixture
def reader(site: Site) -> Api:
    """Somebody who reads and writes at the site."""
    return Api(f"/api/v1/sites/{site.slug}/")


def signed_in(user: User) -> Api:
    """Return the review API as this user calls it."""
    from knox.models import AuthToken

    _, token = AuthToken.objects.create(user)
    return Api("/api/v1/review/", Authorization=f"Token {token}")


@pytest.fixture
def moderator(site: Site) -> User:
    return MembershipFactory(site=site, role=Role.MODERATOR).user


@pytest.fixture
def review(moderator: User) -> Api:
    """The site's moderator at the review API."""
    return signed_in(moderator)


def server(site: Site, *scopes: str) -> Api:
    """Return the plugin API as a server with a key of these scopes calls it."""
    issued = api_keys.issue(site, scopes=scopes, name="the blog", now=timezone.now())
    return Api("/api/v1/", Authorization=f"Bearer {issued.secret}")


@pytest.fixture
def connect(site: Site) -> Callable[..., Api]:
    """Connect the site's own server with a key of the scopes that the test names."""
    return lambda *scopes: server(site, *scopes)
