"""The forms: what a person says of themselves, and for what place."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.calendars.home_zones import zone_of
from events.models import Attendance, Event, Occurrence, Place, Registration, Window, co_organisers
from events.models.registration import address_key
from pages.trilingual import shown
from regions import countries
from regions.models import Organisation

from .dates import DatesField, Offer, full, gone, named, offer, read
from .home_zone import HomeZoneField

CONSENT_VERSION = "2026-11-22.2"
"Raise it with every change of the sentence that people agree to."
UNSEEN = re.compile("[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")
"Control characters, and those that turn the direction of a line round; joiners belong to some scripts."


def country_choices() -> list[tuple[str, Any]]:
    return [("", _("Choose")), *countries.choices()]


def _most(left: Iterable[tuple[str, int | None]]) -> dict[str, int]:
    """The highest number for each key; a key of which one has no limit is left out."""
    most: dict[str, int] = {}
    endless = set()
    for key, seats in left:
        if seats is None:
            endless.add(key)
        else:
            most[key] = max(seats, most.get(key, 0))
    return {key: seats for key, seats in most.items() if key not in endless}


class SubmissionField(forms.UUIDField):
    """Tells two copies of one form from two wishes; what is no such mark counts as none."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID | None:
        try:
            return super().clean(value)
        except ValidationError:
            return None


class OneLineField(forms.CharField):
    """A text of one line: runs of white space of any kind become one space, what nobody sees goes."""

    def to_python(self, value: Any) -> str:
        return " ".join(UNSEEN.sub("", super().to_python(value) or "").split())


def validate_name(name: str) -> None:
    """A name stands in a letter, perhaps to somebody else's address: it is no place for a link."""
    if "://" in name or "www." in name.lower():
        raise ValidationError(_("Write your name, without a web address."), code="address")


