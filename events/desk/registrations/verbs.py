"""What is sent from one person's page: a decision, a move, a note."""

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events.models import Full, SeatLost
from events.models.registration_states import OtherPrice
from pages import busy

from .decisions import DECISIONS, DecisionForm, Refused
from .person import MoveForm, NoteForm, PersonView, inside
from .seats import no_seat


class OnePersonVerb(PersonView):
    """What is sent from that page. What is refused comes back with a sentence and all that was written."""

    any_permission_required = ["change"]
    http_method_names = ["post"]
    form: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return self.http_method_not_allowed(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def bound(self, verb: str) -> Any:
        return self.form if verb == self.opened else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = self.make_form(request.POST)
        if not self.form.is_valid():
            return self.refused("")
        try:
            self.carry_out()
        except Refused as refused:
            return self.refused(str(refused))
        except OperationalError as error:  # a lock was not had in time; nothing was written
            busy.note(error)
            return self.refused(_("Many people are at work at once. Nothing is lost: please send it again."))
        return HttpResponseRedirect(
            inside(request) or reverse("registrations:inspect", args=[self.object.pk]), status=303
        )

    def refused(self, sentence: str) -> HttpResponse:
        self.refusal = sentence
        self.object.refresh_from_db()
        return self.render_to_response(self.get_context_data(), status=422)

    def make_form(self, data: Any) -> Any:
        raise NotImplementedError

    def carry_out(self) -> None:
        """Do it, and say so. Raises Refused."""
        raise NotImplementedError


class DecideView(OnePersonVerb):
    """One of ``DECISIONS``."""

    verb = ""

    @property
    def opened(self) -> str:  # type: ignore[override]
        return self.verb

    def make_form(self, data: Any) -> DecisionForm:
        return DecisionForm(DECISIONS[self.verb], self.object, data)

    def carry_out(self) -> None:
        form: DecisionForm = self.form
        user: Any = self.request.user
        if form.decision.carry_out(self.object, user, form.why, form.words, form.refund):
            messages.success(self.request, form.decision.done % {"name": self.object.name})
        else:
            messages.info(self.request, _("That had been done already: nothing has changed."))


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
