"""What is sent from the page of one payment: a refund, a decision, a question to Stripe."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events.calendars import prices
from events.models import PaymentState
from events.models.payment_refunds import TooMuch
from events.models.refund_reasons import Reason
from events.payments import reconciling
from events.payments.client import Refused as RefusedByStripe
from events.payments.client import Unreachable

from ..registrations.decisions import Refused
from ..sent import SentFromPage
from . import attention
from .forms import RefundForm, WhyForm, too_much
from .one import PaymentView


class OnePaymentVerb(SentFromPage, PaymentView):
    """What is sent from that page."""

    def leads_to(self) -> str:
        return reverse("payments:inspect", args=[self.object.pk])

    def refused(self, sentence: str) -> HttpResponse:
        self.__dict__.pop("registration", None)
        return super().refused(sentence)


class RefundView(OnePaymentVerb):
    """Money goes back, in part or in full; the place stays unless the staff say otherwise."""

    opened = "refund"

    def is_done(self) -> bool:
        """The registration was to be ended with it, and has ended."""
        return bool(self.request.POST.get("cancels")) and not self.registration.is_living

    def make_form(self, data: Any) -> RefundForm:
        return RefundForm(self.object, self.may_cancel(), data)

    def carry_out(self) -> bool:
        form: RefundForm = self.form
        if self.object.state != PaymentState.PAID:
            raise Refused(_("Nothing can go back of this payment now."))
        try:
            changed = self._with_the_place() if form.cleaned_data.get("cancels") else self._alone()
        except TooMuch as much:
            self.object.refresh_from_db()
            form.add_error("amount", too_much(self.object))
            raise Refused("") from much
        if changed:
            amount = prices.told(form.minor, self.object.money)
            messages.success(
                self.request, _("%(amount)s go back to %(name)s.") % {"amount": amount, "name": self.object.payer_name}
            )
        return changed

    def _with_the_place(self) -> bool:
        """One transaction; the same form twice finds that the registration has ended."""
        user: Any = self.request.user
        was = self.object.refunds.count()
        self.registration.cancel(by=user, why=self.form.why, refund=self.form.minor)
        return self.object.refunds.count() > was

    def _alone(self) -> bool:
        """Whoever has a place and gets all back keeps it, and owes nothing any more, unless it is paid otherwise."""
        user: Any = self.request.user
        known = self.object.refunds.filter(uid=self.form.wish_sent).exists()
        with transaction.atomic():
            registration = self.object.hold()
            self.object.ask_refund(
                self.form.minor,
                Reason.STAFF,
                by=user,
                why=self.form.why,
                wish=self.form.wish_sent,
                letter=self.form.cleaned_data["letter"],
            )
            others = registration.payments.received().exclude(pk=self.object.pk).filter(claimed__lt=F("received"))
            if not self.object.rest and not others.exists():
                registration.waive(by=user, why=self.form.why)
        return not known


class ReviewView(OnePaymentVerb):
    """A payment that is not what was asked: taken as it came, or sent back."""

    verb = ""

    @property
    def opened(self) -> str:  # type: ignore[override]
        return self.verb

    def make_form(self, data: Any) -> WhyForm:
        return WhyForm(self.verb, data)

    def is_done(self) -> bool:
        return self.object.state != PaymentState.REVIEW

    def carry_out(self) -> bool:
        user: Any = self.request.user
        if not getattr(self.object, self.verb)(by=user, why=self.form.why):
            return False
        self.object.refresh_from_db()
        self.__dict__.pop("registration", None)
        if self.object.claimed:
            messages.success(
                self.request,
                _("%(amount)s go back to %(name)s.")
                % {
                    "amount": prices.told(self.object.claimed, self.object.money),
                    "name": self.object.payer_name,
                },
            )
        elif self.registration.is_confirmed:
            messages.success(self.request, _("The place of %(name)s is confirmed.") % {"name": self.registration.name})
        return True


class SettleView(OnePaymentVerb):
    """It was looked at, and needs nothing more."""

    opened = "settle"

    def make_form(self, data: Any) -> WhyForm:
        return WhyForm("settle", data)

    def carry_out(self) -> bool:
        user: Any = self.request.user
        return attention.settle(self.object, user, self.form.why)


class AskView(OnePaymentVerb):
    """Ask Stripe how it stands there, now; no transaction is open meanwhile."""

    opened = "ask"

    def make_form(self, data: Any) -> None:
        return None

    def carry_out(self) -> bool:
        before = self._known()
        try:
            reconciling.look_again(self.object)
        except Unreachable as error:
            raise Refused(_("Stripe can’t be reached now. It is asked again by itself every few minutes.")) from error
        except RefusedByStripe as error:
            raise Refused(_("Stripe does not answer this question: %(why)s") % {"why": error}) from error
        if self._known() == before:
            messages.info(self.request, _("Stripe says the same as stands here."))
        else:
            messages.success(self.request, _("Stripe knew more: here is how it stands now."))
        return True

    def _known(self) -> tuple[Any, ...]:
        self.object.refresh_from_db()
        payment = self.object
        return payment.state, payment.received, payment.refunded, payment.dispute, payment.changes.count()
