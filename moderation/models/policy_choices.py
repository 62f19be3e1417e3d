"""The words in which owners choose among the values of policy fields, and find the fields."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from moderation.rules.learning import LearningMode
from moderation.rules.presets import ScoreUse
from moderation.rules.verdicts import ConfirmEmail, NearDuplicates

CONFIRM_EMAIL = {
    ConfirmEmail.NEVER.value: _("Never"),
    ConfirmEmail.FIRST.value: _("Before the first comment is published"),
    ConfirmEmail.TRUST.value: _("Before an author is trusted"),
}

NEAR_DUPLICATES = {
    NearDuplicates.PASS.value: _("Are judged like any text"),
    NearDuplicates.HOLD.value: _("Wait for a person"),
    NearDuplicates.SET_ASIDE.value: _("Are set aside as spam where that was spam; else they wait"),
}

LEARNING = {
    LearningMode.OFF.value: _("Learn nothing"),
    LearningMode.SHADOW.value: _("Learn, and note what it would say"),
    LearningMode.ON.value: _("Learn, and score with what proved to be better"),
}

LEARNING_CHOICES = list(LEARNING.items())

SCORE_USE = {
    ScoreUse.MEASURED.value: _(
        "As measured: doubtful comments wait, spam beyond doubt is set aside"
    ),
    ScoreUse.SOONER.value: _("Sooner: whatever is a little doubtful waits, too"),
    ScoreUse.SPAM_ALONE.value: _("For spam alone: nothing waits, spam beyond doubt is set aside"),
}

# The sections of the owners' form, with their fields.
SECTIONS: Mapping[Any, tuple[str, ...]] = {
    _("Who waits"): ("hold_all", "hold_guests", "hold_first_comment"),
    _("Authors"): (
        "confirm_email",
        "publish_trusted",
        "trust_after",
        "tell_authors",
    ),
    _("Words and links"): ("max_links", "near_duplicates", "held_words", "rejected_words"),
    _("Scores"): ("score_use", "thresholds", "learning", "ignored_words", "audit_percent"),
    _("Readers and time"): ("reports_to_hold", "close_after_days"),
    _("Who may write, and when"): ("members_only", "slow_seconds", "paused", "pause_message"),
}
