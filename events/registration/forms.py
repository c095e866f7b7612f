"""The forms: registering, changing one's registration, asking for its link again."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.calendars.home_zones import zone_of
from events.models import Event, Occurrence, Place, Registration, Window
from events.models.registration import address_key
from regions.models import Organisation

from .dates import DatesField, Offer, full, gone, named, offer, read
from .person_form import OneLineField, PersonForm

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
