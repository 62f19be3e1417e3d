"""How sentences are cut into runs of the encoder."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ml.context.encoder import BATCH, RUN, cheapest_runs

LENGTHS = st.lists(st.integers(2, 96), max_size=9).map(sorted)


def cost(lengths: list[int], runs: list[slice]) -> int:
    return sum(RUN + max(lengths[run]) * len(lengths[run]) for run in runs)


def all_ways(count: int) -> list[list[slice]]:
    """Return every way to cut a list of a few sentences."""
    ways = []
    for cuts in range(2 ** max(0, count - 1)):
        at = [0, *(n + 1 for n in range(count - 1) if cuts >> n & 1), count]
        ways.append([slice(start, end) for start, end in pairwise(at)])
    return ways if count else [[]]


@given(LENGTHS)
def test_no_other_way_to_cut_costs_less(lengths: list[int]) -> None:
    found = cost(lengths, cheapest_runs(lengths))
    assert found == min(cost(lengths, way) for way in all_ways(len(lengths)))


@given(st.lists(st.integers(2, 96), max_size=300).map(sorted))
def test_each_sentence_is_read_once_in_a_bounded_run(lengths: list[int]) -> None:
    runs = cheapest_runs(lengths)
    assert [length for run in runs for length in lengths[run]] == lengths
    assert all(0 < len(lengths[run]) <= BATCH for run in runs)


def test_a_long_sentence_does_not_make_short_ones_long() -> None:
    assert cheapest_runs([8, 8, 8, 90]) == [slice(0, 3), slice(3, 4)]


def test_sentences_of_one_length_share_a_run() -> None:
    assert cheapest_runs([12] * 16) == [slice(0, 16)]
