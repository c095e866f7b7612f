"""The states of a payment, and which leads to which: docs/payments.md shows the same table."""

from django.db import models
from django.utils.translation import pgettext_lazy


class PaymentState(models.TextChoices):
    """Where a payment stands; paid is the last, what goes back afterwards are refunds."""

    CREATED = "created", pgettext_lazy("of a payment", "begun")
    OPEN = "open", pgettext_lazy("of a payment", "waited for")
    PROCESSING = "processing", pgettext_lazy("of a payment", "on its way")
    PAID = "paid", pgettext_lazy("of a payment", "paid")
    FAILED = "failed", pgettext_lazy("of a payment", "failed")
    EXPIRED = "expired", pgettext_lazy("of a payment", "not paid in time")
    REVIEW = "review", pgettext_lazy("of a payment", "to be looked at")


class RefundState(models.TextChoices):
    """Where a refund stands."""

    QUEUED = "queued", pgettext_lazy("of a refund", "asked for")
    SENT = "sent", pgettext_lazy("of a refund", "sent to Stripe")
    PENDING = "pending", pgettext_lazy("of a refund", "on its way")
    SUCCEEDED = "succeeded", pgettext_lazy("of a refund", "done")
    CANCELLED = "cancelled", pgettext_lazy("of a refund", "called off")
    FAILED = "failed", pgettext_lazy("of a refund", "failed")


_S = PaymentState
LEADS_TO: dict[str, tuple[str, ...]] = {
    _S.CREATED: (_S.OPEN, _S.PROCESSING, _S.PAID, _S.FAILED, _S.EXPIRED, _S.REVIEW),
    _S.OPEN: (_S.PROCESSING, _S.PAID, _S.FAILED, _S.EXPIRED, _S.REVIEW),
    _S.PROCESSING: (_S.PAID, _S.FAILED, _S.REVIEW),
    _S.FAILED: (_S.PAID, _S.REVIEW),
    _S.EXPIRED: (_S.PROCESSING, _S.PAID, _S.REVIEW),
    _S.REVIEW: (_S.PAID,),
    _S.PAID: (),
}
"""What Stripe tells may come late, twice or in another order: what does not lead on changes nothing."""
AWAITED = (_S.CREATED, _S.OPEN, _S.PROCESSING)
"Money may still come by these: a registration has one of them at a time."
STANDING = (*AWAITED, _S.REVIEW)
RECEIVED = (_S.PAID, _S.REVIEW)
"Money has come."

RANK = {
    state: rank
    for rank, state in enumerate(
        (
            RefundState.QUEUED,
            RefundState.SENT,
            RefundState.PENDING,
            RefundState.SUCCEEDED,
            RefundState.CANCELLED,
            RefundState.FAILED,
        )
    )
}
"A refund only goes up: what Stripe said earlier and is heard later changes nothing. One that was done may still fail."
CLAIMING = (RefundState.QUEUED, RefundState.SENT, RefundState.PENDING, RefundState.SUCCEEDED)
"These count against what was received."
RETURNED = (RefundState.PENDING, RefundState.SUCCEEDED)
"These have left the account: Stripe counts them so too."
