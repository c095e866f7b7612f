"""The form asks what the event asks, in the reader's language, and comes back with everything in it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Registration
from events.models.questions.kinds import Kind
from events.models.questions.question import Question
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
    values = ("Doyenne", "Voir\r\nun sol", "a", ["b", "a"], "KE", ["sw", "fr", "mos"], "2031-05-11", "yes")
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
    counted = Registration.objects.get().answers.get(question=asked["several"]).chosen
    assert sorted(counted.values_list("key", flat=True)) == ["a", "b"]


def test_a_form_without_questions_is_as_it_was(client):
    event = meeting()
    asks(event, stage="place")
    asks(meeting())
    page = form(client, event)
    assert not page.select(".question, #questions")
    assert not page.select_one("form#form").has_attr("enctype")
    assert sends(client, event).status_code == 303


def test_a_question_speaks_the_readers_language_or_says_which_it_speaks(client):
    event = meeting()
    both = asks(event, help_text=told("Sur le badge", "On the badge"))
    french = asks(event, "choice", label=told("Quel repas ?"), choices=[("x", told("Du riz"))])
    page = form(client, event, "en")
    assert box(page, both).select_one("label span").text == "Function"
    assert not box(page, both).select("[lang]")
    assert box(page, french).select_one("legend span")["lang"] == "fr"
    assert box(page, french).select_one(".tick span")["lang"] == "fr"
    spanish = box(form(client, event, "es"), both)
    assert spanish.select_one("label span").text == "Función"
    assert spanish.select_one(".hint")["lang"] == "fr"


def test_what_has_to_be_answered_is_named_in_the_readers_language(client):
    event = meeting()
    questions = [asks(event, kind, required=True) for kind in Kind.values]
    sentences = {
        "fr": ("Une réponse est nécessaire.", "Cet accord est nécessaire pour participer."),
        "en": ("An answer is needed.", "This agreement is needed to take part."),
        "es": ("Se necesita una respuesta.", "Este acuerdo es necesario para participar."),
    }
    for language, (answer, agreement) in sentences.items():
        sent = sends(client, event, language=language)
        assert sent.status_code == 422
        page = soup(sent)
        for question in questions:
            expected = agreement if question.kind == "consent" else answer
            assert box(page, question).select_one(".err").text == expected
            link = page.select_one(f'#errors a[href="#id_q{question.pk}"]')
            assert link.text.endswith(expected)
            assert question.label.data[language] in link.text
            assert page.select(f"#id_q{question.pk}")
    assert not Registration.objects.exists()


def test_the_form_comes_back_with_everything_in_it(client):
    event = meeting()
    asked = {kind: asks(event, kind) for kind in Kind.values if kind != "file"}
    values = ("A & <b>", "Deux\nlignes", "b", ["a"], "KE", ["ar", "mos"], "2031-05-11", "yes")
    page = soup(sends(client, event, dict(zip(asked.values(), values, strict=True)), name=""))
    name = {kind: f"q{one.pk}" for kind, one in asked.items()}
    assert page.select_one(f"[name={name['text']}]")["value"] == "A & <b>"
    assert page.select_one(f"[name={name['long_text']}]").text.strip() == "Deux\nlignes"
    assert [one["value"] for one in page.select(f"[name={name['choice']}][checked]")] == ["b"]
    assert [one["value"] for one in page.select(f"[name={name['several']}][checked]")] == ["a"]
    assert [one["value"] for one in page.select(f"[name={name['country']}] [selected]")] == ["KE"]
    assert [one["value"] for one in page.select(f"[name={name['languages']}][checked]")] == ["ar"]
    assert [one["value"] for one in page.select(f"[name={name['languages']}] [selected]")] == ["mos"]
    assert box(page, asked["languages"]).select_one("details").has_attr("open")
    assert page.select_one(f"[name={name['date']}]")["value"] == "2031-05-11"
    assert page.select_one(f"[name={name['consent']}]").has_attr("checked")


def test_a_choice_that_need_not_be_made_can_be_taken_back(client):
    event = meeting()
    meal = asks(event, "choice")
    assert [one["value"] for one in box(form(client, event), meal).select("input")] == ["a", "b", ""]
    assert sends(client, event, {meal: ""}).status_code == 303
    assert told_of() == {}
    must = asks(meeting(), "choice", required=True)
    assert [one["value"] for one in box(form(client, must.event), must).select("input")] == ["a", "b"]


def test_many_choices_are_a_list_that_unfolds(client):
    event = meeting()
    meal = asks(event, "choice", choices=[(f"k{n}", told(f"Plat {n}")) for n in range(9)])
    assert len(box(form(client, event), meal).select("select option")) == 10
    assert sends(client, event, {meal: "k8"}).status_code == 303
    assert told_of() == {"Repas": "Plat 8"}


def test_the_languages_of_the_country_stand_among_the_first(client):
    event = meeting(country="BF")
    spoken = asks(event, "languages")
    page = box(form(client, event, "fr"), spoken)
    first = [one["value"] for one in page.select("input[type=checkbox]")]
    assert first[:6] == ["fr", "en", "es", "ar", "zh", "ru"]
    assert {"mos", "dyu"} <= set(first)
    rest = {one["value"]: one.text for one in page.select("details select[multiple] option")}
    assert rest["sw"] == "Swahili"
    assert not set(first) & set(rest)
    assert page.select_one("details label")["for"] == page.select_one("details select")["id"]


@pytest.mark.parametrize("value", ["31/05/2031", "2031-02-30", "1031-05-12", "9999-01-01", "tomorrow"])
def test_a_date_that_can_not_be_is_refused(client, value):
    event = meeting()
    arrival = asks(event, "date")
    answer = sends(client, event, {arrival: value})
    assert answer.status_code == 422
    assert "date" in box(soup(answer), arrival).select_one(".err").text
    assert box(soup(answer), arrival).select_one("input")["value"] == value


def test_a_name_in_latin_letters_stands_beside_that_in_ones_own_script(client):
    event = meeting()
    refused = sends(client, event, name="آشا راو", latin_name="Аша Рао")
    assert "Latin letters" in soup(refused).select_one("#id_latin_name_error").text
    assert sends(client, event, name="آشا راو", latin_name="Åsha N’Đrao-Ọ̀ṣun").status_code == 303
    mine = Registration.objects.get()
    assert (mine.name, mine.latin_name) == ("آشا راو", "Åsha N’Đrao-Ọ̀ṣun")


@pytest.mark.parametrize(
    "typed", ["ICRAF", "icraf", "Centre mondial de l'agroforesterie", "WORLD  AGROFORESTRY – Centre"]
)
def test_an_organisation_of_the_directory_is_known_by_any_of_its_names(client, typed):
    known = OrganisationFactory(
        short_name="ICRAF", name=told("Centre mondial de l’agroforesterie", "World Agroforestry Centre")
    )
    OrganisationFactory()
    assert sends(client, meeting(), organisation=typed).status_code == 303
    assert Registration.objects.get().known_organisation == known
    assert Registration.objects.get().organisation


def test_an_organisation_that_could_be_two_is_neither(client):
    for short in ("MASA-FR", "MASA-ES"):
        OrganisationFactory(short_name=short, name=told("Ministère de l’agriculture"))
    sends(client, meeting(), organisation="Ministère de l'Agriculture")
    assert Registration.objects.get().known_organisation is None


def test_the_latin_name_is_asked_and_kept_where_no_question_is(client):
    page = form(client, meeting())
    assert page.select_one("#id_latin_name")
    assert "another script" in said_in(page)


def test_many_questions_cost_as_many_queries_as_few(client):
    def queries(many: int) -> tuple[int, int]:
        event = meeting(format="hybrid")
        ticket = TicketFactory(event=event)
        publish(event)
        asked = [asks(event, ("text", "several", "choice")[n % 3], tickets=[ticket]) for n in range(many)]
        said = {one: "x" if one.kind == "text" else "a" for one in asked}
        where = address("registration", event.uid, language="en")
        client.get(where)
        with CaptureQueriesContext(
            connection,
        ) as shown:
            assert client.get(where).status_code == 200
        chosen = {"attendance": "onsite", "ticket": str(ticket.uid), "email": f"one@{many}.example.org"}
        with CaptureQueriesContext(connection) as sent:
            assert sends(client, event, said, **chosen).status_code == 303
        assert Registration.objects.get(event=event).answers.count() == many
        return len(shown), len(sent)

    none, few, many = queries(0), queries(3), queries(30)
    assert few == many
    assert many[0] <= none[0] + 3
    assert many[1] <= none[1] + 6


def test_every_shipped_question_can_be_asked_and_left(client):
    from events.models.questions import shipped

    event = meeting()
    shipped.add(event, shipped.QUESTIONS)
    page = form(client, event, "fr")
    asked = Question.objects.filter(event=event, stage="registration")
    assert len(page.select(".question")) == asked.count()
    assert sends(client, event).status_code == 303
