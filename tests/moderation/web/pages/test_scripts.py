"""The scripts for other people's pages: small, cached, up to date, and in every language."""

import gzip
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests import bundle

SCRIPTS = ["/embed.js", "/embed/later.js", "/counts.js"]
REPLIES = "%(count)s reply"


@pytest.mark.parametrize("script", SCRIPTS)
def test_any_page_may_load_a_script_and_keep_it_for_an_hour(script: str) -> None:
    response = Client().get(script)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert set(response.headers["Cache-Control"].split(", ")) == {"max-age=3600", "public"}
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_compressed_for_clients_that_accept_it(script: str) -> None:
    plain, small = Client().get(script), Client().get(script, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_has_less_than_14_kilobytes_with_its_styles(script: str) -> None:
    response = Client().get(script, headers={"Accept-Encoding": "gzip"})
    assert len(response.content) <= 14_000


def test_the_embed_names_the_second_bundle_by_its_content() -> None:
    embed = Client().get("/embed.js").content.decode()
    digest = sha256(Client().get("/embed/later.js").content).hexdigest()
    assert f"embed/later.js?v={digest[:10]}" in embed


def test_the_embed_brings_its_styles_along() -> None:
    assert ".leave-a-reply" in Client().get("/embed.js").content.decode()


@pytest.mark.parametrize("script", [*SCRIPTS, "/embed/de.json"])
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_what_a_browser_has_is_not_sent_again(script: str, encoding: str) -> None:
    etag = Client().get(script, headers={"Accept-Encoding": encoding}).headers["ETag"]
    headers = {"Accept-Encoding": encoding, "If-None-Match": etag}
    assert Client().get(script, headers=headers).status_code == 304


def test_the_committed_bundles_are_up_to_date(tmp_path: Path) -> None:
    if not bundle.ESBUILD.exists():
        pytest.fail("esbuild is not installed. `make services` installs it.")
    bundle.bundle(tmp_path)
    for name in bundle.ENTRY_POINTS:
        committed = (bundle.DIST / name).read_bytes()
        assert committed == (tmp_path / name).read_bytes(), f"{name} is stale: run `make bundle`"


# Translations


def test_there_is_a_catalog_for_every_language_and_no_other() -> None:
    for language, _name in settings.LANGUAGES:
        response = Client().get(f"/embed/{language}.json")
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.json()["direction"] == ("rtl" if language == "ar" else "ltr")
    assert Client().get("/embed/xx.json").status_code == 404


@pytest.mark.parametrize("language", bundle.translated_languages())
def test_every_plural_category_of_a_language_has_its_form(language: str) -> None:
    body = Client().get(f"/embed/{language}.json").json()
    forms = body["catalog"][REPLIES]
    assert {forms[index] for index in body["plural"].values()} == set(forms)
    assert all(forms)


def test_a_catalog_names_the_form_of_each_category() -> None:
    arabic = Client().get("/embed/ar.json").json()["plural"]
    assert arabic == {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 4, "other": 5}
    assert set(Client().get("/embed/ja.json").json()["plural"].values()) == {0}


def test_a_catalog_holds_the_strings_of_our_scripts_alone() -> None:
    catalog = Client().get("/embed/de.json").json()["catalog"]
    assert catalog["Leave a Reply"] == "Antwort schreiben"
    assert "Today" not in catalog  # of the admin's scripts
    assert "There is no such reply." not in catalog  # of our pages
