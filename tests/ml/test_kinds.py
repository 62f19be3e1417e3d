"""Kinds of comments that words alone get wrong, in sentences that are in no template.

A kind is known when most of its sentences come out right: nobody claims that all do. Where more
than two go wrong, docs/classifier.md names the kind among its weaknesses.
"""

import pytest

from ml.classifier import Classifier
from ml.synthetic import PHRASES
from tests.ml.house_rules import is_held

# So many sentences of a kind may come out wrong.
MOST_WRONG = 2

CALM = {
    "self-reproach": [
        "I am such a fool, the answer was in the manual.",
        "Ugh, I'm so dumb sometimes",
        "What an idiot I was, the key lay under my nose.",
        "I really am useless at parking",
        "My drawing looks pathetic, sorry!",
        "I feel like a complete moron after reading the answer",
        "we are both clueless, so help is welcome",
        "Ich war so blöd und habe nicht gespeichert.",
        "Je suis trop bête, désolé",
        "Soy un desastre con los números",
    ],
    "things sworn at": [
        "holy crap, what a comeback in the last minute",
        "why does this damn zipper always get stuck",
        "who the hell designed this remote control",
        "Parking downtown is a royal pain in the butt, I swear to god.",
        "fucking mosquitoes everywhere",
        "Yesterday's rehearsal was a total shitshow.",
        "so fucking grateful for this tutorial",
        "Dieser verdammte Akku ist schon wieder leer.",
        "Putain d'imprimante, elle bloque encore",
        "that album is pure crap compared to their debut",
    ],
    "quotation and counter-speech": [
        "He got suspended for telling a teammate to kill himself.",
        "I unfollowed the guy after his 'women are stupid' rant.",
        "It makes me sad when politicians describe immigrants as vermin.",
        'They spray-painted "go back to your country" on my uncle\'s shop.',
        "The headline said 'idiots in parliament', which I found unfair.",
        'It hurts when kids hear "you are retarded" at school.',
        "Stop treating all Muslims as if they were terrorists.",
        "Our neighbour insists gay people are disgusting; we no longer talk to him.",
        "Niemand sollte Frauen als dumm bezeichnen.",
        "Cette blague sur les juifs avares n'est pas drôle.",
    ],
    "negation": [
        "You're not dumb, this is confusing for everyone",
        "He is no fool.",
        "I don't think anyone here is stupid",
        "There is nothing stupid in what you wrote.",
        "Believe me, Anna, you are by far not an idiot.",
        "Homosexuality is neither a sickness nor a sin.",
        "Keine Sorge, du bist deswegen noch lange kein Trottel.",
        "T'inquiète, tu n'es pas du tout stupide",
        "Tranquilo, nadie piensa que seas tonto",
    ],
    "names": [
        "Fanny Ardant was magnificent in 8 Femmes",
        "Gaylord Perry pitched again last night",
        "My cousin plays for Scunthorpe United.",
        "Dick Cheney wrote his memoirs.",
        "The viaduct near Penistone is worth a walk",
        "as Dr. Cockburn showed in 2014",
        "I bought shiitake mushrooms for dinner",
        "Pussy Riot gave a concert in Berlin",
        "A great tit sat on our balcony.",
        "Thanks to Hans Dick for the pull request.",
    ],
    "reclaimed words": [
        "queer and here for it",
        "the dyke march was the best day of my summer",
        "Being disabled taught me patience",
        "I'm a Black woman and I love this song",
        "this show gets queers like me",
        "my two gay uncles run a bakery",
        "As a trans guy, I found this article helpful.",
        "my wife and I are lesbians and have a cat",
    ],
    "figures of speech": [
        "I would murder somebody for a cold beer",
        "those stairs were murder",
        "sudo kill -9 all orphaned children of the daemon",
        "The new single slaps, absolute fire 🔥",
        "Absolutely killed that solo, Tom!",
        "I died laughing at the end 😂😂",
        "shoot, I missed the deadline",
        "just nuke the node_modules folder",
    ],
}
HARMFUL = {
    "insults": [
        "never met a bigger moron than you",
        "are all of you brain-dead or what",
        "lol ur dumb af",
        "cry harder, loser",
        "it takes a halfwit like yourself to believe this",
        "Selten so einen Vollidioten wie dich gelesen",
        "quel abruti, apprends à lire",
        "vaya imbécil estás hecho",
        "your comment is as worthless as you are, you clown",
    ],
    "threats": [
        "I will snap your neck, count on it",
        "be careful when you leave the house, we are waiting for you with knives",
        "hope somebody runs you over",
        "do it, hang yourself",
        "we know where your kids go to school and we will get them",
        "you should end yourself",
        "Ich hau dir die Fresse ein",
        "Je vais te défoncer, attends un peu",
        "Te voy a matar a golpes",
    ],
    "exclusion": [
        "pack your bags and go back to your own country",
        "Your sort has no business in our town.",
        "put them on a boat back to Africa",
        "Kick the refugees out of our country",
        "Deport these people today.",
        "Die Ausländer sollen endlich verschwinden",
        "Qu'on renvoie tous les Arabes chez eux",
        "Que se vayan los moros a su país",
    ],
    "emoji": [
        "lesbians? 🤢🤢",
        "saw two gays kissing 🤮",
        "someone 🔪 that immigrant family please",
        "fat women look like 🐷🐷",
        "the Jews, always 🐀🐀🐀",
        "refugees → 🔥",
        "author = 🤡",
        "Asians eat like 🐷",
        "🖕🖕 you and your site",
        "🔫 all trans people",
    ],
    "groups": [
        "no woman should ever be allowed behind a wheel, too dumb",
        "we should have gassed all Jews",
        "every black guy is a thug and a thief",
        "those trans freaks belong in a madhouse",
        "Muslims = terrorists, simple as that",
        "disabled people cost us money, let them die",
        "gay men are revolting perverts",
        "immigrants are a plague on this country",
        "Schwule sind widerlich und krank",
        "les noirs, tous des sauvages",
    ],
}


@pytest.mark.parametrize("kind", CALM)
def test_calm_comments_of_a_kind_are_published(released: Classifier, kind: str) -> None:
    held = [text for text in CALM[kind] if is_held(released, text)]
    assert len(held) <= MOST_WRONG, held


@pytest.mark.parametrize("kind", HARMFUL)
def test_harmful_comments_of_a_kind_are_held(released: Classifier, kind: str) -> None:
    published = [text for text in HARMFUL[kind] if not is_held(released, text)]
    assert len(published) <= MOST_WRONG, published


def test_no_sentence_is_a_template() -> None:
    templates = {text for texts in PHRASES.values() if isinstance(texts, list) for text in texts}
    sentences = {text for kinds in (CALM, HARMFUL) for texts in kinds.values() for text in texts}
    assert not sentences & templates
