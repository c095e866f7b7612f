"""The form asks what the event asks, in the reader's language, and comes back with everything in it."""

import pytest

from events.models import Registration
from events.models.questions.kinds import Kind
from tests.factories import OrganisationFactory, TicketFactory, publish, told
from tests.registration.people import address, meeting

from .asked import asks, box, form, said_in, sends, soup, told_of

pytestmark = pytest.mark.django_db


def test_each_kind_of_question_is_asked_with_its_field_in_order(client):
    event = meeting()
    questions = {kind: asks(event, kind) for kind in Kind.values}
    page = form(client, event)
    assert [int(one["data-question"]) for one in page.select(".question")] == [one.pk for one in questions.values()]
    expected = {
        "text": "input[type=text][name=q{}]",
        "long_text": "textarea[name=q{}]",
        "choice": "fieldset input[type=radio][name=q{}][value=a]",
        "several": "fieldset input[type=checkbox][name=q{}][value=a]",
        "country": "select[name=q{}] option[value=KE]",
        "languages": "fieldset input[type=checkbox][name=q{}][value=ar]",
        "date": "input[type=date][min][max][name=q{}]",
        "file": "input[type=file][accept][name=q{}]",
        "consent": "input[type=checkbox][value=yes][name=q{}]",
    }
    for kind, question in questions.items():
        assert box(page, question).select(expected[kind].format(question.pk)), kind
    assert page.select_one("form#form")["enctype"] == "multipart/form-data"
    assert "data-after" not in str(page.select(".question"))


def test_what_is_answered_is_kept_with_the_registration(client):
    event = meeting()
    asked = {kind: asks(event, kind) for kind in Kind.values if kind != "file"}
    values = ("Doyenne", "Voir\nun sol", "a", ["b", "a"], "KE", ["sw", "fr", "mos"], "2031-05-11", "yes")
    answer = sends(client, event, dict(zip(asked.values(), values, strict=True)))
    assert answer.status_code == 303
    assert told_of() == {
        "Fonction": "Doyenne",
        "Vos attentes": "Voir\nun sol",
        "Repas": "Rice",
        "Ateliers": "Rice, Millet",
        "Nationalité": "Kenya",
        "Langues parlées": "French, Mossi, Swahili",
        "Arrivée": "2031-05-11",
        "J’accepte les photos": "yes",
    }
