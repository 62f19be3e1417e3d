"""In which language a text is written, as far as so short a text tells."""

from functools import lru_cache

from django.conf.locale import LANG_INFO
from py3langid.langid import LanguageIdentifier

# Below this probability (0 to 1) it is a guess: "Nice!" is good in a dozen languages.
SURE_ENOUGH = 0.4
# A longer text tells no more (characters).
ENOUGH = 1000
# The languages that are told apart: those that Django has a name for. It knows Chinese by its
# scripts only.
KNOWN = {
    code: str(told["name"])
    for code, told in LANG_INFO.items()
    if len(code) == 2 and "name" in told and code not in ("eo", "ia", "io")
} | {"zh": "Chinese"}


def of(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, such as "en", or "" when it is not clear."""
    code, certainty = _identifier().classify(text[:ENOUGH])
    return code if certainty >= SURE_ENOUGH else ""


def name(code: str) -> str:
    """Return the English name of a language, such as "Norwegian"; the code itself if unknown."""
    return KNOWN.get(code, code)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """Load the model once for each process: half a second, and only where comments wait."""
    identifier = LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)
    identifier.set_languages(sorted(set(identifier.nb_classes) & set(KNOWN)))
    return identifier
