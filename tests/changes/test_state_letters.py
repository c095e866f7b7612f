"""Who has no place yet is told of a change too, and never that one is theirs or that nothing is to be done."""

import pytest
from django.core import mail

from events.models import Registration
from tests.changes.conftest import register
from tests.factories import again
from tests.registration.people import meeting, work

pytestmark = pytest.mark.django_db


def told_to(name):
    return next(str(one.body) for one in mail.outbox if f"{name}@" in one.to[0])


def test_a_move_tells_each_person_what_is_true_of_their_state(says):
    event = meeting(format="hybrid", joining_url="https://meet.example/secret", capacity=1, has_waiting_list=True)
    first = register(event, "Awa", "en")
    for name in ("Ben", "Cruz"):
        one = Registration(
            event=again(event), name=name, email=f"{name.lower()}@example.org", language="en", attendance="onsite"
        )
        one.enter(wait=True)
    first.cancel()  # offered to Ben; Cruz waits
    work()
    mail.outbox.clear()
    assert (
        says(event, "move", event__start_local="2031-05-13 09:00", event__end_local="2031-05-13 17:00").status_code
        == 303
    )
    work()
    offered, waiting = told_to("ben"), told_to("cruz")
    for letter in (offered, waiting):
        assert "in which you have asked to take part has changed" in letter
        assert "for which you are registered" not in letter
        assert "there is nothing to do" not in letter
        assert "Your place is kept" not in letter
        assert "the link stands on your page" not in letter
        assert "who has a place finds the link" in letter
    assert "say on your page that you take it" in offered
    assert "this is not a seat yet" in waiting
