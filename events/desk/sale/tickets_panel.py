"""On the form of an event: its tickets, which are rows of their own and are saved by themselves."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from events.models import SeatPool
from pages.trilingual import shown

from ..on_event import NAMES
from .tickets import price, sale, taken_of_tickets


class TicketsPanel(Panel):
    """What is sold for an event, with the seats taken; each leads to its own form."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/tickets_panel.html"

        def is_shown(self) -> bool:
            return bool(self.request and self.request.user.has_perm("events.view_ticket"))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            event = self.instance
            if not event.pk:
                return context | {"saved": False}
            taken = taken_of_tickets(SeatPool.objects.filter(event=event))
            return context | {
                "saved": True,
                "may_add": self.request.user.has_perm("events.add_ticket"),
                "add_url": f"{reverse('tickets:add')}?event={event.pk}",
                "takeover_url": reverse(f"{NAMES}:ticket_takeover", args=[event.pk]),
                "tickets": [
                    {
                        "name": shown(ticket.name),
                        "audience": ticket.get_audience_display(),
                        "sale": sale(ticket),
                        "price": price(ticket),
                        "taken": taken[ticket.pool_key],
                        "quota": "∞" if ticket.quota is None else ticket.quota,
                        "url": reverse("tickets:edit", args=[ticket.pk]),
                    }
                    for ticket in event.tickets.all()
                ],
            }
