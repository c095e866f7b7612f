"""My data: what is known of an address, for whoever reads its letters, to see, to take away, and to have erased."""

import datetime as dt
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from events.calendars import hours, prices
from events.models import DataDefaults
from events.models.personal.person import Person
from letters.models import Letter
from pages import busy, limits

from .. import links
from ..discreet import View, personal, unkept
from ..own.forms import AddressForm
from . import copying, erasing

HOUR = dt.timedelta(hours=1)
LETTERS = 3
"Times an hour that a link is sent to one address."
FROM_ONE_MACHINE = 300
"Times an hour that links are asked for from one network address."
COPIES = 20
"Times an hour that one letter's link makes a copy."


@personal
def asked(request: HttpRequest) -> HttpResponse:
    """Ask for the link; the answer is the same for every address."""
    if request.method != "POST":
        return _form(request, AddressForm())
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _form(request, form, "errors", 422)
    if not limits.allowed("data from", limits.client_address(request), FROM_ONE_MACHINE, HOUR):
        response = _form(request, form, "too_often", 429)
        response["Retry-After"] = "3600"
        return response
    _write(form.cleaned_data["email"])
    return HttpResponseRedirect(reverse("my_data_sent"), status=303)


def _form(request: HttpRequest, form: AddressForm, trouble: str = "", status: int = 200) -> HttpResponse:
    form.fields["email"].help_text = ""
    context = {"form": form, "trouble": trouble}
    return render(request, "events/registration/personal/ask.html", context, status=status)


def _write(email: str) -> None:
    """One letter to an address of which something is known, as it was written down here."""
    person = Person(email)
    known = person.address
    if not limits.allowed("data to", person.key, LETTERS, HOUR):
        return
    if not known:
        limits.pretend()
        return
    Letter.objects.create(
        kind="my_data",
        recipient=known,
        language=get_language() or settings.LANGUAGE_CODE,
        link_view="my_data",
    )


@unkept
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What everybody reads who asked."""
    return render(request, "events/registration/personal/sent.html")


def opened(view: View) -> View:
    """Find who reads the letter behind the token, or offer another letter."""

    @personal
    @wraps(view)
    def shown(request: HttpRequest, token: str) -> HttpResponseBase:
        letter = links.opened_data(token)
        if letter is None:
            return _form(request, AddressForm(), "unknown", 404)
        return view(request, token, letter)

    return shown


@opened
@require_safe
def my_data(request: HttpRequest, token: str, letter: Letter) -> HttpResponse:
    """What is known, in short."""
    person = Person(letter.recipient)
    context = _known(person) | {"token": token, "letter": letter}
    return render(request, "events/registration/personal/my_data.html", context)


def _known(person: Person) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    rows = list(person.registrations)
    return {
        "address": person.key,
        "registrations": [
            {
                "event": one.event,
                "when": hours.at_place(one.event, language, one.occurrence).date_text,
                "state": capfirst(str(one.get_state_display())),
                "waits": one.erasure_asked_at is not None,
            }
            for one in rows
        ],
        "answers": sum(one.answers.count() for one in rows),
        "files": copying.uploads(person).count(),  # type: ignore[attr-defined]
        "invitations": person.invitations.count(),
        "offers": person.offers.count(),
        "payments": person.payments.count(),
        "letters": person.letters.count(),
    }


@opened
@require_safe
def copy(request: HttpRequest, token: str, letter: Letter) -> HttpResponseBase:
    """All of it as an archive."""
    if not limits.allowed("data copied", str(letter.uid), COPIES, HOUR):
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    language = get_language() or settings.LANGUAGE_CODE
    archive = copying.archive(Person(letter.recipient), language)
    return FileResponse(archive, as_attachment=True, filename=copying.file_name(), content_type="application/zip")


@opened
def erase(request: HttpRequest, token: str, letter: Letter) -> HttpResponse:
    """Say what erasing does, and do it when that is asked for a second time."""
    person = Person(letter.recipient)
    trouble, status = "", 200
    if request.method == "POST":
        try:
            done = erasing.erase(letter.recipient, letter.language)
        except OperationalError as error:  # what was done is done; the rest is asked for again
            busy.note(error)
            trouble, status = "busy", 503
        else:
            return render(request, "events/registration/personal/erased.html", {"done": done})
    context = {
        "token": token,
        "trouble": trouble,
        "address": person.key,
        "consequences": [_told(one) for one in erasing.consequences(person)],
        "payments": person.payments.exclude(received=0).exists(),
        "years": DataDefaults.current().payment_years,
        "now": timezone.now(),
    }
    response = render(request, "events/registration/personal/erase.html", context, status=status)
    if status == 503:
        response["Retry-After"] = "5"
    return response


def _told(one: erasing.Consequence) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    row, back = one.registration, one.back
    return {
        "event": row.event,
        "when": hours.at_place(row.event, language, row.occurrence).date_text,
        "is_cancelled": one.is_cancelled,
        "back": prices.told(back.amount, back.currency) if back else "",
        "paid": prices.told(back.paid, back.currency) if back else "",
    }
