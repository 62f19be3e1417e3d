"""The pages for people, and the scripts for other people's pages."""

from django.urls import path

from comments.embed import bounces, letters, scripts, status, views
from comments.embed.avatars import avatar
from comments.embed.feeds import atom
from comments.embed.thread_page import ThreadPage

urlpatterns = [
    path("", views.home, name="home"),
    path("demo/", views.demo, name="demo"),
    path("embed.js", scripts.embed, name="embed-script"),
    path("counts.js", scripts.counts, name="counts-script"),
    path("embed/<str:language>.json", scripts.words, name="words"),
    path("avatars/<str:seed>.svg", avatar, name="avatar"),
    path("status/<str:token>", status.StatusPage.as_view(), name="status"),
    path("email/bounces", bounces.bounces, name="bounces"),
    path("email/confirm/<str:token>", letters.ConfirmPage.as_view(), name="confirm"),
    path("email/person/<str:token>", letters.PersonPage.as_view(), name="person"),
    path("email/unsubscribe/<str:token>", letters.UnsubscribePage.as_view(), name="unsubscribe"),
    path("sites/<slug:slug>/feed.atom", atom, name="feed"),
    path("sites/<slug:slug>/thread", ThreadPage.as_view(), name="thread"),
]
