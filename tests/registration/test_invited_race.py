"""Guests with a seat kept for them and strangers, at once, over HTTP against several processes."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.registration.crowd import Answer, Browser
from tests.registration.people import address, answers

FOUND = """
import json
from events.models import Invitation
from events.registration import links
from events.registration.inviting import Inviting, read
from tests.registration.people import address, meeting
event = meeting(capacity=9)
people = "\\n".join(f"g{n}@example.org" for n in range(6))
Inviting(event, language="fr", keeps_seats=True).invite(read(people))
invited = Invitation.objects.order_by("pk")
print(json.dumps([str(event.uid), [address("invitation", links.invitation_token(one)) for one in invited]]))
"""
COUNT = """
import json
from events.models import Event
event = Event.objects.get(uid="{uid}")
living = event.registrations.living()
print(json.dumps({{
    "taken": event.pools.get(key="event").taken, "guests": living.exclude(invitation=None).count(),
    "strangers": living.filter(invitation=None).count(),
    "kept": sum(one.reserved for one in event.invitations.all()),
}}))
"""


def said(site, script: str):
    return json.loads(site.manage("shell", "--no-imports", "-c", script).strip().splitlines()[-1])


def send(url: str, everybody: list) -> list[Answer]:
    """Each opens their page, then all send their form at once; who meets a busy page sends it again."""
    ready = threading.Barrier(len(everybody))

    def person(sent: tuple) -> Answer:
        path, said = sent
        browser = Browser(url)
        form = browser.fill_in(path, said)
        ready.wait(120)
        answer = browser.ask("POST", path, form)
        while answer.status == 503:
            answer = browser.ask("POST", path, form)
        return answer

    with ThreadPoolExecutor(len(everybody)) as crowd:
        return list(crowd.map(person, everybody))


def test_guests_have_the_seats_kept_for_them_and_strangers_the_others(served):
    site = served()
    uid, links = said(site, FOUND)
    public = address("registration", uid)
    strangers = [answers(name=f"S {n}", email=f"s{n}@example.org") for n in range(12)]
    guests = [{"decline": "1"}, *(answers(name=f"G {n}", email=f"g{n}@example.org") for n in range(1, 6))]
    got = send(site.url, [*zip(links, guests, strict=True), *((public, one) for one in strangers)])
    statuses = Counter(answer.status for answer in got)
    assert set(statuses) <= {303, 409}, statuses
    assert [answer.status for answer in got[:6]] == [303] * 6

    now = said(site, COUNT.format(uid=uid))
    assert (now["guests"], now["kept"]) == (5, 0)
    assert now["strangers"] in (3, 4)  # whether the seat of who declined came free in time
    assert now["taken"] == now["guests"] + now["strangers"]
    assert "right" in site.manage("check_seats")
