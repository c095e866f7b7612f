"""Labels: what the keys of a copy of somebody's data are called on the page that people read."""

import datetime as dt
import re
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.models import Invitation, PaymentState, RefundState, Registration
from events.models.deeds import OF_PAYMENT, OF_REGISTRATION
from events.models.personal.access import DataAccess
from events.models.refund_reasons import Reason
from events.models.seats import Attendance
from letters import kinds
from regions import countries

LABELS: dict[str, Any] = {
    "accepted_at": _("accepted"),
    "address": _("e-mail address"),
    "address_confirmed_at": _("address confirmed"),
    "amount": _("amount"),
    "answer": _("answer"),
    "answered_at": _("answered"),
    "answers": _("Answers"),
    "asked_at": _("asked for"),
    "at": _("when"),
    "attendance": _("attendance"),
    "begins_at": _("begins"),
    "begun_at": _("begun"),
    "by_staff": _("by the staff"),
    "calendar": _("Own calendar"),
    "cancelled_at": _("cancelled on"),
    "certificates": _("Certificates"),
    "code": _("code"),
    "confirmed_at": _("confirmed on"),
    "consented_at": _("consent given"),
    "country": _("country"),
    "currency": _("currency"),
    "declined_at": _("declined on"),
    "dispute": _("dispute"),
    "done_at": _("done"),
    "email": _("e-mail"),
    "ended_at": _("taken back on"),
    "ends_at": _("ends"),
    "event": _("event"),
    "fee": _("fee"),
    "file": _("file"),
    "file_name": _("name of the file"),
    "for": _("for what"),
    "from": _("from state"),
    "given_at": _("given on"),
    "history": _("History"),
    "home_zone": _("own time zone"),
    "invitation_code": _("invitation code"),
    "invitations": _("Invitations"),
    "issued_at": _("issued on"),
    "keys": _("keys of the answer"),
    "kind": _("kind"),
    "language": _("language of letters"),
    "latin_name": _("name in Latin letters"),
    "letters": _("Letters"),
    "looked_at": _("Looked at by the staff"),
    "made_at": _("made on"),
    "name": _("name"),
    "note": _("note"),
    "number": _("number"),
    "offered_at": _("offered on"),
    "organisation": _("organisation"),
    "organisation_of_the_directory": _("organisation of the directory"),
    "paid_at": _("paid on"),
    "passed_on": _("Passed on"),
    "payments": _("Payments"),
    "person": _("Name on the certificate"),
    "places_offered": _("Places offered by others"),
    "privacy_notice": _("Privacy notice agreed to"),
    "question": _("question"),
    "reason": _("reason"),
    "received": _("received"),
    "refunded": _("refunded"),
    "refunds": _("Refunds"),
    "registered_at": _("registered"),
    "registrations": _("Registrations"),
    "revoked_at": _("taken back on"),
    "sent_at": _("sent"),
    "shared_with": _("Shared with"),
    "site": _("website"),
    "state": _("state"),
    "stripe_payment_intent": _("payment at Stripe"),
    "stripe_session": _("session at Stripe"),
    "subject": _("subject"),
    "text": _("text"),
    "texts": _("text"),
    "ticket": _("ticket"),
    "times": _("times"),
    "timezone": _("time zone"),
    "title": _("title"),
    "to": _("to"),
    "trouble": _("last error"),
    "uid": _("identifier"),
    "until": _("until"),
    "what": _("what"),
    "why": _("why"),
    "why_revoked": _("why it was taken back"),
    "withdrawn_at": _("taken back on"),
    "written_at": _("written"),
}
"Every key that a copy may have has its word; a test holds that. ``consent`` and the like of a notice are texts."
STATES = ("state", "from", "to")
WORDS: dict[str, dict[str, dict[Any, Any]]] = {
    "registrations": {
        **{key: dict(Registration.State.choices) for key in STATES},
        "attendance": dict(Attendance.choices),
        "what": OF_REGISTRATION,
    },
    "looked_at": {"what": dict(DataAccess.What.choices)},
    "invitations": {"state": dict(Invitation.State.choices)},
    "payments": {**{key: dict(PaymentState.choices) for key in STATES}, "what": OF_PAYMENT},
    "refunds": {"state": dict(RefundState.choices), "reason": dict(Reason.choices)},
}
"The product's own words of what a copy tells, by what they are of."
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
UNSAID = ("format",)
"What only programs read."


def page(told: dict[str, Any]) -> dict[str, Any]:
    """What the page shows: who, when, and a section for each kind of what is known."""
    lists = {key: value for key, value in told.items() if isinstance(value, list)}
    return {
        "address": told["address"],
        "made_at": _instant(told["made_at"]),
        "sections": [{"title": name(key), "items": [rows(one, key) for one in value]} for key, value in lists.items()],
        "calendar": told["calendar"] and {"made_at": _instant(told["calendar"]["made_at"])},
    }


def rows(item: dict[str, Any], of: str) -> list[dict[str, Any]]:
    """Label and value of each fact that there is; a value is text, or rows of its own, or several of them."""
    return [
        _row(key, value, of) for key, value in item.items() if value not in (None, "", [], {}) and key not in UNSAID
    ]


def _row(key: str, value: Any, of: str) -> dict[str, Any]:
    inside = key if key in WORDS else of
    row: dict[str, Any] = {"label": name(key), "text": "", "rows": [], "items": [], "file": ""}
    if key == "file":
        row["file"] = value
    if isinstance(value, dict) and key != "texts" and not _is_trilingual(value):
        row["rows"] = rows(value, inside)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        row["items"] = [rows(one, inside) for one in value]
    elif isinstance(value, list):
        row["text"] = ", ".join(map(str, value))
    elif isinstance(value, dict):
        row["text"] = _in_language(value) if _is_trilingual(value) else _said(value)
    else:
        row["text"] = _word(key, value, of)
    return row


def name(key: str) -> str:
    return capfirst(str(LABELS.get(key, key)))


def _word(key: str, value: Any, of: str) -> str:
    """A value in words, where it is one of the product's own."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if key == "kind":
        return kinds.label(str(value))
    if key == "country":
        return countries.name(str(value))
    if key == "why":
        return gettext(str(value))
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return _instant(value)
    return str(WORDS.get(of, {}).get(key, {}).get(value, value))


def _instant(told: str) -> str:
    """An instant as people write it, in universal time."""
    return str(date_format(dt.datetime.fromisoformat(told), "DATETIME_FORMAT"))


def _is_trilingual(value: dict[str, Any]) -> bool:
    return bool(value) and set(value) <= {"fr", "en", "es"} and all(isinstance(one, str) for one in value.values())


def _in_language(value: dict[str, str]) -> str:
    return value.get(get_language() or "fr") or next(iter(value.values()))


def _said(value: Any) -> str:
    """The texts of a notice one after the other."""
    if isinstance(value, dict):
        return "\n".join(filter(None, map(_said, value.values())))
    if isinstance(value, list):
        return "\n".join(filter(None, map(_said, value)))
    return str(value)
