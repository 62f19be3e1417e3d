"""Wrong keys, tokens and signed links: how many of them a network may send in a minute.

They are too long to be guessed (docs/decisions/0075-sign-in-limits.md), so a right one is always
served: a forgotten old key on a shared host must not silence its neighbours. What ends is the
trying itself.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.http import problems, rate_limits
from comments.http.forwarding import client_address
from comments.privacy import email_addresses

PER_MINUTE = 60
MARK, TOO_MANY = "_wrong_secret", "too-many-requests"


def mark(request: HttpRequest) -> None:
    """Note that a secret of this request was wrong or missing, where the response does not tell."""
    setattr(request, MARK, True)


def is_marked(request: HttpRequest) -> bool:
    """Return whether a secret of this request is noted as wrong or missing."""
    return hasattr(request, MARK)


class LimitGuesses:
    """Middleware that answers 429 to further wrong secrets of a network with too many of them.

    What is counted: a 401 to a request with credentials, and what a view marks. The headers of the
    response stay, and so does a body that is no problem document.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Respond, and count a wrong secret."""
        response = self.get_response(request)
        is_refused = response.status_code == 401 and "Authorization" in request.headers
        if (is_refused or is_marked(request)) and isinstance(response, HttpResponse):
            self._count(request, response)
        return response

    def _count(self, request: HttpRequest, response: HttpResponse) -> None:
        network = email_addresses.address_digest(client_address(request))
        now = timezone.now().timestamp()
        usage = rate_limits.use_for(network, "guesses", now=now, limit=PER_MINUTE)
        if usage.allowed:
            return
        response.status_code = 429
        response["Retry-After"] = str(usage.reset)
        if response.get("Content-Type", "").startswith(problems.MEDIA_TYPE):
            detail = _("That was often. Try again in a minute.")
            document = problems.answer(request, TOO_MANY, status_code=429, detail=detail)
            response.content = document.content
