"""The certificate of attendance: what it says in the reader's language, on one's own page and as a PDF.

All of it was frozen when it was issued: a meeting that is renamed or moved afterwards, and a
participant who changes their name, leave the paper as it is.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from babel.lists import format_list
from babel.units import format_unit
from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, override, pgettext
from django.views.decorators.http import require_safe
from i18nfield.strings import LazyI18nString

from events.calendars import days, hours, rows
from events.calendars.zone_names import locale
from events.models import Certificate, Event, Issuer, Registration
from pages import limits, pdf
from pages.trilingual import shown
from regions import countries

from ..letters.body import hours_told
from ..own.opened import own_page
from . import qr

DRAWN, WITHIN = 30, dt.timedelta(hours=1)
"So many PDFs one person may have drawn; who wants more prints the page."
LONG, LONGER = 24, 44
"Signs from which on a name is written smaller, and smaller again, so that the sheet stays one."
LONG_TITLE, LONGER_TITLE = 70, 150


@dataclass(frozen=True)
class Said:
    """One certificate in the active language."""

    certificate: Certificate

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def number(self) -> str:
        return self.certificate.number

    # -- who

    @property
    def name(self) -> str:
        return str(self.certificate.facts.get("person", {}).get("name", ""))

    @property
    def latin_name(self) -> str:
        """In Latin letters, where the name itself is in others."""
        told = str(self.certificate.facts.get("person", {}).get("latin_name", ""))
        return "" if told == self.name else told

    @property
    def is_online(self) -> bool:
        return bool(self.certificate.facts.get("attendance") == "online")

    # -- what, when and where

    @property
    def event(self) -> dict[str, Any]:
        told: dict[str, Any] = self.certificate.facts["event"]
        return told

    @property
    def title(self) -> LazyI18nString:
        return LazyI18nString(self.event["title"])

    @property
    def theme(self) -> LazyI18nString:
        return LazyI18nString(self.event.get("theme") or {})

    @cached_property
    def when(self) -> hours.Hours:
        return hours_told(self.event, self.language)

    @cached_property
    def day(self) -> days.Day:
        first, last = (dt.datetime.fromisoformat(self.event[name]) for name in ("start_local", "end_local"))
        return days.day(first, last, self.event["all_day"], self.language)

    @property
    def month(self) -> str:
        """Month and year, as they stand behind the days: "mai 2023", "mayo de 2023"."""
        told: str = format_skeleton("yMMMM", self.day.start, locale=locale(self.language))
        return told

    @property
    def dates(self) -> int:
        """How many dates a series had, for who registered for all of it; else 1."""
        return int(self.certificate.facts.get("dates", 1))

    @property
    def lasted(self) -> str:
        """How long a date of a series was: "1 hour, 30 minutes"; empty for a meeting, which has its breaks."""
        if not self.certificate.facts.get("dated") or self.event["all_day"]:
            return ""
        ends, begins = (dt.datetime.fromisoformat(self.event[name]) for name in ("ends_at", "starts_at"))
        whole, minutes = divmod(round((ends - begins).total_seconds() / 60), 60)
        told = ((whole, "duration-hour"), (minutes, "duration-minute"))
        spoken = locale(self.language)
        return format_list([format_unit(many, unit, locale=spoken) for many, unit in told if many], "unit", spoken)

    @property
    def venue(self) -> LazyI18nString:
        return LazyI18nString(self.event.get("venue") or {})

    @property
    def city(self) -> LazyI18nString:
        return LazyI18nString(self.event.get("city") or {})

    @property
    def country(self) -> str:
        return countries.name(self.event["country"], self.language) if self.event.get("country") else ""

    @property
    def is_somewhere(self) -> bool:
        """Whether there was a place: not at a meeting that was online alone."""
        return self.event["format"] != Event.Format.ONLINE

    # -- by whom, when, and where it is verified

    @property
    def issuer(self) -> str:
        return self.certificate.facts.get("issuer") or Issuer().called

    @property
    def issued_on(self) -> str:
        return self._day_of(self.certificate.issued_at)

    @property
    def revoked_on(self) -> str:
        return self._day_of(self.certificate.revoked_at) if self.certificate.revoked_at else ""

    def _day_of(self, at: dt.datetime) -> str:
        return hours.day_of(at.astimezone(ZoneInfo(self.event["timezone"])).date(), self.language)

    @property
    def verified_at(self) -> str:
        """The address that its QR code leads to."""
        return settings.SITE_URL + reverse("certificate_verified", args=[self.number])

    @property
    def verified_at_told(self) -> str:
        """The same as it is read and typed from paper."""
        return self.verified_at.partition("://")[2]

    # -- on paper

    @property
    def code(self) -> SafeString:
        return qr.drawn(self.verified_at, gettext("QR code: leads to the page that verifies this certificate"))

    @property
    def soil(self) -> str:
        return rows.soil(self.certificate.event)

    @property
    def other_script(self) -> bool:
        """Whether the name has letters that the site's own fonts have not."""
        return not pdf.is_ours(self.name)

    @property
    def other_latin(self) -> bool:
        return not pdf.is_ours(self.latin_name)

    @property
    def title_size(self) -> str:
        length = len(shown(self.title).text)
        return "longer" if length > LONGER_TITLE else "long" if length > LONG_TITLE else ""

    @property
    def name_size(self) -> str:
        length = max(len(self.name), len(self.latin_name) // 2)
        return "longer" if length > LONGER else "long" if length > LONG else ""


def drawn(certificate: Certificate, language: str) -> bytes:
    """The sheet as a PDF in a language; never inside a transaction.

    Raises:
        pdf.Unavailable: it says why in the log.
    """
    with override(language):
        html = render_to_string("events/registration/documents/certificate_pdf.html", {"said": Said(certificate)})
    return pdf.drawn(html)


def file_name(certificate: Certificate, language: str) -> str:
    with override(language):
        name = pgettext("name of a file", "certificate")
    return f"{name}-{certificate.number}.pdf"


def of(registration: Registration) -> Certificate | None:
    """The certificate that stands, else the last one that was revoked; none once the person is no longer known."""
    mine = Certificate.objects.filter(registration=registration).select_related("event")
    found = mine.order_by(F("revoked_at").desc(nulls_first=True), "-pk").first()
    return None if found is None or found.is_nameless else found


def on_own_page(registration: Registration) -> dict[str, Any]:
    """What the participant's page tells of it, in the page's language."""
    found = of(registration)
    is_drawn = found is not None and found.is_standing and pdf.is_available()
    return {"certificate": Said(found) if found else None, "certificate_pdf": is_drawn}


@own_page
@require_safe
def page(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """The certificate to read and to print; or that there is none, or no longer one that stands."""
    return _page(request, token, registration)


def _page(request: HttpRequest, token: str, registration: Registration, **more: Any) -> HttpResponse:
    found = of(registration)
    context = {
        "token": token,
        "registration": registration,
        "said": Said(found) if found else None,
        "has_pdf": pdf.is_available(),
        "languages": [(code, name) for code, name in settings.LANGUAGES if code != get_language()],
    }
    status = 429 if more else 200 if found and found.is_standing else 404
    return render(request, "events/registration/documents/certificate.html", context | more, status=status)


@own_page
@require_safe
def document(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """The same as a PDF, in the language of the page; where none can be drawn the page, which prints itself."""
    found = of(registration)
    if found is None or not found.is_standing or not pdf.is_available():
        return redirect("participant_certificate", token)
    if not limits.allowed("certificates drawn", str(registration.uid), DRAWN, WITHIN):
        return _page(request, token, registration, too_many=True)
    language = get_language() or settings.LANGUAGE_CODE
    try:
        return as_file(found, language)
    except pdf.Unavailable:
        return redirect("participant_certificate", token)


def as_file(certificate: Certificate, language: str) -> HttpResponse:
    """The PDF to download, never kept by a cache.

    Raises:
        pdf.Unavailable: it says why in the log.
    """
    response = HttpResponse(drawn(certificate, language), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(certificate, language)}"'
    response["Cache-Control"] = "no-store, private"
    return response
