"""Copying: everything that is known of one person, as a file for programs, a page for people, and their own files.

docs/privacy.md tells the shape; ``FORMAT`` changes with it.
"""

import contextlib
import datetime as dt
import json
import tempfile
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import override, pgettext

from events.models import CalendarKey, DataAccess, Invitation, Payment, Registration, Transfer, Upload, facts
from events.models.history import HistoryLine
from events.models.personal.person import Person
from letters import kinds
from letters.desk import without_links
from letters.models import Letter
from letters.writing import write

from . import labels

FORMAT = "humus-personal-data-1"
MEMORY = 2**20
"Bytes of an archive that are kept in memory; what is larger lies in a file without a name."


def archive(person: Person, language: str) -> IO[bytes]:
    """A ZIP with ``data.json``, ``index.html`` in a language, and the files that the person sent."""
    with override(language):
        told = everything(person, language)
        page = render_to_string("events/registration/personal/copy.html", {"language": language} | labels.page(told))
    made: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115  (who sends it closes it)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=2))
        archive.writestr("index.html", page)
        for upload in uploads(person):
            with contextlib.suppress(FileNotFoundError):  # all else is theirs even where a disk has lost one
                _add(archive, upload)
    made.seek(0)
    return made


def _add(archive: zipfile.ZipFile, upload: Upload) -> None:
    with upload.file.open("rb") as file, archive.open(path_of(upload), "w") as into:
        for chunk in iter(lambda: file.read(MEMORY), b""):
            into.write(chunk)


def uploads(person: Person) -> Iterable[Upload]:
    return Upload.objects.filter(answers__registration__in=person.registrations.order_by()).distinct().order_by("pk")


def path_of(upload: Upload) -> str:
    """Where a file lies in the archive: its own name, which leads nowhere else, behind a number."""
    stem, dot, end = upload.name.rpartition(".")
    name = f"{slugify(stem, allow_unicode=True) or 'file'}.{slugify(end)}" if dot else slugify(upload.name) or "file"
    return f"files/{upload.pk}-{name}"


def everything(person: Person, language: str) -> dict[str, Any]:
    """All that is known of a person as a participant; instants in ISO 8601, universal time."""
    key = CalendarKey.objects.of(person.key)
    return {
        "format": FORMAT,
        "made_at": moment(timezone.now()),
        "site": settings.SITE_URL,
        "address": person.key,
        "registrations": [_registration(one, language) for one in person.registrations],
        "invitations": [_invitation(one) for one in person.invitations],
        "places_offered": [_offer(one) for one in person.offers],
        "payments": [_payment(one) for one in person.payments],
        "letters": [_letter(one) for one in person.letters],
        "calendar": {"made_at": moment(key.created_at)} if key else None,
    }


def _registration(one: Registration, language: str) -> dict[str, Any]:
    date, ticket, notice = one.occurrence or one.event, one.ticket, one.notice
    known = one.known_organisation
    looks = DataAccess.objects.filter(registration=one.uid).order_by("pk")
    return {
        "uid": str(one.uid),
        "event": _event(one.event),
        "begins_at": moment(date.starts_at),
        "ends_at": moment(date.ends_at),
        "state": one.state,
        "ticket": facts.told(ticket.name) if ticket else {},
        "attendance": one.attendance,
        "fee": {"amount": one.fee, "currency": one.fee_currency} if one.fee else None,
        "name": one.name,
        "latin_name": one.latin_name,
        "email": one.email,
        "organisation": one.organisation,
        "organisation_of_the_directory": facts.told(known.name) if known else {},
        "country": one.country,
        "home_zone": one.home_zone,
        "language": one.language,
        "registered_at": moment(one.created_at),
        "address_confirmed_at": moment(one.verified_at),
        "confirmed_at": moment(one.confirmed_at),
        "cancelled_at": moment(one.cancelled_at),
        "consented_at": moment(one.consented_at),
        "privacy_notice": {"number": notice.number, "texts": notice.texts.get(language, notice.texts)}
        if notice
        else None,
        "invitation_code": one.invitation.code if one.invitation else "",
        "answers": [
            {
                "question": answer.wording.said["label"],
                "answer": answer.told(language),
                "keys": list(answer.keys),
                "file": path_of(answer.upload) if answer.upload else "",
                "file_name": answer.upload.name if answer.upload else "",
                "answered_at": moment(answer.at),
                "ended_at": moment(answer.ended_at),
            }
            for answer in one.answers.whole()
        ],
        "shared_with": [
            {
                "organisation": facts.told(row.organisation.name),
                "given_at": moment(row.given_at),
                "withdrawn_at": moment(row.withdrawn_at),
            }
            for row in one.sharings.select_related("organisation")
        ],
        "history": [_line(change) for change in one.changes.all()],
        "certificates": [
            {
                "number": row.number,
                "person": row.facts.get("person", {}),
                "issued_at": moment(row.issued_at),
                "revoked_at": moment(row.revoked_at),
                "why_revoked": row.why,
            }
            for row in one.certificates.order_by("pk")
        ],
        "passed_on": [_offer(row) for row in one.transfers.order_by("pk")],
        "looked_at": [{"at": moment(row.at), "what": row.what, "times": row.times} for row in looks],
    }


