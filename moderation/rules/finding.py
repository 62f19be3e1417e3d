"""What the rules read of a finding, whoever stores it."""

from typing import Protocol


class FindingLike(Protocol):
    """The attributes of a finding on which a verdict depends; `Finding` of the models has them."""

    @property
    def check_name(self) -> str:
        """The name of the check that reported it."""

    @property
    def category(self) -> str:
        """The category that is scored; "" where there is no score."""

    @property
    def score(self) -> float | None:
        """A calibrated probability, 0 to 1, or None."""

    @property
    def reason(self) -> str:
        """A value of Reason."""
