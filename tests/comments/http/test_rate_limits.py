"""The `RateLimit` headers, which all APIs share."""

from comments.http.rate_limits import RateLimit, headers


def test_each_limit_is_named_with_its_window_and_what_is_left() -> None:
    minute, hour = RateLimit(10, 9, 60, allowed=True), RateLimit(60, 0, 5, False, window=3600)
    assert headers({"60s": minute, "3600s": hour}) == {
        "RateLimit-Policy": '"60s";q=10;w=60, "3600s";q=60;w=3600',
        "RateLimit": '"60s";r=9;t=60, "3600s";r=0;t=5',
    }


def test_without_limits_there_are_no_headers() -> None:
    assert headers({}) == {}
