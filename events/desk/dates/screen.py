"""The dates of a series: what becomes of each, who comes to it, the hour in each region, and what can be done."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events.calendars import fair, hours
from events.models import Event, Occurrence, Registration
from events.models.expansion import RuleRefused, expand
from pages.trilingual import shown

from .. import policies
from ..event_list import may_see_registrations, registrations_url
from ..on_event import NAMES, OnEvent, edit_url, may
from .actions import VERBS

SHOWN = 20
"Dates on one page."
FAR = dt.timedelta(days=3 * 366)


@dataclass
class Line:
    """One date, as the list shows it."""

    date: Occurrence
    when: hours.Hours
    rule_says: str = ""
    "When it would be if it had not been moved."
    marks: list[str] = field(default_factory=list)
    place: str = ""
    note: str = ""
    registered: int = 0
    links: list[tuple[str, str, str]] = field(default_factory=list)
    "What can be done to it: name, address, icon."

    @property
    def day(self) -> str:
        return f"{self.date.original:%Y-%m-%d}"


class DatesView(OnEvent):
    """A page of dates, those to come first; those that were are a link away."""

    template_name = "desk/dates.html"
    header_icon = "date"
    needs = "change"
    page_title = gettext_lazy("Dates")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.event.recurs:
            messages.warning(request, _("This event has one date: it is changed in its form."))
            return HttpResponseRedirect(edit_url(self.event))
        return super().get(request, *args, **kwargs)

    @cached_property
    def past(self) -> bool:
        return self.request.GET.get("past") == "1"

    @cached_property
    def may_act(self) -> bool:
        return (
            self.event.live
            and self.event.status not in Event.CALLED_OFF
            and may(self.request.user, "publish", self.event)
        )

    def dates(self) -> Any:
        """Those of this page of the list: rows of what is public, else what the rule of the draft gives."""
        now = timezone.now()
        if not self.event.live:
            return _of_draft(self.event, now, past=self.past)
        living = Count("registrations", filter=Q(registrations__state__in=Registration.LIVING))
        rows = Occurrence.objects.filter(event=self.event).annotate(registered=living)
        if self.past:
            return rows.filter(ends_at__lte=now).order_by("-starts_at", "pk")
        return rows.filter(ends_at__gt=now).order_by("starts_at", "pk")

    def line(self, date: Any, language: str) -> Line:
        line = Line(date, hours.at_place(self.event, language, date), registered=getattr(date, "registered", 0))
        if date.is_dropped:
            line.marks.append(_("no longer a date of the series: somebody is registered for it"))
        if date.is_cancelled:
            line.marks.append(_("does not take place"))
        if date.is_moved:
            line.marks.append(_("at another time"))
            was = Occurrence.given_by(self.event, date.original, None)
            told = hours.at_place(self.event, language, was)
            line.rule_says = f"{told.date_text}, {told.time_text}"
        place = [shown(text).text for text in (date.venue, date.city)]
        line.place = ", ".join(filter(None, place))
        if line.place or date.joining_url:
            line.marks.append(_("held elsewhere") if line.place else _("another link"))
        line.note = shown(date.note).text
        if self.may_act and not self.past and not date.is_dropped:
            line.links = self._links(date)
        return line

    def _links(self, date: Occurrence) -> list[tuple[str, str, str]]:
        said = date.is_cancelled or date.is_moved or any(map(str, (date.venue, date.city, date.joining_url, date.note)))
        day = date.original.date()
        found = [
            (str(view.page_title), reverse(f"{NAMES}:{name}", args=[self.event.pk, day.isoformat()]), icon)
            for name, view, icon in VERBS
            if (name != "cancel_date" or not date.is_cancelled) and (name != "restore_date" or said)
        ]
        if day > self.event.start_local.date() and not hasattr(self.event, "continued_by"):
            address = reverse(f"{NAMES}:from_this_date", args=[self.event.pk, day.isoformat()])
            found.append((_("From this date on"), address, "cut"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = get_language() or "fr"
        page = Paginator(self.dates(), SHOWN).get_page(self.request.GET.get("page"))
        lines = [self.line(date, language) for date in page]
        held = [line.date for line in lines if line.date.takes_place]
        table = fair.table(self.event, [(date.starts_at, date.ends_at) for date in held], language)
        user = self.request.user
        sees = may_see_registrations(user) and self.event.live
        known = policies.registrations.instances_user_has_any_permission_for(user, {"view", "change"})
        whole = known.filter(event=self.event, occurrence=None, state__in=Registration.LIVING).count() if sees else 0
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "lines": lines,
            "page": page,
            "past": self.past,
            "may_act": self.may_act,
            "table": table if table.clocks and not self.past else None,
            "sees_registrations": sees,
            "registrations_url": registrations_url(self.event.pk) if sees else "",
            "whole": whole,
            "zone": hours.at_place(self.event, language).zone_name or self.event.timezone,
            "chain": self._chain(),
            "back_url": edit_url(self.event),
        }

    def _chain(self) -> list[dict[str, Any]]:
        """The series that this one continues, and the one that continues it, if this reader may know them."""
        event, found = self.event, []
        known = policies.events.choosable(self.request.user)
        for word, pk in (
            ("continues", event.continues_id),
            ("continued_by", Event.objects.filter(continues=event).values_list("pk", flat=True).first()),
        ):
            other = known.filter(pk=pk).first() if pk else None
            if other is not None:
                found.append({"word": word, "event": other, "url": reverse(f"{NAMES}:edit", args=[other.pk])})
        return found


def _of_draft(event: Event, now: dt.datetime, *, past: bool) -> list[Occurrence]:
    """The dates that a draft would have."""
    exceptions = {one.day: one for one in event.exceptions.all()}
    until = max(now.replace(tzinfo=None), event.start_local) + FAR
    try:
        starts = expand(event.recurrence, event.start_local, event.start_local, until)
    except RuleRefused:
        return []
    dates = [Occurrence.given_by(event, start, exceptions.get(start.date())) for start in starts]
    return [date for date in dates if (date.ends_at <= now) is past]
