"""The form on which one registers: one page, one POST, the same answer for everybody."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import OperationalError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from events.models import (
    CalledOff,
    CodeRefused,
    DateGone,
    Event,
    Full,
    Invitation,
    Occurrence,
    Question,
    Registration,
    RegistrationState,
    Window,
    whole_pools,
)
from events.models.questions.kinds import Stage
from events.models.registration import address_key
from pages import busy, limits

from . import links
from .dates import named, read, told
from .discreet import unkept
from .event_shown import event_shown, moment
from .forms import CONSENT_VERSION, RegistrationForm
from .going_back import policy
from .known_organisations import of_directory
from .personal import notice
from .personal.notice import Notice
from .questions import staged
from .questions.received import bounded_and_protected
from .registering import AlreadyRegistered, NotOffered, finds_no_seat, register

HOUR = dt.timedelta(hours=1)
FROM_ONE_MACHINE = 2000
"Forms an hour from one network address: a hall of 300 behind one router registers without trouble."
FOR_ONE_ADDRESS = 12
"Forms an hour for one e-mail address, whatever the event."
LETTERS_AGAIN = 3
"Letters an hour to somebody who registers once more for the same event."
CODES_TRIED = 600
"Codes tried an hour from one network address, for one event."
CODE_LENGTH = 40

LOOK = "look"
"The button that shows what a code opens; nothing is recorded."


class TooOften(Exception):
    """More was asked from here, or for this address, than a person asks."""


class RegistrationView(View):
    """Shows the form, takes it once, and says why where there is none."""

    template_name = "events/registration/register.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.event: Event = get_object_or_404(self.public(), uid=kwargs["uid"])
        self.window: Window = self.event.window
        if self.window.state == RegistrationState.NONE:
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    @staticmethod
    def public() -> QuerySet[Event]:
        """With its seats and tickets, whether anybody has a code for it, and whether it asks questions."""
        codes = Exists(Invitation.objects.filter(event=OuterRef("pk")))
        questions = Exists(Question.objects.asked().order_by().at(Stage.REGISTRATION).filter(event=OuterRef("pk")))
        found = Event.objects.public().prefetch_related(whole_pools(), "tickets")
        return found.annotate(has_codes=codes, has_questions=questions)

    def form(self, *args: Any, **kwargs: Any) -> RegistrationForm:
        has_codes: bool = self.event.has_codes  # type: ignore[attr-defined]
        kwargs |= {"has_codes": has_codes, "has_questions": self.event.has_questions}  # type: ignore[attr-defined]
        return RegistrationForm(self.window, *args, notice=self.notice, **kwargs)

    @cached_property
    def notice(self) -> Notice:
        """What people read of their data as this request begins, and agree to."""
        return notice.of(self.event)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        code = request.GET.get("code", "")[:CODE_LENGTH]
        if code and not limits.all_allowed([self.tried()], HOUR):
            return self.page(self.form(), "too_often", 429, retry_after=3600)
        return self.page(self.form(initial={"dates": request.GET.getlist("date"), "code": code}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Whatever happens, the answer is a page: thanks, or the form as it was filled in."""
        form = self.form(request.POST, request.FILES)
        form.since = self.since
        if form.is_trapped:
            return self.thanks()
        try:
            return self.answer(form)
        except TooOften:
            return self.page(form, "too_often", 429, retry_after=3600)
        except OperationalError as error:  # a lock was not had in time; nothing was written
            busy.note(error)
            return self.page(form, "busy", 503, retry_after=5)

    @property
    def since(self) -> dt.date | None:
        """The first day of a later page of dates."""
        return next(iter(read([self.request.GET.get("from", "")])), None)

    def answer(self, form: RegistrationForm) -> HttpResponse:
        is_open = self.window.takes_registrations
        is_whole = is_open and form.is_valid() and form.place is not None
        looks = is_open and LOOK in self.request.POST
        self.count(form, is_whole and not looks)
        if not is_open:  # it closed, or was called off, since the form was opened
            return self.page(form, status=409)
        self.stage(form)
        if looks:
            return self.look(form)
        if not is_whole:
            if form.code_given and "code" in form.fields and not form.opened:
                form.refuse_code()
            return self.page(form, status=422)
        return self.take(form)

    def stage(self, form: RegistrationForm) -> None:
        """Keep the files that came, so that none has to be sent again whatever else becomes of the form."""
        if not staged.take_in(form, self.request):
            raise TooOften

    def take(self, form: RegistrationForm) -> HttpResponse:
        """Register whoever filled in a whole form; where that can't be, the form comes back and says why."""
        try:
            made: Registration | None = self.register(form)
        except AlreadyRegistered as known:
            made = known.registration
            if not self.is_the_same(form, known.registrations):
                made = None
                self.write_again(known.registrations)
                if not known.opened:
                    form.refuse_code()
                    return self.page(form, status=422)
                if self.is_full(form):
                    return self.full(form)
        except CodeRefused:
            form.refuse_code()
            return self.page(form, status=422)
        except Full:
            self.look_again()
            return self.full(form)
        except NotOffered:  # it could be had when this request began
            self.look_again()
            form.say_not_offered(self.window)
            return self.page(form, "gone", 409)
        except CalledOff:  # while this form was on its way
            self.look_again()
            return self.page(form, status=409)
        except DateGone:  # likewise: it was cancelled, it began, or dates are no longer asked for
            self.look_again()
            form.say_gone(self.window)
            return self.page(form, "gone", 409)
        return self.to_payment(made) or self.thanks(form)

    def look(self, form: RegistrationForm) -> HttpResponse:
        """Show what the code opens, with all that was written so far."""
        form.errors.clear()
        if not form.opened:
            form.refuse_code()
        return self.page(form, status=200 if form.opened else 422)

    def register(self, form: RegistrationForm) -> Registration:
        """Rendering, looking up and checking is done; what follows is one short transaction."""
        data, place = form.cleaned_data, form.place
        assert place is not None
        return register(
            self.event,
            name=data["name"],
            latin_name=data["latin_name"],
            email=data["email"],
            organisation=data["organisation"],
            known_organisation=of_directory(data["organisation"], self.notice.edition),
            country=data["country"],
            home_zone=data["home_zone"],
            language=data["language"],
            dates=form.chosen,
            attendance=place.attendance,
            ticket=place.ticket,
            code=data.get("code", ""),
            consent_version=CONSENT_VERSION,
            notice=self.notice.texts,
            submission=data["submission"],
            shared_with=form.shared_with,
            wait=data.get("wait", False),
            proven=self.has_proven(form),
            answers=form.given,
        )

    def has_proven(self, form: RegistrationForm) -> bool:
        """Whether the address is known to be this person's."""
        return False

    def more(self) -> dict[str, Any]:
        """What else the page shows."""
        return {}

    @staticmethod
    def is_the_same(form: RegistrationForm, registrations: Sequence[Registration]) -> bool:
        """Whether this is the very form that these registrations came from, sent twice."""
        submission = form.cleaned_data["submission"]
        return submission is not None and all(one.submission == submission for one in registrations)

    @staticmethod
    def is_full(form: RegistrationForm) -> bool:
        """Whether a stranger who sent this form would read that there is no seat."""
        data, place = form.cleaned_data, form.place
        assert place is not None
        return finds_no_seat(form.window, place, form.chosen, data.get("code", ""), data.get("wait", False))

    def write_again(self, registrations: Sequence[Registration]) -> None:
        """Nobody is told who is registered; the address itself is."""
        first = registrations[0]
        who = f"{self.event.uid}|{first.email_key}"
        if not limits.allowed("letter again", who, LETTERS_AGAIN, HOUR):
            return
        if len(registrations) > 1:
            Registration.write_once(registrations, again=True)
        else:
            first.write_again()

    def count(self, form: RegistrationForm, is_whole: bool) -> None:
        """Count one form from this machine, one for its address if it is whole, and one try of its code."""
        counted = [limits.Limit("register from", limits.client_address(self.request), FROM_ONE_MACHINE)]
        if is_whole:
            counted.append(limits.Limit("register for", address_key(form.cleaned_data["email"]), FOR_ONE_ADDRESS))
        if "code" in form.fields and form.code_given:
            counted.append(self.tried())
        if not limits.all_allowed(counted, HOUR):
            raise TooOften

    def tried(self) -> limits.Limit:
        """A code tried from this machine."""
        return limits.Limit("code tried", f"{self.event.uid}|{limits.client_address(self.request)}", CODES_TRIED)

    def look_again(self) -> None:
        """Read the seats anew: those of the beginning of this request are gone."""
        self.event = get_object_or_404(self.public(), pk=self.event.pk)
        self.window = self.event.window

    # -- answers

    def to_payment(self, made: Registration | None) -> HttpResponse | None:
        """To the page on which the place is paid that this very form has had kept, if it costs something.

        Who sent another form for the same address before is told by letter alone.
        """
        if made is None or not (first := _first_to_pay(made)):
            return None
        return HttpResponseRedirect(reverse("pay", args=[links.pay_token(first)]), status=303)

    def thanks(self, form: RegistrationForm | None = None) -> HttpResponse:
        address, told = reverse("registration_thanks", args=[self.event.uid]), {}
        if self.event.by_date and form is not None:
            told["date"] = [one.day.isoformat() for one in form.chosen]
        if form is not None and form.is_request:
            told["request"] = ["1"]
        return HttpResponseRedirect(f"{address}?{urlencode(told, doseq=True)}" if told else address, status=303)

    def full(self, form: RegistrationForm) -> HttpResponse:
        form.say_full(self.window)
        return self.page(form, "full", 409)

    def page(
        self, form: RegistrationForm, trouble: str = "", status: int = 200, retry_after: int | None = None
    ) -> HttpResponse:
        window, event = self.window, self.event
        form.window, form.since = window, self.since
        opens, closes = window.told_open_from, window.told_open_until
        has_form = window.has_form or window.opens_by_code
        costs = any(place.ticket and not place.ticket.is_free for place in window.for_all)
        shown = {
            "form": form if has_form or trouble in ("busy", "too_often") else None,
            "trouble": trouble,
            "window": window,
            "state": window.state,
            "opens": moment(opens, event) if opens else "",
            "closes": moment(closes, event) if closes else "",
            "costs": costs,
            "policy": policy(event) if costs else [],
        }
        context = event_shown(self.request, self.event, date_asked(self.request, self.event)) | shown | self.more()
        response = render(self.request, self.template_name, context, status=status)
        if retry_after:
            response["Retry-After"] = str(retry_after)
        return response


