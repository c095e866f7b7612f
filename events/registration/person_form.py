"""What a person says of themselves, in every form: who they are, where, and for what place."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.models import Attendance, Place, Window, co_organisers
from pages.trilingual import shown
from regions import countries
from regions.models import Organisation

from .home_zone import HomeZoneField
from .latin import validate_latin
from .long_select import Choices, Listed, LongSelect
from .one_line import OneLineField
from .questions.asking import Asking
from .tickets import TicketOption, offered


def country_choices() -> Choices:
    return (("", gettext("Choose")), *countries.choices())


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


def validate_name(name: str) -> None:
    """A name stands in a letter, perhaps to somebody else's address: it is no place for a link."""
    if "://" in name or "www." in name.lower():
        raise ValidationError(_("Write your name, without a web address."), code="address")


class PersonForm(Asking):
    """What a person may change later, and the place they take."""

    name = OneLineField(
        label=_("Name"),
        max_length=200,
        help_text=_("As it should stand on your badge, in the script you like."),
        error_messages={"required": _("Write your name.")},
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    latin_name = OneLineField(
        label=_("Name in Latin letters"),
        max_length=200,
        required=False,
        help_text=_("If your name is in another script: it stands below it, so that everybody can read it."),
        validators=[validate_name, validate_latin],
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "und-Latn", "dir": "auto"}),
    )
    organisation = OneLineField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=Listed(country_choices),
        error_messages={"required": _("Choose your country.")},
        widget=LongSelect(attrs={"autocomplete": "country"}),
    )
    ticket = forms.ChoiceField(
        label=_("Ticket"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a ticket."),
            "invalid_choice": _("This ticket can’t be had now, or not without its code: choose another one."),
        },
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
        self._pose()
        asked = [one for one in self.fields if one.startswith("q")]
        last = [one for one in ("sharing", "consent") if one in self.fields]
        self.order_fields([*(one for one in self.fields if one not in asked and one not in last), *asked, *last])

    def _pose(self) -> None:
        """Ask the questions of the event."""

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
        return self.window.for_all

    @property
    def listed(self) -> list[Place]:
        """What is shown: beside what there is to choose from, the tickets that can't be had at present."""
        return self.places

    waits = False
    "Whether one can wait for what is full."
    opened = False
    "Whether a code was given that opens something."
    may_come_by_code = False
    "Whether a code may open what is full."

    @property
    def tickets(self) -> list[TicketOption]:
        """The tickets as the page lists them."""
        chosen = str(self["ticket"].value() or "") if "ticket" in self.fields else ""
        return offered(self.window, self.listed, chosen, self.waits, self.opened, self.may_come_by_code)

    def _offer_places(self) -> None:
        """Ask only what is open: a ticket where there are several, a way where the ticket does not say it."""
        places = self.places
        tickets = {str(place.ticket.uid): place.ticket for place in places if place.ticket}
        ways = list(dict.fromkeys(place.attendance for place in places))
        open_ways = len(ways) > 1 and (not tickets or any(not ticket.attendance for ticket in tickets.values()))
        if any(place.ticket for place in self.listed):
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
        if self.place is None and self.places and not {"ticket", "attendance"} & self.errors.keys():
            self.add_error(self.places_field or None, self._unclear(data))
        self.settle(self.place)
        return data

    def clean_latin_name(self) -> str:
        """What says the same as the name itself is not said twice."""
        latin: str = self.cleaned_data["latin_name"]
        return "" if latin == self.cleaned_data.get("name") else latin

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
    def seats_by_way(self) -> dict[str, int]:
        """Seats left for each way to take part that has a limit; with tickets, for the one that has most."""
        return _most((place.attendance, place.left) for place in self.places)

    @property
    def places_field(self) -> str:
        """The field an answer about places belongs to; empty where nothing was asked."""
        return next((name for name in ("attendance", "ticket") if name in self.fields), "")

    def look_again(self, window: Window) -> None:
        """Show the places as they are now."""
        self.window = window
        self.__dict__.pop("places", None)

    def say_full(self, window: Window) -> None:
        """Say, beside the choice, that no seat is left for it, and offer what still has one."""
        self.look_again(window)
        if any(not place.is_full for place in self.places):
            sentence = _("No seat is left for this choice; nothing was recorded. The others still have some.")
        else:
            sentence = _("No seat is left; nothing was recorded.")
        self.add_error(self.places_field or None, ValidationError(sentence, code="full"))
