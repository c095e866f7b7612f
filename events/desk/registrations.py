"""Registrations as the staff see them: list, file, one person's history, and a cancellation with its reason."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, ExpressionWrapper, QuerySet, Value, When
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from events.models import Attendance, Event, Registration, RegistrationChange
from letters import kinds
from letters.desk import may_see_letters
from letters.models import Letter
from pages.desk.lookup import FoldedLookup
from pages.desk.trilingual import TrilingualColumn
from pages.desk.viewset import ReadOnlyViewSet
from pages.desk.wall import OwnRows
from pages.trilingual import shown
from regions import countries

from . import policies
from .figures import FiguresView
from .registration_dates import DateFilter, date_column, date_of, of_dates, seen_by
from .registration_export import EXPORTED, SHARED, fields_seen
from .spreadsheet import AsFile, csv_response, xlsx_response
from .tickets import EventFilter


class RegistrationFilterSet(WagtailFilterSet):
    event = EventFilter()
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=Registration.State.choices, widget=forms.CheckboxSelectMultiple
    )
    attendance = django_filters.ChoiceFilter(label=gettext_lazy("Attendance"), choices=Attendance.choices)
    date = DateFilter()

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
        event = event_known(request.user, asked) if asked else None
        found = of_dates(event, request.user) if event else None
        if found is None or not found.exists():
            del self.filters["date"]
        else:
            self.filters["date"].queryset = found


def event_known(user: Any, pk: str) -> Event | None:
    """The event of this number, if it is one that somebody may name."""
    return policies.events.choosable(user).filter(pk=pk).first() if pk.isascii() and pk.isdecimal() else None


class RegistrationIndexView(AsFile, OwnRows, FoldedLookup, generic.IndexView):
    """Whoever may not view registrations sees none, nor a file of them."""

    any_permission_required = ["view", "change"]
    show_other_searches = False

    @cached_property
    def list_export(self) -> list[str]:
        return fields_seen(self.request.user, EXPORTED)

    def get_base_queryset(self) -> QuerySet[Registration]:
        rows: QuerySet[Registration] = super().get_base_queryset()
        own = policies.registrations.in_care(self.request.user)
        whole = Value(True) if own is None else Case(When(own, then=Value(True)), default=Value(False))
        rows = rows.annotate(in_care=ExpressionWrapper(whole, output_field=BooleanField()))
        return rows.select_related("event", "ticket", "invitation", "occurrence")

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
            Column("attendance", label=_("Attendance"), accessor="get_attendance_display"),
            Column("organisation", label=_("Organisation"), sort_key="organisation"),
            Column(
                "created_at",
                label=_("Registered"),
                accessor=lambda row: row.created_at if row.in_care else "",
                sort_key="created_at",
            ),
        ]
        seen = fields_seen(self.request.user, EXPORTED)
        return [column for column in columns if column.name in seen]

    @cached_property
    def has_dates(self) -> bool:
        """Whether somebody in the list is registered for one date of a series."""
        rows = seen_by(self.request.user).filter(occurrence__isnull=False)
        return (rows if self.event is None else rows.filter(event=self.event)).exists()

    @cached_property
    def event(self) -> Event | None:
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
        if self.event_seen is not None:
            url = reverse("registrations:figures", args=[self.event_seen.uid])
            buttons.append(HeaderButton(_("Figures"), url=url, icon_name="table"))
        if self.event is not None and policies.events.user_has_permission_for_instance(
            self.request.user, "change", self.event
        ):
            url = reverse("wagtailsnippets_events_event:edit", args=[self.event.pk])
            buttons.append(HeaderButton(_("Event"), url=url, icon_name="calendar-alt"))
        return buttons

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text if self.event is not None else ""

    # -- the file

    def get_filename(self) -> str:
        about = slugify(shown(self.event.title, "en").text)[:60] if self.event is not None else ""
        return "-".join(filter(None, ["registrations", about, f"{timezone.now():%Y-%m-%d}"]))

    def as_spreadsheet(self, queryset: QuerySet[Registration], spreadsheet_format: str) -> Any:
        """The file of what the list shows; that it was taken, and by whom, stands in the log."""
        self.log_export(queryset, spreadsheet_format)
        return super().as_spreadsheet(queryset, spreadsheet_format)

    def log_export(self, queryset: QuerySet[Registration], form: str) -> None:
        """With the event, where the file is of one; else with the person who took it. No name that was searched for."""
        asked = self.request.GET
        told = {"format": form, "people": queryset.count(), "search": bool(self.is_searching)}
        told |= {name: asked.getlist(name) for name in ("event", "state", "attendance", "date") if asked.get(name)}
        log(self.event or self.request.user, "events.export_registrations", user=self.request.user, data=told)

    def write_csv_response(self, queryset: QuerySet[Registration]) -> StreamingHttpResponse:
        return csv_response(self.get_filename(), self.headings, queryset, self.values)

    def write_xlsx_response(self, queryset: QuerySet[Registration]) -> FileResponse:
        return xlsx_response(self.get_filename(), _("Registrations"), self.headings, queryset, self.values)

    @property
    def headings(self) -> list[Any]:
        return [EXPORTED[name][0] for name in self.list_export]

    def values(self, row: Registration) -> list[Any]:
        """What a co-organiser was not told of a person is left empty, in a file of many meetings too."""
        whole = row.in_care  # type: ignore[attr-defined]
        return [EXPORTED[name][1](row) if whole or name in SHARED else None for name in self.list_export]


class CancellationForm(forms.Form):
    """Why the staff cancel a registration; the participant's letter does not quote it."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class RegistrationInspectView(generic.InspectView):
    """One registration with its history. The personal link is never shown."""

    any_permission_required = ["view", "change"]
    template_name = "desk/registration.html"
    page_title = pgettext_lazy("of one person", "Registration")
    fields: list[str]

    @cached_property
    def is_in_care(self) -> bool:
        """Whether the reader sees all of it, with its history, and not only what was shared."""
        own = policies.registrations.in_care(self.request.user)
        return own is None or Registration.objects.filter(own, pk=self.object.pk).exists()

    def get_fields_context(self) -> list[dict[str, Any]]:
        self.fields = [
            name for name in fields_seen(self.request.user, self.fields) if self.is_in_care or name in SHARED
        ]
        fields: list[dict[str, Any]] = super().get_fields_context()
        return fields

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, dt.datetime):
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT") + f" {timezone.localtime(value):%Z}"
        return "—" if value in (None, "") else value

    def get_country_display_value(self) -> str:
        return countries.name(self.object.country) if self.object.country else ""

    def get_occurrence_display_value(self) -> str:
        return date_of(self.object) or "—"

    def get_event_display_value(self) -> str:
        return shown(self.object.event.title).text

    def failed_letters(self) -> list[dict[str, Any]]:
        """The letters about this event that did not reach this person, the latest first."""
        letters = Letter.objects.failed().filter(about=self.object.event.uid, recipient__iexact=self.object.email)
        linked = may_see_letters(self.request.user)
        return [
            {
                "letter": letter,
                "kind": kinds.label(letter.kind),
                "url": reverse("letters:inspect", args=[letter.pk]) if linked else "",
            }
            for letter in letters.order_by("-created_at")[:5]
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        registration = self.object
        may_cancel = registration.is_living and self.user_has_permission("change")
        changes = registration.changes.select_related("by") if self.is_in_care else []
        return super().get_context_data(**kwargs) | {
            "in_care": self.is_in_care,
            "failed_letters": self.failed_letters() if self.is_in_care else [],
            "changes": [history_line(change) for change in changes],
            "sharings": registration.sharings.select_related("organisation"),
            "registrations_url": f"{reverse('registrations:index')}?event={registration.event_id}",
            "cancellation": CancellationForm() if may_cancel else None,
            "cancel_url": reverse("registrations:cancel", args=[quote(registration.pk)]),
        }


def history_line(change: RegistrationChange) -> dict[str, Any]:
    """One change, in the reader's words; a change of details leaves the state as it was."""
    names = dict(Registration.State.choices)
    return {
        "at": change.at,
        "was": names.get(change.was, change.was),
        "became": names.get(change.became, change.became),
        "by": get_user_display_name(change.by) if change.by else "",
        "why": change.reason,
    }


class RegistrationViewSet(ReadOnlyViewSet):
    """People register themselves; staff see, take away as a file, and cancel."""

    model = Registration
    name = "registrations"
    icon = "group"
    menu_label = gettext_lazy("Registrations")
    index_view_class = RegistrationIndexView
    inspect_view_class = RegistrationInspectView
    inspect_template_name = RegistrationInspectView.template_name
    inspect_view_fields = [
        "event",
        "occurrence",
        "state",
        "name",
        "email",
        "organisation",
        "country",
        "attendance",
        "ticket",
        "invitation",
        "language",
        "created_at",
        "confirmed_at",
        "cancelled_at",
        "consented_at",
    ]
    filterset_class = RegistrationFilterSet
    ordering = "-created_at"
    search_fields = ["name", "email", "organisation"]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("cancel/<int:pk>/", cancel, name="cancel"),
            path("figures/<uuid:uid>/", FiguresView.as_view(), name="figures"),
        ]


def log_actions(registry: Any) -> None:
    """How the log calls what is done here."""
    registry.register_action(
        "events.export_registrations", gettext_lazy("Download registrations"), gettext_lazy("Registrations downloaded")
    )


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel for a reason, which the history keeps. Twice is once."""
    if not request.user.has_perm("events.change_registration"):
        raise PermissionDenied
    registration = get_object_or_404(Registration, pk=pk)
    form = CancellationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why: the history keeps the reason."))
    elif not registration.is_living:
        messages.warning(request, _("This registration had already ended."))
    else:
        registration.cancel(by=request.user, why=form.cleaned_data["reason"])  # type: ignore[arg-type]
        messages.success(request, _("The registration of %(name)s is cancelled.") % {"name": registration.name})
    return HttpResponseRedirect(reverse("registrations:inspect", args=[pk]))
