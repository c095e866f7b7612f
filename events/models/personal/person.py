"""A person: everything that is known of whoever has one e-mail address, in all events."""

from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from letters.models import Letter

from ..announcement import Announcement
from ..calendar_key import CalendarKey
from ..invitation import Invitation
from ..payment import Payment
from ..registration import Registration, RegistrationQuerySet, address_key
from ..seats import SeatPool
from ..transfer import Transfer
from . import traces
from .spelling import of_address


class Person:
    """Whoever reads the letters to an address, however it is spelled. Made when asked for, and kept nowhere."""

    def __init__(self, email: str) -> None:
        self.key = address_key(email)

    @property
    def registrations(self) -> RegistrationQuerySet:
        rows = Registration.objects.known().filter(email_key=self.key)
        return rows.select_related("event", "ticket", "occurrence", "known_organisation", "notice").order_by("pk")

    @property
    def offers(self) -> "QuerySet[Transfer]":
        """Places that somebody else offered to this person."""
        return of_address(Transfer.objects.select_related("registration__event"), "email", self.key).order_by("pk")

    @property
    def invitations(self) -> "QuerySet[Invitation]":
        return of_address(Invitation.objects.select_related("event"), "email", self.key).order_by("pk")

    @property
    def payments(self) -> "QuerySet[Payment]":
        """What this person paid or was asked to pay, whoever has the place since."""
        return of_address(Payment.objects.select_related("event"), "payer_email", self.key).order_by("pk")

    @property
    def letters(self) -> "QuerySet[Letter]":
        """Those to this person as a participant; none that somebody of the staff has at the same address."""
        rows = Letter.objects.filter(link_view__in=traces.THEIRS)
        return of_address(rows, "recipient", self.key).order_by("pk")

    @cached_property
    def address(self) -> str:
        """As it was written down here, never as somebody types it now.

        Empty if nothing is known of this person as a participant, other than that they were written to.
        Whatever the answer, as much is asked of the database: how long it takes tells nobody who is known.
        """
        rows: tuple[tuple[QuerySet[Any], str], ...] = (
            (self.registrations, "email"),
            (self.offers, "email"),
            (self.invitations, "email"),
            (self.payments, "payer_email"),
        )
        found = [one.values_list(column, flat=True).last() for one, column in rows]
        return next((str(one) for one in found if one), "")

    def forget_rest(self) -> int:
        """What hangs on the address alone, once the registrations are forgotten; of those that wait nothing is taken.

        How many letters were emptied.
        """
        waits = set(self.registrations.values_list("event_id", flat=True))
        events = {one.event_id for one in self.invitations} | {one.registration.event_id for one in self.offers}
        events |= {one.event_id for one in self.payments}
        for event in sorted(events - waits):
            self._forget_in(event)
        with transaction.atomic():
            if not waits:
                CalendarKey.objects.revoke(self.key)
            Announcement.objects.filter(reached=self.key, queued_at__isnull=False).update(reached="")
            uids = Registration.objects.known().filter(email_key=self.key).values("event__uid")
            rest = self.letters.exclude(about__in=uids) if waits else self.letters
            return traces.empty_letters(rest)

    def _forget_in(self, event: int) -> None:
        with transaction.atomic():
            mine = self.payments.filter(event=event)
            held = list(mine.select_for_update(of=("self",)).values_list("pk", flat=True))
            SeatPool.objects.hold(event)
            payments = Payment.objects.filter(pk__in=held)
            traces.unname_payments(payments.exclude(pk__in=traces.unsettled(payments).values("pk")))
            traces.unname_invitations(self.invitations.filter(event=event))
            for offer in self.offers.filter(registration__event=event):
                offer.withdraw()
                Transfer.objects.filter(pk=offer.pk).update(name="", email="")
