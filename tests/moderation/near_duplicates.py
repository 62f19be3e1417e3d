"""Comments of one campaign, held by the rules of their sites."""

from comments.models import Comment, Site
from moderation.models import Policy
from moderation.screening import screen
from tests.factories import NOW, PolicyFactory, WaitingCommentFactory

ADVERT = (
    "I was sick for two years until Doctor {} cured me with his herbal medicine, "
    "write to him on {} today and thank me later."
)
NAMES = ("Lucky", "Osas", "Ehigie", "Peter", "Okosun", "Wealthy")
HONEST = "The council decided this last spring, and nobody who lives there was ever asked about it."


def advert(number: int) -> str:
    """Return a copy of the advert, with another name and another link in each."""
    return ADVERT.format(NAMES[number], f"https://shop{number}.example/{number}")


def held(site: Site, *bodies: str) -> list[Comment]:
    """Return comments with these texts, each in a thread of its own, as screening leaves them."""
    if not Policy.objects.filter(site=site).exists():
        PolicyFactory(site=site, hold_all=True)
    comments = [WaitingCommentFactory(thread__site=site, body=body) for body in bodies]
    screen.screen(now=NOW)
    for comment in comments:
        comment.refresh_from_db()
    return comments


def held_adverts(site: Site, number: int = 3) -> list[Comment]:
    """Return so many near-duplicates that wait at a site."""
    return held(site, *(advert(n) for n in range(number)))
