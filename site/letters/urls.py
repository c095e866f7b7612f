"""The local page of letters: for one's own machine only."""

from django.urls import path

from . import views

urlpatterns = [path("letters/", views.letters, name="letters")]
