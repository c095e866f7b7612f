"""The screens of those who decide on registrations: of all their events together, or of one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
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


class DecidersView(WagtailAdminTemplateMixin, TemplateView):
    """Closed to who decides on no registration; one leaves it to the list, narrowed to the event if there is one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.registrations.user_has_permission(request.user, "change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def event(self) -> Event | None:
        """The one event of this address, if it names one; nobody else learns that it exists."""
        if "uid" not in self.kwargs:
            return None
        found: Event = get_object_or_404(policies.decided_by(self.request.user), uid=self.kwargs["uid"])
        return found

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text if self.event else ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        narrowed = f"?event={self.event.pk}" if self.event else ""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("registrations:index") + narrowed, "label": _("Registrations")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]


class OneEventView(DecidersView):
    """A screen whose address always names an event."""

    event: Event
