"""What goes back: asked for here, carried out by the worker, or begun in Stripe's dashboard; and disputes."""

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_noop

from .payment_states import CLAIMING, RANK, RETURNED, RefundState
from .refund_reasons import Reason

if TYPE_CHECKING:
    from .payment import Payment
    from .refund import Refund

INSTEAD = gettext_noop("refunded from Stripe’s dashboard instead")


class TooMuch(Exception):
    """More is asked back than is left of what came; ``rest`` says how much that is, in minor units."""

    def __init__(self, rest: int) -> None:
        super().__init__(rest)
        self.rest = rest


class Unheard(Exception):
    """Stripe has sent back more than the books have left: one that they count has failed, which was not heard yet."""


class Refunding(models.Model):
    """The verbs of ``Payment`` by which money goes back."""

    class Meta:
        abstract = True

    def ask_refund(  # type: ignore[misc]
        self: "Payment",
        amount: int,
        reason: str,
        by: User | None = None,
        why: str = "",
        wish: uuid.UUID | None = None,
        letter: bool = False,
    ) -> "Refund | None":
        """Ask for so many minor units back; the worker carries it out. The same ``wish`` twice is one refund.

        ``letter`` writes to the payer once the money is on its way. None if there is nothing to refund.

        Raises:
            TooMuch: less is left; nothing was written.
        """
        from .refund import Refund

        with transaction.atomic():
            self.hold()
            if wish is not None and (known := Refund.objects.filter(uid=wish, payment=self).first()) is not None:
                return known
            if amount > self.rest or amount < 0:
                raise TooMuch(self.rest)
            if amount == 0:
                return None
            made = Refund.objects.create(
                uid=wish or uuid.uuid4(),
                payment=self,
                amount=amount,
                currency=self.money,
                reason=reason,
                why=why,
                by=by,
                tells=letter,
            )
            self.note_change("refund", self.state, by=by, why=why, amount=amount)
            self._count()
        return made

    def heard_of_refund(self: "Payment", stripe_id: str, uid: str, amount: int, state: str, why: str = "") -> "Refund":  # type: ignore[misc]
        """What Stripe says of one refund, in any order and as often as it likes.

        ``uid`` is ours if the refund was asked for here. One that was not is written into the books; what was
        asked for here meanwhile and can no longer be had is called off.

        Raises:
            Unheard: something else is to be heard first; nothing was written.
        """
        from .refund import Refund

        with transaction.atomic():
            self.hold()
            row = Refund.objects.filter(stripe_id=stripe_id).first()
            if row is None and uid:
                row = Refund.objects.filter(uid=uid, payment=self).first()
            if row is None:
                row = Refund(
                    payment=self,
                    amount=amount,
                    currency=self.money,
                    reason=Reason.DASHBOARD,
                    stripe_id=stripe_id,
                    state=state,
                    error=why[:500] if state == RefundState.FAILED else "",
                    done_at=timezone.now() if state == RefundState.SUCCEEDED else None,
                )
                row.save(force_insert=True)
                self.note_change("dashboard_refund", self.state, amount=amount)
            elif row.heard(stripe_id, state, why) and row.tells and state in RETURNED:
                self.write(self.hold(), "refund", {"refund": row.amount}, about=str(row.uid))
            if self._make_room() > self.received:
                raise Unheard
            self._count()
        return row

    def not_refunded(self: "Payment", refund: "Refund", why: str) -> bool:  # type: ignore[misc]
        """Stripe does not carry out what was asked for here, and never will; whether it is news."""
        with transaction.atomic():
            self.hold()
            refund.refresh_from_db()
            news = refund.state in UNDONE
            if news:
                refund.payment = self
                refund.call_off(why)
                self._count()
        return news

    def heard_of_dispute(self: "Payment", dispute: str, status: str, amount: int) -> bool:  # type: ignore[misc]
        """What Stripe says of a dispute; whether it is news. It only goes on: once it is won or lost it stays so."""
        with transaction.atomic():
            self.hold()
            if self.dispute_id == dispute and _steps(status) <= _steps(self.dispute):
                return False
            self.dispute_id, self.dispute = dispute, status
            self.disputed = 0 if status in NOTHING_TAKEN else amount
            self.save(update_fields=["dispute", "dispute_id", "disputed"])
            self.note_change("dispute", self.state, why=status, amount=amount)
        return True

    def _make_room(self: "Payment") -> int:  # type: ignore[misc]
        """Call off what was asked for here and can't be had any more: first what was never sent, the last first.

        Returns how much counts then.
        """
        claimed = sum(self.refunds.filter(state__in=CLAIMING).values_list("amount", flat=True))
        for state in UNDONE:
            for one in self.refunds.filter(state=state).order_by("-pk"):
                if claimed <= self.received:
                    return claimed
                one.payment = self
                one.call_off(INSTEAD)
                claimed -= one.amount
        return claimed

    def _count(self: "Payment") -> None:  # type: ignore[misc]
        """Sum up the refunds; a CHECK holds that they never exceed what came."""
        sums = self.refunds.aggregate(
            claimed=Sum("amount", filter=models.Q(state__in=CLAIMING)),
            refunded=Sum("amount", filter=models.Q(state__in=RETURNED)),
        )
        self.claimed, self.refunded = sums["claimed"] or 0, sums["refunded"] or 0
        self.save(update_fields=["claimed", "refunded"])


UNDONE = (RefundState.QUEUED, RefundState.SENT)
"Asked for here; Stripe has said nothing of it."
DISPUTE_ENDS = ("won", "lost", "warning_closed", "prevented")
DISPUTE_STEPS = (
    ("warning_needs_response",),
    ("warning_under_review",),
    ("needs_response",),
    ("under_review",),
    DISPUTE_ENDS,
)
"How a dispute goes on: what is said of an earlier step and heard later changes nothing."
NOTHING_TAKEN = ("won", "warning_needs_response", "warning_under_review", "warning_closed", "prevented")
"With these no money has left the account, or it is back (docs.stripe.com/api/disputes)."
assert set(RANK) == set(RefundState)


def _steps(status: str) -> int:
    """How far a dispute is; a word that is not known yet is a step on its way."""
    return next((number for number, words in enumerate(DISPUTE_STEPS) if status in words), len(DISPUTE_STEPS) - 2)
