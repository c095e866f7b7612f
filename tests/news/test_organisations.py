"""The directory: filters, a page each, a map; and two rows that become one without losing a link."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import models
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry, Revision

from events.models import Event, EventOrganiser
from regions import worldmap
from regions.merging import links, merge, what_moves
from regions.models import College, FormerAddress, Organisation, Representative
from tests.factories import EventFactory, OrganisationFactory, again, told
from tests.news.conftest import browser, parse, person
from tests.reading import steps

pytestmark = pytest.mark.django_db
HERE = "/en/organisations/"


def organised(*pairs, **facts):
    event = EventFactory.create(**facts)
    for order, (organisation, role) in enumerate(pairs):
        event.organisers.add(EventOrganiser(organisation=organisation, role=role, sort_order=order))
    event.save_revision().publish()
    return again(event)


@pytest.fixture
def zebra(db):
    research = College.objects.create(code="o-research", name=told("Recherche", "Research"))
    return OrganisationFactory(
        short_name="O-ZEB", name=told("Zèbre", "Zebra Institute"), college=research, country="CI", kind="university"
    )


@pytest.fixture
def okapi(db):
    return OrganisationFactory(
        short_name="O-OKA", name=told("Okapi"), country="GH", kind="ngo", url="https://o.example/"
    )


# -- the directory


def listed(client, **asked):
    page = parse(client.get(HERE, asked))
    return {one.get_text() for one in page.select(".directory li a") if one["href"].startswith(f"{HERE}o-")}


def test_the_directory_is_narrowed_by_kind_college_country_and_role(client, zebra, okapi):
    organised((zebra, "host"), (okapi, "sponsor"))
    both = {"Zebra Institute", "Okapi"}
    assert listed(client) == both
    assert listed(client, kind="ngo") == {"Okapi"}
    assert listed(client, college="o-research") == {"Zebra Institute"}
    assert listed(client, country="GH") == {"Okapi"}
    assert listed(client, role="host") == {"Zebra Institute"}
    assert listed(client, role="media_partner") == set()
    assert listed(client, q="zebra", role="host") == {"Zebra Institute"}


def test_a_role_in_a_draft_is_not_told(client, zebra):
    event = EventFactory.create()
    event.organisers.add(EventOrganiser(organisation=zebra, role="sponsor"))
    event.save_revision()
    assert listed(client, role="sponsor") == set()


def test_an_organisation_has_a_page_in_each_language(client, zebra):
    organised((zebra, "host"), title=told("Réunion", "The hosted meeting"))
    hidden = EventFactory.create(title=told("Secret", "Secret draft"))
    hidden.organisers.add(EventOrganiser(organisation=zebra))
    hidden.save_revision()
    page = parse(client.get(f"{HERE}o-zeb/"))
    assert page.select_one("h1").get_text() == "Zebra Institute"
    assert "The hosted meeting" in page.select_one("section[aria-labelledby=role-host]").get_text()
    assert "Secret draft" not in page.get_text()
    facts = page.select_one(".facts").get_text(" ", strip=True)
    assert "University" in facts
    assert "Côte d’Ivoire" in facts
    french = client.get("/fr/organisations/o-zeb/")
    assert "Zèbre" in french.content.decode()
    spanish = parse(client.get("/es/organizaciones/o-zeb/"))
    assert spanish.select_one("h1 [lang=fr]").get_text() == "Zèbre"
    told_in = {link["hreflang"] for link in page.select("link[rel=alternate][hreflang]")}
    assert told_in == {"fr", "en", "x-default"}
    assert client.get(f"{HERE}nobody/").status_code == 404


def test_the_page_of_an_organisation_is_told_to_programs_and_where_its_link_is_shared(client, zebra):
    page = parse(client.get(HERE + "o-zeb/"))
    card = {tag["property"]: tag["content"] for tag in page.select("meta[property^='og:']")}
    assert (card["og:title"], card["og:image"][-4:]) == ("Zebra Institute", ".png")
    assert card["og:description"] == page.select_one("meta[name=description]")["content"]
    assert card["og:url"] == page.select_one("link[rel=canonical]")["href"]
    assert [where for _name, where in steps(page)] == ["/en/", HERE, HERE + "o-zeb/"]
    assert steps(page)[-1][0] == "Zebra Institute"


def test_a_new_address_leaves_a_redirect_and_two_never_share_one(client, zebra):
    zebra.slug = "zebra-institute"
    zebra.save()
    gone = client.get(f"{HERE}o-zeb/")
    assert (gone.status_code, gone.headers["Location"]) == (301, f"{HERE}zebra-institute/")
    other = OrganisationFactory(short_name="o zeb")
    assert other.slug not in ("o-zeb", "zebra-institute")


def test_found_gives_an_address_to_those_of_an_earlier_version(client, zebra):
    Organisation.objects.filter(pk=zebra.pk).update(slug=None)
    assert client.get(HERE).status_code == 200
    call_command("found", verbosity=0)
    assert client.get(f"{HERE}o-zeb/").status_code == 200


def test_search_leads_to_the_page_of_an_organisation(client, zebra):
    page = parse(client.get("/en/search/", {"q": "zebra"}))
    assert page.select_one(f"a[href='{HERE}o-zeb/']")


# -- the map


@pytest.mark.parametrize(
    ("where", "x", "y"), [((17.38, 78.47), 1314, 344), ((5.34, -4.01), 881, 426), ((60.17, 24.94), 1014, 77)]
)
def test_the_map_places_a_point_where_the_drawing_has_it(where, x, y):
    found = worldmap.place(*where)
    assert found == pytest.approx((x, y), abs=12)


def test_the_map_has_a_circle_a_country_and_one_for_what_has_coordinates(client, zebra, okapi):
    OrganisationFactory(short_name="O-ZEB2", country="CI")
    okapi.latitude, okapi.longitude = 5.6, -0.2
    okapi.save()
    page = parse(client.get(HERE, {"q": "o-"}))
    pins = {link["aria-label"]: link["href"] for link in page.select(".map a")}
    assert pins["Côte d’Ivoire: 2"] == f"{HERE}?q=o-&country=CI"
    assert pins["Okapi"] == f"{HERE}o-oka/"
    assert page.select(".directory li")  # the same stands beside it as a list


def test_every_country_of_the_real_world_has_a_place():
    for code in ("FR", "CI", "IN", "US", "BR", "FI", "ZA", "EG", "JP", "CR", "NZ"):
        x, y = worldmap.place(*worldmap.countries()[code])
        assert 0 < x < worldmap.WIDTH
        assert 0 < y < worldmap.HEIGHT


# -- merging


def pointing_at(pk):
    """Every row of any table that names an organisation, found by another way than the merging's own."""
    found = []
    for model in {field.model for field in Organisation._meta.related_objects for field in [field.field]}:
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Organisation:
                found += list(model._base_manager.filter(**{field.attname: pk}))
    return found


