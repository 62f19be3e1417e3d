"""`{% script_texts %}`: what the desk's scripts say, in the language of the page."""

from django import template
from django.utils.html import json_script
from django.utils.translation import gettext, gettext_noop

register = template.Library()

# What `texts.js` is asked for: `tests/moderation/web/desk/base/test_language.py` compares them.
TEXTS = (
    gettext_noop("The server could not be reached. Nothing was recorded."),
    gettext_noop("This comment is gone."),
    gettext_noop("Sign in again, please."),
    gettext_noop("There is nothing to undo."),
    gettext_noop("Nobody is told for %(seconds)s s"),
    gettext_noop("Undo sends a correction"),
    gettext_noop("Leave it to the owners"),
    gettext_noop("Why should they look? (may be empty)"),
    gettext_noop("Escalate"),
    gettext_noop("Publish and reply"),
    gettext_noop("Stands below the comment, with the badge of the staff"),
    gettext_noop("Publish reply"),
    gettext_noop("Note about the author"),
    gettext_noop("For colleagues; the author never sees it"),
    gettext_noop("Write note"),
    gettext_noop("more than %(number)s"),
    gettext_noop("%(number)s here"),
    gettext_noop("Claimed: %(claims)s"),
    gettext_noop("Any"),
    gettext_noop("%(number)s picked"),
    gettext_noop("Those picked:"),
    gettext_noop("Without a reason"),
    gettext_noop("%(decided)s of %(total)s decided"),
    gettext_noop("Choose a comment with j first."),
    gettext_noop("The server could not be reached."),
)


@register.simple_tag
def script_texts() -> str:
    """Return the element from which `texts.js` reads, with the English words as keys."""
    return json_script({words: gettext(words) for words in TEXTS}, "desk-texts")
