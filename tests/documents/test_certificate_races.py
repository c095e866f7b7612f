"""Two clicks at the same moment issue one certificate, and a place that is passed on or given back has at most one.

Real threads in a process of the site, each on a connection of its own, with real commits.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from events.models import Certificate
from events.models.certificate import new_number
from tests.documents.held import certified, held, was_there
from tests.served import command

ROUNDS = 5
SETTING = """
import json
from collections import Counter
from django.contrib.auth.models import User
from events.models import Certificate, NotAllowed, Registration, RegistrationChange
from events.models.certificate import NotYet
from letters.models import Letter
from tests.documents.held import held, was_there
from tests.payments.racing import together
from tests.registration.lives import now, staff

def quietly(deed):
    def done():
        try:
            return deed()
        except NotYet:
            raise NotAllowed("issue", "")
    return done

def issuing(*people):
    by = staff()
    return quietly(lambda: Certificate.objects.issue([now(one) for one in people], by))

def books(event):
    rows = Certificate.objects.filter(event=event)
    return {
        "standing": rows.standing().count(),
        "all": rows.count(),
        "letters": Letter.objects.filter(about=event.uid, kind="certificate").count(),
        "lines": RegistrationChange.objects.filter(registration__event=event, verb="certificate").count(),
        "places": Registration.objects.filter(event=event, state="confirmed").count(),
        "astray": rows.standing().exclude(registration__state="confirmed").count(),
    }
told = []
"""


@pytest.fixture(scope="module")
def database(_template, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that nobody else uses."""
    return _template.copy(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def race(database: str) -> Callable[[str], Any]:
    """Runs a script that fills ``told``; nobody may have waited for another in a circle."""

    def run(script: str) -> Any:
        said = command(database, "shell", "--no-imports", "-c", f"{SETTING}\n{script}\nprint(json.dumps(told))")
        told = said.strip().splitlines()[-1]
        assert "deadlock" not in told
        assert '"busy"' not in told
        return json.loads(told)

    return run


def test_many_clicks_at_once_issue_one_to_each(race):
    told = race(f"""
for _ in range({ROUNDS}):
    event = held()
    people = [was_there(event, f"Person{{number}} X") for number in range(4)]
    ended = together(*[issuing(*people), issuing(*reversed(people)), issuing(people[0]), issuing(people[3])] * 2)
    told.append([ended, books(event)])
""")
    for ended, books in told:
        assert ended == {"done": 8}
        assert books == {"standing": 4, "all": 4, "letters": 4, "lines": 4, "places": 4, "astray": 0}


def test_who_gives_the_place_back_at_that_moment_has_none_or_had_it_before(race):
    told = race(f"""
for _ in range({ROUNDS}):
    event = held()
    asha = was_there(event)
    ended = together(issuing(asha), lambda: now(asha).cancel(by=staff(), why="x"), issuing(asha))
    told.append([ended, books(event), [c.verb for c in asha.changes.order_by("pk")]])
""")
    for _ended, books, verbs in told:
        assert books["places"] == 0
        assert books["all"] == books["letters"] == books["lines"] <= 1
        if books["all"]:
            assert verbs.index("certificate") < verbs.index("cancel")


def test_revoking_and_correcting_at_once_leave_at_most_one_that_stands(race):
    told = race(f"""
for _ in range({ROUNDS}):
    event = held()
    asha = was_there(event)
    [one] = Certificate.objects.issue([asha], staff())
    again = lambda: Certificate.objects.get(pk=one.pk)
    by = staff()
    ended = together(
        *[lambda: again().revoke(by, "x")] * 2,
        *[lambda: again().correct(by, "y", name="Asha Third", latin_name="")] * 3,
        *[quietly(issuing(asha))] * 2,
    )
    told.append([ended, books(event), again().is_standing])
""")
    for ended, books, stands in told:
        assert ended == {"done": 7}
        assert books["standing"] <= 1
        assert books["all"] == books["letters"] == books["lines"] <= 3
        assert not stands


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_one_that_stands():
    asha = was_there(held())
    one = certified(asha)
    facts = {"event": one.event, "registration": asha, "facts": one.facts, "language": "fr"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(number=new_number(), **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(number=one.number, **facts | {"revoked_at": one.issued_at})


@pytest.mark.django_db
def test_a_number_that_is_somebody_elses_is_drawn_again(monkeypatch):
    event = held()
    one = certified(was_there(event))
    drawn = iter([one.number, "2345-6789-ABCD"])
    monkeypatch.setattr("events.models.certificate.new_number", lambda: next(drawn))
    assert certified(was_there(event, "Ben Ode")).number == "2345-6789-ABCD"