def test_merging_moves_every_link_and_revision(editor, zebra, okapi, client):
    first = organised((okapi, "host"))
    both = organised((zebra, "host"), (okapi, "host"), (okapi, "sponsor"))
    draft = EventFactory.create()
    draft.organisers.add(EventOrganiser(organisation=okapi, role="supporter"))
    draft.save_revision()
    agent = person("agent")
    Representative.objects.create(person=agent, organisation=okapi, starts_on=dt.date(2020, 1, 1))
    Representative.objects.create(
        person=agent, organisation=zebra, starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 1, 1)
    )
    with translation.override("en"):
        names = {move.name: move.number for move in what_moves(okapi)}
    assert names["Organisers"] == 3
    merge(zebra, okapi, editor)
    assert not Organisation.objects.filter(short_name="O-OKA").exists()
    assert not pointing_at(okapi.pk)
    assert [row.organisation for row in first.organisers.all()] == [zebra]
    assert sorted((row.organisation_id, row.role) for row in again(both).organisers.all()) == [
        (zebra.pk, "host"),
        (zebra.pk, "sponsor"),
    ]
    opened = Event.objects.get(pk=draft.pk).get_latest_revision_as_object()
    assert [(row.organisation, row.role) for row in opened.organisers.all()] == [(zebra, "supporter")]
    kind = ContentType.objects.get_for_model(Event)
    for revision in Revision.objects.filter(content_type=kind):
        assert okapi.pk not in [child["organisation"] for child in revision.content["organisers"]]
    again(both).get_latest_revision().publish()
    assert sorted(row.role for row in again(both).organisers.all()) == ["host", "sponsor"]
    kept = Representative.objects.get(person=agent)
    assert (kept.organisation, kept.starts_on, kept.ends_on) == (zebra, dt.date(2020, 1, 1), None)
    zebra.refresh_from_db()
    assert (zebra.url, zebra.country) == ("https://o.example/", "CI")
    gone = client.get(f"{HERE}o-oka/")
    assert (gone.status_code, gone.headers["Location"]) == (301, f"{HERE}o-zeb/")
    entry = ModelLogEntry.objects.get(action="regions.merge")
    assert (entry.object_id, entry.user, entry.data["short_name"]) == (str(zebra.pk), editor, "O-OKA")


