"""The letters of a place that is passed on: to who may take it, and to who had it."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.models import Registration, Transfer
from letters.kinds import kind
from letters.models import Letter

from .. import links
from .body import body, deadline, is_rehearsal, still
from .calendars import CANCEL, Wish, invite

Told = dict[str, Any] | None


@kind("handed_over", _("place passed on"))
def handed_over(letter: Letter) -> Told:
    """Somebody else has your place: it leaves your calendar."""
    rows = still(letter, lambda row: not row.is_living)
    if not rows:
        return None
    wishes = [Wish(row, letter.facts["event"], CANCEL, given_back=True) for row in rows]
    return body(letter, rows) | {"calendar": invite(letter, wishes), "joins": False}


@kind("transfer", _("place offered by somebody else"))
def transfer(letter: Letter) -> Told:
    """Somebody passes a place on to you; not sent once it is taken, taken back or gone."""
    offer = Transfer.objects.filter(uid=letter.link_subject).select_related("registration__event").first()
    if offer is None and not is_rehearsal(letter):
        return None
    if offer is not None and not letter.sent_at and not (offer.is_open and offer.registration.may_be_passed_on):
        return None
    rows = still(letter, lambda _row: True)
    if not rows:
        return None
    reader = Registration(uid=rows[0].uid, event=rows[0].event)  # of whom nothing is known but the address
    told = body(letter, [reader]) | {
        "button": gettext("See the place offered"),
        "joins": False,
        "deadline": deadline(
            letter, reader, gettext("It can be yours until"), gettext("After that it stays whose it is.")
        ),
    }
    if offer is not None and not is_rehearsal(letter):
        told["link"] = links.transfer_address(offer, get_language() or settings.LANGUAGE_CODE)
    return told
