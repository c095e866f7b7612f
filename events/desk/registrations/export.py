"""The file of registrations: its columns, what is told of one person, and to whom."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from events.models import Event, Registration, RegistrationChange, money
from pages.trilingual import shown
from regions import countries
from regions.mandates import regions_in_care

from .. import policies
from ..payments import owing
from ..questions.reading import Reading, label
from ..spreadsheet import csv_response, xlsx_response
from .dates import date_of
from .line import with_places

DECIDING = ("approve", "decline", "queue", "confirm", "offer", "cancel", "enter")
"The verbs by which somebody of the staff decides about a person."


def _of(row: Any, tell: Callable[[Any], Any]) -> Any:
    """Of what is known of its payments, if that was asked for."""
    return tell(row) if hasattr(row, "came") else None


def _whole(amount: int, row: Any) -> Any:
    """In the currency of the ticket, if something came."""
    return money.major(amount, row.fee_currency or row.ticket.currency) if row.came and row.ticket else None


EXPORTED: dict[str, tuple[Any, Callable[[Registration], Any]]] = {
    "event": (_("Event"), lambda row: shown(row.event.title).text),
    "begins": (_("Begins, at the place"), lambda row: row.event.start_local),
    "occurrence": (_("Date of the series"), date_of),
    "name": (_("Name"), lambda row: row.name),
    "email": (_("E-mail"), lambda row: row.email),
    "organisation": (_("Organisation"), lambda row: row.organisation),
    "country": (_("Country"), lambda row: countries.name(row.country) if row.country else ""),
    "attendance": (_("Attendance"), lambda row: row.get_attendance_display()),
    "ticket": (_("Ticket"), lambda row: shown(row.ticket.name).text if row.ticket else ""),
    "payment": (_("Payment"), lambda row: _of(row, owing.told)),
    "fee": (_("Fee"), lambda row: _of(row, lambda it: money.major(it.fee, it.fee_currency) if it.fee else None)),
    "fee_currency": (_("Currency"), lambda row: row.fee_currency),
    "paid": (_("Received"), lambda row: _of(row, lambda it: _whole(it.came, it))),
    "refunded": (_("Refunded"), lambda row: _of(row, lambda it: _whole(it.went, it))),
    "invitation": (_("Invitation code"), lambda row: row.invitation.code if row.invitation else ""),
    "language": (_("Language of letters"), lambda row: row.get_language_display()),
    "state": (_("State"), lambda row: capfirst(row.get_state_display())),
    "expires_at": (_("Kept until (UTC)"), lambda row: row.expires_at if row.is_living else None),
    "line_place": (_("Place in the line"), lambda row: getattr(row, "line_place", None)),
    "verified_at": (_("Address confirmed (UTC)"), lambda row: row.verified_at),
    "decided_by": (_("Decided by"), lambda row: getattr(row, "decided_by", None)),
    "decided_at": (_("Decided (UTC)"), lambda row: getattr(row, "decided_at", None)),
    "created_at": (_("Registered (UTC)"), lambda row: row.created_at),
    "confirmed_at": (_("Confirmed (UTC)"), lambda row: row.confirmed_at),
    "cancelled_at": (_("Cancelled (UTC)"), lambda row: row.cancelled_at),
}
"Name → heading and value, both in the reader's language."
OF_ONE_EVENT: dict[str, tuple[Any, Callable[[Registration], Any]]] = {
    "latin_name": (_("Name in Latin letters"), lambda row: row.latin_name),
    "known_organisation": (
        _("Organisation of the directory"),
        lambda row: shown(row.known_organisation.name).text if row.known_organisation else "",
    ),
}
"Told in the file of one event alone, as its answers are: the file of many keeps its columns."
BEHIND = {"latin_name": "name", "known_organisation": "organisation"}
"Behind which column these stand."

OF_STAFF = ("invitation", "refunded")
"What only the staff see."
SHARED = frozenset(
    {"event", "begins", "occurrence", "name", "email", "organisation", "country", "attendance", "ticket", "state"}
)
"What a participant agreed to let a co-organiser see."


def fields_seen(user: Any, fields: Iterable[str]) -> list[str]:
    """Those of a registration that a reader may know: codes are the staff's, most is not shared with co-organisers."""
    if policies.registrations.holds_for_all(user, {"view", "change"}):
        return list(fields)
    whole = bool(regions_in_care(user, "registrations"))
    return [name for name in fields if name not in OF_STAFF and (whole or name in SHARED)]


