"""Sample comments of the demo article, which `make run` stores on its first start."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from comments.formats.items import ImportedComment, ImportedThread, Item
from comments.models import Origin, Site, Status
from comments.threads import voting
from moderation.intake.transfers import importer

SOURCE = "demo"
EMAIL = "{}@reader.example"


class DemoComment(NamedTuple):
    """A comment: its author, age in minutes, text, parent, and up and down votes."""

    name: str
    person: str
    minutes: int
    body: str
    parent: str = ""
    votes: tuple[int, int] = (0, 0)
    website: str = ""

    @property
    def id(self) -> str:
        """The id by which replies name their parent."""
        return f"{self.person}-{self.minutes}"


DEMO_COMMENTS = (
    DemoComment(
        "Elin Dahl",
        "elin",
        3 * 1440,
        "I am one of the twenty-three. Nobody who plans a timetable at noon knows how long a quay "
        "is at a quarter to eleven, in January, when the last boat has gone.\n\n"
        "Thank you for writing down who we are.",
        votes=(34, 1),
    ),
    DemoComment(
        "Councillor’s neighbour",
        "neighbour",
        3 * 1440 - 95,
        "With respect: “each round trip costs as much as a new bicycle” is still true. Who pays "
        "for it, and what are we not going to mend instead?",
        votes=(9, 6),
    ),
    DemoComment(
        "Jonas Ek",
        "jonas",
        3 * 1440 - 180,
        "> what are we not going to mend instead?\n\n"
        "A fair question, and I asked it, too. The answer in the minutes is *nothing this year*: "
        "the money was set aside in spring. Coffee is on me if you come and read them at the pier.",
        parent="neighbour-4225",
        votes=(21, 0),
        website="https://pier-coffee.example",
    ),
    DemoComment(
        "Councillor’s neighbour",
        "neighbour",
        3 * 1440 - 240,
        "I will take you up on that. Black, please.",
        parent="jonas-4140",
        votes=(12, 0),
    ),
    DemoComment(
        "Hassan Aziz",
        "hassan",
        2 * 1440,
        "تعمل أختي في المخبز على الرصيف الشمالي، وكانت تنام في المخزن حين لا تجد قاربًا يعيدها. "
        "شكرًا لكل من وقّع. والسيد Jonas يستحق أكثر من **1,912** فنجان قهوة!",
        votes=(17, 0),
    ),
    DemoComment(
        "Wim",
        "wim",
        1440 + 400,
        "What would a smaller boat have to carry? My list, to begin with:\n\n"
        "- forty people, and their bicycles\n- one pram, or one double bass\n"
        "- a skipper who waits for the second movement",
        votes=(15, 2),
    ),
    DemoComment(
        "Anna Brandt",
        "anna",
        1440 + 90,
        "The tenors would like it to be known that we would have left *after* the second movement, "
        "but loudly.",
        parent="wim-1840",
        votes=(28, 0),
    ),
    DemoComment(
        "T. Nakamura",
        "nakamura",
        600,
        "The region’s figures are by quarter, so “twenty-three on average” includes the storms of "
        "January, when `departures = 0` on eleven evenings. Without those it is **thirty-one**.",
        parent="neighbour-4225",
        votes=(8, 0),
    ),
    DemoComment(
        "Ingrid Sólberg",
        "ingrid",
        420,
        "That is right, and I should have written it. The article now says so. Thank you for "
        "reading so closely.",
        parent="nakamura-600",
        votes=(19, 0),
        website="https://gazette.example/ingrid",
    ),
    DemoComment(
        "Maja",
        "maja",
        75,
        "The drawing of the seal is by my daughter. She can write now, and wants to know whether "
        "the boat has a name.",
        votes=(41, 0),
    ),
    DemoComment(
        "Jonas Ek", "jonas", 22, "*Berit*, since Tuesday.", parent="maja-75", votes=(16, 0)
    ),
)


def store(site: Site, page: ImportedThread, *, now: datetime) -> None:
    """Store the comments with their ages and votes."""
    for _ in importer.import_items(_items(page, now), site=site, source=SOURCE, now=now):
        pass
    for origin in Origin.objects.filter(site=site, source=SOURCE).select_related("comment"):
        demo = next(demo for demo in DEMO_COMMENTS if demo.id == origin.source_id)
        for n, value in enumerate([1] * demo.votes[0] + [-1] * demo.votes[1]):
            voter = voting.Voter(f"reader {n} of the demo")
            voting.vote(origin.comment, voter=voter, value=value, now=now)


def _items(page: ImportedThread, now: datetime) -> Iterator[Item]:
    yield page
    for demo in DEMO_COMMENTS:
        yield ImportedComment(
            source_id=demo.id,
            page=page.key,
            created_at=now - timedelta(minutes=demo.minutes),
            body=demo.body,
            status=Status.APPROVED,
            parent=demo.parent,
            author_name=demo.name,
            author_email=EMAIL.format(demo.person),
            author_url=demo.website,
        )
