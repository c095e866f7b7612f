"""The list of events: what staff see at a glance, filter by and look for."""

from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn
from wagtail.models import Revision
from wagtail.permissions import policy_registry
from wagtail.search.backends import get_search_backend
from wagtail.snippets.views.snippets import IndexView

from events.calendars import hours
from events.models import Event, Occurrence, Registration, SeatPool
from events.models.agenda import EventQuerySet
from pages.desk.trilingual import TrilingualTitleColumn
from regions.models import Region

COMING, PAST = "coming", "past"
LIVE, DRAFT = "live", "draft"


class EventFilterSet(WagtailFilterSet):
    """Drafts included, unlike what visitors see."""

    when = django_filters.ChoiceFilter(
        label=_("Dates"), choices=[(COMING, _("coming")), (PAST, _("past"))], method="by_date"
    )
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Region.objects.all(), method="by_region")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Event.Kind.choices)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Event.Status.choices)
    state = django_filters.ChoiceFilter(
        label=_("Publication"),
        choices=[(LIVE, _("published")), (DRAFT, _("with an unpublished draft"))],
        method="by_state",
    )

    class Meta:
        model = Event
        fields: list[str] = []

    def by_date(self, events: EventQuerySet, name: str, value: str) -> EventQuerySet:
        now = timezone.now()
        coming = Q(ends_at__gt=now) | Exists(Occurrence.objects.filter(event=OuterRef("pk"), ends_at__gt=now))
        return events.filter(coming) if value == COMING else events.exclude(coming)

    def by_region(self, events: EventQuerySet, name: str, value: Region) -> EventQuerySet:
        return events.in_region(value.code)

    def by_state(self, events: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return (
            events.filter(live=True)
            if value == LIVE
            else events.filter(Q(live=False) | Q(has_unpublished_changes=True))
        )


class RegistrationsColumn(Column):
    """How many live registrations an event has, leading to their list."""

    cell_template_name = "desk/link_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"url": registrations_url(instance.pk)}


class EventIndexView(IndexView):
    """In a number of queries that does not grow with the events."""

    filterset_class = EventFilterSet

    def get_base_queryset(self) -> EventQuerySet:
        events: EventQuerySet = super().get_base_queryset()
        pool = SeatPool.objects.filter(event=OuterRef("pk"), key="event")
        return events.annotate(
            seats_taken=Subquery(pool.values("taken")[:1]),
            seats_capacity=Subquery(pool.values("capacity")[:1]),
            is_scheduled=Exists(scheduled()),
            has_registrations=Exists(Registration.objects.filter(event=OuterRef("pk"))),
        )

    def search_queryset(self, queryset: EventQuerySet) -> EventQuerySet:
        """By the beginning of a word of any title, or by a whole word of place and theme.

        What is found narrows the list, so that filters and order stay as they are.
        """
        if not self.is_searching:
            return queryset
        backend = get_search_backend()
        everything = Event.objects.order_by()
        found = {event.pk for event in backend.autocomplete(self.search_query, everything)}
        found |= {event.pk for event in backend.search(self.search_query, everything)}
        return queryset.filter(pk__in=found)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        title = self._get_title_column_class(TrilingualTitleColumn)
        columns = [
            title("title", label=_("Title"), sort_key="sort_title", get_url=self.get_edit_url),
            Column("kind", label=_("Kind"), accessor=lambda event: capfirst(event.get_kind_display()), sort_key="kind"),
            Column("dates", label=_("Dates, at the place"), accessor=dates, sort_key="starts_at"),
            Column("status", label=_("Status"), accessor=lambda event: capfirst(event.get_status_display())),
            StatusTagColumn("state", label=_("Publication"), accessor=state, primary=lambda event: event.live),
        ]
        if may_see_registrations(self.request.user):
            columns.append(RegistrationsColumn("seats", label=_("Seats taken"), accessor=seats))
        else:
            columns.append(Column("seats", label=_("Seats taken"), accessor=seats))
        return columns


def scheduled() -> Any:
    """The revisions of an outer event that wait for their hour."""
    return Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Event),
        object_id=Cast(OuterRef("pk"), CharField()),
        approved_go_live_at__isnull=False,
    )


def dates(event: Event) -> str:
    """The dates and hours on the clock of the event's own zone, which is named."""
    when = hours.at_place(event, get_language() or "fr")
    zone = when.zone_name or event.timezone
    return format_html("{}<br>{}<br><small>{}</small>", when.date_text, when.time_text, zone)


def seats(event: Any) -> str:
    """Taken and, where there is a limit, how many there are."""
    if event.seats_taken is None or (event.registration != Event.RegistrationMode.HERE and not event.has_registrations):
        return ""
    limit = "∞" if event.seats_capacity is None else event.seats_capacity
    return f"{event.seats_taken} / {limit}"


def state(event: Any) -> str:
    """What of it is public."""
    if event.is_scheduled:
        return str(_("scheduled publication"))
    if not event.live:
        return str(_("draft"))
    return str(_("published, with a draft") if event.has_unpublished_changes else _("published"))


def may_see_registrations(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Registration).user_has_any_permission(user, {"view", "change"}))


def registrations_url(event_id: int) -> str:
    return f"{reverse('registrations:index')}?event={event_id}"
