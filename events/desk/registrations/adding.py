"""Adding somebody by hand: confirmed at once where there is a seat, else on the waiting list; never past a limit."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, gettext_noop, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events.models import DataAccess, DateGone, Event, Full, Occurrence, Place, Registration
from events.models.agenda import EventQuerySet
from events.models.questions.answer import keep_first
from events.registration.forms import RegistrationForm, SubmissionField
from events.registration.known_organisations import of_directory
from events.registration.latin import validate_latin
from events.registration.one_line import OneLineField
from events.registration.person_form import country_choices
from events.registration.questions.fields import name_of
from events.registration.registering import AlreadyRegistered, NotOffered, register
from pages import busy
from pages.trilingual import shown

from .. import policies
from ..event_row import dates
from ..questions.answering import StaffAnswers
from .dates import told
from .decisions import LONGEST
from .screen import DecidersView, OneEventView
from .seats import Seats, choices, place_key, places, pool_name, price

PAYS = "pays"
BY_HAND = gettext_noop("added by hand")
SHOWN = 100
"Events to choose from; the others are reached from their own list."


def open_to(user: Any) -> EventQuerySet:
    """The events to which somebody can add people: registered for here, and neither over nor called off."""
    events = policies.decided_by(user).filter(
        live=True, registration=Event.RegistrationMode.HERE, ends_at__gt=timezone.now()
    )
    found: EventQuerySet = events.exclude(status__in=Event.CALLED_OFF).order_by("starts_at", "pk")
    return found


class AddForm(StaffAnswers):
    """Who it is, what for, and what they answered. Nobody is registered twice, nor where all seats are taken."""

    date = forms.ModelChoiceField(label=gettext_lazy("Date"), queryset=Occurrence.objects.none())
    place = forms.ChoiceField(
        label=pgettext_lazy("of a participant", "Place"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a place.")},
    )
    name = OneLineField(label=gettext_lazy("Name"), max_length=200)
    latin_name = OneLineField(
        label=gettext_lazy("Name in Latin letters"), max_length=200, required=False, validators=[validate_latin]
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("This is not a whole e-mail address: it should look like name@example.org.")
        },
    )
    organisation = OneLineField(label=gettext_lazy("Organisation"), max_length=200, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of letters"), choices=settings.LANGUAGES)
    owes = forms.ChoiceField(
        label=gettext_lazy("Does this person have to pay?"), widget=forms.RadioSelect, required=False
    )
    letter = forms.BooleanField(
        label=gettext_lazy("Send the letter that says so, with the link to the personal page"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, if there is something to keep"), required=False, max_length=LONGEST
    )
    submission = SubmissionField(required=False)

    clean_email = RegistrationForm.clean_email

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        first = {"language": get_language(), "letter": True, "submission": uuid.uuid4()}
        super().__init__(*args, **{"initial": first, "auto_id": "add_%s"} | kwargs)
        self.event = event
        self.fields["country"].choices = list(country_choices())  # type: ignore[attr-defined]
        self.found = {place_key(place): place for place in places(event, self._date())}
        self.fields["place"].choices = choices(self.found.values())  # type: ignore[attr-defined]
        if len(self.found) == 1:
            self.fields["place"].initial = next(iter(self.found))
        if any(price(place) for place in self.found.values()):
            kept = ngettext(
                "Has to pay: a letter with the link leaves, and the seat is kept for %(count)d hour at most",
                "Has to pay: a letter with the link leaves, and the seat is kept for %(count)d hours at most",
                event.offer_hours,
            )
            self.fields["owes"].choices = [  # type: ignore[attr-defined]
                (PAYS, kept % {"count": event.offer_hours}),
                ("nothing", _("Owes nothing: a guest")),
            ]
        else:
            del self.fields["owes"]
        if event.by_date:
            coming = event.occurrences.coming().select_related("event").order_by("starts_at")
            self.fields["date"].queryset = coming  # type: ignore[attr-defined]
            self.fields["date"].label_from_instance = told  # type: ignore[attr-defined]
        else:
            del self.fields["date"]
        own = list(self.fields)
        self.pose(event, list(self.found.values()), f"by hand {event.pk}")
        self.order_fields(own)

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Those that are no questions of the event, which stand behind them."""
        asked = {name_of(one) for one in self.questions}
        return [one for one in self.visible_fields() if one.name not in asked]

    @property
    def has_doubtful_answers(self) -> bool:
        return any(name_of(one) in self.errors for one in self.questions)

    def _date(self) -> Occurrence | None:
        """The date that was chosen, of which the seats are told."""
        asked = self.data.get("date", "") if self.is_bound and self.event.by_date else ""
        known = asked.isascii() and asked.isdecimal() and len(asked) < 19
        return self.event.occurrences.filter(pk=asked).first() if known else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "place" in cleaned and "owes" in self.fields and price(self.chosen) and not cleaned.get("owes"):
            self.add_error("owes", ValidationError(_("Say whether this person has to pay."), code="owes"))
        self.settle(self.found.get(cleaned.get("place", "")))
        return cleaned

    @property
    def is_charged(self) -> bool:
        """Whether a payment is asked for: of who is given a ticket that costs something."""
        return self.cleaned_data.get("owes") == PAYS and bool(price(self.chosen))

    @property
    def tells(self) -> bool:
        """Whether the letter leaves: whoever has to pay finds the way there in it."""
        return self.is_charged or self.cleaned_data["letter"]

    @property
    def chosen(self) -> Place:
        return self.found[self.cleaned_data["place"]]

    @property
    def facts(self) -> dict[str, Any]:
        """What is said of the person, as both the verb and the row have it."""
        names = ("name", "latin_name", "email", "organisation", "country", "language", "submission")
        said = {name: self.cleaned_data[name] for name in names}
        known = of_directory(said["organisation"])
        place = {"attendance": self.chosen.attendance, "ticket": self.chosen.ticket}
        return said | place | {"known_organisation": known}

    @property
    def why(self) -> str:
        return self.cleaned_data["reason"] or BY_HAND


