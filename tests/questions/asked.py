"""Events that ask questions, and what people send in answer."""

import io
import re
from typing import Any

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from events.models import Choice, Event, Question, Registration
from events.models.questions.upload import Upload
from tests.factories import told
from tests.registration.people import address, answers

WORDS = {
    "text": told("Fonction", "Function", "Función"),
    "long_text": told("Vos attentes", "Your expectations", "Sus expectativas"),
    "choice": told("Repas", "Meal", "Comida"),
    "several": told("Ateliers", "Workshops", "Talleres"),
    "country": told("Nationalité", "Nationality", "Nacionalidad"),
    "languages": told("Langues parlées", "Languages you speak", "Idiomas"),
    "date": told("Arrivée", "Arrival", "Llegada"),
    "file": told("Passeport", "Passport", "Pasaporte"),
    "consent": told("J’accepte les photos", "I agree to photographs", "Acepto las fotos"),
}
CHOICES = (("a", told("Le riz", "Rice", "Arroz")), ("b", told("Le mil", "Millet", "Mijo")))


def asks(event: Event, kind: str = "text", choices: Any = None, **facts: Any) -> Question:
    """A question of this event, with two choices where it has some."""
    tickets = facts.pop("tickets", ())
    order = Question.objects.filter(event=event).count() + 1
    question = Question(event=event, kind=kind, **{"label": WORDS[kind], "sort_order": order} | facts)
    if kind in ("choice", "several"):
        rows = CHOICES if choices is None else choices
        question.choices = [Choice(key=key, text=text, sort_order=place) for place, (key, text) in enumerate(rows)]
    question.save()
    question.tickets.set(tickets)
    return question


def sends(client: Client, event: Event, said: dict[Any, Any] | None = None, language: str = "en", **more: Any) -> Any:
    """Fill in the form with these answers, by question, and send it as a browser does."""
    sent = answers(language=language, **more) | {
        f"q{key.pk}" if isinstance(key, Question) else key: value for key, value in (said or {}).items()
    }
    return client.post(address("registration", event.uid, language=language), sent)


def form(client: Client, event: Event, language: str = "en") -> BeautifulSoup:
    answer = client.get(address("registration", event.uid, language=language))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def box(page: BeautifulSoup, question: Question) -> Any:
    """The place of one question on a page; None if it is not asked there."""
    return page.select_one(f'[data-question="{question.pk}"]')


def told_of(registration: Registration | None = None) -> dict[str, str]:
    """What somebody answered, in English, by the question's French words."""
    registration = registration or Registration.objects.get()
    return {one.question.label.data["fr"]: one.told("en") for one in registration.answers.living().whole()}


def said_in(page: BeautifulSoup) -> str:
    return re.sub(r"\s+", " ", page.get_text(" "))


def pdf(name: str = "passport.pdf", more: bytes = b"", kind: str = "application/pdf") -> SimpleUploadedFile:
    body = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n" + more + b"\nstartxref\n9\n%%EOF\n"
    return SimpleUploadedFile(name, body, kind)


def picture(name: str = "me.png", kind: str = "PNG", more: bytes = b"") -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", (8, 8), "olive").save(held, kind)
    return SimpleUploadedFile(name, held.getvalue() + more, "image/png")


def stored() -> list[str]:
    """The names of the files that are kept."""
    return [one.name for one in Upload.objects.order_by("pk")]
