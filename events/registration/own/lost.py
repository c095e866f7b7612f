"""Lost links: sent again to their address, or replaced by a new one."""

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from events.models import Registration
from events.models.registration import address_key
from letters.models import Letter
from pages import limits

from ..discreet import personal, unkept
from .forms import AddressForm
from .opened import own_page

HOUR = dt.timedelta(hours=1)
LINKS_SENT = 3
"Times an hour that the links of one address are sent again."
ASKED_FROM_ONE_MACHINE = 300
"Times an hour that links are asked for from one network address."


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
