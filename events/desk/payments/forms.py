"""What the staff fill in about a payment; a reason always, as the history keeps it."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.calendars import prices
from events.models import Payment

from ..registrations.decisions import ReasonForm
from .amounts import AmountField, amount_of, written


def too_much(payment: Payment) -> ValidationError:
    """The sentence that names what is left."""
    return ValidationError(
        _("No more than %(rest)s can go back."),
        code="rest",
        params={"rest": prices.told(payment.rest, payment.money)},
    )


class RefundForm(ReasonForm):
    """How much goes back, and what becomes of the place."""

    field_order = ("amount", "cancels", "letter", "reason", "wish")
    amount = AmountField(label=gettext_lazy("Amount"))
    cancels = forms.BooleanField(
        label=gettext_lazy("Cancel the registration too: the seat is free at once"), required=False
    )
    letter = forms.BooleanField(label=gettext_lazy("Tell the payer by letter"), required=False)
    wish = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, payment: Payment, may_cancel: bool, data: Any = None) -> None:
        first = {"amount": written(payment.rest, payment.money), "letter": True, "wish": uuid.uuid4()}
        super().__init__(data, initial=first, auto_id="id_refund_%s")
        self.payment = payment
        self.fields["amount"].label = _("Amount, in %(currency)s") % {"currency": payment.money}
        if not may_cancel:
            del self.fields["cancels"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        amount = amount_of(self, "amount", self.payment.money)
        if amount is None:
            return cleaned
        if amount == 0:
            self.add_error("amount", ValidationError(_("Write how much goes back."), code="nothing"))
        cleaned["minor"] = amount
        return cleaned

    @property
    def minor(self) -> int:
        """In minor units of what came."""
        return int(self.cleaned_data["minor"])

    @property
    def wish_sent(self) -> uuid.UUID:
        wish: uuid.UUID = self.cleaned_data["wish"]
        return wish


class WhyForm(ReasonForm):
    """A reason alone, for one of several verbs of a page."""

    def __init__(self, verb: str, data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_{verb}_%s")
