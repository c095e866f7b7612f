"""The payments of one event: the sums, and what needs attention; and the refund of everybody if it is called off."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import Count, F, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from events.calendars import prices
from events.models import Event, Payment, PaymentState
from events.models.payment_refunds import TooMuch
from events.models.refund_reasons import Reason
from pages import busy
from pages.trilingual import shown

from .. import policies
from . import attention, sums
from .forms import WhyForm

NAMED = 20
"Payments named under one reason; the others are in the list."


class EventPaymentsView(WagtailAdminTemplateMixin, TemplateView):
    """The sums of one event with the lists behind them, for whoever sees all payments."""

    template_name = "desk/payments_of_event.html"
    page_title = pgettext_lazy("of an event", "Payments")
    header_icon = "decimal"
    needs = {"view", "change"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.payments.user_has_any_permission(request.user, self.needs):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def event(self) -> Event:
        events = policies.events.instances_user_has_any_permission_for(self.request.user, {"view", "change"})
        found: Event = get_object_or_404(events, uid=self.kwargs["uid"])
        return found

    @cached_property
    def may_decide(self) -> bool:
        return policies.payments.user_has_permission(self.request.user, "change")

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": f"{reverse('payments:index')}?event={self.event.pk}", "label": _("Payments")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "columns": sums.columns(),
            "tables": sums.tables(self.event, linked=True),
            "troubles": troubles(self.event),
            "list_url": f"{reverse('payments:index')}?event={self.event.pk}",
            "figures_url": reverse("registrations:figures", args=[self.event.uid]),
            "everybody_url": reverse("payments:everybody", args=[self.event.uid])
            if self.may_decide and self.event.status in Event.CALLED_OFF
            else "",
        }


def troubles(event: Event) -> list[tuple[str, list[tuple[str, str]]]]:
    """By the reason: whose payment, and the way there."""
    found = []
    for name, (why, _which) in attention.WHY.items():
        rows = attention.needing_attention(name).filter(event=event).order_by("pk")[:NAMED]
        told = [
            (
                f"{row.payer_name}, {prices.told(row.received or row.amount, row.money)}",
                reverse("payments:inspect", args=[row.pk]),
            )
            for row in rows
        ]
        if told:
            found.append((str(why), told))
    return found


def to_refund(event: Event) -> QuerySet[Payment]:
    """Payments of which something can still go back; those that are looked at are decided one by one."""
    return Payment.objects.filter(event=event, state=PaymentState.PAID, received__gt=F("claimed")).order_by("pk")


class EverybodyView(EventPaymentsView):
    """The event is called off: all that was paid and is still here goes back, at one click.

    Each refund is a short transaction of its own. What was stopped half way goes on when it is
    sent again, and sent twice nothing goes back twice: only what is left of a payment is asked for.
    """

    template_name = "desk/refund_everybody.html"
    page_title = gettext_lazy("Refund everybody")
    needs = {"change"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = to_refund(self.event).order_by().values("received_currency")
        counted = left.annotate(people=Count("pk"), whole=Sum(F("received") - F("claimed"))).order_by(
            "received_currency"
        )
        lots = [
            ngettext("%(amount)s of %(count)d payment", "%(amount)s of %(count)d payments", row["people"])
            % {"amount": prices.told(row["whole"], row["received_currency"]), "count": row["people"]}
            for row in counted
        ]
        reviews = Payment.objects.filter(event=self.event, state=PaymentState.REVIEW).count()
        return super().get_context_data(**kwargs) | {
            "is_called_off": self.event.status in Event.CALLED_OFF,
            "lots": lots,
            "reviews": reviews,
            "review_url": f"{reverse('payments:index')}?event={self.event.pk}&where=review",
            "form": kwargs.get("form") or WhyForm("everybody"),
            "back_url": reverse("payments:event", args=[self.event.uid]),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WhyForm("everybody", request.POST)
        if self.event.status not in Event.CALLED_OFF or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        asked, busy_ones = refund_everybody(self.event, request.user, form.why)
        if asked:
            text = ngettext("%(count)d refund is asked for.", "%(count)d refunds are asked for.", asked)
            messages.success(request, text % {"count": asked})
        elif not busy_ones:
            messages.info(request, _("That had been done already: nothing has changed."))
        if busy_ones:
            text = ngettext(
                "%(count)d payment was busy: send it once more.",
                "%(count)d payments were busy: send it once more.",
                busy_ones,
            )
            messages.warning(request, text % {"count": busy_ones})
            return HttpResponseRedirect(request.get_full_path(), status=303)
        return HttpResponseRedirect(reverse("payments:event", args=[self.event.uid]), status=303)


def refund_everybody(event: Event, by: Any, why: str) -> tuple[int, int]:
    """Ask back what is left of each payment; how many were asked for, and how many could not be reached."""
    asked = busy_ones = 0
    for payment in to_refund(event):
        try:
            made = payment.ask_refund(payment.rest, Reason.EVENT, by=by, why=why, letter=True)
        except TooMuch:  # somebody else was first
            continue
        except OperationalError as error:  # a lock was not had in time; nothing was written
            busy.note(error)
            busy_ones += 1
            continue
        asked += made is not None
    return asked, busy_ones