def with_decisions(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """With the place in the line, and who of the staff decided last and when; asked for with the rows themselves."""
    last = RegistrationChange.objects.filter(registration=OuterRef("pk"), verb__in=DECIDING, by__isnull=False)
    last = last.order_by("-at", "-pk")
    whole = NullIf(Trim(Concat(F("by__first_name"), Value(" "), F("by__last_name"))), Value(""))
    named = last.annotate(named=Coalesce(whole, F("by__username"))).values("named")[:1]
    return with_places(rows).annotate(decided_by=Subquery(named), decided_at=Subquery(last.values("at")[:1]))


class TakenAway:
    """For the list: the file of what it shows. Narrowed to one event, it has its answers too, a column a question."""

    request: HttpRequest
    event: Event | None
    reading: Reading | None
    is_searching: bool

    @cached_property
    def list_export(self) -> list[str]:
        names = fields_seen(self.request.user, EXPORTED)
        if self.event is not None and policies.sees_people_of(self.request.user, self.event):
            for name, first in BEHIND.items():
                names.insert(names.index(first) + 1, name)
        return names

    def with_more(self, rows: QuerySet[Registration]) -> QuerySet[Registration]:
        """With what only a file tells."""
        rows = with_decisions(rows)
        return rows.select_related("known_organisation") if "known_organisation" in self.list_export else rows

    def get_filename(self) -> str:
        about = slugify(shown(self.event.title, "en").text)[:60] if self.event is not None else ""
        return "-".join(filter(None, ["registrations", about, f"{timezone.now():%Y-%m-%d}"]))

    def as_spreadsheet(self, queryset: QuerySet[Registration], spreadsheet_format: str) -> Any:
        """The file of what the list shows; that it was taken, and by whom, stands in the log."""
        people = self.log_export(queryset, spreadsheet_format)
        response = super().as_spreadsheet(queryset, spreadsheet_format)  # type: ignore[misc]
        response.people = people
        return response

    def log_export(self, queryset: QuerySet[Registration], form: str) -> int:
        """With the event, where the file is of one; else with the person who took it. No name that was searched for."""
        asked = self.request.GET
        people: int = queryset.count()
        told = {"format": form, "people": people, "search": bool(self.is_searching)}
        told |= {
            name: asked.getlist(name) for name in ("event", "state", "attendance", "date", "payment") if asked.get(name)
        }
        log(self.event or self.request.user, "events.export_registrations", user=self.request.user, data=told)
        return people

    def write_csv_response(self, queryset: QuerySet[Registration]) -> StreamingHttpResponse:
        return csv_response(self.get_filename(), self.headings, queryset, self.values)

    def write_xlsx_response(self, queryset: QuerySet[Registration]) -> FileResponse:
        return xlsx_response(self.get_filename(), gettext("Registrations"), self.headings, queryset, self.values)

    @property
    def headings(self) -> list[Any]:
        own = [_column(name)[0] for name in self.list_export]
        return own + [label(one) for one in (self.reading.questions if self.reading else [])]

    def values(self, row: Registration) -> list[Any]:
        """What a co-organiser was not told of a person is left empty, in a file of many meetings too."""
        whole = row.in_care  # type: ignore[attr-defined]
        own = [_column(name)[1](row) if whole or name in SHARED else None for name in self.list_export]
        return own + (self.reading.texts(row) if self.reading else [])


def _column(name: str) -> tuple[Any, Callable[[Registration], Any]]:
    return EXPORTED[name] if name in EXPORTED else OF_ONE_EVENT[name]
