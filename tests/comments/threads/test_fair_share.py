"""A fair share of a budget."""

from hypothesis import given
from hypothesis import strategies as st

from comments.threads.fair_share import fair_share


@given(st.lists(st.integers(1, 500), min_size=1, max_size=40), st.integers(0, 500))
def test_a_fair_share_fits_into_the_budget_and_no_larger_one_would(
    sizes: list[int], budget: int
) -> None:
    limit = fair_share(sizes, budget)
    used = sum(min(size, limit) for size in sizes)
    assert used <= max(budget, len(sizes))
    if limit < max(sizes) and limit > 1:
        assert sum(min(size, limit + 1) for size in sizes) > budget
