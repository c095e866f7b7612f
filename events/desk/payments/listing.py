"""The list of payments: what the staff narrow it by, and the two files of it."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.forms import Media
from django.http import FileResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from events.calendars import prices
from events.models import Event, Payment, PaymentState, Refund
from pages.desk.lookup import FoldedLookup
from pages.desk.trilingual import TrilingualColumn
from pages.desk.wall import OwnRows
from pages.trilingual import shown

from ..of_an_event import EventFilter
from ..registrations.dates import moment
from ..registrations.listing import event_known
from ..spreadsheet import AsFile, csv_response, xlsx_response
from . import where
from .export import MOVEMENTS, PAYMENTS, Columns, Movements, with_moments

MOVED = "movements"
"What the address of the second file asks for."


def currencies() -> list[tuple[str, str]]:
    """Those in which something was asked."""
    known = Payment.objects.order_by().values_list("currency", flat=True).distinct()
    return [(code, f"{code} · {prices.name(code)}") for code in sorted(known)]


class PaymentFilterSet(WagtailFilterSet):
    event = EventFilter()
    where = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=where.CHOICES, widget=forms.CheckboxSelectMultiple, method="by_where"
    )
    currency = django_filters.ChoiceFilter(label=gettext_lazy("Currency"), choices=currencies, method="by_currency")
    paid_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Paid on"), widget=DateRangePickerWidget)

    class Meta:
        model = Payment
        fields: list[str] = []

    def by_where(self, rows: QuerySet[Payment], name: str, value: list[str]) -> QuerySet[Payment]:
        found: QuerySet[Payment] = where.standing_at(rows, value) if value else rows
        return found

    def by_currency(self, rows: QuerySet[Payment], name: str, value: str) -> QuerySet[Payment]:
        return rows.filter(Q(received_currency=value) | Q(received_currency="", currency=value))


class PaymentIndexView(AsFile, OwnRows, FoldedLookup, generic.IndexView):
    """Whoever may not see all registrations sees none, nor a file of them."""

    any_permission_required = ["view", "change"]
    show_other_searches = False
    results_template_name = "desk/payments_results.html"
    list_export = list(PAYMENTS)

    def get_base_queryset(self) -> QuerySet[Payment]:
        rows: QuerySet[Payment] = super().get_base_queryset()
        rows = rows.select_related("event", "registration__ticket")
        return with_moments(rows) if self.is_export else rows

    def search_queryset(self, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        """By payer, address and the numbers of Stripe, those of refunds and disputes too."""
        if not self.is_searching:
            return queryset
        asked = self.search_query.strip()
        if asked.startswith(("re_", "pyr_", "dp_", "du_")):
            refunds = Refund.objects.filter(stripe_id=asked).values("payment")
            return queryset.filter(Q(pk__in=refunds) | Q(dispute_id=asked))
        found: QuerySet[Payment] = super().search_queryset(queryset)
        return found

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title("payer_name", label=_("Payer"), get_url=self.get_leading_url, sort_key="payer_name"),
            Column("payer_email", label=_("E-mail"), sort_key="payer_email"),
            TrilingualColumn("event", accessor="event.title", label=_("Event")),
            TrilingualColumn("ticket", accessor="registration.ticket.name", label=_("Ticket")),
            Column("amount", label=_("Amount"), accessor=amount, sort_key="amount"),
            Column("refunded", label=_("Refunded"), accessor=refunded, sort_key="refunded"),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=lambda row: capfirst(where.told(row)),
                sort_key="state",
                primary=lambda row: row.state == PaymentState.PAID and row.kept > 0,
            ),
            Column(
                "created_at",
                label=_("Date"),
                accessor=lambda row: moment(row.paid_at or row.created_at),
                sort_key="created_at",
            ),
        ]

    @cached_property
    def event(self) -> Event | None:
        """The one event that the list is narrowed to, if it is."""
        return event_known(self.request.user, self.request.GET.get("event", ""))

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text if self.event is not None else ""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = super().header_buttons
        if self.event is not None:
            url = reverse("payments:event", args=[self.event.uid])
            buttons.append(HeaderButton(_("Sums of the event"), url=url, icon_name="table"))
            people = f"{reverse('registrations:index')}?event={self.event.pk}"
            buttons.append(HeaderButton(_("Registrations"), url=people, icon_name="group"))
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The file of the payments is the list's own; that of the movements stands beside it."""
        buttons: list[Any] = super().header_more_buttons
        asked = self.request.GET.copy()
        asked.pop("p", None)
        asked["rows"] = MOVED
        for number, (form, label) in enumerate(
            (("xlsx", _("Download movements as XLSX")), ("csv", _("Download movements as CSV")))
        ):
            asked["export"] = form
            url = f"{self.index_url}?{asked.urlencode()}"
            buttons.append(HeaderButton(label, url=url, icon_name="download", priority=95 + number))
        return buttons

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        context["media"] += Media(css={"all": ["desk/registrations.css"]})
        return context | {"waiting": where.standing_at(Payment.objects.all(), [where.ATTENTION]).count()}

    # -- the files

    @property
    def is_of_movements(self) -> bool:
        return self.request.GET.get("rows") == MOVED

    def get_filename(self) -> str:
        about = slugify(shown(self.event.title, "en").text)[:60] if self.event is not None else ""
        what = MOVED if self.is_of_movements else "payments"
        return "-".join(filter(None, [what, about, f"{timezone.now():%Y-%m-%d}"]))

    def as_spreadsheet(self, queryset: QuerySet[Payment], spreadsheet_format: str) -> Any:
        """The file of what the list shows; that it was taken, and by whom, stands in the log."""
        asked = self.request.GET
        count = queryset.count()
        data: dict[str, Any] = {"format": spreadsheet_format, "payments": count}
        data |= {name: asked.getlist(name) for name in ("event", "where", "currency", "rows") if asked.get(name)}
        log(self.event or self.request.user, "events.export_payments", user=self.request.user, data=data)
        response = super().as_spreadsheet(queryset, spreadsheet_format)
        response.people = count
        return response

    @property
    def _file(self) -> Columns:
        return MOVEMENTS if self.is_of_movements else PAYMENTS

    @property
    def _headings(self) -> list[Any]:
        return [heading for heading, _value in self._file.values()]

    def _values(self, row: Any) -> list[Any]:
        return [value(row) for _heading, value in self._file.values()]

    def _rows(self, queryset: QuerySet[Payment]) -> Any:
        return Movements(queryset) if self.is_of_movements else queryset

    def write_csv_response(self, queryset: QuerySet[Payment]) -> StreamingHttpResponse:
        return csv_response(self.get_filename(), self._headings, self._rows(queryset), self._values)

    def write_xlsx_response(self, queryset: QuerySet[Payment]) -> FileResponse:
        title = _("Movements") if self.is_of_movements else _("Payments")
        return xlsx_response(self.get_filename(), title, self._headings, self._rows(queryset), self._values)


def amount(payment: Payment) -> str:
    """What came; what was asked as long as nothing has."""
    return prices.told(payment.received or payment.amount, payment.money)


def refunded(payment: Payment) -> str:
    return prices.told(payment.refunded, payment.money) if payment.refunded else ""
