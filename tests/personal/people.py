"""A meeting full of people, each with one word in everything that tells who they are, and where it still stands."""

import contextlib
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from wagtail.log_actions import log

from events.models import (
    Announcement,
    Answer,
    CalendarKey,
    Certificate,
    DataAccess,
    Event,
    Given,
    Invitation,
    Payment,
    Question,
    Registration,
    StripeEvent,
    Transfer,
    Upload,
)
from letters.models import Letter
from tests.factories import TicketFactory, told
from tests.payments.people import pays
from tests.registration.people import address, meeting

MARK = "quixmark"
"In each name, address, answer and note of everybody."
PAYER = "quixpayer"
"The name of who pays, which accounts keep."
BEFORE = "2031-05-01T06:00:00Z"
AFTER = "2031-05-20T06:00:00Z"
"The meeting of these tests is on 12 May 2031."
LATER = "2032-06-01T06:00:00Z"
"A year has gone by since."
YEARS_LATER = "2042-06-01T06:00:00Z"


def person(event: Event, who: str, ticket: Any = None, **facts: Any) -> Registration:
    """Somebody registers; everything they say of themselves has the word in it."""
    said = {
        "name": f"{MARK} {who}",
        "latin_name": f"{MARK} latin {who}",
        "email": f"{MARK}.{who}@example.org",
        "organisation": f"{MARK} works of {who}",
        "country": "FR",
        "attendance": "onsite",
        "language": "en",
    }
    made = Registration(event=Event.objects.get(pk=event.pk), ticket=ticket, **said | facts)
    made.enter()
    return Registration.objects.get(pk=made.pk)


def question(event: Event, kind: str, label: str, **facts: Any) -> Question:
    made = Question(event=event, kind=kind, label=told(label), **facts)
    made.save()
    return made


def upload(asked: Question, name: str) -> Upload:
    file = ContentFile(f"{MARK} passport of {name}".encode(), name="x")
    return Upload.objects.create(
        question=asked, file=file, name=f"{MARK}-{name}.pdf", type="application/pdf", size=9, digest="0" * 64
    )


def full_meeting(staff: User, **facts: Any) -> Event:
    """People in each state, with all that may ever be known of them."""
    event = meeting(allows_transfer=True, has_waiting_list=True, **facts)
    free, paid = TicketFactory(event=event, code="free"), TicketFactory(event=event, code="paid", price=6000)
    motto, passport = question(event, "text", "Motto"), question(event, "file", "Passport")
    photo = question(event, "consent", "Photo")
    host = _host(event)

    whole = person(event, "whole", free, home_zone="Europe/Paris")
    whole.answer({motto: Given(f"{MARK} motto"), passport: Given(upload=upload(passport, "whole"))})
    whole.answer({photo: Given(keys=("yes",))})
    whole.answer({photo: Given()})
    whole.annotate(staff, f"a note on {MARK}")
    whole.share_with([host.pk])
    log(whole, "wagtail.edit", user=staff, data={"name": whole.name})
    CalendarKey.objects.give(whole.email_key)
    DataAccess.objects.note(staff, DataAccess.What.PERSON, registration=whole)
    upload(passport, "never sent")

    payer = person(event, "payer", paid, name=f"{PAYER} de la Cour")
    payment = pays(payer)
    Payment.objects.filter(pk=payment.pk).update(
        request=f'{{"customer_email": "{payer.email}"}}', session_url=f"https://pay.example/{MARK}", note=f"ask {MARK}"
    )
    StripeEvent.objects.create(
        event_id="evt_1", type="charge", created=payment.created_at, payment=payment, payload=f"{MARK}"
    )
    log(payment, "wagtail.edit", user=staff)
    never = person(event, "never paid", paid, email=f"{MARK}.neverpaid@example.org")
    Payment.begin(never, "Meeting")
    Payment.objects.filter(registration=never).update(state="expired")

    gone = person(event, "gone", free)
    gone.cancel(by=staff, why=f"{MARK} is ill")
    waits = person(event, "waits", free)
    Registration.objects.filter(pk=waits.pk).update(state="waiting", line=1)

    giver, other = person(event, "giver", free), f"{MARK}.other@example.org"
    passed_on = Transfer.begin(giver, f"{MARK} other", other, "es")
    passed_on.accept(organisation=f"{MARK} taken over")
    open_giver = person(event, "open giver", free, email=f"{MARK}.opengiver@example.org")
    Transfer.begin(open_giver, f"{MARK} maybe", f"{MARK}.maybe@example.org", "fr")

    guest = Invitation.objects.create(
        event=event, code="GUESTS", email=f"{MARK}.guest@example.org", name=f"{MARK} guest", language="fr", note=MARK
    )
    log(guest, "wagtail.create", user=staff)
    Invitation.objects.create(event=event, code="PRESS", note=f"for {MARK}", max_uses=None)
    written = Letter.objects.create(
        kind="confirmed",
        recipient=f"{MARK}.lost@example.org",
        recipient_name=MARK,
        language="fr",
        facts={"name": MARK},
        about=event.uid,
        link_view="participant",
        link_subject=f"{MARK}.lost@example.org",
        last_error=f"SMTP: {MARK}",
    )
    log(written, "letters.resend", user=staff)
    Client().post(address("participant_lost"), {"email": whole.email})
    Announcement.objects.create(event=event, what="moved", reached=whole.email_key)
    person_key = hashlib.sha256(whole.email_key.encode()).hexdigest()[:32]
    Letter.objects.create(
        key=f"announcement:{event.uid}:{person_key}", kind="event_moved", recipient=whole.email, recipient_name=MARK,
        language="fr", about=event.uid, link_view="participant", link_subject=str(whole.uid),
    )  # fmt: skip
    return event


