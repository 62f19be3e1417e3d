"""Registers every page of the desk with the Django admin, which imports this module at start."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401 - registers before we unregister below
import knox.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group
from knox.models import AuthToken

import moderation.web.desk.insight.alarms
import moderation.web.desk.insight.audit
import moderation.web.desk.insight.queue_mails
import moderation.web.desk.people.authors
import moderation.web.desk.people.bans
import moderation.web.desk.people.reports_and_appeals
import moderation.web.desk.policy.policy
import moderation.web.desk.policy.refusal_reasons
import moderation.web.desk.policy.sections
import moderation.web.desk.queue.bulk
import moderation.web.desk.queue.comments
import moderation.web.desk.queue.queue
import moderation.web.desk.site.api_keys
import moderation.web.desk.site.external_moderator
import moderation.web.desk.site.mail
import moderation.web.desk.site.members
import moderation.web.desk.site.sites
import moderation.web.desk.site.transfers
import moderation.web.desk.site.webhooks  # noqa: F401

# Kept empty by how we sign in, or written by the pages of one's own account alone.
UNSEEN = [Group, AuthToken, Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken]
admin.site.unregister(UNSEEN)
