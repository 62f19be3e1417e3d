"""The URLs of the protocol, under `/1.1/` and `/1.2/`: clients mix the versions freely."""

from django.urls import re_path

from moderation.web.dialects.akismet import accounts, views

CALLS = {
    "verify-key": views.verify_key,
    "comment-check": views.comment_check,
    "submit-spam": views.submit_spam,
    "submit-ham": views.submit_ham,
    "usage-limit": accounts.usage_limit,
    "key-sites": accounts.key_sites,
    "get-stats": accounts.get_stats,
    "get-subscription": accounts.get_subscription,
    "deactivate": accounts.deactivate,
    "token": accounts.token,
    "test": accounts.test,
    "verify-wpcom-key": accounts.verify_wpcom_key,
}

urlpatterns = [re_path(rf"^1\.[12]/{name}/?$", view) for name, view in CALLS.items()]
