"""The forms of a place that is passed on: to whom, and who takes it."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.calendars.home_zones import zone_of
from events.models import Place, Question, Registration, Transfer
from events.models.questions.kinds import Stage
from events.models.registration import address_key

from ..one_line import OneLineField
from ..person_form import validate_name
from ..personal.consent import ConsentForm
from ..personal.notice import Notice


class PassOnForm(forms.Form):
    """To whom a place is offered: that person says the rest."""

    name = OneLineField(
        label=_("Name of the other person"),
        max_length=200,
        error_messages={"required": _("Write the name of the other person.")},
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=254,
        help_text=_("A letter goes there; the place is theirs once they have accepted it."),
        error_messages={
            "required": _("Write their e-mail address."),
            "invalid": _("This is not a whole e-mail address: it should look like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the letter to them"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, registration: Registration, data: Any = None) -> None:
        self.registration = registration
        super().__init__(data, initial={"language": get_language()})

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        whole = email.rpartition("@")[0].isascii() and '"' not in email
        if not whole or len(address_key(email)) > 254:
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        if address_key(email) == self.registration.email_key:
            raise ValidationError(_("This is your own address: write that of the other person."), code="own")
        return email


class TakeOverForm(ConsentForm):
    """What the person says of themselves who takes a place that is passed on: the place itself is chosen."""

    def __init__(
        self, transfer: Transfer, data: Any = None, files: Any = None, *, notice: Notice, **kwargs: Any
    ) -> None:
        initial = {"name": transfer.name, "language": transfer.language}
        self.transfer = transfer
        super().__init__(transfer.registration.event.window, data, files, notice=notice, initial=initial, **kwargs)

    def _offer_places(self) -> None:
        del self.fields["ticket"], self.fields["attendance"]

    @property
    def places(self) -> list[Place]:
        return []

    def _pose(self) -> None:
        event, place = self.window.event, self.transfer.registration.place
        asked = Question.objects.filter(event=event).asked().at(Stage.REGISTRATION).whole()
        self.ask(asked, event, [place], owner=str(self.transfer.uid))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = forms.Form.clean(self) or self.cleaned_data
        data["home_zone"] = data.get("home_zone") or zone_of(data.get("country", ""))
        self.settle(self.transfer.registration.place)
        return data
