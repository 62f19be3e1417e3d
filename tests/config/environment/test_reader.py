"""Every variable of the environment makes sense, or stops the start with one clear line."""

import base64
import hashlib
import re
import runpy
import secrets
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from config.environment.reader import Environment, Kind, WrongSetting, environment
from config.environment.values import whole

# The same in each process of a test run, which tells tests by their parameters.
STRONG = hashlib.sha256(b"a secret of these tests").hexdigest()
KEY = base64.urlsafe_b64encode(hashlib.sha256(b"a key of these tests").digest()).decode()
ROOT = Path(__file__).parents[3]
# What nobody means, by variable: each value is wrong in another way.
NONSENSE: dict[str, list[str]] = {
    "SECRET_KEY": ["changeme", "short", "a" * 60, "abc" * 20, "changeme" * 8, "0123456789" * 6],
    "SECRET_KEY_FALLBACKS": ["changeme", ",", f"{STRONG},short"],
    "EMAIL_KEYS": ["notakey", "A" * 43 + "=", f"{KEY},x", ",,"],
    "DATABASE_URL": [
        *("foo", "mysql://user@host/name", "postgres://host:5432", "postgres://host:port/name"),
        *("postgres://host:99999/name", "sqlite:///", "sqlite:////no/such/folder/db"),
        *("postgres:///name", "postgres://a host/name"),
    ],
    "REPLICA_URL": [
        *("foo", "sqlite:////tmp/replica", "postgres://host:5432", "postgres:///name"),
        *("postgres://host:port/name", "postgres://a host/name"),
    ],
    "REDIS_URL": [
        *("foo", "http://host", "redis://", "redis://host:port", "redis://host:70000/0"),
        *("redis://host/zero", "redis://ho st/0", "localhost:6379", "sentinel://host/name"),
        *("redis+sentinel://", "redis+sentinel://host", "redis+sentinel:///name"),
        *("redis+sentinel://host/0:1", "redis+sentinel://host/name/zero"),
        *("redis+sentinel://host:port/name", "redis+sentinel://host:70000/name"),
        *("redis+sentinel://a,,b/name", "redis+sentinel://ho st/name", "redis+sentinel://-a/name"),
        *("redis+sentinel://a;b/name", "redis+sentinel://::1/name", "redis+sentinel://[::g]/name"),
        *("redis+sentinel://host/name?password=x", "redis+sentinel://host/name/0/1"),
        *("redis+sentinel://host/name?ssl_ca_certs=/etc/passwd", "redis-sentinel://host/name"),
        "rediss+sentinel://host/name?ssl_ca_certs=/no/such/file",
    ],
    "DATA_DIR": [
        *("/", "/tmp", "/etc/passwd", "/etc/passwd/below", str(ROOT), str(Path.home())),
        *("x" * 300, "~nobody-who-is-known/data"),
    ],
    "PUBLIC_URL": [
        *("comments.example", "ftp://comments.example", "https://", "https://a b", "https://x:0"),
        *("https://comments.example/a b", "https://user@comments.example", "https://x:99999"),
        *("https://comments.example?a=b", "https://1.2.3", "https://-x.example"),
    ],
    "PORT": ["eighty", "0", "-1", "65536", "80.5", "8e3", "٨٠"],
    "ALLOWED_HOSTS": [
        *("*", "https://comments.example", "comments.example:443", "a b", ",", "testserver,*"),
        *("elsewhere.example", "comments.example/path", "testserver,..", "testserver,300.1.1.1"),
    ],
    "TRUSTED_PROXIES": ["nginx", "10.0.0.0/33", "*", "0.0.0.0/0", "::/0", "1.2.3", "8.0.0.0/5"],
    "PROXY_HEADER": ["X-Real-IP", "forwarded-for", "X-Forwarded-For, Forwarded"],
    "EMAIL_URL": ["foo", "http://mail.example", "smtp://", "smtp+tls://host:port", "filemail://"],
    "DEFAULT_FROM_EMAIL": ["nobody", "a@", "@b.example", "a b@c.example", "A <a>", "a@b\x07.c"],
    "MAIL_EVENTS_KEY": ["short", "the-token", "aaaaaaaaaaaaaaaaaaaa", "1234567890123456"],
    "MAIL_KEEP_DAYS": ["0", "-1", "many", "1e3", "999999999"],
    "OUTGOING_ALLOW": ["http://host", "host:port", "host:0", "host:70000", "a b", "10.0.0.0/8"],
    "SITE_LIMIT": ["0", "-1", "many"],
    "KEY_LIMIT": ["0", "-5", "many", "1.5", "9" * 30, "NaN"],
    "FLOOD_LEAST": ["-1", "many", "1.5"],
    "FLOOD_TIMES": ["0", "-1", "ten"],
    "FLOOD_CALM_MINUTES": ["0", "9", "long"],
    "FLOOD_WORK": ["0", "999", "much"],
    "READ_CACHE_MB": ["0", "-1", "all", "99999999"],
    "CLASSIFIER_DIR": ["/no/such/folder", "/etc/passwd", "x" * 300],
    "SECOND_READER": ["maybe", "2"],
    "DATABASE_POOLER": ["pgbouncer", "2"],
    "AKISMET_KEEP_DAYS": ["0", "-1", "many"],
    "AKISMET_DISCARD_AT": ["0", "1.01", "-0.5", "nan", "inf", "high", "99%"],
    "EVENT_KEEP_DAYS": ["0", "-1", "many"],
    "CAMPAIGN_KEEP_DAYS": ["0", "-1", "many"],
    "COMPARISON_KEEP_DAYS": ["0", "-1", "many"],
    "REFUSED_KEEP_DAYS": ["0", "-1", "never", "1.5"],
    "NETWORK_KEEP_DAYS": ["0", "-1", "never", "99999"],
    "UNDO_SECONDS": ["-1", "soon", "1000000"],
    "SCREENING_LEASE": ["0", "-1", "long"],
    "METRICS_TOKEN": ["short", "the-token", "abcdefghijklmnop", "passwordpassword"],
    "ADMIN_EMAIL": ["admin", "admin@", "Admin <admin@example.com>"],
    "ADMIN_PASSWORD": ["short", "password", "changeme", "changeme1", "aaaaaaaaaa"],
    "REQUIRE_TWO_FACTOR": ["maybe", "2", "ja"],
    "OWNERS_ADD_SITES": ["maybe", "2", "ja"],
    "SIGN_IN_TRIES": ["0", "-1", "few"],
    "SIGN_IN_LOCK_MINUTES": ["0", "-1", "while"],
    "OIDC_ISSUER": ["login.example", "ftp://login.example", "http://login.example", "https://"],
    "OIDC_CLIENT_ID": ["x" * 200, "without-an-issuer"],
    "OIDC_CLIENT_SECRET": ["secret", "<secret>", "…", "hD82mVq0"],
    "OIDC_NAME": ["x" * 200, "two\nlines"],
    "HSTS_INCLUDE_SUBDOMAINS": ["maybe", "true"],
    "HSTS_PRELOAD": ["maybe", "true"],
    "SENTRY_DSN": ["https://sentry.example/1", "https://key@sentry.example/", "key@host/1", "1"],
    "OTEL_EXPORTER_OTLP_ENDPOINT": ["collector:4318", "grpc://host:4317", "http://host?a=b"],
    "LOG_LEVEL": ["LOUD", "10", "INFO,DEBUG"],
    "LOG_FORMAT": ["xml", "1", "text,json"],
    "DEBUG": ["maybe", "2", "ja", "None"],
    "ANYMAIL_MAILERSEND_SIGNING_SECRET": ["secret", "…"],
    "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": ["key", "xxxxxxxx"],
    "ANYMAIL_MAILTRAP_TRACKING_SECRET": ["secret"],
    "ANYMAIL_MANDRILL_WEBHOOK_KEY": ["<key>"],
    "ANYMAIL_SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": ["notakey", "bm90YWtleQ=="],
    "ANYMAIL_UNISENDER_GO_API_KEY": ["changeme"],
}
SECRETS = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|_URL$")