class PersonForm(forms.Form):
    """What a person may change later, and the place they take."""

    name = OneLineField(
        label=_("Name"),
        max_length=200,
        help_text=_("As it should stand on your badge, in the script you like."),
        error_messages={"required": _("Write your name.")},
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    organisation = OneLineField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=country_choices,
        error_messages={"required": _("Choose your country.")},
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    ticket = forms.ChoiceField(
        label=_("Ticket"), widget=forms.RadioSelect, error_messages={"required": _("Choose a ticket.")}
    )
    attendance = forms.ChoiceField(
        label=_("How you take part"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you take part.")},
    )
    home_zone = HomeZoneField()
    language = forms.ChoiceField(
        label=_("Language of our letters"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    sharing = forms.TypedMultipleChoiceField(
        label=_("I agree that these co-organisers see my registration:"),
        help_text=_(
            "They see your name, address, organisation, country and how you take part, and may write to you about "
            "this meeting. You are registered all the same if you tick none, and you can change it later on your page."
        ),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, window: Window, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.window = window
        self.place: Place | None = None
        self._offer_places()
        self._offer_zones()
        self._offer_sharing(co_organisers(window.event))

    def _offer_sharing(self, organisations: list[Organisation]) -> None:
        """One box for each organisation that holds the event with us; without any, none is shown."""
        if organisations:
            self.fields["sharing"].choices = [(one.pk, shown(one.name).text) for one in organisations]  # type: ignore[attr-defined]
        else:
            del self.fields["sharing"]

    def _offer_zones(self) -> None:
        field = self.fields["home_zone"]
        chosen = self.data.get(self.add_prefix("home_zone")) if self.is_bound else self.initial.get("home_zone")
        field.offer(self.window.event, chosen or "", get_language() or "fr")  # type: ignore[attr-defined]

    @property
    def shared_with(self) -> list[int]:
        """Keys of the organisations that were ticked."""
        return list(self.cleaned_data.get("sharing", []))

    @property
    def places(self) -> list[Place]:
        """What there is to choose from."""
        return self.window.places

    def _offer_places(self) -> None:
        """Ask only what is open: a ticket where there are several, a way where the ticket does not say it."""
        places = self.places
        tickets = {str(place.ticket.uid): place.ticket for place in places if place.ticket}
        ways = list(dict.fromkeys(place.attendance for place in places))
        open_ways = len(ways) > 1 and (not tickets or any(not ticket.attendance for ticket in tickets.values()))
        if tickets:
            self.fields["ticket"].choices = [(uid, shown(ticket.name).text) for uid, ticket in tickets.items()]  # type: ignore[attr-defined]
            if len(tickets) == 1:
                self.fields["ticket"].initial = next(iter(tickets))
        else:
            del self.fields["ticket"]
        if open_ways:
            self.fields["attendance"].choices = [(way, Attendance(way).label) for way in ways]  # type: ignore[attr-defined]
            self.fields["attendance"].required = not tickets
        else:
            del self.fields["attendance"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.place = self._chosen(data)
        if self.place is None and not {"ticket", "attendance"} & self.errors.keys():
            self.add_error(self.places_field or None, self._unclear(data))
        return data

    def _unclear(self, data: dict[str, Any]) -> ValidationError:
        if data.get("attendance"):
            sentence = _("This ticket is not valid that way: choose another ticket or the other way to take part.")
        else:
            sentence = _("Choose how you take part.")
        return ValidationError(sentence, code="place")

    def _chosen(self, data: dict[str, Any]) -> Place | None:
        found = [
            place
            for place in self.places
            if ("ticket" not in self.fields or str(place.ticket and place.ticket.uid) == data.get("ticket"))
            and (not data.get("attendance") or place.attendance == data["attendance"])
        ]
        return found[0] if len(found) == 1 else None

    @property
    def seats_by_ticket(self) -> dict[str, int]:
        """Seats left for each ticket that has a limit, in the way that has most."""
        return _most((str(place.ticket.uid), place.left) for place in self.places if place.ticket)

    @property
    def seats_by_way(self) -> dict[str, int]:
        """Seats left for each way to take part that has a limit; with tickets, for the one that has most."""
        return _most((place.attendance, place.left) for place in self.places)

    @property
    def places_field(self) -> str:
        """The field an answer about places belongs to; empty where nothing was asked."""
        return next((name for name in ("attendance", "ticket") if name in self.fields), "")

    def say_full(self, window: Window) -> None:
        """Say, beside the choice, that no seat is left for it, and offer what still has one."""
        self.window = window
        self.__dict__.pop("places", None)
        if any(not place.is_full for place in self.places):
            sentence = _("No seat is left for this choice; nothing was recorded. The others still have some.")
            self.add_error(self.places_field or None, ValidationError(sentence, code="full"))


class RegistrationForm(PersonForm):
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
    consent = forms.BooleanField(
        label=_("I agree that my answers are used to organise this meeting."),
        help_text=_(
            "The Executive Secretariat of the Initiative and its correspondents for the region read them and use them "
            "for nothing else. "
            "To have them erased, answer our letter."
        ),
        error_messages={"required": _("Without your consent we may not keep your registration.")},
    )
    dates = DatesField(label=_("Dates"))
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
        "name",
        "email",
        "organisation",
        "country",
        "home_zone",
        "language",
        "sharing",
        "consent",
    ]
    "As on the page: the errors are listed in this order."

    def __init__(self, window: Window, *args: Any, **kwargs: Any) -> None:
        initial = {"language": get_language(), "submission": uuid.uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(window, *args, initial=initial, **kwargs)
        if window.event.access == Event.Access.PUBLIC:
            del self.fields["code"]
        self.chosen: list[Occurrence] = []
        self.since: dt.date | None = None
        if not window.event.by_date:
            del self.fields["dates"]

    @cached_property
    def offer(self) -> Offer:
        """The dates as the page shows them."""
        named = self.data.getlist("dates") if self.is_bound else self.initial.get("dates", [])  # type: ignore[attr-defined]
        zone = self.cleaned_data.get("home_zone", "") if self.is_bound else ""
        found = offer(self.window, read(named), self.since, zone)
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
        if not window.event.by_date:
            super().say_full(window)
            return
        self.window = window
        place = self.place
        assert place is not None
        found = window.places_on(self.chosen)
        here = [(date, one) for date in self.chosen for one in found[date.pk]]
        same = (place.attendance, place.ticket)
        self.add_error(
            "dates", full(date for date, one in here if (one.attendance, one.ticket) == same and one.is_full)
        )

    def say_gone(self, window: Window) -> None:
        """Say which of the dates chosen can no longer be had."""
        self.window = window
        days = {date.day for date in self.chosen}
        if "dates" in self.fields and days:
            still = named(window, days, window.event.occurrences.not_begun())
            self.add_error("dates", gone(days - {date.day for date in still} or days))

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

    def refuse_code(self) -> None:
        sentence = _("This code does not open this registration, or it has been used. Check it, or ask for another.")
        self.add_error("code", ValidationError(sentence, code="code"))


class ChangeForm(PersonForm):
    """What a participant corrects afterwards."""

    def __init__(self, registration: Registration, *args: Any, **kwargs: Any) -> None:
        self.registration = registration
        initial = {
            "name": registration.name,
            "organisation": registration.organisation,
            "country": registration.country,
            "language": registration.language,
            "home_zone": registration.home_zone,
            "attendance": registration.attendance,
            "ticket": str(registration.ticket.uid) if registration.ticket else "",
            "sharing": list(registration.sharings.living().values_list("organisation_id", flat=True)),
        }
        super().__init__(registration.event.window, *args, initial=initial, **kwargs)

    @cached_property
    def places(self) -> list[Place]:  # type: ignore[override]
        """Where one registers date by date: on the date of this registration."""
        date = self.registration.occurrence
        if date is None:
            return self.window.places
        return [place.on(None, place.left) for place in self.window.places_on([date])[date.pk]]

    def _offer_places(self) -> None:
        super()._offer_places()
        here = (self.registration.attendance, self.registration.ticket)
        if not any((place.attendance, place.ticket) == here for place in self.places):
            # A ticket of another kind (sold, withdrawn) is changed by the staff.
            self.fields.pop("ticket", None)
            self.fields.pop("attendance", None)
            self.fixed = True

    def _offer_sharing(self, organisations: list[Organisation]) -> None:
        """Who no longer holds the event with us can still be told to see nothing."""
        told = {one.pk for one in organisations}
        past = Organisation.objects.filter(pk__in=set(self.initial["sharing"]) - told).order_by("pk")
        super()._offer_sharing([*organisations, *past])

    fixed = False

    def _chosen(self, data: dict[str, Any]) -> Place | None:
        return self.registration.place if self.fixed else super()._chosen(data)

    @property
    def stays(self) -> bool:
        """Whether the place chosen is the one already held."""
        here = (self.registration.attendance, self.registration.ticket)
        return self.place is None or (self.place.attendance, self.place.ticket) == here


class AddressForm(forms.Form):
    """Where to send a link again."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The one you registered with."),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("This is not a whole e-mail address: it should look like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
