"""Two of the staff at once, people who register meanwhile, a worker that dies: over HTTP, in processes of their own."""

import contextlib
import json
import re
import sqlite3
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.letters.post_office import PostOffice
from tests.registration.crowd import Browser
from tests.registration.people import address, answers
from tests.registration.test_race import found, said

CROWD = """
from events.models import Event, Registration
event = Event.objects.get(uid="{uid}")
for number in range({many}):
    language = ("fr", "en", "es")[number % 3]
    Registration(event=event, name=f"Person {{number}}", email=f"person{{number}}@example.org", attendance="onsite",
                 language=language).enter(letter=False)
print(event.pk, event.live_revision_id)
"""
STAFF = """
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
user = User.objects.get(username="staff")
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""
COUNT = """
import json
from events.models import Announcement, CalendarEntry, Change, Event
from letters.models import Letter
event = Event.objects.get(uid="{uid}")
letters = Letter.objects.filter(about=event.uid, kind__startswith="event_")
print(json.dumps({{
    "status": event.status, "changes": Change.objects.filter(event=event).count(),
    "announcements": Announcement.objects.filter(event=event).count(),
    "sequence": CalendarEntry.objects.get(event=event).sequence,
    "letters": letters.count(), "people": letters.values("recipient").distinct().count(),
    "sent": letters.filter(sent_at__isnull=False).count(),
    "queued": Announcement.objects.filter(event=event, queued_at__isnull=False).count(),
}}))
"""
CANCELLED = """
from django.utils import timezone
from events.models import Event
from events.models.action import Action
from i18nfield.strings import LazyI18nString
event = Event.objects.get(uid="{uid}")
action = Action(event, {{"status": "cancelled"}}, version=event.live_revision_id)
print(action.carry_out(LazyI18nString({{"fr": "Pluie"}}), timezone.now()).pk)
"""


def counted(site, uid: str) -> dict:
    return json.loads(said(site, COUNT.format(uid=uid)))


def staff(site, key: str) -> Browser:
    browser = Browser(site.url)
    browser.cookies["sessionid"] = key
    return browser


def fill_in(browser: Browser, path: str, **sent: str) -> dict[str, str]:
    page = browser.ask("GET", path)
    assert page.status == 200, page.body
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
    assert token
    return {
        "csrfmiddlewaretoken": token[1],
        "submission": str(uuid.uuid4()),
        "told-reason_0": "Parce que.",
        "told-when": "now",
        "confirm": "1",
        **sent,
    }


def test_of_two_of_the_staff_at_once_one_does_it_and_the_other_is_told(served):
    site = served(workers=4)
    uid = found(site, capacity=100)
    pk, version = said(site, CROWD.format(uid=uid, many=6)).split()
    key = said(site, STAFF)
    people = [staff(site, key) for _person in range(6)]
    forms = [fill_in(person, f"/admin/events/{pk}/cancel/", version=version) for person in people]
    forms[1] |= {"submission": forms[0]["submission"]}  # a double click
    together = threading.Barrier(len(people))

    def send(number: int):
        together.wait(60)
        answer = people[number].ask("POST", f"/admin/events/{pk}/cancel/", forms[number])
        while answer.status == 503:
            answer = people[number].ask("POST", f"/admin/events/{pk}/cancel/", forms[number])
        return answer

    with ThreadPoolExecutor(len(people)) as crowd:
        got = list(crowd.map(send, range(len(people))))
    assert {answer.status for answer in got} <= {302, 303, 409}, [answer.body[:500] for answer in got]
    done = [answer for answer in got if answer.status == 303]
    assert len({answer.location for answer in done}) == 1
    assert 1 <= len(done) <= 2  # one, or the double click
    site.manage("work", "--once")
    now = counted(site, uid)
    assert (now["status"], now["changes"], now["announcements"], now["sequence"]) == ("cancelled", 1, 1, 1)
    assert (now["letters"], now["people"]) == (6, 6)


def test_who_registers_while_it_is_moved_is_told_what_they_do_not_know_and_nothing_twice(served):
    site = served(workers=3)
    uid = found(site, capacity=100)
    pk, version = said(site, CROWD.format(uid=uid, many=3)).split()
    mover = staff(site, said(site, STAFF))
    form = fill_in(
        mover,
        f"/admin/events/{pk}/move/",
        version=version,
        **{
            "event-start_local": "2031-06-03 09:00",
            "event-end_local": "2031-06-03 17:00",
            "event-timezone": "Africa/Nairobi",
            "event-format": "onsite",
            "event-city_0": "Nairobi",
            "event-country": "KE",
        },
    )
    path = address("registration", uid)
    visitors = [Browser(site.url) for _visitor in range(8)]
    forms = [
        visitor.fill_in(path, answers(name=f"Late {n}", email=f"late{n}@example.org"))
        for n, visitor in enumerate(visitors)
    ]
    together = threading.Barrier(len(visitors) + 1)

    def register(number: int):
        together.wait(60)
        answer = visitors[number].ask("POST", path, forms[number])
        while answer.status == 503:
            answer = visitors[number].ask("POST", path, forms[number])
        return answer.status

    def move():
        together.wait(60)
        answer = mover.ask("POST", f"/admin/events/{pk}/move/", form)
        while answer.status == 503:
            answer = mover.ask("POST", f"/admin/events/{pk}/move/", form)
        return answer.status

    with ThreadPoolExecutor(len(visitors) + 1) as crowd:
        moved = crowd.submit(move)
        assert set(crowd.map(register, range(len(visitors)))) == {303}
        assert moved.result() == 303
    site.manage("work", "--once")
    site.manage("work", "--once")
    for n in range(8):
        mine = [letter.get_body(("plain",)).get_content() for letter in site.letters() if f"late{n}@" in letter["To"]]
        assert 1 <= len(mine) <= 2
        first, last = " ".join(mine[0].split()), " ".join(mine[-1].split())
        assert "3 juin 2031" in last  # whatever they read last is true
        if len(mine) == 2:
            assert "12 mai 2031" in first
    assert counted(site, uid)["people"] == counted(site, uid)["letters"]
    assert "right" in site.manage("check_seats")


def test_a_worker_killed_in_the_middle_of_telling_sixty_people_tells_each_once(served):
    with PostOffice() as office:
        site = served(EMAIL_URL=office.url, LETTER_LEASE="1")
        uid = found(site, capacity=100)
        said(site, CROWD.format(uid=uid, many=60))
        said(site, CANCELLED.format(uid=uid))
        worker = site.start_worker()
        until = time.monotonic() + 60
        while not rows(site) and time.monotonic() < until:
            time.sleep(0.002)
        worker.kill()  # the first rows are written, not all of them
        worker.wait(20)
        for _time in range(2):  # with a letter in its hand
            office.got_one.clear()
            office.goes_on.clear()
            worker = site.start_worker()
            assert office.got_one.wait(120)
            worker.kill()
            worker.wait(20)
            office.goes_on.set()
        until = time.monotonic() + 120
        now = counted(site, uid)
        while now["sent"] < 60 and time.monotonic() < until:
            site.manage("work", "--once")
            now = counted(site, uid)
        assert (now["letters"], now["people"], now["sent"], now["queued"]) == (60, 60, 60, 1)
        got = [re.search(r"person\d+@example.org", letter)[0] for letter in office.taken]
        assert len(set(got)) == 60
        assert len(got) <= 60 + 3  # at most one doubled a kill
        assert "Traceback" not in site.log()


def rows(site) -> int:
    """How many letters of an announcement are written, asked of the database itself."""
    query = "SELECT count(*) FROM letters_letter WHERE kind = 'event_cancelled'"
    if site.database_url.startswith("postgres"):
        with psycopg.connect(site.database_url) as connection:
            return connection.execute(query).fetchone()[0]
    with contextlib.closing(sqlite3.connect(site.database_url.removeprefix("sqlite:///"), timeout=60)) as connection:
        return connection.execute(query).fetchone()[0]