def load() -> dict[str, Any]:
    """Return the settings as a new process loads them."""
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in NONSENSE.items() for value in values]
)
def test_nonsense_stops_the_start_with_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting) as stop:
        load()
    line = str(stop.value)
    assert line.startswith("Leave a Reply can't start: ")
    assert name in line
    assert "\n" not in line
    assert "Right is, for example:" in line or environment.known[name].advice in line
    assert stop.value.code == line, "a text is a status of 1"


def test_every_variable_is_tried_and_documented() -> None:
    load()
    table = (ROOT / "docs" / "configuration.md").read_text()
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}
    assert set(environment.known) == documented == set(NONSENSE)


@pytest.mark.parametrize("name", NONSENSE)
def test_a_variable_that_is_empty_is_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "  ")
    if name in ("SECRET_KEY", "EMAIL_KEYS"):
        with pytest.raises(WrongSetting, match=f"{name} is not set"):
            load()
    elif name not in ("DATA_DIR", "ALLOWED_HOSTS", "PUBLIC_URL"):
        load()


@pytest.mark.parametrize("name", [name for name in NONSENSE if SECRETS.search(name)])
def test_no_message_repeats_a_secret(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    private = "hunter2-zK9"
    address = f"nonsense://user:{private}@host" if name.endswith("_URL") else private + "\x7f"
    monkeypatch.setenv(name, address)
    with pytest.raises(WrongSetting) as stop:
        load()
    assert private not in str(stop.value)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("PUBLIC_URL", "http://testserver:8080/"),
        ("PUBLIC_URL", "https://testserver/comments/"),
        ("ALLOWED_HOSTS", "testserver, .example.com,[::1],127.0.0.1"),
        ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,2001:db8::/32,fd00::1"),
        ("DATABASE_URL", "postgres://user:p%40ss@db.internal:5432/comments"),
        ("DATABASE_URL", "postgres://user@%2Frun%2Fpostgresql/comments"),
        ("REDIS_URL", "rediss://:password@redis:6380/1"),
        ("REDIS_URL", "redis+sentinel://:password@a:26379,b.internal,[fd00::1]:26380/name/1"),
        ("REDIS_URL", "rediss+sentinel://a/name?sentinel_password=b&ssl_ca_certs=/etc/passwd"),
        ("EMAIL_URL", "smtp+ssl://user:password@mail.example"),
        ("DEFAULT_FROM_EMAIL", "The Gazette <comments@gazette.example>"),
        ("OUTGOING_ALLOW", "Hooks.Internal:8443,10.0.0.7,[fd00::1]:80"),
        ("SECRET_KEY", STRONG),
        ("LOG_LEVEL", "debug"),
    ],
)
def test_what_makes_sense_is_taken(name: str, right: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, right)
    load()


