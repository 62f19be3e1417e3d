"""`{{ decision.verdict|verdict }}` and `{{ name|status }}`: both in the language of the desk."""

from django import template

from comments.models import Status
from moderation.web.desk.base.wording import verdict_in_words

register = template.Library()
register.filter("verdict", verdict_in_words)


@register.filter
def status(name: str) -> str:
    """Return the label of a status."""
    return str(dict(Status.choices).get(name, name))
