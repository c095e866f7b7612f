"""Many people at once, over HTTP, against the real server on the database the suite runs on."""

import json
import time
from collections import Counter

from tests.registration.crowd import Browser, send_together
from tests.registration.people import LINK, address, answers

MEETING = """
import json
from events.models import Invitation
from tests.registration.people import meeting
event = meeting(**json.loads('''{facts}'''))
for code in json.loads('''{codes}'''):
    Invitation.objects.create(event=event, code=code)
print(event.uid)
"""
COUNT = """
import json
from events.models import Registration, SeatPool
from letters.models import Letter
own = {{"event__uid": "{uid}"}}
print(json.dumps({{
    "confirmed": Registration.objects.filter(state="confirmed", **own).count(),
    "addresses": Registration.objects.filter(**own).values("email_key").distinct().count(),
    "pools": dict(SeatPool.objects.filter(**own).values_list("key", "taken")),
    "letters": Letter.objects.filter(about="{uid}", kind="confirmed").count(),
}}))
"""


def found(site, codes=(), **facts) -> str:
    return said(site, MEETING.format(facts=json.dumps(facts), codes=json.dumps(list(codes))))


def count(site, uid: str) -> dict:
    return json.loads(said(site, COUNT.format(uid=uid)))


def said(site, script: str) -> str:
    return site.manage("shell", "--no-imports", "-c", script).strip().splitlines()[-1]


def person(number: int, **more: str) -> dict[str, str]:
    return answers(name=f"Person {number}", email=f"person{number}@example.org", **more)


def to_people(site) -> list:
    return [letter for letter in site.letters() if "person" in letter["To"]]


def test_two_hundred_people_racing_for_a_hundred_seats_end_with_exactly_a_hundred(served):
    site = served()
    uid = found(site, capacity=100)
    got = send_together(site.url, address("registration", uid), (person(number) for number in range(200)))
    assert Counter(answer.status for answer in got) == {303: 100, 409: 100}
    assert count(site, uid) == {
        "confirmed": 100,
        "addresses": 100,
        "pools": {"event": 100, "mode:onsite": 100, "mode:online": 0},
        "letters": 100,
    }
    assert "right" in site.manage("check_seats")
    assert "Traceback" not in site.log()


def test_a_code_for_one_lets_one_of_many_in(served):
    site = served()
    uid = found(site, codes=["ONE"], access="members")
    got = send_together(site.url, address("registration", uid), (person(number, code="ONE") for number in range(20)))
    assert Counter(answer.status for answer in got) == {303: 1, 422: 19}
    assert count(site, uid)["pools"]["event"] == 1


def test_one_address_sent_from_ten_windows_takes_one_seat(served):
    site = served()
    uid = found(site, capacity=20)
    got = send_together(site.url, address("registration", uid), [person(1)] * 10)
    assert Counter(answer.status for answer in got) == {303: 10}
    assert len({answer.location for answer in got}) == 1
    assert count(site, uid)["pools"]["event"] == 1


def test_two_workers_send_each_letter_once_and_the_link_in_it_opens(served):
    site = served()
    uid = found(site)
    send_together(site.url, address("registration", uid), (person(number) for number in range(20)))
    site.start_worker()
    site.start_worker()
    visitor = Browser(site.url)
    until = time.monotonic() + 120
    ready = visitor.ask("GET", "/readyz")
    while time.monotonic() < until and not (len(to_people(site)) >= 20 and ready.status == 200):
        ready = visitor.ask("GET", "/readyz")
    mine = to_people(site)
    assert Counter(letter["To"] for letter in mine) == {f"Person {n} <person{n}@example.org>": 1 for n in range(20)}
    assert ready.status == 200
    path = LINK.search(mine[0].get_body(("plain",)).get_content())[1]
    assert visitor.ask("GET", path).status == 200
    token = path.rstrip("/").rpartition("/")[2]
    assert token.split(":")[2] not in site.log()


def test_the_log_of_the_server_itself_shows_no_personal_address(served):
    site = served(GUNICORN_CMD_ARGS="--config python:config.gunicorn --access-logfile -")
    token = "WyI5OWQ0ZjcxNTJkOGM0ZDE0Yj.1vMrtQ:0123456789abcdefghijklmnopqrstuvwxyzABCDEFG".replace(".", ":")
    assert Browser(site.url).ask("GET", address("participant", token)).status == 404
    site.stop()
    assert "…" in site.log()
    assert token not in site.log()
    assert token.split(":")[2] not in site.log()
