"""A limit in sum says what there is, how much, and what to do, in the language of who meets it."""

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from comments.limits import LimitReached
from comments.models import Site
from comments.models.row_limits import require_room

pytestmark = pytest.mark.django_db


def test_below_the_limit_there_is_room(site: Site) -> None:
    require_room(Site.objects.all(), most=2, what=_("webhooks"))


@pytest.mark.parametrize(
    ("language", "refusal"),
    [
        ("en", "There are 1 webhooks, and can be no more: end some of them first."),
        (
            "de",
            "Es gibt schon 1 Webhooks, mehr können es nicht sein: beenden Sie erst einige davon.",
        ),
    ],
)
def test_at_the_limit_it_is_said_in_the_language(site: Site, language: str, refusal: str) -> None:
    with translation.override(language), pytest.raises(LimitReached) as reached:
        require_room(Site.objects.all(), most=1, what=_("webhooks"))
    assert str(reached.value) == refusal
