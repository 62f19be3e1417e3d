"""The desk's times in the zone of who looks at them."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

PAGES = ("/admin/", "/desk/")
# Written by desk/time_zone.js: a name such as Europe/Oslo.
COOKIE = "desk_time_zone"
Respond = Callable[[HttpRequest], HttpResponseBase]


def local_times(get_response: Respond) -> Respond:
    """Return middleware that has the desk show, and read, times in the viewer's zone; else UTC."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        zone = request.COOKIES.get(COOKIE, "").replace("%2F", "/")
        if not request.path_info.startswith(PAGES) or zone not in _zones():
            return get_response(request)
        with timezone.override(ZoneInfo(zone)):
            return get_response(request)

    return respond


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
