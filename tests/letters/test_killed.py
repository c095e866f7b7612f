"""A worker killed in the middle of a letter, by the signal nobody can catch."""

import json
import time

from tests.letters.post_office import PostOffice
from tests.registration.crowd import send_together
from tests.registration.people import address
from tests.registration.test_race import found, person, said

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
