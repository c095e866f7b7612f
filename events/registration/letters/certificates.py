"""The letter that a certificate of attendance is there; withdrawn if it was revoked before it left."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import Certificate
from events.models.certificate import LETTERS, PLACES
from letters.kinds import kind
from letters.models import Letter

from .. import links
from .body import Line, body, is_rehearsal, link_of, still

Told = dict[str, Any] | None
EXAMPLE = "-".join((LETTERS[:4], LETTERS[8:12], LETTERS[PLACES : PLACES + 4]))
"The number in a preview."


@kind("certificate", _("certificate of attendance"))
def certificate(letter: Letter) -> Told:
    """Your certificate is on your page; not sent once it no longer stands, or is nobody's."""
    number = letter.facts.get("certificate", EXAMPLE)
    if not letter.sent_at and not is_rehearsal(letter) and not _stands(number):
        return None
    rows = still(letter, lambda _row: True)
    if not rows:
        return None
    return body(letter, rows) | {
        "link": link_of(letter, rows[0], links.certificate_address),
        "button": gettext("See my certificate"),
        "joins": False,
        "money": [Line(gettext("Certificate of attendance"), gettext("No. %(number)s") % {"number": number})],
    }


def _stands(number: str) -> bool:
    one = Certificate.objects.standing().filter(number=number).first()
    return one is not None and not one.is_nameless
