"""The waiting list of one event: its order, which the staff can change with a reason, and the offers under way."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin import messages

from events.models import NotAllowed, Occurrence, Registration, waiting_list
from events.models.registration_states import State
from pages.trilingual import shown

from .. import policies
from .dates import date_of, told
from .decisions import ReasonForm
from .line import waiting
from .screen import OneEventView
from .seats import Seats

END = "end"


class MoveForm(ReasonForm):
    """Who goes where in the line: before another person, to the end, or to a place by its number."""

    id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    to = forms.CharField(max_length=20)
    place = forms.IntegerField(
        label=pgettext_lazy("in the line", "To place"), min_value=1, max_value=2**31, required=False
    )

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        if to not in (END, "place") and not (to.isascii() and to.isdecimal() and len(to) < 19):
            raise forms.ValidationError(_("Choose where to."))
        return to

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("to") == "place" and not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", _("Write the number of a place."))
        return cleaned


@dataclass
class Waiter:
    """One who waits, as the list shows them; ``place`` is empty while the address is still to be confirmed."""

    row: Registration
    place: int | None
    date: str
    ticket: str
    up: int | None = None
    "Before whom they come if they move up by one."
    down: str = ""
    top: int | None = None
    form: MoveForm | None = None


class LineView(OneEventView):
    """For those who decide; where one registers date by date, also narrowed to one date."""

    template_name = "desk/waiting_list.html"
    page_title = gettext_lazy("Waiting list")
    header_icon = "list-ol"

    # -- who waits

    def mine(self, rows: QuerySet[Registration]) -> QuerySet[Registration]:
        found: QuerySet[Registration] = policies.registrations.narrow(rows, self.request.user, {"change"})
        return found.select_related("ticket", "occurrence", "event")

    @cached_property
    def dates(self) -> list[Occurrence]:
        """The dates for which somebody waits or has an offer."""
        rows = Registration.objects.filter(
            event=self.event, occurrence__isnull=False, state__in=[State.WAITING, State.OFFERED]
        )
        found = Occurrence.objects.filter(pk__in=rows.order_by().values("occurrence"))
        return list(found.select_related("event").order_by("starts_at"))

    @cached_property
    def date(self) -> Occurrence | None:
        asked = self.request.GET.get("date", "")
        return next((date for date in self.dates if str(date.pk) == asked), None)

    @cached_property
    def line(self) -> list[Registration]:
        """All that stand in the line, or those of the date."""
        rows = self.mine(waiting(self.event))
        return list(rows.filter(occurrence=self.date) if self.date else rows)

    def waiters(self, refused: MoveForm | None) -> list[Waiter]:
        """Each with the neighbours past whom they can be moved."""
        rows, found = self.line, []
        places: dict[int | None, int] = {}
        for at, row in enumerate(rows):
            if row.expires_at is None:
                places[row.occurrence_id] = places.get(row.occurrence_id, 0) + 1
            found.append(
                Waiter(
                    row,
                    places[row.occurrence_id] if row.expires_at is None else None,
                    date_of(row),
                    shown(row.ticket.name).text if row.ticket else "",
                    up=rows[at - 1].pk if at else None,
                    down=(str(rows[at + 2].pk) if at + 2 < len(rows) else END) if at + 1 < len(rows) else "",
                    top=rows[0].pk if at else None,
                    form=refused if refused is not None and refused.data.get("id") == str(row.pk) else None,
                )
            )
        return found

    def offers(self) -> list[Waiter]:
        """Seats kept for somebody until they answer, the soonest to end first."""
        rows = self.mine(Registration.objects.filter(event=self.event, state=State.OFFERED)).order_by(
            "expires_at", "pk"
        )
        rows = rows.filter(occurrence=self.date) if self.date else rows
        return [Waiter(row, None, date_of(row), shown(row.ticket.name).text if row.ticket else "") for row in rows]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refused = kwargs.pop("refused", None)
        seats = Seats([self.event], [self.date.pk] if self.date else [])
        places = [place.on(self.date.pk if self.date else None) for place in self.event.window.places]
        left = {one.name: one for place in places for one in seats.left(self.event, place)}
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "dates": [(date, told(date)) for date in self.dates] if self.event.by_date else [],
            "date": self.date,
            "waiters": self.waiters(refused),
            "offers": self.offers(),
            "seats": list(left.values()) if self.date or not self.event.by_date else [],
            "registration": None,
            "here": self.request.get_full_path(),
            "add_url": reverse("registrations:add_to", args=[self.event.uid]),
        }

    # -- another order

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MoveForm(request.POST, auto_id=False)
        if not form.is_valid():
            for error in [message for errors in form.errors.values() for message in errors]:
                messages.error(request, error)
            return self.render_to_response(self.get_context_data(refused=form), status=422)
        mine = {row.pk: row for row in self.line}
        moved = mine.get(form.cleaned_data["id"])
        try:
            before = self.before(form, mine)
        except LookupError:
            moved = None
        if moved is None:
            messages.error(request, _("The waiting list has changed meanwhile: nobody was moved. Look at it again."))
            self.__dict__.pop("line")
            return self.render_to_response(self.get_context_data(refused=form), status=409)
        try:
            waiting_list.move(moved, before, request.user, form.why)  # type: ignore[arg-type]
        except NotAllowed:
            messages.error(request, _("The waiting list has changed meanwhile: nobody was moved. Look at it again."))
        else:
            messages.success(request, _("%(name)s has another place in the waiting list.") % {"name": moved.name})
        return HttpResponseRedirect(request.get_full_path(), status=303)

    def before(self, form: MoveForm, mine: dict[int, Registration]) -> Registration | None:
        """Before whom; None for the end. Raises LookupError if that person does not wait here."""
        to = form.cleaned_data["to"]
        if to == END:
            return None
        if to != "place":
            return mine[int(to)]
        others = [row for row in mine.values() if row.pk != form.cleaned_data["id"] and row.expires_at is None]
        place: int = form.cleaned_data["place"]
        return others[place - 1] if place <= len(others) else None
