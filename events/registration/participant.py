"""The participant's own page: see, change, give the seat back. A GET changes nothing."""

import datetime as dt
from functools import wraps

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from events.calendars import hours
from events.models import Event, Full, Registration, SeatLost, co_organisers, last_public
from events.models.registration import address_key
from letters.models import Letter
from pages import busy, limits

from . import links
from .discreet import View, personal, unkept
from .event_shown import event_shown
from .forms import AddressForm, ChangeForm
from .letters import hours_told

HOUR = dt.timedelta(hours=1)
LINKS_SENT = 3
"Times an hour that the links of one address are sent again."
ASKED_FROM_ONE_MACHINE = 300
"Times an hour that links are asked for from one network address."


def own_page(view: View) -> View:
    """Open the registration behind the token, or offer to send the link again."""

    @personal
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponseBase:
        registration = links.opened(token)
        if registration is None:
            context = {"form": AddressForm(), "unknown": True}
            return render(request, "events/registration/lost.html", context, status=404)
        registration.event = last_public(registration.event)
        return view(request, token, registration)

    return opened


@own_page
@require_safe
def participant(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Everything about one registration, for the person it belongs to."""
    event = registration.event
    called_off = event.status in Event.CALLED_OFF
    joins = registration.is_confirmed and event.live and not called_off and not event.is_over
    context = event_shown(request, event) | {
        "token": token,
        "registration": registration,
        "called_off": called_off,
        "over": event.is_over and not called_off,
        "changeable": registration.is_living and not called_off and not event.is_over,
        "joining_url": event.joining_url if joins else "",
        "was": _hours_told(registration),
        "seen_by": [one.organisation for one in registration.sharings.living().select_related("organisation")],
        "shares": bool(co_organisers(event)),
        "done": request.GET.get("done", ""),
        "again_url": reverse("registration", args=[event.uid]) if event.live and event.window.has_form else "",
    }
    return render(request, "events/registration/participant.html", context)


def _hours_told(registration: Registration) -> hours.Hours | None:
    """The hours the person was told when registering, if the event has moved since."""
    event = registration.event
    letter = Letter.objects.filter(key=f"confirmed:{registration.uid}").first()
    if letter is None or event.recurs:
        return None
    told = letter.facts["event"]
    now = (event.start_local.isoformat(), event.end_local.isoformat(), event.timezone, event.all_day)
    if (told["start_local"], told["end_local"], told["timezone"], told["all_day"]) == now:
        return None
    return hours_told(told, get_language() or "fr")


@own_page
def change(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Correct one's details, or take part in another way if there is a seat."""
    event = registration.event
    if not registration.is_living or event.is_over or event.status in Event.CALLED_OFF:
        return _back(token)
    form = ChangeForm(registration, request.POST if request.method == "POST" else None)
    trouble, status = "", 200
    if request.method == "POST":
        trouble, status = _changed(form, registration)
        if not trouble:
            return _back(token, "changed")
    context = event_shown(request, event) | {"token": token, "form": form, "trouble": trouble}
    response = render(request, "events/registration/change.html", context, status=status)
    if status == 503:
        response["Retry-After"] = "5"
    return response


def _changed(form: ChangeForm, registration: Registration) -> tuple[str, int]:
    """Carry out what the form says; the trouble there was, if any, and the status it is answered with."""
    if not form.is_valid():
        return "errors", 422
    details = {name: form.cleaned_data[name] for name in ("name", "organisation", "country", "language")}
    try:
        with transaction.atomic():
            if form.place and not form.stays:
                registration.move_to(form.place)
            registration.correct(**details)
            registration.share_with(form.shared_with)
    except Full:
        form.say_full(Event.objects.get(pk=registration.event_id).window)
        return "full", 409
    except SeatLost:
        return "", 303
    except OperationalError as error:  # a lock was not had in time
        busy.note(error)
        return "busy", 503
    return "", 303


@own_page
def cancel(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Ask once more, then give the seat back by POST."""
    if not registration.is_living or registration.event.is_over:
        return _back(token)
    context = event_shown(request, registration.event) | {"token": token, "registration": registration}
    if request.method != "POST":
        return render(request, "events/registration/cancel.html", context)
    try:
        registration.cancel()
    except OperationalError as error:  # a lock was not had in time; the button is still there
        busy.note(error)
        context["trouble"] = "busy"
        response = render(request, "events/registration/cancel.html", context, status=503)
        response["Retry-After"] = "5"
        return response
    return _back(token, "cancelled")


@own_page
@require_POST
def new_link(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """Send a new link and close this one."""
    if limits.allowed("new link", str(registration.uid), LINKS_SENT, HOUR):
        registration.renew_link()
    return HttpResponseRedirect(reverse("participant_sent"), status=303)


@personal
def lost(request: HttpRequest) -> HttpResponse:
    """Have one's links sent again; the answer is the same for every address."""
    if request.method != "POST":
        return render(request, "events/registration/lost.html", {"form": AddressForm()})
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "events/registration/lost.html", {"form": form, "trouble": "errors"}, status=422)
    if not limits.allowed("links from", limits.client_address(request), ASKED_FROM_ONE_MACHINE, HOUR):
        response = render(request, "events/registration/lost.html", {"form": form, "trouble": "too_often"}, status=429)
        response["Retry-After"] = "3600"
        return response
    _send_links(form.cleaned_data["email"])
    return HttpResponseRedirect(reverse("participant_sent"), status=303)


def _send_links(email: str) -> None:
    """One letter with the links of everything this address is registered for and that is not over."""
    known = Registration.objects.living().of(email).filter(event__live=True).order_by("-created_at").first()
    if not limits.allowed("links to", address_key(email), LINKS_SENT, HOUR):
        return
    if known is None:
        limits.pretend()
    else:
        Letter.objects.create(
            kind="links",
            recipient=known.email,
            recipient_name=known.name,
            language=known.language,
            link_view="participant",
            link_subject=known.email_key,
        )


@unkept
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What everybody reads who asked for a link."""
    return render(request, "events/registration/sent.html")


def _back(token: str, done: str = "") -> HttpResponse:
    address = reverse("participant", args=[token])
    return HttpResponseRedirect(f"{address}?done={done}" if done else address, status=303)
