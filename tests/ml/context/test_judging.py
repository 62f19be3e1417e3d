"""What the words get right comes out right as well when it is read twice, as a site does it."""

import pytest

from ml.context.artifact import open_classifier
from ml.context.second_reader import TwoReaders
from tests.ml.house_rules import is_held
from tests.ml.test_judging import MEANT_FOR_NOBODY, MEANT_FOR_OTHERS, NO_SPAM, SPAM


@pytest.fixture(scope="module")
def served() -> TwoReaders:
    opened = open_classifier()
    assert isinstance(opened.classifier, TwoReaders), opened.second_reader_away
    return opened.classifier


@pytest.mark.parametrize("text", [*MEANT_FOR_NOBODY, *NO_SPAM])
def test_what_harms_nobody_is_published(served: TwoReaders, text: str) -> None:
    assert not is_held(served, text)


@pytest.mark.parametrize("text", [*MEANT_FOR_OTHERS, *SPAM])
def test_what_harms_is_held(served: TwoReaders, text: str) -> None:
    assert is_held(served, text)
