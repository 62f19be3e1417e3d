"""Texts whose scores an artifact carries, so that it can prove itself where it is loaded.

They touch what may differ between versions: Unicode tables, hashing, sums, and each kind of token.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.tokens import Record

if TYPE_CHECKING:
    from ml.classifier import Classifier

_AUTHORS: Sequence[Record] = (
    {
        "text": "Nice article.",
        "author_name": "Maria Keller",
        "author_url": "https://keller.example",
    },
    {"text": "Nice article.", "author_name": "cheap loans", "author_url": "http://bit.ly/loans"},
    {"text": "I agree.", "author_name": "Nguyễn Thị Hương"},
    {"text": "I agree.", "author_name": "you stupid idiot"},
)
RECORDS: Sequence[Record] = (
    "",
    "Thanks, that helped me a lot!",
    "You are a stupid idiot.",
    "There are no stupid questions.",
    "I feel stupid",
    "I will find you and hurt you.",
    "go back to where you came from",
    "This is damn good.",
    "BUY CHEAP WATCHES NOW http://www.watches.example/buy/now?ref=17",
    'see [the docs](https://docs.example.org/a-b/c) or <a href="http://x.example">this</a>',
    "bestshop(dot)com or w w w.shop.example.net or shop.com\\x",
    "I have read this post and want to suggest you few interesting things.",
    "@name [URL] <user> what do you think?",
    "s t u p i d, st\u200bupid, ѕtuріd, ｓｔｕｐｉｄ, 𝐬𝐭𝐮𝐩𝐢𝐝, stuuupid, st*pid, 5tupid",
    "st\u0336u\u0336p\u0336i\u0336d\u0336 🅂🅃🅄🄿🄸🄳",
    "I love this 😍 but that 🤮 makes me sick 🔫",
    "The number is 0.8632228623033962, of 2024-01-31.",
    "Du bist ein Idiot. Es gibt keine dummen Fragen.",
    "Schöne Grüße aus Köln, el año que viene, ça va être très bien",
    "Tu es vraiment nul. Merci pour cet article.",
    "Eres un imbécil. Gracias por el artículo.",
    "Você é burro? Obrigado pelo texto.",
    "Grazie mille per l'articolo!",
    "Спасибо за статью, очень полезно.",
    "شكرا جزيلا على المقال",
    "記事ありがとうございます。とても参考になりました。",
    "谢谢你的文章，写得很好。",
    "좋은 글 감사합니다",
    "καλημέρα σας, εξαιρετικό άρθρο",
    "धन्यवाद, यह बहुत उपयोगी है",
    "\x00 odd\ufffd",
    "We women, gay people and Muslims live here, too.",
    "They said that all of us are disgusting, which is wrong.",
    *_AUTHORS,
)


def record(classifier: "Classifier") -> list[dict[str, Any]]:
    """Return the texts with their scores in every category."""
    scores = classifier.probabilities(RECORDS).tolist()
    return [
        {"record": one, "scores": dict(zip(classifier.categories, row, strict=True))}
        for one, row in zip(RECORDS, scores, strict=True)
    ]


def largest_difference(classifier: "Classifier", proof: Sequence[Mapping[str, Any]]) -> float:
    """Return the largest difference between the recorded scores and those of here."""
    expected = [[case["scores"][name] for name in classifier.categories] for case in proof]
    scores = classifier.probabilities([case["record"] for case in proof])
    return float(np.abs(scores - np.array(expected)).max(initial=0))
