"""Celery tasks of learning."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from comments.models import Site
from moderation.models import Policy
from moderation.rules.learning import LearningMode
from moderation.screening.classifier import ClassifierAway
from moderation.screening.learning import candidates, teaching

log = logging.getLogger(__name__)


@shared_task(name="moderation.tasks.learn")
def learn(**_: Any) -> None:
    """Have the classifier learn at every site with enough new labels that allows it."""
    for site in Site.objects.filter(pk__in=candidates.due_sites()):
        if Policy.objects.current(site).learning == LearningMode.OFF:
            continue
        try:
            learned = candidates.learn(site, now=timezone.now())
        except (candidates.NothingToLearn, ClassifierAway) as error:
            log.info("nothing is learned at %s: %s", site.slug, error)
        else:
            log.info("classifier %s of %s: %s", learned.number, site.slug, learned.gate)


@shared_task(name="moderation.tasks.rank_lessons")
def rank_lessons(**_: Any) -> None:
    """Rank what waits at each site that learns by how much a decision would teach."""
    try:
        for site in teaching.due_sites():
            teaching.rank(site)
    except ClassifierAway as error:
        log.info("what waits is not ranked: %s", error)
