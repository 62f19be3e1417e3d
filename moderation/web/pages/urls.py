"""URLs of readers' pages, of the scripts for other sites, and of mail providers' webhooks."""

from django.urls import path

from moderation.web.pages import bounce_webhook, demo, mail_links, scripts, status
from moderation.web.pages.avatars import avatar, picture
from moderation.web.pages.feeds import atom
from moderation.web.pages.thread import ThreadPage

urlpatterns = [
    path("", demo.home, name="home"),
    path("demo/", demo.demo, name="demo"),
    path("embed.js", scripts.embed, name="embed-script"),
    path("embed/later.js", scripts.later, name="later-script"),
    path("counts.js", scripts.counts, name="counts-script"),
    path("embed/<str:language>.json", scripts.catalog, name="script-catalog"),
    path("avatars/<str:seed>.svg", avatar, name="avatar"),
    path("avatars/<uuid:pk>", picture, name="picture"),
    path("status/<str:token>", status.StatusPage.as_view(), name="status"),
    path("email/bounces", bounce_webhook.generic, name="bounces"),
    path("email/bounces/<str:name>", bounce_webhook.provider, name="provider-bounces"),
    path("email/confirm/<str:token>", mail_links.ConfirmPage.as_view(), name="confirm"),
    path("email/person/<str:token>", mail_links.PersonPage.as_view(), name="person"),
    path("email/unsubscribe/<str:token>", mail_links.UnsubscribePage.as_view(), name="unsubscribe"),
    path("sites/<slug:slug>/feed.atom", atom, name="feed"),
    path("sites/<slug:slug>/thread", ThreadPage.as_view(), name="thread"),
]
