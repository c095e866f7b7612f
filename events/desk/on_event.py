"""Pages about one event, for those alone who may do something to it; and where what is done to it is found."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from events.models import Announcement, Event
from pages.trilingual import shown

NAMES = "wagtailsnippets_events_event"


class OnEvent(WagtailAdminTemplateMixin, TemplateView):
    """A page about one event, for those who may do ``needs`` to it; nobody else learns that it exists."""

    header_icon = "calendar-alt"
    needs = "publish"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        policy = policy_registry.get_by_type(Event)
        mine = policy.instances_user_has_any_permission_for(request.user, {"view", "change", "publish", "delete"})
        self.event: Event = get_object_or_404(mine, pk=self.event_pk())

    def event_pk(self) -> Any:
        return self.kwargs["pk"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may(request.user, self.needs, self.event):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{NAMES}:list"), "label": _("Events")},
            {"url": edit_url(self.event), "label": shown(self.event.title).text},
            {"url": "", "label": self.get_page_title()},
        ]


def may(user: Any, action: str, event: Event) -> bool:
    """Whether somebody may do something to this event, by the policy of events."""
    return bool(policy_registry.get_by_type(Event).user_has_permission_for_instance(user, action, event))


def edit_url(event: Event) -> str:
    return reverse(f"{NAMES}:edit", args=[event.pk])


def announcement_url(announcement: Announcement) -> str:
    return reverse(f"{NAMES}:announcement", args=[announcement.event_id, announcement.pk])
