"""Events to register for, and people who do."""

import datetime as dt
import re
from typing import Any

from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from events.models import Event, Registration, SeatPool
from events.registration import links
from letters.models import Letter
from tests.factories import EventFactory, again, told

LINK = re.compile(r"https?://[^/\s]+(/\S+)")
ASIDE = re.compile(r"\s+")


def meeting(**facts: Any) -> Event:
    """A published meeting that one registers for here, far enough in the future."""
    default = {
        "title": told("Réunion de Nairobi", "Nairobi meeting", "Reunión de Nairobi"),
        "city": told("Nairobi"),
        "country": "KE",
        "timezone": "Africa/Nairobi",
        "start_local": dt.datetime(2031, 5, 12, 9),
        "end_local": dt.datetime(2031, 5, 12, 17),
        "registration": Event.RegistrationMode.HERE,
    }
    return EventFactory.published(**default | facts)


def answers(**changes: str) -> dict[str, str]:
    """What Asha writes in the form."""
    said = {
        "name": "Asha Rao",
        "email": "asha@example.org",
        "organisation": "ICRISAT",
        "country": "IN",
        "language": "fr",
        "consent": "on",
    }
    return said | changes


def address(name: str, *args: Any, language: str = "fr") -> str:
    with override(language):
        return reverse(name, args=args)


def send(client: Client, event: Event, **changes: str) -> Any:
    """Fill in the form, in the language of one's letters, and send it."""
    said = answers(**changes)
    return client.post(address("registration", event.uid, language=said["language"]), said)


def work() -> None:
    """Let the worker do everything once."""
    call_command("work", "--once")


def letters() -> list[Any]:
    """The letters that left, after the worker has been round."""
    work()
    return list(mail.outbox)


def link_in(letter: Any) -> str:
    """The path of the first link in the text of a letter."""
    found = LINK.search(letter.body)
    assert found, letter.body
    return found[1]


def taken(event: Event, key: str = "event") -> int:
    return SeatPool.objects.get(event=event, key=key).taken


def confirmed(event: Event) -> int:
    return Registration.objects.filter(event=event, state="confirmed").count()


def text(response: Any) -> str:
    """The page as its reader's browser gets it."""
    page: str = response.content.decode()
    return page


def without_marks(response: Any) -> str:
    """The page without the mark against forgery and that against double sending, new on each page."""
    return re.sub(r'name="(csrfmiddlewaretoken|submission)" value="[^"]*"', "", text(response))


def enters(event: Event, name: str = "Asha", **facts: Any) -> Registration:
    """Somebody registers, as the form does it; waiting if nothing is left."""
    default = {"attendance": "onsite", "email": f"{name.lower()}@example.org", "language": "en", "name": name}
    registration = Registration(event=again(event), **default | facts)
    registration.enter(wait=True)
    return registration


def page(registration: Registration, language: str = "en") -> str:
    """What stands on one's own page, its white space folded."""
    answer = Client().get(address("participant", links.token(registration), language=language))
    assert answer.status_code == 200
    return ASIDE.sub(" ", text(answer))


def press(registration: Registration, name: str, language: str = "en", **said: Any) -> Any:
    """One button of one's own page."""
    return Client().post(address(name, links.token(registration), language=language), said)


def state(registration: Registration) -> str:
    """The state that the database knows."""
    return Registration.objects.get(pk=registration.pk).state


def kinds(person: str = "asha") -> list[str]:
    """The letters written to somebody, by their kinds."""
    return list(Letter.objects.filter(recipient=f"{person}@example.org").order_by("pk").values_list("kind", flat=True))
