"""Two of the staff at one date, people who register while a series ends: over HTTP, in processes of their own."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

from tests.changes.test_race import STAFF, fill_in, staff
from tests.registration.crowd import Browser
from tests.registration.people import address, answers
from tests.registration.test_race import found, said

WEEKLY = """
from recurrence import deserialize
from events.models import Event, Registration
event = Event.objects.get(uid="{uid}")
event.recurrence = deserialize("RRULE:FREQ=WEEKLY;COUNT=6")
event.end_local = event.start_local.replace(hour=17)
event.save_revision().publish()
event = Event.objects.get(pk=event.pk)
for number in range({many}):
    Registration(event=event, name=f"Person {{number}}", email=f"person{{number}}@example.org", attendance="onsite",
                 language="fr").enter(letter=False)
days = [date.original.date().isoformat() for date in event.occurrences.order_by("original")]
print(event.pk, event.live_revision_id, days[2])
"""
COUNT = """
import json
from events.models import CalendarEntry, Change, Event, Registration, SeatPool
event = Event.objects.get(uid="{uid}")
after = Event.objects.filter(continues=event)
print(json.dumps({{
    "events": Event.objects.filter(pk=event.pk).count() + after.count(),
    "dates": event.occurrences.given().count(), "cancelled": event.occurrences.filter(is_cancelled=True).count(),
    "changes": Change.objects.filter(event=event).count(),
    "sequence": CalendarEntry.objects.get(event=event).sequence,
    "here": sorted(Registration.objects.filter(event=event).values_list("email", flat=True)),
    "there": sorted(Registration.objects.filter(event__in=after).values_list("email", flat=True)),
    "taken": list(SeatPool.objects.filter(event__in=[event, *after], key="event").order_by("event_id").values_list(
        "taken", flat=True)),
}}))
"""


def counted(site, uid):
    return json.loads(said(site, COUNT.format(uid=uid)))


def together(number, do):
    barrier = threading.Barrier(number)

    def run(place):
        barrier.wait(60)
        answer = do(place)
        while answer.status == 503:
            answer = do(place)
        return answer

    with ThreadPoolExecutor(number) as crowd:
        return list(crowd.map(run, range(number)))


def test_of_two_at_one_date_one_cancels_it_and_the_other_is_told(served):
    site = served(workers=4)
    uid = found(site, capacity=100)
    pk, version, day = said(site, WEEKLY.format(uid=uid, many=3)).split()
    key = said(site, STAFF)
    path = f"/admin/events/{pk}/dates/{day}/cancel/"
    people = [staff(site, key) for _person in range(4)]
    forms = [fill_in(person, path, version=version) for person in people]
    forms[1] |= {"submission": forms[0]["submission"]}  # a double click
    got = together(4, lambda number: people[number].ask("POST", path, forms[number]))
    assert {answer.status for answer in got} <= {302, 303, 409}, [answer.body[:300] for answer in got]
    now = counted(site, uid)
    assert (now["cancelled"], now["changes"], now["sequence"]) == (1, 1, 2)
    assert "Traceback" not in site.log()


def test_a_series_ends_once_and_no_seat_is_lost_or_doubled_while_people_register(served):
    site = served(workers=4)
    uid = found(site, capacity=100)
    pk, version, day = said(site, WEEKLY.format(uid=uid, many=5)).split()
    key = said(site, STAFF)
    path = f"/admin/events/{pk}/dates/{day}/from-this-date/"
    facts = {
        "event-start_local": f"{day} 14:00",
        "event-end_local": f"{day} 15:00",
        "event-timezone": "Africa/Nairobi",
        "event-format": "onsite",
        "event-country": "KE",
        "event-capacity": "100",
        "event-public": "now",
        "event-along": "on",
    }
    movers = [staff(site, key) for _person in range(2)]
    forms = [fill_in(person, path, version=version, **facts) for person in movers]
    register = address("registration", uid)
    visitors = [Browser(site.url) for _visitor in range(4)]
    filled = [
        visitor.fill_in(register, answers(name=f"Late {n}", email=f"late{n}@example.org"))
        for n, visitor in enumerate(visitors)
    ]

    def do(number):
        if number < len(movers):
            return movers[number].ask("POST", path, forms[number])
        return visitors[number - 2].ask("POST", register, filled[number - 2])

    got = together(6, do)
    assert {answer.status for answer in got[2:]} == {303}
    assert [answer.status for answer in got[:2]].count(303) == 1, [answer.body[:600] for answer in got[:2]]
    now = counted(site, uid)
    assert now["events"] == 2
    assert now["dates"] == 2
    assert len(now["here"]) == 9
    assert set(now["there"]) <= set(now["here"])
    assert {f"person{n}@example.org" for n in range(5)} <= set(now["there"])
    assert now["taken"] == [len(now["here"]), len(now["there"])]
    assert "right" in site.manage("check_seats")
    assert "Traceback" not in site.log()