def test_a_path_of_the_public_url_is_where_everything_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://testserver/comments/")
    loaded = load()
    assert loaded["PUBLIC_URL"] == "https://testserver/comments"
    assert loaded["PUBLIC_ORIGIN"] == "https://testserver"
    assert loaded["FORCE_SCRIPT_NAME"] == "/comments"
    assert not loaded["STATIC_URL"].startswith("/")  # so that Django puts it below the path


def test_without_a_path_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://testserver")
    assert load()["FORCE_SCRIPT_NAME"] is None


def test_weak_secrets_do_for_debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "true")
    monkeypatch.setenv("SECRET_KEY", "changeme")
    assert load()["SECRET_KEY"] == "changeme"


def test_a_generated_key_is_never_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", secrets.token_urlsafe(16))
    for _ in range(20):
        monkeypatch.setenv("SECRET_KEY", secrets.token_urlsafe(50))
        monkeypatch.setenv("EMAIL_KEYS", Fernet.generate_key().decode())
        load()


def test_secrets_of_our_own_docs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names = "SECRET_KEY|EMAIL_KEYS|METRICS_TOKEN|MAIL_EVENTS_KEY|ADMIN_PASSWORD|OIDC_CLIENT_SECRET"
    for path in (*ROOT.glob("docs/**/*.md"), ROOT / "README.md", *ROOT.glob("deploy/*")):
        text = path.read_text() if path.is_file() else ""
        for name, value in re.findall(rf"\b({names})=([^\s`\"']+)", text):
            monkeypatch.setenv(name, value)
            with pytest.raises(WrongSetting):
                load()
            monkeypatch.undo()


