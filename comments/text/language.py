"""Detect the language of a comment, as far as so short a text allows."""

from functools import lru_cache

from django.conf.locale import LANG_INFO
from py3langid.langid import LanguageIdentifier

# Below this probability (0 to 1) it is a guess: "Nice!" is a word of a dozen languages.
MIN_PROBABILITY = 0.4
# Reading further does not improve the result.
MAX_CHARACTERS = 1000
# The languages to choose from: those that Django has a name for. It lists Chinese by script only.
LANGUAGE_NAMES = {
    code: str(info["name"])
    for code, info in LANG_INFO.items()
    if len(code) == 2 and "name" in info and code not in ("eo", "ia", "io")
} | {"zh": "Chinese"}


def detect(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, such as "en"; "" when it is not clear."""
    code, probability = _identifier().classify(text[:MAX_CHARACTERS])
    return code if probability >= MIN_PROBABILITY else ""


def english_name(code: str) -> str:
    """Return the English name of a language, such as "Norwegian"; the code itself if unknown."""
    return LANGUAGE_NAMES.get(code, code)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """Load the model once per process: it takes half a second, and only workers need it."""
    identifier = LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)
    identifier.set_languages(sorted(set(identifier.nb_classes) & set(LANGUAGE_NAMES)))
    return identifier
