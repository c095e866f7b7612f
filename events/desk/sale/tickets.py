"""Tickets in the admin."""

from collections import Counter
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format, number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from events.models import Event, SeatPool, Ticket
from events.models.seats import SeatPoolQuerySet, date_and_key
from pages.desk.deletion import KindDeleteView
from pages.desk.trilingual import TrilingualColumn, TrilingualTitleColumn
from pages.desk.viewset import TableViewSet

from ..of_an_event import EventFilter, TableCreateView, TableEditView, TableIndexView


class TicketFilterSet(WagtailFilterSet):
    event = EventFilter()

    class Meta:
        model = Ticket
        fields = ["audience"]


class TicketForm(WagtailAdminModelForm):
    """Refuses fewer seats than are taken, with the number; a ticket stays with its event."""

    def clean_quota(self) -> int | None:
        quota: int | None = self.cleaned_data["quota"]
        if self.instance.pk:
            self.instance.quota = quota
            if (refused := self.instance.quota_refusal()) is not None:
                raise refused
        return quota

    def clean_event(self) -> Event:
        event: Event = self.cleaned_data["event"]
        if self.instance.pk and event.pk != Ticket.objects.get(pk=self.instance.pk).event_id:
            raise ValidationError(_("A ticket stays with its event: add another one there."), code="event")
        return event

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("sale_opens_local"), cleaned.get("sale_closes_local")
        if opens and closes and closes <= opens:
            self.add_error(
                "sale_closes_local", ValidationError(_("It must cease to be had after it can be had."), code="order")
            )
        return cleaned


class TicketIndexView(TableIndexView):
    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TrilingualTitleColumn)
        return [
            title("name", label=_("Name"), get_url=self.get_edit_url),
            TrilingualColumn("event", accessor="event.title", label=_("Event")),
            Column("code", label=_("Code"), sort_key="code"),
            Column("audience", label=_("For whom"), accessor="get_audience_display"),
            Column("sale", label=_("Can be had"), accessor=sale),
            Column("price", label=_("Price"), accessor=price),
            Column("seats", label=_("Seats taken"), accessor=lambda ticket: self._seats(ticket)),
        ]

    @cached_property
    def _taken(self) -> Counter[str]:
        """By the key of a ticket's pool; where one registers date by date, on all dates together."""
        return taken_of_tickets(SeatPool.objects.all())

    def _seats(self, ticket: Ticket) -> str:
        taken = self._taken[ticket.pool_key]
        return f"{taken} / {'∞' if ticket.quota is None else ticket.quota}"


def taken_of_tickets(pools: SeatPoolQuerySet) -> Counter[str]:
    """Seats taken by the key of a ticket's pool, those of single dates included."""
    found: Counter[str] = Counter()
    for key, taken in pools.filter(key__contains="ticket:").values_list("key", "taken"):
        found[date_and_key(key)[1]] += taken
    return found


def price(ticket: Ticket) -> str:
    """The price in whole units of its currency, as the reader's language writes numbers."""
    if ticket.is_free:
        return str(_("free"))
    return f"{number_format(Decimal(ticket.price) / 100, 2)}\N{NO-BREAK SPACE}{ticket.currency}"


def sale(ticket: Ticket) -> str:
    """From when until when it can be had, on the clock of its event; empty where only the registration limits it."""
    opens, closes = (
        date_format(moment, "SHORT_DATETIME_FORMAT") if moment else ""
        for moment in (ticket.sale_opens_local, ticket.sale_closes_local)
    )
    if opens and closes:
        return _("%(opens)s to %(closes)s") % {"opens": opens, "closes": closes}
    if opens:
        return _("from %(opens)s") % {"opens": opens}
    return _("until %(closes)s") % {"closes": closes} if closes else ""


class TicketDeleteView(KindDeleteView):
    """Its pool of seats goes with it."""

    def delete_action(self) -> None:
        with transaction.atomic():
            SeatPool.objects.of_ticket(self.object).filter(taken=0).delete()
            super().delete_action()


class TicketViewSet(TableViewSet):
    model = Ticket
    name = "tickets"
    icon = "tag"
    menu_label = _("Tickets")
    index_view_class = TicketIndexView
    add_view_class = TableCreateView
    edit_view_class = TableEditView
    delete_view_class = TicketDeleteView
    filterset_class = TicketFilterSet
    search_fields = ["code"]
    edit_handler = ObjectList(
        [
            FieldPanel("event"),
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("code"), FieldPanel("attendance")]),
            FieldPanel("audience"),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("sale_opens_local"), FieldPanel("sale_closes_local")])],
                heading=_("When it can be had"),
            ),
            FieldRowPanel([FieldPanel("quota"), FieldPanel("sort_order")]),
            FieldRowPanel([FieldPanel("price"), FieldPanel("currency")]),
        ],
        base_form_class=TicketForm,
    )
