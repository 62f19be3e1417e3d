"""Find comments whose form token is missing or does not fit, or that were sent too fast."""

from collections.abc import Iterator, Sequence
from typing import Any

from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject

STATES = {
    "missing": Reason.FORM_TOKEN_MISSING,
    "forged": Reason.FORM_TOKEN_FORGED,
    "expired": Reason.FORM_TOKEN_EXPIRED,
    "reused": Reason.FORM_TOKEN_REUSED,
    "foreign": Reason.FORM_TOKEN_FOREIGN,
}


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield the FORM_TOKEN_* reason of an invalid token, or FORM_TOO_FAST."""
    for subject in batch:
        form = subject.comment.intake.get("form")
        if form and (reason := _reason(form, min_seconds=subject.comment.site.min_seconds)):
            yield subject, Finding(check_name="form_token", reason=reason, evidence=form)


def _reason(form: dict[str, Any], *, min_seconds: int) -> Reason | None:
    if form["state"] in ("valid", "reused", "foreign") and form["seconds"] < min_seconds:
        return Reason.FORM_TOO_FAST
    return STATES.get(form["state"])
