"""A ticket is checked in the admin: what its code says, and how the registration stands now."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from events.models import DataAccess, Registration
from events.models.registration_states import State
from events.registration.documents import signing, ticket
from pages.trilingual import shown

from .. import policies
from ..registrations.dates import date_of


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of the ticket"),
        max_length=2 * signing.LONGEST,
        help_text=gettext_lazy("Scan it with a hand scanner, which types it here."),
        error_messages={"required": gettext_lazy("Scan or paste the code of a ticket.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )


@dataclass(frozen=True)
class Verdict:
    """What became of a code: how it is shown, a word, a sentence, and what is known of the registration."""

    kind: str
    "good, wait or bad."
    word: str
    sentence: str
    name: str = ""
    registration: Registration | None = None
    changes: tuple[str, ...] = ()
    "What the ticket says and is no longer so."


class CheckView(WagtailAdminTemplateMixin, FormView):
    """For whoever sees registrations. The code is sent in a form, so that no name stands in an address."""

    form_class = CodeForm
    template_name = "desk/ticket_check.html"
    page_title = gettext_lazy("Check a ticket")
    header_icon = "tick-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.registrations.user_has_any_permission(request.user, {"view", "change"}):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        verdict = judged(form.cleaned_data["code"], self.request.user)
        return self.render_to_response(self.get_context_data(form=CodeForm(), verdict=verdict))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("registrations:index"), "label": _("Registrations")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        media = Media(css={"all": ["desk/registrations.css", "desk/documents.css"]}, js=["desk/ticket_check.js"])
        return super().get_context_data(**kwargs) | {"media": media}


def judged(code: str, user: Any) -> Verdict:
    """What a code is worth now, to a reader who may see its registration; that they looked is noted."""
    try:
        claim = signing.verify(code)
    except signing.Damaged:
        return Verdict("bad", _("Not readable"), _("This is no whole ticket of ours. Scan it once more."))
    except signing.Forged:
        return Verdict("bad", _("Not genuine"), _("We have not made this ticket, or somebody has changed it."))
    seen = policies.registrations.instances_user_has_any_permission_for(user, {"view", "change"})
    found = seen.filter(uid=claim.registration).select_related("event", "ticket", "occurrence").first()
    if found is None:
        sentence = _("We have made this ticket, but you may not see the registration, or it has been deleted.")
        return Verdict("wait", _("Genuine, of somebody else’s event"), sentence)
    DataAccess.objects.note(user, DataAccess.What.PERSON, registration=found, by="ticket")
    why = ticket.why_none(found)
    if why in ("", "online", "over"):
        known = {"event": shown(found.event.title).text, "state": capfirst(found.get_state_display())}
        sentence = _("%(state)s for %(event)s.") % known
        changes = tuple(_changes(claim, found, why))
        return Verdict("wait" if changes else "good", _("Valid now"), sentence, found.name, found, changes)
    return Verdict("bad", _("No longer valid"), _reason(found, why), found.name, found)


def _reason(registration: Registration, why: str) -> str:
    if why == "passed_on":
        return _("The place was passed on to somebody else, who has a ticket of their own.")
    if why == "off":
        return _("The event or its date is called off.")
    return _("The registration stands at: %(state)s.") % {"state": registration.get_state_display()}


def _changes(claim: signing.Claim, now: Registration, why: str) -> Any:
    """What is different since the ticket was made."""
    current = ticket.claim(now)
    if why == "over":
        yield _("What it is for is over.")
    if why == "online":
        yield _("This person takes part online.")
    if claim.event != current.event or claim.original != current.original:
        yield _("It was made for another date; now: %(date)s.") % {"date": date_of(now)}
    if claim.ticket != current.ticket:
        yield _("It was made for another ticket; now: %(ticket)s.") % {
            "ticket": shown(now.ticket.name).text if now.ticket else "—"
        }
    if claim.name != signing.short(current.name):
        yield _("It was made for another name.")
    if claim.edition < current.edition and now.state == State.CONFIRMED:
        yield _("It was made before the person asked for a new link: ask who it is.")
