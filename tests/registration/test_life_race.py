"""Offers, changes of mind, places passed on and capacities, all at the same moment: over HTTP, several processes."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.registration.crowd import Browser, send_together
from tests.registration.people import address, answers
from tests.registration.test_race import said

ENTERED = """
import datetime as dt, json
from django.utils import timezone
from events.models import Place, Registration, Transfer
from events.registration import links
from tests.registration.people import meeting
event = meeting(format="hybrid", has_waiting_list=True, allows_transfer=True, **json.loads('''{facts}'''))
told = {{}}
for number, (way, wait) in enumerate(json.loads('''{people}''')):
    row = Registration(event=event, name=f"Person {{number}}", email=f"person{{number}}@example.org", attendance=way,
                       language="fr")
    row.enter(letter=False, wait=wait)
    told[row.email] = links.token(row)
print(json.dumps({{"uid": str(event.uid), "pk": event.pk, "tokens": list(told.values())}}))
"""
COUNT = """
import json
from collections import Counter
from events.models import Event
event = Event.objects.get(uid="{uid}")
rows = list(event.registrations.order_by("pk"))
print(json.dumps({{
    "states": Counter(row.state for row in rows),
    "by": {{row.email: row.state for row in rows}},
    "onsite": sum(row.attendance == "onsite" and bool(row.held) for row in rows),
    "pools": {{pool.key: [pool.taken, pool.capacity] for pool in event.pools.all()}},
    "free_for_who_waits": sum(
        all(pool.left is None or pool.left > 0 for pool in event.pools.filter(key__in=row.place.pools))
        for row in event.registrations.in_line()
    ),
}}))
"""
SOON_OVER = """
import datetime as dt
from django.utils import timezone
from events.models import Registration
Registration.objects.filter(event__uid="{uid}", state="offered").update(expires_at=timezone.now())
"""
PASSED_ON = """
import json
from events.models import Registration, Transfer
from events.registration import links
made = []
for row in Registration.objects.filter(event__uid="{uid}").order_by("pk"):
    transfer = Transfer.begin(row, "Binta", f"to.{{row.email}}", "fr")
    made.append(links.transfer_address(transfer, "fr"))
print(json.dumps(made))
"""
LOWER = """
from django.core.exceptions import ValidationError
from events.models import Event
lowered = refused = 0
for seats in range(19, 9, -1):
    event = Event.objects.get(uid="{uid}")
    event.capacity_onsite = seats
    try:
        event.save_revision().publish()
        lowered += 1
    except ValidationError:
        refused += 1
print(lowered, refused)
"""


def entered(site, people, **facts) -> dict:
    return json.loads(said(site, ENTERED.format(facts=json.dumps(facts), people=json.dumps(people))))


def counted(site, uid: str) -> dict:
    return json.loads(said(site, COUNT.format(uid=uid)))


def at_once(*deeds):
    """Do all of it at the same moment; who meets a busy page does it again."""
    ready = threading.Barrier(len(deeds))

    def run(deed):
        ready.wait(60)
        answer = deed()
        while getattr(answer, "status", 0) == 503:
            answer = deed()
        return answer

    with ThreadPoolExecutor(len(deeds)) as crowd:
        return list(crowd.map(run, deeds))


def press(site, page, token, **form):
    """Press a button on one's own page."""
    return lambda: Browser(site.url).ask("POST", address(page, token), form or {"yes": "1"})


def assert_right(site, uid: str) -> dict:
    now = counted(site, uid)
    assert "right" in site.manage("check_seats")
    assert "Traceback" not in site.log()
    assert all(capacity is None or taken <= capacity for taken, capacity in now["pools"].values()), now
    assert now["free_for_who_waits"] == 0
    return now


