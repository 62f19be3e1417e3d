"""What a site does with what its classifier has learned."""

from enum import StrEnum


class LearningMode(StrEnum):
    """Whether a classifier that has passed its gate scores."""

    OFF = "off"
    SHADOW = "shadow"
    ON = "on"
