"""An event shown to those who may not change it: correspondents of its region, and its co-organisers."""

from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.snippets.views.snippets import InspectView

from events.models import Registration, SeatPool
from pages.trilingual import shown
from regions import countries

from . import policies
from .event_list import may_see_registrations, registrations_url
from .event_row import dates

SHOWN = [
    *("title", "theme", "kind", "status", "start_local", "format", "venue", "city", "country", "regions", "organisers"),
    *("languages", "registration", "capacity", "contact_email", "live"),
]
"Neither the staff's note nor the way to join: who registers is told that."


class EventInspectView(InspectView):
    """Its facts, who registered as far as the reader may know it, and its pages."""

    template_name = "desk/event.html"

    def get_page_subtitle(self) -> str:
        return shown(self.object.title).text

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = getattr(self, f"get_{field_name}_display_value", None)
        told = value() if value else super().get_field_display_value(field_name, field)
        return "—" if told in (None, "", [], "None") else told

    def get_title_display_value(self) -> str:
        return shown(self.object.title).text

    def get_theme_display_value(self) -> str:
        return shown(self.object.theme).text

    def get_venue_display_value(self) -> str:
        return shown(self.object.venue).text

    def get_city_display_value(self) -> str:
        return shown(self.object.city).text

    def get_kind_display_value(self) -> str:
        return capfirst(self.object.get_kind_display())

    def get_status_display_value(self) -> str:
        return capfirst(self.object.get_status_display())

    def get_start_local_display_value(self) -> str:
        return dates(self.object)

    def get_country_display_value(self) -> str:
        return countries.name(self.object.country) if self.object.country else ""

    def get_languages_display_value(self) -> str:
        names = dict(settings.LANGUAGES_OF_EVENTS)
        return ", ".join(str(names.get(code, code)) for code in self.object.languages or [])

    def get_live_display_value(self) -> str:
        return _("Yes") if self.object.live else _("No")

    def get_regions_display_value(self) -> str:
        return ", ".join(shown(region.name).text for region in self.object.regions.all())

    def get_organisers_display_value(self) -> str:
        rows = self.object.organisers.select_related("organisation")
        return ", ".join(f"{shown(row.organisation.name).text} ({row.get_role_display()})" for row in rows)

    def get_capacity_display_value(self) -> str:
        pool = SeatPool.objects.filter(event_id=self.object.pk, key="event").first()
        taken = pool.taken if pool else 0
        limit = None if self.object.by_date else self.object.capacity
        seats = f"{taken} / {'∞' if limit is None else limit}"
        kept = self.object.invitations.aggregate(kept=Sum("reserved"))["kept"]
        if not kept:
            return seats
        of_these = ngettext(
            "%(count)d of these is kept for an invitation", "%(count)d of these are kept for invitations", kept
        )
        return f"{seats} ({of_these % {'count': kept}})"

    def get_field_label(self, field_name: str, field: Any) -> Any:
        told = {
            "capacity": _("Seats taken"),
            "start_local": _("Dates, at the place"),
            "live": _("Published"),
            "organisers": _("Organisers"),
        }
        return told.get(field_name) or super().get_field_label(field_name, field)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        known = policies.registrations.instances_user_has_any_permission_for(user, {"view", "change"})
        return super().get_context_data(**kwargs) | {
            "figures_url": reverse("registrations:figures", args=[self.object.uid]),
            "registrations_url": registrations_url(self.object.pk) if may_see_registrations(user) else "",
            "registered": known.filter(event=self.object, state=Registration.State.CONFIRMED).count(),
            "pages": [
                (page.locale.get_display_name(), page.locale.language_code, page.url)
                for page in self.object.pages.select_related("locale").order_by("locale_id")
                if page.live and self.object.live
            ],
            "list_url": reverse("wagtailsnippets_events_event:list"),
        }