def _first_to_pay(made: Registration) -> Registration | None:
    """Of what was registered with one form, the first that waits to be paid."""
    rows = [made]
    if made.occurrence_id and made.submission:
        mine = Registration.objects.living().of(made.email).filter(event=made.event_id, submission=made.submission)
        rows = list(mine.order_by("occurrence__starts_at", "pk"))
    return next((row for row in rows if row.is_to_be_paid), None)


@unkept
def thanks(request: HttpRequest, uid: str) -> HttpResponse:
    """What everybody reads who sent the form, whatever became of it."""
    event = get_object_or_404(Event.objects.public(), uid=uid)
    asked = dates_asked(request, event)
    context = event_shown(request, event, asked[0] if asked else None) | {
        "asked": [told(event, one) for one in asked] if len(asked) > 1 else [],
        "is_request": "request" in request.GET,
        "costs": any(event.window.price(place.ticket) for place in event.window.places),
        "letters_page": getattr(settings, "LETTERS_ON_A_PAGE", False),
    }
    return render(request, "events/registration/thanks.html", context)


def dates_asked(request: HttpRequest, event: Event) -> list[Occurrence]:
    """The dates that the address names, of a series for whose dates one registers one by one."""
    asked = read(request.GET.getlist("date"))
    return named(event.window, asked) if asked and event.by_date else []


def date_asked(request: HttpRequest, event: Event) -> Occurrence | None:
    """The first of them."""
    return next(iter(dates_asked(request, event)), None)


register_here = unkept(bounded_and_protected(RegistrationView.as_view()))
