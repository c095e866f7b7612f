"""The calendar of everything in the admin: a month on a page, its filters kept from month to month."""

import calendar
import datetime as dt
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import policy_registry

from events.calendars.days import month_of
from events.calendars.hours import day_of
from events.calendars.zone_names import locale
from events.models import Event
from events.models.agenda import EventQuerySet
from regions.models import Region

from .month import Entry, by_day, entries, weeks

RIGHTS = {"add", "change", "delete", "publish", "view"}
YEARS = range(1950, 2200)
PUBLISHED, DRAFTS = "published", "drafts"


def may_look(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Event).user_has_any_permission(user, RIGHTS))


class CalendarForm(forms.Form):
    """What the month is narrowed to."""

    region = forms.ModelChoiceField(
        label=gettext_lazy("Region"),
        queryset=Region.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("all regions"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("all kinds")), *Event.Kind.choices], required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Publication"),
        choices=[
            ("", gettext_lazy("published and drafts")),
            (PUBLISHED, gettext_lazy("only what is published")),
            (DRAFTS, gettext_lazy("only drafts")),
        ],
        required=False,
    )
    month = forms.CharField(
        label=gettext_lazy("Month"),
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2027-09", "pattern": r"\d{4}-\d{2}"}),
    )

    @property
    def kept(self) -> dict[str, str]:
        """What is chosen, as it stands in an address, the month left out: that is in the path."""
        names = ("region", "kind", "state")
        return {name: str(self.data[name]) for name in names if self.data.get(name) and name not in self.errors}


class CalendarView(WagtailAdminTemplateMixin, TemplateView):
    """One month. The same number of queries, however many events."""

    template_name = "desk/calendar.html"
    page_title = gettext_lazy("Calendar")
    header_icon = "date"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_look(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The month that the path names; without one, the month asked for or this one, at its own address."""
        self.form = CalendarForm(request.GET)
        self.form.is_valid()
        if "year" in kwargs:
            self.first = _first_of(kwargs["year"], kwargs["month"])
            return super().get(request, *args, **kwargs)
        return HttpResponseRedirect(self.address(_asked(request.GET.get("month", "")) or timezone.localdate()))

    def address(self, day: dt.date) -> str:
        path = reverse("wagtailsnippets_events_event:calendar_month", args=[day.year, day.month])
        kept = self.form.kept
        return f"{path}?{urlencode(kept)}" if kept else path

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = reverse("wagtailsnippets_events_event:list")
        buttons = [HeaderButton(_("List"), url=url, icon_name="list-ul", priority=20)]
        if policy_registry.get_by_type(Event).user_has_permission(self.request.user, "add"):
            add = reverse("wagtailsnippets_events_event:add")
            buttons.append(HeaderButton(_("Add an event"), url=add, icon_name="plus", priority=10))
        return buttons

    def get_page_subtitle(self) -> str:
        return f"{month_of(self.first, _language())} {self.first.year}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("wagtailsnippets_events_event:list"), "label": _("Events")},
            {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language, first = _language(), self.first
        days = [day for week in calendar.Calendar().monthdatescalendar(first.year, first.month) for day in week]
        editable = self.editable()
        found = [
            replace(entry, editable=entry.event_id in editable)
            for entry in entries(self.events(), days[0], days[-1], language)
            if self._wanted(entry)
        ]
        today = timezone.localdate()
        names = locale(language).days["stand-alone"]
        return super().get_context_data(**kwargs) | {
            "month": capfirst(self.get_page_subtitle()),
            "first": first,
            "today": today,
            "weekdays": [(names["wide"][number], names["abbreviated"][number]) for number in range(7)],
            "weeks": weeks(found, first.year, first.month),
            "days": [
                (day, capfirst(day_of(day, language)), rows) for day, rows in by_day(found, first.year, first.month)
            ],
            "previous": self._turn(first - dt.timedelta(days=1)),
            "next": self._turn(first + dt.timedelta(days=31)),
            "today_url": self.address(today),
            "form": CalendarForm(initial={**self.form.kept, "month": f"{first:%Y-%m}"}),
            "action": reverse("wagtailsnippets_events_event:calendar"),
            "narrowed": bool(self.form.kept),
            "all_url": reverse("wagtailsnippets_events_event:calendar_month", args=[first.year, first.month]),
            "statuses": [(status.value, capfirst(status.label)) for status in Event.Status],
        }

    def events(self) -> EventQuerySet:
        """What this person may see, narrowed to what is chosen."""
        policy = policy_registry.get_by_type(Event)
        events: EventQuerySet = policy.instances_user_has_any_permission_for(self.request.user, RIGHTS)
        chosen = self.form.cleaned_data
        if chosen.get("region"):
            events = events.in_region(chosen["region"].code)
        if chosen.get("kind"):
            events = events.of_kind(chosen["kind"])
        return events

    def editable(self) -> set[int]:
        policy = policy_registry.get_by_type(Event)
        events = policy.instances_user_has_any_permission_for(self.request.user, {"change", "publish"})
        return set(events.order_by().values_list("pk", flat=True))

    def _wanted(self, entry: Entry) -> bool:
        state = self.form.cleaned_data.get("state")
        return entry.public if state == PUBLISHED else entry.drafted if state == DRAFTS else True

    def _turn(self, day: dt.date) -> dict[str, str] | None:
        if day.year not in YEARS:
            return None
        return {"url": self.address(day), "name": capfirst(f"{month_of(day, _language())} {day.year}")}


def _first_of(year: int, month: int) -> dt.date:
    if year not in YEARS or not 1 <= month <= 12:
        raise Http404
    return dt.date(year, month, 1)


def _asked(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


class CalendarMenuItem(MenuItem):
    """For those who may see events."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


def menu_item() -> CalendarMenuItem:
    return CalendarMenuItem(
        gettext_lazy("Calendar"),
        reverse("wagtailsnippets_events_event:calendar"),
        name="events-calendar",
        icon_name="date",
        order=111,
    )
