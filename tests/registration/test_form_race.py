"""Many people at once for the last seats of an event with a line: some get them, all others wait, nobody fails."""

import json
from collections import Counter

from tests.registration.crowd import send_together
from tests.registration.people import address
from tests.registration.test_race import found, person, said

STANDING = """
import json
from events.models import Registration, SeatPool
rows = Registration.objects.filter(event__uid="{uid}")
line = list(rows.in_line().values_list("line", flat=True))
print(json.dumps({{
    "states": [row.state for row in rows],
    "places": len(set(line)),
    "taken": SeatPool.objects.get(event__uid="{uid}", key="event").taken,
}}))
"""


def test_of_forty_people_for_five_seats_all_others_stand_in_line(served):
    site = served()
    uid = found(site, capacity=5, has_waiting_list=True)
    people = [person(number, **({"wait": "on"} if number % 4 else {})) for number in range(40)]
    got = send_together(site.url, address("registration", uid), people)
    stands = json.loads(said(site, STANDING.format(uid=uid)))
    states = Counter(stands["states"])
    assert states["confirmed"] == stands["taken"] == 5
    assert states["waiting"] == stands["places"]
    assert states.total() == Counter(answer.status for answer in got)[303]
    refused = [answer for answer in got if answer.status != 303]
    assert {answer.status for answer in refused} == {409}
    assert len(refused) <= 10  # only who does not want to wait
    assert all('name="wait"' in answer.body for answer in refused)
    assert "right" in site.manage("check_seats")
    assert "Traceback" not in site.log()
