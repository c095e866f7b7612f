"""One payment: where it stands, all that became of it, and what can be decided about it."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from wagtail.admin.views import generic

from events.calendars import prices
from events.models import Payment, PaymentState, Registration
from events.registration.letters.body import moment_told
from pages.trilingual import shown

from .. import policies
from ..registrations.dates import moment
from . import attention, told, where
from .forms import RefundForm, WhyForm


class PaymentView(generic.InspectView):
    """What is known of one payment, for whoever sees all registrations."""

    any_permission_required = ["view", "change"]
    template_name = "desk/payment.html"
    page_title = pgettext_lazy("of one person", "Payment")
    fields: list[str] = []
    object: Payment
    refusal = ""
    opened = ""
    "The verb whose form was sent and refused."

    @cached_property
    def may_decide(self) -> bool:
        return policies.payments.user_has_permission(self.request.user, "change")

    @cached_property
    def registration(self) -> Registration:
        found: Registration = Registration.objects.select_related("event", "ticket", "occurrence").get(
            pk=self.object.registration_id
        )
        return found

    def bound(self, verb: str) -> Any:
        """The form of a verb that was sent and refused; none here."""
        return None

    def get_page_subtitle(self) -> str:
        return self.object.payer_name

    # -- what can be done

    def may_refund(self) -> bool:
        return self.object.state == PaymentState.PAID and self.object.rest > 0

    def may_cancel(self) -> bool:
        """Whether the registration can be ended together with a refund of this payment, and of no other."""
        return self.registration.is_living and self._paid_for_it() == self.object.pk

    def _paid_for_it(self) -> int | None:
        paid = self.registration.payments.filter(state=PaymentState.PAID).order_by("pk")
        return next((one.pk for one in paid if one.rest), None)

    def refund(self) -> RefundForm | None:
        form: RefundForm | None = self.bound("refund")
        if form is None and self.may_refund():
            form = RefundForm(self.object, self.may_cancel())
        return form

    def reviews(self) -> list[tuple[str, WhyForm, str]]:
        """The two ways out of a review: verb, form, address."""
        if self.object.state != PaymentState.REVIEW and self.opened not in ("accept", "send_back"):
            return []
        return [
            (verb, self.bound(verb) or WhyForm(verb), reverse(f"payments:{verb}", args=[self.object.pk]))
            for verb in ("accept", "send_back")
        ]

    def settle(self, reasons: list[str]) -> WhyForm | None:
        if self.bound("settle"):
            form: WhyForm = self.bound("settle")
            return form
        return WhyForm("settle") if reasons and self.object.state != PaymentState.REVIEW else None

    # -- what is told

    def facts(self) -> dict[str, Any]:
        payment, event = self.object, self.registration.event
        amount = {
            name: prices.told(value, payment.money)
            for name, value in (
                ("received", payment.received),
                ("refunded", payment.refunded),
                ("asked_back", payment.claimed - payment.refunded),
                ("kept", payment.kept),
                ("disputed", payment.disputed),
            )
            if value
        }
        return {
            "asked": prices.told(payment.amount, payment.currency),
            **amount,
            "rest": prices.told(payment.rest, payment.money),
            "stands_at": where.told(payment),
            "means": told.state(payment),
            "dispute": told.dispute(payment.dispute) if payment.dispute else "",
            "paid_at": moment_told(payment.paid_at, event.timezone, self.language) if payment.paid_at else "",
            "paid_utc": moment(payment.paid_at),
            "begun": moment(payment.created_at),
            "ticket": shown(self.registration.ticket.name) if self.registration.ticket else "",
            "stripe_url": told.stripe_url(payment),
        }

    @property
    def language(self) -> str:
        return get_language() or "fr"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        payment = self.object
        reasons = attention.reasons(payment)
        refunds = told.refunds(payment)
        context = {
            "payment": payment,
            "registration": self.registration,
            "event": self.registration.event,
            "facts": self.facts(),
            "reasons": reasons,
            "refunds": refunds,
            "history": told.history(payment),
            "others": self.registration.payments.exclude(pk=payment.pk).order_by("pk"),
            "registration_url": reverse("registrations:inspect", args=[self.registration.pk]),
            "event_url": reverse("payments:event", args=[self.registration.event.uid]),
            "may_decide": self.may_decide,
            "refusal": self.refusal,
            "opened": self.opened,
        }
        if self.may_decide:
            context |= {
                "refund": self.refund(),
                "reviews": self.reviews(),
                "settle": self.settle(reasons),
                "keeps_place": self.registration.is_confirmed,
            }
        return super().get_context_data(**kwargs) | context
