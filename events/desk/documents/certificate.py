"""One certificate in the admin: what it says and what became of it; revoked, corrected, as a sheet; and all numbers."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import log

from events.models import Certificate, DataAccess
from events.models.certificate import NotYet, Same, number_of
from events.models.conduct import CORRECTED
from events.registration.documents.certificate import Said, as_file
from events.registration.person_form import OneLineField, validate_name
from pages import busy, pdf
from pages.trilingual import shown

from ..registrations.decisions import LONGEST
from ..spreadsheet import csv_response
from .certificates import CertificatesView, OfCertificates


class RevokeForm(forms.Form):
    """Why it no longer stands."""

    reason = OneLineField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST,
        help_text=gettext_lazy("For the staff only, in the history: the public page tells since when, not why."),
        error_messages={"required": gettext_lazy("Say why.")},
    )


class CorrectForm(forms.Form):
    """The name as it should stand on the new one."""

    name = OneLineField(label=gettext_lazy("Name"), max_length=200, validators=[validate_name])
    latin_name = OneLineField(
        label=gettext_lazy("Name in Latin letters"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("If the name is written in other letters."),
    )


class OneCertificateView(OfCertificates):
    """What one certificate says, and what can be done about it; the staff alone do it."""

    template_name = "desk/certificate.html"
    page_title = gettext_lazy("Certificate of attendance")

    @cached_property
    def certificate(self) -> Certificate:
        rows = Certificate.objects.select_related("event", "registration", "issued_by", "revoked_by")
        found: Certificate = get_object_or_404(rows, number=number_of(self.kwargs["certificate"]))
        return found

    def asked_for(self) -> dict[str, Any]:
        return {"pk": self.certificate.event_id}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        url = reverse("certificates:list", args=[self.event.uid])
        return [
            *items[:-1],
            {"url": url, "label": CertificatesView.page_title},
            {"url": "", "label": self.certificate.number},
        ]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        self.note()  # whenever the page is shown: also where a form comes back
        return super().render_to_response(context, **kwargs)

    def note(self, **details: Any) -> None:
        """That somebody looks at it; not where nobody's data are left."""
        if not self.certificate.is_nameless:
            DataAccess.objects.note(
                self.request.user,
                DataAccess.What.CERTIFICATES,
                registration=self.certificate.registration,
                number=self.certificate.number,
                **details,
            )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one, person = self.certificate, self.certificate.registration
        names = {"name": person.name, "latin_name": person.latin_name}
        known = person.erased_at is None and person.is_confirmed and not one.is_nameless
        decides = self.may_issue and one.is_standing
        return super().get_context_data(**kwargs) | {
            "certificate": one,
            "said": Said(one),
            "language": dict(settings.LANGUAGES)[one.language],
            "issued_by": get_user_display_name(one.issued_by) if one.issued_by else "",
            "revoked_by": get_user_display_name(one.revoked_by) if one.revoked_by else "",
            "why": _(one.why) if one.why else "",  # what the product says itself is told in the reader's language
            "person_url": "" if one.is_nameless else reverse("registrations:inspect", args=[person.pk]),
            "public_url": Said(one).verified_at,
            "has_pdf": pdf.is_available() and not one.is_nameless,
            "revoke": (kwargs.get("revoke") or RevokeForm(auto_id="revoke_%s")) if decides else None,
            "correct": (kwargs.get("correct") or CorrectForm(initial=names, auto_id="correct_%s"))
            if decides and known
            else None,
            "back_url": reverse("certificates:list", args=[self.event.uid]),
        }

    # -- what is done

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_issue:
            raise PermissionDenied
        try:
            return self.corrected() if "correct" in request.POST else self.revoked()
        except OperationalError as error:  # a lock was not had in time; nothing was written
            busy.note(error)
            messages.error(request, _("Many people are at work at once. Nothing is lost: please send it again."))
            return HttpResponseRedirect(request.get_full_path(), status=303)

    def revoked(self) -> HttpResponse:
        form = RevokeForm(self.request.POST, auto_id="revoke_%s")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(revoke=form), status=422)
        user: Any = self.request.user
        if self.certificate.revoke(user, form.cleaned_data["reason"]):
            log(self.event, "events.revoke_certificate", user=user, data={"number": self.certificate.number})
            messages.success(self.request, _("The certificate is revoked: its public page says so."))
        else:
            messages.info(self.request, _("That had been done already: nothing has changed."))
        return HttpResponseRedirect(self.request.get_full_path(), status=303)

    def corrected(self) -> HttpResponse:
        form = CorrectForm(self.request.POST, auto_id="correct_%s")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(correct=form), status=422)
        user: Any = self.request.user
        try:
            made = self.certificate.correct(user, CORRECTED, **form.cleaned_data)
        except Same:
            form.add_error("name", _("The certificate says this name already: nothing was changed."))
            return self.render_to_response(self.get_context_data(correct=form), status=422)
        except NotYet:
            made = None
        if made is None:
            messages.info(self.request, _("That had been done already: nothing has changed."))
            return HttpResponseRedirect(self.request.get_full_path(), status=303)
        data = {"number": self.certificate.number, "new": made.number}
        log(self.event, "events.correct_certificate", user=user, data=data)
        messages.success(self.request, _("A new certificate is issued in its place; a letter tells of it."))
        return HttpResponseRedirect(reverse("certificates:one", args=[made.number]), status=303)