def test_merging_again_keeps_the_oldest_addresses(editor, zebra, okapi, client):
    third = OrganisationFactory(short_name="O-THIRD")
    merge(zebra, okapi, editor)
    merge(third, Organisation.objects.get(pk=zebra.pk), editor)
    for slug in ("o-oka", "o-zeb"):
        assert client.get(f"{HERE}{slug}/").headers["Location"] == f"{HERE}o-third/"
    assert FormerAddress.objects.count() == 2


def test_merging_is_all_or_nothing(editor, zebra, okapi, monkeypatch):
    organised((okapi, "host"))

    def fails(kept):
        raise RuntimeError

    monkeypatch.setattr("regions.merging.after", [fails])
    with pytest.raises(RuntimeError):
        merge(zebra, okapi, editor)
    assert EventOrganiser.objects.get().organisation == okapi
    assert Organisation.objects.filter(pk=okapi.pk).exists()


def test_one_is_not_merged_into_itself(editor, zebra):
    with pytest.raises(ValidationError):
        merge(zebra, zebra, editor)
    assert Organisation.objects.filter(pk=zebra.pk).exists()


def test_every_table_that_names_an_organisation_is_known_to_the_merging():
    named = {(relation.field.model, relation.field.name) for relation in Organisation._meta.related_objects}
    hidden = {
        (relation.field.model, relation.field.name)
        for relation in Organisation._meta.get_fields(include_hidden=True)
        if relation.is_relation and relation.auto_created and not relation.concrete and not relation.many_to_many
    }
    assert {(model, field.name) for model, field in links()} >= named | hidden


def test_the_staff_read_what_moves_before_they_confirm(editor, zebra, okapi, client):
    organised((okapi, "host"))
    browsing = browser(editor)
    address = reverse("merge_organisation", args=[okapi.pk])
    assert "merge-organisation" in browsing.get(reverse("wagtailsnippets_regions_organisation:list")).content.decode()
    choice = browsing.get(address).content.decode()
    assert "O-ZEB" in choice
    confirm = browsing.get(address, {"kept": zebra.pk}).content.decode()
    assert "Organisers" in confirm
    assert Organisation.objects.filter(pk=okapi.pk).exists()  # looking changes nothing
    done = browsing.post(address, {"kept": zebra.pk})
    assert done.headers["Location"] == reverse("wagtailsnippets_regions_organisation:edit", args=[zebra.pk])
    history = browsing.get(reverse("wagtailsnippets_regions_organisation:history", args=[zebra.pk]))
    assert "O-OKA" in history.content.decode()
    assert "/admin/login/" in client.get(address).headers["Location"]


def test_who_may_not_delete_organisations_does_not_merge_them(awa, zebra, okapi):
    address = reverse("merge_organisation", args=[okapi.pk])
    assert browser(awa).get(address).status_code in (302, 403)
    assert browser(awa).post(address, {"kept": zebra.pk}).status_code in (302, 403)
    assert Organisation.objects.filter(pk=okapi.pk).exists()
