"""How the moderators' desk looks: colours, and the entries of its sidebar."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def _entry(title: Promise, icon: str, model: str, *, only: str = "") -> dict[str, Any]:
    """Return the entry of a model's list in the admin's sidebar; `only` as `_page` has it."""
    return _page(title, icon, f"admin:{model}_changelist", only=only)


def _page(title: Promise, icon: str, name: str, *, only: str = "") -> dict[str, Any]:
    """Return an entry of the admin's sidebar; `only` names who sees it (`permissions`)."""
    entry: dict[str, Any] = {"title": title, "icon": icon, "link": reverse_lazy(name)}
    if only:
        entry["permission"] = f"moderation.web.desk.base.permissions.{only}"
    return entry


def _shades(colours: str) -> dict[str, str]:
    """Return the shades of a colour of the admin, from the lightest."""
    return dict(zip(("50", *map(str, range(100, 1000, 100)), "950"), colours.split(), strict=True))


UNFOLD: dict[str, Any] = {
    "SCRIPTS": [lambda request: static("desk/alpine.js")],
    "STYLES": [lambda request: static("desk/plain.css")],
    "SITE_TITLE": "Leave a Reply",
    "SITE_HEADER": "Leave a Reply",
    "SITE_URL": "/",
    "SITE_SYMBOL": "forum",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SITE_FAVICONS": [{"rel": "icon", "href": "/static/pages/icon.svg"}],
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "base": _shades(
            "#fafbf9 #f1f3ef #dde1dc #c4cbc5 #a0aba4 #66736b "
            "#525e57 #3a433e #212824 #181d1a #0e1210"
        ),
        "primary": _shades(
            "#f0f9f6 #daf0e8 #b6e0d1 #7fcbb2 #4fac90 #33997c "
            "#1f735d #1f6250 #1b4e41 #184036 #0a251f"
        ),
    },
    "ACCOUNT": {
        "navigation": [
            {"title": _("Sign-in and security"), "link": reverse_lazy("mfa_index")},
            {"title": _("Review tokens"), "link": reverse_lazy("desk_tokens")},
        ]
    },
    "SIDEBAR": {
        "navigation": [
            {
                "title": _("Review"),
                "items": [
                    _entry(_("Queue"), "inbox", "moderation_reviewable"),
                    _entry(_("Comments"), "chat", "comments_comment"),
                    _entry(_("Authors"), "person", "comments_author"),
                    _entry(_("Reports"), "flag", "moderation_report"),
                    _entry(_("Appeals"), "balance", "moderation_appeal"),
                    _entry(_("Bans"), "block", "moderation_ban"),
                    _entry(_("Bulk decisions"), "done_all", "moderation_bulkjob"),
                    _page(_("Figures"), "monitoring", "moderation_statistics"),
                    _page(_("Flood mode"), "shield", "desk_flood"),
                    _entry(_("My mails"), "forward_to_inbox", "moderation_queuemail"),
                ],
            },
            {
                "title": _("Site"),
                "separator": True,
                "items": [
                    _entry(_("House rules"), "gavel", "moderation_policy"),
                    _entry(_("Reasons for refusals"), "rule", "moderation_refusalreason"),
                    _entry(_("Rules of sections"), "account_tree", "moderation_sectionrules"),
                    _page(_("What it learned"), "school", "desk_learned"),
                    _entry(_("Threads"), "article", "comments_thread"),
                    _entry(_("Sites"), "language", "comments_site"),
                    _entry(_("Mail"), "mail", "moderation_mail", only="is_owner"),
                    _entry(
                        _("No mail"), "unsubscribe", "moderation_suppression", only="is_superuser"
                    ),
                    _entry(_("Members"), "badge", "comments_membership", only="is_owner"),
                    _entry(_("Alarms"), "notifications", "moderation_alarm", only="is_owner"),
                    _entry(_("Log"), "history", "moderation_auditentry", only="is_owner"),
                    _entry(_("People"), "group", "comments_user", only="is_superuser"),
                ],
            },
            {
                "title": _("Servers"),
                "separator": True,
                "items": [
                    _entry(_("Keys"), "key", "comments_sitekey", only="is_owner"),
                    _entry(_("Webhooks"), "webhook", "moderation_webhook", only="is_owner"),
                    _entry(
                        _("Deliveries"), "local_shipping", "moderation_delivery", only="is_owner"
                    ),
                    _entry(
                        _("External moderators"),
                        "psychology_alt",
                        "moderation_externalmoderator",
                        only="is_owner",
                    ),
                    _entry(_("Moving"), "swap_horiz", "moderation_transfer", only="is_owner"),
                    _page(
                        _("Installation"), "vital_signs", "desk_installation", only="is_superuser"
                    ),
                ],
            },
        ]
    },
}
