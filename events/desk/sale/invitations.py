"""Invitation codes in the admin: for one person or several, for a ticket, with seats kept, until a day."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from events.models import Event, Full, Invitation, SeatPool, Ticket
from events.models.fields import WallClockFormField
from events.models.invitation import new_code
from events.models.seats import FIRST
from pages.desk.deletion import KindDeleteView
from pages.desk.trilingual import TrilingualColumn
from pages.desk.viewset import TableViewSet
from pages.trilingual import shown

from ..of_an_event import EventFilter, TableCreateView, TableEditView, TableIndexView


class InvitationFilterSet(WagtailFilterSet):
    event = EventFilter()

    class Meta:
        model = Invitation
        fields: list[str] = []


class TicketField(forms.ModelChoiceField):
    """Tickets by their names; where the event is not chosen yet, with it."""

    of_one = True

    def label_from_instance(self, ticket: Any) -> str:
        name = shown(ticket.name).text
        return name if self.of_one else f"{shown(ticket.event.title).text}: {name}"


class InvitationForm(WagtailAdminModelForm):
    """A code left empty is drawn; uses allowed never fall below those made; seats are kept only if they are free."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        required=False,
        help_text=_("Left empty: a code is drawn that can't be guessed."),
    )
    ticket = TicketField(
        label=_("Ticket"),
        queryset=Ticket.objects.select_related("event"),
        required=False,
        help_text=_("Left empty: for any of them, those by code included."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance.event_id or self.initial.get("event")
        tickets: Any = self.fields["ticket"]
        if event:
            tickets.queryset = tickets.queryset.filter(event=event)
        tickets.of_one = bool(event)

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper() or new_code()

    def clean_expires_at(self) -> dt.datetime | None:
        until: dt.datetime | None = self.cleaned_data["expires_at"]
        if until is not None and until.year not in WallClockFormField.years:
            raise ValidationError(self.fields["expires_at"].error_messages["invalid"], code="invalid")
        return until

    def clean_event(self) -> Event:
        event: Event = self.cleaned_data["event"]
        if self.instance.pk and event.pk != Invitation.objects.get(pk=self.instance.pk).event_id:
            raise ValidationError(_("A code stays with its event: add another one there."), code="event")
        return event

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

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        event, ticket = cleaned.get("event"), cleaned.get("ticket")
        if event and ticket and ticket.event_id != event.pk:
            self.add_error("ticket", ValidationError(_("This ticket belongs to another event."), code="ticket"))
        if cleaned.get("reserves_seats"):
            if "max_uses" in cleaned and cleaned["max_uses"] is None:
                self.add_error("max_uses", ValidationError(_("Say how many, if seats are kept."), code="number"))
            if event and event.by_date:
                self.add_error("reserves_seats", ValidationError(BY_DATE, code="by_date"))
        return cleaned

    def save(self, commit: bool = True) -> Invitation:
        """With the seats that it keeps.

        Raises:
            ValidationError: so many are not free; the sentence says where, and how many are.
        """
        invitation: Invitation = self.instance
        try:
            invitation.keep()
        except Full as full:
            raise lacking(invitation, full) from full
        return invitation


BY_DATE = _("Seats of this series are counted date by date: none can be kept for an invitation.")


def lacking(invitation: Invitation, full: Full) -> ValidationError:
    """Which pool has too few seats, and how many it has."""
    pool = SeatPool.objects.filter(event_id=invitation.event_id, key=full.key).first()
    left = max((pool.left or 0) if pool else 0, 0)
    said = {
        FIRST: ngettext("Only %(left)d seat is free in all.", "Only %(left)d seats are free in all.", left),
        "mode:onsite": ngettext("Only %(left)d seat is free on site.", "Only %(left)d seats are free on site.", left),
        "mode:online": ngettext("Only %(left)d seat is free online.", "Only %(left)d seats are free online.", left),
    }
    of_ticket = ngettext(
        "Only %(left)d seat is free for this ticket.", "Only %(left)d seats are free for this ticket.", left
    )
    return ValidationError(said.get(full.key, of_ticket), code="full", params={"left": left})


class InvitationIndexView(TableIndexView):
    """The codes; invitations to one person have a screen of their own, on their event."""

    def get_base_queryset(self) -> QuerySet[Invitation]:
        codes: QuerySet[Invitation] = super().get_base_queryset()
        return codes.filter(email="").select_related("ticket")

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column("code")
        return [
            title,
            TrilingualColumn("event", accessor="event.title", label=_("Event")),
            TrilingualColumn(
                "ticket", accessor=lambda code: code.ticket.name if code.ticket else "", label=_("Ticket")
            ),
            Column("used", label=_("Used"), accessor=lambda code: f"{code.used} / {code.max_uses or '∞'}"),
            Column("reserved", label=_("Seats kept"), accessor=lambda code: code.reserved or ""),
            Column("expires_at", label=_("Valid until"), sort_key="expires_at"),
            Column("state", label=_("State"), accessor=lambda code: Invitation.State(code.state).label),
            Column("note", label=_("Note")),
        ]


class InvitationViewSet(TableViewSet):
    model = Invitation
    name = "invitations"
    icon = "key"
    menu_label = _("Invitation codes")
    index_view_class = InvitationIndexView
    add_view_class = TableCreateView
    edit_view_class = TableEditView
    delete_view_class = KindDeleteView
    filterset_class = InvitationFilterSet
    search_fields = ["code", "note"]
    edit_handler = ObjectList(
        [
            FieldPanel("event"),
            FieldPanel("code"),
            FieldPanel("ticket"),
            FieldRowPanel([FieldPanel("max_uses"), FieldPanel("expires_at", help_text=_("On your own clock."))]),
            MultiFieldPanel([FieldPanel("reserves_seats")], heading=_("Seats")),
            FieldPanel("note"),
        ],
        base_form_class=InvitationForm,
    )
