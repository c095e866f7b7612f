"""History: what changed, as a reader would say it."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from events.models import Event
from tests.factories import OrganisationFactory, RegionFactory, told

pytestmark = pytest.mark.django_db


def organisers(*rows, kept=()):
    sent = {"organisers-TOTAL_FORMS": str(len(rows)), "organisers-INITIAL_FORMS": str(len(kept))}
    for number, (organisation, role) in enumerate(rows):
        sent |= {
            f"organisers-{number}-organisation": str(organisation.pk),
            f"organisers-{number}-role": role,
            f"organisers-{number}-ORDER": str(number + 1),
            f"organisers-{number}-id": str(kept[number]) if number < len(kept) else "",
        }
    return sent


@pytest.fixture
def compared(desk, typed):
    """The words of the comparison of two versions that differ in everything."""
    fao, ird = OrganisationFactory(name=told("FAO")), OrganisationFactory(name=told("IRD"))
    west, south = RegionFactory(name=told("Ouest", "West")), RegionFactory(name=told("Sud", "South"))
    desk.post(
        reverse("wagtailsnippets_events_event:add"),
        typed(**organisers((fao, "host")), regions=[west.pk], languages=["fr"]),
    )
    event = Event.objects.get()
    changed = typed(
        **organisers((fao, "sponsor"), (ird, "host"), kept=[event.organisers.get().pk]),
        regions=[south.pk],
        languages=["en", "es"],
        title_1="Meeting in Abidjan",
        start_local="2031-05-12 10:30",
        timezone="Africa/Lagos",
        recurrence_frequency="weekly",
        recurrence_ends="count",
        recurrence_count="3",
        recurrence_skipped=["2031-05-19"],
        capacity="50",
        interpretation="on",
        country="CI",
        status="tentative",
    )
    answer = desk.post(reverse("wagtailsnippets_events_event:edit", args=[event.pk]), changed)
    assert answer.status_code == 302
    before, after = event.revisions.order_by("pk").values_list("pk", flat=True)

    def read():
        page = desk.get(reverse("wagtailsnippets_events_event:revisions_compare", args=[event.pk, before, after]))
        assert page.status_code == 200
        return BeautifulSoup(page.content, "html.parser").main.get_text("|", strip=True)

    return read


def test_every_kind_of_fact_is_compared_in_words(compared):
    said = compared()
    for words in (
        "Meeting in|Abidjan|meeting",
        "scheduled|date to be confirmed",
        "Africa/Abidjan|Africa/Lagos",
        "12 May 2031, 09:00|12 May 2031, 10:30",
        "every Monday at 10:30, three times in all, without 19 May 2031",
        "Côte d’Ivoire",
        "West|,|South",
        "FAO|Role|host|sponsor",
        "IRD|Role|host",
        "French|English, Spanish",
        "With interpretation:|no|yes",
        "Seats in all:|—|50",
    ):
        assert words in said, (words, said)
    assert "None" not in said
    assert "False" not in said


def test_it_is_compared_in_the_readers_language(compared, staff):
    for language, words in (("fr", "non|oui"), ("es", "no|sí")):
        staff.wagtail_userprofile.preferred_language = language
        staff.wagtail_userprofile.save()
        assert words in compared()
