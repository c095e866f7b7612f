"""The form of an event in Wagtail's admin."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.html import escape

from events.models import Event, SeatPool, Series
from tests.factories import EventFactory, OrganisationFactory, again, publish, told

pytestmark = pytest.mark.django_db
ADD = "wagtailsnippets_events_event:add"
EDIT = "wagtailsnippets_events_event:edit"


def save(desk, sent, event=None, action=None):
    address = reverse(EDIT, args=[event.pk]) if event else reverse(ADD)
    return desk.post(address, sent | ({f"action-{action}": "1"} if action else {}))


def errors(response):
    assert response.status_code == 200, response.headers.get("Location")
    return {name: " ".join(said) for name, said in response.context["form"].errors.items()}


@pytest.mark.once
def test_the_form_is_there_in_three_languages(desk, staff):
    for language in ("fr", "en", "es"):
        staff.wagtail_userprofile.preferred_language = language
        staff.wagtail_userprofile.save()
        response = desk.get(reverse(ADD))
        assert response.status_code == 200
        assert f'lang="{language}"' in response.content.decode()


def test_an_event_is_created_as_a_draft_then_published(desk, typed):
    host = OrganisationFactory()
    organisers = {
        "organisers-TOTAL_FORMS": "1",
        "organisers-0-organisation": str(host.pk),
        "organisers-0-role": "host",
        "organisers-0-ORDER": "1",
        "organisers-0-id": "",
    }
    response = save(desk, typed(**organisers))
    event = Event.objects.get()
    assert response.headers["Location"] == reverse(EDIT, args=[event.pk])
    assert not event.live
    assert event.start_local == dt.datetime(2031, 5, 12, 9)
    save(desk, typed(title_1="Meeting in Abidjan"), event, "publish")
    event = again(event)
    assert event.live
    assert event.title.localize("en") == "Meeting in Abidjan"
    assert event.pages.count() == 3


def test_hours_are_those_of_the_event_whatever_the_editors_zone(desk, staff, typed):
    staff.wagtail_userprofile.current_time_zone = "America/Toronto"
    staff.wagtail_userprofile.save()
    save(desk, typed(timezone="Asia/Kolkata"))
    event = Event.objects.get()
    assert event.start_local == dt.datetime(2031, 5, 12, 9)
    assert event.starts_at == dt.datetime(2031, 5, 12, 3, 30, tzinfo=dt.UTC)
    assert 'value="2031-05-12 09:00"' in desk.get(reverse(EDIT, args=[event.pk])).content.decode()


@pytest.mark.once
def test_an_hour_that_the_clock_skips_is_refused_and_explained(desk, typed):
    sent = typed(timezone="Europe/Paris", start_local="2031-03-30 02:30", end_local="2031-03-30 05:00")
    said = errors(save(desk, sent))
    assert "does not exist in Europe/Paris" in said["start_local"]
    assert "03:30" in said["start_local"]


@pytest.mark.once
def test_an_hour_that_comes_twice_asks_which(desk, typed):
    sent = typed(timezone="Europe/Paris", start_local="2031-10-26 02:30", end_local="2031-10-26 05:00")
    assert "twice" in errors(save(desk, sent))["start_fold"]
    save(desk, sent | {"start_fold": "1"})
    assert Event.objects.get().starts_at == dt.datetime(2031, 10, 26, 1, 30, tzinfo=dt.UTC)


@pytest.mark.once
def test_the_end_comes_after_the_beginning(desk, typed):
    assert "end_local" in errors(save(desk, typed(end_local="2031-05-12 08:00")))


@pytest.mark.once
def test_french_is_required(desk, typed):
    assert "title" in errors(save(desk, typed(title_0="")))
    assert "venue" in errors(save(desk, typed(venue_1="Only English")))


def test_a_parent_that_moves_offers_to_take_its_children_along(desk, typed):
    day = EventFactory.published(title=told("Journée"))
    forum = EventFactory.published(
        title=told("Forum", "The Forum"),
        parent=day,
        start_local=dt.datetime(2031, 5, 12, 10),
        end_local=dt.datetime(2031, 5, 12, 12),
    )
    moved = typed(
        title_0="Journée", timezone="Europe/Paris", start_local="2031-05-13 09:00", end_local="2031-05-13 17:00"
    )
    assert "The Forum" in errors(save(desk, moved, day, "publish"))["moves_children"]
    save(desk, moved | {"moves_children": "on"}, day, "publish")
    assert again(day).start_local == dt.datetime(2031, 5, 13, 9)
    assert again(forum).start_local == dt.datetime(2031, 5, 13, 10)


@pytest.mark.once
def test_the_offer_is_never_ticked_already(desk, typed):
    event = EventFactory.create()
    save(desk, typed(moves_children="on"), event)
    form = desk.get(reverse(EDIT, args=[event.pk])).context["form"]
    assert form["moves_children"].value() is False


def test_a_child_outside_its_parent_is_refused(desk, typed):
    day = EventFactory.published(title=told("Journée", "The Day"), timezone="Africa/Abidjan")
    said = errors(save(desk, typed(parent=str(day.pk), start_local="2031-05-11 09:00")))
    assert "The Day" in said["parent"]


def test_there_cannot_be_fewer_seats_than_are_taken(desk, typed):
    event = EventFactory.published(capacity=60)
    SeatPool.objects.filter(event=event, key="event").update(taken=31)
    assert "31" in errors(save(desk, typed(capacity="30"), event, "publish"))["capacity"]
    assert again(event).capacity == 60


def test_a_number_is_given_once_in_a_series(desk, typed):
    series = Series.objects.create(code="fora", name=told("Forums"))
    EventFactory.published(title=told("Sixième forum", "Sixth Forum"), series=series, ordinal=6)
    said = errors(save(desk, typed(series=str(series.pk), ordinal="6")))
    assert "Sixth Forum" in said["ordinal"]
    assert save(desk, typed(series=str(series.pk), ordinal="7")).status_code == 302
    assert "series" in errors(save(desk, typed(ordinal="7")))


def test_a_number_taken_at_the_same_moment_is_told_not_thrown(desk, typed, monkeypatch):
    series = Series.objects.create(code="fora", name=told("Forums"))
    EventFactory.published(series=series, ordinal=6)
    monkeypatch.setattr(Event, "validate_constraints", lambda self, exclude=None: None)
    monkeypatch.setattr("events.desk.event_form.EventForm._number_is_free", lambda self, cleaned: None)
    answer = save(desk, typed(series=str(series.pk), ordinal="6"), action="publish")
    assert "Somebody else" in errors(answer)["__all__"]


def test_a_rule_is_chosen_and_gives_the_dates_of_the_series(desk, typed):
    sent = typed(
        start_local="2027-05-10 15:30",
        end_local="2027-05-10 17:00",
        recurrence_frequency="monthly",
        recurrence_monthly="weekday",
        recurrence_ordinal="2",
        recurrence_weekday="MO",
        recurrence_ends="count",
        recurrence_count="4",
        recurrence_skipped=["2027-06-14"],
    )
    save(desk, sent, action="publish")
    event = Event.objects.get()
    assert [one.start_local.day for one in event.occurrences.order_by("starts_at")] == [10, 12, 9]
    page = desk.get(reverse(EDIT, args=[event.pk])).content.decode()
    assert "On the second Monday of every month at 15:30, Abidjan time, four times in all." in page
    assert 'value="2027-06-14"' in page


@pytest.mark.once
def test_a_rule_that_cannot_be_followed_is_refused_at_its_field(desk, typed):
    assert "how often" in errors(save(desk, typed(recurrence_frequency="hourly")))["recurrence"]
    fifth = {"recurrence_monthly": "weekday", "recurrence_ordinal": "-1", "recurrence_weekday": "TH"}
    said = errors(save(desk, typed(recurrence_frequency="monthly", **fifth)))["recurrence"]
    assert "this rule does not give" in said


@pytest.mark.once
def test_what_was_typed_is_kept_when_something_is_wrong(desk, typed):
    sent = typed(
        end_local="2031-05-12 08:00",
        recurrence_frequency="daily",
        recurrence_ends="count",
        recurrence_count="2",
        recurrence_skipped=["2031-05-13"],
    )
    page = save(desk, sent).content.decode()
    assert "Every day at 09:00, Abidjan time, twice in all." in page
    assert 'value="2031-05-13"' in page
    assert escape("Réunion d’Abidjan") in page


def test_a_publication_refused_behind_the_lock_keeps_the_draft_and_says_why(desk, typed, monkeypatch):
    day = EventFactory.published(title=told("Journée", "The Day"), timezone="Africa/Abidjan")
    child = EventFactory.published(parent=day, timezone="Africa/Abidjan")
    clean = Event.clean

    def moved_meanwhile(self):
        clean(self)
        Event.objects.filter(pk=day.pk).update(
            start_local=dt.datetime(2031, 6, 1, 9),
            starts_at=dt.datetime(2031, 6, 1, 9, tzinfo=dt.UTC),
            end_local=dt.datetime(2031, 6, 2, 9),
            ends_at=dt.datetime(2031, 6, 2, 9, tzinfo=dt.UTC),
        )

    monkeypatch.setattr(Event, "clean", moved_meanwhile)
    response = save(desk, typed(parent=str(day.pk), title_1="New name"), child, "publish")
    assert response.status_code == 302
    page = desk.get(response.headers["Location"]).content.decode()
    assert "Not published; the draft is kept." in page
    assert "New name" in page
    assert again(child).title.localize("en") != "New name"


def test_a_draft_saved_while_one_types_answers_what_is_wrong_without_failing(desk, typed):
    def autosave(sent):
        return desk.post(reverse(ADD), sent, headers={"accept": "application/json"})

    assert autosave(typed(start_local="")).status_code == 400
    assert autosave(typed(title_0="", title_1="")).status_code == 400
    assert autosave(typed(timezone="")).status_code == 400
    assert autosave(typed()).json()["success"]


@pytest.mark.once
@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_an_event_is_previewed_in_each_language_before_it_is_saved(desk, typed, language):
    address = reverse("wagtailsnippets_events_event:preview_on_add")
    assert desk.post(address, typed()).json()["is_valid"]
    page = desk.get(address, {"mode": language})
    assert page.status_code == 200
    assert escape(typed()[{"fr": "title_0", "en": "title_1", "es": "title_2"}[language]]) in page.content.decode()
    assert not Event.objects.exists()


@pytest.mark.once
def test_two_versions_are_compared_field_by_field(desk):
    event = EventFactory.published(title=told("Réunion", "Meeting"), languages=["fr"])
    changed = publish(
        event, title=told("Réunion", "Great meeting"), start_local=dt.datetime(2031, 5, 12, 10), languages=["fr", "en"]
    )
    first, last = changed.revisions.order_by("pk")
    page = desk.get(
        reverse("wagtailsnippets_events_event:revisions_compare", args=[event.pk, first.pk, last.pk])
    ).content.decode()
    assert "Great" in page
    assert "10" in page
    assert "English" in page


def test_a_published_event_is_not_deleted_but_explained(desk):
    event = EventFactory.published(title=told("Réunion", "Meeting"))
    address = reverse("wagtailsnippets_events_event:delete", args=[event.pk])
    for answer in (desk.get(address, follow=True), desk.post(address, follow=True)):
        assert "has been published" in answer.content.decode()
    assert Event.objects.filter(pk=event.pk).exists()


def test_many_events_are_not_deleted_at_once_either(desk):
    event = EventFactory.published()
    address = reverse("wagtail_bulk_action", args=["events", "event", "delete"])
    answer = desk.post(f"{address}?id={event.pk}&next=/admin/events/", follow=True)
    assert answer.status_code == 200
    assert Event.objects.filter(pk=event.pk).exists()


def test_a_draft_that_nobody_has_seen_can_be_deleted(desk):
    event = EventFactory.create()
    desk.post(reverse("wagtailsnippets_events_event:delete", args=[event.pk]))
    assert not Event.objects.exists()


@pytest.mark.once
def test_the_stock_copy_is_off(desk):
    event = EventFactory.create()
    assert desk.get(f"/admin/events/copy/{event.pk}/").status_code == 404


@pytest.mark.once
def test_an_address_of_the_admin_that_is_nobodys_is_not_found(desk):
    assert desk.get("/admin/nothing/here/").status_code == 404