class SheetView(OneCertificateView):
    """The PDF, in the person's language; a revoked one is given to nobody."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        one = self.certificate
        trouble = ""
        if one.is_nameless or not one.is_standing:
            trouble = _("It no longer stands, or nobody knows any more to whom it was issued: there is no sheet of it.")
        else:
            self.note(file="pdf")
            try:
                return as_file(one, one.language)
            except pdf.Unavailable:
                trouble = _("The sheet could not be drawn now: try again, or ask whoever runs the site.")
        messages.error(request, trouble)
        return HttpResponseRedirect(reverse("certificates:one", args=[one.number]), status=303)


class NumbersView(OfCertificates):
    """A file of all numbers of the event, those revoked too."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        rows = Certificate.objects.filter(event=self.event).order_by("pk")
        rows = rows.select_related("event", "registration", "issued_by__wagtail_userprofile")
        user: Any = request.user
        people = rows.count()
        DataAccess.objects.note(user, DataAccess.What.EXPORT, event=self.event, people=people, of="certificates")
        log(self.event, "events.export_certificates", user=user, data={"people": people})
        about = slugify(shown(self.event.title, "en").text)[:60]
        name = "-".join(filter(None, ["certificates", about, f"{timezone.now():%Y-%m-%d}"]))
        return csv_response(name, HEADINGS, rows, _cells)


HEADINGS = [
    gettext_lazy("Number"),
    gettext_lazy("Name"),
    gettext_lazy("Name in Latin letters"),
    gettext_lazy("E-mail"),
    gettext_lazy("Begins, at the place"),
    gettext_lazy("Issued (UTC)"),
    gettext_lazy("Issued by"),
    gettext_lazy("Revoked (UTC)"),
    gettext_lazy("Verified at"),
]


def _cells(one: Certificate) -> list[Any]:
    said = Said(one)
    with override(one.language):
        address = said.verified_at
    return [
        one.number,
        said.name,
        said.latin_name,
        "" if one.is_nameless else one.registration.email,
        said.event["start_local"].replace("T", " "),
        one.issued_at,
        get_user_display_name(one.issued_by) if one.issued_by else "",
        one.revoked_at,
        address,
    ]


def log_actions(registry: Any) -> None:
    """How the log calls what is done here."""
    for name, label, message in (
        ("issue_certificates", gettext_lazy("Issue certificates"), gettext_lazy("Certificates issued")),
        ("revoke_certificate", gettext_lazy("Revoke a certificate"), gettext_lazy("Certificate revoked")),
        ("correct_certificate", gettext_lazy("Correct a certificate"), gettext_lazy("Certificate corrected")),
        ("export_certificates", gettext_lazy("Download certificate numbers"), gettext_lazy("Numbers downloaded")),
    ):
        registry.register_action(f"events.{name}", label, message)


app_name = "certificates"
urlpatterns = [
    path("<uuid:uid>/", CertificatesView.as_view(), name="list"),
    path("<uuid:uid>/numbers/", NumbersView.as_view(), name="numbers"),
    path("<str:certificate>/one/", OneCertificateView.as_view(), name="one"),
    path("<str:certificate>/sheet/", SheetView.as_view(), name="sheet"),
]
