"""An old draft published again and again while a crowd registers, over HTTP and in processes of its own."""

import json
from collections import Counter

from tests.registration.crowd import send_together
from tests.registration.people import address, answers

FOUND = """
from events.models import Event, Ticket
from tests.factories import TicketFactory
from tests.registration.people import meeting
event = meeting(capacity=60)
draft = Event.objects.get(pk=event.pk)
draft.capacity = 20
revision = draft.save_revision()
ticket = TicketFactory(event=event, quota=55)
print(event.uid, revision.pk, ticket.uid)
"""
PUBLISH = """
from django.core.exceptions import ValidationError
from wagtail.models import Revision
done = refused = 0
for time in range(12):
    try:
        Revision.objects.get(pk={revision}).publish()
    except ValidationError:
        refused += 1
    else:
        done += 1
print(done, refused)
"""
COUNT = """
import json
from events.models import Event
event = Event.objects.get(uid="{uid}")
pools = {{pool.key.split(":")[0]: [pool.taken, pool.capacity] for pool in event.pools.all()}}
print(json.dumps({{
    "uid": str(event.uid), "tickets": event.tickets.count(), "sequence": event.calendar_entry.sequence,
    "confirmed": event.registrations.filter(state="confirmed").count(),
    "event": pools["event"], "ticket": pools["ticket"],
}}))
"""


def said(site, script: str) -> str:
    return site.manage("shell", "--no-imports", "-c", script).strip().splitlines()[-1]


def test_publishing_an_old_draft_while_people_register_changes_no_seat_uid_ticket_or_registration(served):
    site = served()
    uid, revision, ticket = said(site, FOUND).split()
    publisher = site.talk("shell", "--no-imports", "-c", PUBLISH.format(revision=revision))
    got = send_together(
        site.url,
        address("registration", uid),
        (answers(name=f"P {n}", email=f"p{n}@example.org", ticket=ticket) for n in range(50)),
    )
    printed, _nothing = publisher.communicate(timeout=120)
    assert publisher.returncode == 0, printed
    statuses = Counter(answer.status for answer in got)
    assert set(statuses) <= {303, 409}, statuses

    now = json.loads(said(site, COUNT.format(uid=uid)))
    taken = statuses[303]
    done, refused = map(int, printed.split()[-2:])
    assert done + refused == 12
    capacity = 20 if done else 60  # published while no more than 20 seats were taken, or never
    assert taken == min(capacity, 50)
    assert now["uid"] == uid
    assert now["confirmed"] == taken
    assert now["event"] == [taken, capacity]
    assert now["ticket"] == [taken, 55]
    assert now["tickets"] == 1
    assert now["sequence"] == 0
    assert "right" in site.manage("check_seats")
