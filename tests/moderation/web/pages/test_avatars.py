from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Comment, Site
from comments.text import avatars
from tests.factories import AuthorFactory, CommentFactory, ThreadFactory

SVG = "{http://www.w3.org/2000/svg}"


@given(st.integers(0, 16**12 - 1))
def test_every_seed_has_a_picture_that_is_not_blank(number: int) -> None:
    picture = ElementTree.fromstring(avatars.svg(f"{number:012x}"))
    assert picture.tag == f"{SVG}svg"
    assert picture.find(f"{SVG}path").attrib["d"]


def test_a_picture_is_kept_forever(db: None) -> None:
    answer = Client().get("/avatars/0123456789ab.svg")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.content == Client().get("/avatars/0123456789ab.svg").content


@pytest.mark.parametrize("seed", ["x", "0123456789AB", "0123456789abc", "<svg onload=1>", "%00"])
def test_what_is_no_seed_has_no_picture(db: None, seed: str) -> None:
    assert Client().get(f"/avatars/{seed}.svg").status_code == 404


def test_an_authors_comments_have_one_picture(site: Site) -> None:
    author, thread = AuthorFactory(site=site), ThreadFactory(site=site)
    pair = CommentFactory.create_batch(2, author=author, thread=thread, address_digest="home")
    assert len({avatars.seed(comment) for comment in pair}) == 1


def test_typing_somebodys_address_does_not_show_their_picture(site: Site) -> None:
    author, thread = AuthorFactory(site=site), ThreadFactory(site=site)
    own = CommentFactory(author=author, thread=thread, address_digest="home")
    typed = CommentFactory(author=author, thread=thread, address_digest="elsewhere")
    assert avatars.seed(own) != avatars.seed(typed)


def test_comments_of_nobody_in_particular_have_pictures_of_their_own(site: Site) -> None:
    thread = ThreadFactory(site=site)
    pair: list[Comment] = CommentFactory.create_batch(2, author=None, thread=thread)
    assert len({avatars.seed(comment) for comment in pair}) == 2
