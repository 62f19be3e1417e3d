import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Comment, Site
from moderation.screening.nudge import utf16_offsets
from tests.conftest import Api
from tests.factories import CommentFactory, PolicyFactory


def preview(reader: Api, body: str, **typed):
    return reader.post("preview", {"body": body, **typed})


def test_it_shows_the_comment_as_it_will_look(reader: Api) -> None:
    answer = preview(reader, "So *true*.<script>")
    assert answer.status_code == 200
    assert answer.json()["body_html"] == "<p>So <em>true</em>.&lt;script&gt;</p>"


def test_a_friendly_text_gets_no_nudge(reader: Api) -> None:
    assert preview(reader, "A calm remark.").json()["nudge"] is None


def test_a_hurtful_text_gets_a_gentle_word_and_the_words_marked(reader: Api) -> None:
    nudge = preview(reader, "You are an idiot.").json()["nudge"]
    assert nudge == {
        "categories": ["TOXICITY"],
        "message": "Readers may find this hurtful.",
        "spans": [{"begin": 11, "end": 16}],
    }


def test_the_marks_count_as_browsers_do(reader: Api) -> None:
    body = "  \U0001f600 idiot"
    (span,) = preview(reader, body).json()["nudge"]["spans"]
    units = body.encode("utf-16-le")
    assert units[2 * span["begin"] : 2 * span["end"]].decode("utf-16-le") == "idiot"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_the_text_the_units_are_those_of_utf_16(text: str) -> None:
    assert utf16_offsets(text) == [
        len(text[:end].encode("utf-16-le")) // 2 for end in range(len(text) + 1)
    ]


def test_spammers_learn_nothing(reader: Api, site: Site) -> None:
    PolicyFactory(site=site, held_words=["sourdough"], max_links=0)
    for body in ("viagra", "sourdough", "https://a.example https://b.example"):
        assert preview(reader, body).json()["nudge"] is None


def test_where_the_house_rules_allow_it_nobody_is_nudged(reader: Api, site: Site) -> None:
    PolicyFactory(site=site, thresholds={"TOXICITY": {"hold_at": 0.9, "reject_at": 1.01}})
    assert preview(reader, "idiot").json()["nudge"] is None


def test_an_address_that_is_typed_changes_nothing(reader: Api, site: Site) -> None:
    trusted = CommentFactory.create_batch(3, thread__site=site)[0].author
    trusted_too = {"author_email": "reader@mail.example", "author_name": trusted.name}
    assert preview(reader, "idiot", **trusted_too).json() == preview(reader, "idiot").json()


def test_nothing_is_stored(reader: Api) -> None:
    preview(reader, "You are an idiot.")
    assert not Comment.objects.exists()


def test_no_score_is_told(reader: Api) -> None:
    assert set(preview(reader, "idiot").json()["nudge"]) == {"categories", "message", "spans"}


def test_without_a_classifier_there_is_no_nudge(reader: Api, no_classifier: None) -> None:
    answer = preview(reader, "You are an idiot.")
    assert (answer.status_code, answer.json()["nudge"]) == (200, None)


def test_nothing_typed_yet_is_no_error(reader: Api) -> None:
    assert preview(reader, "").json() == {"body_html": "", "nudge": None}


def test_a_text_that_is_too_long_is_told_so(reader: Api, site: Site) -> None:
    answer = preview(reader, "x" * (site.max_length + 1))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/body"


@pytest.mark.usefixtures("still_clock")
def test_an_address_may_not_ask_without_end(reader: Api) -> None:
    answers = [preview(reader, "x") for _ in range(61)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.real_classifier
@pytest.mark.parametrize(
    ("body", "message", "marked"),
    [
        ("You are an idiot.", "Readers may take this as an insult.", "idiot"),
        ("I will kill you.", "Readers may take this as a threat.", "kill"),
    ],
)
def test_the_released_classifier_marks_what_hurts(
    reader: Api, body: str, message: str, marked: str
) -> None:
    nudge = preview(reader, body).json()["nudge"]
    assert nudge["message"] == message
    assert any(marked in body[span["begin"] : span["end"]] for span in nudge["spans"])
