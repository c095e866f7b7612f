"""Meetings that ask questions, on a served site, and what has become of the answers."""

import json
from typing import Any

from tests.served import Served

MAKE = """
import json
from django.utils.translation import override
from django.urls import reverse
from events.models import Question
from events.models.questions import shipped
from events.models.questions.kinds import Kind
from tests.factories import told
from tests.registration.people import meeting
facts = json.loads('''{facts}''')
event = meeting(title=told("Atelier des questions", "Workshop of questions", "Taller de preguntas"), **facts)
shipped.add(event, json.loads('''{keys}'''))
if {with_file}:
    words = told("Votre affiche", "Your poster", "Su cartel")
    Question.objects.create(event=event, kind=Kind.FILE, label=words, required=True, sort_order=90)
found = {{"uid": str(event.uid)}}
for code in ("fr", "en", "es"):
    with override(code):
        found[code] = reverse("registration", args=[event.uid])
for one in Question.objects.filter(event=event):
    found[one.label.data["en"]] = one.pk
print(json.dumps(found))
"""
ANSWERS = """
import json
from events.models import Registration
rows = Registration.objects.filter(event__uid="{uid}").order_by("pk")
print(json.dumps([
    {{
        "name": row.name, "email": row.email, "state": row.state, "organisation": row.organisation,
        "known": row.known_organisation.short_name if row.known_organisation else "",
        "answers": {{answer.question.label.data["en"]: answer.told("en") for answer in row.answers.living().whole()}},
    }}
    for row in rows
]))
"""
OPEN = """
from events.models import Registration
from events.registration import links
row = Registration.objects.get(event__uid="{uid}", email="{email}")
if row.state == "requested":
    row.approve(None)
print(links.address(row, "{language}"))
"""


def _said(site: Served, script: str) -> str:
    return site.manage("shell", "--no-imports", "--verbosity=0", "-c", script).strip().splitlines()[-1]


def made(site: Served, *keys: str, with_file: bool = False, **facts: Any) -> dict[str, Any]:
    """A meeting that asks these questions of the product: its paths by language, and questions by English words."""
    script = MAKE.format(facts=json.dumps(facts), keys=json.dumps(keys), with_file=with_file)
    found: dict[str, Any] = json.loads(_said(site, script))
    return found


def answers(site: Served, meeting: dict[str, Any]) -> list[dict[str, Any]]:
    """Who is registered, and what they answered, in English."""
    found: list[dict[str, Any]] = json.loads(_said(site, ANSWERS.format(uid=meeting["uid"])))
    return found


def approved(site: Served, meeting: dict[str, Any], email: str, language: str) -> str:
    """The address of somebody's own page; who asked for a place has it."""
    return _said(site, OPEN.format(uid=meeting["uid"], email=email, language=language))
