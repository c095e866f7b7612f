"""The form on which a person registers."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.calendars import prices
from events.calendars.home_zones import zone_of
from events.models import Event, Invitation, Occurrence, Place, Question, Window
from events.models.questions.kinds import Stage
from events.models.registration import address_key
from pages.trilingual import shown

from .dates import DatesField, Offer, full, gone, named, offer, read
from .one_line import OneLineField
from .personal.consent import ConsentForm
from .tickets import TicketOption

CONSENT_VERSION = "2026-11-22.2"
"Raise it with every change of the sentence that people agree to."


class SubmissionField(forms.UUIDField):
    """Tells two copies of one form from two wishes; what is no such mark counts as none."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID | None:
        try:
            return super().clean(value)
        except ValidationError:
            return None


class RegistrationForm(ConsentForm):
    """The one page on which a person registers."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Our letter, with the link to your place, goes there."),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("This is not a whole e-mail address: it should look like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    code = OneLineField(
        label=_("Invitation code"),
        max_length=40,
        help_text=_("It stands in the invitation you received."),
        error_messages={"required": _("Write the code of your invitation.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    dates = DatesField(label=_("Dates"))
    wait = forms.BooleanField(label=_("If no seat is left, put me on the waiting list."), required=False, initial=True)
    submission = SubmissionField(required=False)
    # Nobody sees this field; machines fill it in.
    topic = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    field_order = [
        "code",
        "dates",
        "ticket",
        "attendance",
        "wait",
        "name",
        "latin_name",
        "email",
        "organisation",
        "country",
        "home_zone",
        "language",
        "sharing",
        "consent",
    ]
    "As on the page: the errors are listed in this order."

    def __init__(
        self, window: Window, *args: Any, has_codes: bool = False, has_questions: bool = True, **kwargs: Any
    ) -> None:
        """``has_codes`` says whether anybody has a code for this event, ``has_questions`` whether it asks any."""
        self.has_questions = has_questions
        initial = {"language": get_language(), "submission": uuid.uuid4(), **(kwargs.pop("initial", None) or {})}
        self.needs_code = window.event.access != Event.Access.PUBLIC or not window.for_all
        self.has_codes = self.needs_code or has_codes or any(place.by_code for place in window.on_sale)
        typed = str((args[0] if args and args[0] is not None else initial).get("code") or "")
        self.code_given = typed.replace("\x00", " ").strip()  # PostgreSQL can't be asked for one with NUL
        self.invitation = self._invitation(window) if self.has_codes and self.code_given else None
        super().__init__(window, *args, initial=initial, **kwargs)
        if not self.has_codes:
            del self.fields["code"]
        elif not self.needs_code:
            self.fields["code"].required = window.opens_by_code and not self.is_bound
            if not window.opens_by_code:
                self.fields["code"].help_text = _("Only if you have received one.")
        self.chosen: list[Occurrence] = []
        self.since: dt.date | None = None
        if not window.event.by_date:
            del self.fields["dates"]
        if not self.waits:
            del self.fields["wait"]

    def _pose(self) -> None:
        if self.has_questions:
            questions = Question.objects.filter(event=self.window.event).asked().at(Stage.REGISTRATION).whole()
            self.ask(questions, self.window.event, self.places, owner=str(self["submission"].value() or ""))

    # -- the code, and what it opens

    def _invitation(self, window: Window) -> Invitation | None:
        """That of the code, were it used up or too old: whoever sends a form twice has used theirs up."""
        found = Invitation.objects.filter(event=window.event, code=self.code_given.upper())
        return found.select_related("ticket").first()

    @property
    def opened(self) -> bool:  # type: ignore[override]
        """Whether the code opens something now."""
        usable = (Invitation.State.OPEN, Invitation.State.DRAFT)
        return self.invitation is not None and self.invitation.state in usable

    @property
    def opens_tickets(self) -> bool:
        """Whether a code may show tickets that are not listed yet."""
        return not self.opened and any(place.by_code for place in self.window.on_sale)

    @property
    def waits(self) -> bool:  # type: ignore[override]
        return self.window.event.has_waiting_list

    @property
    def may_come_by_code(self) -> bool:  # type: ignore[override]
        return self.has_codes

    @cached_property
    def places(self) -> list[Place]:  # type: ignore[override]
        return [place for place in self.window.on_sale if self._is_open_to_them(place)]

    @property
    def listed(self) -> list[Place]:
        return [place for place in self.window.places if self._is_open_to_them(place)]

    def _is_open_to_them(self, place: Place) -> bool:
        if self.invitation is None:
            return not place.by_code
        return self.invitation.ticket is None or self.invitation.ticket == place.ticket

    @property
    def tickets(self) -> list[TicketOption]:
        """A code for one ticket chooses it."""
        bound = self.invitation is not None and self.invitation.ticket is not None
        return [replace(one, is_ticked=True) if bound else one for one in super().tickets]

    def clean_ticket(self) -> str:
        uid: str = self.cleaned_data["ticket"]
        if not uid and self.places and self.places[0].ticket:
            return str(self.places[0].ticket.uid)
        return uid

    def _offer_places(self) -> None:
        super()._offer_places()
        ticket = self.invitation.ticket if self.invitation else None
        if ticket is None or "ticket" not in self.fields:
            return
        self.fields["ticket"].required = not self.places
        if self.places:
            sentence = _("Your code is for the ticket “%(ticket)s”: it is chosen now, send the form again.")
            self.fields["ticket"].error_messages["invalid_choice"] = sentence % {"ticket": shown(ticket.name).text}

    def refuse_code(self) -> None:
        """Say that the code opens nothing here, and show no more than anybody sees."""
        self.invitation = None
        self.__dict__.pop("places", None)
        sentence = _("This code does not open this registration, or it has been used. Check it, or ask for another.")
        self.add_error("code" if "code" in self.fields else None, ValidationError(sentence, code="code"))

    # -- a request

    @property
    def asks(self) -> bool:
        """Whether whoever fills it in asks for a place, whatever they choose; the organisers decide."""
        if self.opened or self.needs_code:
            return False
        return self.window.event.needs_approval or all(place.on_request for place in self.places)

    @property
    def pays(self) -> bool:
        """Whether the form leads to a payment for some choice: nothing has to be confirmed or decided before."""
        return not self.window.event.verifies_address and any(self._prices)

    @property
    def amount(self) -> str:
        """What is paid after this form, where that is known: one date, and the same price for every choice."""
        told = self._prices
        return next(iter(told)) if len(told) == 1 and "dates" not in self.fields else ""

    @cached_property
    def _prices(self) -> set[str]:
        """What the choices cost now that are had at once, in the reader's language; empty for a free one."""
        had = [place.ticket for place in self.places if self.opened or not place.on_request]
        costs = {(self.window.price(ticket), ticket.currency if ticket else "") for ticket in had}
        return {prices.told(price, currency) if price else "" for price, currency in costs}

    @property
    def is_request(self) -> bool:
        """Whether what was sent asks for a place."""
        if self.cleaned_data.get("code"):
            return False
        return self.window.event.needs_approval or bool(self.place and self.place.on_request)

    @cached_property
    def offer(self) -> Offer:
        """The dates as the page shows them."""
        named = self.data.getlist("dates") if self.is_bound else self.initial.get("dates", [])  # type: ignore[attr-defined]
        zone = self.cleaned_data.get("home_zone", "") if self.is_bound else ""
        found = offer(self.window, read(named), self.since, zone, waits=self.waits, among=self.places)
        return found if self.is_bound else found.without_full()

    def clean_dates(self) -> list[dt.date]:
        days: list[dt.date] = self.cleaned_data["dates"]
        self.chosen = named(self.window, days, self.window.event.occurrences.not_begun(self.window.now))
        missing = set(days) - {date.day for date in self.chosen}
        if missing:
            raise gone(missing)
        return days

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # Who left it open lives by the one clock of their country, if it has one.
        data["home_zone"] = data.get("home_zone") or zone_of(data.get("country", ""))
        return data

    def say_full(self, window: Window) -> None:
        """Say which of the dates chosen are full for what was chosen, or what still has a seat."""
        if self.waits:
            sentence = _("No seat is left; nothing was recorded. Tick this box to be put on the waiting list.")
            self.add_error("wait", ValidationError(sentence, code="full"))
        elif not window.event.by_date:
            super().say_full(window)
        self.look_again(window)
        if window.event.by_date:
            self._say_which_are_full(window)

    def _say_which_are_full(self, window: Window) -> None:
        place = self.place
        assert place is not None
        found = window.places_on(self.chosen)
        here = [(date, one) for date in self.chosen for one in found[date.pk]]
        self.add_error("dates", full(date for date, one in here if one.is_same(place) and one.is_full))

    def say_gone(self, window: Window) -> None:
        """Say which of the dates chosen can no longer be had."""
        self.window = window
        days = {date.day for date in self.chosen}
        if "dates" in self.fields and days:
            still = named(window, days, window.event.occurrences.not_begun())
            self.add_error("dates", gone(days - {date.day for date in still} or days))

    def say_not_offered(self, window: Window) -> None:
        """Say that what was chosen could be had when the form was opened, and can't any more."""
        self.look_again(window)
        sentence = _("What you had chosen can’t be had any more; nothing was recorded. Choose something else.")
        self.add_error(self.places_field or None, ValidationError(sentence, code="gone"))

    @property
    def is_trapped(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.data.get(self.add_prefix("topic")))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        # Django's rule lets through the Kelvin sign and a few others whose small letters are those of ASCII.
        whole = email.rpartition("@")[0].isascii() and '"' not in email
        if not whole or len(address_key(email)) > 254:
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email
