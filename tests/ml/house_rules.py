"""What the default house rules do with a comment, by its scores alone."""

from ml.classifier import Classifier
from ml.context.second_reader import TwoReaders


def is_held(classifier: Classifier | TwoReaders, text: str, name: str = "Maria Keller") -> bool:
    """Return whether a comment is held, or set aside, in any category."""
    scores = classifier.score([{"text": text, "author_name": name}])[0]
    return any(scores[c] >= limits["hold_at"] for c, limits in classifier.thresholds.items())
