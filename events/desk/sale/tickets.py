"""Tickets in the admin."""

from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from events.calendars import prices
from events.models import Event, SeatPool, Ticket
from events.models.seats import SeatPoolQuerySet, date_and_key
from pages.desk.deletion import KindDeleteView
from pages.desk.trilingual import TrilingualColumn, TrilingualTitleColumn
from pages.desk.viewset import TableViewSet

from ..of_an_event import EventFilter, TableCreateView, TableEditView, TableIndexView
from ..payments.amounts import AmountField, amount_of, choices, written


class TicketFilterSet(WagtailFilterSet):
    event = EventFilter()

    class Meta:
        model = Ticket
        fields = ["audience"]


class TicketForm(WagtailAdminModelForm):
    """Prices are written in whole units; fewer seats than are taken are refused, with the number."""

    price = AmountField(
        label=_("Price"),
        required=False,
        help_text=_(
            "In whole units of the currency, like 60 or 60.50. Left empty, or 0: it is free. A change holds for who "
            "registers from now on: whoever was asked for a price keeps it."
        ),
    )
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("All prices of an event are in one currency."))
    early_price = AmountField(
        label=_("Early price"),
        required=False,
        help_text=_("Less than the price; what it costs until the moment beside it. 0 is free. Left empty: none."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticket: Ticket = self.instance
        self.fields["currency"].choices = choices(ticket.currency)
        self.initial["price"] = written(ticket.price, ticket.currency)
        if ticket.early_price is not None:
            self.initial["early_price"] = written(ticket.early_price, ticket.currency)

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

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if currency := cleaned.get("currency"):
            self._read_prices(currency)
        else:
            cleaned.pop("price", None)
            cleaned.pop("early_price", None)
        opens, closes = cleaned.get("sale_opens_local"), cleaned.get("sale_closes_local")
        if opens and closes and closes <= opens:
            self.add_error(
                "sale_closes_local", ValidationError(_("It must cease to be had after it can be had."), code="order")
            )
        return cleaned

    def _read_prices(self, currency: str) -> None:
        price, early = (amount_of(self, name, currency) for name in ("price", "early_price"))
        if "price" in self.errors or "early_price" in self.errors:
            self.cleaned_data.pop("price", None)
            self.cleaned_data.pop("early_price", None)
            return
        price, until = price or 0, self.cleaned_data.get("early_until_local")
        self.cleaned_data |= {"price": price, "early_price": early}
        if early is not None and not until and "early_until_local" not in self.errors:
            self.add_error("early_until_local", ValidationError(_("Say until when it costs less."), code="early"))
        if until and early is None:
            self.add_error("early_price", ValidationError(_("Say what it costs until then."), code="early"))
        if early is not None and early >= price:
            self.add_error("early_price", ValidationError(_("An early price is less than the price."), code="early"))


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


def price(ticket: Ticket) -> SafeString:
    """What it costs, as the reader's language writes it, each amount with the code of its currency behind it.

    The signs of some currencies stand for several: "F CFA", "$".
    """
    if ticket.is_free:
        return format_html("{}", _("free"))
    full = _amount(ticket.price, ticket.currency)
    if ticket.early_price is None or ticket.early_until_local is None:
        return full
    early = _amount(ticket.early_price, ticket.currency)
    until = date_format(ticket.early_until_local, "SHORT_DATETIME_FORMAT")
    return format_html_join(
        "; ", "{}", [(full,), (format_html(str(_("{price} until {moment}")), price=early, moment=until),)]
    )


def _amount(amount: int, currency: str) -> SafeString:
    if not amount:
        return format_html("{}", _("free"))
    exact = f"{written(amount, currency, whole=True)}\N{NO-BREAK SPACE}{currency}"
    return format_html('<abbr title="{}">{}</abbr>', exact, prices.told(amount, currency))


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


class TicketCreateView(TableCreateView):
    """Begins with the currency of the event's other prices."""

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        priced = Ticket.objects.filter(event=initial.get("event"), price__gt=0).first() if initial else None
        return initial | ({"currency": priced.currency} if priced else {})


class NotSetUpPanel(HelpPanel):
    """Shown as long as no payment can be taken."""

    class BoundPanel(HelpPanel.BoundPanel):
        def is_shown(self) -> bool:
            return not settings.STRIPE_SECRET_KEY


class TicketViewSet(TableViewSet):
    model = Ticket
    name = "tickets"
    icon = "tag"
    menu_label = _("Tickets")
    index_view_class = TicketIndexView
    add_view_class = TicketCreateView
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
            MultiFieldPanel(
                [
                    NotSetUpPanel(
                        content=_(
                            "Payments are not set up on this site yet: until they are, a ticket with a price can’t "
                            "be had."
                        ),
                    ),
                    FieldRowPanel([FieldPanel("price"), FieldPanel("currency")]),
                    FieldRowPanel([FieldPanel("early_price"), FieldPanel("early_until_local")]),
                ],
                heading=_("Price"),
            ),
        ],
        base_form_class=TicketForm,
    )
