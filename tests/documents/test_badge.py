"""Badges: everybody with a place on site, in their own script, whole, and noted for whom they were printed."""

import re
from itertools import pairwise

import pytest
from django.urls import reverse

from events.desk.documents import badges
from events.desk.documents.fitting import SIZES, fit
from events.models import DataAccess, Registration
from events.registration.documents import signing, ticket
from tests.documents.papers import NAMES, complaints, is_whole, read, together, with_pango, words
from tests.documents.people import answers, asking, comes
from tests.factories import TicketFactory, mandate, told
from tests.regions.correspondents import browser, person, region_at
from tests.registration.people import meeting, text

pytestmark = pytest.mark.django_db

MORE = {
    "long": "Marie-Bénédicte Kouamé-Désiré de la Fontaine-Saint-Barthélemy y Rodríguez-Echeverría",
    "one word": "Wolfeschlegelsteinhausenbergerdorff" * 5,
    "mixed": "محمد Al-Rashid 3 عبد الله",
    "wide": "W" * 60 + " M" * 60,
    "tamil": NAMES["Tamil"] * 6,
    "han": "李" * 150,
}


def page(desk, event, **asked):
    return desk.get(reverse("papers:badges", args=[event.uid]), asked)


def files(answer):
    return [file["url"] for file in answer.context["files"]]


def printed(desk, event, **asked):
    return read(desk.get(reverse("papers:badges_pdf", args=[event.uid]), asked))


@with_pango
def test_a_badge_says_who_it_is(desk):
    event = asking()
    full = TicketFactory(event=event, name=told("Plein tarif", "Full price"))
    asha = comes(event, "आशा राव", latin_name="Asha Rao", organisation="ICRISAT", ticket=full)
    answers(asha, position="Head of soils", speaks=["hi", "en"], agrees=["photo"])
    with complaints() as said:
        document = printed(desk, event)
    is_whole(said, "आशा राव")
    (one,) = document.pages
    assert [round(float(side)) for side in one.mediabox[2:]] == [298, 421], "A6"
    whole = together(words(one))
    for part in ("आशा राव", "Asha Rao", "ICRISAT", "India", "Head of soils", "Hindi, English", "Full price", "Nairobi"):
        assert together(part) in whole, part
    assert "photographs" not in whole.lower()
    assert document.trailer["/Root"]["/Lang"] == "en"


@with_pango
def test_who_did_not_agree_to_photographs_has_a_mark_where_that_was_asked(desk):
    event = asking()
    answers(comes(event, "Asha Rao"), agrees=["photo"])
    comes(event, "Ben Ode")
    asha, ben = (together(words(one)) for one in printed(desk, event).pages)
    assert "Nophotographs" not in asha
    assert "Nophotographs" in ben
    other = meeting()
    comes(other, "Asha Rao")
    assert "Nophotographs" not in together(words(printed(desk, other).pages[0])), "nobody was asked"


def test_what_is_for_the_staff_alone_stands_on_no_badge():
    from tests.documents.people import question

    event = asking()
    asha = answers(comes(event, "Asha Rao"), position="Undercover", speaks=["en"])
    one = question(event, "position")
    one.is_confidential = True
    one.save()
    (badge,) = badges.badges([asha], event, "en")
    assert (badge.position, badge.speaks) == ("", "English")


def test_the_code_of_a_badge_is_that_of_the_ticket():
    event = asking()
    asha = comes(event, "Asha Rao")
    assert signing.verify(ticket.code(asha)).registration == asha.uid
    (badge,) = badges.badges([asha], event, "en")
    assert 'role="img"' in badge.qr