def test_seats_given_back_amid_a_crowd_go_to_the_first_in_the_line_and_to_nobody_else(served):
    site = served(workers=4)
    made = entered(site, [("onsite", False)] * 6 + [("onsite", True)] * 8, capacity=6)
    uid, tokens = made["uid"], made["tokens"]
    new = [answers(name=f"New {n}", email=f"new{n}@example.org", attendance="onsite") for n in range(10)]
    crowd = threading.Thread(target=send_together, args=(site.url, address("registration", uid), new))
    crowd.start()
    leave = [press(site, "participant_cancel", token) for token in tokens[:6]]
    not_waiting_any_more = [press(site, "participant_cancel", tokens[7]), press(site, "participant_cancel", tokens[7])]
    got = at_once(*leave, *not_waiting_any_more)
    crowd.join(120)
    assert {answer.status for answer in got} <= {302, 303}
    now = assert_right(site, uid)
    assert now["pools"]["event"] == [6, 6]
    line = [now["by"][f"person{n}@example.org"] for n in range(6, 14)]
    assert line == ["offered", "cancelled", *["offered"] * 5, "waiting"]
    assert not [email for email, state in now["by"].items() if email.startswith("new") and state == "confirmed"]


def test_whoever_takes_an_offer_as_it_runs_out_has_it_or_the_next_one_has(served):
    site = served(workers=4)
    made = entered(site, [("onsite", False)] * 6 + [("onsite", True)] * 12, capacity=6)
    uid, tokens = made["uid"], made["tokens"]
    at_once(*(press(site, "participant_cancel", token) for token in tokens[:6]))
    said(site, SOON_OVER.format(uid=uid) + "\nprint()\nprint('done')")
    worker = [lambda: site.manage("work", "--once")] * 2
    take = [press(site, "participant_accept", token) for token in tokens[6:12] for _twice in range(2)]
    _one, _other, *got = at_once(*worker, *take)
    assert {answer.status for answer in got} <= {302, 303, 409}
    now = assert_right(site, uid)
    assert now["pools"]["event"] == [6, 6]
    first = Counter(now["by"][f"person{n}@example.org"] for n in range(6, 12))
    assert set(first) <= {"confirmed", "expired"}
    assert now["states"].get("offered", 0) == first["expired"]


def test_a_place_is_passed_on_or_given_back_but_never_both(served):
    site = served(workers=4)
    made = entered(site, [("onsite", False)] * 8, capacity=8)
    uid = made["uid"]
    places = json.loads(said(site, PASSED_ON.format(uid=uid)))
    person = {"name": "Binta Diallo", "organisation": "", "country": "SN", "language": "fr", "consent": "on"}
    paths = ["/" + place.split("/", 3)[3] for place in places]
    take = [lambda path=path: Browser(site.url).ask("POST", path, person) for path in paths for _twice in range(2)]
    leave = [press(site, "participant_cancel", token) for token in made["tokens"]]
    got = at_once(*take, *leave)
    assert {answer.status for answer in got} <= {302, 303, 404, 409, 410}
    now = assert_right(site, uid)
    taken = sum(email.startswith("to.") and state == "confirmed" for email, state in now["by"].items())
    assert now["states"] == {"cancelled": 8} | ({"confirmed": taken} if taken else {})
    assert now["pools"]["event"][0] == taken


def test_changing_the_way_while_the_room_gets_smaller_never_seats_too_many(served):
    site = served(workers=4)
    people = [("online", False)] * 16 + [("onsite", False)] * 8
    made = entered(site, people, capacity_onsite=20, capacity_online=20)
    uid, tokens = made["uid"], made["tokens"]
    smaller = [lambda: said(site, LOWER.format(uid=uid))]
    person = {"name": "Asha Rao", "organisation": "", "country": "IN", "language": "fr"}
    to_the_room = [press(site, "participant_change", token, attendance="onsite", **person) for token in tokens[:16]]
    from_the_room = [press(site, "participant_change", token, attendance="online", **person) for token in tokens[16:]]
    tried, *got = at_once(*smaller, *to_the_room, *from_the_room)
    assert sum(int(number) for number in tried.split()) == 10
    assert {answer.status for answer in got} <= {302, 303, 409}
    now = assert_right(site, uid)
    assert now["onsite"] == now["pools"]["mode:onsite"][0] <= now["pools"]["mode:onsite"][1]
    assert now["states"] == {"confirmed": 24}
