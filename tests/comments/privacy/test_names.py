"""No name shows an email address, however it is spelled; names of people stay."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.privacy import names

OWN = "jane@mail.example"
ADDRESSES = [
    "jane@mail.example",
    "JANE@MAIL.EXAMPLE",
    "Jane <jane@mail.example>",
    "mailto:jane@mail.example",
    "Mr jane@mail.example, Esq.",
    '"jane doe"@mail.example',
    "jane@@mail.example",
    "@jane@mastodon.example",
    "a @ b.example",
    "jane @mail.example",
    "jane@ mail.example",
    "jane @ mail . example",
    "jane@mail. example",
    "j a n e @ m a i l . e x a m p l e",
    "jane\n@mail.example",
    "jane\u2003@\u2003mail.example",
    # Other forms of @ and of the dot.
    "a＠b.example",
    "a﹫b.example",
    "jane ⓐ mail.example",
    "jane(a)mail.example",
    "jane@mail。example",
    "jane@mail．example",
    "jane@mail\u2024example",
    "ｊａｎｅ＠ｍａｉｌ．ｅｘａｍｐｌｅ",
    "𝓳𝓪𝓷𝓮@𝓶𝓪𝓲𝓵.example",
    # What has no glyph, or turns the text.
    "a\u200d@b.example",
    "a@\u200bb.example",
    "a\u2060@\ufeffb.example",
    "jane@\u0336mail.example",
    "jane@\ufe0fmail.example",
    "ja\u00adne@mail.ex\u00adample",
    "jane\u3164@mail.example",
    "\u202egro.elpmaxe@enaj",
    "\u2067jane@mail.example\u2069",
    # Words.
    "jane (at) mail.example",
    "jane [at] mail [dot] example",
    "jane{at}mail.example",
    "jane <AT> mail.example",
    "jane[@]mail[.]example",
    "jane at mail.example",
    "jane at mail dot example",
    "jane at-sign mail.example",
    "janeATmailDOTexample",
    "jane_at_mail_dot_com",
    "jane (ät) mail.example",
    "jane arroba mail punto com",
    # Encodings, and encodings of those.
    "jane&#64;mail.example",
    "jane&#x40;mail&#46;example",
    "jane&commat;mail&period;example",
    "jane&amp;#64;mail.example",
    "jane＆＃６４；mail.example",
    "jane%40mail.example",
    "jane%2540mail.example",
    "jane=40mail.example",
    "jane\\u0040mail.example",
    "jane\\x40mail\\x2eexample",
    # Domains of other kinds.
    "jane@xn--bcher-kva.example",
    "ジェーン@例え.テスト",
    "jane@почта.рф",
    "jane@[192.0.2.1]",
    "jane@192.0.2.1",
    "jane@localhost",
]
NAMES = [
    "",
    "Jane",
    "Jane Doe",
    "jane.doe",
    "Jean-Luc.Picard",
    "J. R. R. Tolkien",
    "O'Neil Jr.",
    "d'Artagnan",
    "Kate Atwood",
    "Matt Damon",
    "Dot Cotton",
    "Bob at Acme",
    "Cat at the U.S.A.",
    "Look at me. Now",
    "Bob @ St. Mary",
    "Jane @ Acme",
    "M@ria",
    "@jane",
    "@jane.bsky.example",
    "Jo [at home]",
    "50% Jane",
    "Jane & John",
    "#1 fan of C++",
    "Node.js",
    "Иван Петров",
    "山田 太郎",
    "محمد",
    "राम",
    "Nguyễn Văn A",
    "👩‍👩‍👧 Family",
]


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_name_with_an_address_is_not_published(name: str) -> None:
    assert names.contains_address(name)
    assert names.public_name(name) == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_name_without_one_is(name: str) -> None:
    assert names.public_name(name, email=OWN) == name


@pytest.mark.parametrize(
    "name",
    [
        "jane mail example",
        "Jane, mail, example",
        "jane/mail/example",
        "janemailexample",
        "janeatmaildotexample",
        "Jáne Mail Example",
        hashlib.md5(OWN.encode(), usedforsecurity=False).hexdigest(),
        hashlib.sha256(OWN.encode()).hexdigest(),
    ],
)
def test_the_bearers_own_address_is_not_published_in_any_spelling(name: str) -> None:
    assert names.public_name(name, email=OWN) == ""
    assert names.public_name(name, email="other@mail.example") == name


@pytest.mark.parametrize(
    ("name", "email"), [("jane", OWN), ("Babcock", "a@b.co"), ("Jane Mail", OWN)]
)
def test_a_part_of_ones_own_address_is_a_name(name: str, email: str) -> None:
    assert names.public_name(name, email=email) == name


@pytest.mark.parametrize(
    "url",
    [
        "https://jane@mail.example/",
        "https://jane:secret@mail.example/",
        "https://blog.example/?e=jane%40mail.example",
        "https://blog.example/jane@mail.example",
        "https://blog.example/#jane＠mail.example",
        "mailto:jane@mail.example",
        f"https://gravatar.example/{hashlib.md5(OWN.encode(), usedforsecurity=False).hexdigest()}",
    ],
)
def test_a_website_with_an_address_is_not_published(url: str) -> None:
    assert names.public_url(url, email=OWN) == ""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://blog.example/",
        "https://medium.example/@jane.doe",
        "https://social.example/@jane",
        "https://blog.example/look-at-this.html",
        "https://blog.example/a%20b?c=d.e",
    ],
)
def test_other_websites_are(url: str) -> None:
    assert names.public_url(url, email=OWN) == url


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("Jane", "", ("Jane", "")),
        ("Jane", OWN, ("Jane", OWN)),
        (OWN, "", ("", OWN)),
        ("jane at mail dot example", "", ("", OWN)),
        ("Jane <jane@mail.example>", "", ("Jane", OWN)),
        ("ann@mail.example", OWN, ("", OWN)),
        ("a @ b.example", "", ("", "a@b.example")),
        ("jane@[192.0.2.1]", "", ("", "")),
    ],
)
def test_an_imported_name_gives_its_address_to_be_kept(
    name: str, email: str, expected: tuple[str, str]
) -> None:
    assert names.imported_name(name, email=email) == expected


JUNK = st.text(alphabet=" \u200b\u200d\u2060\ufeff\u00ad\u0336", max_size=3)
WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=8)
AT = st.sampled_from(["@", "＠", "﹫", "(at)", " [at] ", " at ", "&#64;", "%40", "&commat;"])
DOT = st.sampled_from([".", "．", "。", "[dot]", " dot ", "&#46;"])


@given(local=WORD, at=AT, before=JUNK, after=JUNK, domain=WORD, dot=DOT)
def test_no_mixture_of_disguises_is_published(
    local: str, at: str, before: str, after: str, domain: str, dot: str
) -> None:
    name = f"{local}{before}{at}{after}{domain}{dot}example"
    assert names.public_name(name, email=f"{local}@{domain}.example") == ""


@given(st.text(max_size=200))
def test_every_text_is_answered(name: str) -> None:
    assert names.public_name(name, email=OWN) in ("", name)
