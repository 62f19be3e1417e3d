"""What moderators read for reasons, categories and codes, in the language of the desk."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from moderation.rules.verdicts import Category, Reason, Verdict

REASONS = {
    Reason.DECOY_FILLED: _("A hidden field was filled in, by a bot or by a browser's autofill."),
    Reason.FORM_TOKEN_MISSING: _("It did not come from the form."),
    Reason.FORM_TOKEN_FORGED: _("Its form was not one of ours."),
    Reason.FORM_TOKEN_EXPIRED: _("Its form was older than the site allows."),
    Reason.FORM_TOKEN_REUSED: _("Its form had been used for another comment."),
    Reason.FORM_TOKEN_FOREIGN: _("Its form was given to another network or browser."),
    Reason.FORM_TOO_FAST: _("The form came back faster than anybody types."),
    Reason.BANNED: _("The author, the network or a linked domain is banned."),
    Reason.REPEATED: _("The same text was posted here before."),
    Reason.LIKE_SPAM: _("It is a near-duplicate of what a moderator called spam."),
    Reason.LIKE_REJECTED: _("It is a near-duplicate of what a moderator rejected."),
    Reason.SHADOW_SCORE: _("What was learned here would say, in shadow:"),
    Reason.HAS_LINKS: _("It has links."),
    Reason.TOO_MANY_LINKS: _("It has more links than the house rules allow."),
    Reason.BLOCKED_HOST: _("It links to a host that is on a blocklist."),
    Reason.HELD_WORD: _("It has words that the house rules hold."),
    Reason.REJECTED_WORD: _("It has words that the house rules reject."),
    Reason.FIRST_COMMENT: _("No comment of this author has been approved yet."),
    Reason.KNOWN_AUTHOR: _("Comments of this author have been approved before."),
    Reason.TRUSTED_AUTHOR: _("The author is trusted."),
    Reason.ADDRESS_UNCONFIRMED: _("Its writer has not confirmed the email address."),
    Reason.GUEST: _("Its writer is a guest: the site has not signed them on."),
    Reason.ALL_HELD: _("The house rules hold every comment."),
    Reason.FLOOD: _("The site was being flooded, and its author is new."),
    Reason.NO_CHALLENGE: _("It came in a flood, from a page without JavaScript."),
    Reason.WATCHED_AUTHOR: _("A moderator wants every comment of this author held."),
    Reason.EDITED_AFTER_RULING: _("The text was changed after a moderator had decided about it."),
    Reason.OWN_ADDRESS: _("The text has the email address that its author gave in confidence."),
    Reason.CLASSIFIER_AWAY: _("The classifier was away, so a person must look."),
    Reason.SCREENING_FAILED: _("It could not be screened, so a person must look."),
    Reason.EXTERNAL_APPROVE: _("The external moderator has nothing against it."),
    Reason.EXTERNAL_HOLD: _("The external moderator wants a person to look."),
    Reason.EXTERNAL_REJECT: _("The external moderator says that it is against the rules."),
    Reason.EXTERNAL_SPAM: _("The external moderator says that it is spam."),
    Reason.EXTERNAL_SILENT: _("The external moderator did not answer in time."),
}
LINES = {
    "hold_first_comment": _("The house rules hold the first comment of every author."),
    "hold_guests": _("The house rules hold what guests write."),
    "in_flood": _("It came in a flood, from a page without JavaScript."),
    "confirm_email": _("The house rules hold it until its writer confirms the email address."),
}
LIKELIHOODS = (
    (0.95, pgettext_lazy("before a harm", "Almost certainly")),
    (0.8, pgettext_lazy("before a harm", "Very likely")),
    (0.5, pgettext_lazy("before a harm", "Likely")),
    (0.2, pgettext_lazy("before a harm", "Possibly")),
)
HARMS = {
    "SPAM": pgettext_lazy("after how likely it is", "spam"),
    "TOXICITY": pgettext_lazy("after how likely it is", "toxic"),
    "SEVERE_TOXICITY": pgettext_lazy("after how likely it is", "severely toxic"),
    "INSULT": pgettext_lazy("after how likely it is", "an insult"),
    "THREAT": pgettext_lazy("after how likely it is", "a threat"),
    "IDENTITY_ATTACK": pgettext_lazy("after how likely it is", "an attack on a group"),
    "PROFANITY": pgettext_lazy("after how likely it is", "profane"),
    "SEXUAL": pgettext_lazy("after how likely it is", "sexual"),
}
COUNTS = {
    "approved": _("%(number)s approved"),
    "rejected": _("%(number)s rejected"),
    "spam": _("%(number)s spam"),
    "deleted": _("%(number)s deleted"),
}
PROBLEMS = {
    "comment-gone": _("It is gone."),
    "revision-stale": _("Its author has changed it meanwhile."),
    "not-undoable": _("Somebody has decided since."),
    "own-appeal": _("Its author appeals against your own decision."),
    "already-decided": _("Somebody has decided meanwhile."),
    "reasons-missing": _("Its author appeals, and is to be told reasons."),
    "reason-unknown": _("Its site does not have this reason."),
}
CATEGORIES = {
    Category.SPAM.value: pgettext_lazy("category", "Spam"),
    Category.TOXICITY.value: pgettext_lazy("category", "Toxicity"),
    Category.SEVERE_TOXICITY.value: pgettext_lazy("category", "Severe toxicity"),
    Category.INSULT.value: pgettext_lazy("category", "Insult"),
    Category.THREAT.value: pgettext_lazy("category", "Threat"),
    Category.IDENTITY_ATTACK.value: pgettext_lazy("category", "Identity attack"),
    Category.PROFANITY.value: pgettext_lazy("category", "Profanity"),
    Category.SEXUAL.value: pgettext_lazy("category", "Sexual"),
}
# What weighs beside words, as `ml.explain` names it.
FEATURES = {
    "author's name": _("the author’s name"),
    "author's website": _("the author’s website"),
    "author's email": _("the author’s email address"),
    "links": pgettext_lazy("what weighs beside words", "links"),
    "second reader": _("the second reader"),
}
VERDICTS = {
    Verdict.APPROVE.value: _("Approve"),
    Verdict.HOLD.value: _("Hold"),
    Verdict.REJECT.value: _("Reject"),
    Verdict.SPAM.value: _("Spam"),
    Verdict.DELETE.value: _("Delete"),
}
