"""A worker killed in the middle of a letter, by the signal nobody can catch."""

import json
import random
import re
import time
from collections import Counter

from tests.letters.post_office import PostOffice
from tests.registration.crowd import send_together
from tests.registration.people import address
from tests.registration.test_race import found, person, said

RECIPIENT = re.compile(r"^To: (?:.*<)?([^\s<>]+@example\.org)", re.MULTILINE)
LETTER = """
import json
from letters.models import Letter
letter = Letter.objects.get(about="{uid}")
print(json.dumps([letter.attempts, letter.state]))
"""


def test_a_worker_killed_in_the_middle_of_a_letter_loses_nothing(served):
    with PostOffice() as office:
        site = served(EMAIL_URL=office.url, LETTER_LEASE="1")
        uid = found(site)
        send_together(site.url, address("registration", uid), [person(1)])
        office.goes_on.clear()
        worker = site.start_worker()
        assert office.got_one.wait(120)
        worker.kill()
        worker.wait(20)
        office.goes_on.set()
        until = time.monotonic() + 120
        letter = [1, "waiting"]
        while letter[1] != "sent" and time.monotonic() < until:
            site.manage("work", "--once")  # until the lease of the dead one has run out
            letter = json.loads(said(site, LETTER.format(uid=uid)))
        assert letter == [2, "sent"]
        assert any("person1@example.org" in taken for taken in office.taken)


MANY = """
from letters.models import Letter
Letter.objects.bulk_create(
    Letter(
        kind="notice", recipient=f"n{number}@example.org", language="en",
        facts={"subject": "Notice", "text": "Words."}, to_many=number % 2 == 0,
    )
    for number in range(300)
)
print(300)
"""
LEFT = """
from letters.models import Letter
print(Letter.objects.waiting().count())
"""
HURRY = """
from django.utils import timezone
from letters.models import Letter
print(Letter.objects.waiting().update(due_at=timezone.now()))
"""


def test_three_hundred_letters_and_five_kills_end_with_each_letter_and_no_more_than_one_twice_a_kill(served):
    """Killed after the last dot, before it is answered, and at any moment between."""
    kills = random.Random(20261122)
    with PostOffice() as office:
        site = served(EMAIL_URL=office.url, LETTER_LEASE="60")
        said(site, MANY)
        for kill in range(5):
            reached = len(office.taken) + kills.randint(15, 50)
            worker = site.start_worker()
            wait_for(lambda reached=reached: len(office.taken) >= reached)
            if kill % 2:  # with a letter in its hand, of which it does not know whether it was taken
                office.got_one.clear()
                office.goes_on.clear()
                assert office.got_one.wait(60)
            else:
                time.sleep(kills.random() / 20)
            worker.kill()
            worker.wait(20)
            office.goes_on.set()
        assert int(said(site, LEFT)) > 0  # the worker was killed in the middle
        assert int(said(site, HURRY)) > 0  # as if the leases of the dead had run out
        worker = site.start_worker()
        wait_for(lambda: len(recipients(office)) == 300)
        worker.terminate()
        worker.wait(60)
        assert int(said(site, LEFT)) == 0
    got = recipients(office)
    assert set(got) == {f"n{number}@example.org" for number in range(300)}
    assert max(got.values()) <= 1 + 5
    assert sum(got.values()) <= 300 + 5


def recipients(office: PostOffice) -> Counter[str]:
    return Counter(RECIPIENT.search(taken)[1] for taken in list(office.taken))


def wait_for(done) -> None:
    until = time.monotonic() + 150
    while not done():
        assert time.monotonic() < until
        time.sleep(0.005)
