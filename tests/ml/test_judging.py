"""The released classifier on kinds of comments that a bag of words gets wrong.

As it is used: with a name, by its own thresholds.
"""

from collections.abc import Sequence

import pytest
from faker import Faker
from faker.config import AVAILABLE_LOCALES

from ml import names
from ml.classifier import Classifier
from ml.tokens import CONTEXT_CATEGORY
from tests.ml.house_rules import is_held

LOCALES = (
    "en_US", "de_DE", "fr_FR", "es_ES", "ar_SA", "ja_JP", "ru_RU", "hi_IN", "vi_VN", "tr_TR",
    "zh_CN", "pt_BR", "it_IT", "pl_PL", "ko_KR", "en_NG", "sv_SE", "el_GR", "he_IL", "id_ID",
)  # fmt: skip
FRIENDLY = (
    "thank you for this useful and interesting article about gardens",
    "Thank You Very Much",
    "I love this wonderful page",
    "Peace and Love",
    "a grateful reader",
)
TEXTS = (
    "I see it in another way, and the second example shows why.",
    "I will find you and kill you",
    "You are a stupid idiot.",
    "kill yourself",
)
MEANT_FOR_NOBODY = (
    "I feel stupid",
    "stupid me",
    "I suck at chess",
    "We are terrible at cooking.",
    "There are no stupid questions",
    "Calling someone an idiot is not an argument.",
    "My phone is a useless piece of junk.",
    "Moby Dick is my favourite book",
    "Dick Van Dyke was great in Mary Poppins",
    "We drove through Scunthorpe.",
    "Lmao, fucking hilarious",
    "I flipped out of my chair!!!",
    "I flipped out of my fucking chair!!!",
    "I love being a gay man",
    "Es gibt keine dummen Fragen",
    "Il n'y a pas de questions stupides",
    "No hay preguntas tontas",
    "You are not stupid",
    "I don't think you are an idiot",
    "Being Muslim is not a crime",
    "immigrants are not criminals",
    "Du bist doch kein Idiot",
    "gli immigrati non sono criminali",
    "che scemo che sono",
    "ты не дурак",
    "torna qui che ti aspetto",
    "eres un crack",
)
MEANT_FOR_OTHERS = (
    "This is stupid and you are dumb.",
    "You are such an idiot.",
    "I will find you and kill you",
    "kill yourself",
    "KYS",
    "go back to your country",
    "Black people make me 🤮",
    "I'd 🔫 any gay person",
    "Du bist ein Idiot",
    "Tu es un connard",
    "Eres un imbécil",
    "no Muslims here",
    "Jews control the banks",
    "sei un coglione",
    "você é um idiota",
    "ты идиот",
    "fuori gli immigrati",
    "Ausländer raus",
)
NO_SPAM = (
    "You may find http://gardennotes.net/ helpful.",
    "I had the same problem, see https://github.com/someone/project/issues/12",
    "check out",
    "Simply superb.",
    'How do I write <a href="..."> in Vue templates?',
    "The href attribute is optional in HTML5.",
    "A calm remark about this page, number 0.8632228623033962",
    "Спасибо за статью, всё понятно объяснили.",
)
SPAM = (
    "bestmovienight(dot)com",
    "w w w.freegames44.site12.net",
    "bit.ly\\Qw71aB",
    "hmm zchatroom.com",
    "I wan to thank you for thiis fantastic read!! I definitely loved every littlle bit of it",
)


def people() -> Sequence[str]:
    found = []
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(1)
        found += [fake.name() for _ in range(20)]
    odd = (
        "Dick Johnson",
        "Gaylord Focker",
        "Fanny Cox",
        "Nguyen Phuc",
        "Wang Dong",
        "Osama Ali",
        "Jihad Saleh",
    )
    return (*found, *odd, *FRIENDLY)


