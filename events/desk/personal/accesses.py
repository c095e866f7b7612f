"""The report of accesses: who of the staff looked at whose data, when and how. Nobody edits or deletes a line."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.auth import require_admin_access
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports.base import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from events.models import Attendance, DataAccess, Registration
from pages.trilingual import shown

from ..of_an_event import EventFilter
from ..registrations.dates import moment
from ..spreadsheet import csv_response, xlsx_response

RIGHT = "events.view_dataaccess"
NAMES_OF_FILTERS = {
    "state": gettext_lazy("State"),
    "attendance": gettext_lazy("Attendance"),
    "payment": gettext_lazy("Payment"),
    "date": gettext_lazy("Date"),
    "ticket": gettext_lazy("Ticket"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "currency": gettext_lazy("Currency"),
}
WORDS: dict[str, dict[str, Any]] = {
    "state": dict(Registration.State.choices),
    "attendance": dict(Attendance.choices),
    "language": dict(settings.LANGUAGES),
    "list": dict(DataAccess.What.choices),
}
"What the filters chose, in words."


def accounts() -> list[tuple[str, str]]:
    """Everybody who has ever looked, also those who are gone."""
    found = DataAccess.objects.order_by("who").values_list("who", flat=True).distinct()
    return [(who, who) for who in found]


class AccessFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=gettext_lazy("When"), widget=DateRangePickerWidget)
    who = django_filters.ChoiceFilter(label=gettext_lazy("Account"), choices=accounts)
    what = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("What"), choices=DataAccess.What.choices, widget=forms.CheckboxSelectMultiple
    )
    event = EventFilter()
    registration = django_filters.UUIDFilter(label=gettext_lazy("Registration (its number)"))

    class Meta:
        model = DataAccess
        fields: list[str] = []


class AccessReport(ReportView):
    """The newest first; a look that was repeated within a quarter of an hour is one line with a count."""

    model = DataAccess
    permission_policy = ModelPermissionPolicy(DataAccess)
    any_permission_required = ["view"]
    page_title = gettext_lazy("Accesses to personal data")
    header_icon = "view"
    filterset_class = AccessFilterSet
    index_url_name = "data_accesses"
    index_results_url_name = "data_accesses_results"
    default_ordering = "-at"
    list_export = ["at", "last_at", "who", "what", "event", "registration", "people", "times", "details"]

    def get_base_queryset(self) -> QuerySet[DataAccess]:
        rows: QuerySet[DataAccess] = super().get_base_queryset()
        return rows.select_related("event").order_by("-at", "-pk")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("at", label=_("When"), accessor=_when),
            TitleColumn(
                "what", label=_("What"), accessor=lambda row: capfirst(row.get_what_display()), get_url=self.way_to
            ),
            Column("who", label=_("Account")),
            Column("event", label=_("Event"), accessor=lambda row: shown(row.event.title).text if row.event else ""),
            Column("registration", label=_("Of whom"), accessor=_of_whom),
            Column("details", label=_("Details"), accessor=lambda row: told(row.details)),
        ]

    @cached_property
    def known(self) -> dict[Any, int]:
        """The registrations of this page that are still there: their keys by their numbers."""
        uids = [row.registration for row in self.on_page if row.registration]
        return dict(Registration.objects.filter(uid__in=uids).values_list("uid", "pk"))

    on_page: Iterable[DataAccess] = ()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        self.on_page = object_list
        return object_list

    def way_to(self, row: DataAccess) -> str | None:
        pk = self.known.get(row.registration)
        may = pk is not None and self.request.user.has_perm("events.view_registration")
        return reverse("registrations:inspect", args=[pk]) if may else None

    # -- the file

    def get_filename(self) -> str:
        return f"accesses-{timezone.now():%Y-%m-%d}"

    def write_csv_response(self, queryset: QuerySet[DataAccess]) -> StreamingHttpResponse:
        return csv_response(self.get_filename(), HEADINGS, queryset, values)

    def write_xlsx_response(self, queryset: QuerySet[DataAccess]) -> FileResponse:
        return xlsx_response(self.get_filename(), _("Accesses"), HEADINGS, queryset, values)


HEADINGS = [
    gettext_lazy("First (UTC)"),
    gettext_lazy("Last (UTC)"),
    gettext_lazy("Times"),
    gettext_lazy("Account"),
    gettext_lazy("What"),
    gettext_lazy("Event"),
    gettext_lazy("Registration"),
    gettext_lazy("People"),
    gettext_lazy("Details"),
]


def values(row: DataAccess) -> list[Any]:
    event = shown(row.event.title).text if row.event else ""
    who = str(row.registration or "")
    return [
        *(row.at, row.last_at, row.times, row.who, capfirst(row.get_what_display())),
        *(event, who, row.people, told(row.details)),
    ]


def _when(row: DataAccess) -> str:
    """The moment; of a look that was repeated, how often."""
    if row.times == 1:
        return moment(row.at)
    times = ngettext("%(count)d time", "%(count)d times", row.times) % {"count": row.times}
    return f"{moment(row.at)} · {times}"


def _of_whom(row: DataAccess) -> str:
    """How many; who it was, nobody reads here."""
    if row.registration:
        return _("one person: %(number)s") % {"number": str(row.registration)[:8]}
    return ngettext("%(count)d person", "%(count)d people", row.people) % {"count": row.people}


def told(details: dict[str, Any]) -> str:
    """Filters and formats in words."""
    said = []
    if details.get("format"):
        said.append(str(details["format"]).upper())
    for name, chosen in (details.get("filters") or {}).items():
        words = ", ".join(str(WORDS.get(name, {}).get(one, one)) for one in chosen)
        said.append(_("%(filter)s: %(values)s") % {"filter": NAMES_OF_FILTERS.get(name, name), "values": words})
    if details.get("search"):
        said.append(_("with a search"))
    if details.get("list"):
        said.append(str(WORDS["list"].get(details["list"], details["list"])))
    others = details.keys() - {"format", "filters", "search", "list"}
    said += [str(details[name]) for name in sorted(others) if isinstance(details[name], str | int)]
    return "; ".join(said)


class ReportItem(MenuItem):
    """For those alone who may read it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)


def menu_item() -> ReportItem:
    return ReportItem(
        gettext_lazy("Accesses to personal data"),
        reverse("data_accesses"),
        name="data-accesses",
        icon_name="view",
        order=950,
    )


urlpatterns = [
    path("reports/personal-data/", require_admin_access(AccessReport.as_view()), name="data_accesses"),
    path(
        "reports/personal-data/results/",
        require_admin_access(AccessReport.as_view(results_only=True)),
        name="data_accesses_results",
    ),
]
