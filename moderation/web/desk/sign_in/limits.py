"""How often somebody may try to sign in: by account, by network, and by the browser they know.

See docs/decisions/0075-sign-in-limits.md for the numbers.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from comments.accounts import failed_tries
from comments.accounts.failed_tries import Counter, TooManyTries, Try
from comments.http import rate_limits
from comments.http.forwarding import client_address
from comments.models import User
from comments.privacy import email_addresses
from moderation.web.desk.sign_in import known_devices, pages

LONGEST_OF_ONES_OWN, LONGEST_OF_ALL = timedelta(days=1), timedelta(hours=4)
# Times SIGN_IN_TRIES: what an account may fail from everywhere, and a network with all accounts.
FROM_EVERYWHERE, FROM_A_NETWORK = 4, 8
STARTS_PER_MINUTE = 30


def take_password(request: HttpRequest, email: str) -> list[Try]:
    """Count a try with a password; raise ImmediateHttpResponse when there were too many."""
    account = email_addresses.normalise_email(email)
    user = User.objects.filter(email=account).first()
    if user and (device := _device(request, user)):
        return _take(request, [device])
    everywhere = _counter("password", account, times=FROM_EVERYWHERE)
    counters = [everywhere, _of_network("network", request)]
    if network := _network(request):
        counters.append(_counter("password", account, network, is_own=True))
    return _take(request, counters)


def take_code(request: HttpRequest, user: User) -> list[Try]:
    """Count a try with a code of the second step; raise ImmediateHttpResponse.

    Who gets there knows the password, so the account as a whole has no more tries than a network.
    """
    return _take(request, [_device(request, user) or _counter("code", str(user.pk))])


def take_anonymous(request: HttpRequest, purpose: str) -> list[Try]:
    """Count a try that names no account before it succeeds; raise ImmediateHttpResponse."""
    return _take(request, [_of_network(purpose, request)])


def take_reset(request: HttpRequest, email: str) -> None:
    """Count a request for a mail that resets a password; raise ImmediateHttpResponse.

    The wait for an address is never longer than such a mail is valid: who is kept waiting by
    somebody else's requests has a mail of theirs.
    """
    longest = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    account = ("reset", email_addresses.normalise_email(email))
    of_account = Counter(account, settings.SIGN_IN_TRIES, _first_wait(), longest)
    _take(request, [of_account, _of_network("reset network", request)])


def count_start(request: HttpRequest) -> None:
    """Count a way to the provider, which costs a session and maybe a request to it."""
    now = timezone.now().timestamp()
    usage = rate_limits.use_for(_network(request), "start", now=now, limit=STARTS_PER_MINUTE)
    if not usage.allowed:
        raise ImmediateHttpResponse(pages.locked(request, timedelta(seconds=usage.reset)))


def succeeded(tries: Sequence[Try]) -> None:
    """Take back tries that were right."""
    failed_tries.give_back(tries, now=timezone.now())


@contextmanager
def taken_back(tries: Sequence[Try]) -> Iterator[None]:
    """Take back the tries unless the block raises."""
    yield
    succeeded(tries)


def _take(request: HttpRequest, counters: Sequence[Counter]) -> list[Try]:
    try:
        return failed_tries.take(counters, now=timezone.now())
    except TooManyTries as error:
        raise ImmediateHttpResponse(pages.locked(request, error.wait)) from None


def _device(request: HttpRequest, user: User) -> Counter | None:
    """Return the counter of a browser that the user signed in with, now or before."""
    here = request.user.is_authenticated and request.user.pk == user.pk
    device = request.session.session_key if here else known_devices.device_of(request, user)
    return _counter("device", str(user.pk), device, is_own=True) if device else None


def _counter(*subject: str, times: int = 1, is_own: bool = False) -> Counter:
    longest = LONGEST_OF_ONES_OWN if is_own else LONGEST_OF_ALL
    return Counter(subject, settings.SIGN_IN_TRIES * times, _first_wait(), longest, is_own)


def _of_network(purpose: str, request: HttpRequest) -> Counter:
    """Return the counter of the caller's network, or of all whose address can't be read."""
    network = _network(request)
    times = FROM_A_NETWORK * (1 if network else rate_limits.TIMES_FOR_NOBODY)
    return _counter(purpose, network, times=times)


def _first_wait() -> timedelta:
    return timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)


def _network(request: HttpRequest) -> str:
    return email_addresses.address_digest(client_address(request))
