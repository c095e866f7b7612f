"""The documents of one event: for whoever cares for all of its registrations, noted before anything is drawn."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from events.models import Event
from pages.trilingual import shown

from .. import policies


def is_in_care(user: Any, event: Event) -> bool:
    """Whether somebody sees everything of everybody registered for an event: the staff, or a mandate's keeper.

    A co-organiser sees some people and some of what they said, and prints nothing.
    """
    return policies.registrations.holds_for_all(user, {"view", "change"}) or policies.keeps(user, event)


class InCare:
    """A view about one event; to anybody else it does not exist."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.registrations.user_has_any_permission(request.user, {"view", "change"}):
            raise PermissionDenied
        if not is_in_care(request.user, self.event):  # a co-organiser sees the event, and some of its people
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    @cached_property
    def event(self) -> Event:
        seen = policies.events.instances_user_has_any_permission_for(self.request.user, {"view", "change"})
        found: Event = get_object_or_404(seen, uid=self.kwargs["uid"])
        return found


class EventScreen(InCare, WagtailAdminTemplateMixin, TemplateView):
    """A screen about one event; one leaves it to the list of its registrations."""

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": f"{reverse('registrations:index')}?event={self.event.pk}", "label": _("Registrations")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]
