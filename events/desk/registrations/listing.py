"""The list of registrations: whom the staff see, in what state, and the file of them."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.db.models import BooleanField, Case, Count, ExpressionWrapper, Q, QuerySet, Value, When
from django.forms import Media
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from events.models import Attendance, Event, Registration
from pages.desk.lookup import FoldedLookup
from pages.desk.trilingual import TrilingualColumn
from pages.desk.wall import OwnRows
from pages.trilingual import shown

from .. import policies
from ..of_an_event import EventFilter
from ..payments import owing
from ..questions import listed as answers
from ..questions.reading import Reading
from ..spreadsheet import AsFile
from .dates import DateFilter, date_column, moment, of_dates, seen_by
from .export import EXPORTED, TakenAway, fields_seen
from .seats import named

doors: list[Callable[[HttpRequest, Event | None], list[HeaderButton]]] = []
"Ways on from the list to what other rooms make of it, for whoever may go there."


GIVE_WAY = ("event", "expires_at", "created_at")
"Columns that make room for answers: the one event is named above the list."


class RegistrationFilterSet(WagtailFilterSet):
    event = EventFilter()
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=Registration.State.choices, widget=forms.CheckboxSelectMultiple
    )
    attendance = django_filters.ChoiceFilter(label=gettext_lazy("Attendance"), choices=Attendance.choices)
    date = DateFilter()
    payment = django_filters.ChoiceFilter(label=gettext_lazy("Payment"), choices=owing.CHOICES, method="by_payment")

    class Meta:
        model = Registration
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, request: Any = None, **kwargs: Any) -> None:
        """An event that the reader may not know is as good as none: its title would stand in the filter."""
        asked = data.get("event", "") if data is not None else ""
        if asked and event_known(request.user, asked) is None:
            data = data.copy()
            del data["event"]
        super().__init__(data, *args, request=request, **kwargs)
        if "payment" not in fields_seen(request.user, ["payment"]):
            del self.filters["payment"]
        event = event_known(request.user, asked) if asked else None
        found = of_dates(event, request.user) if event else None
        if found is None or not found.exists():
            del self.filters["date"]
        else:
            self.filters["date"].queryset = found
        for name, one in (answers.filters(request.user, event) if event else {}).items():
            one.parent, one.model = self, Registration
            self.filters[name] = one

    def by_payment(self, rows: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
        """Among those of whom the reader sees everything."""
        whole: QuerySet[Registration] = rows.filter(Q(in_care=True))
        return owing.with_money(whole).filter(owing.OWING[value][1])


def event_known(user: Any, pk: str) -> Event | None:
    """The event of this number, if it is one that somebody may name."""
    return policies.events.choosable(user).filter(pk=pk).first() if pk.isascii() and pk.isdecimal() else None


class RegistrationIndexView(TakenAway, AsFile, OwnRows, FoldedLookup, generic.IndexView):
    """Whoever may not view registrations sees none, nor a file of them."""

    any_permission_required = ["view", "change"]
    show_other_searches = False
    results_template_name = "desk/registrations_results.html"

    def get_base_queryset(self) -> QuerySet[Registration]:
        rows: QuerySet[Registration] = super().get_base_queryset().filter(erased_at=None)
        own = policies.registrations.in_care(self.request.user)
        whole = Value(True) if own is None else Case(When(own, then=Value(True)), default=Value(False))
        rows = rows.annotate(in_care=ExpressionWrapper(whole, output_field=BooleanField()))
        rows = rows.select_related("event", "ticket", "invitation", "occurrence")
        if self.is_export or self.has_fees:
            rows = owing.with_money(rows)
        return self.with_more(rows) if self.is_export else rows

    def get_queryset(self) -> QuerySet[Registration]:
        """With the answers that are shown, or that the file has columns for."""
        rows: QuerySet[Registration] = super().get_queryset()
        return self.reading.of(rows) if self.reading and self.reading.questions else rows

    @cached_property
    def reading(self) -> Reading | None:  # type: ignore[override]
        """The answers to the questions that were asked for; in a file, to all that the reader may read."""
        if self.event is None:
            return None
        only = None if self.is_export else answers.asked_for(self.request.GET)
        return None if only == [] else Reading(self.request.user, self.event, only)

    @cached_property
    def columns(self) -> list[Column]:
        columns = [
            self._get_title_column("name"),
            Column("email", label=_("E-mail"), sort_key="email"),
            TrilingualColumn("event", accessor="event.title", label=_("Event")),
            *([date_column()] if self.has_dates else []),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                sort_key="state",
                primary=lambda row: row.is_living,
            ),
            *([Column("payment", label=_("Payment"), accessor=_payment)] if self.has_fees else []),
            Column(
                "expires_at",
                label=_("Kept until"),
                accessor=lambda row: moment(row.expires_at) if row.in_care and row.is_living else "",
                sort_key="expires_at",
            ),
            Column("attendance", label=_("Attendance"), accessor="get_attendance_display"),
            Column("organisation", label=_("Organisation"), sort_key="organisation"),
            Column(
                "created_at",
                label=_("Registered"),
                accessor=lambda row: moment(row.created_at) if row.in_care else "",
                sort_key="created_at",
            ),
        ]
        seen = fields_seen(self.request.user, EXPORTED)
        found = [column for column in columns if column.name in seen]
        more = answers.columns(self.reading) if self.reading else []
        return [column for column in found if not more or column.name not in GIVE_WAY] + more

    @cached_property
    def has_dates(self) -> bool:
        """Whether somebody in the list is registered for one date of a series."""
        rows = seen_by(self.request.user).filter(occurrence__isnull=False)
        return (rows if self.event is None else rows.filter(event=self.event)).exists()

    @cached_property
    def has_fees(self) -> bool:
        """Whether somebody in the list has to pay, or had to."""
        rows = seen_by(self.request.user)
        return owing.is_asked(rows if self.event is None else rows.filter(event=self.event))

    @cached_property
    def event(self) -> Event | None:  # type: ignore[override]
        """The one event that the list is narrowed to, if it is."""
        return event_known(self.request.user, self.request.GET.get("event", ""))

    @cached_property
    def event_seen(self) -> Event | None:
        """That event, if it is one of the reader's own and not merely public."""
        if self.event is None:
            return None
        own = policies.events.narrow(Event.objects.filter(pk=self.event.pk), self.request.user, {"view", "change"})
        return own.first()

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = super().header_buttons
        if policies.registrations.user_has_permission(self.request.user, "change"):
            buttons += self.deciding()
        if self.event_seen is not None:
            url = reverse("registrations:figures", args=[self.event_seen.uid])
            buttons.append(HeaderButton(_("Figures"), url=url, icon_name="table"))
            if policies.sees_people_of(self.request.user, self.event_seen):
                url = reverse("certificates:list", args=[self.event_seen.uid])
                buttons.append(HeaderButton(_("Certificates"), url=url, icon_name="doc-full"))
        for door in doors:
            buttons += door(self.request, self.event)
        if self.event is not None and policies.events.user_has_permission_for_instance(
            self.request.user, "change", self.event
        ):
            url = reverse("wagtailsnippets_events_event:edit", args=[self.event.pk])
            buttons.append(HeaderButton(_("Event"), url=url, icon_name="calendar-alt"))
        return buttons

    def deciding(self) -> list[HeaderButton]:
        """The ways to what is decided, of the event if the list is narrowed to one."""
        of = [self.event.uid] if self.event is not None else []
        ways = [
            ("add_to" if of else "add", _("Add somebody by hand"), "plus"),
            ("requests_of" if of else "requests", _("Requests to decide"), "clipboard-list"),
            *([("line", _("Waiting list"), "list-ol")] if of else []),
        ]
        return [
            HeaderButton(label, url=reverse(f"registrations:{name}", args=of), icon_name=icon)
            for name, label, icon in ways
        ]

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text if self.event is not None else ""

    # -- how many are in each state

    def states(self) -> list[dict[str, Any]]:
        """What the list would show in each state, all other filters alike; the states in the order of a life."""
        asked = self.request.GET.copy()
        chosen = asked.pop("state", [])
        asked.pop("p", None)
        rows = self.get_base_queryset()
        filters = RegistrationFilterSet(asked, queryset=rows, request=self.request)
        if filters.is_valid():
            rows = filters.filter_queryset(rows)
        counted = dict(self.search_queryset(rows).order_by().values_list("state").annotate(people=Count("pk")))
        found = []
        for state, name in Registration.State.choices:
            if people := counted.get(state):
                one = asked.copy()
                one["state"] = state
                found.append(
                    {
                        "text": named(capfirst(str(name)), people),
                        "url": f"?{one.urlencode()}",
                        "is_on": state in chosen,
                    }
                )
        return found

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        context["media"] += Media(css={"all": ["desk/registrations.css"]})
        return context | {"states": self.states(), "all_url": self._without_state()}

    def _without_state(self) -> str:
        asked = self.request.GET.copy()
        asked.pop("state", None)
        asked.pop("p", None)
        return f"?{asked.urlencode()}"


def _payment(row: Any) -> str:
    return owing.told(row) if row.in_care else ""
