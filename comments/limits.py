"""The error of limits in sum, without the models: it is known before Django is set up."""


class LimitReached(Exception):
    """There are as many rows of a kind as there may be; the message says what to do."""

    code = "limit-reached"