def certified(event: Event, staff: User) -> None:
    """Those who were there have a certificate; one of them is taken back."""
    Certificate.objects.issue(Registration.objects.filter(event=event, state="confirmed"), staff)
    first = Certificate.objects.order_by("pk").first()
    assert first is not None
    first.revoke(staff, f"{MARK} was not there")


def _host(event: Event) -> Any:
    from events.models import EventOrganiser
    from regions.models import Organisation

    host = Organisation.objects.first() or Organisation.objects.create(short_name="HOST", name=told("Hôte"))
    EventOrganiser.objects.create(event=event, organisation=host, role=EventOrganiser.Role.HOST)
    return host


# -- where words stand


def places(*words: str) -> list[str]:
    """Every column of every table, and every file, in which one of these words stands."""
    found = []
    for table, row, column, value in everything():
        text = value.decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
        if any(word in text.casefold() for word in words):
            found.append(f"{table}.{column} ({row}): {text[:80]}")
    for path in files():
        text = f"{path.name} {path.read_bytes().decode(errors='replace')}".casefold()
        if any(word in text for word in words):
            found.append(str(path))
    return found


def everything() -> Iterator[tuple[str, Any, str, Any]]:
    """Each value of each column of each table, the tables of the search and of Django too."""
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, memoryview):
                        value = bytes(value)
                    yield table, row[0], column, value


def dump() -> list[str]:
    """The whole database and all files of participants, to be compared."""
    told = [f"{table} {row} {column} {value!r}" for table, row, column, value in everything()]
    private = Path(storages["private"].location)
    return sorted(told) + sorted(f"{path} {path.read_bytes()!r}" for path in files() if path.is_relative_to(private))


def files() -> list[Path]:
    roots = {Path(storages["private"].location), Path(settings.MEDIA_ROOT)}
    with contextlib.suppress(AttributeError):
        roots.add(Path(storages["default"].location))
    return sorted(path for root in roots if root.exists() for path in root.rglob("*") if path.is_file())


def answered(event: Event) -> int:
    return Answer.objects.filter(registration__event=event).count()


def day(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment)
