"""Which pages are offered as targets of links, and named when they are chosen."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.models import Page
from wagtail.permissions import page_permission_policy


def choosable(pages: Any, request: HttpRequest) -> Any:
    """Drafts are offered as targets of links to those only who may edit them."""
    return open_to(request.user, pages)


def open_to(user: Any, pages: Any) -> Any:
    """Of these pages, the public ones and those that somebody may edit."""
    if user.is_superuser:
        return pages
    own = page_permission_policy.instances_user_has_permission_for(user, "change")
    return pages.filter(Q(live=True) | Q(pk__in=own.values("pk")))


class ChosenView(ChosenMultipleView):
    """Wagtail's own names any page whose number is asked for."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = [pk for pk in request.GET.getlist("id") if pk.isascii() and pk.isdecimal() and len(pk) < 10]
        offered = choosable(Page.objects.filter(depth__gt=1, pk__in=asked), request)
        query = request.GET.copy()
        query.setlist("id", [str(pk) for pk in offered.values_list("pk", flat=True)])
        request.GET = query  # type: ignore[assignment]
        response: HttpResponse = super().get(request)
        return response


urlpatterns = [path("chosen-multiple/", require_admin_access(ChosenView.as_view()))]
