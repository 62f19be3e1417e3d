"""Single sign-on, for sites with accounts of their own."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.accounts import single_sign_on
from comments.http import guesses, problems
from moderation.web.public_api.base import SiteView


class SignOnSerializer(serializers.Serializer[Any]):
    """A JWT of the site: `sub`, `name`, `email`, `iat`, `exp`, `aud`, `jti`."""

    token = serializers.CharField(
        max_length=single_sign_on.MAX_TOKEN_LENGTH,
        help_text="HS256 or EdDSA; `aud` is the site's slug.",
    )


class SignedOnSerializer(serializers.Serializer[Any]):
    """The reader who is signed on."""

    reader_token = serializers.CharField(help_text="Send it with comments, for twelve hours.")
    name = serializers.CharField()
    expires_at = serializers.DateTimeField()


class SignOnView(SiteView):
    """Sign-on of a reader."""

    @extend_schema(request=SignOnSerializer, responses=SignedOnSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Exchange the site's token, which can be used once, for a reader token."""
        now = timezone.now()
        token = self.validated_body(SignOnSerializer)["token"]
        try:
            reader = single_sign_on.sign_on(token, site=self.site, now=now)
        except single_sign_on.InvalidSignOnToken as error:
            guesses.mark(request._request)
            raise problems.refusal(error, code=error.code) from None
        answer = {
            "reader_token": single_sign_on.issue_reader_token(reader, site=self.site, now=now),
            "name": reader.name or _("Anonymous"),
            "expires_at": now + single_sign_on.READER_TOKEN_LIFETIME,
        }
        return Response(SignedOnSerializer(answer).data, headers={"Cache-Control": "no-store"})
