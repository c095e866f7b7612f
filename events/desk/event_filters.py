"""What the list of events is narrowed by: drafts included, unlike what visitors see."""

import django_filters
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce, Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.models import Revision, WorkflowState
from wagtail.search.backends import get_search_backend

from events.models import Event, EventPage, Occurrence, ahead, whole_pools
from events.models.agenda import EventQuerySet
from events.models.window import RegistrationState
from pages.trilingual import told_in
from regions.models import Region

COMING, PAST = "coming", "past"
LIVE, CHANGED, NEVER, DRAFT, SCHEDULED, PROPOSED = "live", "changed", "new", "draft", "scheduled", "proposed"
OPEN, NOT_YET, FULL, CLOSED, NONE = "open", "not_yet", "full", "closed", "none"
EMPTY_PROSE = 2
"Characters of a page without a block: “[]”."
STANDINGS = {
    OPEN: {RegistrationState.OPEN, RegistrationState.BY_INVITATION},
    NOT_YET: {RegistrationState.NOT_YET, RegistrationState.NOT_SOLD},
    FULL: {RegistrationState.FULL, RegistrationState.WAITING_LIST},
}


class EventFilterSet(WagtailFilterSet):
    """Each choice narrows what the others leave."""

    when = django_filters.ChoiceFilter(
        label=_("Dates"), choices=[(COMING, _("coming")), (PAST, _("past"))], method="by_date"
    )
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Region.objects.all(), method="by_region")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Event.Kind.choices)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Event.Status.choices)
    registrations = django_filters.ChoiceFilter(
        label=_("Registrations"),
        choices=[
            (OPEN, pgettext_lazy("registrations", "open")),
            (NOT_YET, pgettext_lazy("registrations", "not open yet")),
            (FULL, pgettext_lazy("registrations", "full")),
            (CLOSED, pgettext_lazy("registrations", "closed")),
            (NONE, pgettext_lazy("registrations", "not on this site")),
        ],
        method="by_registrations",
    )
    told = django_filters.ChoiceFilter(label=_("Title told in"), choices=settings.LANGUAGES, method="by_told")
    missing = django_filters.ChoiceFilter(label=_("Title missing in"), choices=settings.LANGUAGES, method="by_missing")
    textless = django_filters.ChoiceFilter(label=_("Text missing in"), choices=settings.LANGUAGES, method="by_textless")
    state = django_filters.ChoiceFilter(
        label=_("Publication"),
        choices=[
            (LIVE, _("published")),
            (CHANGED, _("published, with a draft")),
            (NEVER, _("not published")),
            (DRAFT, _("with an unpublished draft")),
            (SCHEDULED, _("scheduled publication")),
            (PROPOSED, _("awaits approval")),
        ],
        method="by_state",
    )

    class Meta:
        model = Event
        fields: list[str] = []

    def by_date(self, events: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return events.filter(coming()) if value == COMING else events.exclude(coming())

    def by_region(self, events: EventQuerySet, name: str, value: Region) -> EventQuerySet:
        return events.in_region(value.code)

    def by_registrations(self, events: EventQuerySet, name: str, value: str) -> EventQuerySet:
        if value == NONE:
            return events.exclude(registration=Event.RegistrationMode.HERE)
        return events.filter(pk__in=standing(value))

    def by_told(self, events: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return events.filter(pk__in=_told(value))

    def by_missing(self, events: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return events.exclude(pk__in=_told(value))

    def by_textless(self, events: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return events.exclude(pk__in=with_text().filter(locale__language_code=value).values("event"))

    def by_state(self, events: EventQuerySet, name: str, value: str) -> EventQuerySet:
        chosen = {
            LIVE: Q(live=True),
            CHANGED: Q(live=True, has_unpublished_changes=True),
            NEVER: Q(live=False),
            DRAFT: Q(live=False) | Q(has_unpublished_changes=True),
            SCHEDULED: Q(Exists(scheduled())),
            PROPOSED: proposed_ones(),
        }
        return events.filter(chosen[value])


def coming() -> Q:
    """Of events with a date ahead; drafts have no dates but their own."""
    now = timezone.now()
    return Q(ends_at__gt=now) | Q(Exists(Occurrence.objects.filter(event=OuterRef("pk"), ends_at__gt=now)))


def standing(value: str, events: QuerySet[Event] | None = None) -> list[int]:
    """Keys of the events registered for on this site whose registration stands so; in six queries.

    Whether one may register follows from window, seats and tickets together, which only the model joins.
    """
    here = (Event.objects.all() if events is None else events).filter(registration=Event.RegistrationMode.HERE)
    dates = Occurrence.objects.filter(event=OuterRef("pk"), ends_at__gt=timezone.now()).order_by("starts_at")
    candidates = (
        here.filter(coming())
        .annotate(next_at=Coalesce(Subquery(dates.values("starts_at")[:1]), "starts_at"))
        .order_by()
        .prefetch_related(whole_pools(), "tickets")
    )
    ahead.prefetch(candidates)
    states = {event.pk: event.registration_state for event in candidates}
    if value == CLOSED:
        running = {pk for pk, state in states.items() if any(state in some for some in STANDINGS.values())}
        return [pk for pk in here.order_by().values_list("pk", flat=True) if pk not in running]
    return [pk for pk, state in states.items() if state in STANDINGS[value]]


def _told(language: str) -> list[int]:
    """Keys of the events that really have a title in a language: the column can't be asked."""
    titles = Event.objects.order_by().values_list("pk", "title")
    return [pk for pk, title in titles if language in told_in(title)]


def with_text() -> QuerySet[EventPage]:
    """The pages of events that say something beyond the facts."""
    size = Length(Cast("body", TextField()))
    return EventPage.objects.annotate(size=size).filter(size__gt=EMPTY_PROSE).order_by()


def scheduled() -> QuerySet[Revision]:
    """The revisions of an outer event that wait for their hour."""
    return Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Event),
        object_id=Cast(OuterRef("pk"), CharField()),
        approved_go_live_at__isnull=False,
    )


def proposed() -> QuerySet[WorkflowState]:
    """The approvals of an outer event that nobody has given yet."""
    return WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Event),
        object_id=Cast(OuterRef("pk"), CharField()),
        status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES],
    )


def proposed_ones() -> Q:
    return Q(Exists(proposed()))


def saying(events: EventQuerySet, words: str) -> EventQuerySet:
    """Those with words that begin a word of any title, or are a whole word of place and theme.

    Accents and case do not count. What is found narrows the list, so that filters and order stay as they are.
    """
    backend = get_search_backend()
    everything = Event.objects.order_by()
    found = {event.pk for event in backend.autocomplete(words, everything)}
    found |= {event.pk for event in backend.search(words, everything)}
    return events.filter(pk__in=found)
