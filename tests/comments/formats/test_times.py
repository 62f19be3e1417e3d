"""Times are read in whichever way a database, a language or a spreadsheet writes them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from comments.formats import times

AT = datetime(2020, 6, 3, 9, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2020-06-03T09:05:30Z",
        "2020-06-03 09:05:30",
        "2020-06-03 09:05:30 UTC",
        "2020-06-03 09:05:30+00",
        "2020-06-03 11:05:30 +0200",
        "2020-06-03 11:05:30 +0200 CEST",
        "2020-06-03 09:05:30 +0000 UTC m=+0.000012345",
        "2020/6/3 09:05:30",
        "3.6.2020 09:05:30",
        "03.06.2020, 09:05:30",
        "Wed, 03 Jun 2020 09:05:30 GMT",
        "Wed, 3 Jun 2020 11:05:30 +0200",
        "Wed Jun 03 2020 11:05:30 GMT+0200 (Central European Summer Time)",
        "20200603090530",
        "1591175130",
        "1591175130.0",
        "1.59117513e9",
        "1591175130000",
        "1591175130000000",
        "1591175130000000000",
        1591175130,
        Decimal("1591175130"),
        1591175130000,
        {"$date": {"$numberLong": "1591175130000"}},
        {"__type": "Date", "iso": "2020-06-03T09:05:30.000Z"},
    ],
)
def test_a_time_is_read(written: Any) -> None:
    assert times.moment(written) == AT


def test_a_day_alone_is_its_midnight() -> None:
    assert times.moment("20200603") == times.moment("3.6.2020") == datetime(2020, 6, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    # With slashes behind, a day may stand before the month or after it; the number is the day of a
    # spreadsheet, and MySQL's nought no day at all.
    ["03/06/2020 09:05", "43985.3788", "2020", "0000-00-00 00:00:00", "yesterday", True, 0, "1e99"],
)
def test_what_may_be_another_time_is_refused_with_how_to_write_it(written: Any) -> None:
    with pytest.raises(ValueError, match=r"write it as 2020-12-31 10:00|its time is none"):
        times.moment(written)


@pytest.mark.parametrize("written", ["", None, {}])
def test_no_time_is_said_to_be_none(written: Any) -> None:
    with pytest.raises(ValueError, match="it has no time"):
        times.moment(written)


def test_false_is_no_time() -> None:
    assert times.optional_moment(False) is None
