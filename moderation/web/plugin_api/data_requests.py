"""Data subject requests (GDPR), for a site's own servers."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Scope
from moderation.review.people import data_export, erasure
from moderation.web.plugin_api.base import KeyView


class PersonSerializer(serializers.Serializer[Any]):
    """A person, by email address."""

    email = serializers.EmailField(max_length=254)


class ErasureSerializer(PersonSerializer):
    """Whom to erase, and whether the texts go, too."""

    remove_text = serializers.BooleanField(
        required=False, help_text="Without it, as the site is set up."
    )


class ErasureResultSerializer(serializers.Serializer[Any]):
    """How many comments the person had written."""

    comments = serializers.IntegerField()


class PersonExportView(KeyView):
    """Export of the data held on a person."""

    scope = Scope.PEOPLE

    @extend_schema(request=PersonSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """Return everything that is held at the site under an address, for that person."""
        email = self.validated_body(PersonSerializer)["email"]
        data = data_export.export_person(self.site, email, by=self.key, now=timezone.now())
        if not data:
            raise NotFound("Nothing is held under this address.")
        return Response(data, headers={"Cache-Control": "no-store"})


class PersonErasureView(KeyView):
    """Erasure of a person's data."""

    scope = Scope.PEOPLE

    @extend_schema(request=ErasureSerializer, responses=ErasureResultSerializer)
    def post(self, request: Request) -> Response:
        """Erase name, address, network and browser of a person, and on request the texts."""
        body = self.validated_body(ErasureSerializer)
        comments = erasure.erase_person(
            self.site,
            body["email"],
            remove_text=body.get("remove_text", self.site.remove_erased_texts),
            by=self.key,
            now=timezone.now(),
        )
        return Response({"comments": comments})
