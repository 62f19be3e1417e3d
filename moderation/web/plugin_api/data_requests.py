"""Privacy requests, for a site's own servers."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Scope
from moderation.review.people import data_requests
from moderation.web.plugin_api.base import KeyView
from moderation.web.shared.schema import PROBLEMS


class PersonSerializer(serializers.Serializer[Any]):
    """A person, by the email address."""

    email = serializers.EmailField(max_length=254)


class ErasureSerializer(PersonSerializer):
    """Whom to erase, and how far."""

    remove_text = serializers.BooleanField(
        required=False, help_text="Without it, as the site is set up."
    )


class ErasedAnswer(serializers.Serializer[Any]):
    """How many comments the person had written."""

    comments = serializers.IntegerField()


class PersonExportView(KeyView):
    """What is held on a person."""

    scope = Scope.PEOPLE

    @extend_schema(
        request=PersonSerializer,
        responses={200: OpenApiTypes.OBJECT, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Return everything that is held at the site under an address, for that person."""
        serializer = PersonSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        email = serializer.validated_data["email"]
        held = data_requests.export_person(self.site, email, now=timezone.now())
        if not held:
            raise NotFound("Nothing is held under this address.")
        return Response(held, headers={"Cache-Control": "no-store"})


class EraseView(KeyView):
    """Erasing a person."""

    scope = Scope.PEOPLE

    @extend_schema(request=ErasureSerializer, responses={200: ErasedAnswer, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """Erase a person: name, address, network and browser go, and the texts if asked for."""
        serializer = ErasureSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = serializer.validated_data
        comments = data_requests.erase_person(
            self.site,
            wanted["email"],
            remove_text=wanted.get("remove_text", self.site.remove_erased_texts),
            now=timezone.now(),
        )
        return Response({"comments": comments})
