"""Tickets taken over from another event: the same categories, their sale moved to the new dates."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from events.calendars.days import long_date
from events.models import Event, SeatPool, Ticket
from pages.trilingual import shown

from ..on_event import OnEvent, edit_url
from ..refusal import reason
from .tickets import price, sale


class SourceField(forms.ModelChoiceField):
    """Events by their title and dates."""

    def label_from_instance(self, event: Any) -> str:
        return f"{shown(event.title).text} ({long_date(event.start_local.date(), get_language() or 'fr')})"


class SourceForm(forms.Form):
    """From which event; only those that one sees and that have tickets."""

    source = SourceField(label=gettext_lazy("From which event"), queryset=Event.objects.none())

    def __init__(self, sources: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]


class TicketTakeoverView(OnEvent):
    """A GET chooses the event and shows its tickets, a POST copies those that are ticked; twice is once."""

    template_name = "desk/ticket_takeover.html"
    header_icon = "tag"
    needs = "change"
    page_title = gettext_lazy("Take over tickets from another event")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perms(["events.view_ticket", "events.add_ticket"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def sources(self) -> Any:
        mine = policy_registry.get_by_type(Event).instances_user_has_any_permission_for(
            self.request.user, {"view", "change"}
        )
        having = Ticket.objects.values("event")
        return mine.filter(pk__in=having).exclude(pk=self.event.pk).order_by("-starts_at", "-pk")

    @cached_property
    def form(self) -> SourceForm:
        asked = self.request.GET if "source" in self.request.GET else None
        return SourceForm(self.sources, asked)

    @property
    def source(self) -> Event | None:
        return self.form.cleaned_data["source"] if self.form.is_bound and self.form.is_valid() else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        source = self.source
        if source is None:
            return self.render_to_response(self.get_context_data(), status=422)
        ticked = [pk for pk in request.POST.getlist("ticket") if pk.isdecimal() and len(pk) < 19]
        tickets = list(source.tickets.filter(pk__in=ticked))
        if not tickets:
            messages.error(request, _("No ticket is ticked: nothing was taken over."))
            return self.render_to_response(self.get_context_data(), status=422)
        try:
            self.tell(*take_over(self.event, tickets, request.user))
        except ValidationError as refused:  # a price in another currency than the prices that the event has
            messages.error(request, _("Nothing was taken over. %(reason)s") % {"reason": reason(refused)})
            return self.render_to_response(self.get_context_data(), status=422)
        return HttpResponseRedirect(f"{reverse('tickets:index')}?event={self.event.pk}", status=303)

    def tell(self, made: list[Ticket], there: list[Ticket]) -> None:
        """What was taken over, and what was there already."""
        if made:
            said = ngettext("%(count)d ticket is taken over.", "%(count)d tickets are taken over.", len(made))
            messages.success(self.request, said % {"count": len(made)})
        if there:
            names = ", ".join(f"{shown(ticket.name).text} ({ticket.code})" for ticket in there)
            messages.warning(
                self.request,
                _("Left as they are, because this event has tickets with these codes already: %(names)s")
                % {"names": names},
            )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = self.source
        has = set(self.event.tickets.values_list("code", flat=True))
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "form": self.form,
            "source": source,
            "tickets": [
                {"ticket": ticket, "price": price(copied), "sale": sale(copied), "there": ticket.code in has}
                for ticket in (source.tickets.select_related("event") if source else [])
                if (copied := ticket.copied_to(self.event))
            ],
            "none": not self.form.is_bound and not self.sources.exists(),
            "back_url": edit_url(self.event),
        }


def take_over(event: Event, tickets: list[Ticket], by: Any) -> tuple[list[Ticket], list[Ticket]]:
    """Copy tickets to an event, in one transaction; those made, and those whose code it has already."""
    made, there = [], []
    with transaction.atomic():
        SeatPool.objects.hold(event.pk)  # nobody else gives it tickets meanwhile
        has = set(event.tickets.values_list("code", flat=True))
        for ticket in tickets:
            if ticket.code in has:
                there.append(ticket)
                continue
            copied = ticket.copied_to(event)
            copied.save()
            log(copied, "wagtail.create", user=by)
            made.append(copied)
    return made, there
