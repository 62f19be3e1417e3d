"""The pages for people."""

from django.urls import path

from comments.embed import views

urlpatterns = [
    path("", views.home, name="home"),
    path("demo/", views.demo, name="demo"),
    path("embed.js", views.script, name="embed-script"),
    path("sites/<slug:slug>/thread", views.ThreadPage.as_view(), name="thread"),
]
