"""What must hold between variables: each makes sense, but not beside the other."""

from collections.abc import Collection, Sequence
from importlib.util import find_spec
from urllib.parse import urlsplit

from django.http.request import validate_host

from config.environment import values
from config.environment.addresses import is_local
from config.environment.reader import Environment

# What sends where a variable says, of requirements-observability.txt.
OBSERVABILITY = {"SENTRY_DSN": "sentry_sdk", "OTEL_EXPORTER_OTLP_ENDPOINT": "opentelemetry"}


def check(
    environment: Environment,
    *,
    debug: bool,
    hosts: Sequence[str],
    public_url: str,
    outgoing: Collection[str],
) -> None:
    """Stop the start where two variables contradict each other; raise WrongSetting."""
    _check_hosts(environment, debug=debug, hosts=hosts, public_url=public_url)
    _check_strict_transport(environment, https=public_url.startswith("https://"))
    _check_provider(environment, outgoing=outgoing)
    _check_replica(environment)
    _check_observability(environment)


def _check_hosts(
    environment: Environment, *, debug: bool, hosts: Sequence[str], public_url: str
) -> None:
    if "*" in hosts and not debug:
        raise environment.wrong("ALLOWED_HOSTS", "has '*', by which strangers choose the host")
    host = str(urlsplit(public_url).hostname)
    if not validate_host(f"[{host}]" if ":" in host else host, hosts):
        fault = f"lacks {host}, the host of PUBLIC_URL, where nothing would be answered"
        raise environment.wrong("ALLOWED_HOSTS", fault)


def _check_strict_transport(environment: Environment, *, https: bool) -> None:
    subdomains, preload = "HSTS_INCLUDE_SUBDOMAINS", "HSTS_PRELOAD"
    chosen = [name for name in (subdomains, preload) if values.truth(environment.text(name) or "0")]
    if chosen and not https:
        raise environment.wrong(chosen[0], "is set, but PUBLIC_URL does not start with https://")
    if chosen == [preload]:
        raise environment.wrong(preload, f"is set, but {subdomains} is not")


def _check_provider(environment: Environment, *, outgoing: Collection[str]) -> None:
    issuer = environment.text("OIDC_ISSUER")
    if issuer and not environment.text("OIDC_CLIENT_ID"):
        raise environment.wrong("OIDC_CLIENT_ID", "is not set, but OIDC_ISSUER is")
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if environment.text(name) and not issuer:
            raise environment.wrong(name, "is set, but OIDC_ISSUER is not")
    host = urlsplit(issuer).hostname
    known = is_local(host) or {host, urlsplit(issuer).netloc.lower()} & set(outgoing)
    if issuer.startswith("http:") and not known:
        fault = "is not encrypted, and its host is not in OUTGOING_ALLOW"
        raise environment.wrong("OIDC_ISSUER", fault)


def _check_replica(environment: Environment) -> None:
    primary, replica = environment.text("DATABASE_URL"), environment.text("REPLICA_URL")
    if not replica:
        return
    if not primary.startswith("postgres"):
        raise environment.wrong("REPLICA_URL", "is set, but DATABASE_URL is not of PostgreSQL")
    if _place(replica) == _place(primary):
        raise environment.wrong("REPLICA_URL", "leads to where DATABASE_URL leads")


def _place(address: str) -> tuple[str | None, int, str]:
    """Return where a database is: host, port and name."""
    parts = urlsplit(address)
    return parts.hostname, parts.port or 5432, parts.path.strip("/")


def _check_observability(environment: Environment) -> None:
    for name, library in OBSERVABILITY.items():
        if environment.text(name) and find_spec(library) is None:
            fault = "is set, but what it needs is not installed:"
            raise environment.wrong(name, f"{fault} pip install -r requirements-observability.txt.")