class ChooseEventView(DecidersView):
    """To which event."""

    template_name = "desk/add_where.html"
    page_title = gettext_lazy("Add somebody by hand")
    header_icon = "plus"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = open_to(self.request.user)[:SHOWN]
        rows = [
            (shown(event.title), dates(event), reverse("registrations:add_to", args=[event.uid])) for event in events
        ]
        return super().get_context_data(**kwargs) | {"events": rows}


class AddView(OneEventView):
    """The form of one event."""

    template_name = "desk/add.html"
    page_title = gettext_lazy("Add somebody by hand")
    header_icon = "plus"

    @cached_property
    def is_open(self) -> bool:
        return open_to(self.request.user).filter(pk=self.event.pk).exists()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or AddForm(self.event)
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "is_open": self.is_open,
            "form": form,
            "may_wait": kwargs.get("may_wait", False),
            "known": kwargs.get("known"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AddForm(self.event, request.POST, request.FILES)
        is_whole = form.is_valid()
        if self.is_open:
            form.stage()
        if not self.is_open or not is_whole:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            made = self.enter(form)
        except AlreadyRegistered as already:
            return self.known(form, already.registration)
        except Full:
            return self.full(form)
        except OperationalError as error:  # a lock was not had in time; nothing was written
            busy.note(error)
            form.add_error(None, _("Many people are at work at once. Nothing is lost: please send it again."))
            return self.render_to_response(self.get_context_data(form=form), status=503)
        except (DateGone, NotOffered):
            form.add_error(None, _("This date or place can no longer be had: choose another one."))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        state = capfirst(str(made.get_state_display()))
        messages.success(request, _("%(name)s is added: %(state)s.") % {"name": made.name, "state": state})
        return HttpResponseRedirect(reverse("registrations:inspect", args=[made.pk]), status=303)

    def enter(self, form: AddForm) -> Registration:
        """Confirmed, or with the other button on the waiting list where there is no seat.

        Raises:
            AlreadyRegistered, DateGone, Full, NotOffered: nothing was written.
        """
        user: Any = self.request.user
        date, letter, charged = form.cleaned_data.get("date"), form.tells, form.is_charged
        if self.request.POST.get("as") != "waiting":
            days = [date] if date else []
            return register(
                self.event,
                **form.facts,
                dates=days,
                vouched=True,
                by=user,
                why=form.why,
                letter=letter,
                charged=charged,
                answers=form.given,
            )
        made = Registration(event=self.event, occurrence=date, **form.facts)
        made.verified_at = timezone.now()  # the staff stand for it: such a place in the line does not run out
        try:
            with transaction.atomic():
                made.enter(by=user, why=form.why, letter=letter, wait=True, charged=charged)
                keep_first([made], form.given)
        except IntegrityError as twice:
            living = Registration.objects.living().of(made.email).filter(event=self.event)
            raise AlreadyRegistered(list(living.filter(occurrence=date) if date else living)) from twice
        return made

    def known(self, form: AddForm, registration: Registration) -> HttpResponse:
        """The same form twice is one wish; another one is told whom it found, and that is noted."""
        address = reverse("registrations:inspect", args=[registration.pk])
        mark = form.cleaned_data["submission"]
        if mark and registration.submission == mark:
            return HttpResponseRedirect(address, status=303)
        DataAccess.objects.note(self.request.user, DataAccess.What.PERSON, registration=registration)
        sentence = _("This address is registered already: {person} ({state}). Nothing was changed.")
        link = format_html('<a href="{}">{}</a>', address, registration.name)
        form.add_error(
            "email", ValidationError(format_html(sentence, person=link, state=registration.get_state_display()))
        )
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def full(self, form: AddForm) -> HttpResponse:
        """Which seats are taken, and the waiting list in their place; there is no way past the limit."""
        date = form.cleaned_data.get("date")
        place = form.chosen.on(date.pk if date else None)
        pools = [one.name for one in Seats([self.event], [place.occurrence]).left(self.event, place) if one.is_full]
        names = ", ".join(pools) or pool_name("event", self.event)
        form.add_error("place", _("No seat is left: %(pool)s.") % {"pool": names})
        may_wait = self.event.has_waiting_list
        return self.render_to_response(self.get_context_data(form=form, may_wait=may_wait), status=409)
