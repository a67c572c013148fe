"""allauth's pages and headless API where its documentation puts them, and the inbox."""

from django.urls import include, path

from peer.inbox.mail import read

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("inbox", read),
]
