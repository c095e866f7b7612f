"""Forgetting: a registration stays in the figures and in the books, and tells no more whose it was."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from letters.models import Letter

from ..announcement import Announcement
from ..calendar_key import CalendarKey
from ..certificate import Certificate
from ..history import RegistrationChange
from ..invitation import Invitation
from ..payment import Payment
from ..questions.answer import Answer
from ..questions.upload import Upload
from ..registration import Registration, address_key
from ..seats import SeatPool
from ..sharing import SharingConsent
from ..transfer import Transfer
from . import traces
from .erased import OWN_WORDS
from .nobody import DOMAIN, address_of

if TYPE_CHECKING:
    from ..event import Event

CHUNK = 50
"People forgotten in one transaction: nobody who registers waits long for it."
NUMBERED = ("certificate",)
"Verbs whose reason is the number of what was made, and no words of anybody's."


@dataclass
class Forgotten:
    """How much was deleted, and whose money is on its way so that they wait."""

    people: int = 0
    answers: int = 0
    files: int = 0
    letters: int = 0
    waiting: list[int] = field(default_factory=list)
    "Keys of registrations that were left as they are."

    def __iadd__(self, other: "Forgotten") -> "Forgotten":
        self.people += other.people
        self.answers += other.answers
        self.files += other.files
        self.letters += other.letters
        self.waiting += other.waiting
        return self


def forget(event_id: int, registrations: Collection[int], by: User | None = None) -> Forgotten:
    """Delete of these people whatever tells who they are, some in a transaction; twice is once.

    Kept are state, ticket, way to take part, dates, verbs of the history, and what accounts are
    made of. Whose money is on its way, or disputed, is left alone and named in ``waiting``.
    """
    done = Forgotten()
    keys = sorted(registrations)
    for at in range(0, len(keys), CHUNK):
        with transaction.atomic():
            done += _forget_some(event_id, keys[at : at + CHUNK], by)
    return done


def _forget_some(event_id: int, keys: list[int], by: User | None) -> Forgotten:
    # Payments, pools, registrations, outbox: the order that everybody keeps.
    named = dict(Registration.objects.known().filter(pk__in=keys).values_list("pk", "email_key"))
    paid = Payment.objects.filter(event=event_id)
    payments = list(paid.filter(_paid_by(named)).select_for_update().order_by("pk").values_list("pk", flat=True))
    SeatPool.objects.hold(event_id)
    rows = list(
        Registration.objects.known()
        .select_for_update(of=("self",))
        .filter(event=event_id, pk__in=keys)
        .select_related("event")
        .order_by("pk")
    )
    unsettled = traces.unsettled(Payment.objects.filter(pk__in=payments))
    waits_for = {(one.registration_id, address_key(one.payer_email)) for one in unsettled}
    waiting = [row.pk for row in rows if any(row.pk == pk or row.email_key == key for pk, key in waits_for)]
    rows = [row for row in rows if row.pk not in waiting]
    done = Forgotten(people=len(rows), waiting=waiting)
    if not rows:
        return done
    done.answers, done.files = forget_answers(Answer.objects.filter(registration__in=rows))
    done.letters = _forget_letters(rows)
    _forget_beside(rows)
    people = {row.email_key for row in rows}
    own = [one.pk for one in Payment.objects.filter(pk__in=payments) if address_key(one.payer_email) in people]
    traces.unname_payments(Payment.objects.filter(pk__in=own))
    for row in rows:
        _unname(row)
        row._note("erase", row.state, by, "")
    traces.unname_log(Registration, [row.pk for row in rows])
    known = Registration.objects.known().filter(email_key__in=people).values("email_key")
    CalendarKey.objects.filter(email_key__in=people).exclude(email_key__in=known).delete()
    return done


def _paid_by(named: dict[int, str]) -> Q:
    """For their places, or by them for a place that went on to somebody else."""
    return Q(registration__in=list(named)) | Q(payer_email__in=_spelled(named.values()))


def _spelled(keys: Iterable[str]) -> list[str]:
    """The spellings under which these people registered, and the plain one."""
    keys = set(keys)
    rows = Registration.objects.filter(email_key__in=keys).order_by().values_list("email", flat=True)
    return sorted(keys | set(rows))


def forget_answers(answers: "QuerySet[Answer]") -> tuple[int, int]:
    """Delete these answers, and the files that nobody else's answer has; how many of each."""
    uploads = list(answers.exclude(upload=None).order_by().values_list("upload", flat=True).distinct())
    count = answers.count()
    answers.delete()
    return count, Upload.objects.filter(pk__in=uploads, answers=None).discard()


