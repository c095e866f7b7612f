"""What is sent from one person's page: a decision, a move, a note."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events.models import Full, SeatLost
from events.models.registration_states import OtherPrice

from ..sent import SentFromPage
from .decisions import DECISIONS, DecisionForm, Refused
from .person import MoveForm, NoteForm, PersonView, inside
from .seats import no_seat


class OnePersonVerb(SentFromPage, PersonView):
    """What is sent from that page."""

    def leads_to(self) -> str:
        return inside(self.request) or reverse("registrations:inspect", args=[self.object.pk])


class DecideView(OnePersonVerb):
    """One of ``DECISIONS``."""

    verb = ""

    @property
    def opened(self) -> str:  # type: ignore[override]
        return self.verb

    def make_form(self, data: Any) -> DecisionForm:
        return DecisionForm(DECISIONS[self.verb], self.object, data)

    def carry_out(self) -> bool:
        form: DecisionForm = self.form
        user: Any = self.request.user
        changed: bool = form.decision.carry_out(self.object, user, form.why, form.words, form.refund)
        if changed:
            messages.success(self.request, form.decision.done % {"name": self.object.name})
        return changed


class MoveView(OnePersonVerb):
    """To another ticket or way, if there is a seat."""

    opened = "move"

    def make_form(self, data: Any) -> MoveForm:
        return MoveForm(self.object, self.request.user, data)

    def carry_out(self) -> None:
        try:
            self.object.move_to(self.form.chosen, self.request.user, self.form.why)  # type: ignore[arg-type]
        except Full as full:
            raise Refused(no_seat(full.key, self.object.event)) from full
        except OtherPrice as other:
            raise Refused(_("It is paid or waits to be, and the other place costs something else.")) from other
        except SeatLost as lost:
            raise Refused(_("This registration had already ended.")) from lost
        messages.success(self.request, _("%(name)s has another place.") % {"name": self.object.name})


class NoteView(OnePersonVerb):
    """A note, which the participant never sees."""

    opened = "note"

    def make_form(self, data: Any) -> NoteForm:
        return NoteForm(data, auto_id="id_note_%s")

    def carry_out(self) -> None:
        note = self.form.cleaned_data["note"]
        last = self.object.changes.last()
        if last and (last.verb, last.by, last.why) == ("note", self.request.user, note):
            return  # the same form twice
        self.object.annotate(self.request.user, note)  # type: ignore[arg-type]
        messages.success(self.request, _("The note is kept."))
