"""The pages for people."""

from django.urls import path

from comments.embed import views
from comments.embed.avatars import avatar

urlpatterns = [
    path("", views.home, name="home"),
    path("demo/", views.demo, name="demo"),
    path("embed.js", views.script, name="embed-script"),
    path("avatars/<str:seed>.svg", avatar, name="avatar"),
    path("sites/<slug:slug>/thread", views.ThreadPage.as_view(), name="thread"),
]
