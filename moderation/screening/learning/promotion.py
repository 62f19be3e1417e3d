"""Promote a site's classifier, go back to the one before, and screen again what waits."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from comments.models import Comment, Site, Status, User
from moderation.decisions import audit
from moderation.models import (
    Actor,
    AuditAction,
    Decision,
    DecisionSource,
    LearningState,
    SiteClassifier,
)
from moderation.models.audit import SystemActor
from moderation.models.site_classifier import NO_LAYER
from moderation.rules.learning import LearningMode
from moderation.screening import screen, tasks
from moderation.screening.learning import scores


class CannotPromote(Exception):
    """Raised for a classifier that can't score; the message says why."""


class NothingToRollBack(Exception):
    """Raised when no classifier of the site scores."""


def use(candidate: SiteClassifier, *, mode: LearningMode, now: datetime) -> None:
    """Use a candidate that has passed its gate as the site's policy says."""
    if mode is LearningMode.ON:
        promote(candidate, by=SystemActor.SERVICE, now=now)
    elif mode is LearningMode.SHADOW:
        shadow(candidate)


@transaction.atomic
def shadow(candidate: SiteClassifier) -> None:
    """Have the candidate's scores noted beside those that decide."""
    _lock(candidate.site)
    _retire(candidate.site, LearningState.SHADOW)
    candidate.state = LearningState.SHADOW
    candidate.save(update_fields=["state"])


@transaction.atomic
def promote(candidate: SiteClassifier, *, by: Actor, now: datetime) -> None:
    """Have a site's classifier score from now on; the pending and the held are screened again.

    Raises CannotPromote.
    """
    _lock(candidate.site)
    _require_usable(candidate)
    _retire(candidate.site, LearningState.STANDING)
    candidate.state, candidate.promoted_at = LearningState.STANDING, now
    candidate.promoted_by = by if isinstance(by, User) else None
    candidate.save(update_fields=["state", "promoted_at", "promoted_by"])
    detail = {"classifier": candidate.number, "refusals": candidate.refusals}
    audit.record(
        AuditAction.CLASSIFIER_PROMOTED, site=candidate.site, by=by, now=now, detail=detail
    )
    _screen_again(candidate.site)


@transaction.atomic
def roll_back(site: Site, *, by: Actor, now: datetime) -> SiteClassifier | None:
    """Return to the classifier that scored before; None where that is the shipped one.

    Raises NothingToRollBack.
    """
    _lock(site)
    standing = SiteClassifier.objects.filter(site=site, state=LearningState.STANDING).first()
    if standing is None:
        raise NothingToRollBack(
            gettext("The shipped classifier scores here: nothing can be rolled back.")
        )
    _retire(site, LearningState.STANDING)
    earlier = SiteClassifier.objects.filter(
        site=site, state=LearningState.RETIRED, promoted_at__lt=standing.promoted_at
    ).exclude(layer=NO_LAYER)
    previous = earlier.order_by("-promoted_at").first()
    if previous:
        previous.state = LearningState.STANDING
        previous.save(update_fields=["state"])
    detail = {"classifier": standing.number, "to": previous.number if previous else 0}
    audit.record(AuditAction.CLASSIFIER_ROLLED_BACK, site=site, by=by, now=now, detail=detail)
    _screen_again(site)
    return previous


def _require_usable(candidate: SiteClassifier) -> None:
    candidate.refresh_from_db(fields=["state", "layer"])
    if candidate.state == LearningState.STANDING:
        raise CannotPromote(
            gettext("Classifier %(number)s scores already.") % {"number": candidate.number}
        )
    if candidate.layer == NO_LAYER:
        raise CannotPromote(gettext("It is so old that its numbers alone are kept. Learn anew."))
    if candidate.base_version != scores.base_version():
        raise CannotPromote(
            gettext("It was learned for another release of the shipped one. Learn anew.")
        )


def _lock(site: Site) -> None:
    Site.objects.select_for_update().get(pk=site.pk)


def _retire(site: Site, state: LearningState) -> None:
    """Retire the classifier in this state; one that never scored is a candidate again."""
    in_state = SiteClassifier.objects.filter(site=site, state=state)
    in_state.filter(promoted_at=None).update(state=LearningState.CANDIDATE)
    in_state.update(state=LearningState.RETIRED)


def _screen_again(site: Site) -> None:
    """Screen again what the machine held; what readers or people hold is theirs to decide."""
    by_machine = Decision.objects.effective().filter(
        source=DecisionSource.AUTOMATION, comment__site=site, comment__status=Status.HELD
    )
    screen.rescreen(list(by_machine.values_list("comment", flat=True)))
    pending = Comment.objects.filter(site=site, status=Status.PENDING)
    screen.rescreen(list(pending.values_list("pk", flat=True)))
    tasks.enqueue_sweep()
