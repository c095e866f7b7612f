"""Addresses of everybody who logs in."""

from django.urls import path

from . import passwords

urlpatterns = [
    path("choose-password/<str:token>/", passwords.choose, name="account_choose_password"),
]
