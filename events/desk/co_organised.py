"""On the admin's first page of a co-organiser: the meetings of its organisation, with their figures."""

from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.forms import Media
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.admin.ui.components import Component

from events.calendars import hours
from events.models import Event, Registration
from events.models.sharing import SHARING
from pages.trilingual import Shown, shown
from regions.mandates import organisations_of
from regions.models import Organisation

from . import policies
from .event_list import registrations_url
from .event_row import listed, state

NAMED = 50
"Meetings named, the latest first; the others are in the list of events."


class Meeting(NamedTuple):
    """A meeting held with the organisation: how many have a place, and how many of them it may see."""

    title: Shown
    url: str
    date: str
    state: str
    confirmed: int
    shared: int
    registrations_url: str


class CoOrganisedPanel(Component):
    """In a number of queries that does not grow with the meetings."""

    name = "co_organised"
    order = 35
    template_name = "desk/co_organised.html"

    def __init__(self, request: HttpRequest) -> None:
        self.user: Any = request.user

    @property
    def media(self) -> Media:
        return Media(css={"all": ["desk/mandates.css"]})

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        organisations = Organisation.objects.filter(pk__in=organisations_of(self.user)).order_by("short_name")
        return {
            "organisations": [shown(one.name) for one in organisations],
            "meetings": self.meetings(),
            "list_url": reverse("wagtailsnippets_events_event:list"),
        }

    def meetings(self) -> list[Meeting]:
        mine = Event.objects.filter(
            pk__in=Event.objects.filter(
                organisers__organisation_id__in=organisations_of(self.user), organisers__role__in=SHARING
            )
            .order_by()
            .values("pk")
        )
        confirmed = Count("registrations", filter=Q(registrations__state=Registration.State.CONFIRMED))
        events = list(listed(mine).annotate(confirmed=confirmed).order_by("-starts_at", "-pk")[:NAMED])
        known = policies.registrations.instances_user_has_permission_for(self.user, "view")
        seen = known.filter(event__in=events, state=Registration.State.CONFIRMED).order_by().values("event")
        shared = dict(seen.annotate(people=Count("pk")).values_list("event", "people"))
        language = get_language() or "fr"
        return [
            Meeting(
                shown(event.title),
                reverse("wagtailsnippets_events_event:inspect", args=[event.pk]),
                hours.at_place(event, language).date_text,
                str(state(event)),
                event.confirmed,
                shared.get(event.pk, 0),
                f"{registrations_url(event.pk)}&state={Registration.State.CONFIRMED}",
            )
            for event in events
        ]
