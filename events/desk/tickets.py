"""Tickets and invitation codes in the admin."""

import secrets
from collections import Counter
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from events.models import Event, Invitation, SeatPool, Ticket
from events.models.by_date import too_few
from events.models.seats import SeatPoolQuerySet, date_and_key
from pages.desk.deletion import KindDeleteView
from pages.desk.readers import ReadersSnippetChooser
from pages.desk.trilingual import TrilingualColumn, TrilingualTitleColumn
from pages.desk.viewset import TableViewSet

# Neither 0 and O nor 1 and I: codes are read aloud.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code() -> str:
    """A code that can be read aloud and not be guessed: two groups of five."""
    drawn = "".join(secrets.choice(LETTERS) for _place in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


class EventFilter(django_filters.ModelChoiceFilter):
    """One event, chosen by its title."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Event"),
            queryset=Event.objects.order_by("-starts_at"),
            widget=ReadersSnippetChooser(model=Event),
            **kwargs,
        )


class OfAnEvent:
    """A list that a link from an event narrows; what is added there belongs to that event."""

    request: Any

    @cached_property
    def add_url(self) -> str | None:
        url: str | None = super().get_add_url()  # type: ignore[misc]
        event = self.request.GET.get("event", "")
        return f"{url}?event={event}" if url and event.isdecimal() else url


class TicketFilterSet(WagtailFilterSet):
    event = EventFilter()

    class Meta:
        model = Ticket
        fields: list[str] = []


class InvitationFilterSet(WagtailFilterSet):
    event = EventFilter()

    class Meta:
        model = Invitation
        fields: list[str] = []


class TicketForm(WagtailAdminModelForm):
    """Refuses fewer seats than are taken, with the number."""

    def clean_quota(self) -> int | None:
        quota: int | None = self.cleaned_data["quota"]
        if self.instance.pk and self.instance.event.by_date:
            fewer = too_few(self.instance.event, Q(key__endswith=f":{self.instance.pool_key}"), quota)
            if fewer:
                raise fewer
            return quota
        taken = self._taken()
        if quota is not None and quota < taken:
            raise ValidationError(
                ngettext(
                    "%(taken)d seat is already taken: there can't be fewer.",
                    "%(taken)d seats are already taken: there can't be fewer.",
                    taken,
                ),
                code="taken",
                params={"taken": taken},
            )
        return quota

    def clean_event(self) -> Event:
        event: Event = self.cleaned_data["event"]
        if self.instance.pk and event.pk != Ticket.objects.get(pk=self.instance.pk).event_id:
            raise ValidationError(_("A ticket stays with its event: add another one there."), code="event")
        return event

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def _taken(self) -> int:
        if not self.instance.pk:
            return 0
        pools = SeatPool.objects.filter(event_id=self.instance.event_id, key=self.instance.pool_key)
        return pools.values_list("taken", flat=True).first() or 0


class InvitationForm(WagtailAdminModelForm):
    """A code left empty is drawn; uses allowed never fall below those made."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        required=False,
        help_text=_("Left empty: a code is drawn that can't be guessed."),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper() or new_code()

    def clean_max_uses(self) -> int | None:
        most: int | None = self.cleaned_data["max_uses"]
        used = self.instance.used if self.instance.pk else 0
        if most is not None and most < used:
            raise ValidationError(
                ngettext(
                    "The code has been used %(used)d time: there can't be fewer uses.",
                    "The code has been used %(used)d times: there can't be fewer uses.",
                    used,
                ),
                code="used",
                params={"used": used},
            )
        return most


class TableIndexView(OfAnEvent, generic.IndexView):
    """With the event of each row, in a number of queries that does not grow."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("event")


class TableCreateView(generic.CreateView):
    """Begins with the event whose list one comes from."""

    def get_initial(self) -> dict[str, Any]:
        event = self.request.GET.get("event", "")
        return super().get_initial() | ({"event": int(event)} if event.isdecimal() else {})


class TicketIndexView(TableIndexView):
    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TrilingualTitleColumn)
        return [
            title("name", label=_("Name"), get_url=self.get_edit_url),
            TrilingualColumn("event", accessor="event.title", label=_("Event")),
            Column("code", label=_("Code"), sort_key="code"),
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
    delete_view_class = TicketDeleteView
    filterset_class = TicketFilterSet
    search_fields = ["code"]
    edit_handler = ObjectList(
        [
            FieldPanel("event"),
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("code"), FieldPanel("attendance")]),
            FieldRowPanel([FieldPanel("price"), FieldPanel("currency")]),
            FieldRowPanel([FieldPanel("quota"), FieldPanel("sort_order")]),
        ],
        base_form_class=TicketForm,
    )


class InvitationIndexView(TableIndexView):
    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column("code")
        return [
            title,
            TrilingualColumn("event", accessor="event.title", label=_("Event")),
            Column("used", label=_("Used"), accessor=lambda code: f"{code.used} / {code.max_uses or '∞'}"),
            Column("expires_at", label=_("Valid until"), sort_key="expires_at"),
            Column("note", label=_("Note")),
        ]


class InvitationViewSet(TableViewSet):
    model = Invitation
    name = "invitations"
    icon = "key"
    menu_label = _("Invitation codes")
    index_view_class = InvitationIndexView
    add_view_class = TableCreateView
    filterset_class = InvitationFilterSet
    search_fields = ["code", "note"]
    edit_handler = ObjectList(
        [
            FieldPanel("event"),
            FieldPanel("code"),
            FieldRowPanel([FieldPanel("max_uses"), FieldPanel("expires_at")]),
            FieldPanel("note"),
        ],
        base_form_class=InvitationForm,
    )
