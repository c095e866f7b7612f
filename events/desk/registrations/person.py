"""One person's registration: all that is known of it, its history and letters, and what can be decided about it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.views import generic

from events.calendars import prices
from events.models import Place, Registration, Transfer
from events.models.registration_states import State
from pages.trilingual import shown
from regions import countries

from .. import policies
from ..payments import owing, where
from ..questions.person import answered
from . import history as registration_history
from .dates import date_of, moment
from .decisions import DECISIONS, Decision, DecisionForm, ReasonForm
from .export import SHARED, fields_seen
from .line import place_in_line
from .seats import Left, Seats, choices, place_key, places

FIELDS = [
    *("event", "occurrence", "state", "expires_at", "place_in_line", "name", "latin_name", "email", "verified_at"),
    *("organisation", "known_organisation", "country", "attendance", "ticket", "payment", "invitation", "transfers"),
    *("language", "home_zone", "created_at", "confirmed_at", "cancelled_at", "consented_at"),
]

DERIVED = ("place_in_line", "transfers", "payment")
"Facts that no column holds."
STAY = ("event", "occurrence", "state", "attendance", "ticket", "payment", "created_at", "confirmed_at", "cancelled_at")
"What is known of somebody whose data were erased."
TOLD_IF_ANY = (
    *(*DERIVED, "occurrence", "expires_at", "latin_name", "known_organisation", "invitation", "home_zone"),
    *("confirmed_at", "cancelled_at"),
)


papers: list[Callable[[HttpRequest, Registration], list[tuple[str, str]]]] = []
"What other rooms print of one person: what it is, and where, for whoever may."


class NoteForm(forms.Form):
    """What the staff want to remember of a person."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=500,
        error_messages={"required": gettext_lazy("Write what there is to remember.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MoveForm(ReasonForm):
    """Another ticket, or another way to take part."""

    field_order = ("place", "reason")
    place = forms.ChoiceField(label=gettext_lazy("New ticket or way"))

    def __init__(self, registration: Registration, by: Any, *args: Any, **kwargs: Any) -> None:
        """Only what the price allows: what is paid, or waits to be, keeps its own."""
        super().__init__(*args, auto_id="id_move_%s", **kwargs)
        here = place_key(registration.place)
        found = places(registration.event, registration.occurrence, registration.held)
        self.found = {
            place_key(place): place
            for place in found
            if place_key(place) != here and registration.may_move_to(place, by)
        }
        self.fields["place"].choices = choices(self.found.values())  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Place:
        return self.found[self.cleaned_data["place"]]


class PersonView(generic.InspectView):
    """One registration with its history. The personal link is never shown."""

    any_permission_required = ["view", "change"]
    template_name = "desk/registration.html"
    page_title = pgettext_lazy("of one person", "Registration")
    fields: list[str]
    object: Registration

    @cached_property
    def is_in_care(self) -> bool:
        """Whether the reader sees all of it, with its history, and not only what was shared."""
        own = policies.registrations.in_care(self.request.user)
        return own is None or Registration.objects.filter(own, pk=self.object.pk).exists()

    @cached_property
    def may_decide(self) -> bool:
        return not self.object.is_erased and policies.registrations.user_has_permission_for_instance(
            self.request.user, "change", self.object
        )

    # -- the facts

    def get_fields_context(self) -> list[dict[str, Any]]:
        seen = [name for name in fields_seen(self.request.user, self.fields) if self.is_in_care or name in SHARED]
        if self.object.is_erased:
            seen = [name for name in seen if name in STAY]
        self.fields = [name for name in seen if name not in TOLD_IF_ANY or self._said(name)]
        fields: list[dict[str, Any]] = super().get_fields_context()
        return fields

    def _said(self, name: str) -> Any:
        """What there is of a fact that most people have not."""
        derived = getattr(self, f"get_{name}_display_value", None)
        return derived() if derived and name in DERIVED else getattr(self.object, name)

    def get_field_label(self, field_name: str, field: Any) -> str:
        own = {"place_in_line": _("Place in the line"), "transfers": _("Passed on"), "payment": _("Payment")}
        return own.get(field_name) or str(super().get_field_label(field_name, field))

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        return moment(value) if isinstance(value, dt.datetime) else "—" if value in (None, "") else value

    def get_place_in_line_display_value(self) -> str:
        place = place_in_line(self.object)
        return _("%(place)d, of %(all)d who wait") % {"place": place[0], "all": place[1]} if place else ""

    def get_payment_display_value(self) -> str:
        return owing.told(owing.with_money(Registration.objects.filter(pk=self.object.pk)).get())

    def get_transfers_display_value(self) -> str:
        """Whom the place was or is to be passed on to, or who had it before."""
        found = Transfer.objects.filter(registration=self.object) | Transfer.objects.filter(successor=self.object)
        return "; ".join(_transfer(one, self.object) for one in found.select_related("registration").order_by("pk"))

    def get_state_display_value(self) -> str:
        waits = self.object.address_waits and self.object.state != State.UNVERIFIED
        state = capfirst(self.object.get_state_display())
        return _("%(state)s; the address is still to be confirmed") % {"state": state} if waits else state

    def get_country_display_value(self) -> str:
        return countries.name(self.object.country) if self.object.country else ""

    def get_ticket_display_value(self) -> str:
        return shown(self.object.ticket.name).text if self.object.ticket else "—"

    def get_invitation_display_value(self) -> str:
        code = self.object.invitation
        return " · ".join(filter(None, (code.code, code.email, code.note))) if code else "—"

    def get_known_organisation_display_value(self) -> str:
        known = self.object.known_organisation
        return shown(known.name).text if known else "—"

    def get_occurrence_display_value(self) -> str:
        return date_of(self.object) or "—"

    def get_event_display_value(self) -> str:
        return shown(self.object.event.title).text

    # -- what can be done

    def bound(self, verb: str) -> Any:
        """The form of a verb that was sent and refused; none here."""
        return None

    def decisions(self) -> list[tuple[Decision, DecisionForm, str]]:
        found = []
        for verb, decision in DECISIONS.items():
            sent = self.bound(verb)
            if sent or decision.is_possible(self.object):
                form = sent or DecisionForm(decision, self.object)
                found.append((decision, form, reverse(f"registrations:{verb}", args=[self.object.pk])))
        return found

    def move(self) -> MoveForm | None:
        form: MoveForm | None = self.bound("move")
        if form is None and self.object.is_living:
            form = MoveForm(self.object, self.request.user)
        return form if form is not None and form.found else None

    def payments(self) -> list[tuple[str, str]]:
        """What was begun, paid and refunded, each with the way there; for whoever sees payments."""
        if not policies.payments.user_has_any_permission(self.request.user, {"view", "change"}):
            return []
        return [
            (
                f"{prices.told(one.received or one.amount, one.money)} · {capfirst(where.told(one))}",
                reverse("payments:inspect", args=[one.pk]),
            )
            for one in self.object.payments.order_by("pk")
        ]

    def seats(self) -> list[Left]:
        return Seats([self.object.event], [self.object.occurrence_id]).left(self.object.event, self.object.place)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        registration, user = self.object, self.request.user
        own = registration_history.letters(registration, user) if self.is_in_care else []
        context = {
            "registration": registration,
            "in_care": self.is_in_care,
            "may_decide": self.may_decide,
            "letters": own,
            "failed_letters": [letter for letter in own if letter["failed"] and not letter["letter"].resent_as_id][:5],
            "changes": registration_history.lines(registration) if self.is_in_care else [],
            "sharings": registration.sharings.select_related("organisation"),
            "registrations_url": f"{reverse('registrations:index')}?event={registration.event_id}",
            "payments": self.payments(),
            "answered": answered(registration, user) if self.is_in_care and not registration.is_erased else None,
            "certificates": list(registration.certificates.all()) if self.is_in_care else [],
            "papers": [one for printed in papers for one in printed(self.request, registration)],
        }
        if self.may_decide:
            context |= {
                "answers_url": reverse("registrations:answers", args=[registration.pk]),
                "data_url": reverse("registrations:data", args=[registration.pk]),
                "decisions": self.decisions(),
                "seats": self.seats(),
                "move": self.move(),
                "move_url": reverse("registrations:move", args=[registration.pk]),
                "note": self.bound("note") or NoteForm(auto_id="id_note_%s"),
                "note_url": reverse("registrations:note", args=[registration.pk]),
                "refusal": self.refusal,
                "opened": self.opened,
                "next": inside(self.request),
            }
        return super().get_context_data(**kwargs) | context

    refusal = ""
    opened = ""
    "The verb whose form was sent and refused."


def inside(request: HttpRequest) -> str:
    """Where the reader came from and goes back to, if that is here."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    return wish if url_has_allowed_host_and_scheme(wish, allowed_hosts={request.get_host()}) else ""


def _transfer(one: Transfer, mine: Registration) -> str:
    if one.registration_id != mine.pk:
        return _("taken over from %(name)s") % {"name": one.registration.name}
    return f"{one.name} <{one.email}>"
