"""Regions and organisations in the admin."""

import pytest
from django.urls import reverse

from regions.models import Region
from tests.factories import OrganisationFactory, RegionFactory, told

pytestmark = pytest.mark.django_db


def test_a_regions_code_stays_once_it_is_given(desk):
    region = RegionFactory(code="WEST")
    sent = {
        "code": "EAST",
        "name_0": "Ouest",
        "default_timezone": "Africa/Abidjan",
        "sort_order": "1",
        "countries-TOTAL_FORMS": "1",
        "countries-INITIAL_FORMS": "0",
        "countries-0-country": "CI",
        "countries-0-id": "",
    }
    answer = desk.post(reverse("wagtailsnippets_regions_region:edit", args=[region.pk]), sent)
    assert answer.status_code == 302
    kept = Region.objects.get(pk=region.pk)
    assert (kept.code, kept.name.localize("fr")) == ("WEST", "Ouest")
    assert [row.country for row in kept.countries.all()] == ["CI"]


@pytest.mark.parametrize("asked", ["ecole", "ÉCOLE", "school"])
def test_an_organisation_is_found_by_any_of_its_names_without_accents(desk, asked):
    OrganisationFactory(short_name="ENSA", name=told("École d’agronomie", "School of agronomy"))
    OrganisationFactory(short_name="OTHER")
    found = desk.get(reverse("wagtailsnippets_regions_organisation:list"), {"q": asked}).context["object_list"]
    assert [one.short_name for one in found] == ["ENSA"]
