"""The words in which owners choose among the values of policy fields."""

from moderation.rules.learning import LearningMode
from moderation.rules.presets import ScoreUse
from moderation.rules.verdicts import ConfirmEmail, NearDuplicates

CONFIRM_EMAIL = {
    ConfirmEmail.NEVER.value: "Never",
    ConfirmEmail.FIRST.value: "Before the first comment is published",
    ConfirmEmail.TRUST.value: "Before an author is trusted",
}

NEAR_DUPLICATES = {
    NearDuplicates.PASS.value: "Are judged like any text",
    NearDuplicates.HOLD.value: "Wait for a person",
    NearDuplicates.SET_ASIDE.value: "Are set aside as spam where that was spam; else they wait",
}

LEARNING = {
    LearningMode.OFF.value: "Learn nothing",
    LearningMode.SHADOW.value: "Learn, and note what it would say",
    LearningMode.ON.value: "Learn, and score with what proved to be better",
}

LEARNING_CHOICES = list(LEARNING.items())

SCORE_USE = {
    ScoreUse.MEASURED.value: "As measured: doubtful comments wait, spam beyond doubt is set aside",
    ScoreUse.SOONER.value: "Sooner: whatever is a little doubtful waits, too",
    ScoreUse.SPAM_ALONE.value: "For spam alone: nothing waits, spam beyond doubt is set aside",
}
