"""Traces: what letters, the log of the admin, the books and invitations say of people, and how it is taken out."""

from collections.abc import Collection, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone
from wagtail.models import ModelLogEntry

from letters.models import Letter

from ..invitation import Invitation
from ..payment import Payment
from ..payment_history import PaymentChange
from ..payment_refunds import DISPUTE_ENDS
from ..payment_states import STANDING, RefundState
from ..refund import Refund
from ..stripe_event import StripeEvent
from .erased import OWN_WORDS
from .nobody import address_of

CHUNK = 500
THEIRS = ("participant", "transfer", "invitation", "my_data")
"What the letters of participants lead to; those to the staff lead elsewhere."
UNDER_WAY = (RefundState.QUEUED, RefundState.SENT, RefundState.PENDING)


def unsettled(payments: "QuerySet[Payment]") -> "QuerySet[Payment]":
    """Those that still need to know whose they are: money may come, goes back, is looked at or disputed."""
    back = Q(pk__in=Refund.objects.filter(state__in=UNDER_WAY).order_by().values("payment"))
    disputed = ~Q(dispute="") & ~Q(dispute__in=DISPUTE_ENDS)
    return payments.filter(Q(state__in=STANDING) | back | disputed)


def empty_letters(letters: "QuerySet[Letter]") -> int:
    """Take out of these letters whom they went to and what they told; one that still waits leaves no more.

    Kind, event, dates and what became of them stay, so that it can be shown that people were
    written to. The row of a letter is locked last, inside the caller's transaction. How many.
    """
    now = timezone.now()
    count = 0
    full = ~Q(recipient="") | ~Q(recipient_name="") | ~Q(facts={}) | ~Q(link_subject="") | ~Q(last_error="")
    keys = list(letters.filter(full).order_by("pk").values_list("pk", flat=True))
    for some in chunks(keys):
        rows = Letter.objects.filter(pk__in=some)
        rows.waiting().update(abandoned_at=now, ending=Letter.Ending.WITHDRAWN)
        for pk, uid, key in rows.filter(key__startswith="announcement:").values_list("pk", "uid", "key"):
            # The last part was made of the address: whoever knows that can make it again.
            Letter.objects.filter(pk=pk).update(key=f"{str(key).rpartition(':')[0]}:{uid}")
        count += rows.update(recipient="", recipient_name="", facts={}, link_subject="", last_error="")
        unname_log(Letter, some)
    return count


def unname_log(model: Any, keys: Collection[Any]) -> None:
    """Lines of the admin's log about these rows keep who did what and when, without the name of the row."""
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    for some in chunks([str(key) for key in keys]):
        lines = ModelLogEntry.objects.filter(content_type=kind, object_id__in=some)
        lines.update(label=Concat(Value("#"), F("object_id"), output_field=CharField()), data={})


def unname_payments(payments: "QuerySet[Payment]") -> int:
    """Of these keep what accounts are made of: the payer's name where money came, amounts, dates, Stripe's numbers.

    The caller holds them, and none is unsettled.
    """
    keys = list(payments.order_by("pk").values_list("pk", flat=True))
    intents = [one for one in payments.order_by().values_list("payment_intent", flat=True) if one]
    rows = Payment.objects.filter(pk__in=keys)
    rows.filter(received=0).update(payer_name="")
    rows.exclude(note__in=OWN_WORDS).update(note="")
    count = rows.update(payer_email="", request="", session_url="")
    PaymentChange.objects.filter(payment__in=keys).exclude(verb="dispute").exclude(why__in=OWN_WORDS).update(why="")
    refunds = Refund.objects.filter(payment__in=keys)
    refunds.exclude(why__in=OWN_WORDS).update(why="")
    refunds.exclude(error__in=OWN_WORDS).update(error="")
    told = StripeEvent.objects.filter(Q(payment__in=keys) | Q(payment_intent__in=intents))
    told.update(payload="", error="", purged_at=timezone.now())
    unname_log(Payment, keys)
    unname_log(Refund, refunds.values_list("pk", flat=True))
    return count


def unname_invitations(invitations: "QuerySet[Invitation]") -> int:
    """Forget to whom these went. One that could still be used is taken back, its seats go to whoever waits."""
    keys = list(invitations.order_by("pk").values_list("pk", flat=True))
    for one in Invitation.objects.personal().usable().filter(pk__in=keys).order_by("pk"):
        one.revoke()
    rows = Invitation.objects.filter(pk__in=keys)
    # Not empty: without an address it would be a code for everybody.
    rows.personal().update(email=Concat(F("pk"), Value(address_of("")), output_field=CharField()))
    rows.update(name="", note="")
    unname_log(Invitation, keys)
    return len(keys)


def chunks(keys: list[Any]) -> Iterator[list[Any]]:
    return (keys[at : at + CHUNK] for at in range(0, len(keys), CHUNK))
