"""What the staff decide about one registration: each verb with its reason, and the letter that tells it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.calendars import prices
from events.models import Full, Registration, SeatLost
from events.models.payment_refunds import TooMuch
from events.models.registration_books import Words
from events.models.registration_states import TRANSITIONS, State
from events.registration import going_back
from events.registration.letters import shipped
from events.registration.letters import words as letter_words
from pages import busy

from .seats import no_seat

LONGEST = 300
"Characters of a reason."


class Refused(Exception):
    """Why nothing was done, as a sentence in the reader's language."""


@dataclass(frozen=True)
class Decision:
    """One verb as the staff have it: what its button says, what follows, and what is said once it is done."""

    verb: str
    label: Any
    consequence: Any
    done: Any
    needs_reason: bool = False
    is_serious: bool = False

    def targets(self, state: str) -> dict[str, str]:
        """Where it leads from a state, with the kind of letter; empty where it leads nowhere."""
        return {
            target: one.letter
            for (verb, source, target), one in TRANSITIONS.items()
            if (verb, source) == (self.verb, state)
        }

    def is_possible(self, registration: Registration) -> bool:
        """Whether the table leads on; who has only asked is approved, and confirmed past it only to spare a payment."""
        if self.verb == "confirm" and registration.state == State.REQUESTED and _is_free(registration):
            return False
        if self.verb == "offer" and registration.address_waits:
            return False
        return bool(self.targets(registration.state))

    def letter(self, registration: Registration) -> str:
        """The kind of letter that would leave; where it leads nowhere any more, the kind that it would have been."""
        letters = self.targets(registration.state) or {
            target: one.letter for (verb, _source, target), one in TRANSITIONS.items() if verb == self.verb
        }
        if State.HELD in letters and not _is_free(registration):
            return letters[State.HELD]
        return next((kind for target, kind in letters.items() if target != State.HELD), "")

    def carry_out(
        self,
        registration: Registration,
        by: User,
        why: str = "",
        words: Words | None = None,
        refund: int | None = None,
    ) -> bool:
        """Do it; False if it had been done already. ``refund`` says what goes back to who is cancelled, in minor units.

        Raises:
            Refused: there is no seat, or the registration is no longer what it was; nothing was changed.
        """
        was = registration.state
        aims = {target for verb, _source, target in TRANSITIONS if verb == self.verb}
        more = {} if refund is None else {"refund": refund}
        try:
            getattr(registration, self.verb)(by=by, why=why, words=words, **more)
        except TooMuch as much:
            raise Refused(_("Less is left of what was paid: look at the payment.")) from much
        except Full as full:
            raise Refused(no_seat(full.key, registration.event)) from full
        except OperationalError as error:  # a lock was not had in time; nothing was written
            busy.note(error)
            raise Refused(_("Many people are at work at once. Nothing is lost: please send it again.")) from error
        except SeatLost as lost:
            registration.refresh_from_db()
            if registration.state in aims or self._was_last(registration, by):
                return False
            raise Refused(_because(lost, registration)) from lost
        registration.refresh_from_db()
        if registration.state not in aims and not self._was_last(registration, by):
            # It had ended another way, and the verb left it so.
            raise Refused(_now(registration))
        return registration.state != was

    def _was_last(self, registration: Registration, by: User) -> bool:
        """Whether it is what the staff did last, so that this is a second click: much may have followed by itself."""
        last = registration.changes.filter(by__isnull=False).last()
        return last is not None and (last.verb, last.by_id) == (self.verb, by.pk)


def _is_free(registration: Registration) -> bool:
    return not registration.fee


def _because(lost: SeatLost, registration: Registration) -> str:
    key = str(lost)
    if key.partition(":")[0] in ("event", "mode", "ticket", "date") and ": " not in key:
        return no_seat(key, registration.event)
    if registration.state == State.WAITING:
        return _("It begins, or does not take place: nothing can be offered any more.")
    if Registration.objects.beside(registration).filter(occurrence=registration.occurrence_id).exists():
        return _("This person has registered anew meanwhile: decide there.")
    return _now(registration)


def _now(registration: Registration) -> str:
    return _("This can't be done any more; it stands at: %(state)s.") % {"state": registration.get_state_display()}


