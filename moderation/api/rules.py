"""The review endpoints of the house rules."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.schema import PROBLEMS
from comments.models import Role
from moderation import auditing
from moderation.api import requests
from moderation.api.review_view import ReviewView
from moderation.models import Act, Policy


class WordsView(ReviewView):
    """The words that hold or reject a comment."""

    @extend_schema(
        operation_id="read_words",
        parameters=[requests.SiteChoiceSerializer],
        responses={200: requests.WordsSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return the words of a site."""
        policy = Policy.objects.current(self._site(Role.VIEWER))
        return Response(requests.WordsSerializer(policy).data)

    @extend_schema(
        operation_id="set_words",
        parameters=[requests.SiteChoiceSerializer],
        request=requests.WordsSerializer,
        responses={200: requests.WordsSerializer, **PROBLEMS},
    )
    def put(self, request: Request) -> Response:
        """Set the words of a site, as the next revision of its house rules."""
        serializer = requests.WordsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        site = self._site(Role.OWNER)
        policy = Policy.objects.current(site)
        policy.held_words = serializer.validated_data["held_words"]
        policy.rejected_words = serializer.validated_data["rejected_words"]
        policy.created_by = self.user
        Policy.objects.append(policy)
        now = timezone.now()
        auditing.note(Act.RULES_SET, site=site, by=self.user, now=now, subject=policy.revision)
        return Response(requests.WordsSerializer(policy).data)

    def _site(self, role: Role) -> Any:
        asked = requests.SiteChoiceSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return self.site(asked.validated_data["site"], role)
