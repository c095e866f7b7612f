"""Meetings that have been held, people who were there, and their certificates."""

import datetime as dt
from typing import Any

import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from events.models import Certificate, Event, Registration
from tests.factories import told
from tests.registration.lives import entered, now, staff
from tests.registration.people import address, meeting

BEFORE = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
"When people registered; the meetings were in February."


def held(**facts: Any) -> Event:
    """A meeting of three days in Hyderabad that is over."""
    default = {
        "title": told("Réunion d’Hyderabad", "Hyderabad meeting", "Reunión de Hyderabad"),
        "theme": told("La santé des sols", "The health of soils", "La salud de los suelos"),
        "city": told("Hyderabad"),
        "venue": told("Kanha Shanti Vanam"),
        "country": "IN",
        "timezone": "Asia/Kolkata",
        "start_local": dt.datetime(2026, 2, 10, 9),
        "end_local": dt.datetime(2026, 2, 12, 17),
    }
    with time_machine.travel(BEFORE, tick=False):
        return meeting(**default | facts)


def was_there(event: Event, name: str = "Asha Rao", email: str = "", **facts: Any) -> Registration:
    """Somebody who had a place."""
    with time_machine.travel(BEFORE, tick=False):
        latin = facts.pop("latin_name", "")
        row = entered(event, email or f"{name.split()[0].lower()}@example.org", **{"name": name} | facts)
        if latin:
            row.correct(latin_name=latin)
    return now(row)


def certified(*people: Registration) -> Certificate:
    """The certificate of the first of these, all being issued at once."""
    return next(iter(Certificate.objects.issue(people, staff())))


def verify(number: str, language: str = "en", client: Client | None = None) -> Any:
    """What a stranger reads who has a number."""
    return (client or Client()).get(address("certificate_verified", number, language=language))


def lines(answer: Any) -> dict[str, str]:
    """The facts of a page, by their names."""
    page = BeautifulSoup(answer.content, "html.parser")
    return {
        row.dt.get_text(" ", strip=True): row.dd.get_text(" ", strip=True).replace(" ,", ",")
        for row in page.select("main dl > div")
    }


def heading(answer: Any) -> str:
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.h1
    return page.h1.get_text(" ", strip=True)


def screen(event: Event) -> str:
    return reverse("certificates:list", args=[event.uid])
