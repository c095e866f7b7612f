"""Many people at once for the dates of a series, over HTTP, against the real server on the suite's database."""

import json
from collections import Counter
from typing import Any

from tests.registration.crowd import send_together
from tests.registration.people import address, answers
from tests.registration.series import FIRST, SECOND, THIRD

SERIES = """
import json
from tests.registration.series import series
print(series(**json.loads('''{facts}''')).uid)
"""
COUNT = """
import json
from django.db.models import Count
from events.models import Registration, SeatPool
from letters.models import Letter
own = {{"event__uid": "{uid}"}}
living = Registration.objects.living().filter(**own)
print(json.dumps({{
    "registered": {{f"{{row.occurrence.day}}": living.filter(occurrence=row.occurrence).count() for row in living}},
    "pools": {{
        f"{{pool.occurrence.day}} {{pool.key.split(':', 2)[2]}}": pool.taken
        for pool in SeatPool.objects.of_dates().filter(**own)
    }},
    "all": SeatPool.objects.get(key="event", **own).taken,
    "letters": Letter.objects.filter(about="{uid}", kind="confirmed").count(),
    "without": SeatPool.objects.of_dates().filter(key__endswith=":event", capacity=None, **own).count(),
}}))
"""
LOWER = """
from events.models import Event
event = Event.objects.get(uid="{uid}")
event.capacity = {capacity}
try:
    event.save_revision().publish()
    print("published")
except Exception as error:
    print(type(error).__name__)
"""


def said(site: Any, script: str) -> str:
    return site.manage("shell", "--no-imports", "-c", script).strip().splitlines()[-1]


def found(site: Any, **facts: Any) -> str:
    return said(site, SERIES.format(facts=json.dumps(facts)))


def count(site: Any, uid: str) -> dict[str, Any]:
    return json.loads(said(site, COUNT.format(uid=uid)))


def person(number: int, *days: str) -> dict[str, Any]:
    return answers(name=f"Person {number}", email=f"person{number}@example.org") | {"dates": list(days)}


def test_the_last_seats_of_a_date_are_taken_once_and_another_date_is_not_touched(served):
    site = served()
    uid = found(site, capacity=5)
    crowd = [person(number, FIRST) for number in range(20)] + [person(number, SECOND) for number in range(20, 25)]
    got = send_together(site.url, address("registration", uid), crowd)
    assert Counter(answer.status for answer in got[:20]) == {303: 5, 409: 15}
    assert Counter(answer.status for answer in got[20:]) == {303: 5}
    after = count(site, uid)
    assert after["registered"] == {FIRST: 5, SECOND: 5}
    assert (after["pools"][f"{FIRST} event"], after["pools"][f"{SECOND} event"], after["all"]) == (5, 5, 10)
    assert after["letters"] == 10
    assert after["without"] == 0
    assert "right" in site.manage("check_seats")
    assert "Traceback" not in site.log()


def test_forms_for_several_dates_in_any_order_are_taken_whole_or_not_at_all(served):
    site = served()
    uid = found(site, capacity=4)
    orders = [(FIRST, SECOND), (SECOND, FIRST), (SECOND, THIRD), (THIRD, FIRST)]
    crowd = [person(number, *orders[number % 4]) for number in range(24)]
    got = send_together(site.url, address("registration", uid), crowd)
    assert {answer.status for answer in got} == {303, 409}
    after = count(site, uid)
    taken = sum(answer.status == 303 for answer in got)
    assert sum(after["registered"].values()) == after["all"] == 2 * taken
    assert after["letters"] == taken
    assert all(seats <= 4 for seats in after["registered"].values())
    assert {key.split()[0]: seats for key, seats in after["pools"].items() if key.endswith(" event")} == after[
        "registered"
    ]
    assert "right" in site.manage("check_seats")
    assert "Traceback" not in site.log()


def test_one_address_from_ten_windows_takes_one_seat_a_date(served):
    site = served()
    uid = found(site, capacity=20)
    got = send_together(site.url, address("registration", uid), [person(1, FIRST, SECOND)] * 10)
    assert Counter(answer.status for answer in got) == {303: 10}
    after = count(site, uid)
    assert after["registered"] == {FIRST: 1, SECOND: 1}
    assert after["all"] == 2


def test_a_capacity_lowered_while_people_register_is_fitted_or_refused(served):
    import threading

    site = served()
    uid = found(site, capacity=30)
    outcome: list[str] = []
    lower = threading.Thread(target=lambda: outcome.append(said(site, LOWER.format(uid=uid, capacity=8))))
    lower.start()
    got = send_together(site.url, address("registration", uid), [person(number, FIRST) for number in range(24)])
    lower.join()
    after = count(site, uid)
    taken = sum(answer.status == 303 for answer in got)
    assert after["registered"] == {FIRST: taken}
    assert (outcome == ["published"] and taken <= 8) or (outcome == ["ValidationError"] and taken == 24)
    assert "right" in site.manage("check_seats")
    assert "Traceback" not in site.log()
