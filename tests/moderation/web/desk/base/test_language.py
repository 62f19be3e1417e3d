"""The desk in the language of the browser, and its scripts in that of the page."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from comments.models import Comment, Role, Site
from moderation.web.desk.templatetags.script_texts import TEXTS
from tests.moderation.web.desk.desk import QUEUE, decide, member, page_of, read, wait_in

SCRIPTS = Path(settings.BASE_DIR, "moderation/web/desk/static/desk")
APPROVE = {
    "en": "Approve",
    "de": "Freigeben",
    "fr": "Approuver",
    "es": "Aprobar",
    "ja": "承認",
    "ar": "قبول",
}


def speaking(client: Client, language: str, where: str) -> str:
    return client.get(where, headers={"Accept-Language": language}).content.decode()


@pytest.fixture
def held(site: Site) -> Comment:
    return wait_in(site)


@pytest.mark.parametrize("language", APPROVE)
def test_the_queue_speaks_the_language_of_the_browser(
    desk: Client, held: Comment, language: str
) -> None:
    page = speaking(desk, language, QUEUE)
    assert f">{APPROVE[language]}</button>" in page
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page


def test_a_language_that_the_desk_does_not_speak_gets_english(desk: Client, held: Comment) -> None:
    assert ">Approve</button>" in speaking(desk, "it", QUEUE)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de-AT", "Warteschlange"),
        ("fr-CA,en;q=0.5", "File d’attente"),
        ("xx,es;q=0.2", "Cola"),
        ("de;q=nonsense", "Queue"),
    ],
)
def test_headers_as_browsers_send_them(desk: Client, language: str, words: str) -> None:
    assert f"<title> {words} |" in speaking(desk, language, QUEUE)


def test_the_language_ends_with_the_request(desk: Client, held: Comment) -> None:
    speaking(desk, "de", QUEUE)
    assert translation.get_language() == "en"
    assert ">Approve</button>" in read(desk, QUEUE)


def test_what_is_stored_is_in_no_moderators_language(desk: Client, held: Comment) -> None:
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    decide(desk, held, "REJECT", reason="off_topic")
    decision = held.decisions.effective().get()
    assert (decision.refusal_reason, decision.reasoning) == ("off_topic", "")


def test_the_page_hands_the_scripts_their_words(desk: Client, held: Comment) -> None:
    for where in (QUEUE, page_of(held)):
        texts = re.search(
            r'id="desk-texts" type="application/json">(.+?)</script>', read(desk, where)
        )
        assert texts
        assert set(json.loads(texts[1])) == set(TEXTS)
    german = speaking(desk, "de", QUEUE)
    assert "Ohne Grund" in german


def test_scripts_ask_for_no_words_that_the_page_has_not() -> None:
    asked = {
        words
        for path in SCRIPTS.glob("*.js")
        for words in re.findall(r'\btext\(\s*"([^"]+)"', path.read_text())
    }
    assert asked == set(TEXTS)


@pytest.mark.parametrize("name", ["house rules", "figures"])
def test_numbers_in_fields_and_drawings_are_as_programs_read_them(site: Site, name: str) -> None:
    owner = member(Role.OWNER, site)
    where = reverse(
        {"house rules": "admin:moderation_policy_add", "figures": "moderation_statistics"}[name]
    )
    page = speaking(owner, "de", where)
    assert not re.search(r'(?:value|placeholder|width|height|x|y|d)="[^"]*\d,\d', page)


WORDS = {
    "comment": {
        "de": "Was entschieden wurde",
        "fr": "Ce qui a été décidé",
        "es": "Qué se decidió",
        "ja": "決定の内容",
        "ar": "ما تقرّر",
    },
    "figures": {
        "de": "Transparenzbericht",
        "fr": "Rapport de transparence",
        "es": "Informe de transparencia",
        "ja": "透明性レポート",
        "ar": "تقرير الشفافية",
    },
    "bulk": {
        "de": "Passende Kommentare: 1",
        "fr": "Commentaires correspondants : 1",
        "es": "Comentarios que coinciden: 1",
        "ja": "一致するコメント：1 件",
        "ar": "التعليقات المطابقة: 1",
    },
    "sign-in": {
        "de": "Passwort vergessen?",
        "fr": "Mot de passe oublié ?",
        "es": "¿Ha olvidado su contraseña?",
        "ja": "パスワードをお忘れですか？",
        "ar": "هل نسيت كلمة المرور؟",
    },
}


@pytest.mark.parametrize("language", list(APPROVE)[1:])
@pytest.mark.parametrize("name", WORDS)
def test_other_pages_speak_it_too(desk: Client, held: Comment, name: str, language: str) -> None:
    pages = {
        "comment": page_of(held),
        "figures": reverse("moderation_statistics"),
        "bulk": reverse("admin:moderation_bulkjob_add"),
        "sign-in": reverse("account_login"),
    }
    client = Client() if name == "sign-in" else desk
    page = speaking(client, language, pages[name])
    assert WORDS[name][language] in page
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
