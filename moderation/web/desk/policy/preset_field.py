"""The choice of a preset on the policy page."""

from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.models import Policy
from moderation.rules.presets import PRESETS

OWN = _("Rules of your own")
WHEN_EMPTY = _(
    "The standard rules count at every site: what is doubtful waits for a person, and nothing "
    "is rejected on a score alone. Choose others for a site by a preset, or one by one."
)


def _choices() -> list[tuple[str, SafeString]]:
    line = "<strong>{}</strong> <span>{}</span>"
    presets = [
        (name, format_html(line, gettext(one.name), gettext(one.sentence)))
        for name, one in PRESETS.items()
    ]
    return [*presets, ("", format_html(line, OWN, gettext("As the fields below say.")))]


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The fields of a policy, with a preset to choose.

    A preset that is chosen anew sets the fields that it is about; one that was followed before
    leaves what is changed below.
    """

    preset = forms.ChoiceField(
        choices=_choices,
        required=False,
        widget=forms.RadioSelect,
        label=_("preset"),
        help_text=_(
            "Choosing another one sets the fields below that it is about, when you save or "
            "try these rules. Words, confirmed addresses, members only and pauses stay as they are."
        ),
    )

    class Media:
        css: ClassVar = {"all": ["desk/office.css"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "preset" in self.fields:
            self.fields["preset"].initial = self.instance.preset

    def _post_clean(self) -> None:
        """Set the fields of a preset that was chosen before the policy is checked."""
        chosen = PRESETS.get(self.cleaned_data.get("preset", ""))
        if chosen and "preset" in self.changed_data:
            self.cleaned_data |= chosen.values
            for name in chosen.values:
                self.errors.pop(name, None)
        super()._post_clean()  # type: ignore[misc]


def preset_in_words(policy: Policy) -> str:
    """Return the name of the preset that a policy follows."""
    preset = PRESETS.get(policy.preset)
    return gettext(preset.name) if preset else str(OWN)
