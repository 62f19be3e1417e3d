"""A picture that the site's sign-on names is fetched, made small and harmless, and served here."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from comments.accounts import pictures
from comments.accounts.picture_decoder import LONGEST_SIDE, SIDE, decode
from comments.models import Comment, Picture, Site
from moderation.intake import picture_fetcher
from moderation.management import retention
from moderation.review.people import erasure
from tests.conftest import Api
from tests.factories import NOW
from tests.moderation.web.public_api.test_single_sign_on import EMAIL, secret, sign
from tests.submissions import submission
from tests.websites import serving

__all__ = ["secret"]
pytestmark = pytest.mark.django_db


def drawn(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def website(settings: Any) -> Iterator[Any]:
    with serving({"/greta.png": (200, {}, drawn())}) as server:
        settings.OUTGOING_ALLOW = [f"127.0.0.1:{server.server_port}"]
        server.url = f"http://127.0.0.1:{server.server_port}"
        yield server


def post(reader: Api, secret: str, avatar: Any) -> Any:
    token = reader.post("sign-on", {"token": sign(secret, avatar=avatar)}).json()["reader_token"]
    answer = reader.post("comments", submission(reader, reader_token=token))
    assert answer.status_code == 201, answer.content
    return answer.json()


def shown(comment: Any) -> Any:
    return Client().get(comment["author_avatar"].removeprefix("http://testserver"))


def test_the_picture_is_served_from_here(reader: Api, secret: str, website: Any) -> None:
    comment = post(reader, secret, f"{website.url}/greta.png")
    picture_fetcher.fetch_due(now=NOW)
    answer = shown(comment)
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Image.open(BytesIO(answer.content)).size == (SIDE, SIDE)
    assert website.url not in str(comment)


def test_until_it_is_fetched_one_is_drawn(reader: Api, secret: str, website: Any) -> None:
    answer = shown(post(reader, secret, f"{website.url}/greta.png"))
    assert answer["Content-Type"].startswith("image/svg+xml")


def test_it_is_fetched_once_for_many_comments(reader: Api, secret: str, website: Any) -> None:
    for _ in range(2):
        post(reader, secret, f"{website.url}/greta.png")
        picture_fetcher.fetch_due(now=NOW)
    assert website.seen == ["/greta.png"]


def test_a_redirect_is_followed_and_not_for_ever(website: Any, site: Site) -> None:
    website.pages["/moved"] = (302, {"Location": "/greta.png"}, b"")
    website.pages["/loop"] = (302, {"Location": "/loop"}, b"")
    for path in ("/moved", "/loop"):
        pictures.remember(site, website.url + path, now=NOW)
    picture_fetcher.fetch_due(now=NOW)
    assert sorted(bool(p.content) for p in Picture.objects.all()) == [False, True]
    assert website.seen.count("/loop") == picture_fetcher.MOST_REDIRECTS + 1


def test_a_private_address_is_not_asked(website: Any, site: Site, settings: Any) -> None:
    settings.OUTGOING_ALLOW = []
    pictures.remember(site, f"{website.url}/greta.png", now=NOW)
    picture_fetcher.fetch_due(now=NOW)
    assert website.seen == []


@pytest.mark.parametrize(
    "avatar",
    [None, "", 4, ["x"], "data:image/png;base64,AAAA", "greta.png", "https://" + "x" * 2000],
)
def test_what_is_no_address_of_the_web_is_left_out(reader: Api, secret: str, avatar: Any) -> None:
    assert post(reader, secret, avatar)["author_avatar"] is None
    assert not Picture.objects.exists()


def test_another_day_it_is_fetched_again_and_kept_meanwhile(site: Site, website: Any) -> None:
    for days in (0, 0.5, 2):
        pictures.remember(site, f"{website.url}/greta.png", now=NOW + timedelta(days=days))
        picture_fetcher.fetch_due(now=NOW)
        website.pages.clear()
    assert website.seen == ["/greta.png"] * 2
    assert Picture.objects.get().content


def test_its_address_is_encrypted(site: Site) -> None:
    pictures.remember(site, "https://gravatar.example/a-hash", now=NOW)
    stored = Picture.objects.extra(select={"raw": "url"}).values_list("raw", flat=True).get()
    assert "gravatar" not in stored


def test_a_site_has_so_many_and_no_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PER_SITE", 1)
    first = pictures.remember(site, "https://a.example/1", now=NOW)
    assert first
    assert pictures.remember(site, "https://a.example/2", now=NOW) is None
    assert pictures.remember(site, "https://a.example/1", now=NOW) == first


def test_it_goes_with_its_last_comment(reader: Api, secret: str, website: Any) -> None:
    post(reader, secret, f"{website.url}/greta.png")
    later = timezone.now() + pictures.KEPT + timedelta(hours=1)
    retention.purge(now=later)
    assert Picture.objects.exists()
    Comment.objects.all().delete()
    retention.purge(now=later)
    assert not Picture.objects.exists()


def test_erasing_a_person_takes_the_picture_away(
    reader: Api, secret: str, website: Any, site: Site
) -> None:
    post(reader, secret, f"{website.url}/greta.png")
    erasure.erase_person(site, EMAIL, remove_text=False, now=timezone.now())
    assert Comment.objects.get().picture is None


def test_a_token_whose_picture_is_gone_still_posts(reader: Api, secret: str, website: Any) -> None:
    signed = sign(secret, avatar=f"{website.url}/greta.png")
    token = reader.post("sign-on", {"token": signed}).json()["reader_token"]
    Picture.objects.all().delete()
    answer = reader.post("comments", submission(reader, reader_token=token))
    assert (answer.status_code, answer.json()["author_avatar"]) == (201, None)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_four_formats_are_read(kind: str) -> None:
    assert decode(drawn(kind)).startswith(b"RIFF")


def test_where_a_photo_was_taken_is_left_out() -> None:
    exif = Image.Exif()
    exif[0x010E] = "home"
    small = decode(drawn("JPEG", exif=exif))
    assert small
    assert b"home" not in small


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"<svg onload='alert(1)'/>", drawn()[:60], drawn("TIFF"), drawn("BMP")),
        drawn(size=(LONGEST_SIDE + 1, 2)),
        drawn()[:16] + b"\xff" * 8 + drawn()[24:],
    ],
)
def test_what_is_no_picture_of_those_is_left_out(content: bytes) -> None:
    assert decode(content) == b""
