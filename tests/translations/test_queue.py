"""The queue: what waits, for whom, since when, how far it got."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import EventPage
from pages.translation.publishing import publish as publish_translation
from pages.translation.request import catch_up
from pages.translation.standing import queue_of
from tests.factories import EventFactory, mandate, told
from tests.translations.conftest import browser, member, text, translate

pytestmark = pytest.mark.django_db

QUEUE = "translations:index"


@pytest.fixture(autouse=True)
def _settled(db):
    """What `found` has made is settled, so that the queue holds what a test puts there."""
    catch_up()


def rows(client, **asked):
    answer = client.get(reverse(QUEUE), asked)
    assert answer.status_code == 200
    return [
        (row.source.title, row.page.locale.language_code, row.state, (row.done, row.total))
        for row in answer.context["object_list"]
    ]


def test_it_tells_what_is_missing_begun_proposed_and_stale(west, write, publish, translator, correspondent, committed):
    from pages.translation.publishing import propose

    missing, begun = write(west, "Manque"), write(west, "Commence")
    translate(begun, "en", leaving=2)
    proposed, stale = write(west, "Propose"), write(west, "Change")
    propose(translate(proposed, "en"), correspondent)
    with committed():
        publish_translation(translate(stale, "en"), None)
    publish(stale, summary="Du nouveau")
    told_rows = rows(browser(translator), language="en")
    assert sorted(told_rows) == sorted(
        [
            ("Manque", "en", "missing", (0, 3)),
            ("Commence", "en", "started", (1, 3)),
            ("Propose", "en", "proposed", (3, 3)),
            ("Change", "en", "stale", (3, 4)),
        ]
    )
    assert missing.live


def test_what_is_whole_and_follows_waits_no_more(west, write, translator, committed):
    news = write(west, "Trois villages")
    assert len(rows(browser(translator))) == 2
    with committed():
        publish_translation(translate(news, "en"), None)
    assert [language for _title, language, *_ in rows(browser(translator))] == ["es"]


def test_a_draft_and_what_was_taken_back_wait_for_nobody(west, write, translator):
    write(west, "Brouillon", published=False)
    write(west, "Retiré").unpublish()
    assert rows(browser(translator)) == []


def test_the_oldest_comes_first_with_its_age(west, write, translator):
    with time_machine.travel(dt.datetime(2031, 1, 1, 12, tzinfo=dt.UTC), tick=False):
        write(west, "Ancien")
    with time_machine.travel(dt.datetime(2031, 1, 20, 12, tzinfo=dt.UTC), tick=False):
        write(west, "Récent")
        client = browser(translator)
        answer = client.get(reverse(QUEUE), {"language": "en"})
    assert [row.source.title for row in answer.context["object_list"]] == ["Ancien", "Récent"]
    assert "2\xa0weeks" in answer.content.decode()


def test_each_sees_what_is_in_their_hands(west, south, write, translator, staff, correspondent, neighbour):
    write(west, "De l’Ouest"), write(south, "From the South", "en")
    assert {title for title, *_ in rows(browser(correspondent))} == {"De l’Ouest"}
    assert {title for title, *_ in rows(browser(neighbour))} == {"From the South"}
    assert {(title, language) for title, language, *_ in rows(browser(translator))} == {
        ("De l’Ouest", "en"),
        ("De l’Ouest", "es"),
        ("From the South", "es"),
    }
    assert len(rows(browser(staff))) == 4


def test_a_correspondent_of_one_language_sees_that_one(west, write):
    user = member("spanish.only")
    mandate(user, west, languages=["es"])
    write(west, "Trois villages")
    assert [language for _title, language, *_ in rows(browser(user))] == ["es"]


def test_the_queue_and_the_doors_agree(west, south, write, translator, staff, correspondent, neighbour, publish):
    """What somebody finds in the queue opens, and nothing else does."""
    from wagtail_localize.models import Translation

    from pages.translation import reach
    from pages.translation.rendition import Rendition

    write(west, "De l’Ouest"), write(south, "From the South", "en"), write(west, "Mío", "es")
    event = EventFactory.published()
    publish(EventPage.objects.get(event=event, locale__language_code="fr"), body=text("Bonjour."))
    for user in (translator, staff, correspondent, neighbour):
        browser(user).get("/admin/")
        user = User.objects.get(pk=user.pk)
        listed = set(queue_of(user).values_list("page_id", flat=True))
        open_to = {
            row.page_id
            for row in Rendition.objects.wanted()
            if reach.may_translate(
                user,
                Translation.objects.select_related("source").get(
                    source__object_id=row.page.translation_key, target_locale=row.page.locale_id
                ),
            )
        }
        assert listed == open_to, user
        assert listed


def test_it_is_narrowed_by_state_region_and_kind(west, south, write, publish, staff):
    write(west, "De l’Ouest"), write(south, "Du Sud")
    event = EventFactory.published(title=told("Réunion du Sud"), regions=[south])
    page = publish(EventPage.objects.get(event=event, locale__language_code="fr"), body=text("Bonjour."))
    client = browser(staff)
    assert {title for title, *_ in rows(client, region="SOUTH-ASIA")} == {"Du Sud", "Réunion du Sud"}
    assert {title for title, *_ in rows(client, region="WEST-AFRICA")} == {"De l’Ouest"}
    assert {title for title, *_ in rows(client, kind=page.content_type_id)} == {"Réunion du Sud"}
    assert rows(client, state="stale") == []
    listed = client.get(reverse(QUEUE), {"region": "SOUTH-ASIA"}).content.decode()
    assert "Region SOUTH-ASIA" in listed


def test_it_asks_the_database_no_more_often_as_it_grows(west, write, translator):
    client = browser(translator)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse(QUEUE))
        return len(captured)

    write(west, "Un")
    queries()
    few = queries()
    for number in range(6):
        write(west, f"Encore {number}")
    assert queries() == few


def test_who_writes_no_page_has_no_queue(db):
    user = member("nobody")
    from django.contrib.auth.models import Permission

    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert browser(user).get(reverse(QUEUE)).status_code in (302, 403)


def test_the_first_page_counts_what_waits_in_each_language(west, write, publish, translator, committed):
    news = write(west, "Trois villages")
    with committed():
        publish_translation(translate(news, "en"), None)
    publish(news, summary="Du nouveau")
    page = browser(translator).get("/admin/").content.decode()
    assert "English: 1 text to translate" in page
    assert "1 whose source has changed" in page
    assert f"{reverse(QUEUE)}?language=es" in page


def test_titles_and_names_that_a_language_lacks_are_listed_for_the_staff(staff, translator, west):
    EventFactory.published(title=told("Réunion sans anglais", es="Reunión"), theme=told("Thème"))
    EventFactory.published(title=told("Partout", "Everywhere", "En todas partes"))
    answer = browser(staff).get(reverse("translations:short"))
    page = answer.content.decode()
    assert "Reunión" in page or "Réunion sans anglais" in page
    assert "Everywhere" not in page
    groups = dict(answer.context["groups"])
    (event,) = [row for rows in groups.values() for row in rows if row.title.text == "Réunion sans anglais"]
    assert [(code, fields) for code, _name, fields in event.languages] == [("en", "title, theme"), ("es", "theme")]
    assert any(row.title.text == "Region WEST-AFRICA" for rows in groups.values() for row in rows)
    assert browser(translator).get(reverse("translations:short")).status_code in (302, 403)


def test_a_first_page_with_nothing_to_translate_says_so(translator):
    page = browser(translator).get("/admin/").content.decode()
    assert "Nothing waits for you." in page
    assert reverse("translations:index") in page
