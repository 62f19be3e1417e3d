"""The preview of a comment: its HTML, and a nudge where readers may take it amiss."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.text.markdown import render
from moderation.screening.nudge import nudge
from moderation.screening.preview import Draft
from moderation.web.public_api.base import SiteView
from moderation.web.shared.submission_serializers import length_at_most

# Requests a minute from one address: people stop to think while they type.
MOST_PREVIEWS = 60


class DraftSerializer(serializers.Serializer[Any]):
    """A draft of a comment."""

    body = serializers.CharField(
        trim_whitespace=False, allow_blank=True, help_text="Markdown, just as it was typed."
    )
    author_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    author_url = serializers.CharField(max_length=500, required=False, allow_blank=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if site := self.context.get("site"):
            self.fields["body"].validators.append(length_at_most(site.max_length))


class NudgeSpanSerializer(serializers.Serializer[Any]):
    """A part of the body, in UTF-16 code units; `end` is behind the last one."""

    begin = serializers.IntegerField()
    end = serializers.IntegerField()


class NudgeSerializer(serializers.Serializer[Any]):
    """What readers may take amiss. The comment may be posted all the same."""

    categories = serializers.ListField(child=serializers.CharField(), help_text="Of harm.")
    message = serializers.CharField(help_text="For the author, in the caller's language.")
    spans = NudgeSpanSerializer(many=True, help_text="The words in question.")


class PreviewSerializer(serializers.Serializer[Any]):
    """The HTML of a draft, and a nudge for its author."""

    body_html = serializers.CharField()
    nudge = NudgeSerializer(allow_null=True)


class PreviewView(SiteView):
    """Previews of drafts, which are not stored."""

    @extend_schema(request=DraftSerializer, responses=PreviewSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Return the HTML of a draft, and a nudge where it may hurt somebody.

        The author's address is not used, since the response must not show whose it is.
        """
        self.limit("preview", MOST_PREVIEWS)
        data = self.validated_body(DraftSerializer, site=self.site)
        draft = Draft(
            text=data["body"],
            author_name=data.get("author_name", ""),
            author_url=data.get("author_url", "") if self.site.allow_website else "",
        )
        warning = nudge(draft, site=self.site, now=timezone.now()) if draft.text.strip() else None
        answer = {"body_html": render(draft.text), "nudge": warning}
        return Response(PreviewSerializer(answer).data, headers={"Cache-Control": "no-store"})
