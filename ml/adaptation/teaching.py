"""Which texts teach a layer most: those it doubts, with words that it has seldom seen.

Doubt alone asks for copies of one text; words alone ask for what is clear. Texts are chosen one by
one, each for the words that those before it did not have (a submodular function, by lazy greedy
choice: Minoux 1978). Settles, "Active Learning Literature Survey" (2009), sections 2.1 and 5.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from heapq import heapify, heapreplace
from math import log, sqrt

from ml.adaptation.layer import log_odds

# A word counts that so many of the texts have: others tell of one text.
LEAST_TEXTS = 2


def doubt(scores: Mapping[str, float], hold_at: Mapping[str, float]) -> float:
    """Return how near a score is to the threshold of its category, at most 1, in log odds."""
    near = (abs(log_odds(scores[c]) - log_odds(hold_at[c])) for c in hold_at if c in scores)
    return 1 / (1 + min(near, default=0.0) / 2)


def most_instructive(
    texts: Sequence[Collection[str]], doubts: Sequence[float], learned: Mapping[str, int]
) -> list[int]:
    """Return the numbers of the texts, the one first that teaches most.

    `texts` are the words of each, `learned` in how many labelled texts a word was.
    """
    often = Counter(word for words in texts for word in set(words))
    value = {word: log(1 + n) for word, n in often.items() if n >= LEAST_TEXTS}
    known = Counter(learned)

    def gain(number: int) -> float:
        words = set(texts[number])
        new = sum(value[word] / (1 + known[word]) for word in words if word in value)
        return doubts[number] * new / (1 + sqrt(len(words)))

    waiting = [(-gain(number), number) for number in range(len(texts))]
    heapify(waiting)
    order = []
    while waiting:
        number = waiting[0][1]
        now = (-gain(number), number)
        # What others have taught meanwhile makes a text worth less, never more.
        if now > min(waiting[1:3], default=now):
            heapreplace(waiting, now)
            continue
        order.append(number)
        known.update(set(texts[number]))
        last = waiting.pop()
        if waiting:
            heapreplace(waiting, last)
    return order
