"""Verifying a certificate: whoever has a number reads what became of it, and nothing else is told.

Nothing is listed, no number can be guessed (30 to the power of 12) and one machine asks only so often.
"""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from events.calendars import rows
from events.models import Certificate
from events.models.certificate import is_number, number_of
from pages import limits

from ..discreet import unkept
from ..person_form import OneLineField
from .certificate import Said

OFTEN, WITHIN = 300, dt.timedelta(hours=1)
"Numbers an hour from one machine: who has a pile of them in hand goes through it without trouble."


class NumberForm(forms.Form):
    """A number as somebody types it from paper."""

    number = OneLineField(
        label=_("Number of the certificate"),
        max_length=100,
        help_text=_("Twelve letters and digits, at the foot of the certificate; with dashes or without, as you like."),
        error_messages={"required": _("Write the number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        number = number_of(self.cleaned_data["number"])
        if not is_number(number):
            raise forms.ValidationError(
                _("This is not a whole number: it has twelve letters and digits, such as 2345-ABCD-6789."),
                code="number",
            )
        return number


@unkept
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The form; what is typed leads to the page of its number."""
    if "number" not in request.GET:
        return _shown(request, NumberForm())
    form = NumberForm(request.GET)
    if not form.is_valid():
        return _shown(request, form, 422)
    return redirect("certificate_verified", form.cleaned_data["number"])


@unkept
@require_safe
def verified(request: HttpRequest, number: str) -> HttpResponse:
    """What became of one number: it stands, was revoked, is nobody's any more, or was never given."""
    if not limits.allowed("certificates verified", limits.client_address(request), OFTEN, WITHIN):
        response = _shown(request, NumberForm(initial={"number": number[:40]}), 429, outcome="often")
        response["Retry-After"] = str(int(WITHIN.total_seconds()))
        return response
    asked = number_of(number)
    found = Certificate.objects.filter(number=asked).select_related("event").prefetch_related("event__regions").first()
    if found is None:
        told = asked if is_number(asked) else number[:40]
        return _shown(request, NumberForm(initial={"number": told}), 404, outcome="unknown", asked=told)
    event, language = found.event, get_language() or settings.LANGUAGE_CODE
    return _shown(
        request,
        NumberForm(),
        outcome="revoked" if not found.is_standing else "nameless" if found.is_nameless else "good",
        said=Said(found),
        event=event,
        event_url=rows.addresses([event], language, request).get(event.pk, "") if event.live else "",
    )


def _shown(request: HttpRequest, form: NumberForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "outcome": ""} | more
    return render(request, "events/registration/documents/certificate_check.html", context, status=status)