@pytest.mark.parametrize("text", TEXTS)
def test_no_name_moves_a_score_other_than_for_spam(released: Classifier, text: str) -> None:
    bare = released.score([text])[0]
    for name, scores in zip(
        people(),
        released.score([{"text": text, "author_name": name} for name in people()]),
        strict=True,
    ):
        moved = {c: abs(scores[c] - bare[c]) for c in bare if c != CONTEXT_CATEGORY}
        assert max(moved.values()) <= 0.02, name


def test_ordinary_names_that_are_in_no_list_of_ours_do_not_count(released: Classifier) -> None:
    listed = {
        n for kind in ("given", "surnames") for part in names.PARTS for n in names.of(kind, part)
    }
    unlisted = []
    for locale in sorted({*AVAILABLE_LOCALES} - {"fr_QC"}):  # which is deprecated
        fake = Faker(locale)
        fake.seed_instance(7)
        unlisted += [
            name for name in (fake.name() for _ in range(60)) if listed.isdisjoint(name.split())
        ]
    scores = released.predict_proba([{"text": "", "author_name": name} for name in unlisted])
    bare = released.predict_proba([""])
    others = [category != CONTEXT_CATEGORY for category in released.categories]
    counted = (scores != bare)[:, others].any(axis=1)
    assert len(unlisted) > 1500
    assert [name for name, counts in zip(unlisted, counted, strict=True) if counts] == []


@pytest.mark.parametrize(
    "name",
    [
        "Fuck You",
        "you stupid bitch",
        "Du Arschloch",
        "kill yourself",
        "Asshole",
        "Stupid Idiot",
        "kill all Jews",
    ],
)
def test_an_insult_in_the_name_counts_by_itself(released: Classifier, name: str) -> None:
    assert is_held(released, "Nice article.", name)
    explanations = [
        released.explain({"text": "Nice article.", "author_name": name}, c)
        for c in released.categories
    ]
    assert any(set(e.features) == {"author's name"} and not e.spans for e in explanations)


@pytest.mark.parametrize("text", MEANT_FOR_NOBODY)
def test_what_is_meant_for_nobody_else_is_published(released: Classifier, text: str) -> None:
    assert not is_held(released, text)


@pytest.mark.parametrize("text", MEANT_FOR_OTHERS)
@pytest.mark.parametrize("name", ["Maria Keller", *FRIENDLY[:2]])
def test_what_is_meant_for_others_is_held_under_any_name(
    released: Classifier, text: str, name: str
) -> None:
    assert is_held(released, text, name)


@pytest.mark.parametrize("text", ["@USER", "[URL]", "USER", "@somebody", "<user>", "[removed]"])
def test_a_placeholder_says_nothing(released: Classifier, text: str) -> None:
    assert released.score([text]) == released.score([""])


@pytest.mark.parametrize("text", NO_SPAM)
def test_links_markup_numbers_and_praise_are_no_spam(released: Classifier, text: str) -> None:
    assert not is_held(released, text)


@pytest.mark.parametrize("text", SPAM)
def test_disguised_links_and_flattery_are_held(released: Classifier, text: str) -> None:
    assert is_held(released, text)


def test_nothing_is_rejected_on_a_score_alone(released: Classifier) -> None:
    for category, limits in released.thresholds.items():
        assert (limits["reject_at"] > 1) == (category != CONTEXT_CATEGORY)


def test_every_threshold_can_be_reached(released: Classifier) -> None:
    assert all(limits["hold_at"] < 1 for limits in released.thresholds.values())


def test_the_card_states_the_outcomes_of_calm_comments(released: Classifier) -> None:
    outcomes = released.manifest["calm_outcomes"]
    assert {"all", "no link", "one link", "hendrixjoseph_blog"} <= outcomes.keys()
    assert outcomes["all"]["held"] <= 0.015
    assert outcomes["all"]["set_aside"] <= 0.001
    assert released.manifest["names"]["largest_move"] <= 0.02
