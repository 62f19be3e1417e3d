"""What every endpoint of the plugin API inherits: the key, its site, and errors as problems."""

from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from comments.accounts import api_keys
from comments.accounts.single_sign_on import InvalidSignOnToken
from comments.models import Comment, Scope, Site
from moderation.decisions.proposals import RevisionStale
from moderation.intake.refusals import ParentUnknown
from moderation.web.plugin_api.base import KeyView
from tests.factories import NOW, CommentFactory

pytestmark = pytest.mark.django_db


class Listing(KeyView, GenericAPIView):
    """Returns the comments that the key may see."""

    scope = Scope.COMMENTS
    queryset = Comment.objects.all()

    def get(self, request: Any) -> Response:
        """Return the ids, and whose they are."""
        ids = [str(pk) for pk in self.get_queryset().values_list("pk", flat=True)]
        return Response({"ids": ids, "site": self.site.slug, "caller": self.caller})


class Refusing(KeyView):
    """Raises an error of the domain."""

    scope = Scope.COMMENTS
    error: Exception = Exception()

    def get(self, request: Any) -> Response:
        """Raise it."""
        raise self.error


def issue(site: Site, scope: Scope = Scope.COMMENTS) -> api_keys.IssuedKey:
    return api_keys.issue(site, scopes=[scope], name="the blog", now=NOW)


def get(view: type[KeyView], authorization: str = "", **initial: Any) -> Any:
    headers = {"Authorization": authorization} if authorization else {}
    answer = view.as_view(**initial)(RequestFactory().get("/", headers=headers))
    return answer.render()


def test_a_key_sees_the_rows_of_its_site_alone(site: Site) -> None:
    own, _ = CommentFactory(thread__site=site), CommentFactory()
    issued = issue(site)
    answer = get(Listing, f"Bearer {issued.secret}")
    assert answer.data["ids"] == [str(own.pk)]
    assert (answer.data["site"], answer.data["caller"]) == ("gazette", f"key {issued.key.pk}")


@pytest.mark.parametrize("form", ["bearer {}", "BEARER {}", "Bearer   {} "])
def test_the_scheme_is_read_in_any_case_and_spaces_are_ignored(site: Site, form: str) -> None:
    assert get(Listing, form.format(issue(site).secret)).status_code == 200


def test_an_unknown_key_is_named_as_the_cause(site: Site) -> None:
    answer = get(Listing, "Bearer lar_unknown")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="plugin API"'
    assert "unknown, revoked or expired" in answer.data["detail"]


@pytest.mark.parametrize("authorization", ["", "Token {}", "{}", "Basic {}"])
def test_without_a_bearer_token_a_key_is_asked_for(site: Site, authorization: str) -> None:
    answer = get(Listing, authorization.format(issue(site).secret))
    assert answer.status_code == 401
    assert "Send the key of a site" in answer.data["detail"]


def test_a_missing_scope_is_named(site: Site) -> None:
    answer = get(Listing, f"Bearer {issue(site, Scope.CHECKS).secret}")
    assert (answer.status_code, answer.data["type"].rsplit(":", 1)[1]) == (403, "scope-missing")
    assert "“comments”" in answer.data["detail"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ParentUnknown("No such parent."), 400, "parent-unknown"),
        (RevisionStale("It was edited."), 409, "revision-stale"),
        (InvalidSignOnToken("It has expired."), 401, "sign-on-refused"),
    ],
)
def test_errors_of_the_domain_are_problems(
    site: Site, error: Exception, status: int, code: str
) -> None:
    answer = get(Refusing, f"Bearer {issue(site).secret}", error=error)
    assert (answer.status_code, answer.data["detail"]) == (status, str(error))
    assert answer.data["type"].rsplit(":", 1)[1] == code


def test_a_refused_submission_names_its_field(site: Site) -> None:
    answer = get(Refusing, f"Bearer {issue(site).secret}", error=ParentUnknown("No such parent."))
    assert "parent" in str(answer.data["errors"])
