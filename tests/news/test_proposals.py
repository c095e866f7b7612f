"""Proposing an event: a few words in one's language, a draft for the staff, and what becomes of it."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from events.desk import proposal_letters
from events.models import Event, Proposal
from letters.models import Letter
from letters.writing import write
from tests.factories import OrganisationFactory, again, mandate
from tests.news.conftest import browser, parse

pytestmark = pytest.mark.django_db
ADD = "/admin/proposals/add/"


def told(region, **changes):
    sent = {
        "submission": str(uuid.uuid4()),
        "region": region.pk,
        "title_fr": "Rencontre de Korhogo",
        "kind": "regional_meeting",
        "first_day": "2031-05-12",
        "first_hour": "09:00",
        "last_hour": "17:00",
        "format": "onsite",
        "city": "Korhogo",
        "country": "CI",
        "organisers": "La coopérative",
        "note": "Cinq villages le demandent.",
        "contact": "Awa, +225",
    }
    return {name: value for name, value in (sent | changes).items() if value is not None}


@pytest.fixture
def proposed(awa, west, editor):
    def propose(**changes):
        answer = browser(awa).post(ADD, told(west, **changes))
        assert answer.status_code == 302, answer.content.decode()
        return Proposal.objects.latest("pk")

    return propose


def letters(kind):
    return list(Letter.objects.filter(kind=kind).order_by("pk"))


def said(letter):
    message = write(letter)
    assert message is not None
    return f"{message.subject}\n{message.body}"


def respond(user, proposal, what, comment=""):
    return browser(user).post(reverse("proposals:answer", args=[proposal.uid]), {"answer": what, "comment": comment})


def test_a_proposal_is_a_draft_in_the_regions_zone_that_nobody_reads(proposed, awa, west, client):
    proposal = proposed()
    event = proposal.event
    assert (event.live, event.timezone, event.start_local) == (False, "Africa/Abidjan", dt.datetime(2031, 5, 12, 9))
    assert (proposal.state, proposal.proposer, proposal.language) == ("proposed", awa, "fr")
    assert list(event.get_latest_revision_as_object().regions.all()) == [west]
    assert "Cinq villages" in event.staff_note
    for path in ("/fr/agenda/", west.pages.get(locale__language_code="fr").url):
        assert "Korhogo" not in client.get(path).content.decode()


def test_the_form_is_in_ones_language_and_asks_for_its_title_first(awa, west):
    page = parse(browser(awa).get(ADD))
    assert [box["name"] for box in page.select("form.desk-form input[name^=title_]")] == [
        "title_fr",
        "title_en",
        "title_es",
    ]
    assert page.select_one("[name=region]")["type"] == "hidden"


def test_one_language_is_enough_and_the_staff_add_french_before_it_is_public(proposed, editor, typed_event):
    proposal = proposed(title_fr="", title_es="Encuentro de Korhogo")
    assert proposal.language == "es"
    assert proposal.event.title.data == {"es": "Encuentro de Korhogo"}
    with pytest.raises(ValidationError, match="French"):
        proposal.event.get_latest_revision().publish()
    respond(editor, proposal, "accepted")
    edit = reverse("wagtailsnippets_events_event:edit", args=[proposal.event_id])
    form = parse(browser(editor).get(edit))
    assert form.select_one("[name=title_2]")["value"] == "Encuentro de Korhogo"
    answer = browser(editor).post(
        edit, typed_event(title_2="Encuentro de Korhogo", city_0="Korhogo", country="CI") | {"action-publish": "1"}
    )
    assert answer.status_code == 302
    assert again(proposal.event).live
    assert Proposal.objects.get().state == "published"


def test_dates_may_be_unknown(proposed):
    proposal = proposed(
        first_day=None, first_hour=None, last_hour=None, date_unknown="on", around="après les pluies de 2031"
    )
    assert (proposal.event.status, proposal.event.all_day, proposal.date_known) == ("tentative", True, False)
    assert "après les pluies" in proposal.event.staff_note


def test_without_hours_it_takes_whole_days(proposed):
    event = proposed(first_hour=None, last_hour=None, last_day="2031-05-14").event
    assert event.all_day
    assert event.end_local.date() == dt.date(2031, 5, 14)


def test_organisers_of_the_directory_are_organisers_of_the_draft(proposed):
    one = OrganisationFactory(short_name="P-ONE")
    event = proposed(organisations=[one.pk]).event.get_latest_revision_as_object()
    assert [row.organisation for row in event.organisers.all()] == [one]


def test_sent_twice_it_is_kept_once(awa, west):
    form = told(west)
    first, second = (browser(awa).post(ADD, form) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Proposal.objects.count() == Event.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title_fr": ""}, "Give it a title"),
        ({"first_day": ""}, "Give the first day"),
        ({"last_day": "2031-05-11"}, "The last day can't be before the first."),
        ({"last_hour": "08:00"}, "The end must come after the beginning."),
        ({"country": "", "city": ""}, "Say in which country"),
    ],
)
def test_an_error_keeps_everything_that_was_written(bela, south, changes, words):
    answer = browser(bela).post(ADD, told(south, note="À ne pas perdre", **changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words.replace("'", "&#x27;") in page
    assert "À ne pas perdre" in page
    assert Proposal.objects.count() == Event.objects.count() == 0


def test_only_who_cares_for_events_of_the_region_proposes_there(awa, bela, south, west, client):
    assert browser(awa).post(ADD, told(south)).status_code == 422
    news_only = bela.mandates.get()
    news_only.events = False
    news_only.save()
    assert browser(bela).get(ADD).status_code in (302, 403)
    assert browser(bela).post(ADD, told(south)).status_code in (302, 403)
    assert "/admin/login/" in client.get(ADD).headers["Location"]
    assert not Proposal.objects.exists()


def test_another_region_never_sees_it(proposed, bela):
    proposal = proposed()
    client = browser(bela)
    for name in ("show", "edit"):
        assert client.get(reverse(f"proposals:{name}", args=[proposal.uid])).status_code == 404
    for name in ("withdraw", "answer"):
        assert client.post(reverse(f"proposals:{name}", args=[proposal.uid]), {"answer": "accepted"}).status_code in (
            302,
            403,
            404,
        )
    assert "Korhogo" not in client.get(reverse("proposals:list")).content.decode()
    assert Proposal.objects.get().state == "proposed"


def test_the_staff_read_the_queue_and_the_letter(proposed, editor):
    proposal = proposed()
    (letter,) = letters("proposal_waits")
    assert letter.recipient == editor.email
    assert f"/admin/proposals/{proposal.uid}/" in said(letter)
    assert "Cinq villages" in said(letter)
    assert "Rencontre de Korhogo" in browser(editor).get(reverse("proposals:list")).content.decode()
    page = browser(editor).get(reverse("proposals:show", args=[proposal.uid])).content.decode()
    assert "Accept and prepare" in page
    assert "Africa/Abidjan" in page or "Greenwich" in page


def test_each_step_is_told_and_what_is_sent_back_can_be_completed(proposed, awa, editor, west):
    proposal = proposed()
    refused = respond(editor, proposal, "returned")
    assert refused.status_code == 422  # a reason is needed
    respond(editor, proposal, "returned", "Quelle salle ?")
    assert "Quelle salle ?" in said(letters("proposal_answered")[0])
    assert letters("proposal_answered")[0].language == "fr"
    page = browser(awa).get(reverse("proposals:show", args=[proposal.uid])).content.decode()
    assert "Quelle salle ?" in page
    form = parse(browser(awa).get(reverse("proposals:edit", args=[proposal.uid])))
    assert form.select_one("[name=title_fr]")["value"] == "Rencontre de Korhogo"
    assert form.select_one("[name=first_day]")["value"] == "2031-05-12"
    browser(awa).post(reverse("proposals:edit", args=[proposal.uid]), told(west, note="Salle des fêtes"))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.note) == ("proposed", "Salle des fêtes")
    assert len(letters("proposal_waits")) == 2
    respond(editor, proposal, "accepted")
    assert len(letters("proposal_answered")) == 2
    respond(editor, proposal, "declined", "La salle n’est pas libre.")
    assert "La salle n’est pas libre." in said(letters("proposal_answered")[2])
    assert respond(editor, proposal, "accepted").status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "declined"  # what is over stays over
    assert len(letters("proposal_answered")) == 3
    assert [step.stage for step in proposal.steps.all()] == [
        "proposed",
        "returned",
        "proposed",
        "accepted",
        "declined",
    ]


def test_only_what_was_sent_back_can_be_changed(proposed, awa, west):
    proposal = proposed()
    answer = browser(awa).post(reverse("proposals:edit", args=[proposal.uid]), told(west, title_fr="Autre"))
    assert answer.status_code == 302
    assert again(proposal.event).get_latest_revision_as_object().title.data["fr"] == "Rencontre de Korhogo"


def test_publication_is_told_once_in_the_proposers_language(proposed, editor, awa):
    proposal = proposed()
    proposal.event.get_latest_revision().publish()
    again(proposal.event).save_revision().publish()
    (letter,) = letters("proposal_published")
    assert (letter.recipient, letter.language) == (awa.email, "fr")
    assert "/fr/agenda/" in said(letter)
    again(proposal.event).unpublish()
    assert write(letter) is None


def test_withdrawing_tells_the_staff(proposed, awa):
    proposal = proposed()
    browser(awa).post(reverse("proposals:withdraw", args=[proposal.uid]))
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    assert write(letters("proposal_waits")[0]) is None
    assert "Korhogo" in said(letters("proposal_waits")[1])


def test_what_waits_is_remembered_once_a_period(proposed, editor, settings):
    settings.REVIEW_REMINDER_DAYS = 3
    proposal = proposed()
    for days, count in ((2, 0), (3, 1), (5, 1), (6, 2)):
        with time_machine.travel(timezone.now() + dt.timedelta(days=days, hours=1)):
            proposal_letters.remind()
            proposal_letters.remind()
        assert len(letters("proposal_reminder")) == count, days
    assert "Korhogo" in said(letters("proposal_reminder")[0])
    respond(editor, proposal, "accepted")
    assert write(letters("proposal_reminder")[0]) is None


def test_the_worker_reminds(proposed):
    proposed()
    with time_machine.travel(timezone.now() + dt.timedelta(days=4)):
        call_command("work", "--once", verbosity=0)
    assert letters("proposal_reminder")


def test_who_takes_the_region_over_follows_it_and_who_left_does_not(proposed, awa, bela, west):
    proposal = proposed()
    mandate(bela, west)
    assert browser(bela).get(reverse("proposals:show", args=[proposal.uid])).status_code == 200
    awa.mandates.get().end()
    assert browser(awa).get(reverse("proposals:show", args=[proposal.uid])).status_code in (302, 403, 404)


def test_the_draft_of_a_proposal_is_not_deleted_by_mistake(proposed, editor):
    proposal = proposed()
    browser(editor).post(reverse("wagtailsnippets_events_event:delete", args=[proposal.event_id]))
    assert Event.objects.filter(pk=proposal.event_id).exists()
