"""Form fields for policy fields that are stored as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminTextareaWidget

from moderation.rules.starter_words import STARTER_WORDS
from moderation.rules.verdicts import NEVER
from moderation.screening.classifier import ThresholdMeasure
from moderation.web.desk.base.wording import threshold_in_words
from moderation.web.desk.base.words import CATEGORIES

LIMITS = {"hold_at": _("Hold from"), "reject_at": _("Reject from")}


class WordListWidget(UnfoldAdminTextareaWidget):
    """Lines that are tried while they are typed, by the view at `try_url`."""

    template_name = "desk/word_list.html"
    try_url = ""

    class Media:
        js = (forms.Script("desk/copy.js", type="module"),)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the address of the view, and lists to start with, each by its own language's name."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["try_url"] = self.try_url
        context["starters"] = [
            (code, get_language_info(code)["name_local"], "\n".join(words))
            for code, words in STARTER_WORDS.items()
        ]
        return context


class LinesField(forms.CharField):
    """A list of strings, edited one a line."""

    def __init__(self, *, widget: forms.Widget | None = None, **kwargs: Any) -> None:
        widget = widget or UnfoldAdminTextareaWidget({"rows": 4})
        super().__init__(widget=widget, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the list as lines of text."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Return the lines, without blank and repeated ones."""
        lines = (line.strip() for line in (super().clean(value) or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line.strip("*")))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the cleaned lists."""
        return list(initial or []) != self.clean(data)


class ThresholdsWidget(forms.Widget):
    """A table of categories with two thresholds each, in percent.

    `recommended` thresholds apply where none are typed; `measures` are what those did on texts that
    the classifier had not seen.
    """

    template_name = "desk/thresholds.html"
    use_fieldset = True
    recommended: Mapping[str, Mapping[str, float]] = {}
    measures: Mapping[str, Mapping[str, ThresholdMeasure]] = {}

    class Media:
        css: ClassVar = {"all": ["desk/review.css", "desk/office.css"]}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return the template context, with a row for each category."""
        thresholds = value or {}
        known = {*self.recommended, *thresholds} or set(CATEGORIES)
        rows = [
            {
                "label": CATEGORIES[category],
                "cells": self._cells(name, category, thresholds.get(category, {})),
                "measures": self._measures(category),
            }
            for category in CATEGORIES
            if category in known
        ]
        context = super().get_context(name, None, attrs)
        return {**context, "rows": rows, "limits": LIMITS.values(), "classes": INPUT_CLASSES}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, dict[str, str]]:
        """Return the typed strings in the shape of the thresholds, without blank rows."""
        typed: dict[str, dict[str, str]] = {}
        for category in CATEGORIES:
            limits = {limit: data.get(f"{name}-{category}-{limit}", "").strip() for limit in LIMITS}
            if any(limits.values()):
                typed[category] = limits
        return typed

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return False: an empty table means no thresholds, not the default."""
        return False

    def _measures(self, category: str) -> Sequence[str]:
        """Return sentences on what the recommended thresholds of a category did."""
        recommended, measures = self.recommended.get(category, {}), self.measures.get(category, {})
        return [
            threshold_in_words(limit, recommended[limit], measures[limit])
            for limit in LIMITS
            if limit in measures and recommended.get(limit, NEVER) <= 1
        ]

    def _cells(self, name: str, category: str, limits: Mapping[str, Any]) -> Sequence[Any]:
        recommended = self.recommended.get(category, {})
        return [
            {
                "name": f"{name}-{category}-{limit}",
                "label": f"{CATEGORIES[category]}: {str(words).lower()}",
                "value": _typed(limits.get(limit)),
                "recommended": in_percent(recommended.get(limit)),
            }
            for limit, words in LIMITS.items()
        ]


class ThresholdsFormField(forms.Field):
    """`{category: {"hold_at": 0.5, "reject_at": 0.9}}`, edited in percent."""

    widget = ThresholdsWidget
    default_error_messages: ClassVar = {
        "limits": _("%(category)s needs two numbers from 0 to 101, the lower one first.")
    }

    def __init__(
        self,
        *,
        recommended: Mapping[str, Mapping[str, float]],
        measures: Mapping[str, Mapping[str, ThresholdMeasure]],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.widget.recommended, self.widget.measures = recommended, measures

    def clean(self, value: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, float]]:
        """Return scores from 0 to 1; raise ValidationError for the first category in error."""
        return {category: self._limits(category, typed) for category, typed in value.items()}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the cleaned thresholds."""
        try:
            return self.clean(data) != (initial or {})
        except ValidationError:
            return True

    def _limits(self, category: str, typed: Mapping[str, str]) -> dict[str, float]:
        try:
            hold_at, reject_at = (round(float(typed[limit]) / 100, 6) for limit in LIMITS)
        except ValueError:
            hold_at, reject_at = NEVER, 0.0
        if not 0 <= hold_at <= reject_at <= NEVER:
            params = {"category": CATEGORIES[category]}
            raise ValidationError(self.error_messages["limits"], "limits", params)
        return {"hold_at": hold_at, "reject_at": reject_at}


def in_percent(limit: float | None) -> str:
    """Return a threshold in percent: "24.5"; "never", in words, above 100 and "" for none."""
    if limit is None:
        return ""
    return f"{100 * limit:.4g}" if limit <= 1 else gettext("never")


def _typed(limit: float | str | None) -> str:
    """Return a stored threshold in percent; typed text is returned unchanged."""
    return f"{100 * limit:.4g}" if isinstance(limit, float | int) else limit or ""
