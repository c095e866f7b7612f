"""Writing to the correspondents of a region: a form that shows nobody's address."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts import languages
from letters.kinds import kind
from letters.models import Letter
from pages import busy, limits
from pages.trilingual import shown

from .correspondents import mandates_for
from .models import Region, RegionPage
from .reviewing import overseers

HOUR = dt.timedelta(hours=1)
FROM_ONE_MACHINE = 20
TO_ONE_REGION = 60
"Messages an hour."


class ContactForm(forms.Form):
    """Who writes, where to answer, what about; ``topic`` is a trap that no person sees."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput({"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The answer goes there."),
        error_messages={"required": _("Write your e-mail address."), "invalid": _("This is no e-mail address.")},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    message = forms.CharField(
        label=_("Your message"),
        max_length=5000,
        error_messages={"required": _("Write what you want to say.")},
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
    )
    consent = forms.BooleanField(
        label=_("My name, my address and this message may be passed on to those who answer for this region."),
        error_messages={"required": _("Without this your message can't be passed on.")},
    )
    topic = forms.CharField(
        label=_("Leave this empty"), required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid.uuid4())

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("topic"))

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if "://" in name or "www." in name.lower():
            raise forms.ValidationError(_("Write your name, without a web address."), code="address")
        return name


def contact(request: HttpRequest, code: str) -> HttpResponse:
    """The form and what it sends; never kept, for it holds a token of its own."""
    region = get_object_or_404(Region, code=code)
    form = ContactForm(request.POST or None)
    if request.method != "POST":
        return _page(request, region, form)
    if form.is_trapped:
        return redirect("region_contact_sent", code)
    if not form.is_valid():
        return _page(request, region, form, status=422)
    try:
        if not _is_allowed(request, region):
            return _page(request, region, form, gettext("Too many messages left from here. Try again in an hour."), 429)
        send(region, form)
    except OperationalError as error:
        busy.note(error)
        return _page(request, region, form, gettext("The site is busy. Nothing is lost: please send it again."), 503)
    return redirect("region_contact_sent", code)


def _is_allowed(request: HttpRequest, region: Region) -> bool:
    machine = limits.client_address(request)
    return limits.allowed("contact from", machine, FROM_ONE_MACHINE, HOUR) and limits.allowed(
        "contact to", region.code, TO_ONE_REGION, HOUR
    )


def send(region: Region, form: ContactForm) -> None:
    """One letter to each correspondent in charge, or to the staff where there is none; a form sent twice, once."""
    told = form.cleaned_data
    people = list({held.person_id: held.person for held in mandates_for(region) if held.person.email}.values())
    said = "\n".join((told["name"], told["email"], told["message"]))
    submission = uuid.uuid5(told["submission"] or uuid.uuid4(), said)  # the form taken up again for other words is new
    with transaction.atomic():
        for person in people or overseers():
            Letter.objects.get_or_create(
                key=f"contact {submission} {person.pk}",
                defaults={
                    "kind": "region_message",
                    "recipient": person.email,
                    "recipient_name": person.get_full_name(),
                    "language": languages.of(person),
                    "facts": {
                        "region": region.code,
                        "name": told["name"],
                        "email": told["email"],
                        "message": told["message"],
                        "language": get_language() or "",
                        "alone": not people,
                    },
                },
            )


@kind("region_message", _("message to a region's correspondents"))
def region_message(letter: Letter) -> dict[str, Any] | None:
    """Somebody writes to you through the page of a region; answering goes to them alone."""
    told = letter.facts
    region = Region.objects.filter(code=told["region"]).first()
    name = shown(region.name).text if region else told["region"]
    lines = [
        gettext("%(name)s writes to the correspondents of the region %(region)s, by the form on its page.")
        % {"name": told["name"], "region": name},
        gettext("Your answer to this letter goes to %(email)s, who does not know your address yet.")
        % {"email": told["email"]},
    ]
    if told["alone"]:
        lines.append(gettext("This region has no correspondent now: the letter comes to the Secretariat."))
    return {
        "subject": gettext("Message for %(region)s") % {"region": name},
        "lines": lines,
        "quote": told["message"],
        "quoted": told["name"],
        "reply_to": told["email"],
    }


def sent(request: HttpRequest, code: str) -> HttpResponse:
    """What everybody reads who sent the form, whatever became of it."""
    region = get_object_or_404(Region, code=code)
    return _unkept(render(request, "regions/contact_sent.html", _about(region)))


def _page(
    request: HttpRequest, region: Region, form: ContactForm, trouble: str = "", status: int = 200
) -> HttpResponse:
    context = _about(region) | {"form": form, "trouble": trouble}
    return _unkept(render(request, "regions/contact.html", context, status=status))


def _about(region: Region) -> dict[str, Any]:
    pages = RegionPage.objects.live().filter(region=region, locale__language_code=get_language())
    return {"region": region, "region_page": pages.first()}


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
