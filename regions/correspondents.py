"""Who the correspondents of a region are, as far as each of them lets the public know."""

import datetime as dt
from typing import Any, NamedTuple

from wagtail.images import get_image_model

from .mandates import reach
from .models import Mandate, Profile, Region


class Correspondent(NamedTuple):
    """Somebody in charge, by role or by name: ``name`` and ``photo`` only if they chose so."""

    person: Any
    region: Region
    name: str
    photo: Any
    languages: list[str]


def mandates_for(region: Region) -> list[Mandate]:
    """The mandates that hold now for a region, by themselves or as a part of a wider one."""
    current = Mandate.objects.current().filter(person__is_active=True).select_related("region", "person")
    return [held for held in current if held.region_id == region.pk or region.pk in reach([held])]


def correspondents_of(region: Region) -> list[Correspondent]:
    """Each person once, nearest mandate first, with all the languages they answer in; in few queries."""
    held = sorted(mandates_for(region), key=lambda mandate: (mandate.region_id != region.pk, mandate.pk))
    profiles = {
        profile.person_id: profile
        for profile in Profile.objects.filter(person__in={mandate.person_id for mandate in held}).select_related(
            "person"
        )
    }
    pictures = {
        picture.pk: picture
        for picture in get_image_model().objects.filter(
            pk__in=[profile.photo_id for profile in profiles.values() if profile.shown_name and profile.photo_id]
        )
    }
    found: dict[int, Correspondent] = {}
    for mandate in held:
        known = found.get(mandate.person_id)
        if known is not None:
            known.languages.extend(code for code in mandate.languages if code not in known.languages)
            continue
        profile = profiles.get(mandate.person_id)
        name = profile.shown_name if profile else ""
        photo = pictures.get(profile.photo_id) if profile and name and profile.photo_id else None
        found[mandate.person_id] = Correspondent(mandate.person, mandate.region, name, photo, list(mandate.languages))
    return list(found.values())


def changes(region: Region) -> list[dt.datetime]:
    """When this list will be another one by the clock alone: mandates that begin or end."""
    living = Mandate.objects.living().values_list("begins_at", "expires_at")
    return [instant for pair in living for instant in pair]
