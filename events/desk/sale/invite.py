"""Inviting people to an event: a list of addresses is pasted, and each gets a letter with a link of their own."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import log

from events.models import Event, Invitation, Ticket
from events.models.fields import WallClockFormField
from events.models.seats import Full
from events.registration.inviting import Guest, Inviting, read

from ..on_event import NAMES, OnEvent, edit_url
from .invitations import BY_DATE, TicketField, lacking

MOST = 1000
"Addresses taken at once."
NAMED = 20
"Lines named one by one; the others are counted, and stay in the field."


class InviteForm(forms.Form):
    """Whom, in which language, until when, and what the letter says."""

    people = forms.CharField(
        label=gettext_lazy("People"),
        widget=forms.Textarea({"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("One a line: name@example.org, or Awa Diallo <awa@example.org>."),
        error_messages={"required": gettext_lazy("Write one address at least.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letters"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    ticket = TicketField(
        label=gettext_lazy("Ticket"),
        queryset=Ticket.objects.none(),
        required=False,
        help_text=gettext_lazy("Left empty: each chooses among those there are."),
    )
    until = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=AdminDateInput,
        help_text=gettext_lazy("That day included, on the clock of the event. Left empty: until registration closes."),
    )
    keeps_seats = forms.BooleanField(
        label=gettext_lazy("Keep a seat for each"),
        required=False,
        help_text=gettext_lazy("It counts as taken until the person answers, or the invitation ends."),
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject of the letter"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Left empty: the usual one."),
    )
    text = forms.CharField(
        label=gettext_lazy("Your words"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy(
            "In the language of the letters. Left empty: the usual text. Greeting, date, place and the button come by "
            "themselves."
        ),
    )

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        self.event = event
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", get_language())
        if event.tickets.exists():
            self.fields["ticket"].queryset = event.tickets.all()  # type: ignore[attr-defined]
        else:
            del self.fields["ticket"]
        if event.by_date:
            self.fields["keeps_seats"].disabled = True
            self.fields["keeps_seats"].help_text = BY_DATE
        self.guests: list[Guest] = []

    def clean_people(self) -> str:
        text: str = self.cleaned_data["people"]
        self.guests = read(text)
        if not self.guests:
            raise ValidationError(_("Write one address at least."), code="required")
        if len(self.guests) > MOST:
            raise ValidationError(_("At most %(most)d people at once.") % {"most": MOST}, code="most")
        return text

    def clean_until(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["until"]
        if day is not None and day.year not in WallClockFormField.years:
            raise ValidationError(self.fields["until"].error_messages["invalid"], code="invalid")
        if day is not None and self._end_of(day) <= timezone.now():
            raise ValidationError(_("This day has passed."), code="past")
        return day

    def _end_of(self, day: dt.date) -> dt.datetime:
        """The last instant of a day on the clock of the event."""
        return dt.datetime.combine(day, dt.time(23, 59), ZoneInfo(self.event.timezone)).astimezone(dt.UTC)

    @property
    def inviting(self) -> Inviting:
        data = self.cleaned_data
        words = {name: data[name].strip() for name in ("subject", "text") if data[name].strip()}
        return Inviting(
            self.event,
            ticket=data.get("ticket"),
            language=data["language"],
            expires_at=self._end_of(data["until"]) if data["until"] else None,
            keeps_seats=data["keeps_seats"],
            words=words,
        )


class InviteView(OnEvent):
    """Who can be invited is, at once; the lines that could not be come back with the reason. Sent twice it is once."""

    template_name = "desk/invite_people.html"
    header_icon = "mail"
    needs = "change"
    page_title = gettext_lazy("Invite people")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("events.add_invitation"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def hindrance(self) -> str:
        """Why nobody can be invited now."""
        event = self.event
        if not event.live:
            return _("Publish the event first: the letter leads to its registration.")
        if event.registration != Event.RegistrationMode.HERE:
            return _("One does not register on this site for this event.")
        if event.status in event.CALLED_OFF:
            return _("The event does not take place.")
        return _("The event is over.") if event.is_over else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=InviteForm(self.event)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = InviteForm(self.event, request.POST)
        if self.hindrance or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        outcome = form.inviting.invite(form.guests)
        if outcome.invited:
            log(self.event, "events.invite", user=request.user, data={"count": outcome.invited})
            said = ngettext(
                "%(count)d person is invited; the letter leaves in a moment.",
                "%(count)d people are invited; the letters leave in a moment.",
                outcome.invited,
            )
            messages.success(request, said % {"count": outcome.invited})
        if not outcome.left:
            return HttpResponseRedirect(reverse(f"{NAMES}:invited", args=[self.event.pk]), status=303)
        return self.left(form, outcome.left, outcome.full)

    def left(self, form: InviteForm, lines: list[Guest], full: Full | None) -> HttpResponse:
        """The form again, with the lines that were left alone: nothing that was typed is lost."""
        again = form.data.copy()  # type: ignore[attr-defined]
        again["people"] = "\n".join(guest.typed for guest in lines)
        form = InviteForm(self.event, again)
        form.is_valid()
        form.errors.pop("people", None)
        for guest in [one for one in lines if one.trouble][:NAMED]:
            sentence = _("Line %(number)d, “%(typed)s”, %(trouble)s.")
            form.add_error(
                "people", sentence % {"number": guest.number, "typed": guest.typed, "trouble": guest.trouble}
            )
        more = sum(bool(one.trouble) for one in lines) - NAMED
        if more > 0:
            form.add_error("people", ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more})
        if full is not None:
            form.add_error("keeps_seats", lacking(Invitation(event=self.event), full))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "hindrance": self.hindrance,
            "media": form.media,
            "list_url": reverse(f"{NAMES}:invited", args=[self.event.pk]),
            "back_url": edit_url(self.event),
        }
