"""What the form of a question sends, and questions as tests need them."""

from typing import Any

from django.urls import reverse

from events.models import Answer, Choice, Event, Given, Question, Registration
from tests.factories import told

NAMES = "wagtailsnippets_events_event"


def of(event: Event, name: str = "questions", *more: Any) -> str:
    """The address of a screen about the questions of an event."""
    return reverse(f"{NAMES}:{name}", args=[event.pk, *more])


def typed(question: Question | None = None, choices: Any = (), **changes: Any) -> dict[str, Any]:
    """What the form sends; choices as (pk or "", French, "delete" or "")."""
    sent: dict[str, Any] = {
        "label_0": "Repas",
        "label_1": "Meals",
        "label_2": "",
        "help_text_0": "",
        "help_text_1": "",
        "help_text_2": "",
        "kind": "text",
        "stage": "registration",
        "file_megabytes": "5",
    }
    if question is not None:
        sent |= {f"label_{at}": question.label.data.get(code, "") for at, code in enumerate(("fr", "en", "es"))}
        sent |= {"kind": question.kind, "stage": question.stage}
        if question.depends_on_id:
            sent["after"] = [f"{question.depends_on_id}:{key}" for key in question.depends_values or [""]]
    sent |= {
        "choices-TOTAL_FORMS": str(len(choices)),
        "choices-INITIAL_FORMS": str(sum(bool(pk) for pk, *_rest in choices)),
        "choices-MIN_NUM_FORMS": "0",
        "choices-MAX_NUM_FORMS": "1000",
    }
    for at, (pk, text, gone) in enumerate(choices):
        sent |= {f"choices-{at}-id": str(pk), f"choices-{at}-text_0": text, f"choices-{at}-ORDER": str(at + 1)}
        sent |= {f"choices-{at}-DELETE": "on"} if gone else {}
    return {name: value for name, value in (sent | changes).items() if value is not None}


def asks(
    event: Event, kind: str = "text", fr: str = "Question", en: str = "", choices: Any = (), **facts: Any
) -> Question:
    """A question of an event; choices as key → French."""
    facts.setdefault("sort_order", Question.objects.filter(event=event).count() + 1)
    question = Question(event=event, kind=kind, label=told(fr, en), **facts)
    question.choices = [
        Choice(key=key, text=told(text, f"{text} (en)"), sort_order=at)
        for at, (key, text) in enumerate(dict(choices).items())
    ]
    question.save()
    return question


def registered(event: Event, name: str = "Awa Diallo", **facts: Any) -> Registration:
    facts = {"attendance": "onsite", "language": "fr", "email": f"{name.lower().replace(' ', '.')}@example.org"} | facts
    row = Registration(event=event, name=name, **facts)
    row.enter(letter=False)
    return Registration.objects.get(pk=row.pk)


def answers(row: Registration, question: Question, *keys: str, text: str = "", **more: Any) -> Answer:
    row.answer({question: Given(text, keys, **more)})
    return row.answers.living().whole().get(question=question)
