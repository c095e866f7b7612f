"""Several of the staff who decide at the same moment, over HTTP, in several processes."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

from tests.registration.crowd import Browser
from tests.registration.test_race import said

ASKED = """
import json
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from tests.desk.people import asks, moderated
event = moderated(capacity={seats})
people = [asks(event, f"Person{{number}} Somebody").pk for number in range({people})]
sessions = []
for number in range({staff}):
    client = Client()
    client.force_login(User.objects.get(username="staff"))
    sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
cookie = settings.SESSION_COOKIE_NAME
print(json.dumps({{"uid": str(event.uid), "people": people, "sessions": sessions, "cookie": cookie}}))
"""
COUNT = """
import json
from collections import Counter
from events.models import Registration, RegistrationChange, SeatPool
from letters.models import Letter
rows = Registration.objects.filter(event__uid="{uid}")
print(json.dumps({{
    "states": Counter(rows.values_list("state", flat=True)),
    "taken": SeatPool.objects.get(event__uid="{uid}", key="event").taken,
    "letters": Letter.objects.filter(about="{uid}", kind="approved").count(),
    "decided": RegistrationChange.objects.filter(registration__in=rows, verb="approve").count(),
}}))
"""


def approve_together(site, asked, choices):
    """Each session opens the queue, then all approve those that they have ticked."""
    ready = threading.Barrier(len(choices))
    path = f"/admin/registrations/requests/{asked['uid']}/"

    def one(session, ticked):
        browser = Browser(site.url)
        browser.cookies[asked["cookie"]] = session
        form = browser.fill_in(path, {"verb": "approve", "id": ticked})
        ready.wait(120)
        answer = browser.ask("POST", path, form)
        while answer.status == 503:
            answer = browser.ask("POST", path, form)
        return answer

    with ThreadPoolExecutor(len(choices)) as crowd:
        return list(crowd.map(one, asked["sessions"], choices))


def test_the_last_seat_is_approved_once_however_many_decide(served):
    site = served()
    asked = json.loads(said(site, ASKED.format(seats=1, people=2, staff=6)))
    first, second = asked["people"]
    got = approve_together(site, asked, [[first], [second], [first, second]] * 2)
    assert {answer.status for answer in got} <= {200, 303}
    assert any("No seat is left" in answer.body or "Il ne reste aucune place" in answer.body for answer in got)
    assert json.loads(said(site, COUNT.format(uid=asked["uid"]))) == {
        "states": {"confirmed": 1, "requested": 1},
        "taken": 1,
        "letters": 1,
        "decided": 1,
    }
    assert "right" in site.manage("check_seats")
    assert "Traceback" not in site.log()


def test_two_who_approve_the_same_people_write_each_letter_once(served):
    site = served()
    asked = json.loads(said(site, ASKED.format(seats=20, people=12, staff=4)))
    got = approve_together(site, asked, [asked["people"], asked["people"][::-1]] * 2)
    assert {answer.status for answer in got} == {303}
    counted = json.loads(said(site, COUNT.format(uid=asked["uid"])))
    assert counted == {"states": {"confirmed": 12}, "taken": 12, "letters": 12, "decided": 12}