def _unname(row: Registration) -> None:
    row.name = row.latin_name = row.organisation = row.country = row.home_zone = ""
    row.known_organisation, row.submission, row.erasure_asked_at = None, None, None
    row.email = address_of(row.uid.hex)
    row.erased_at = timezone.now()
    row.save()


def _forget_letters(rows: list[Registration]) -> int:
    """Those to these people about this event; of one to somebody else it is only taken out who offered them a place."""
    event = rows[0].event
    given = Transfer.objects.filter(registration__in=rows)
    taken = Transfer.objects.filter(successor__in=rows)
    about = Letter.objects.filter(about=event.uid)
    subjects = [str(row.uid) for row in rows] + [str(uid) for uid in taken.values_list("uid", flat=True)]
    subjects += [str(uid) for uid in given.filter(successor=None).values_list("uid", flat=True)]
    theirs = Q(link_subject__in=subjects)
    to_them = about.filter(link_view__in=traces.THEIRS).annotate(plain=Lower("recipient"))
    people = _spelled({row.email_key for row in rows})
    count = traces.empty_letters(to_them.filter(Q(plain__in=people) | Q(recipient__in=people)))
    count += traces.empty_letters(about.filter(theirs))
    others = [str(uid) for uid in given.exclude(successor=None).values_list("uid", flat=True)]
    for letter in about.filter(link_subject__in=others):
        letter.facts = {name: said for name, said in letter.facts.items() if name != "from"}
        letter.save(update_fields=["facts"])
    return count


def _forget_beside(rows: list[Registration]) -> None:
    """Sharings, places offered and invitations; what certificates and histories say in words."""
    now = timezone.now()
    SharingConsent.objects.filter(registration__in=rows).delete()
    moved = Transfer.objects.filter(Q(registration__in=rows) | Q(successor__in=rows))
    moved.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    moved.update(name="", email="")
    Certificate.objects.filter(registration__in=rows).forget()
    words = RegistrationChange.objects.filter(registration__in=rows).exclude(verb__in=NUMBERED)
    words.exclude(why__in=OWN_WORDS).update(why="")
    people = {row.email_key for row in rows}
    personal = Invitation.objects.personal().filter(event=rows[0].event_id).only("email")
    mine = [one.pk for one in personal if address_key(one.email) in people]
    traces.unname_invitations(Invitation.objects.filter(pk__in=mine))


def forget_rest(event: "Event") -> Forgotten:
    """What else is known of an event's people, once its registrations are forgotten: who was invited, written to, paid.

    Payments that are unsettled, and files of a form that nobody sent in the end, are looked at as well.
    """
    done = Forgotten()
    with transaction.atomic():
        payments = Payment.objects.filter(event=event)
        list(payments.select_for_update().order_by("pk").values_list("pk", flat=True))
        SeatPool.objects.hold(event.pk)
        if Registration.objects.known().filter(event=event).exists():
            return done  # somebody registered meanwhile, or waits for money
        named = payments.exclude(payer_email="", request="", session_url="")
        traces.unname_payments(named.exclude(pk__in=traces.unsettled(payments).values("pk")))
        named_invitations = Invitation.objects.filter(event=event).exclude(
            Q(email="") | Q(email__endswith=f"@{DOMAIN}"), name="", note=""
        )
        traces.unname_invitations(named_invitations)
        Transfer.objects.filter(registration__event=event).exclude(name="", email="").update(name="", email="")
        done.files = Upload.objects.filter(question__event=event, answers=None).discard()
        Announcement.objects.filter(event=event).exclude(reached="").update(reached="")
        done.letters = traces.empty_letters(Letter.objects.filter(about=event.uid))
    return done


def by_event(registrations: "QuerySet[Registration]") -> Iterator[tuple[int, list[int]]]:
    """The keys of these registrations, event by event."""
    found: dict[int, list[int]] = {}
    for pk, event in registrations.order_by("event_id", "pk").values_list("pk", "event_id"):
        found.setdefault(event, []).append(pk)
    yield from found.items()