@with_pango
def test_badges_come_by_the_name_in_latin_letters_and_only_of_who_has_a_place_on_site(desk):
    event = meeting(capacity=3, has_waiting_list=True)
    for name, latin in (("Émile Zola", ""), ("Владимир", "Vladimir"), ("elena", "")):
        comes(event, name, latin_name=latin)
    other = meeting()
    comes(other, "Somebody Else")
    from tests.registration.lives import entered

    entered(event, "waits@example.org", name="Waits", wait=True)
    names = [one.name for one in badges.chosen(Registration.objects.all(), event)]
    assert names == ["elena", "Émile Zola", "Владимир"]
    online = meeting(format="hybrid")
    comes(online, "At Home", attendance="online")
    assert badges.chosen(Registration.objects.all(), online) == []


@with_pango
@pytest.mark.parametrize("shape", ["a6", "a4"])
def test_all_scripts_and_the_longest_names_stay_on_their_badge(desk, shape):
    event = asking(title=told("Réunion régionale des sols vivants et de la sécurité alimentaire, troisième édition"))
    long = TicketFactory(event=event, name=told("Organisations de la société civile et des agricultrices du Sud"))
    people = NAMES | MORE
    for number, (kind, name) in enumerate(people.items()):
        one = comes(
            event, name[:200], ticket=long, latin_name=f"P{number:02}", organisation=f"{name[:60]} ({kind}) " * 2
        )
        answers(one, position=name[:40], speaks=["fr", "en", "es", "hi", "ta", "ar", "el"])
    with complaints() as said:
        document = printed(desk, event, shape=shape)
    is_whole(said, *NAMES.values())
    pages = [(one.mediabox, one, places(one)) for one in document.pages]
    assert len(pages) == (len(people) if shape == "a6" else -(-len(people) // 4))
    for box, _one, written in pages:
        assert (round(float(box[2])), round(float(box[3]))) == ((298, 421) if shape == "a6" else (595, 842))
        for x, y, _text in written:
            assert 0 <= x <= float(box[2])
            assert 0 <= y <= float(box[3])
    whole = "".join(together(words(one)) for _box, one, _written in pages)
    for number, (kind, name) in enumerate(people.items()):
        assert f"P{number:02}" in whole
        # Runs of both directions stand in the file in the order in which they are seen.
        for part in name.split() if kind == "mixed" else [name[:200]]:
            assert together(part) in whole, name
    if shape == "a6":
        for number, (_box, _one, written) in enumerate(pages):
            heights = [y for _x, y, _text in written]
            assert all(below <= above + 1 for above, below in pairwise(heights)), f"nothing overlaps on badge {number}"
            assert min(heights) > 75, f"nothing is written on the ground of badge {number}"


def places(one):
    found = []
    one.extract_text(
        visitor_text=lambda text, cm, tm, font, size: found.append((tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5], text))
    )
    return [place for place in found if place[2].strip()]


@with_pango
@pytest.mark.parametrize(
    ("name", "left", "right"), [("محمد Rao", "Rao", "محمد"), ("Rao محمد", "Rao", "محمد"), ("محمد 34", "34", "محمد")]
)
def test_a_line_of_both_directions_reads_from_the_side_of_its_first_word(desk, name, left, right):
    event = meeting()
    comes(event, name)
    (one,) = printed(desk, event).pages
    drawn = [word for _x, _y, said in places(one) for word in said.split() if word in (left, right)]
    assert drawn[:2] == [left, right], "from the left, as it is seen"


def test_a_name_is_written_as_large_as_it_can_be_and_smaller_the_longer_it_is():
    sizes = [fit("Ana " * many, "", "", "", "") for many in (1, 10, 20, 40, 50)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 0
    assert sizes[-1] < len(SIZES) - 1
    assert fit("A", "", "", "Word " * 80, "India") > 0


def test_an_event_has_files_of_a_hundred(desk, monkeypatch):
    monkeypatch.setattr(badges, "PER_FILE", 2)
    event = meeting()
    for name in ("Ana", "Ben", "Chidi"):
        comes(event, name)
    answer = page(desk, event, language="es", shape="a4")
    assert [(file["first"], file["last"]) for file in answer.context["files"]] == [(1, 2), (3, 3)]
    assert all("language=es" in url and "shape=a4" in url for url in files(answer))
    assert desk.get(files(answer)[0].replace("part=1", "part=3")).status_code == 404
    assert desk.get(files(answer)[0].replace("part=1", "part=x")).status_code == 404


@with_pango
def test_the_filter_of_the_list_holds_here_too(desk):
    event = meeting()
    full, student = (TicketFactory(event=event, name=told(name, name)) for name in ("Full", "Student"))
    comes(event, "Ana", ticket=full)
    comes(event, "Ben", ticket=student)
    listed = desk.get(reverse("registrations:index"), {"event": event.pk, "attendance": "online"})
    way = next(one.url for one in listed.context["header_buttons"] if "/badges/" in str(one.url))
    assert "attendance=online" in way
    answer = desk.get(way)
    assert answer.context["count"] == 0
    assert page(desk, event, attendance="onsite").context["count"] == 2
    assert "attendance=onsite" in files(page(desk, event, attendance="onsite"))[0]


@with_pango
def test_who_printed_badges_of_how_many_is_noted(desk, staff):
    event = meeting()
    asha = comes(event, "Asha Rao")
    page(desk, event)
    assert not DataAccess.objects.filter(what="badges").exists(), "nothing was shown yet"
    printed(desk, event, attendance="onsite")
    noted = DataAccess.objects.get(what="badges")
    assert (noted.by, noted.event, noted.people) == (staff, event, 1)
    assert noted.details == {"shape": "a6", "part": 1, "attendance": ["onsite"]}
    DataAccess.objects.all().delete()
    read(desk.get(reverse("papers:badge", args=[asha.pk])))
    assert DataAccess.objects.get(what="badges").registration == asha.uid


@with_pango
def test_the_page_of_one_person_leads_to_their_badge(desk):
    event = meeting()
    asha = comes(event, "Asha Rao")
    assert reverse("papers:badge", args=[asha.pk]) in text(desk.get(reverse("registrations:inspect", args=[asha.pk])))
    asha.cancel()
    assert reverse("papers:badge", args=[asha.pk]) not in text(
        desk.get(reverse("registrations:inspect", args=[asha.pk]))
    )
    assert desk.get(reverse("papers:badge", args=[asha.pk])).status_code == 404


@pytest.fixture
def correspondent(db):
    """Somebody with a mandate for a region, who sees its registrations; and the region."""
    user, west = person("awa"), region_at("AFR-W")
    mandate(user, west, registrations=True)
    return browser(user), west


@with_pango
def test_a_correspondent_prints_those_of_their_region_and_no_others(correspondent):
    client, west = correspondent
    here, elsewhere = meeting(regions=[west]), meeting()
    asha, ben = comes(here, "Asha Rao"), comes(elsewhere, "Ben Ode")
    assert len(printed(client, here).pages) == 1
    assert read(client.get(reverse("papers:badge", args=[asha.pk])))
    for name, args in (
        ("badges", [elsewhere.uid]),
        ("badges_pdf", [elsewhere.uid]),
        ("participants", [elsewhere.uid]),
        ("badge", [ben.pk]),
    ):
        assert client.get(reverse(f"papers:{name}", args=args)).status_code in (302, 403, 404), name
    assert DataAccess.objects.filter(event=elsewhere).count() == 0


def test_nobody_else_sees_any(client):
    translator = browser(person("nobody"))
    event = meeting()
    comes(event, "Asha Rao")
    for one in (translator, client):
        for name in ("badges", "badges_pdf", "participants"):
            assert one.get(reverse(f"papers:{name}", args=[event.uid])).status_code in (302, 403, 404)


def test_it_asks_the_database_as_much_for_many_as_for_one(django_assert_max_num_queries):
    event = asking()
    full = TicketFactory(event=event)
    for number in range(12):
        answers(comes(event, f"P {number}", ticket=full), position="x", speaks=["fr"], agrees=["photo"])
    people = badges.chosen(Registration.objects.all(), event)
    with django_assert_max_num_queries(14):
        assert len(badges.badges(people, event, "en")) == 12
    assert re.search(r"\d", people[0].name)
