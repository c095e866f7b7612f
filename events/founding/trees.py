"""The page trees: one home per language with its rooms below, translations of each other."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site
from wagtail.rich_text import RichText

from events.models import AgendaPage
from pages.landmarks import FOUNDATION, key
from pages.models import HomePage, SearchPage, StandardPage
from regions.models import OrganisationsPage, Region, RegionIndexPage, RegionPage

from . import words
from .words import Words

ROOMS: list[tuple[str, type[Page], Words]] = [
    ("agenda", AgendaPage, words.AGENDA),
    ("regions", RegionIndexPage, words.REGIONS),
    ("organisations", OrganisationsPage, words.ORGANISATIONS),
    ("search", SearchPage, words.SEARCH),
    ("privacy", StandardPage, words.PRIVACY),
    ("accessibility", StandardPage, words.ACCESSIBILITY),
]
IN_MENUS = {"agenda", "regions", "organisations"}


def plant() -> list[str]:
    """Make what is missing of the trees; what is there stays as the editors left it.

    Returns the names of what was made, none when nothing was missing.
    """
    made = []
    locales = {code: _locale(code) for code, _name in settings.LANGUAGES}
    present = {
        (page.translation_key, page.locale_id): page
        for page in Page.objects.filter(
            translation_key__in=[key("home"), *(key(name) for name, _model, _words in ROOMS)]
        )
    }
    root = Page.objects.get(depth=1)
    for code, locale in locales.items():
        home = present.get((key("home"), locale.pk))
        if home is None:
            home = _add(root, HomePage, "home", words.HOME, code, locale, introduction=words.INTRODUCTION[code])
            made.append(home.title)
        for name, model, said in ROOMS:
            if (key(name), locale.pk) not in present:
                made.append(_add(home, model, name, said, code, locale).title)
    _open_site()
    return made


def homes() -> dict[str, HomePage]:
    """The home page of each language."""
    found = HomePage.objects.filter(translation_key=key("home")).select_related("locale")
    return {home.locale.language_code: home for home in found}


@transaction.atomic
def tell_region(region: Region) -> list[RegionPage]:
    """Make the page of a region in each language that has a page of all regions; returns those made.

    All at once: what follows a publication finds every language there already.
    """
    present = set(RegionPage.objects.filter(region=region).values_list("locale_id", flat=True))
    shared = RegionPage.objects.filter(region=region).values_list("translation_key", flat=True).first()
    made = []
    for above in RegionIndexPage.objects.select_related("locale").order_by("pk"):
        if above.locale_id not in present:
            page = RegionPage(  # its slug comes from the title
                region=region,
                title=region.name.localize(above.locale.language_code),
                locale=above.locale,
                translation_key=shared or uuid.uuid5(FOUNDATION, f"region {region.code}"),
            )
            above.add_child(instance=page)
            page.save_revision().publish()
            made.append(page)
    return made


def clear_welcome() -> bool:
    """Take away the page that Wagtail greets with; True if it was there."""
    welcome = Page.objects.filter(
        depth=2, slug="home", content_type__app_label="wagtailcore", content_type__model="page"
    ).first()
    if welcome is None:
        return False
    welcome.delete()
    return True


def _locale(code: str) -> Locale:
    return Locale.objects.get_or_create(language_code=code)[0]


def _add(above: Page, model: type[Page], name: str, said: Words, code: str, locale: Locale, **more: Any) -> Page:
    text = {"body": [("text", RichText(said.text[code]))]} if said.text else {}
    page = model(
        title=said.title[code],
        slug=said.slug[code],
        locale=locale,
        translation_key=key(name),
        show_in_menus=name in IN_MENUS,
        **text,
        **more,
    )
    above.add_child(instance=page)
    page.save_revision().publish()
    return page


def _open_site() -> None:
    """Point the site at the home in the source language and at the address in the settings."""
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    home = homes()[settings.LANGUAGE_CODE]
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    wanted = {"hostname": address.hostname or "localhost", "port": port, "root_page_id": home.pk}
    if site.pk and all(getattr(site, name) == value for name, value in wanted.items()):
        return
    for name, value in wanted.items():
        setattr(site, name, value)
    site.site_name = site.site_name or settings.WAGTAIL_SITE_NAME
    site.save()