def _event(event: Any) -> dict[str, Any]:
    return {"uid": str(event.uid), "title": facts.told(event.title), "timezone": event.timezone}


def _line(change: HistoryLine) -> dict[str, Any]:
    """One line of a history, notes of the staff too; which of the staff is not said."""
    return {
        "at": moment(change.at),
        "what": change.verb,  # type: ignore[attr-defined]
        "from": change.was,
        "to": change.became,
        "why": change.why,
        "by_staff": change.by_id is not None,  # type: ignore[attr-defined]
    }


def _invitation(one: Invitation) -> dict[str, Any]:
    return {
        "event": _event(one.event),
        "code": one.code,
        "name": one.name,
        "email": one.email,
        "language": one.language,
        "note": one.note,
        "state": str(one.state),
        "sent_at": moment(one.sent_at),
        "declined_at": moment(one.declined_at),
        "revoked_at": moment(one.revoked_at),
    }


def _offer(one: Transfer) -> dict[str, Any]:
    """A place that was passed on, or was to be; who the other person is is theirs to tell."""
    return {
        "event": _event(one.registration.event),
        "offered_at": moment(one.created_at),
        "until": moment(one.expires_at),
        "accepted_at": moment(one.accepted_at),
        "withdrawn_at": moment(one.withdrawn_at),
    }


def _payment(one: Payment) -> dict[str, Any]:
    return {
        "uid": str(one.uid),
        "event": _event(one.event),
        "name": one.payer_name,
        "email": one.payer_email,
        "for": one.subject,
        "amount": one.amount,
        "currency": one.currency,
        "received": one.received,
        "refunded": one.refunded,
        "state": one.state,
        "dispute": one.dispute,
        "note": one.note,
        "begun_at": moment(one.created_at),
        "paid_at": moment(one.paid_at),
        "stripe_session": one.session or "",
        "stripe_payment_intent": one.payment_intent or "",
        "refunds": [
            {
                "amount": row.amount,
                "currency": row.currency,
                "state": row.state,
                "reason": row.reason,
                "why": row.why,
                "asked_at": moment(row.created_at),
                "done_at": moment(row.done_at),
            }
            for row in one.refunds.order_by("pk")
        ],
        "history": [_line(change) for change in one.changes.all()],
    }


def _letter(letter: Letter) -> dict[str, Any]:
    """A letter as it was read, without its links: they open pages and must not lie about in files."""
    subject, text = "", ""
    if letter.sent_at is not None and letter.kind in kinds.kinds:
        try:
            message = write(letter)
        except Exception:  # noqa: BLE001  (one that can't be read any more is told of all the same)
            message = None
        if message is not None:
            subject, text = without_links(str(message.subject)), without_links(str(message.body))
    return {
        "kind": letter.kind,
        "to": letter.recipient,
        "name": letter.recipient_name,
        "language": letter.language,
        "written_at": moment(letter.created_at),
        "sent_at": moment(letter.sent_at),
        "subject": subject,
        "text": text,
        "trouble": letter.last_error,
    }


def moment(instant: dt.datetime | None) -> str | None:
    return instant.astimezone(dt.UTC).isoformat(timespec="seconds") if instant else None


def file_name() -> str:
    """What the archive is called; nothing of whose it is."""
    words = pgettext("name of a file", "my data")
    return f"{slugify(words)}-{timezone.now():%Y-%m-%d}.zip"
