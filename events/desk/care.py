"""What a correspondent has to do with meetings: to propose one, those that come, and the numbers.

Shown on the first page of the admin, beside what the room of regions tells there.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, OuterRef
from django.forms import Media
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from events.calendars import hours, rows
from events.models import Event, Proposal, Registration
from events.models.agenda import EventQuerySet
from pages.trilingual import Shown, shown
from regions.home import Door, Figure
from regions.mandates import held_by, reach, regions_in_care

from .event_list import registrations_url
from .event_row import listed

NAMED = 12
"Meetings named; the others are in the list of events."


class Meeting(NamedTuple):
    """A meeting to come; what is known of its participants only for those who may know it."""

    title: Shown
    url: str
    date: str
    time: str
    status: str
    taken: int | None
    capacity: int | None
    states: list[str]
    registrations_url: str


class Proposed(NamedTuple):
    """A meeting that was proposed, and where that stands."""

    title: Shown
    url: str
    state: str
    comment: str


def doors(user: Any) -> list[Door]:
    """Proposing a meeting, for those who care for events."""
    if not regions_in_care(user, "events"):
        return []
    return [
        Door(_("Propose a meeting"), reverse("proposals:add")),
        Door(_("Events of your regions"), reverse("wagtailsnippets_events_event:list")),
    ]


def figures(regions: set[int], people: bool) -> list[Figure]:
    """Of these regions: meetings to come and held, and how many have a place at those to come."""
    inside = _inside(regions)
    coming, held = inside.upcoming().count(), inside.past().count()
    found = [
        Figure(coming, ngettext("meeting to come", "meetings to come", coming)),
        Figure(held, ngettext("meeting held", "meetings held", held)),
    ]
    if people:
        ahead = inside.upcoming().order_by().values("pk")
        confirmed = Registration.objects.filter(event__in=ahead, state=Registration.State.CONFIRMED).count()
        found.append(Figure(confirmed, ngettext("confirmed place", "confirmed places", confirmed)))
    return found


class MeetingsPanel(Component):
    """The meetings to come of somebody's regions; in a number of queries that does not grow with them."""

    name = "meetings_in_care"
    order = 40
    template_name = "desk/meetings_in_care.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = request.user

    @property
    def media(self) -> Media:
        return Media(css={"all": ["desk/mandates.css"]})

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        regions = reach(held_by(self.user))
        people = regions_in_care(self.user, "registrations")
        return {
            "meetings": self.meetings(regions, people),
            "people": bool(people),
            "proposed": self.proposed(),
            "proposals_url": reverse("proposals:list"),
        }

    def meetings(self, regions: set[int], people: set[int]) -> list[Meeting]:
        language = get_language() or settings.LANGUAGE_CODE
        events = list(listed(_inside(regions).upcoming()).prefetch_related("regions")[:NAMED])
        addresses = rows.addresses(events, language, self.request)
        counted = _states([event.pk for event in events]) if people else {}
        return [self.meeting(event, addresses.get(event.pk, ""), people, counted, language) for event in events]

    def meeting(
        self, event: Any, address: str, people: set[int], counted: dict[int, list[str]], language: str
    ) -> Meeting:
        when = hours.at_place(event, language)
        known = bool(people & {region.pk for region in event.regions.all()})
        here = known and event.registration == Event.RegistrationMode.HERE
        return Meeting(
            shown(event.title),
            address,
            when.date_text,
            f"{when.time_text} {when.zone_name}".strip(),
            "" if event.status == Event.Status.SCHEDULED else str(event.get_status_display()),
            (event.seats_taken or 0) if here else None,
            event.seats_capacity,
            counted.get(event.pk, []) if here else [],
            registrations_url(event.pk) if here else "",
        )

    def proposed(self) -> list[Proposed]:
        """What this person has proposed of late, with the last thing said about it."""
        mine = Proposal.objects.filter(proposer=self.user).select_related("event").prefetch_related("steps")
        return [
            Proposed(
                shown(one.event.title),
                reverse("proposals:show", args=[one.uid]),
                one.get_state_display(),
                next((step.comment for step in reversed(one.steps.all()) if step.comment), ""),
            )
            for one in mine[:6]
        ]


def _inside(regions: set[int]) -> EventQuerySet:
    through = Event.regions.through.objects.filter(event_id=OuterRef("pk"), region_id__in=regions)
    found: EventQuerySet = Event.objects.filter(Exists(through))
    return found


def _states(events: list[int]) -> dict[int, list[str]]:
    """How many registrations of each event stand how, in words; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows_ = Registration.objects.living().filter(event__in=events).order_by("state").values("event", "state")
    for row in rows_.annotate(number=Count("pk")):
        label = Registration.State(row["state"]).label
        found[row["event"]].append(_("%(state)s: %(number)s") % {"state": label, "number": row["number"]})
    return found
