"""The preview: how a comment will look, and how readers may take it."""

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
from moderation.web.shared.comment_serializers import length_at_most
from moderation.web.shared.schema import PROBLEMS

# Previews that one address may ask for in a minute: people stop to think while they type.
MOST_PREVIEWS = 60


class DraftSerializer(serializers.Serializer[Any]):
    """A comment that is being written."""

    body = serializers.CharField(
        trim_whitespace=False, allow_blank=True, help_text="Markdown, just as it was typed."
    )
    author_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    author_url = serializers.CharField(max_length=500, required=False, allow_blank=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if site := self.context.get("site"):
            self.fields["body"].validators.append(length_at_most(site.max_length))


class MarkSerializer(serializers.Serializer[Any]):
    """A part of the body, in UTF-16 code units; `end` is behind the last one."""

    begin = serializers.IntegerField()
    end = serializers.IntegerField()


class NudgeSerializer(serializers.Serializer[Any]):
    """What readers may take amiss. The comment may be posted all the same."""

    categories = serializers.ListField(child=serializers.CharField(), help_text="Of harm.")
    message = serializers.CharField(help_text="For the author, in the caller's language.")
    spans = MarkSerializer(many=True, help_text="The words in question.")


class PreviewSerializer(serializers.Serializer[Any]):
    """How a comment will look, and what to tell its author before it is posted."""

    body_html = serializers.CharField()
    nudge = NudgeSerializer(allow_null=True)


class PreviewView(SiteView):
    """Drafts; nothing of them is stored."""

    @extend_schema(request=DraftSerializer, responses={200: PreviewSerializer, **PROBLEMS})
    def post(self, request: Request, slug: str) -> Response:
        """Show a draft as it will look, with a gentle word where it may hurt somebody.

        The author's address is of no use here, since the answer must not tell whose it is.
        """
        self.limit("preview", MOST_PREVIEWS)
        serializer = DraftSerializer(data=request.data, context={"site": self.site})
        serializer.is_valid(raise_exception=True)
        typed = serializer.validated_data
        draft = Draft(
            text=typed["body"],
            author_name=typed.get("author_name", ""),
            author_url=typed.get("author_url", "") if self.site.allow_website else "",
        )
        found = nudge(draft, site=self.site, now=timezone.now()) if draft.text.strip() else None
        answer = {"body_html": render(draft.text), "nudge": found}
        return Response(PreviewSerializer(answer).data, headers={"Cache-Control": "no-store"})