def test_subdomains_and_browsers_lists_are_reached_by_choice_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://testserver")
    loaded = load()
    assert loaded["SECURE_HSTS_SECONDS"] > 0
    assert not loaded["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert not loaded["SECURE_HSTS_PRELOAD"]
    monkeypatch.setenv("HSTS_PRELOAD", "true")
    with pytest.raises(WrongSetting, match="HSTS_INCLUDE_SUBDOMAINS is not"):
        load()
    monkeypatch.setenv("HSTS_INCLUDE_SUBDOMAINS", "true")
    assert load()["SECURE_HSTS_PRELOAD"]


@pytest.mark.parametrize(
    ("primary", "fault"),
    [
        ("", "DATABASE_URL is not of PostgreSQL"),
        ("sqlite://:memory:", "DATABASE_URL is not of PostgreSQL"),
        ("postgres://other@b:5432/c/", "leads to where DATABASE_URL leads"),
    ],
)
def test_a_replica_is_one_of_another_server_of_postgresql(
    primary: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLICA_URL", "postgres://a@b/c")
    monkeypatch.setenv("DATABASE_URL", primary)
    with pytest.raises(WrongSetting, match=f"REPLICA_URL .*{fault}"):
        load()


@pytest.mark.parametrize("pooled", ["true", "false"])
def test_a_replica_is_given_up_sooner_than_the_primary(
    pooled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://a@b/c")
    monkeypatch.setenv("REPLICA_URL", "postgres://a@d/c?tcp_user_timeout=4000")
    monkeypatch.setenv("DATABASE_POOLER", pooled)
    primary, replica = load()["DATABASES"].values()
    assert replica["IS_POOLED"] is primary["IS_POOLED"] is (pooled == "true")
    assert replica["OPTIONS"]["connect_timeout"] < primary["OPTIONS"]["connect_timeout"]
    assert replica["OPTIONS"]["tcp_user_timeout"] == 4000, "as the address has it"


def test_without_a_replica_there_is_one_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICA_URL", "")
    loaded = load()
    assert set(loaded["DATABASES"]) == {"default"}
    assert "DATABASE_ROUTERS" not in loaded


def test_a_line_of_the_secrets_file_that_sets_nothing_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secrets.env").write_text("# ours\n\nKEY_LIMIT: 5\n")
    with pytest.raises(WrongSetting, match="line 3"):
        load()


@given(st.text())
def test_any_text_is_taken_or_refused_but_never_breaks(text: str) -> None:
    for kind in environment.known.values():
        reader = Environment({"NAME": text})
        try:
            reader.read("NAME", kind, default=None)
        except WrongSetting as stop:
            assert "\n" not in str(stop)  # noqa: PT017 # Both ends are right.


def test_a_mistyped_name_is_recognised() -> None:
    reader = Environment({"TRUSTED_PROXY": "x", "KEY_LIMITS": "x", "HOME": "x", "PATH": "x"})
    for name in ("TRUSTED_PROXIES", "KEY_LIMIT"):
        reader.read(name, Kind(str, "x"), default="")
    assert reader.mistyped() == {"TRUSTED_PROXY": "TRUSTED_PROXIES", "KEY_LIMITS": "KEY_LIMIT"}


def test_both_ends_of_a_range_belong_to_it() -> None:
    kind = whole(1, 5, example=2)
    assert [kind.parse("1"), kind.parse("5")] == [1, 5]
