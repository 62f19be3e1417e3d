"""Comment counts, for lists of articles: the same for readers' pages and for sites' servers."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.models import Site
from comments.threads import counting


class CommentCountsSerializer(serializers.Serializer[Any]):
    """Numbers of public comments by the names of the threads in the request."""

    counts = serializers.DictField(child=serializers.IntegerField())


def counts_response(request: Request, site: Site, *, most: int) -> Response:
    """Return the numbers of public comments of up to `most` threads, named by `?thread=`."""
    names = request.query_params.getlist("thread")
    if len(names) > most:
        raise problems.Problem(400, "too-many-threads", f"Ask for {most} at most.")
    return Response({"counts": counting.counts(site, names)})
