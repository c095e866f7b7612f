"""On the admin's first page, for the staff: what needs doing today, each with the way to it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry

from events.calendars.days import long_date
from events.calendars.hours import time_of
from events.calendars.zone_names import city
from events.models import Event
from events.models.agenda import EventQuerySet
from events.models.proposal import Proposal
from letters import allowance
from letters.desk import ABANDONED, IN_STATE, UNDELIVERABLE, may_see_letters
from letters.models import Letter
from pages.trilingual import Shown, shown
from regions.mandates import oversees_all
from regions.models import Mandate

from . import overdue, policies
from .event_filters import FULL, PROPOSED, coming, proposed_ones, standing
from .event_row import prose_in
from .payments import attention
from .registrations import queue as registration_queue

SOON = dt.timedelta(days=7)
"Ahead of which the opening and the closing of registrations are told."
MANDATES = dt.timedelta(days=30)
NAMED = 5
"Rows named under one heading; the others are behind its link."

TRANSLATIONS_URL = "translations:index"


@dataclass
class Row:
    title: Shown
    url: str
    note: str = ""


@dataclass
class Task:
    """One thing to do: how often, where, and the first few by name."""

    text: str
    url: str = ""
    rows: list[Row] = field(default_factory=list)


class TodayPanel(Component):
    """Asked in a number of queries that does not grow with the events; translations have a panel of their own."""

    name = "today"
    order = 20
    template_name = "desk/today.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"tasks": list(self.tasks()), "today": long_date(timezone.localdate(), _language())}

    def tasks(self) -> Iterator[Task]:
        events: EventQuerySet = policy_registry.get_by_type(Event).instances_user_has_any_permission_for(
            self.user, {"change", "publish"}
        )
        yield from _proposals(events)
        yield from _requests(self.user)
        yield from _payments(self.user)
        yield from _overdue(events)
        ahead = list(events.filter(coming(), live=True).order_by("starts_at", "pk"))
        yield from _windows(ahead)
        yield from _full(events, ahead)
        yield from _untold(ahead)
        if may_see_letters(self.user):
            yield from _letters()
        if oversees_all(self.user):
            yield from _mandates()


def shows(user: Any) -> bool:
    """Whether somebody has the whole desk to look after."""
    return oversees_all(user) and user.has_perm("events.change_event")


def _proposals(events: EventQuerySet) -> Iterator[Task]:
    waiting = list(events.filter(proposed_ones()).order_by("starts_at"))
    if waiting:
        text = ngettext("%(count)d event awaits approval", "%(count)d events await approval", len(waiting))
        url = f"{reverse('wagtailsnippets_events_event:list')}?state={PROPOSED}"
        yield Task(text % {"count": len(waiting)}, url, [_row(event) for event in waiting[:NAMED]])
    proposed = list(Proposal.objects.awaiting().filter(event__in=events.order_by()).select_related("event", "region"))
    if proposed:
        text = ngettext(
            "%(count)d event is proposed by a region", "%(count)d events are proposed by regions", len(proposed)
        )
        rows = [
            Row(shown(one.event.title), reverse("proposals:show", args=[one.uid]), shown(one.region.name).text)
            for one in proposed[:NAMED]
        ]
        yield Task(text % {"count": len(proposed)}, reverse("proposals:list"), rows)


def _requests(user: Any) -> Iterator[Task]:
    """Those who wait for an answer, the events with their number."""
    counted = registration_queue.by_event(user)
    people = sum(count for _event, count in counted)
    if people:
        text = ngettext("%(count)d request awaits a decision", "%(count)d requests await a decision", people)
        rows = [
            Row(shown(event.title), reverse("registrations:requests_of", args=[event.uid]), str(count))
            for event, count in counted[:NAMED]
        ]
        yield Task(text % {"count": people}, reverse("registrations:requests"), rows)


def _payments(user: Any) -> Iterator[Task]:
    """Those that somebody has to look at: in review, disputed, not refunded as they should be."""
    if not policies.payments.user_has_permission(user, "change"):
        return
    rows = attention.needing_attention().select_related("event").order_by("pk")
    count = rows.count()
    if count:
        text = ngettext("%(count)d payment needs attention", "%(count)d payments need attention", count)
        named = [
            Row(shown(one.event.title), reverse("payments:inspect", args=[one.pk]), one.payer_name)
            for one in rows[:NAMED]
        ]
        yield Task(text % {"count": count}, f"{reverse('payments:index')}?where={attention.ATTENTION}", named)


def _overdue(events: EventQuerySet) -> Iterator[Task]:
    rows = [_row(event, why) for event, why in overdue.refused(events)]
    if rows:
        text = ngettext(
            "%(count)d scheduled publication was refused", "%(count)d scheduled publications were refused", len(rows)
        )
        yield Task(text % {"count": len(rows)}, rows=rows)


def _windows(ahead: list[Event]) -> Iterator[Task]:
    now = timezone.now()
    opening, closing = [], []
    for event in ahead:
        if event.registration != Event.RegistrationMode.HERE or event.status in Event.REPLACED:
            continue
        window = event.window
        if window.opens_at and now < window.opens_at <= now + SOON:
            opening.append(_row(event, _moment(event.registration_opens_local, event)))
        if window.closes_at and now < window.closes_at <= now + SOON:
            closing.append(_row(event, _moment(event.registration_closes_local or event.start_local, event)))
    if opening:
        yield Task(_("Registrations that open this week"), rows=opening)
    if closing:
        yield Task(_("Registrations that close this week"), rows=closing)


def _full(events: EventQuerySet, ahead: list[Event]) -> Iterator[Task]:
    full = set(standing(FULL, events.filter(live=True)))
    rows = [_row(event) for event in ahead if event.pk in full]
    if rows:
        text = ngettext("%(count)d coming event is full", "%(count)d coming events are full", len(rows))
        url = f"{reverse('wagtailsnippets_events_event:list')}?registrations={FULL}"
        yield Task(text % {"count": len(rows)}, url, rows[:NAMED])


def _untold(ahead: list[Event]) -> Iterator[Task]:
    prose = prose_in([event.pk for event in ahead])
    listed = reverse("wagtailsnippets_events_event:list")
    for code, name in settings.LANGUAGES:
        titles = sum(code not in event.told_in for event in ahead)
        texts = sum(code not in prose.get(event.pk, []) for event in ahead)
        if titles:
            text = ngettext(
                "%(count)d coming event has no title in this language: %(language)s",
                "%(count)d coming events have no title in this language: %(language)s",
                titles,
            )
            yield Task(text % {"count": titles, "language": name}, f"{listed}?when=coming&missing={code}")
        if texts:
            text = ngettext(
                "%(count)d coming event has a page without text in this language: %(language)s",
                "%(count)d coming events have a page without text in this language: %(language)s",
                texts,
            )
            yield Task(text % {"count": texts, "language": name}, f"{listed}?when=coming&textless={code}")


def _letters() -> Iterator[Task]:
    counted = Letter.objects.aggregate(
        failed=Count("pk", filter=IN_STATE[ABANDONED]), undeliverable=Count("pk", filter=IN_STATE[UNDELIVERABLE])
    )
    listed = reverse("letters:index")
    if failed := counted["failed"]:
        text = ngettext("%(count)d letter could not be sent", "%(count)d letters could not be sent", failed)
        yield Task(text % {"count": failed}, f"{listed}?state={ABANDONED}")
    if refused := counted["undeliverable"]:
        text = ngettext(
            "%(count)d letter was refused for good: the address is wrong or full",
            "%(count)d letters were refused for good: the addresses are wrong or full",
            refused,
        )
        yield Task(text % {"count": refused}, f"{listed}?state={UNDELIVERABLE}")
    held = allowance.standing()
    if held.waiting:
        text = ngettext(
            "%(count)d letter waits for the next hour: no more than %(limit)d leave within an hour",
            "%(count)d letters wait for the next hour: no more than %(limit)d leave within an hour",
            held.waiting,
        )
        yield Task(text % {"count": held.waiting, "limit": held.limit}, f"{listed}?state=waiting")


def _mandates() -> Iterator[Task]:
    """Those that end within a month and that nobody goes on with yet."""
    ending = Mandate.objects.current().filter(expires_at__lte=timezone.now() + MANDATES, followed_by=None)
    rows = [
        Row(
            shown(mandate.region.name),
            f"{reverse('mandates:act', args=[mandate.pk, 'renew'])}#mandate-{mandate.pk}",
            _("%(person)s, until %(day)s")
            % {
                "person": mandate.person.get_full_name() or mandate.person.get_username(),
                "day": long_date(mandate.ends_on, _language()),
            },
        )
        for mandate in ending.select_related("region", "person").order_by("expires_at", "pk")
    ]
    if rows:
        yield Task(_("Mandates that end within a month"), f"{reverse('mandates:index')}?state=ending", rows[:NAMED])


def _row(event: Event, note: str = "") -> Row:
    return Row(shown(event.title), reverse("wagtailsnippets_events_event:edit", args=[event.pk]), note)


def _moment(local: dt.datetime | None, event: Event) -> str:
    """A day and an hour on the clock of the place, which is named."""
    if local is None:
        return ""
    language = _language()
    return f"{long_date(local.date(), language)}, {time_of(local, language)} ({city(event.timezone, language)})"


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
