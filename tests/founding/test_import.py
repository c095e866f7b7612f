"""Loading a programme again after people, or the file, have changed."""

import datetime as dt

import pytest
from django.core.management import CommandError

from events.models import Event, EventPage, Imported
from pages.models import Edition
from regions.models import NewsPage, Organisation, Region

pytestmark = pytest.mark.django_db


def event() -> Event:
    return Event.objects.get(title__contains="A meeting")


def test_a_changed_fact_is_published(small):
    small.load()
    small.event["start_local"] = "2031-05-06T10:00:00"
    assert "Changed event meeting: start_local." in small.load()
    assert event().start_local == dt.datetime(2031, 5, 6, 10)
    assert event().calendar_entry.sequence == 1
    assert "Nothing changed." in small.load()


def test_a_city_told_once_is_the_same_in_every_language(small):
    small.load()
    assert event().city.data == {"fr": "Abidjan", "en": "Abidjan", "es": "Abidjan"}


def test_a_field_somebody_edited_is_left_alone_and_told(small):
    small.load()
    edited = event()
    edited.venue = {"fr": "La grande salle"}
    edited.start_local = dt.datetime(2031, 5, 6, 8)
    edited.save_revision().publish()
    small.event.update(
        {"start_local": "2031-05-06T11:00:00", "venue": "Hotel", "staff_note": "", "note": "Bring maps."}
    )
    report = small.load()
    assert "Left alone event meeting, start_local: somebody has edited it." in report
    assert "Left alone event meeting, venue: somebody has edited it." in report
    assert "Changed event meeting: staff_note." in report
    assert event().start_local == dt.datetime(2031, 5, 6, 8)
    assert event().staff_note == "Bring maps."
    again = small.load()
    assert "Nothing changed." in again
    assert "Left alone event meeting, venue" in again


def test_a_draft_somebody_works_on_survives(small):
    small.load()
    draft = event()
    draft.theme = {"fr": "Un thème en préparation"}
    draft.save_revision()
    small.event.update({"theme": {"fr": "Le thème du fichier"}, "city": "Bouaké"})
    report = small.load()
    assert "Left alone event meeting, theme" in report
    assert event().city.data["fr"] == "Bouaké"
    assert not event().theme
    latest = event().get_latest_revision_as_object()
    assert (latest.theme.data["fr"], latest.city.data["fr"]) == ("Un thème en préparation", "Bouaké")


def test_an_edit_that_says_what_the_file_says_later_is_no_quarrel(small):
    small.load()
    Organisation.objects.filter(short_name="ORG").update(url="https://example.org/")
    small.data["organisations"][0]["url"] = "https://example.org/"
    report = small.load()
    assert "Nothing changed." in report
    assert "Left alone" not in report


def test_an_organisation_that_stood_there_before_is_not_overwritten(small):
    Organisation.objects.create(short_name="ORG", name={"fr": "Le nom écrit à la main"}, kind="ngo")
    report = small.load()
    assert "Left alone organisation ORG, name: it was there before this import." in report
    assert Organisation.objects.get(short_name="ORG").name.data == {"fr": "Le nom écrit à la main"}


def test_an_organisation_renamed_by_the_staff_is_still_the_same(small):
    small.load()
    Organisation.objects.filter(short_name="ORG").update(short_name="OTHER")
    assert "Nothing changed." in small.load()
    assert [str(each.organisation.short_name) for each in event().organisers.all()] == ["OTHER"]


def test_what_somebody_deleted_does_not_come_back(small):
    small.data["news"] = [
        {"slug": "n", "region": "T-W", "date": "2031-01-02", "title": {"fr": "Nouvelle"}, "body": {"fr": "Un & deux."}}
    ]
    small.load()
    page = NewsPage.objects.get()
    assert "Un &amp; deux." in str(page.body)
    page.delete()
    assert "Left alone news n/fr: somebody has deleted it." in small.load()
    assert not NewsPage.objects.exists()


def test_news_told_in_a_further_language_take_the_place_of_the_draft_that_waits(
    small, django_capture_on_commit_callbacks
):
    told = {"slug": "n", "region": "T-W", "date": "2031-01-02", "title": {"fr": "Nouvelle"}, "body": {"fr": "Texte."}}
    small.data["news"] = [told]
    with django_capture_on_commit_callbacks(execute=True):
        small.load()
    english = NewsPage.objects.filter(locale__language_code="en")
    assert [(page.title, page.live) for page in english] == [("Nouvelle", False)]
    told["title"]["en"], told["body"]["en"] = "News", "Text."
    with django_capture_on_commit_callbacks(execute=True):
        small.load()
    assert [(page.title, page.live) for page in english.all()] == [("News", True)]


def test_what_the_file_no_longer_tells_stays_and_is_named(small):
    small.add_event(slug="second")
    small.load()
    del small.data["events"][1]
    assert "No longer in the file, left as it is: event second." in small.load()
    assert Event.objects.public().count() == 2


def test_an_event_taken_offline_stays_offline(small):
    small.load()
    event().unpublish()
    small.event["city"] = "Bouaké"
    assert "Changed event meeting: city." in small.load()
    assert not event().live
    assert event().get_latest_revision_as_object().city.data["fr"] == "Bouaké"


