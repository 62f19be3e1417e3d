"""Filters of lists: a parameter is validated as a field of a request body is."""

from typing import Any

import pytest
from rest_framework import serializers

from comments.http.filters import QueryFilter, QueryFilterSet
from comments.models import Comment
from moderation.web.review_api.base import ReviewView
from tests.conftest import Api

FIELDS: dict[str, Any] = {
    "status": serializers.ChoiceField(choices=["approved"]),
    "thread": serializers.UUIDField(),
    "since": serializers.DateTimeField(),
    "links": serializers.BooleanField(),
    "q": serializers.CharField(max_length=3),
}


class EveryFieldFilterSet(QueryFilterSet):
    status = QueryFilter(FIELDS["status"])
    thread = QueryFilter(FIELDS["thread"])
    since = QueryFilter(FIELDS["since"])
    links = QueryFilter(FIELDS["links"])
    q = QueryFilter(FIELDS["q"])


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", ["100%", "%s%d", "nonsense"])
def test_a_bad_parameter_has_the_message_and_code_of_a_body(name: str, value: str) -> None:
    filterset = EveryFieldFilterSet({name: value}, Comment.objects.none())
    with pytest.raises(serializers.ValidationError) as in_body:
        FIELDS[name].run_validation(value)
    (error,) = filterset.errors.as_data()[name]
    (expected,) = in_body.value.detail
    assert (error.message % (), error.code) == (str(expected), expected.code)


@pytest.mark.parametrize("value", ["", None])
def test_an_empty_parameter_filters_nothing(value: str | None) -> None:
    assert EveryFieldFilterSet({"status": value}, Comment.objects.none()).is_valid()


@pytest.mark.django_db
def test_every_bad_filter_of_a_list_is_named_at_once(review: Api) -> None:
    answer = review.get("queue", {"thread": "none", "order": "shortest"})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    errors = {(e["pointer"], e["code"], e["detail"]) for e in answer.json()["errors"]}
    assert errors == {
        ("/thread", "invalid", "Must be a valid UUID."),
        ("/order", "invalid_choice", '"shortest" is not a valid choice.'),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("reports", 404), ("appeals", 404), ("authors", 200)])
def test_the_site_of_somebody_else_is_as_one_that_does_not_exist(
    review: Api, path: str, status: int
) -> None:
    assert review.get(path, {"site": "nobodys"}).status_code == status


def test_a_view_without_filters_has_one_order_only() -> None:
    view = ReviewView()
    assert view.filter_backends[0]().get_ordering(None, Comment.objects.none(), view) is None  # type: ignore[arg-type]
