"""A web process killed, by the signal nobody can catch, again and again while people register."""

import http.client
import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.registration.crowd import Browser
from tests.registration.people import address, answers
from tests.registration.test_race import count, found

KILLS = 4
PEOPLE = 40
GONE = (OSError, http.client.HTTPException)
"What a browser meets whose page a killed process was about to send."


def workers_of(site) -> list[int]:
    """The web processes that the site's server has started."""
    server = site.processes[0].pid
    return [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def register(site, path, number) -> int:
    """As a person does whose page does not come: they send it again, until there is an answer."""
    browser, form = Browser(site.url), {}
    person = answers(name=f"Person {number}", email=f"person{number}@example.org")
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            form = form or browser.fill_in(path, person)
            if "csrfmiddlewaretoken" not in form:
                return 409  # every seat was taken before the page was opened: it has no form
            answer = browser.ask("POST", path, form)
        except GONE:
            time.sleep(0.05)
            continue
        if answer.status != 503:
            return answer.status
    raise AssertionError("no answer in two minutes")


def test_a_web_process_killed_while_people_register_leaves_no_seat_half_taken_and_nobody_twice(served):
    site, moments = served(workers=4), random.Random(20261123)
    uid = found(site, capacity=30)
    path = address("registration", uid)
    Browser(site.url).ask("GET", path)  # it is up
    over = threading.Event()

    def kill() -> int:
        done = 0
        while done < KILLS and not over.wait(0.1 + moments.random() / 3):
            for pid in moments.sample(workers_of(site), 1):
                os.kill(pid, signal.SIGKILL)
                done += 1
        return done

    with ThreadPoolExecutor(PEOPLE // 4 + 1) as crowd:
        killer = crowd.submit(kill)
        got = list(crowd.map(lambda number: register(site, path, number), range(PEOPLE)))
        over.set()
    assert killer.result() >= 2
    assert set(got) <= {303, 409}
    now = count(site, uid)
    assert (now["confirmed"], now["pools"]["event"], now["letters"]) == (30, 30, 30)
    assert "right" in site.manage("check_seats")
    assert "Traceback" not in site.log()
