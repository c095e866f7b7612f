"""The site's addresses and one whose view does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls
from config.urls import handler500  # noqa: F401


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("empty")


urlpatterns = [path("empty/", empty), *urls.urlpatterns]
