"""The review endpoints of what a site's classifier has learned, and of which one scores."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.views import get_or_not_found
from comments.models import Role, Site
from moderation.models import Policy, SiteClassifier
from moderation.screening.learning import corrections, promotion, records
from moderation.screening.policy.revisions import set_policy
from moderation.web.review_api.base import OneSiteView
from moderation.web.review_api.classifier_serializers import (
    ClassifierDetailSerializer,
    ClassifierSerializer,
    IgnoredWordSerializer,
    LearningSerializer,
    PromotionSerializer,
)
from moderation.web.review_api.requests import SiteChoiceSerializer

ONE_SITE = [SiteChoiceSerializer]
NO_CLASSIFIER = "There is no classifier of this number."


class LearningView(OneSiteView):
    """What becomes of what is learned at a site, and what scores there."""

    write_role = Role.OWNER
    serializer_class = LearningSerializer

    @extend_schema(operation_id="read_learning", parameters=ONE_SITE)
    def get(self, request: Request) -> Response:
        """Return the mode of learning, and the numbers of what scores and of what is in shadow."""
        return _learning(self.chosen_site())

    @extend_schema(operation_id="set_learning", parameters=ONE_SITE)
    def put(self, request: Request) -> Response:
        """Set the mode of learning, as the next revision of the site's house rules."""
        site = self.chosen_site()
        policy = Policy.objects.current(site)
        policy.learning = self.validated_body(LearningSerializer)["mode"]
        set_policy(policy, by=self.user, now=timezone.now())
        return _learning(site)


class IgnoredWordsView(OneSiteView):
    """Words from which nothing is learned."""

    write_role = Role.OWNER

    @extend_schema(
        operation_id="ignore_word",
        parameters=ONE_SITE,
        request=IgnoredWordSerializer,
        responses={200: LearningSerializer},
    )
    def post(self, request: Request) -> Response:
        """Have what was learned from a word forgotten, and the word ignored from now on."""
        site, word = self.chosen_site(), self.validated_body(IgnoredWordSerializer)["word"]
        try:
            corrections.ignore(site, word, by=self.user, now=timezone.now())
        except (corrections.NoSuchWord, promotion.CannotPromote) as error:
            raise problems.refusal(error, code="not-learned") from None
        return _learning(site)


class ClassifiersView(ListModelMixin, OneSiteView):
    """The classifiers of a site."""

    queryset = SiteClassifier.objects.all()
    serializer_class = ClassifierSerializer

    @extend_schema(operation_id="list_classifiers", parameters=ONE_SITE)
    def get(self, request: Request) -> Response:
        """List what was learned at a site, the newest first, with what its gate measured."""
        return self.list(request)

    def get_queryset(self) -> Any:
        """Return the classifiers of the chosen site, without their layers."""
        own = SiteClassifier.objects.filter(site=self.chosen_site()).select_related("promoted_by")
        return own.defer("layer")


class ClassifierView(OneSiteView):
    """The base of the endpoints of one classifier."""

    write_role = Role.OWNER

    def classifier(self, number: int) -> SiteClassifier:
        """Return a classifier of the chosen site; raise NotFound."""
        own = SiteClassifier.objects.filter(site=self.chosen_site()).select_related("promoted_by")
        return get_or_not_found(own, NO_CLASSIFIER, number=number)


class ClassifierDetailView(ClassifierView):
    """One of them."""

    @extend_schema(
        operation_id="read_classifier",
        parameters=ONE_SITE,
        responses={200: ClassifierDetailSerializer},
    )
    def get(self, request: Request, number: int) -> Response:
        """Return what was learned, with the words that weigh most in each category."""
        return Response(ClassifierDetailSerializer(self.classifier(number)).data)


class PromoteView(ClassifierView):
    """Promotion."""

    @extend_schema(
        operation_id="promote_classifier",
        parameters=ONE_SITE,
        request=PromotionSerializer,
        responses={200: ClassifierSerializer},
    )
    def post(self, request: Request, number: int) -> Response:
        """Have a classifier score at a site from now on; what waits is screened again."""
        candidate = self.classifier(number)
        if candidate.refusals and not self.validated_body(PromotionSerializer)["anyway"]:
            why = "; ".join(candidate.refusals)
            raise problems.Problem(409, "not-passed", f"Its gate did not let it pass: {why}.")
        try:
            promotion.promote(candidate, by=self.user, now=timezone.now())
        except promotion.CannotPromote as error:
            raise problems.refusal(error, code="cannot-promote") from None
        return Response(ClassifierSerializer(candidate).data)


class RollBackView(OneSiteView):
    """Return to what scored before."""

    write_role = Role.OWNER

    @extend_schema(
        operation_id="roll_classifier_back",
        parameters=ONE_SITE,
        request=None,
        responses={200: LearningSerializer},
    )
    def post(self, request: Request) -> Response:
        """Have the classifier score that did before; `standing` is null for the shipped one."""
        site = self.chosen_site()
        try:
            promotion.roll_back(site, by=self.user, now=timezone.now())
        except promotion.NothingToRollBack as error:
            raise problems.refusal(error, code="nothing-to-roll-back") from None
        return _learning(site)


def _learning(site: Site) -> Response:
    """Return the mode of learning at a site, and the numbers of its classifiers."""
    state = {"mode": Policy.objects.current(site).learning, **records.numbers(site)}
    return Response(LearningSerializer(state).data)
