"""The worker killed, by the signal nobody can catch, while it passes seats on and while it writes reminders."""

import contextlib
import json
import random
import sqlite3
import time

from tests.letters.test_killed import wait_for
from tests.registration.test_race import said

OFFERS = """
import datetime as dt
from django.db import transaction
from django.utils import timezone
from events.models import Registration
from tests.registration.people import meeting
event = meeting(capacity=40, has_waiting_list=True)
with transaction.atomic():
    people = []
    for number in range(120):
        people.append(Registration(
            event=event, name=f"n{number}", email=f"n{number}@example.org", attendance="onsite", language="en",
            verified_at=timezone.now(),
        ))
        people[-1].enter(wait=True)
    for person in people[:40]:
        person.cancel()
    soon = timezone.now() - dt.timedelta(minutes=1)
    print(event.registrations.filter(state="offered").update(expires_at=soon))
"""
LINE = """
import json
from collections import Counter
from events.models import Event, Registration, RegistrationChange
from letters.models import Letter
event = Event.objects.get(registrations__email="n0@example.org")
rows = event.registrations
print(json.dumps({
    "states": Counter(rows.values_list("state", flat=True)),
    "first": rows.filter(state="expired", name__in=[f"n{number}" for number in range(40, 80)]).count(),
    "verbs": Counter(RegistrationChange.objects.filter(registration__event=event).values_list("verb", flat=True)),
    "letters": Counter(Letter.objects.filter(about=event.uid).values_list("kind", flat=True)),
}))
"""


def asked(site, question: str) -> int:
    """A number straight from the database, without waiting for a process to start."""
    if site.database_url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(site.database_url.removeprefix("sqlite:///"))) as database:
            return database.execute(question).fetchone()[0]
    import psycopg

    with psycopg.connect(site.database_url) as database:
        return database.execute(question).fetchone()[0]


def kill_when(site, question: str, number: int, moment: float) -> None:
    """Start a worker and kill it a moment after the answer has become as high as that."""
    worker = site.start_worker()
    wait_for(lambda: asked(site, question) >= number)
    time.sleep(moment)
    worker.kill()
    worker.wait(20)


def test_a_worker_killed_while_it_ends_offers_leaves_each_seat_with_one_person_and_each_letter_once(served):
    kills = random.Random(20261123)
    site = served(LETTERS_PER_HOUR="5")
    assert said(site, OFFERS) == "40"
    expired = "SELECT count(*) FROM events_registration WHERE state = 'expired'"
    for number in (3, 15, 27):
        kill_when(site, expired, number, kills.random() / 50)
        assert asked(site, expired) < 40  # it was killed in the middle
    assert "right" in site.manage("check_seats")
    worker = site.start_worker()
    wait_for(lambda: asked(site, expired) >= 40)
    worker.terminate()
    worker.wait(60)
    assert "right" in site.manage("check_seats")
    assert json.loads(said(site, LINE)) == {
        "states": {"cancelled": 40, "expired": 40, "offered": 40},
        "first": 40,
        "verbs": {"enter": 120, "cancel": 40, "offer": 80, "expire": 40},
        "letters": {"confirmed": 40, "waiting": 80, "cancelled": 40, "offered": 80, "offer_expired": 40},
    }


PEOPLE = """
import datetime as dt
from django.utils import timezone
from events.models import Registration, Reminder, SeatPool
from tests.registration.people import meeting
now = timezone.now().replace(tzinfo=None, microsecond=0)
start = now + dt.timedelta(hours=47)
event = meeting(timezone="Africa/Abidjan", start_local=start, end_local=start + dt.timedelta(hours=1))
keys = ["event", "mode:onsite"]
Registration.objects.bulk_create([
    Registration(
        event=event, name=f"n{number}", email=f"n{number}@example.org", email_key=f"n{number}@example.org",
        attendance="onsite", language="en", held=keys, confirmed_at=timezone.now() - dt.timedelta(days=3),
    )
    for number in range(2000)
], batch_size=500)
SeatPool.objects.filter(event=event, key__in=keys).update(taken=2000)
Reminder.objects.create(event=event, amount=2)
print(event.uid)
"""
REMINDED = """
import json
from django.db.models import Count
from events.models import Mailing
from letters.models import Letter
mine = Letter.objects.filter(about="{uid}", kind="reminder")
mailing = Mailing.objects.get()
print(json.dumps([
    mine.count(), mine.values("recipient").distinct().count(), mailing.letters, mailing.finished_at is not None
]))
"""


def test_a_worker_killed_while_it_writes_reminders_ends_with_one_for_each(served):
    kills = random.Random(20261124)
    site = served(LETTERS_PER_HOUR="5")
    uid = said(site, PEOPLE)
    reminders = "SELECT count(*) FROM letters_letter WHERE kind = 'reminder'"
    for number in (1, 601, 1201):
        kill_when(site, reminders, number, kills.random() / 20)
        assert asked(site, reminders) < 2000  # it was killed in the middle
    worker = site.start_worker()
    wait_for(lambda: asked(site, "SELECT count(*) FROM events_mailing WHERE finished_at IS NOT NULL"))
    worker.terminate()
    worker.wait(60)
    assert json.loads(said(site, REMINDED.format(uid=uid))) == [2000, 2000, 2000, True]
    assert "0 letters" in site.manage("remind")
    assert "right" in site.manage("check_seats")
