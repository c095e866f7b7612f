"""Figures of an event: who registers, from where, for what and when, beside its last edition."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from events.models import Event
from pages.trilingual import shown

from .. import policies
from ..payments import sums
from ..personal import kept
from ..sale.seats_panel import standings
from . import charts
from .counted import Counted, in_care


class FiguresView(WagtailAdminTemplateMixin, TemplateView):
    """The figures of one event, for whoever may see any of its registrations."""

    template_name = "desk/figures.html"
    page_title = gettext_lazy("Figures")
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.registrations.user_has_any_permission(request.user, {"view", "change"}):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def event(self) -> Event:
        mine = policies.events.instances_user_has_any_permission_for(self.request.user, {"view", "change"})
        event: Event = get_object_or_404(mine, uid=self.kwargs["uid"])
        return event

    @property
    def media(self) -> Media:
        return Media(css={"all": ["desk/figures.css", "desk/registrations.css"]})

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.registrations_url, "label": _("Registrations")},
            {"url": "", "label": self.get_page_title()},
        ]

    @property
    def registrations_url(self) -> str:
        return f"{reverse('registrations:index')}?event={self.event.pk}"

    @property
    def sees_payments(self) -> bool:
        return policies.payments.user_has_any_permission(self.request.user, {"view", "change"})

    @cached_property
    def kept_figures(self) -> kept.Kept | None:
        """What is left once all are forgotten, for whoever sees all of it."""
        return kept.of(self.event, self.request.user) if in_care(self.event, self.request.user) else None

    def get_template_names(self) -> list[str]:
        return ["desk/figures_kept.html"] if self.kept_figures else super().get_template_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.kept_figures:
            return super().get_context_data(**kwargs) | {
                "kept": self.kept_figures,
                "few": kept.few(),
                "media": self.media,
                "tables": sums.tables(self.event, linked=self.sees_payments),
                "columns": sums.columns(whole=self.sees_payments),
            }
        people = Counted(self.event, self.request.user)
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "media": self.media,
            "registrations_url": self.registrations_url,
            "is_whole": people.is_whole,
            "people": people.living_count,
            "people_number": charts.number(people.living_count),
            "seated": people.seated_count,
            "seated_number": charts.number(people.seated_count),
            "figures": people.figures(),
            "standings": standings(self.event) if people.is_whole else [],
            "by_date": self.event.by_date,
            "course": people.course(),
            "tables": sums.tables(self.event, linked=self.sees_payments) if people.is_whole else [],
            "columns": sums.columns(whole=self.sees_payments),
            "payments_url": reverse("payments:event", args=[self.event.uid]) if self.sees_payments else "",
        }
