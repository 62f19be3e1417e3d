"""The figures of the desk, and the transparency report."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from comments.models import Comment, Role, Site, User
from moderation.insight import transparency
from moderation.models import ReportReason
from moderation.review.people import appeals, reports
from moderation.rules.verdicts import Verdict
from moderation.web.desk.insight import charts
from tests.decided import decided
from tests.factories import MembershipFactory, SiteFactory, ThreadFactory
from tests.moderation.web.desk.desk import member, read

PAGE = reverse("moderation_statistics")
YEAR = timezone.now().year


@pytest.fixture
def busy(site: Site) -> Site:
    """A site where the rules published, held and refused, and a person looked at some of it."""
    decided(site, "Calm.")
    decided(site, "What an idiot.", by_moderator=Verdict.REJECT)
    decided(site, "Another idiot.", by_moderator=Verdict.APPROVE)
    decided(site, "This is vile.", by_moderator=Verdict.APPROVE)
    decided(site, "Cheap viagra.")
    decided(site, "An idiot who waits.")
    return site


def figures(client: Client, **asked: Any) -> Any:
    return client.get(PAGE, asked).context


def table(client: Client, name: str, **asked: Any) -> list[dict[str, str]]:
    answer = client.get(reverse("moderation_statistics_table", args=[name]), asked)
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def tiles(client: Client, **asked: Any) -> dict[str, str]:
    return {tile["label"]: tile["value"] for tile in figures(client, **asked)["tiles"]}


def test_the_tiles_tell_a_period_in_short(desk: Client, busy: Site) -> None:
    told = tiles(desk)
    assert told["Came in"] == "6"
    assert told["Wait now"] == "1"
    assert told["Settled by the rules"] == "40 %"
    assert told["People agreed"] == "0 %"


def test_what_came_in_is_drawn_and_told(desk: Client, busy: Site) -> None:
    page = read(desk, PAGE)
    today = timezone.now().date()
    assert f"{today.day} {today:%b %Y}: 3 published, 1 held, 1 rejected, 1 spam</title>" in page
    assert page.count("<rect class=") > 4


@pytest.mark.parametrize(
    ("language", "day", "axis", "number"),
    [
        ("en", "Fri 9 Oct 2026", "9 Oct", "1,500"),
        ("de", "Fr, 9. Okt 2026", "9. Okt", "1.500"),
        ("ja", "2026年10月9日(金)", "10月9日", "1,500"),
    ],
)
def test_days_and_numbers_of_a_chart_are_written_as_the_viewer_does(
    language: str, day: str, axis: str, number: str
) -> None:
    with translation.override(language):
        one = date(2026, 10, 9)
        chart = charts.columns(
            [{"day": one, "approve": 1200}], {"approve": "x"}, since=one, until=one
        )
    assert chart.bars[0].label == day
    assert [label for _, label in chart.dates] == [axis]
    assert number in [label for _, label in chart.lines]


def test_a_year_is_drawn_by_weeks(desk: Client, busy: Site) -> None:
    since = timezone.now().date() - timedelta(days=364)
    assert figures(desk, since=since)["received"].unit == "week"


@pytest.mark.parametrize(
    "asked", [{"since": "2020-02-30"}, {"since": "2026-01-02", "until": "2026-01-01"}]
)
def test_a_period_that_makes_no_sense_is_the_last_month(
    desk: Client, site: Site, asked: dict[str, str]
) -> None:
    assert len(figures(desk, **asked)["received"].bars) == 30


def test_how_often_people_agreed_with_the_machine(desk: Client, busy: Site) -> None:
    (row,) = table(desk, "precision")
    counted = {"ground": "TOXICITY", "source": "classifier", "refused": "1", "approved": "2"}
    assert row.items() >= (counted | {"precision": "0.3333"}).items()
    assert float(row["low"]) < 0.3333 < float(row["high"])


def test_who_decided_how_much(desk: Client, busy: Site) -> None:
    rows = table(desk, "load")
    assert sorted(row["decisions"] for row in rows) == ["1", "1", "1"]
    assert sum(int(row["approved"]) for row in rows) == 2


def test_how_long_comments_wait(desk: Client, busy: Site) -> None:
    assert table(desk, "ages")[0] == {"waits": "1h", "comments": "1"}


def test_a_table_has_no_formulas(desk: Client, site: Site) -> None:
    comment = decided(site, "Calm.")
    Comment.objects.filter(pk=comment.pk).update(
        thread=ThreadFactory(site=site, title='=HYPERLINK("https://evil.example")')
    )
    assert table(desk, "threads")[0]["title"].startswith("'=")


def test_a_site_is_chosen(desk: Client, moderator: User, busy: Site) -> None:
    other = MembershipFactory(user=moderator).site
    client = member(Role.VIEWER, busy)
    assert tiles(client, site=busy.slug)["Came in"] == "6"
    assert tiles(client, site=other.slug)["Came in"] == "0"


def test_a_foreign_site_does_not_count(busy: Site) -> None:
    stranger = member(Role.OWNER)
    assert tiles(stranger, site=busy.slug)["Came in"] == "0"
    assert table(stranger, "load", site=busy.slug) == []
    where = reverse("moderation_transparency", args=[YEAR, "json"])
    assert stranger.get(where, {"site": busy.slug}).status_code == 404


def test_a_stranger_is_asked_to_sign_in(db: None) -> None:
    assert "/login/" in Client().get(PAGE).headers["Location"]


# The transparency report.


@pytest.fixture
def told(busy: Site) -> dict[str, Any]:
    rude = decided(busy, "Calm, and reported.")
    given = {"reason": ReportReason.HATE, "text": "", "now": timezone.now()}
    reports.report(rude, address="198.51.100.1", **given)
    refused = decided(busy, "As vile.")
    appeal = appeals.submit(refused, text="No!", now=timezone.now())
    moderator = MembershipFactory(site=busy).user
    appeals.overturn(appeal, moderator=moderator, reasoning="Yes.", now=timezone.now())
    return transparency.report(busy, YEAR)


def test_restrictions_are_counted_by_ground_and_by_whom(told: dict[str, Any]) -> None:
    restrictions = told["restrictions"]
    assert (restrictions["total"], restrictions["automated"], restrictions["by_people"]) == (
        4,
        3,
        1,
    )
    assert restrictions["by_ground"][0] == {
        "ground": "TOXICITY",
        "total": 3,
        "automated": 2,
        "by_people": 1,
        "by_the_site": 0,
    }


def test_reports_and_appeals_are_told_with_how_they_ended(told: dict[str, Any]) -> None:
    assert told["reports"]["by_reason"][0]["reason"] == "HATE"
    assert (told["appeals"]["total"], told["appeals"]["overturned"]) == (1, 1)
    assert told["appeals"]["seconds_to_answer"] >= 0


def test_the_machines_errors_are_told(told: dict[str, Any]) -> None:
    assert told["automation"] == {
        "refused": 3,
        "overturned_by_people": 2,
        "share_overturned": 0.6667,
    }


def test_a_year_without_anything_has_a_report(site: Site) -> None:
    told = transparency.report(site, 2020)
    assert told["restrictions"]["total"] == told["comments_received"] == 0
    assert told["automation"]["share_overturned"] is None


def test_the_desk_gives_the_report_to_download(desk: Client, busy: Site) -> None:
    where = reverse("moderation_transparency", args=[YEAR, "json"])
    assert desk.get(where, {"site": busy.slug}).json()["site"] == busy.slug
    table = desk.get(where.replace("json", "csv"), {"site": busy.slug})
    text = b"".join(table.streaming_content).decode()
    assert "restrictions: TOXICITY,automated,1" in text


def test_the_command_prints_it(busy: Site, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("transparency_report", busy.slug, str(YEAR), "--json")
    assert json.loads(capsys.readouterr().out)["year"] == YEAR
    call_command("transparency_report", busy.slug, str(YEAR), "--csv")
    assert capsys.readouterr().out.startswith("section,measure,value")
    call_command("transparency_report", busy.slug, str(YEAR))
    assert "appeals: overturned" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no year"):
        call_command("transparency_report", SiteFactory().slug, "12")