def test_a_day_and_what_lies_within_move_together(small):
    small.add_event(slug="inside", title={"fr": "Dedans"}, parent="meeting", end_local="2031-05-06T12:00:00")
    small.load()
    for each in small.data["events"]:
        each["start_local"] = each["start_local"].replace("-05-", "-06-")
        each["end_local"] = each["end_local"].replace("-05-", "-06-")
    assert "Changed event inside: start_local, end_local." in small.load()
    assert event().children.get().start_local == dt.datetime(2031, 6, 6, 9)
    assert "Nothing changed." in small.load()


def test_a_dry_run_tells_what_would_change_and_changes_nothing(small):
    edition = Edition.now()
    report = small.load("--dry-run")
    assert "Would add event meeting." in report
    assert "Would add region T-W." in report
    assert not Event.objects.exists()
    assert not Region.objects.exists()
    assert Edition.now() == edition
    small.load()
    small.event["city"] = "Bouaké"
    assert "Would change event meeting: city." in small.load("--dry-run")
    assert event().city.data["fr"] == "Abidjan"


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"end_local": "2031-05-06T08:00:00"}, "events[0].end_local", "The end must come after the beginning."),
        ({"end_local": "tomorrow"}, "events[0].end_local", "“tomorrow” is not a date and time"),
        ({"end_local": "2031-05-07T17:00:00+02:00"}, "events[0].end_local", "without an offset"),
        ({"start_local": None}, "events[0].start_local", "is missing."),
        ({"timezone": "Africa/Atlantis"}, "events[0].timezone", "is not a time zone"),
        ({"regions": ["NOWHERE"]}, "events[0].regions[0]", "unknown region “NOWHERE”."),
        ({"co_organisers": ["NOBODY"]}, "events[0].co_organisers[0]", "unknown organisation “NOBODY”."),
        ({"title": {"en": "A meeting"}}, "events[0].title", "the French text is missing."),
        ({"title": "A meeting"}, "events[0].title", "must be a text per language"),
        ({"title": {"fr": "Rencontre", "de": "Treffen"}}, "events[0].title.de", "is not a language of the site."),
        ({"ordinal": "3"}, "events[0].ordinal", "must be a whole number"),
        ({"ordinal": 3}, "events[0].series", "A number needs the series it counts in."),
        ({"type": "party"}, "events[0].type", "“party” is none of"),
        ({"latitude": 91}, "events[0].latitude", "must lie between -90 and 90."),
        ({"parent": "meeting"}, "events[0].parent", "itself"),
        ({"rescheduled_to": "meeting"}, "events[0].replacement", "itself"),
        ({"recurrence": {"rrule": "FREQ=HOURLY"}}, "events[0].recurrence.rrule", "repeats by days"),
        ({"languages": ["fr", "tlh"]}, "events[0].languages", "Unknown language: tlh"),
        ({"city": "A\x00B"}, "events[0].city", "NUL"),
        (
            {"registration": {"mode": "internal", "tickets": [{"code": "t", "name": {"fr": "T"}, "price": "dear"}]}},
            "events[0].registration.tickets[0].price",
            "“dear” is not a price like 60.00.",
        ),
        ({"start_local": "2031-03-30T02:30:00", "timezone": "Europe/Paris"}, "events[0].start_local", "does not exist"),
    ],
)
def test_a_bad_record_is_named_by_its_path_and_nothing_changes(small, change, path, reason):
    small.event.update(change)
    with pytest.raises(CommandError) as refused:
        small.load()
    lines = [line for line in str(refused.value).splitlines() if line.startswith(f"{path}: ")]
    assert len(lines) == 1, refused.value
    assert reason in lines[0]
    assert not Region.objects.exists()
    assert not Imported.objects.exists()


def test_all_bad_records_are_named_at_once(small):
    small.event["end_local"] = "2031-05-01T00:00:00"
    small.add_event(slug="second", regions=["NOWHERE"])
    small.data["organisations"][0]["kind"] = "club"
    with pytest.raises(CommandError) as refused:
        small.load()
    for path in ("events[0].end_local", "events[1].regions[0]", "organisations[0].kind"):
        assert f"\n{path}: " in str(refused.value)
    assert not EventPage.objects.exists()


def test_a_record_given_twice_is_refused(small):
    small.add_event()
    with pytest.raises(CommandError, match=r"events\[1\]\.slug: “meeting” is events\[0\] already\."):
        small.load()


def test_a_number_given_twice_in_a_series_is_refused(small):
    small.event.update({"series": "t-meetings", "ordinal": 4})
    small.add_event(slug="second", series="t-meetings", ordinal=4)
    with pytest.raises(CommandError, match=r"events\[1\]\.ordinal: 4 is “meeting” in this series already\."):
        small.load()


def test_a_number_that_the_staff_gave_away_is_refused(small, monkeypatch):
    small.event.update({"series": "t-meetings", "ordinal": 4})
    small.load()
    small.add_event(slug="second", series="t-meetings", ordinal=5)
    taken = event()
    taken.ordinal = 5
    taken.save_revision().publish()
    with pytest.raises(CommandError, match=r"events\[1\]"):
        small.load()
    assert Event.objects.count() == 1


def test_broken_json_is_told_with_its_line(small, say):
    small.path.write_text('{\n "regions": [\n}')
    with pytest.raises(CommandError, match="is not valid JSON at line 3"):
        say("import_programme", str(small.path))


def test_lists_within_lists_without_end_are_told(small, say):
    small.path.write_text("[" * 100_000)
    with pytest.raises(CommandError, match="within lists"):
        say("import_programme", str(small.path))


def test_a_file_that_is_not_there_is_told(small, say):
    with pytest.raises(CommandError, match="can't be read"):
        say("import_programme", str(small.path))
