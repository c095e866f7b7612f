"""The forms of the participant's own page: changing one's answers, who sees them, asking for the link again."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from events.models import Place, Question, Registration, Ticket
from events.models.questions.kinds import Stage
from regions.models import Organisation

from ..person_form import PersonForm
from ..questions import waiting
from ..questions.fields import name_of
from ..questions.waiting import Questionnaire


class ChangeForm(PersonForm):
    """What a participant corrects afterwards."""

    def __init__(self, registration: Registration, *args: Any, **kwargs: Any) -> None:
        self.registration = registration
        initial = {
            "name": registration.name,
            "latin_name": registration.latin_name,
            "organisation": registration.organisation,
            "country": registration.country,
            "language": registration.language,
            "home_zone": registration.home_zone,
            "attendance": registration.attendance,
            "ticket": str(registration.ticket.uid) if registration.ticket else "",
            "sharing": list(registration.sharings.living().values_list("organisation_id", flat=True)),
        }
        super().__init__(registration.event.window, *args, initial=initial, **kwargs)

    def _pose(self) -> None:
        """The questions of the registration form, with what was answered; new ones among them too."""
        mine = waiting.of(self.registration)
        self.ask(
            self._posed(mine),
            self.window.event,
            [self.registration.place] if self.fixed else self.places,
            owner=str(self.registration.uid),
            among=mine.questions,
            before=mine.given,
            stood=self.registration.place,
        )

    def _posed(self, mine: Questionnaire) -> list[Question]:
        return [one for one in mine.questions if one.stage == Stage.REGISTRATION]

    @cached_property
    def places(self) -> list[Place]:  # type: ignore[override]
        """What can be had without asking anybody, and one's own ticket; if it is for one date, on that."""
        places = self.window.places_beside(self.registration.held, self.registration.occurrence_id)
        places = [place.on(None, place.left) for place in places]
        return [place for place in places if self._may_take(place.ticket) and self.registration.may_move_to(place)]

    def _may_take(self, ticket: Ticket | None) -> bool:
        """Another ticket is no way round a code or an approval; who came by an invitation to one ticket keeps to it."""
        mine = self.registration
        if ticket is None or ticket.pk == mine.ticket_id:
            return True
        if mine.invitation is not None and mine.invitation.ticket_id is not None:
            return False
        return ticket.audience == Ticket.Audience.PUBLIC and self.window.is_sold(ticket)

    def say_other_price(self) -> None:
        """Say that what was chosen costs something else by now than what was paid, or waits to be."""
        self.look_again(self.window)
        sentence = _("This choice now costs something else than your place: nothing was changed. Choose another one.")
        self.add_error(self.places_field or None, ValidationError(sentence, code="price"))

    @property
    def waits(self) -> bool:  # type: ignore[override]
        """Who is in the line can wait for something else."""
        return self.registration.state == Registration.State.WAITING

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


class SharingForm(ChangeForm):
    """What can still be changed once answers can't: which co-organisers see them, and what was agreed to freely."""

    fixed = True

    def __init__(self, registration: Registration, *args: Any, **kwargs: Any) -> None:
        super().__init__(registration, *args, **kwargs)
        kept = {"sharing", *map(name_of, self.questions)}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]

    def _posed(self, mine: Questionnaire) -> list[Question]:
        return mine.consents


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
