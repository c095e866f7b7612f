"""The list of participants: those with a place who agreed to stand in it, for whom it was promised to."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from events.models import DataAccess, DataTerms, Registration
from events.models.questions.answer import Given
from events.registration import links
from events.registration.documents.participants import listed
from pages import pdf
from tests.documents.papers import NAMES, complaints, is_whole, read, together, with_pango, words
from tests.documents.people import answers, asking, comes, question
from tests.payments.test_receipt import no_pango  # noqa: F401  (a fixture)
from tests.registration.lives import now
from tests.registration.people import address, page, text

pytestmark = pytest.mark.django_db


def handing_out(**facts):
    event = asking(**facts)
    DataTerms.objects.create(event=event, hands_out_list=True)
    return event


def own(registration, name="participants", language="en"):
    return Client().get(address(name, links.token(registration), language=language))


def names(event):
    return [one.name for one in listed(event, "en")]


def test_only_who_has_a_place_and_agreed_stands_in_it():
    event = asking(has_waiting_list=True, capacity=4)
    answers(comes(event, "Asha Rao"), agrees=["list"])
    comes(event, "Ben Ode")
    answers(comes(event, "Chidi Eze"), agrees=["photo"])
    gone = answers(comes(event, "Dora Gone"), agrees=["list"])
    gone.cancel()
    other = asking()
    answers(comes(other, "Else Where"), agrees=["list"])
    assert names(event) == ["Asha Rao"]


def test_who_takes_the_consent_back_stands_in_it_no_more():
    event = handing_out()
    asha, ben = (answers(comes(event, name), agrees=["list"]) for name in ("Asha Rao", "Ben Ode"))
    assert "Ben Ode" in text(own(asha))
    ben.answer({question(event, "list"): Given()})
    assert "Ben Ode" not in text(own(asha))
    assert names(event) == ["Asha Rao"]


def test_who_was_erased_stands_in_it_no_more():
    from django.utils import timezone

    event = asking()
    asha = answers(comes(event, "Asha Rao"), agrees=["list"])
    Registration.objects.filter(pk=asha.pk).update(erased_at=timezone.now())
    assert names(event) == []


def test_it_tells_name_function_organisation_and_country_and_nothing_else():
    event = handing_out()
    asha = comes(event, "आशा राव", latin_name="Asha Rao", organisation="ICRISAT")
    answers(asha, position="Head of soils", speaks=["hi"], agrees=["list"])
    said = text(own(asha))
    for part in ("आशा राव", "Asha Rao", "ICRISAT", "Head of soils", "India"):
        assert part in said
    assert asha.email not in said
    assert "Hindi" not in said
    assert asha.uid.hex not in said.replace("-", "").replace(links.token(asha), "")


def test_what_is_for_the_staff_alone_does_not_stand_in_it():
    event = asking()
    answers(comes(event, "Asha Rao"), position="Undercover", agrees=["list"])
    one = question(event, "position")
    one.is_confidential = True
    one.save()
    assert [person.position for person in listed(event, "en")] == [""]


def test_it_is_sorted_as_an_international_list_is():
    event = asking()
    for name, latin in (("Владимир", "Vladimir"), ("Émile", ""), ("李小龙", "Li Xiaolong"), ("zoe", ""), ("Ada", "")):
        answers(comes(event, name, latin_name=latin), agrees=["list"])
    assert names(event) == ["Ada", "Émile", "李小龙", "Владимир", "zoe"]


def test_only_where_it_was_promised_do_participants_read_it():
    event = asking()
    asha = answers(comes(event, "Asha Rao"), agrees=["list"])
    assert own(asha).status_code == own(asha, "participants_pdf").status_code == 404
    assert "/participants/" not in page(asha)
    DataTerms.objects.create(event=event, hands_out_list=True)
    assert own(asha).status_code == 200
    assert "/participants/" in page(asha)


def test_who_has_no_place_any_more_does_not_read_it():
    event = handing_out()
    answers(comes(event, "Ben Ode"), agrees=["list"])
    asha = answers(comes(event, "Asha Rao"), agrees=["list"])
    asha.cancel()
    for name in ("participants", "participants_pdf"):
        answer = own(now(asha), name)
        assert answer.status_code == 404
        assert "Ben" not in text(answer)
    assert Client().get(address("participants", "forged", language="en")).status_code == 404


def test_nobody_keeps_it_or_is_told_its_address():
    event = handing_out()
    answer = own(answers(comes(event, "Asha Rao"), agrees=["list"]))
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"


@with_pango
def test_every_script_stands_whole_in_the_list_and_lines_of_both_directions(desk):
    event = asking()
    for name in NAMES.values():
        one = comes(event, name, latin_name="Somebody", organisation=f"{name} (FAO) 4")
        answers(one, position=f"{name}, PhD", agrees=["list"])
    with complaints() as said:
        document = read(desk.get(reverse("papers:participants", args=[event.uid])))
    is_whole(said, *NAMES.values())
    whole = together("".join(words(one) for one in document.pages))
    for name in NAMES.values():
        assert whole.count(together(name)) >= 3, name
    assert whole.count("FAO") == whole.count("PhD") == len(NAMES)


@with_pango
def test_the_staff_take_it_and_that_is_noted_first(desk, staff, monkeypatch):
    event = asking()
    answers(comes(event, "Asha Rao"), agrees=["list"])
    answers(comes(event, "Ben Ode"), agrees=["list"])
    drawn, seen = pdf.drawn, []

    def watched(html):
        seen.append((DataAccess.objects.filter(what="participants").count(), len(connection.savepoint_ids)))
        return drawn(html)

    monkeypatch.setattr(pdf, "drawn", watched)
    outside = len(connection.savepoint_ids)
    answer = desk.get(reverse("papers:participants", args=[event.uid]))
    assert "Asha Rao" in words(read(answer).pages[0])
    assert seen == [(1, outside)]
    noted = DataAccess.objects.get(what="participants")
    assert (noted.by, noted.event, noted.people) == (staff, event, 2)


@with_pango
def test_participants_draw_it_a_few_times_and_nobody_notes_that(monkeypatch):
    event = handing_out()
    asha = answers(comes(event, "Asha Rao"), agrees=["list"])
    monkeypatch.setattr("events.registration.documents.participants.DRAWN", 1)
    assert "Asha Rao" in words(read(own(asha, "participants_pdf")).pages[0])
    assert own(asha, "participants_pdf").status_code == 429
    assert not DataAccess.objects.exists()


def test_without_pango_the_page_stands(no_pango):  # noqa: F811
    event = handing_out()
    asha = answers(comes(event, "Asha Rao"), agrees=["list"])
    assert "The list as a PDF" not in text(own(asha))
    assert own(asha, "participants_pdf")["Location"].endswith("/participants/")


def test_it_asks_the_database_as_much_for_many_as_for_one(django_assert_num_queries):
    event = asking()
    answers(comes(event, "Asha Rao"), position="x", agrees=["list"])
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        listed(event, "en")
    for number in range(10):
        answers(comes(event, f"P {number}"), position="x", agrees=["list"])
    with django_assert_num_queries(len(one)):
        assert len(listed(event, "en")) == 11