DECISIONS = {
    decision.verb: decision
    for decision in (
        Decision(
            "approve",
            gettext_lazy("Approve"),
            gettext_lazy("The seat is this person's own from now on."),
            gettext_lazy("The request of %(name)s is approved."),
        ),
        Decision(
            "queue",
            gettext_lazy("Put on the waiting list"),
            gettext_lazy("At its end; a seat that becomes free is offered by itself, in the order of the list."),
            gettext_lazy("%(name)s is on the waiting list."),
        ),
        Decision(
            "offer",
            gettext_lazy("Offer a seat now"),
            gettext_lazy("Out of turn: the seat is kept for this person as long as offers hold at this event."),
            gettext_lazy("A seat is offered to %(name)s."),
            needs_reason=True,
        ),
        Decision(
            "confirm",
            gettext_lazy("Confirm now"),
            gettext_lazy("A seat is taken at once, and nothing more is asked of this person."),
            gettext_lazy("The place of %(name)s is confirmed."),
            needs_reason=True,
        ),
        Decision(
            "decline",
            gettext_lazy("Decline"),
            gettext_lazy("A seat that was kept is offered on."),
            gettext_lazy("%(name)s is declined."),
            needs_reason=True,
            is_serious=True,
        ),
        Decision(
            "cancel",
            gettext_lazy("Cancel the registration"),
            gettext_lazy("The seat is free at once, and a letter tells the participant."),
            gettext_lazy("The registration of %(name)s is cancelled."),
            needs_reason=True,
            is_serious=True,
        ),
    )
}
"By their verb, in the order in which they are shown."


class ReasonForm(forms.Form):
    """Why the staff do something: the history keeps it, no letter quotes it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Say why: the history keeps the reason.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed
        if not needed:
            self.fields["reason"].label = _("Reason, if there is something to keep")

    @property
    def why(self) -> str:
        return str(self.cleaned_data.get("reason", ""))


class DecisionForm(ReasonForm):
    """A reason, and the letter as it will leave: words that nobody changed are the product's own."""

    subject = forms.CharField(label=gettext_lazy("Subject of the letter"), max_length=200, required=False)
    text = forms.CharField(
        label=gettext_lazy("Text of the letter"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, decision: Decision, registration: Registration, *args: Any, **kwargs: Any) -> None:
        self.decision, self.registration = decision, registration
        self.kind = decision.letter(registration)
        kwargs.setdefault("auto_id", f"id_{decision.verb}_%s")
        super().__init__(*args, initial=self.shipped, needed=decision.needs_reason, **kwargs)
        if not self.shipped:
            del self.fields["subject"], self.fields["text"]
        for name in {"subject", "text"} & self.fields.keys():
            self.fields[name].widget.attrs["lang"] = registration.language
        paid = going_back.back(registration) if decision.verb == "cancel" and registration.is_living else None
        if paid is not None:
            self.fields["refund"] = refund_field(paid)
            self.order_fields(["refund"])

    @cached_property
    def shipped(self) -> Words:
        """The letter as it would leave, in the participant's language."""
        return letter_words.filled(self.registration, self.kind) if self.kind in shipped.SHIPPED else {}

    @property
    def language(self) -> str:
        return str(dict(settings.LANGUAGES)[self.registration.language])

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        if "\n" in subject or "\r" in subject:
            raise ValidationError(_("A subject is one line."), code="lines")
        return subject

    @property
    def refund(self) -> int | None:
        """What goes back, in minor units; None where nothing was paid."""
        chosen = self.cleaned_data.get("refund")
        return int(chosen) if chosen else None

    @property
    def words(self) -> Words | None:
        """What the staff wrote; None if they left the letter as it was."""
        if not self.shipped:
            return None
        said = {name: _plain(self.cleaned_data.get(name, "")) or self.shipped[name] for name in ("subject", "text")}
        return said if said != {name: _plain(self.shipped[name]) for name in said} else None


def refund_field(paid: going_back.Back) -> forms.ChoiceField:
    """By the policy of the event, all, or nothing: each with its amount, which is what is sent."""
    told = {
        paid.amount: _("By the refund policy of the event: %(amount)s"),
        paid.paid: _("All of it: %(amount)s"),
        0: _("Nothing"),
    }
    if not paid.amount:
        told[0] = _("Nothing, as the refund policy of the event says")
    elif paid.amount == paid.paid:
        told[paid.paid] = _("All of it, as the refund policy of the event says: %(amount)s")
    choices = [(str(amount), text % {"amount": prices.told(amount, paid.currency)}) for amount, text in told.items()]
    return forms.ChoiceField(
        label=_("What goes back of %(amount)s") % {"amount": prices.told(paid.paid, paid.currency)},
        choices=choices,
        initial=str(paid.amount),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("The amounts have changed meanwhile: choose again.")},
    )


def _plain(text: str) -> str:
    """As both a browser and the product would have written it."""
    return text.replace("\r\n", "\n").strip()
