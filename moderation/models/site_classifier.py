"""What the classifier has learned at a site: a numbered layer, and what its gate measured."""

from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from comments.models import Site
from comments.models.ids import new_id


class LearningState(models.TextChoices):
    """Whether a site's classifier scores."""

    CANDIDATE = "CANDIDATE", _("kept, and not used")
    SHADOW = "SHADOW", _("its scores are noted, and decide nothing")
    STANDING = "STANDING", _("it scores")
    RETIRED = "RETIRED", _("it scored once")


# So many of a site's newest keep their layers, each of some 100 kB; of older ones that do not score
# the numbers alone are kept.
KEPT_LAYERS = 50
NO_LAYER: dict[str, object] = {}


class SiteClassifierQuerySet(models.QuerySet["SiteClassifier"]):
    """Append the classifiers of sites."""

    @transaction.atomic
    def append(self, candidate: "SiteClassifier") -> "SiteClassifier":
        """Store a classifier under the next number of its site, and purge old layers."""
        Site.objects.select_for_update().get(pk=candidate.site_id)
        own = self.filter(site=candidate.site)
        candidate.number = (own.aggregate(n=Max("number"))["n"] or 0) + 1
        candidate.save(force_insert=True)
        unused = own.filter(state__in=[LearningState.CANDIDATE, LearningState.RETIRED])
        old = unused.filter(number__lte=candidate.number - KEPT_LAYERS)
        old.exclude(layer=NO_LAYER).update(layer=NO_LAYER)
        return candidate


class SiteClassifier(models.Model):
    """A layer over the classifier of this version, as `ml.adaptation.layer` stores it.

    `gate` is what `moderation.screening.learning.evaluation` measured. `learned_until` is when the
    newest label that it learned from was given.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="classifiers", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=LearningState)
    base_version = models.CharField(max_length=64)
    layer = models.JSONField()
    texts = models.PositiveIntegerField(help_text="How many texts it learned from.")
    learned_until = models.DateTimeField()
    gate = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects: ClassVar = SiteClassifierQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="one_classifier_per_number"),
            models.UniqueConstraint(
                fields=["site", "state"],
                condition=Q(state__in=["STANDING", "SHADOW"]),
                name="one_classifier_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"Classifier {self.number} of {self.site}"

    @property
    def refusals(self) -> list[str]:
        """Why its gate did not let it pass; empty where it did."""
        return list(self.gate.get("refusals", []))
