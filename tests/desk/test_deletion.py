"""Deleting what others refer to."""

import pytest
from django.urls import reverse

from events.models import EventOrganiser, Series
from pages.models import Edition
from regions.models import Organisation
from tests.factories import EventFactory, ObjectiveFactory, OrganisationFactory, RegionFactory, told

pytestmark = pytest.mark.django_db


def test_an_organisation_that_hosts_an_event_is_not_deleted_but_explained(desk):
    host = OrganisationFactory(name=told("Hôte", "The host"))
    event = EventFactory.create()
    event.organisers.add(EventOrganiser(organisation=host, role="host"))
    event.save()
    page = desk.post(reverse("wagtailsnippets_regions_organisation:delete", args=[host.pk]), follow=True)
    assert "The host" in page.content.decode()
    assert "in use" in page.content.decode()
    assert Organisation.objects.filter(pk=host.pk).exists()


def test_a_series_or_a_goal_in_use_is_not_deleted_either(desk):
    series = Series.objects.create(code="fora", name=told("Forums"))
    EventFactory.create(series=series, ordinal=1)
    objective = ObjectiveFactory()
    for address in (reverse("series:delete", args=[series.pk]), reverse("goals:delete", args=[objective.goal_id])):
        assert "in use" in desk.post(address, follow=True).content.decode()
    assert Series.objects.filter(pk=series.pk).exists()


def test_a_draft_opens_after_what_it_refers_to_has_been_deleted(desk):
    event = EventFactory.published()
    event.series = Series.objects.create(code="fora", name=told("Forums"))
    event.parent = EventFactory.create()
    host = OrganisationFactory()
    event.organisers.add(EventOrganiser(organisation=host, role="host"))
    event.regions.add(region := RegionFactory())
    event.save_revision()
    for row in (event.series, event.parent, host, region):
        row.delete()
    form = desk.get(reverse("wagtailsnippets_events_event:edit", args=[event.pk]))
    assert form.status_code == 200
    assert desk.get(reverse("wagtailsnippets_events_event:history", args=[event.pk])).status_code == 200
    compare = reverse("wagtailsnippets_events_event:revisions_compare", args=[event.pk, "live", "latest"])
    assert desk.get(compare).status_code == 200


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("colleges", {"code": "ngo", "name_0": "ONG", "sort_order": "1"}),
        ("goals", {"code": "Z", "title_0": "But"}),
        ("facilities", {"code": "x1", "kind": "core", "title_0": "Plateforme"}),
        ("series", {"code": "fora", "name_0": "Forums"}),
    ],
)
def test_what_feeds_show_opens_a_new_edition_when_it_changes(desk, name, sent):
    edition = Edition.now
    before = edition()
    assert desk.post(reverse(f"{name}:add"), sent).status_code == 302
    added = edition()
    assert added > before
    (row,) = (row for row in desk.get(reverse(f"{name}:index")).context["object_list"] if row.code == sent["code"])
    desk.post(reverse(f"{name}:edit", args=[row.pk]), sent)
    edited = edition()
    assert edited > added
    desk.post(reverse(f"{name}:delete", args=[row.pk]))
    assert edition() > edited


def test_a_region_or_organisation_that_is_renamed_opens_a_new_edition():
    region, organisation = RegionFactory(), OrganisationFactory()
    for row in (region, organisation):
        before = Edition.now()
        row.name = told("Autrement", "Differently")
        row.save()
        assert Edition.now() > before
