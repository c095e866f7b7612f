"""The people of a demonstration: nobody who exists, registered where registration is open."""

from typing import NamedTuple

from events.models import Event, Full
from events.models.window import RegistrationState
from events.registration.registering import AlreadyRegistered, register
from pages.folding import fold


class Person(NamedTuple):
    """Somebody made up."""

    name: str
    language: str
    country: str
    organisation: str


PEOPLE = [
    Person("Awa Exemple", "fr", "SN", "Coopérative d’exemple de Thiès"),
    Person("Benoît Exemple", "fr", "FR", "Institut d’exemple"),
    Person("Chidi Example", "en", "NG", "Example Farmers’ Union"),
    Person("Dolores Ejemplo", "es", "ES", "Universidad de ejemplo"),
    Person("Emeka Example", "en", "GH", ""),
    Person("Fatima Exemple", "fr", "MA", "Ministère d’exemple"),
    Person("Gabriel Ejemplo", "es", "AR", "Fundación de ejemplo"),
    Person("Hanna Example", "en", "FI", "Example Research Centre"),
    Person("Inès Exemple", "fr", "TN", ""),
    Person("José Ejemplo", "es", "MX", "Red de ejemplo"),
    Person("Kavita Example", "en", "IN", "Example Soil Trust"),
    Person("Lucie Exemple", "fr", "CI", "Association d’exemple"),
]


def register_some() -> int:
    """Register the people for every event whose registration is open to all; returns how many seats were taken.

    No letter is written: their addresses lead nowhere.
    """
    taken = 0
    for event in Event.objects.public().filter(registration=Event.RegistrationMode.HERE).order_by("pk"):
        if event.window.state != RegistrationState.OPEN:
            continue
        places = event.window.free
        dates = list(event.occurrences.not_begun()[:2]) if event.by_date else []
        for number, person in enumerate(PEOPLE):
            place = places[number % len(places)]
            try:
                register(
                    event,
                    name=person.name,
                    email=f"{fold(person.name.split()[0])}@example.org",
                    attendance=place.attendance,
                    ticket=place.ticket,
                    language=person.language,
                    country=person.country,
                    organisation=person.organisation,
                    dates=dates,
                    why="demonstration",
                    letter=False,
                )
            except (AlreadyRegistered, Full):
                continue
            taken += 1
    return taken
